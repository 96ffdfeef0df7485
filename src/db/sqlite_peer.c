/* sqlite_peer.c: see sqlite_peer.h. */
#include "db/sqlite_peer.h"
#include "db/driver.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_END ".lock"

void sqlite_remove(const char *url)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal", LOCK_END };
    char path[4200];
    url += strncmp(url, "sqlite:", 7) == 0 ? 7 : 0;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", url, ends[i]);
        (void)unlink(path);
    }
}

void sqlite_peer_init(struct sqlite_peer *p)
{
    *p = (struct sqlite_peer){ .claimed = -1, .numbers = -1 };
}

void sqlite_peer_close(struct sqlite_peer *p)
{
    if (p->claimed >= 0)
        (void)close(p->claimed);
    if (p->numbers >= 0)
        (void)close(p->numbers);
    sqlite_peer_init(p);
}

static bool is_in_memory(sqlite3 *h)
{
    const char *name = sqlite3_db_filename(h, "main");
    return name == NULL || name[0] == '\0';
}

static enum err lock_open(sqlite3 *h, int *fd)
{
    char path[4200];
    if (*fd >= 0)
        return OK;
    /* absolute, links followed */
    (void)snprintf(path, sizeof(path), "%s" LOCK_END, sqlite3_db_filename(h, "main"));
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return *fd >= 0 ? OK : E_DB;
}

enum err sqlite_peer_claim(struct sqlite_peer *p, sqlite3 *h)
{
    if (is_in_memory(h) || p->claimed >= 0)
        return OK;
    TRY(lock_open(h, &p->claimed));
    if (flock(p->claimed, LOCK_EX | LOCK_NB) == 0)
        return OK;
    (void)close(p->claimed);
    p->claimed = -1;
    return E_BUSY;
}

/* The byte of a number: they begin at -1. */
static struct flock byte_of(short type, int64_t number)
{
    return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = number + 1,
        .l_len = 1 };
}

enum err sqlite_peer_hold(struct sqlite_peer *p, sqlite3 *h, int64_t number, bool *ret_got)
{
    struct flock lock = byte_of(F_WRLCK, number);
    *ret_got = true;
    if (is_in_memory(h))
        return OK;
    TRY(lock_open(h, &p->numbers));
    *ret_got = fcntl(p->numbers, F_OFD_SETLK, &lock) == 0;
    return *ret_got || errno == EAGAIN || errno == EACCES ? OK : E_DB;
}

void sqlite_peer_let_go(struct sqlite_peer *p, int64_t number)
{
    struct flock lock = byte_of(F_UNLCK, number);
    if (p->numbers >= 0)
        (void)fcntl(p->numbers, F_OFD_SETLK, &lock);
}

enum err sqlite_peer_share(struct sqlite_peer *p, sqlite3 *h, int64_t number)
{
    struct flock lock = byte_of(F_RDLCK, number);
    if (is_in_memory(h))
        return OK;
    TRY(lock_open(h, &p->numbers));
    if (fcntl(p->numbers, F_OFD_SETLK, &lock) != 0)
        return E_DB;
    if (p->shared && p->shared != number)
        sqlite_peer_let_go(p, p->shared);
    p->shared = number;
    return OK;
}

enum err sqlite_peer_is_held(struct sqlite_peer *p, sqlite3 *h, int64_t number, bool *ret)
{
    struct flock lock = byte_of(F_WRLCK, number);
    *ret = false;
    if (is_in_memory(h))
        return OK;
    TRY(lock_open(h, &p->numbers));
    if (fcntl(p->numbers, F_OFD_GETLK, &lock) != 0)
        return E_DB;
    *ret = lock.l_type != F_UNLCK;
    return OK;
}
