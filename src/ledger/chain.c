/* chain.c: see chain.h. */
#include "ledger/chain.h"

static const struct hash start;

struct str chain_start(void)
{
    return hash_str(&start);
}

struct hash chain_hash(struct str text, struct str prev)
{
    return hash_sha256_2(text, prev);
}

void chain_read(struct chain_run *c, int64_t of, int64_t no, struct str text, struct str prev,
    struct str hash)
{
    if (of != c->of) {
        c->of = of;
        c->no = 0;
        c->hash = start;
    }
    struct hash h = chain_hash(text, prev);
    bool fits = no == ++c->no && str_eq(prev, hash_str(&c->hash)) && str_eq(hash, hash_str(&h));
    if (!fits && c->bad_no == 0) {
        c->bad_of = of;
        c->bad_no = no;
    }
    c->hash = h;
    c->lines++;
}
