/* session.h: sessions and rights kept in memory for a moment, so that most calls need not read
 * them. What is kept is believed for SESSION_KEPT_MS and then read again, whoever changed it and
 * by whatever way; so a right that is taken away may be used for reading that much longer. Writing
 * commands read it again inside their transaction (access_refresh()), and a session that ends here
 * is forgotten at once. */
#pragma once
#include "access/cx.h"

enum { SESSION_KEPT_MS = 1000 };

struct sessions;
/* Keeps about so many; a newer one displaces an older one. */
struct sessions *sessions_make(size_t sessions_max);
void sessions_free(struct sessions *s);
/* Fills ret (texts in the arena) with whom the hash of a session token stands for; false when that
 * is not kept or too old. *ret_moment is for sessions_put(). */
bool sessions_get(struct sessions *s, struct arena *a, struct str token_hash, int64_t now_ms,
    struct actor *ret, uint64_t *ret_moment);
/* Keeps what was read after sessions_get() told moment; not if a session was forgotten since,
 * because it might be this one. */
void sessions_put(struct sessions *s, const struct actor *actor, int64_t expires_ms,
    int64_t now_ms, uint64_t moment);
/* After the commit that ended it, before anybody is told. */
void sessions_forget(struct sessions *s, struct str token_hash);
