/* night.c: when due data is looked for, and who of several servers does it. */
#include "personal/personal.h"

SQL_READS(LAST, "night.last", "SELECT begun_ms FROM night ORDER BY day DESC LIMIT 1");
SQL_WRITES(BEGIN, "night.begin",
    "INSERT INTO night (day, begun_ms, ended_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL_WRITES(END, "night.end", "UPDATE night SET ended_ms = $2 WHERE day = $1");
SQL_WRITES(OLD, "night.old", "DELETE FROM night WHERE day < $1");
const struct sql *const night_statements[] = { &LAST, &BEGIN, &END, &OLD };
const size_t night_statements_n = COUNT_OF(night_statements);

enum { FROM_HOUR = 2, TO_HOUR = 5, REST_HOURS = 26, HOUR_MS = 3600 * 1000, NIGHTS_KEPT = 400 };

static int64_t day_of(int64_t ms)
{
    struct civil c = clock_civil(ms);
    return c.year * 10000 + c.month * 100 + c.day;
}

enum err night_is_due(struct db *db, int64_t now_ms, bool *ret)
{
    int64_t last = 0;
    struct civil c = clock_civil(now_ms);
    enum err e = db_number(db, &LAST, NO_ARGS, &last);
    *ret = e == E_MISSING;
    if (e != OK)
        return e == E_MISSING ? OK : e;
    bool at_night = c.hour >= FROM_HOUR && c.hour < TO_HOUR;
    *ret = day_of(last) != day_of(now_ms)
        && (at_night || now_ms - last > REST_HOURS * (int64_t)HOUR_MS);
    return OK;
}

enum err night_begin(struct cx *cx, bool *ret_mine)
{
    int64_t last = 0, begun = 0;
    enum err e = db_number(cx->db, &LAST, NO_ARGS, &last);
    if (e != OK && e != E_MISSING)
        return e;
    bool first = e == E_MISSING;
    TRY(db_exec(cx->db, &BEGIN, ARGS(I(day_of(cx->now_ms)), I(cx->now_ms),
        I(first ? cx->now_ms : I64_NONE)), &begun));
    *ret_mine = begun == 1 && !first;
    return db_exec(cx->db, &OLD,
        ARGS(I(day_of(cx->now_ms - NIGHTS_KEPT * (int64_t)CLOCK_DAY_MS))), NULL);
}

enum err night_end(struct cx *cx)
{
    return db_exec(cx->db, &END, ARGS(I(day_of(cx->now_ms)), I(cx->now_ms)), NULL);
}
