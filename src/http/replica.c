/* replica.c: connections to a server that follows the database, for reading, and the thread that
 * finds out each second how far behind it is. While that is more than allowed, or not known, nobody
 * reads there. Whose mark (writer_position() when they last wrote) is not replayed yet does not
 * either. Only this thread connects, so that requests never wait for a server that is away; and the
 * ticker cuts connections on which somebody waits for one that has gone silent. */
#include "base/log.h"
#include "base/rounds.h"
#include "http/request.h"

enum { LINKS_MAX = 65, SAMPLES = 128, PERIOD_US = 1000 * 1000, RETRY_US = 3 * PERIOD_US };

/* The database stood at this position, as read at this moment: all committed before lies before. */
struct sample { int64_t at, time_us; };
struct replica {
    const char *database_url, *url;
    int64_t lag_us;
    struct rounds rounds;
    pthread_mutex_t lock;           /* of what follows */
    bool used, other, looked;
    int64_t started_us;
    struct replica_link { struct db *db; bool busy, broken; } links[LINKS_MAX];
    size_t n_links;                 /* links[0] is the thread's own */
    int64_t asked_us;               /* since when the thread waits there; 0: it does not */
    struct sample samples[SAMPLES];
    uint64_t n_samples;
    int64_t replayed;
    int64_t fresh_us;               /* what was committed before this moment is there */
    uint64_t reads, repeated;
};

/* --- the thread */

static void link_close(struct replica *r, struct replica_link *link)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    struct db *old = link->db;
    *link = (struct replica_link){ .db = NULL };
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    db_close(old);
}

/* False when there is none and none could be made. */
static bool link_renew(struct replica *r, struct replica_link *link)
{
    struct db *fresh;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    bool good = link->busy || (link->db && !link->broken);
    link->busy = link->busy || !good;       /* keeps others away meanwhile */
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    if (good)
        return true;
    link_close(r, link);
    if (db_open(r->url, DB_REPLICA, &fresh) != OK)
        return false;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    link->db = fresh;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    return true;
}

static void sample_add(struct replica *r, int64_t at, int64_t time_us)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->samples[r->n_samples++ % SAMPLES] = (struct sample){ at, time_us };
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
}

/* Of the newest sample that the replica has passed. */
static int64_t fresh_since(const struct replica *r, int64_t replayed)
{
    int64_t newest = 0;
    for (size_t i = 0; i < SAMPLES && i < r->n_samples; i++)
        if (r->samples[i].at <= replayed && r->samples[i].time_us > newest)
            newest = r->samples[i].time_us;
    return newest;
}

/* A server that follows none, or another than ours, tells nothing. */
static enum err replica_ask(struct replica *r, const struct db_position *here)
{
    struct db_position there = { 0 };
    struct err_info info = { .e = OK };
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->asked_us = clock_monotonic_us();
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    enum err e = db_position_read(r->links[0].db, &there);
    bool is_ours = e == OK && db_position_check(here, &there, &info) == OK;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->asked_us = 0;
    if (is_ours) {
        r->replayed = there.at;
        r->fresh_us = fresh_since(r, there.at);
    }
    bool tell = e == OK && !is_ours && !r->other;
    r->other = e == OK && !is_ours;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    if (tell)
        log_line(LOG_ERROR, "replica.other", "--read-db: %s", err_info_text(&info, info.e, LANG_EN));
    return e;
}

/* False when the replica is away. */
static bool look(struct replica *r, struct db *database)
{
    struct db_position here = { 0 };
    int64_t now_us = clock_monotonic_us();
    if (db_position_read(database, &here) != OK)
        return true;
    sample_add(r, here.at, now_us);
    if (!link_renew(r, &r->links[0]))
        return false;
    if (replica_ask(r, &here) != OK) {
        link_close(r, &r->links[0]);
        return false;
    }
    for (size_t i = 1; i < r->n_links; i++)
        if (!link_renew(r, &r->links[i]))
            return false;
    return true;
}

