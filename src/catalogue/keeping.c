/* keeping.c: terms for personal data, in force now. */
#include "catalogue/keeping.h"
#include "catalogue/edition.h"

RECORD_DEFINE(keeping, KEEPING)

#define X(name, word, usual, least, zh, en) word,
const char *const keep_words[] = { KEEPING_TABLE(X) NULL };
#undef X
#define X(name, word, usual, least, zh, en) { usual, least, { zh, en } },
static const struct { int64_t usual, least; struct msg since; } terms[] = { KEEPING_TABLE(X) };
#undef X

int64_t keep_least_days(enum term k)
{
    return terms[k].least;
}

struct msg keep_since(enum term k)
{
    return terms[k].since;
}

struct str keepings_usual_csv(struct arena *a)
{
    struct buf b = buf_in(a, 1 << 10);
    buf_add(&b, STR("what,days,basis,basis_en\n"));
    for (size_t i = 0; i < KEEP_COUNT; i++)
        buf_fmt(&b, "%s,%lld,,\n", keep_words[i], (long long)terms[i].usual);
    return buf_str(&b);
}

enum term keep_by_word(struct str word)
{
    for (size_t i = 0; i < KEEP_COUNT; i++)
        if (str_is(word, keep_words[i]))
            return (enum term)i;
    return KEEP_COUNT;
}

enum err keepings_read(struct db *db, struct arena *a, int64_t now_ms, struct keepings *ret)
{
    struct str csv;
    struct faults f = faults_in(a);
    *ret = (struct keepings){ .version = 0 };
    for (size_t i = 0; i < KEEP_COUNT; i++)
        ret->days[i] = terms[i].usual;
    enum err e = edition_current(db, a, STR("keeping"), now_ms, &csv, &ret->version);
    if (e == E_MISSING)
        return OK;
    TRY(e);
    struct sheet s = sheet_read(a, &keeping_record, csv, &f);
    const struct keeping *row = s.rows.p;
    for (size_t i = 0; i < s.rows.n; i++) {
        enum term k = keep_by_word(row[i].what);
        CHECK(k < KEEP_COUNT);
        ret->days[k] = row[i].days;
    }
    return OK;
}
