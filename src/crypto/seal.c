/* seal.c: two layers of one construction; the associated data says what a ciphertext is for. */
#include "crypto/seal.h"
#include "crypto/bytes.h"
#include <sodium.h>

enum { SEAL_VERSION = 1, NONCE_BYTES = 24, TAG_BYTES = 16, AD_BYTES_MAX = 128 };

_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == NONCE_BYTES, "nonce");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == TAG_BYTES, "tag");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SEAL_KEY_BYTES, "key");

/* label, NUL, person id, field name: unambiguous because the first two parts have known ends. */
struct seal_ad { unsigned char b[AD_BYTES_MAX]; size_t n; };

static const char label_key[] = "fengqiao person key v1";
static const char label_field[] = "fengqiao field v1";

static struct seal_ad seal_ad_make(const char *label, int64_t person_id, const char *field)
{
    size_t n = strlen(label) + 1, m = strlen(field);
    CHECK(n + 8 + m <= AD_BYTES_MAX);
    struct seal_ad ad = { .n = n + 8 + m };
    memcpy(ad.b, label, n);
    bytes_put_u64(ad.b + n, (uint64_t)person_id);
    memcpy(ad.b + n + 8, field, m);
    return ad;
}

static void box_close(unsigned char *out, struct rand *r, const unsigned char *key,
                      const struct seal_ad *ad, struct str plain)
{
    out[0] = SEAL_VERSION;
    rand_bytes(r, out + 1, NONCE_BYTES);
    unsigned long long n = 0;
    CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE_BYTES, &n,
        (const unsigned char *)plain.p, plain.n, ad->b, ad->n, NULL, out + 1, key) == 0);
    CHECK(n == plain.n + TAG_BYTES);
}

/* out takes sealed.n - SEAL_OVERHEAD_BYTES bytes. */
static bool box_open(unsigned char *out, const unsigned char *key, const struct seal_ad *ad,
                     struct str sealed)
{
    const unsigned char *p = (const unsigned char *)sealed.p;
    unsigned long long n = 0;
    return sealed.n >= SEAL_OVERHEAD_BYTES && p[0] == SEAL_VERSION
        && crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, p + 1 + NONCE_BYTES,
               sealed.n - 1 - NONCE_BYTES, ad->b, ad->n, p + 1, key) == 0;
}

void seal_key_wrap(const struct node_keys *k, struct rand *r, const struct seal_key *key,
                   unsigned char ret_wrapped[SEAL_WRAPPED_BYTES])
{
    struct seal_ad ad = seal_ad_make(label_key, key->person_id, "");
    box_close(ret_wrapped, r, k->seal_master[atomic_load(&k->sealing)], &ad,
              bytes_str(key->b, SEAL_KEY_BYTES));
}

void seal_key_new(const struct node_keys *k, struct rand *r, int64_t person_id,
                  unsigned char ret_wrapped[SEAL_WRAPPED_BYTES], struct seal_key *ret)
{
    ret->person_id = person_id;
    rand_bytes(r, ret->b, SEAL_KEY_BYTES);
    seal_key_wrap(k, r, ret, ret_wrapped);
}

/* Whichever of the sealing keys it was; there is one, but while it is turned. */
static bool master_open(const struct node_keys *k, unsigned char *out, const struct seal_ad *ad,
                        struct str wrapped)
{
    for (size_t i = 0, n = atomic_load(&k->n_seal); i < n; i++)
        if (box_open(out, k->seal_master[i], ad, wrapped))
            return true;
    return false;
}

enum err seal_key_open(const struct node_keys *k, int64_t person_id, struct str wrapped,
                       struct seal_key *ret)
{
    if (wrapped.n == 0)
        return E_MISSING;
    struct seal_ad ad = seal_ad_make(label_key, person_id, "");
    struct seal_key key = { .person_id = person_id };
    if (wrapped.n != SEAL_WRAPPED_BYTES || !master_open(k, key.b, &ad, wrapped))
        return E_BUG;
    *ret = key;
    seal_key_wipe(&key);
    return OK;
}

void seal_key_wipe(struct seal_key *key)
{
    sodium_memzero(key, sizeof(*key));
}

struct str seal_field(struct arena *a, struct rand *r, const struct seal_key *key,
                      const char *field, struct str plain)
{
    size_t n = plain.n + SEAL_OVERHEAD_BYTES;
    unsigned char *out = NEW_N(a, unsigned char, n);
    struct seal_ad ad = seal_ad_make(label_field, key->person_id, field);
    box_close(out, r, key->b, &ad, plain);
    return bytes_str(out, n);
}

enum err seal_open(struct arena *a, const struct seal_key *key, const char *field,
                   struct str sealed, struct str *ret)
{
    if (sealed.n < SEAL_OVERHEAD_BYTES)
        return E_BUG;
    size_t n = sealed.n - SEAL_OVERHEAD_BYTES;
    char *out = NEW_N(a, char, n + 1);
    struct seal_ad ad = seal_ad_make(label_field, key->person_id, field);
    if (!box_open((unsigned char *)out, key->b, &ad, sealed))
        return E_BUG;
    *ret = (struct str){ out, n };
    return OK;
}
