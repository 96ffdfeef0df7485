/* fail_io.c: preloaded into the server, makes chosen calls fail: the n-th write, sync, open,
 * rename, shortening or closing of files whose path holds FAIL_IO_MATCH, or the n-th send to a
 * database server, counted from the moment that the script wrote n into the page both share
 * (FAIL_IO_CONTROL). Syncs can be made slow. With FAIL_IO_SHADOW, a folder with copies of those
 * files, it also keeps what a power cut would leave: as on Linux, what a failed sync should have
 * written is not written by a later one either. The time of day, and only it, can be set ahead. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WRITES = 1, SYNCS = 2, SENDS = 4, OPENS = 8, RENAMES = 16, TRUNCATES = 32, CLOSES = 64,
    DIRTY_MAX = 65536, KILL = -1, SHORT = -2 };
/* error: an errno, KILL for kill -9, or SHORT: half of a write is done and told so; left: calls
 * until it happens, 0 is never; stays: from then on every call, until left is 0; fired: how often
 * it has happened; sync_ms: how long each sync takes longer. */
struct control { int32_t left, kinds, error, stays, fired, clock_ahead_s, sync_ms; };
struct dirty { char path[256]; off_t at, n; };

static struct control *control;
static const char *match, *shadow;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct dirty *dirty;
static int dirty_n;

__attribute__((constructor)) static void set_up(void)
{
    const char *path = getenv("FAIL_IO_CONTROL");
    match = getenv("FAIL_IO_MATCH");
    shadow = getenv("FAIL_IO_SHADOW");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    control = page == MAP_FAILED ? NULL : page;
    dirty = shadow ? calloc(DIRTY_MAX, sizeof(*dirty)) : NULL;
}

static int path_of(int fd, char *ret, size_t size)
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, ret, size - 1);
    ret[n > 0 ? n : 0] = '\0';
    return n > 0 && match && strstr(ret, match) != NULL;
}

/* The same for a name, which may be relative to an open directory. */
static int path_of_name(int at, const char *name)
{
    char dir[256] = "";
    if (match == NULL || name == NULL)
        return 0;
    return strstr(name, match) != NULL
        || (name[0] != '/' && at >= 0 && path_of(at, dir, sizeof(dir)));
}

/* The errno to fail with, or SHORT, or 0. */
static int strike(int kind)
{
    if (control == NULL || (control->kinds & kind) == 0 || control->left == 0)
        return 0;
    pthread_mutex_lock(&lock);
    int left = control->left, now = left == 1;
    if (left > 1 || (left == 1 && !control->stays))
        control->left = left - 1;
    if (now)
        control->fired++;
    pthread_mutex_unlock(&lock);
    if (now && control->error == KILL)
        kill(getpid(), SIGKILL);
    return now ? control->error : 0;
}

static void dirty_add(const char *path, off_t at, off_t n)
{
    if (dirty == NULL || n <= 0)
        return;
    pthread_mutex_lock(&lock);
    if (dirty_n == DIRTY_MAX)
        abort();
    snprintf(dirty[dirty_n].path, sizeof(dirty->path), "%s", path);
    dirty[dirty_n].at = at;
    dirty[dirty_n++].n = n;
    pthread_mutex_unlock(&lock);
}

static int shadow_open(const char *path)
{
    char name[512];
    const char *slash = strrchr(path, '/');
    snprintf(name, sizeof(name), "%s%s", shadow, slash ? slash : path);
    return open(name, O_WRONLY | O_CREAT, 0600);
}

/* What was written to the file since its last sync: kept when the sync worked, else given up. */
static void dirty_settle(int fd, const char *path, int kept)
{
    static char piece[1 << 20];
    if (dirty == NULL)
        return;
    pthread_mutex_lock(&lock);
    int to = kept ? shadow_open(path) : -1, left = 0;
    ssize_t (*write_at)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    for (int i = 0; i < dirty_n; i++) {
        if (strcmp(dirty[i].path, path) != 0) {
            dirty[left++] = dirty[i];
            continue;
        }
        ssize_t n = to >= 0 ? pread(fd, piece, (size_t)dirty[i].n, dirty[i].at) : 0;
        if (n > 0 && write_at(to, piece, (size_t)n, dirty[i].at) != n)
            abort();
    }
    dirty_n = left;
    if (to >= 0)
        close(to);
    pthread_mutex_unlock(&lock);
}

