/* hash.c: SHA-256 by OpenSSL's block functions, which use the processor's SHA instructions:
 * five times libsodium's portable code on 600 bytes. OpenSSL 3 calls this interface deprecated in
 * favour of one that looks algorithms up by name for each digest, which costs more than the
 * digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"
#include <openssl/sha.h>
#include <sodium.h>

static void hash_more(SHA256_CTX *c, struct str s)
{
    if (s.n)
        CHECK(SHA256_Update(c, s.p, s.n) == 1);
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

struct hash hash_hmac(const unsigned char key[HASH_BYTES], const char *label, struct str data)
{
    crypto_auth_hmacsha256_state st;
    struct hash h;
    CHECK(crypto_auth_hmacsha256_init(&st, key, HASH_BYTES) == 0);
    CHECK(crypto_auth_hmacsha256_update(&st, (const unsigned char *)label, strlen(label) + 1) == 0);
    if (data.n)
        CHECK(crypto_auth_hmacsha256_update(&st, (const unsigned char *)data.p, data.n) == 0);
    CHECK(crypto_auth_hmacsha256_final(&st, h.b) == 0);
    sodium_memzero(&st, sizeof(st));
    return h;
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->b, b->b, HASH_BYTES) == 0;
}
