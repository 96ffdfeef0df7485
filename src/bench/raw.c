/* raw.c: see raw.h. */
#include "bench/raw.h"
#include "base/clock.h"
#include "bench/laps.h"
#include <poll.h>

SQL_WRITES(ROW, "raw.row",
    "INSERT INTO command_key (area, key, body, matter, no, at_ms) VALUES ($1, $2, $3, 0, 0, $4)");
const struct sql *const raw_statements[] = { &ROW };
const size_t raw_statements_n = COUNT_OF(raw_statements);

/* Keys begin with the time and go on with a number, as those of the pages do. */
static enum err row_write(struct db *db, int64_t at_us, uint32_t n)
{
    enum { KEY_BYTES = 16, BODY_BYTES = 32 };
    char key[KEY_BYTES] = { 0 }, body[BODY_BYTES] = { 0 };
    for (int i = 0; i < 8; i++)
        key[i] = (char)(at_us >> (56 - 8 * i) & 0xff);
    memcpy(key + 8, &n, sizeof(n));
    memcpy(body, key, sizeof(key));
    return db_exec(db, &ROW, ARGS(I(0), B(((struct str){ key, sizeof(key) })),
        B(((struct str){ body, sizeof(body) })), I(at_us / 1000)), NULL);
}

static enum err group_write(const struct raw_plan *p)
{
    int64_t now_us = clock_monotonic_us();
    TRY(db_begin_hasty(p->db, false));
    enum err e = OK;
    for (uint32_t i = 0; e == OK && i < p->group; i++)
        e = row_write(p->db, now_us, i);
    if (e == OK)
        return db_commit(p->db);
    db_rollback(p->db);
    return e;
}

enum err raw_commits(const struct raw_plan *plan, struct client_result *ret)
{
    struct pollfd bell = { .fd = plan->bell, .events = POLLIN };
    struct laps times = { .n = 0 };
    int64_t begun_us = clock_monotonic_us(), now_us = begun_us, last_us = begun_us;
    enum err e = OK;
    *ret = (struct client_result){ .first_error = -1 };
    while (e == OK && (double)(now_us - begun_us) < plan->seconds * 1e6 && poll(&bell, 1, 0) <= 0) {
        e = group_write(plan);
        now_us = clock_monotonic_us();
        laps_note(&times, now_us - last_us);
        last_us = now_us;
        ret->chains += plan->group;
    }
    ret->seconds = (double)(now_us - begun_us) / 1e6;
    ret->per_second = ret->seconds > 0 ? (double)ret->chains / ret->seconds : 0;
    laps_read(&times, &ret->p50_us, &ret->p99_us, &ret->max_us);
    laps_free(&times);
    return e;
}
