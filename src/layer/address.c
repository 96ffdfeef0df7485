/* address.c: places by their words. A word is looked up in the order of words: what begins with it
 * stands behind it, and what it begins with stands right before it or before their common
 * beginning. That takes a few steps on an ordinary index of either database. */
#include "layer/address.h"

RECORD_DEFINE(address, ADDRESS)

SQL_READS(by_code, "address.by_code",
    "SELECT code, kind, name, address, lon, lat FROM place WHERE code = $1");
#define FOUND(X, R) X(R, BYTES, word, 0, 0, 0, NULL, "") X(R, STR, code, 0, 0, 0, NULL, "")
RECORD(address_word, FOUND)
RECORD_DEFINE(address_word, FOUND)
SQL_READS(words_from, "address.words_from",
    "SELECT word, code FROM place_word WHERE word >= $1 AND word < $2 ORDER BY word, code LIMIT 20");
SQL_READS(word_before, "address.word_before",
    "SELECT word, code FROM place_word WHERE word <= $1 ORDER BY word DESC, code DESC LIMIT 1");
SQL_SCANS(any, "address.any", "SELECT COUNT(*) FROM (SELECT code FROM place LIMIT 1) p");
SQL_WRITES(words_drop, "address.words_drop", "DELETE FROM place_word WHERE code = $1");
SQL_WRITES(place_drop, "address.drop", "DELETE FROM place WHERE code = $1");
SQL_WRITES(place_add, "address.add",
    "INSERT INTO place (code, kind, name, address, lon, lat) VALUES ($1, $2, $3, $4, $5, $6)");
SQL_WRITES(word_add, "address.word_add", "INSERT INTO place_word (word, code) VALUES ($1, $2)");
SQL_EMPTIES(words_clear, "address.words_clear", "DELETE FROM place_word");
SQL_EMPTIES(places_clear, "address.clear", "DELETE FROM place");
const struct sql *const address_find_statements[] = { &by_code, &words_from, &word_before, &any };
const size_t address_find_statements_n = COUNT_OF(address_find_statements);
const struct sql *const address_store_statements[] = { &words_drop, &place_drop, &place_add,
    &word_add, &words_clear, &places_clear };
const size_t address_store_statements_n = COUNT_OF(address_store_statements);

/* Words ------------------------------------------------------------------------------------ */

/* One spelling: without blanks and hyphens, full-width letters and digits as plain ones, small. */
static struct str plain(struct arena *a, struct str text)
{
    struct buf b = buf_in(a, text.n + 1);
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = str_next(text, &at);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '-' || c == 0x3000 || c == ',')
            continue;
        if (c < 0x80)
            buf_byte(&b, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
        else
            buf_add(&b, (struct str){ text.p + from, at - from });
    }
    return buf_str(&b);
}

static bool cut_front(struct str *s, struct str front)
{
    if (front.n == 0 || s->n <= front.n || !str_starts(*s, front))
        return false;
    *s = (struct str){ s->p + front.n, s->n - front.n };
    return true;
}

/* 江苏省 and the like: up to five characters that end so. */
static void cut_province(struct str *s)
{
    ptrdiff_t end = str_find(str_head(*s, 6), STR("省"));
    if (end > 0)
        *s = (struct str){ s->p + end + strlen("省"), s->n - (size_t)end - strlen("省") };
}

/* Without the divisions that an address begins with. */
static struct str local_part(const struct catalogue *c, struct str s)
{
    const struct division *divs = catalogue_divisions(c).p;
    size_t n = catalogue_divisions(c).n;
    cut_province(&s);
    for (int round = 0; round < 5; round++) {
        bool cut = false;
        for (size_t i = 0; i < n && !cut; i++)
            cut = cut_front(&s, divs[i].name);
        if (!cut)
            break;
    }
    return s;
}

/* What makes a word worth finding: three characters, or two that are not figures. */
static bool is_telling(struct str word)
{
    return str_chars(word) > ADDRESS_CHARS_LEAST;
}

/* Import ----------------------------------------------------------------------------------- */

static struct str kind_of(struct str said)
{
    static const struct { const char *part, *kind; } words[] = { { "dwelling", "dwelling" },
        { "site", "site" }, { "address", "address" }, { "住", "dwelling" }, { "小区", "dwelling" },
        { "楼", "dwelling" }, { "房", "dwelling" }, { "门牌", "address" }, { "地址", "address" } };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_find(said, str_c(words[i].part)) >= 0)
            return str_c(words[i].kind);
    return said.n ? STR("site") : STR("address");
}

