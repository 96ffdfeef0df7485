/* words.c: what a message says and where it goes, worked out when it is sent. */
#include "outbox/outbox.h"
#include "crypto/code.h"
#include "crypto/seal.h"

#define SEALED_PHONE(X, R) \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "") X(R, BYTES, phone, 0, 0, 0, NULL, "")
RECORD(sealed_phone, SEALED_PHONE)
RECORD_DEFINE(sealed_phone, SEALED_PHONE)
#define DUTY_PHONE(X, R) X(R, STR, phone, 0, 0, 0, NULL, "")
RECORD(duty_phone, DUTY_PHONE)
RECORD_DEFINE(duty_phone, DUTY_PHONE)

SQL_READS(OF_PERSON, "outbox.of_person",
    "SELECT data_key, phone FROM person WHERE area = $1 AND id = $2");
SQL_READS(OF_ACCOUNT, "outbox.of_account",
    "SELECT phone FROM account WHERE id = $1 AND disabled = 0");
const struct sql *const outbox_words_statements[] = { &OF_PERSON, &OF_ACCOUNT };
const size_t outbox_words_statements_n = COUNT_OF(outbox_words_statements);

static enum err phone_of_person(struct db *db, struct arena *a, const struct node_keys *k,
    const struct outbox_row *row, struct str *ret)
{
    struct sealed_phone sealed;
    struct seal_key key;
    TRY(db_one(db, a, &OF_PERSON, ARGS(I(row->area), I(row->person)), &sealed_phone_record,
        &sealed));
    if (sealed.data_key.n == 0 || sealed.phone.n == 0)
        return E_MISSING;
    TRY(seal_key_open(k, row->person, sealed.data_key, &key));
    enum err e = seal_open(a, &key, "phone", sealed.phone, ret);
    seal_key_wipe(&key);
    return e;
}

enum err outbox_telephone(struct db *db, struct arena *a, const struct node_keys *k,
    const struct outbox_row *row, struct str *ret)
{
    struct duty_phone duty;
    if (row->person)
        return phone_of_person(db, a, k, row, ret);
    TRY(db_one(db, a, &OF_ACCOUNT, ARGS(I(row->account)), &duty_phone_record, &duty));
    *ret = duty.phone;
    return ret->n ? OK : E_MISSING;
}

/* NULL: a newer server's. */
static const struct told_row *kind_of(const struct outbox_row *row)
{
    for (size_t i = 0; i < TOLD_COUNT; i++)
        if (str_is(row->kind, told_table[i].word))
            return &told_table[i];
    return NULL;
}

struct str outbox_text(struct arena *a, const struct node_keys *k, const struct outbox_row *row,
    const char *site)
{
    const struct told_row *kind = kind_of(row);
    if (kind == NULL)
        return STR_NONE;
    struct code_number number = code_number_make(k, (uint32_t)row->area, row->matter);
    struct str words = str_c(str_is(row->lang, "en") ? kind->text.en : kind->text.zh), rest;
    struct str first = str_cut(words, '%', &rest), base = site ? str_c(site) : STR("");
    struct buf b = buf_in(a, 2000);
    buf_fmt(&b, "%.*s%s%.*s", STR_FMT(first), number.text, (int)rest.n - 1, rest.p + 1);
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    if (base.n)
        buf_fmt(&b, " %.*s%s", STR_FMT(base), kind->staff ? "/desk/" : "/m/receipt");
    return buf_str(&b);
}
