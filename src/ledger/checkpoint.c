/* checkpoint.c: https://c2sp.org/tlog-checkpoint. */
#include "ledger/checkpoint.h"

struct str checkpoint_body(struct arena *a, const struct checkpoint *c)
{
    CHECK(c->size < UINT64_C(1) << MERKLE_LEVELS && c->origin.n > 0);
    struct buf b = buf_in(a, NOTE_BYTES_MAX);
    buf_add(&b, c->origin);
    buf_byte(&b, '\n');
    buf_i64(&b, (int64_t)c->size);
    buf_byte(&b, '\n');
    buf_base64(&b, hash_str(&c->root));
    buf_byte(&b, '\n');
    buf_add(&b, c->extension);
    return buf_str(&b);
}

static bool size_parse(struct str s, uint64_t *ret)
{
    int64_t v;
    if (!str_to_i64(s, &v) || v < 0 || (uint64_t)v >= UINT64_C(1) << MERKLE_LEVELS)
        return false;
    if (s.p[0] == '-' || (s.p[0] == '0' && s.n > 1))
        return false;
    *ret = (uint64_t)v;
    return true;
}

static bool extension_ok(struct str s)
{
    bool line_start = true;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n' && line_start)
            return false;
        line_start = s.p[i] == '\n';
    }
    return line_start;
}

bool checkpoint_parse(struct arena *a, struct str body, struct checkpoint *ret)
{
    struct str rest, root, bytes;
    struct checkpoint c = { .origin = str_cut(body, '\n', &rest) };
    if (c.origin.n == 0 || !size_parse(str_cut(rest, '\n', &rest), &c.size))
        return false;
    root = str_cut(rest, '\n', &rest);
    if (rest.p == NULL || !base64_decode(a, root, &bytes) || bytes.n != HASH_BYTES
        || !extension_ok(rest))
        return false;
    memcpy(c.root.b, bytes.p, HASH_BYTES);
    c.extension = rest.n ? rest : STR_NONE;
    *ret = c;
    return true;
}

struct str checkpoint_sign(struct arena *a, const struct node_keys *k, const struct checkpoint *c)
{
    struct checkpoint own = *c;
    if (own.origin.n == 0)
        own.origin = str_c(k->name);
    CHECK(str_is(own.origin, k->name) && extension_ok(own.extension));
    return note_sign(a, k, checkpoint_body(a, &own));
}

bool checkpoint_open(struct arena *a, struct str note, const struct note_key *key,
                     struct checkpoint *ret)
{
    struct str body;
    struct checkpoint c;
    if (!note_open(a, note, key, &body) || !checkpoint_parse(a, body, &c)
        || !str_eq(c.origin, key->name))
        return false;
    *ret = c;
    return true;
}
