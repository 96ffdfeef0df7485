/* wal_file.c: a VFS like the platform's own, but for the file of the write-ahead log. */
#include "db/wal_file.h"
#include "base/arena.h"
#include <sqlite3.h>

/* The platform's VFS takes at most 128 KiB at once. */
enum { HELD_BYTES_MAX = 1 << 20, PIECE_BYTES = 64 << 10 };
struct wal_file {
    sqlite3_file as_file;       /* first: what SQLite sees */
    sqlite3_file *real;         /* behind this struct, in the same memory */
    sqlite3_int64 held_at;      /* held: what belongs there and is not written yet */
    size_t held_n;
    char *held;
};

static struct wal_file *wal_of(sqlite3_file *f)
{
    return (struct wal_file *)(void *)f;
}

static int real_write(struct wal_file *w, const char *p, size_t n, sqlite3_int64 at)
{
    int rc = SQLITE_OK;
    for (size_t done = 0; done < n && rc == SQLITE_OK;) {
        size_t piece = n - done < PIECE_BYTES ? n - done : PIECE_BYTES;
        rc = w->real->pMethods->xWrite(w->real, p + done, (int)piece, at + (sqlite3_int64)done);
        done += piece;
    }
    return rc;
}

/* After a failure SQLite undoes the transaction, so nothing of it is kept to be tried again. */
static int flush(struct wal_file *w)
{
    size_t n = w->held_n;
    w->held_n = 0;
    return n ? real_write(w, w->held, n, w->held_at) : SQLITE_OK;
}

static int wal_write(sqlite3_file *f, const void *p, int bytes, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    size_t n = (size_t)bytes;
    if (at != w->held_at + (sqlite3_int64)w->held_n || w->held_n + n > HELD_BYTES_MAX) {
        int rc = flush(w);
        if (rc != SQLITE_OK)
            return rc;
        w->held_at = at;
    }
    if (n > HELD_BYTES_MAX)
        return real_write(w, p, n, at);
    memcpy(w->held + w->held_n, p, n);
    w->held_n += n;
    return SQLITE_OK;
}

static int wal_read(sqlite3_file *f, void *p, int bytes, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->real->pMethods->xRead(w->real, p, bytes, at) : rc;
}

static int wal_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->real->pMethods->xTruncate(w->real, size) : rc;
}

static int wal_sync(sqlite3_file *f, int flags)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->real->pMethods->xSync(w->real, flags) : rc;
}

static int wal_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->real->pMethods->xFileSize(w->real, ret) : rc;
}

static int wal_control(sqlite3_file *f, int what, void *arg)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->real->pMethods->xFileControl(w->real, what, arg) : rc;
}

static int wal_close(sqlite3_file *f)
{
    struct wal_file *w = wal_of(f);
    int rc = flush(w);
    int closed = w->real->pMethods->xClose(w->real);
    heap_free(w->held);
    return rc == SQLITE_OK ? closed : rc;
}

static int wal_lock(sqlite3_file *f, int how)
{
    return wal_of(f)->real->pMethods->xLock(wal_of(f)->real, how);
}

static int wal_unlock(sqlite3_file *f, int how)
{
    return wal_of(f)->real->pMethods->xUnlock(wal_of(f)->real, how);
}

static int wal_reserved(sqlite3_file *f, int *ret)
{
    return wal_of(f)->real->pMethods->xCheckReservedLock(wal_of(f)->real, ret);
}

static int wal_sector(sqlite3_file *f)
{
    return wal_of(f)->real->pMethods->xSectorSize(wal_of(f)->real);
}

static int wal_traits(sqlite3_file *f)
{
    return wal_of(f)->real->pMethods->xDeviceCharacteristics(wal_of(f)->real);
}

static const sqlite3_io_methods wal_methods = { .iVersion = 1, .xClose = wal_close,
    .xRead = wal_read, .xWrite = wal_write, .xTruncate = wal_truncate, .xSync = wal_sync,
    .xFileSize = wal_size, .xLock = wal_lock, .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_reserved, .xFileControl = wal_control, .xSectorSize = wal_sector,
    .xDeviceCharacteristics = wal_traits };

/* Every file but the log is the platform's own. */
static int file_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags,
    int *ret_flags)
{
    sqlite3_vfs *own = sqlite3_vfs_find(NULL);
    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return own->xOpen(own, name, f, flags, ret_flags);
    struct wal_file *w = wal_of(f);
    *w = (struct wal_file){ .real = (sqlite3_file *)(void *)(w + 1) };
    int rc = own->xOpen(own, name, w->real, flags, ret_flags);
    if (rc != SQLITE_OK)
        return rc;
    w->held = heap_alloc(HELD_BYTES_MAX);
    w->as_file.pMethods = &wal_methods;
    return SQLITE_OK;
}

const char *wal_file_vfs(void)
{
    static const char name[] = "fengqiao-wal";
    if (sqlite3_vfs_find(name))
        return name;
    sqlite3_vfs *own = sqlite3_vfs_find(NULL);
    if (own == NULL)
        return NULL;
    sqlite3_vfs *ours = heap_alloc(sizeof(*ours));      /* SQLite keeps it */
    *ours = *own;
    ours->zName = name;
    ours->szOsFile = (int)sizeof(struct wal_file) + own->szOsFile;
    ours->xOpen = file_open;
    return sqlite3_vfs_register(ours, 0) == SQLITE_OK ? name : NULL;
}
