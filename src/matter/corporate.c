/* corporate.c: see corporate.h. */
#include "matter/corporate.h"

RECORD_DEFINE(corporate, CORPORATE)

#define PERSON_KEY(X, R) \
    X(R, I64, person, 0, 0, 0, NULL, "") X(R, BYTES, data_key, 0, 0, 0, NULL, "") \
    X(R, BYTES, details, 0, 0, 0, NULL, "")
RECORD(person_key, PERSON_KEY)
RECORD_DEFINE(person_key, PERSON_KEY)

SQL_READS(KEY_OF, "corporate.key",
    "SELECT r.person, p.data_key, p.details FROM reporter r JOIN person p ON p.area = r.area AND p.id = r.person"
    " WHERE r.area = $1 AND r.matter = $2 AND r.no = $3");
SQL_WRITES(DETAILS_PUT, "corporate.put",
    "UPDATE person SET details = $3 WHERE area = $1 AND id = $2");
const struct sql *const corporate_statements[] = { &KEY_OF, &DETAILS_PUT };
const size_t corporate_statements_n = COUNT_OF(corporate_statements);

/* The characters of GB 32100-2015, table 3, in the order of their values. */
static const char code_chars[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int value_of(char c)
{
    const char *at = c ? strchr(code_chars, c) : NULL;
    return at ? (int)(at - code_chars) : -1;
}

enum err credit_code_check(struct cx *cx, const char *field, struct str code)
{
    enum { CHARS = 18, BASE = 31 };
    int sum = 0, weight = 1;
    bool good = code.n == CHARS;
    for (size_t i = 0; good && i < CHARS - 1; i++) {
        int value = value_of(code.p[i]);
        good = value >= 0;
        sum += value * weight;
        weight = weight * 3 % BASE;
    }
    if (good && value_of(code.p[CHARS - 1]) == (BASE - sum % BASE) % BASE)
        return OK;
    return cx_fail(cx, E_INPUT, field, MSG("统一社会信用代码是 18 位数字和大写字母，最后一位是校验码，"
        "请对照营业执照核对", "A unified social credit code has 18 digits and capitals, the last a check;"
        " compare it with the licence"));
}

struct str credit_code_plain(struct arena *a, struct str code)
{
    struct str wide = STR("　");
    struct buf b = buf_in(a, code.n + 1);
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (str_starts((struct str){ code.p + i, code.n - i }, wide))
            i += wide.n - 1;
        else if (c != ' ' && c != '\t')
            buf_byte(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return buf_str(&b);
}

enum err corporate_add(struct cx *cx, const struct matter *m, int64_t no,
    struct corporate *o)
{
    struct person_key row;
    struct seal_key key;
    TRY(db_one(cx->db, cx->a, &KEY_OF, ARGS(I(m->area), I(m->id), I(no)), &person_key_record,
        &row));
    TRY(seal_key_open(cx->keys, row.person, row.data_key, &key));
    struct corporate had = corporate_open(cx, &key, row.details);
    seal_key_wipe(&key);
    o->credit_code = o->credit_code.n ? o->credit_code : had.credit_code;
    o->seat = o->seat.n ? o->seat : had.seat;
    o->head = o->head.n ? o->head : had.head;
    o->head_post = o->head_post.n ? o->head_post : had.head_post;
    return corporate_put(cx, m, no, o);
}

enum err corporate_put(struct cx *cx, const struct matter *m, int64_t no,
    const struct corporate *o)
{
    struct person_key row;
    struct seal_key key;
    struct buf text = buf_in(cx->a, 1 << 14);
    TRY(db_one(cx->db, cx->a, &KEY_OF, ARGS(I(m->area), I(m->id), I(no)),
        &person_key_record, &row));
    TRY(seal_key_open(cx->keys, row.person, row.data_key, &key));
    record_to_json(&text, &corporate_record, o);
    struct str sealed = seal_field(cx->a, cx->rand, &key, "details", buf_str(&text));
    seal_key_wipe(&key);
    return db_exec(cx->db, &DETAILS_PUT, ARGS(I(m->area), I(row.person), B(sealed)), NULL);
}

struct corporate corporate_open(struct cx *cx, const struct seal_key *key,
    struct str details)
{
    struct corporate o, none = { STR(""), STR(""), STR(""), STR("") };
    struct err_info info = { 0 };
    struct str text;
    if (details.p == NULL || seal_open(cx->a, key, "details", details, &text) != OK
        || record_from_json(cx->a, &corporate_record, text, &o, &info) != OK)
        return none;
    return o;
}
