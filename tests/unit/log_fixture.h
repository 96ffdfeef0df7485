/* log_fixture.h: entries for tests of the log in the database. Entry i has id 1000 + i, where it is
 * not given another, and the hash of its number; matters of five entries each. */
#pragma once
#include "crypto/hash.h"
#include "db/db.h"

SQL_WRITES(put_entry, "test.entry", "INSERT INTO entry (area, matter, seq, id, at_ms, actor,"
    " account, unit, action, from_state, to_state, owner_unit, holder, due_ms, data, prev, hash)"
    " VALUES (320508, $1, $2, $3, 0, 'system', 0, 0, 'note', '', '', 0, 0, 0, '{}', $4, $4)");

static inline struct hash entry_hash_of(int64_t i)
{
    return hash_sha256((struct str){ (const char *)&i, sizeof(i) });
}

static inline enum err entry_put(struct db *db, int64_t i, int64_t id)
{
    struct hash h = entry_hash_of(i);
    return db_exec(db, &put_entry, ARGS(I(i / 5), I(1 + i % 5), I(id), B(hash_str(&h))), NULL);
}

static inline enum err entries_put(struct db *db, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++)
        TRY(entry_put(db, i, 1000 + i));
    return OK;
}
