/* token.c: session tokens. */
#include "crypto/token.h"
#include <sodium.h>

enum { TOKEN_BYTES = 32 };
_Static_assert(sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
              == TOKEN_CHARS + 1, "length of a token");

struct token token_new(struct rand *r)
{
    unsigned char bytes[TOKEN_BYTES];
    struct token t;
    rand_bytes(r, bytes, sizeof(bytes));
    sodium_bin2base64(t.text, sizeof(t.text), bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
    return t;
}

struct hash token_hash(const struct node_keys *k, struct str text)
{
    return hash_hmac(k->token_key, "fengqiao token v1", text);
}
