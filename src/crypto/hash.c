/* hash.c: SHA-256 by OpenSSL's block functions, which use the processor's SHA instructions:
 * five times libsodium's portable code on 600 bytes. OpenSSL 3 calls this interface deprecated in
 * favour of one that looks algorithms up by name for each digest, which costs more than the
 * digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"
#include "base/arena.h"
#include <openssl/sha.h>
#include <sodium.h>

static void hash_more(SHA256_CTX *c, struct str s)
{
    if (s.n)
        CHECK(SHA256_Update(c, s.p, s.n) == 1);
}

struct hash_run { SHA256_CTX c; };

struct hash_run *hash_begin(void)
{
    struct hash_run *r = heap_alloc(sizeof(*r));
    CHECK(SHA256_Init(&r->c) == 1);
    return r;
}

void hash_add(struct hash_run *r, struct str piece)
{
    hash_more(&r->c, piece);
}

struct hash hash_end(struct hash_run *r)
{
    struct hash h;
    CHECK(SHA256_Final(h.b, &r->c) == 1);
    heap_free(r);
    return h;
}

struct hash hash_sha256(struct str data)
{
    return hash_sha256_2(data, STR_NONE);
}

struct hash hash_sha256_2(struct str a, struct str b)
{
    SHA256_CTX c;
    struct hash h;
    CHECK(SHA256_Init(&c) == 1);
    hash_more(&c, a);
    hash_more(&c, b);
    CHECK(SHA256_Final(h.b, &c) == 1);
    return h;
}

struct hash hash_sha256_tagged(unsigned char tag, struct str a, struct str b)
{
    SHA256_CTX c;
    struct hash h;
    CHECK(SHA256_Init(&c) == 1);
    CHECK(SHA256_Update(&c, &tag, 1) == 1);
    hash_more(&c, a);
    hash_more(&c, b);
    CHECK(SHA256_Final(h.b, &c) == 1);
    return h;
}

/* HMAC (RFC 2104) over the same block functions. */
struct hash hash_hmac(const unsigned char key[HASH_BYTES], const char *label, struct str data)
{
    unsigned char inner[SHA256_CBLOCK], outer[SHA256_CBLOCK];
    SHA256_CTX c;
    struct hash h;
    memset(inner, 0x36, sizeof(inner));
    memset(outer, 0x5C, sizeof(outer));
    for (size_t i = 0; i < HASH_BYTES; i++) {
        inner[i] ^= key[i];
        outer[i] ^= key[i];
    }
    CHECK(SHA256_Init(&c) == 1 && SHA256_Update(&c, inner, sizeof(inner)) == 1);
    hash_more(&c, (struct str){ label, strlen(label) + 1 });
    hash_more(&c, data);
    CHECK(SHA256_Final(h.b, &c) == 1);
    CHECK(SHA256_Init(&c) == 1 && SHA256_Update(&c, outer, sizeof(outer)) == 1);
    CHECK(SHA256_Update(&c, h.b, sizeof(h.b)) == 1 && SHA256_Final(h.b, &c) == 1);
    sodium_memzero(&c, sizeof(c));
    sodium_memzero(inner, sizeof(inner));
    sodium_memzero(outer, sizeof(outer));
    return h;
}

struct hash hash_hmac_plain(struct str key, struct str data)
{
    crypto_auth_hmacsha256_state s;
    struct hash h;
    CHECK(crypto_auth_hmacsha256_init(&s, (const unsigned char *)(key.n ? key.p : ""), key.n) == 0);
    if (data.n)
        CHECK(crypto_auth_hmacsha256_update(&s, (const unsigned char *)data.p, data.n) == 0);
    CHECK(crypto_auth_hmacsha256_final(&s, h.b) == 0);
    sodium_memzero(&s, sizeof(s));
    return h;
}

bool hash_is_hex(const struct hash *h, struct str text)
{
    char hex[2 * HASH_BYTES + 1];
    return str_is(text, sodium_bin2hex(hex, sizeof(hex), h->b, HASH_BYTES));
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->b, b->b, HASH_BYTES) == 0;
}
