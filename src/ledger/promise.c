/* promise.c: signed promises. */
#include "ledger/promise.h"

enum { SECOND_MS = 1000, PROMISE_BYTES_MAX = 1024 };
static const char promise_head[] = "fengqiao promise v1";

struct str promise_make(struct arena *a, const struct node_keys *k, const struct promise *p)
{
    struct buf b = buf_in(a, PROMISE_BYTES_MAX);
    CHECK(p->number.n > 0 && p->at_ms >= 0 && p->log_by_ms >= p->at_ms);
    buf_fmt(&b, "%s\n%s\n%.*s\n", promise_head, k->name, STR_FMT(p->number));
    buf_base64(&b, hash_str(&p->entry_hash));
    buf_byte(&b, '\n');
    clock_write_iso(&b, p->at_ms - p->at_ms % SECOND_MS);
    buf_byte(&b, '\n');
    int64_t up_ms = p->log_by_ms + SECOND_MS - 1;
    clock_write_iso(&b, up_ms - up_ms % SECOND_MS);
    buf_byte(&b, '\n');
    return note_sign(a, k, buf_str(&b));
}

bool promise_open(struct arena *a, struct str note, const struct note_key *key, struct promise *ret)
{
    struct str text, hash, rest;
    struct promise p;
    if (!note_open(a, note, key, &text) || !str_is(str_cut(text, '\n', &rest), promise_head))
        return false;
    if (!str_eq(str_cut(rest, '\n', &rest), key->name))
        return false;
    p.number = str_cut(rest, '\n', &rest);
    if (p.number.n == 0 || !base64_decode(a, str_cut(rest, '\n', &rest), &hash) || hash.n != HASH_BYTES)
        return false;
    memcpy(p.entry_hash.b, hash.p, HASH_BYTES);
    if (!clock_parse(str_cut(rest, '\n', &rest), &p.at_ms)
        || !clock_parse(str_cut(rest, '\n', &rest), &p.log_by_ms) || rest.n != 0)
        return false;
    *ret = p;
    return true;
}
