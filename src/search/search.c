/* search.c: the thread that feeds the search file, and the connections that answer from it. */
#include "search/search.h"
#include "base/log.h"
#include "base/rounds.h"
#include "search/index.h"
#include "search/query.h"
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

RECORD_DEFINE(search_hit, SEARCH_HIT)

enum { RENEW_FROM_HOUR = 3, RENEW_TO_HOUR = 6 };
enum { PERIOD_US = 300 * 1000, READERS = 2, PATH_BYTES_MAX = 4200, INDEXER_NICE = 19 };
struct search {
    struct rounds rounds;
    struct db *db, *file;           /* of the thread */
    pthread_mutex_t lock;           /* of what follows */
    pthread_cond_t free_reader;
    struct db *readers[READERS];
    bool busy[READERS];
};

SQL_READS(FIND, "search.find",
    "SELECT rowid / 4096 FROM body WHERE body MATCH $1 AND rowid < $2 ORDER BY rowid DESC");
SQL_READS(WHOSE, "search.whose", "SELECT slot, area, matter FROM slot WHERE slot = $1 AND area <> 0");
const struct sql *const search_find_statements[] = { &FIND, &WHOSE };
const size_t search_find_statements_n = COUNT_OF(search_find_statements);

#define FOUND_SLOT(X, R) X(R, I64, slot, 0, 0, 0, NULL, "")
RECORD(found_slot, FOUND_SLOT)
RECORD_DEFINE(found_slot, FOUND_SLOT)

/* Feeding ------------------------------------------------------------------------------------- */

/* Erased words go from the file, too, by night: then it is made anew. */
static enum err renew_at_night(struct search *s)
{
    int64_t traces = 0;
    struct civil now = clock_civil(clock_now_ms(clock_system()));
    if (now.hour < RENEW_FROM_HOUR || now.hour >= RENEW_TO_HOUR)
        return OK;
    TRY(index_traces(s->file, &traces));
    return traces ? index_clear(s->file) : OK;
}

/* Everything else comes first: on a busy machine search lags, and catches up. */
static void *search_main(void *arg)
{
    struct search *s = arg;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), INDEXER_NICE);
    do {
        bool more = true;
        enum err e = OK;
        while (more && e == OK && rounds_wait(&s->rounds, 0))
            e = index_advance(s->file, s->db, &more);
        if (e == OK)
            e = renew_at_night(s);
        if (e != OK)
            log_line(LOG_ERROR, "search.index", "texts wait for the index: %s", err_code(e));
    } while (rounds_wait(&s->rounds, PERIOD_US));
    return NULL;
}

/* Opening ------------------------------------------------------------------------------------- */

static void close_all(struct search *s)
{
    for (size_t i = 0; i < READERS; i++)
        db_close(s->readers[i]);
    db_close(s->file);
    db_close(s->db);
    heap_free(s);
}

/* A damaged file is thrown away and made again. */
static enum err open_file(struct search *s, const char *path)
{
    enum err e = db_open(path, DB_SEARCH, &s->file);
    if (e == OK)
        e = index_open(s->file, s->db);
    if (e == OK)
        return OK;
    log_line(LOG_WARN, "search.file", "the search file is unusable and is made again");
    db_close(s->file);
    s->file = NULL;
    db_remove(path);
    TRY(db_open(path, DB_SEARCH, &s->file));
    return index_open(s->file, s->db);
}

static enum err open_all(struct search *s, const char *db_url, const char *path)
{
    TRY(db_open(db_url, DB_OVERSEER, &s->db));
    TRY(open_file(s, path));
    for (size_t i = 0; i < READERS; i++)
        TRY(db_open(path, DB_SEARCH_READER, &s->readers[i]));
    return OK;
}

enum err search_start(const char *db_url, const char *path, struct search **ret)
{
    struct search *s = heap_alloc(sizeof(*s));
    enum err e = open_all(s, db_url, path);
    if (e != OK) {
        close_all(s);
        return e;
    }
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    CHECK(pthread_cond_init(&s->free_reader, NULL) == 0);
    rounds_start(&s->rounds, search_main, s);
    *ret = s;
    return OK;
}

void search_stop(struct search *s)
{
    rounds_stop(&s->rounds);
    (void)pthread_cond_destroy(&s->free_reader);
    (void)pthread_mutex_destroy(&s->lock);
    close_all(s);
}

/* Finding ------------------------------------------------------------------------------------- */

static size_t reader_take(struct search *s)
{
    size_t i = 0;
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    for (;;) {
        for (i = 0; i < READERS && s->busy[i]; i++)
            ;
        if (i < READERS)
            break;
        CHECK(pthread_cond_wait(&s->free_reader, &s->lock) == 0);
    }
    s->busy[i] = true;
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
    return i;
}

static void reader_give(struct search *s, size_t i)
{
    CHECK(pthread_mutex_lock(&s->lock) == 0);
    s->busy[i] = false;
    CHECK(pthread_cond_signal(&s->free_reader) == 0);
    CHECK(pthread_mutex_unlock(&s->lock) == 0);
}

struct finding { struct db *db; struct search_hit *hits; size_t n, limit; };

/* Documents of one matter come one after the other; E_TOO_LARGE ends the reading. */
static enum err slot_take(void *ctx, struct arena *row, const void *rec)
{
    struct finding *f = ctx;
    int64_t slot = ((const struct found_slot *)rec)->slot;
    if (f->n && f->hits[f->n - 1].slot == slot)
        return OK;
    if (f->n == f->limit)
        return E_TOO_LARGE;
    enum err e = db_one(f->db, row, &WHOSE, ARGS(I(slot)), &search_hit_record, &f->hits[f->n]);
    f->n += e == OK;
    return e == E_MISSING ? OK : e;         /* its words were erased */
}

enum err search_find(struct search *s, struct arena *a, struct str typed, int64_t before,
    size_t limit, struct list *ret)
{
    struct str expression = query_expression(a, typed);
    if (expression.n == 0)
        return E_INPUT;
    int64_t below = before > 0 && before < INT64_MAX >> INDEX_SLOT_BITS
        ? before << INDEX_SLOT_BITS : INT64_MAX;
    size_t reader = reader_take(s);
    struct finding f = { .db = s->readers[reader], .limit = limit,
        .hits = NEW_N(a, struct search_hit, limit + 1) };
    enum err e = db_each(f.db, &FIND, ARGS(S(expression), I(below)), &found_slot_record,
        slot_take, &f);
    reader_give(s, reader);
    if (e != OK && e != E_TOO_LARGE)
        return e;
    *ret = (struct list){ f.hits, f.n };
    return OK;
}
