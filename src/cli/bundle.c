/* bundle.c: see bundle.h. */
#include "cli/bundle.h"
#include "attach/store.h"
#include "base/fd.h"
#include "cli/stop.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MB = 1000 * 1000, PIECE_BYTES = 1 << 20, REST_US_MAX = 1000 * 1000,
    MANIFEST_BYTES_MAX = 64 << 10 };
RECORD_DEFINE(manifest, MANIFEST)

static void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

struct hash_text hash_text_of(const struct hash *h)
{
    struct hash_text t;
    for (size_t i = 0; i < HASH_BYTES; i++)
        (void)snprintf(t.hex + 2 * i, 3, "%02x", h->b[i]);
    return t;
}

/* Carrying ------------------------------------------------------------------------------------ */

void carrier_begin(struct carrier *c, struct progress *bar, const char *target,
    struct err_info *info)
{
    sigset_t set = stop_signals();
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    *c = (struct carrier){ .bar = bar, .target = target, .info = info,
        .piece_us = clock_monotonic_us() };
}

/* Resting as long as the work took leaves half of the disk to others, however slow it is. */
enum err carrier_rest(struct carrier *c)
{
    sigset_t set = stop_signals();
    int64_t us = c->gentle ? clock_monotonic_us() - c->piece_us : 0;
    us = us > REST_US_MAX ? REST_US_MAX : us;
    struct timespec time = { us / 1000000, us % 1000000 * 1000 };
    progress_show(c->bar, c->done / MB, c->total / MB, STR("MB"));
    int told = sigtimedwait(&set, NULL, &time);
    c->piece_us = clock_monotonic_us();
    return told <= 0 ? OK : err_note(c->info, E_IO, NULL, MSG("已中断，没有留下任何文件",
        "Broken off; nothing was left behind"), STR_NONE);
}

const char *path_end(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *path_folder(struct arena *a, const char *path)
{
    size_t n = (size_t)(path_end(path) - path);
    return n == 0 ? "." : n == 1 ? "/" : arena_dup(a, path, n - 1).p;
}

enum err carrier_unmade(struct carrier *c, const char *path)
{
    struct arena a;
    if (errno == ENOSPC || errno == EDQUOT)
        return carrier_unwritten(c, E_TOO_LARGE, path);
    arena_init(&a, 1 << 16);
    const char *folder = path_folder(&a, path);
    enum err e = err_note(c->info, E_IO, c->target, access(folder, F_OK) != 0
        ? MSG("没有文件夹 %s，请先建立，或换一个", "There is no folder %s; make it first, or name another")
        : MSG("不能在文件夹 %s 里写入；请换一个，或用能写入的用户运行",
            "Cannot write in the folder %s; name another, or run it as a user who may"), str_c(folder));
    arena_free(&a);
    return e;
}

enum err carrier_unwritten(struct carrier *c, enum err e, const char *path)
{
    path = path_end(path);
    return e == E_TOO_LARGE ? err_note(c->info, E_IO, c->target, MSG("磁盘空间不足，写不下 %s",
        "There is no space left for %s"), str_c(path))
        : err_note(c->info, E_IO, c->target, MSG("写不了 %s", "Cannot write %s"), str_c(path));
}

static enum err from_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? E_TOO_LARGE : E_IO;
}

static enum err pieces(struct carrier *c, char *piece, int from, int to, struct hash_run *run,
    const char *name)
{
    for (ssize_t n;;) {
        do
            n = read(from, piece, PIECE_BYTES);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return err_note(c->info, E_IO, "from", MSG("读不了 %s", "Cannot read %s"), str_c(name));
        if (n == 0)
            return OK;
        struct str bytes = { piece, (size_t)n };
        hash_add(run, bytes);
        if (to >= 0 && (!fd_write_all(to, bytes) || (c->gentle && fdatasync(to) != 0)))
            return carrier_unwritten(c, from_errno(), name);
        if (c->gentle)          /* it is not read again soon, and others need the memory */
            (void)posix_fadvise(to >= 0 ? to : from, 0, 0, POSIX_FADV_DONTNEED);
        c->done += n;
        TRY(carrier_rest(c));
    }
}

