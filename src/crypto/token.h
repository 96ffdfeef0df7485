/* token.h: session tokens. The client holds 32 random bytes as text; the database holds only a
 * keyed hash of it, so a copy of the table opens no session. A keyed hash is enough (and takes a
 * microsecond) because the token is random, unlike a password. */
#pragma once
#include "crypto/hash.h"
#include "crypto/key.h"

enum { TOKEN_CHARS = 43 };
/* base64url without padding, NUL-terminated. */
struct token { char text[TOKEN_CHARS + 1]; };

struct token token_new(struct rand *r);
/* What is stored and looked up. Any text has one; only one made by token_new is ever stored. */
struct hash token_hash(const struct node_keys *k, struct str text);
