/* store.c: temporary file, fsync, rename, fsync of the directory; a lock on the leaf directory
 * keeps a sweep from removing a file just as somebody puts the same content again. */
#include "attach/store.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/rand.h"
#include "crypto/hash.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARD_CHARS = 2, TEMP_NAME_CHARS = 4 + 16 };
static const char temp_prefix[] = "tmp-";

static void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return true;
}

bool store_name_parse(struct str text, struct store_name *ret)
{
    if (text.n != STORE_NAME_CHARS || !is_hex(text))
        return false;
    *ret = (struct store_name){ 0 };
    memcpy(ret->hex, text.p, STORE_NAME_CHARS);
    return true;
}

static struct store_name name_of(struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    struct store_name name = { 0 };
    struct hash hash = hash_sha256(bytes);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        name.hex[2 * i] = digits[hash.b[i] >> 4];
        name.hex[2 * i + 1] = digits[hash.b[i] & 15];
    }
    return name;
}

static enum err io_failed(const char *step)
{
    log_line(LOG_ERROR, "store.io", "%s: errno %d", step, errno);
    return E_IO;
}

static int dir_open(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* Opens the directory `name` in at, making it if it is new. Synced either way: somebody else may
 * have made it a moment ago. */
static int dir_make(int at, const char *name)
{
    bool there = mkdirat(at, name, 0700) == 0 || errno == EEXIST;
    return there && fsync(at) == 0 ? dir_open(at, name) : -1;
}

static void shard_name(const struct store_name *name, int level, char ret[SHARD_CHARS + 1])
{
    memcpy(ret, name->hex + level * SHARD_CHARS, SHARD_CHARS);
    ret[SHARD_CHARS] = '\0';
}

/* The directory that holds the file; -1 with errno. */
static int leaf_open(const char *dir, const struct store_name *name, bool make)
{
    char first[SHARD_CHARS + 1], second[SHARD_CHARS + 1];
    int (*const enter)(int, const char *) = make ? dir_make : dir_open;
    CLEANUP(fd_close) int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return -1;
    shard_name(name, 0, first);
    shard_name(name, 1, second);
    CLEANUP(fd_close) int middle = enter(root, first);
    return middle < 0 ? -1 : enter(middle, second);
}

static bool lock_take(int fd, int how)
{
    int rc;
    do
        rc = flock(fd, how);
    while (rc != 0 && errno == EINTR);
    return rc == 0;
}

/* True when the same content is there already; its age starts anew. */
static bool file_renewed(int leaf, const struct store_name *name, size_t n)
{
    struct stat st;
    return fstatat(leaf, name->hex, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode)
        && (size_t)st.st_size == n
        && utimensat(leaf, name->hex, NULL, AT_SYMLINK_NOFOLLOW) == 0;
}

static void temp_name(char ret[TEMP_NAME_CHARS + 1])
{
    struct rand r = rand_system();
    (void)snprintf(ret, TEMP_NAME_CHARS + 1, "%s%016llx", temp_prefix,
        (unsigned long long)rand_u64(&r));
}

static enum err temp_fill(int leaf, const char *temp, struct str bytes)
{
    CLEANUP(fd_close) int fd = openat(leaf, temp,
        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return io_failed("create");
    if (!fd_write_all(fd, bytes))
        return io_failed("write");
    return fsync(fd) == 0 ? OK : io_failed("fsync");
}

static enum err file_add(int leaf, const struct store_name *name, struct str bytes)
{
    char temp[TEMP_NAME_CHARS + 1];
    temp_name(temp);
    enum err e = temp_fill(leaf, temp, bytes);
    if (e == OK && renameat(leaf, temp, leaf, name->hex) != 0)
        e = io_failed("rename");
    if (e != OK)
        (void)unlinkat(leaf, temp, 0);
    return e;
}

enum err store_put(const char *dir, struct str bytes, struct store_name *ret)
{
    struct store_name name = name_of(bytes);
    CLEANUP(fd_close) int leaf = leaf_open(dir, &name, true);
    if (leaf < 0 || !lock_take(leaf, LOCK_SH))
        return io_failed("open directory");
    if (!file_renewed(leaf, &name, bytes.n))
        TRY(file_add(leaf, &name, bytes));
    if (fsync(leaf) != 0)
        return io_failed("fsync directory");
    *ret = name;
    return OK;
}

static enum err open_failed(void)
{
    return errno == ENOENT ? E_MISSING : io_failed("open");
}

enum err store_get(const char *dir, const struct store_name *name, struct arena *a,
    size_t max_bytes, struct str *ret)
{
    struct stat st;
    CLEANUP(fd_close) int leaf = leaf_open(dir, name, false);
    if (leaf < 0)
        return open_failed();
    CLEANUP(fd_close) int fd = openat(leaf, name->hex, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return open_failed();
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return io_failed("stat");
    size_t n = (size_t)st.st_size;
    if (n > max_bytes)
        return E_TOO_LARGE;
    char *p = NEW_N(a, char, n + 1);
    if (!fd_read_all(fd, p, n))
        return io_failed("read");
    struct str bytes = { p, n };
    struct store_name actual = name_of(bytes);
    if (strcmp(actual.hex, name->hex) != 0) {
        log_line(LOG_ERROR, "store.damaged", "%s", name->hex);
        return E_IO;
    }
    *ret = bytes;
    return OK;
}

/* On the way through the tree: what to do with each file, and what that needs. */
struct walk {
    void (*file)(struct walk *w, int leaf, const char *name);
    const struct store_sweep *sweep;
    int64_t removed;
    store_fn *fn;
    void *ctx;
    enum err e;                 /* the first that fn returned */
    bool failed;
};

static bool is_old(const struct walk *w, int leaf, const char *file)
{
    struct stat st;
    if (fstatat(leaf, file, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return false;
    int64_t put_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    return w->sweep->now_ms - put_ms > STORE_SWEEP_AGE_MS;
}

static bool is_garbage(const struct walk *w, const char *file)
{
    struct store_name name;
    struct str text = str_c(file);
    if (store_name_parse(text, &name))
        return !w->sweep->is_referenced(w->sweep->ctx, &name);
    return text.n == TEMP_NAME_CHARS && str_starts(text, STR("tmp-"));
}

static void file_sweep(struct walk *w, int leaf, const char *file)
{
    if (!is_old(w, leaf, file) || !is_garbage(w, file))
        return;
    if (!lock_take(leaf, LOCK_EX)) {
        w->failed = true;
        return;
    }
    /* Looked at again under the lock: it may have been put anew meanwhile. */
    if (is_old(w, leaf, file) && unlinkat(leaf, file, 0) == 0)
        w->removed++;
    w->failed |= !lock_take(leaf, LOCK_UN);
}

/* Calls each for every entry of the directory; fd stays the caller's. */
static void dir_each(struct walk *w, int fd, void (*each)(struct walk *, int, const char *))
{
    int copy = dir_open(fd, ".");
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    if (d == NULL) {
        w->failed = true;
        fd_close(&copy);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;)
        each(w, fd, entry->d_name);
    (void)closedir(d);
}

static int shard_open(int at, const char *name)
{
    struct str s = str_c(name);
    return s.n == SHARD_CHARS && is_hex(s) ? dir_open(at, name) : -1;
}

static void leaf_walk(struct walk *w, int middle, const char *name)
{
    CLEANUP(fd_close) int leaf = shard_open(middle, name);
    if (leaf >= 0)
        dir_each(w, leaf, w->file);
}

static void middle_walk(struct walk *w, int root, const char *name)
{
    CLEANUP(fd_close) int middle = shard_open(root, name);
    if (middle >= 0)
        dir_each(w, middle, leaf_walk);
}

static enum err tree_walk(struct walk *w, const char *dir)
{
    CLEANUP(fd_close) int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return io_failed("open directory");
    dir_each(w, root, middle_walk);
    return OK;
}

enum err store_sweep(const char *dir, const struct store_sweep *sweep, int64_t *ret_removed)
{
    struct walk w = { .file = file_sweep, .sweep = sweep };
    TRY(tree_walk(&w, dir));
    *ret_removed = w.removed;
    return w.failed ? io_failed("sweep") : OK;
}

static void file_tell(struct walk *w, int leaf, const char *file)
{
    struct store_name name;
    if (w->e == OK && store_name_parse(str_c(file), &name))
        w->e = w->fn(w->ctx, &name, leaf);
}

enum err store_each(const char *dir, store_fn *fn, void *ctx)
{
    struct walk w = { .file = file_tell, .fn = fn, .ctx = ctx };
    TRY(tree_walk(&w, dir));
    TRY(w.e);
    return w.failed ? io_failed("read directory") : OK;
}
