/* entry.c: canonical bytes of ledger entries. */
#include "ledger/entry.h"
#include "crypto/bytes.h"
#include "ledger/merkle.h"
#include <math.h>

static const char entry_head[] = "fengqiao-entry-v1\n";
enum {
    HEAD_BYTES = sizeof(entry_head) - 1,
    FIXED_BYTES = HEAD_BYTES + 4 + 4 * 8,
};

static void text_put(struct buf *b, struct str s)
{
    unsigned char n[4];
    CHECK(s.n <= ENTRY_BYTES_MAX);
    bytes_put_u32(n, (uint32_t)s.n);
    buf_add(b, bytes_str(n, sizeof(n)));
    buf_add(b, s);
}

static bool text_take(struct str *bytes, struct str *ret)
{
    if (bytes->n < 4)
        return false;
    size_t n = bytes_get_u32((const unsigned char *)bytes->p);
    if (n > bytes->n - 4)
        return false;
    *ret = (struct str){ bytes->p + 4, n };
    *bytes = (struct str){ bytes->p + 4 + n, bytes->n - 4 - n };
    return str_is_text(*ret);
}

struct str entry_canonical(struct arena *a, const struct entry *e)
{
    unsigned char fixed[FIXED_BYTES], *p = fixed + HEAD_BYTES;
    memcpy(fixed, entry_head, HEAD_BYTES);
    bytes_put_u32(p, e->area);
    bytes_put_u64(p + 4, (uint64_t)e->matter_id);
    bytes_put_u64(p + 12, (uint64_t)e->seq);
    bytes_put_u64(p + 20, (uint64_t)e->at_ms);
    bytes_put_u64(p + 28, (uint64_t)e->account_id);
    struct buf b = buf_in(a, ENTRY_BYTES_MAX);
    buf_add(&b, bytes_str(fixed, sizeof(fixed)));
    text_put(&b, e->role);
    text_put(&b, e->action);
    text_put(&b, e->from);
    text_put(&b, e->to);
    text_put(&b, e->data);
    return buf_str(&b);
}

bool entry_parse(struct str bytes, struct entry *ret)
{
    if (bytes.n < FIXED_BYTES || bytes.n > ENTRY_BYTES_MAX
        || memcmp(bytes.p, entry_head, HEAD_BYTES) != 0)
        return false;
    const unsigned char *p = (const unsigned char *)bytes.p + HEAD_BYTES;
    struct entry e = {
        .area = bytes_get_u32(p),
        .matter_id = (int64_t)bytes_get_u64(p + 4),
        .seq = (int64_t)bytes_get_u64(p + 12),
        .at_ms = (int64_t)bytes_get_u64(p + 20),
        .account_id = (int64_t)bytes_get_u64(p + 28),
    };
    struct str rest = { bytes.p + FIXED_BYTES, bytes.n - FIXED_BYTES };
    if (!text_take(&rest, &e.role) || !text_take(&rest, &e.action) || !text_take(&rest, &e.from)
        || !text_take(&rest, &e.to) || !text_take(&rest, &e.data) || rest.n != 0)
        return false;
    *ret = e;
    return true;
}

struct hash entry_hash(struct str canonical, const struct hash *prev)
{
    static const struct hash none;
    return hash_sha256_2(canonical, hash_str(prev ? prev : &none));
}

struct hash entry_place_digest(struct arena *a, struct str salt, struct str place_text, double lon,
                               double lat)
{
    struct buf b = buf_in(a, place_text.n + 64);
    buf_add(&b, place_text);
    if (isnan(lon) || isnan(lat))
        buf_add(&b, STR("\n-\n-"));
    else
        buf_fmt(&b, "\n%.7f\n%.7f", lon, lat);
    return hash_sha256_2(salt, buf_str(&b));
}

void entry_photo_name(struct buf *b, struct str hash, struct str thumb)
{
    buf_fmt(b, "%.*s %.*s\n", STR_FMT(hash), STR_FMT(thumb));
}

struct hash entry_leaf(const struct hash *entry_hash)
{
    return merkle_leaf(hash_str(entry_hash));
}