static ssize_t write_at(int fd, const void *p, size_t n, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);
    char path[256];
    int ours = path_of(fd, path, sizeof(path)), e = ours ? strike(WRITES) : 0;
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "pwrite");
    if (e > 0) {
        errno = e;
        return -1;
    }
    ssize_t done = real(fd, p, e == SHORT && n > 1 ? n / 2 : n, at);
    if (ours)
        dirty_add(path, at, done);
    return done;
}

static int sync_now(int fd, int (*real)(int))
{
    char path[256];
    int ours = path_of(fd, path, sizeof(path)), e = ours ? strike(SYNCS) : 0;
    if (ours && control && control->sync_ms > 0)
        usleep((useconds_t)control->sync_ms * 1000);
    int done = e ? -1 : real(fd);
    if (ours)
        dirty_settle(fd, path, done == 0);
    if (e)
        errno = e;
    return done;
}

static int truncate_to(int fd, off_t n)
{
    static int (*real)(int, off_t);
    char path[256];
    int ours = path_of(fd, path, sizeof(path)), e = ours ? strike(WRITES | TRUNCATES) : 0;
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "ftruncate");
    if (e) {
        errno = e;
        return -1;
    }
    int done = real(fd, n), to = ours && dirty && done == 0 ? shadow_open(path) : -1;
    if (to >= 0) {
        if (real(to, n) != 0)
            abort();
        close(to);
    }
    return done;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) { return write_at(fd, p, n, at); }
ssize_t pwrite64(int fd, const void *p, size_t n, off_t at) { return write_at(fd, p, n, at); }

/* Only files that a power cut is not tried on are written this way. */
ssize_t write(int fd, const void *p, size_t n)
{
    static ssize_t (*real)(int, const void *, size_t);
    char path[256];
    int e = path_of(fd, path, sizeof(path)) ? strike(WRITES) : 0;
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "write");
    if (e > 0) {
        errno = e;
        return -1;
    }
    return real(fd, p, e == SHORT && n > 1 ? n / 2 : n);
}

static int open_name(const char *how, int at, const char *name, int flags, mode_t mode)
{
    int e = path_of_name(at, name) ? strike(OPENS) : 0;
    if (e > 0) {
        errno = e;
        return -1;
    }
    int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, how);
    return real(at, name, flags, mode);
}

static mode_t mode_in(int flags, va_list ap)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

int openat(int at, const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_in(flags, ap);
    va_end(ap);
    return open_name("openat", at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_in(flags, ap);
    va_end(ap);
    return open_name("openat64", at, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_in(flags, ap);
    va_end(ap);
    return open_name("openat", AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = mode_in(flags, ap);
    va_end(ap);
    return open_name("openat64", AT_FDCWD, path, flags, mode);
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    int (*real)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");
    int e = path_of_name(to_at, to) ? strike(RENAMES) : 0;
    if (e > 0) {
        errno = e;
        return -1;
    }
    return real(from_at, from, to_at, to);
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

/* As on Linux, what could not be closed well is closed nevertheless. */
int close(int fd)
{
    static int (*real)(int);
    char path[256];
    int e = control && path_of(fd, path, sizeof(path)) ? strike(CLOSES) : 0;
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "close");
    int done = real(fd);
    if (e > 0) {
        errno = e;
        return -1;
    }
    return done;
}

int ftruncate(int fd, off_t n) { return truncate_to(fd, n); }
int ftruncate64(int fd, off_t n) { return truncate_to(fd, n); }

int fsync(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "fsync");
    return sync_now(fd, real);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "fdatasync");
    return sync_now(fd, real);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
    static ssize_t (*real)(int, const void *, size_t, int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "send");
    int e = strike(SENDS);
    if (e) {
        errno = e;
        return -1;
    }
    return real(fd, p, n, flags);
}

int clock_gettime(clockid_t which, struct timespec *ret)
{
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(which, ret);
    if (done == 0 && control && which == CLOCK_REALTIME)
        ret->tv_sec += control->clock_ahead_s;
    return done;
}