enum err carrier_take(struct carrier *c, int from_at, const char *from, int to_at, const char *to,
    struct hash *ret)
{
    CLEANUP(fd_close) int in = openat(from_at, from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return err_note(c->info, errno == ENOENT ? E_MISSING : E_IO, "from",
            MSG("缺少文件或不能读取：%s", "This file is missing or cannot be read: %s"), str_c(from));
    CLEANUP(fd_close) int out = to ? openat(to_at, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        | O_NOFOLLOW, 0600) : -1;
    if (to && out < 0)
        return carrier_unwritten(c, from_errno(), to);
    (void)posix_fadvise(in, 0, 0, POSIX_FADV_SEQUENTIAL);
    char *piece = heap_alloc(PIECE_BYTES);
    struct hash_run *run = hash_begin();
    enum err e = pieces(c, piece, in, out, run, from);
    *ret = hash_end(run);
    heap_free(piece);
    return e;
}

/* The directory in which path lies. */
static void parent_of(const char *path, char *ret, size_t size)
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(ret, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    if (ret[0] == '\0')
        (void)snprintf(ret, size, "/");
}

enum err carrier_fits(struct carrier *c, const char *path, int64_t bytes)
{
    char parent[4200];
    struct statvfs fs;
    parent_of(path, parent, sizeof(parent));
    if (statvfs(parent, &fs) != 0)
        return carrier_unwritten(c, E_IO, parent);
    int64_t there = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    return there >= bytes ? OK : carrier_unwritten(c, E_TOO_LARGE, path);
}

enum err carrier_sync(struct carrier *c, const char *path)
{
    char parent[4200];
    parent_of(path, parent, sizeof(parent));
    CLEANUP(fd_close) int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && syncfs(fd) == 0 ? OK : carrier_unwritten(c, from_errno(), parent);
}

/* Directories --------------------------------------------------------------------------------- */

static bool is_hex(const char *name, size_t n)
{
    return strlen(name) == n && strspn(name, "0123456789abcdef") == n;
}

/* What may lie in a backup, by depth: 0 the directory itself, 1 photos, 2 and 3 below. */
static bool is_ours(const char *name, int depth)
{
    static const char *const files[] = { BUNDLE_MANIFEST, BUNDLE_MANIFEST ".new", BUNDLE_SUMS,
        BUNDLE_DATABASE, BUNDLE_DATABASE "-journal", BUNDLE_KEY };
    for (size_t i = 0; depth == 0 && i < COUNT_OF(files); i++)
        if (strcmp(files[i], name) == 0)
            return true;
    return depth == 3 && is_hex(name, STORE_NAME_CHARS);
}

static bool is_our_folder(const char *name, int depth)
{
    return depth == 0 ? strcmp(name, BUNDLE_PHOTOS) == 0 : depth < 3 && is_hex(name, 2);
}

/* Empties a directory of what is ours; false when something else is in it. Once to look, once to
 * do, so that nothing is taken away from what is somebody's. */
static bool emptied(int fd, int depth, bool really)
{
    DIR *d = fdopendir(fd);
    bool good = d != NULL;
    for (const struct dirent *entry; good && (entry = readdir(d)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (is_ours(name, depth)) {
            good = !really || unlinkat(dirfd(d), name, 0) == 0;
            continue;
        }
        int below = is_our_folder(name, depth)
            ? openat(dirfd(d), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
        good = below >= 0 && emptied(below, depth + 1, really)
            && (!really || unlinkat(dirfd(d), name, AT_REMOVEDIR) == 0);
    }
    if (d)
        (void)closedir(d);
    else
        (void)close(fd);
    return good;
}

enum err bundle_empty(int folder, const char *name, struct err_info *info)
{
    for (int really = 0; really < 2; really++) {
        int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || !emptied(fd, 0, really))
            return err_note(info, E_CONFLICT, NULL, MSG("%s 中有不属于备份的文件，请查看后移走",
                "%s holds files that are not of a backup; look at them and move them away"),
                str_c(path_end(name)));
    }
    return OK;
}

enum err bundle_folders(int dir, const char *hex)
{
    char path[sizeof(BUNDLE_PHOTOS) + 6];
    static const int chars[] = { 0, 2, 4 };
    for (size_t i = 0; i < COUNT_OF(chars); i++) {
        (void)snprintf(path, sizeof(path), "%s%s%.2s%s%.2s", BUNDLE_PHOTOS, i ? "/" : "",
            i ? hex : "", i > 1 ? "/" : "", i > 1 ? hex + 2 : "");
        if (mkdirat(dir, path, 0700) != 0 && errno != EEXIST)
            return from_errno();
    }
    return OK;
}

/* The manifest -------------------------------------------------------------------------------- */

enum err manifest_write(const char *dir, const struct manifest *m, struct hash *ret)
{
    CLEANUP(arena_free) struct arena a;
    arena_init(&a, 1 << 18);
    struct buf b = buf_in(&a, MANIFEST_BYTES_MAX);
    struct str fresh = arena_fmt(&a, "%s/" BUNDLE_MANIFEST ".new", dir),
        name = arena_fmt(&a, "%s/" BUNDLE_MANIFEST, dir);
    record_to_json(&b, &manifest_record, m);
    buf_byte(&b, '\n');
    CLEANUP(fd_close) int fd = open(fresh.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || !fd_write_all(fd, buf_str(&b)) || fsync(fd) != 0 || rename(fresh.p, name.p) != 0)
        return from_errno();
    *ret = hash_sha256(buf_str(&b));
    return OK;
}

enum err manifest_read(const char *dir, struct arena *a, struct manifest *ret,
    struct err_info *info)
{
    struct err_info why = { .e = OK };
    struct str name = arena_fmt(a, "%s/" BUNDLE_MANIFEST, dir);
    char *text = arena_bytes(a, MANIFEST_BYTES_MAX);
    CLEANUP(fd_close) int fd = open(name.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return err_note(info, E_MISSING, "from", MSG("%s 不是备份:没有 manifest.json",
            "%s is not a backup: there is no manifest.json in it"), str_c(dir));
    ssize_t n = read(fd, text, MANIFEST_BYTES_MAX);
    record_clear(&manifest_record, ret);
    if (n >= 0 && record_from_json(a, &manifest_record, (struct str){ text, (size_t)n }, ret, &why)
        == OK && ret->format == BUNDLE_FORMAT)
        return OK;
    return err_note(info, E_INPUT, "from", MSG("%s 已损坏，或来自更新的版本",
        "%s is damaged, or of a newer version of the program"), name);
}