struct checking { const struct catalogue *c; struct arena *a; const struct features *f;
    struct address_plan *plan; };

static bool bad(struct checking *k, size_t i, const char *field, struct msg m, struct str arg)
{
    fault_add(&k->plan->faults, k->f->at[i].row, field, m, arg);
    return false;
}

static bool point_of(struct checking *k, size_t i, struct geo_point *ret)
{
    const struct rough *r = &k->f->at[i].rough;
    struct err_info info = { .e = OK };
    struct mended mended;
    struct shape s;
    struct place p;
    if (r->kind == ROUGH_POINT && r->point_count == 1)
        *ret = r->at[0];
    else if (rough_mend(k->a, r, &mended, &s, &info) == OK)
        *ret = shape_centre(&s);
    else
        return bad(k, i, "shape", (struct msg){ info.zh, info.en }, STR_NONE);
    if (!geo_point_ok(*ret) || !catalogue_locate(k->c, ret->lon, ret->lat, &p))
        return bad(k, i, "shape", MSG("这个点不在任何网格内，请核对坐标或先导入网格",
            "The point lies in no grid; check it, or import grids first"), STR_NONE);
    return true;
}

static bool check_row(struct checking *k, size_t i, struct address *ret)
{
    const struct feature *f = &k->f->at[i];
    struct geo_point at;
    *ret = (struct address){ .code = f->values[FIELD_CODE], .name = f->values[FIELD_NAME],
        .address = f->values[FIELD_ADDRESS], .kind = kind_of(f->values[FIELD_KIND]) };
    if (f->fault)
        return bad(k, i, f->fault->field, (struct msg){ f->fault->zh, f->fault->en }, STR_NONE);
    if (f->misplaced)
        return false;
    if (ret->code.n == 0 || str_chars(ret->code) > 40)
        return bad(k, i, "code", MSG("缺少编码，或超过 40 字", "The code is missing, or over 40"
            " characters long"), STR_NONE);
    if (ret->name.n + ret->address.n == 0 || str_chars(ret->name) > 60
        || str_chars(ret->address) > 200)
        return bad(k, i, "address", MSG("应有名称(60 字内)或地址(200 字内)",
            "It needs a name (up to 60 characters) or an address (up to 200)"), STR_NONE);
    ret->name = ret->name.p ? ret->name : STR("");
    ret->address = ret->address.p ? ret->address : STR("");
    if (!point_of(k, i, &at))
        return false;
    ret->lon = at.lon;
    ret->lat = at.lat;
    return true;
}

static const struct shape *nowhere(void *ctx, size_t i)
{
    (void)ctx, (void)i;
    return NULL;
}

static uint64_t hash_of(struct str s)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

/* Position in seen of the code's first row, or where it would be. */
static size_t *slot_of(const struct address_plan *p, size_t *seen, size_t mask, struct str code)
{
    size_t i = (size_t)hash_of(code) & mask;
    while (seen[i] && !str_eq(p->rows[seen[i] - 1].code, code))
        i = (i + 1) & mask;
    return &seen[i];
}

enum err addresses_check(const struct catalogue *c, struct arena *a, const struct features *f,
    struct str crs, struct address_plan *ret, struct err_info *info)
{
    size_t mask = 1023;
    while (mask < f->n * 2)
        mask = mask * 2 + 1;
    *ret = (struct address_plan){ .rows = NEW_N(a, struct address, f->n + 1),
        .faults = faults_in(a) };
    struct checking k = { c, a, f, ret };
    size_t *seen = NEW_N(a, size_t, mask + 1);
    TRY(features_place(f, crs, (struct yardstick){ nowhere, NULL }, &ret->placing, &ret->faults,
        info));
    for (size_t i = 0; i < f->n; i++) {
        struct address *to = &ret->rows[ret->n];
        if (!check_row(&k, i, to)) {
            ret->bad++;
            continue;
        }
        size_t *slot = slot_of(ret, seen, mask, to->code);
        if (*slot) {
            ret->bad++;
            (void)bad(&k, i, "code", MSG("编码 %s 重复", "Code %s is used twice"), to->code);
            continue;
        }
        *slot = ++ret->n;
    }
    return OK;
}

static enum err store_words(struct db *db, const struct catalogue *c, const struct address *r)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    struct str address = local_part(c, plain(&a, r->address)), name = plain(&a, r->name);
    enum err e = OK;
    if (is_telling(address))
        e = db_exec(db, &word_add, ARGS(B(address), S(r->code)), NULL);
    if (e == OK && is_telling(name) && !str_eq(name, address))
        e = db_exec(db, &word_add, ARGS(B(name), S(r->code)), NULL);
    arena_free(&a);
    return e;
}

