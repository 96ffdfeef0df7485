/* sqlite_copy.c: SQLite's own backup, a piece at a time inside one reading transaction: what others
 * commit meanwhile goes to the log, so that it never has to begin again. The writer goes on, and
 * the log grows until the copy is made. Each piece is on disk before the next is read: a whole file
 * at once would have the disk busy while others wait for their commits. */
#include "db/sqlite_copy.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

enum { PIECE_PAGES = 256 };
struct copying { sqlite3 *from, *to; sqlite3_backup *backup; int fd; };

static enum err failed(const struct copying *c, int rc)
{
    log_line(LOG_ERROR, "db.copy", "%s: %s", sqlite3_errstr(rc), sqlite3_errmsg(c->to));
    return (rc & 0xff) == SQLITE_FULL ? E_TOO_LARGE : E_IO;
}

static enum err flushed(const struct copying *c)
{
    int rc = sqlite3_db_cacheflush(c->to);
    if (rc != SQLITE_OK)
        return failed(c, rc);
    if (fdatasync(c->fd) != 0)
        return failed(c, errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR);
    /* It is not read again soon, and others need the memory. */
    (void)posix_fadvise(c->fd, 0, 0, POSIX_FADV_DONTNEED);
    return OK;
}

static enum err pieces(struct copying *c, db_copy_fn *step, void *ctx)
{
    int rc = SQLITE_OK;
    c->backup = sqlite3_backup_init(c->to, "main", c->from, "main");
    if (c->backup == NULL)
        return failed(c, sqlite3_errcode(c->to));
    while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
        rc = sqlite3_backup_step(c->backup, PIECE_PAGES);
        if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
            return failed(c, rc);
        TRY(flushed(c));
        int64_t all = sqlite3_backup_pagecount(c->backup);
        TRY(step(ctx, all - sqlite3_backup_remaining(c->backup), all));
    }
    rc = sqlite3_backup_finish(c->backup);
    c->backup = NULL;
    return rc == SQLITE_OK ? OK : failed(c, rc);
}

static enum err opened(struct copying *c, const char *name, const char *setup)
{
    int rc = sqlite3_open_v2(name, &c->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(c->to, setup, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : failed(c, rc);
}

static void closed(struct copying *c)
{
    (void)sqlite3_backup_finish(c->backup);
    c->backup = NULL;
    CHECK(sqlite3_close(c->to) == SQLITE_OK);
    c->to = NULL;
}

/* A file without a log of its own can be read where nothing may be written beside it. */
static enum err made_plain(struct copying *c, const char *name)
{
    enum err e = opened(c, name, "PRAGMA journal_mode=DELETE");
    closed(c);
    return e;
}

enum err sqlite_copy(void *handle, const char *name, db_copy_fn *step, void *ctx)
{
    struct copying c = { .from = handle };
    c.fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (c.fd < 0)
        return errno == ENOSPC ? E_TOO_LARGE : E_IO;
    /* Half a copy is thrown away, so it needs no journal. */
    enum err e = opened(&c, name, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "PRAGMA locking_mode=EXCLUSIVE");
    if (e == OK)
        e = pieces(&c, step, ctx);
    closed(&c);
    if (e == OK)
        e = made_plain(&c, name);
    if (e == OK && fsync(c.fd) != 0)
        e = E_IO;
    (void)close(c.fd);
    return e;
}
