/* password.h: passwords at rest: argon2id with 19 MiB and two passes (OWASP's least) over
 * HMAC(token_key, password), so that a stolen database without the key file cannot be searched.
 * One call costs tens of milliseconds and 19 MiB: callers keep it in a bounded queue of its own. */
#pragma once
#include "base/err.h"
#include "crypto/key.h"

enum { PASSWORD_CHARS_MIN = 12, PASSWORD_CHARS_MAX = 128,
    ONCE_GROUPS = 4, RECOVERY_GROUPS = 3 };     /* of password_random() */

/* 12 to 128 characters of UTF-8, not made of a few repeated or counting characters nor of a few
 * common words (common.h), not holding the login name (which may be empty). No kind of character
 * is asked for. E_INPUT with a note on field "password". */
MUST_USE enum err password_check_rules(struct str password, struct str login,
                                       struct err_info *info);
/* "$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH" in the arena, to be stored. E_BUSY: no memory now. */
MUST_USE enum err password_hash(struct arena *a, const struct node_keys *k, struct rand *r,
                                struct str password, struct str *ret);
/* OK when password made stored, else E_LOGIN; E_BUSY: no memory now. The comparison takes constant
 * time; an empty or malformed stored form costs the same as a wrong password, so callers need not
 * (and must not) skip unknown logins. */
MUST_USE enum err password_verify(const struct node_keys *k, struct str stored,
                                  struct str password);
/* 20 random bits a group, in letters that are told apart, "k3fq-9xzt-...": one-time passwords and
 * recovery codes. */
struct str password_random(struct arena *a, struct rand *r, int groups);
/* Such a text as typed by hand, in the one form to be hashed: any case, with or without hyphens. */
struct str password_plain(struct arena *a, struct str typed);
