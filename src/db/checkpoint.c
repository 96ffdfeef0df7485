/* checkpoint.c: the thread that empties the log. It copies what is there while the writer goes on,
 * until little is left; that little the writer copies at its next commit, because SQLite begins
 * the log anew only when a transaction finds all of it copied. */
#include "db/checkpoint.h"
#include "base/arena.h"
#include "base/log.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

/* Frames are pages of 4 KiB. Long enough that pages written often are copied once, short enough
 * that reading it again after a crash takes a moment. */
enum { LOG_FRAMES = 2000, REST_FRAMES = 400 };
struct checkpointer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool wanted, stopping;
    atomic_bool little_left;
    sqlite3 *own, *writer;
};

/* How many frames are still to be copied; -1 when that cannot be told. */
static int copy_frames(sqlite3 *h)
{
    int all = -1, copied = 0;
    int rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_PASSIVE, &all, &copied);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        log_line(LOG_ERROR, "db.checkpoint", "%s", sqlite3_errmsg(h));
    return rc == SQLITE_OK && all >= 0 ? all - copied : -1;
}

/* Each round leaves what was written meanwhile, which is less each time unless a long reader holds
 * it back; then the next commit asks again. */
static void copy_until_little(struct checkpointer *c)
{
    int before = INT32_MAX, left = copy_frames(c->own);
    while (left > REST_FRAMES && left < before) {
        before = left;
        left = copy_frames(c->own);
    }
    if (left >= 0 && left <= REST_FRAMES)
        atomic_store(&c->little_left, true);
}

static void *checkpoint_main(void *arg)
{
    struct checkpointer *c = arg;
    CHECK(pthread_mutex_lock(&c->lock) == 0);
    while (!c->stopping) {
        if (!c->wanted) {
            CHECK(pthread_cond_wait(&c->wake, &c->lock) == 0);
            continue;
        }
        CHECK(pthread_mutex_unlock(&c->lock) == 0);
        copy_until_little(c);
        CHECK(pthread_mutex_lock(&c->lock) == 0);
        c->wanted = false;
    }
    CHECK(pthread_mutex_unlock(&c->lock) == 0);
    return NULL;
}

/* After each commit of the writer. What fails here is tried again after the next one. */
static int committed(void *ctx, sqlite3 *h, const char *name, int frames)
{
    struct checkpointer *c = ctx;
    (void)name;
    if (frames < LOG_FRAMES)
        return SQLITE_OK;
    if (atomic_exchange(&c->little_left, false)) {
        (void)copy_frames(h);
        return SQLITE_OK;
    }
    CHECK(pthread_mutex_lock(&c->lock) == 0);
    if (!c->wanted) {
        c->wanted = true;
        CHECK(pthread_cond_signal(&c->wake) == 0);
    }
    CHECK(pthread_mutex_unlock(&c->lock) == 0);
    return SQLITE_OK;
}

enum err checkpointer_start(const char *path, void *handle, struct checkpointer **ret)
{
    struct checkpointer *c = heap_alloc(sizeof(*c));
    c->writer = handle;
    /* A connection knows of the log only once it has read something. */
    if (sqlite3_open_v2(path, &c->own, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)
        != SQLITE_OK
        || sqlite3_exec(c->own, "PRAGMA schema_version", NULL, NULL, NULL) != SQLITE_OK) {
        log_line(LOG_ERROR, "db.checkpoint", "%s", sqlite3_errmsg(c->own));
        (void)sqlite3_close(c->own);
        heap_free(c);
        return E_DB;
    }
    CHECK(pthread_mutex_init(&c->lock, NULL) == 0);
    CHECK(pthread_cond_init(&c->wake, NULL) == 0);
    CHECK(pthread_create(&c->thread, NULL, checkpoint_main, c) == 0);
    (void)sqlite3_wal_hook(c->writer, committed, c);
    *ret = c;
    return OK;
}

void checkpointer_stop(struct checkpointer *c)
{
    if (c == NULL)
        return;
    (void)sqlite3_wal_hook(c->writer, NULL, NULL);
    CHECK(pthread_mutex_lock(&c->lock) == 0);
    c->stopping = true;
    CHECK(pthread_cond_signal(&c->wake) == 0);
    CHECK(pthread_mutex_unlock(&c->lock) == 0);
    CHECK(pthread_join(c->thread, NULL) == 0);
    CHECK(sqlite3_close(c->own) == SQLITE_OK);
    (void)pthread_cond_destroy(&c->wake);
    (void)pthread_mutex_destroy(&c->lock);
    heap_free(c);
}
