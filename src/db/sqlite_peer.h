/* sqlite_peer.h: what connections to one file agree on, of one process or of several: locks on the
 * file NAME.lock beside the database, which end with the connection. Not on the database file
 * itself: closing that a second time would drop SQLite's own locks on it. */
#pragma once
#include "base/err.h"
#include <sqlite3.h>

/* A flock() on the whole says that a server runs; a lock on a single byte stands for a number that
 * is held. The two do not meet. */
struct sqlite_peer {
    int claimed, numbers;       /* descriptors, or -1 */
    int64_t shared;             /* 0: none */
};

void sqlite_peer_init(struct sqlite_peer *p);
void sqlite_peer_close(struct sqlite_peer *p);
/* See db_claim(), db_hold(), db_let_go(), db_share() and db_is_held(). A database in memory has no peers. */
enum err sqlite_peer_claim(struct sqlite_peer *p, sqlite3 *h) MUST_USE;
enum err sqlite_peer_hold(struct sqlite_peer *p, sqlite3 *h, int64_t number, bool *ret_got)
    MUST_USE;
void sqlite_peer_let_go(struct sqlite_peer *p, int64_t number);
enum err sqlite_peer_share(struct sqlite_peer *p, sqlite3 *h, int64_t number) MUST_USE;
enum err sqlite_peer_is_held(struct sqlite_peer *p, sqlite3 *h, int64_t number, bool *ret)
    MUST_USE;