enum err addresses_store(struct db *db, const struct catalogue *c, const struct address_plan *p,
    bool part)
{
    if (!part) {
        TRY(db_exec(db, &words_clear, NO_ARGS, NULL));
        TRY(db_exec(db, &places_clear, NO_ARGS, NULL));
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct address *r = &p->rows[i];
        if (part) {
            TRY(db_exec(db, &words_drop, ARGS(S(r->code)), NULL));
            TRY(db_exec(db, &place_drop, ARGS(S(r->code)), NULL));
        }
        TRY(db_exec(db, &place_add, ARGS(S(r->code), S(r->kind), S(r->name), S(r->address),
            F(r->lon), F(r->lat)), NULL));
        TRY(store_words(db, c, r));
    }
    return OK;
}

/* Lookup ----------------------------------------------------------------------------------- */

static size_t common_bytes(struct str a, struct str b)
{
    size_t n = 0, whole = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    while (whole < n) {
        size_t next = whole;
        (void)str_next(a, &next);
        if (next > n)
            break;
        whole = next;
    }
    return whole;
}

/* The longest word that text begins with; E_MISSING when there is none. */
static enum err word_begun(struct db *db, struct arena *a, struct str text,
    struct address_word *ret)
{
    while (is_telling(text)) {
        TRY(db_one(db, a, &word_before, ARGS(B(text)), &address_word_record, ret));
        size_t n = common_bytes(text, ret->word);
        if (n == ret->word.n)
            return OK;
        text.n = n;
    }
    return E_MISSING;
}

/* A number that goes on is another one: 12号 is not the beginning of 12号 by chance, but 观前街1
 * is not the beginning of 观前街12号. */
static bool cuts_number(struct str text, struct str word)
{
    char last = word.p[word.n - 1], next = text.n > word.n ? text.p[word.n] : ' ';
    return last >= '0' && last <= '9' && next >= '0' && next <= '9';
}

static enum err take(struct db *db, struct arena *a, struct str code, struct address *rows,
    size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(rows[i].code, code))
            return OK;
    TRY(db_one(db, a, &by_code, ARGS(S(code)), &address_record, &rows[*n]));
    ++*n;
    return OK;
}

enum err addresses_find(struct db *db, const struct catalogue *c, struct arena *a, struct str text,
    size_t max, struct list *ret)
{
    struct str word = local_part(c, plain(a, text));
    struct address *rows = NEW_N(a, struct address, max + 1);
    struct address_word begun;
    struct list words = { NULL, 0 };
    size_t n = 0;
    *ret = (struct list){ rows, 0 };
    if (str_chars(word) < ADDRESS_CHARS_LEAST)
        return OK;
    struct str after = arena_fmt(a, "%.*s\xff", STR_FMT(word));
    TRY(db_rows(db, a, &words_from, ARGS(B(word), B(after)), &address_word_record,
        ADDRESSES_FOUND_MAX, &words));
    for (size_t i = 0; i < words.n && n < max; i++)
        TRY(take(db, a, ((const struct address_word *)words.p)[i].code, rows, &n));
    enum err e = word_begun(db, a, word, &begun);
    if (e == OK && n < max && !cuts_number(word, begun.word))
        e = take(db, a, begun.code, rows, &n);
    ret->n = n;
    return e == E_MISSING ? OK : e;
}

enum { TEXT_CHARS_MAX = 60 };

enum err address_in_text(struct db *db, const struct catalogue *c, struct arena *a,
    struct str text, struct address *ret)
{
    int64_t some = 0;
    struct address_word found, best = { .word = STR_NONE };
    TRY(db_number(db, &any, NO_ARGS, &some));
    struct str rest = some ? str_head(local_part(c, plain(a, text)), TEXT_CHARS_MAX) : STR_NONE;
    while (rest.n) {
        enum err e = word_begun(db, a, rest, &found);
        if (e == OK && found.word.n > best.word.n && !cuts_number(rest, found.word))
            best = found;
        if (e != OK && e != E_MISSING)
            return e;
        size_t next = 0;
        (void)str_next(rest, &next);
        rest = (struct str){ rest.p + next, rest.n - next };
    }
    return best.word.n ? db_one(db, a, &by_code, ARGS(S(best.code)), &address_record, ret)
        : E_MISSING;
}