static void *replica_main(void *arg)
{
    struct replica *r = arg;
    struct db *database = NULL;
    bool there;
    do {
        there = (database || db_open(r->database_url, DB_READER, &database) == OK)
            && look(r, database);
        CHECK(pthread_mutex_lock(&r->lock) == 0);
        r->looked = true;
        CHECK(pthread_mutex_unlock(&r->lock) == 0);
    } while (rounds_wait(&r->rounds, there ? PERIOD_US : RETRY_US));
    db_close(database);
    return NULL;
}

/* --- the others */

struct replica *replica_start(const char *database_url, const char *url, unsigned lag_s,
    unsigned readers)
{
    struct replica *r = heap_alloc(sizeof(*r));
    CHECK(readers < LINKS_MAX);
    r->database_url = database_url;
    r->url = url;
    r->lag_us = lag_s * INT64_C(1000000);
    r->n_links = readers + 1;
    r->started_us = clock_monotonic_us();
    CHECK(pthread_mutex_init(&r->lock, NULL) == 0);
    rounds_start(&r->rounds, replica_main, r);
    return r;
}

static bool is_usable(const struct replica *r)
{
    return r->fresh_us && clock_monotonic_us() - r->fresh_us <= r->lag_us;
}

struct replica_link *replica_take(struct replica *r, int64_t mark)
{
    struct replica_link *found = NULL;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    bool can = is_usable(r) && r->replayed >= mark;
    for (size_t i = 1; can && i < r->n_links && found == NULL; i++)
        if (r->links[i].db && !r->links[i].busy && !r->links[i].broken)
            found = &r->links[i];
    if (found)
        found->busy = true;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    return found;
}

struct db *replica_db(const struct replica_link *link)
{
    return link->db;
}

void replica_give(struct replica *r, struct replica_link *link, enum err outcome)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    link->busy = false;
    link->broken = link->broken || err_status(outcome) >= 500;
    r->reads += outcome == OK;
    r->repeated += outcome != OK;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
}

/* Who waits there asks the database instead. */
static void links_cut(struct replica *r)
{
    for (size_t i = 0; i < r->n_links; i++)
        if (r->links[i].db) {
            r->links[i].broken = true;
            db_cut(r->links[i].db);
        }
}

void replica_tick(struct replica *r)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    bool usable = is_usable(r), changed = usable != r->used;
    int64_t silent_us = r->asked_us ? clock_monotonic_us() - r->asked_us : 0;
    r->used = usable;
    if ((changed && !usable) || silent_us > r->lag_us)
        links_cut(r);
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    if (changed && usable)
        log_line(LOG_INFO, "replica.use", "reading from the replica");
    else if (changed)
        log_line(LOG_WARN, "replica.late", "the replica is too far behind or away: reading from"
            " the database");
}

int64_t replica_settled_us(struct replica *r)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    int64_t settled_us = is_usable(r) ? r->fresh_us : INT64_MAX;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    return settled_us;
}

/* What it says in a word. Where it stands is known when it has passed a sample, which takes two
 * looks; a replica that has not within the lag that is allowed is behind. */
static const char *state_of(const struct replica *r)
{
    bool connected = r->links[0].db != NULL;
    if (is_usable(r))
        return "used";
    if (r->other)
        return "of another database or none, not used";
    if (!r->looked || (connected && r->fresh_us == 0
        && clock_monotonic_us() - r->started_us <= r->lag_us))
        return "not looked at yet, not used";
    return connected ? "behind, not used" : "away, not used";
}

struct replica_figures replica_figures(struct replica *r)
{
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    struct replica_figures f = { .reads = r->reads, .repeated = r->repeated,
        .used = is_usable(r), .state = state_of(r),
        .behind_ms = r->fresh_us ? (uint64_t)(clock_monotonic_us() - r->fresh_us) / 1000 : 0 };
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    return f;
}

void replica_stop(struct replica *r)
{
    rounds_tell_end(&r->rounds);
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    links_cut(r);
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    rounds_stop(&r->rounds);
    for (size_t i = 0; i < r->n_links; i++)
        db_close(r->links[i].db);
    (void)pthread_mutex_destroy(&r->lock);
    heap_free(r);
}
