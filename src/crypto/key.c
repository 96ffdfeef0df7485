/* key.c: the key file. Text, one line a key, in fixed order, with a closing check line so that a
 * damaged file is noticed at start and not when the first name cannot be read:
 *   fengqiao-keys 1
 *   name NAME
 *   sign-seed BASE64 / seal-master BASE64 / code-key BASE64 / token-key BASE64
 *   seal-before BASE64   only while the sealing key is turned: the one before
 *   check HEX            first 8 bytes of SHA-256 over all lines before it */
#include "crypto/key.h"
#include "crypto/hash.h"
#include "base/fd.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_FILE_BYTES_MAX = 1024, KEY_CHECK_BYTES = 8, KEY_ARENA_BYTES = 64 * 1024 };

static const char key_file_head[] = "fengqiao-keys 1";

/* The secrets a file holds; everything else follows from them. */
struct key_seeds {
    unsigned char sign[KEY_BYTES], seal[KEY_BYTES], code[KEY_BYTES], token[KEY_BYTES],
        before[KEY_BYTES];
    bool turning;               /* there is one before */
};

/* Unicode white space, controls, and what the signed-note format keeps for itself. */
static bool name_forbids(uint32_t c)
{
    return c <= 0x20 || c == '+' || (c >= 0x7F && c <= 0xA0) || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F
        || c == 0x205F || c == 0x3000;
}

bool keys_name_ok(struct str name)
{
    if (name.n == 0 || name.n > KEY_NAME_BYTES_MAX || !str_is_text(name))
        return false;
    for (size_t at = 0; at < name.n;)
        if (name_forbids(str_next(name, &at)))
            return false;
    return true;
}

static void keys_from_seeds(const struct key_seeds *s, struct str name, struct node_keys *ret)
{
    CHECK(keys_name_ok(name));
    CHECK(sodium_init() >= 0);
    memset(ret, 0, sizeof(*ret));
    CHECK(crypto_sign_seed_keypair(ret->sign_public, ret->sign_secret, s->sign) == 0);
    memcpy(ret->seal_master[0], s->seal, KEY_BYTES);
    if (s->turning)
        memcpy(ret->seal_master[1], s->before, KEY_BYTES);
    atomic_store(&ret->n_seal, s->turning ? 2 : 1);
    memcpy(ret->code_key, s->code, KEY_BYTES);
    memcpy(ret->token_key, s->token, KEY_BYTES);
    memcpy(ret->name, name.p, name.n);
}

static void key_file_line(struct buf *b, const char *label, const unsigned char key[KEY_BYTES])
{
    buf_fmt(b, "%s ", label);
    buf_base64(b, bytes_str(key, KEY_BYTES));
    buf_byte(b, '\n');
}

static void key_file_check(struct str before, struct buf *b)
{
    struct hash h = hash_sha256(before);
    buf_hex(b, bytes_str(h.b, KEY_CHECK_BYTES));
}

static struct str key_file_text(struct arena *a, const struct key_seeds *s, struct str name)
{
    struct buf b = buf_in(a, KEY_FILE_BYTES_MAX);
    buf_fmt(&b, "%s\nname %.*s\n", key_file_head, STR_FMT(name));
    key_file_line(&b, "sign-seed", s->sign);
    key_file_line(&b, "seal-master", s->seal);
    key_file_line(&b, "code-key", s->code);
    key_file_line(&b, "token-key", s->token);
    if (s->turning)
        key_file_line(&b, "seal-before", s->before);
    struct buf check = buf_in(a, KEY_FILE_BYTES_MAX);
    key_file_check(buf_str(&b), &check);
    buf_fmt(&b, "check %.*s\n", STR_FMT(buf_str(&check)));
    return buf_str(&b);
}

/* The value of the line "label value", or STR_NONE. */
static struct str key_line_take(struct str *text, const char *label)
{
    struct str value, line = str_cut(*text, '\n', text);
    struct str word = str_cut(line, ' ', &value);
    return str_is(word, label) && value.n ? value : STR_NONE;
}

static bool key_secret_take(struct arena *a, struct str *text, const char *label,
                            unsigned char *ret)
{
    struct str bytes, value = key_line_take(text, label);
    if (!value.n || !base64_decode(a, value, &bytes) || bytes.n != KEY_BYTES)
        return false;
    memcpy(ret, bytes.p, KEY_BYTES);
    return true;
}

static bool key_file_parse(struct arena *a, struct str text, struct key_seeds *ret,
                           struct str *ret_name)
{
    struct str rest = text, head = str_cut(text, '\n', &rest);
    if (!str_is(head, key_file_head) || text.p[text.n - 1] != '\n')
        return false;
    *ret_name = key_line_take(&rest, "name");
    if (!keys_name_ok(*ret_name) || !key_secret_take(a, &rest, "sign-seed", ret->sign)
        || !key_secret_take(a, &rest, "seal-master", ret->seal)
        || !key_secret_take(a, &rest, "code-key", ret->code)
        || !key_secret_take(a, &rest, "token-key", ret->token))
        return false;
    ret->turning = str_starts(rest, STR("seal-before "));
    if (ret->turning && !key_secret_take(a, &rest, "seal-before", ret->before))
        return false;
    struct buf check = buf_in(a, KEY_FILE_BYTES_MAX);
    key_file_check((struct str){ text.p, text.n - rest.n }, &check);
    return str_eq(key_line_take(&rest, "check"), buf_str(&check)) && rest.n == 0;
}

static void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum err key_unreadable(struct err_info *info, enum err e, const char *path)
{
    return err_note(info, e, "keys",
        MSG("无法读取密钥文件 %s", "Cannot read the key file %s"), str_c(path));
}

static enum err key_file_guard(int fd, const char *path, struct err_info *info)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return key_unreadable(info, E_IO, path);
    if (S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return OK;
    return err_note(info, E_DENIED, "keys",
        MSG("密钥文件 %s 必须属于运行用户且仅本人可读，请执行 chmod 600",
            "The key file %s must be the running user's and readable by nobody else: chmod 600"),
        str_c(path));
}

static bool key_file_read(int fd, struct arena *a, struct str *ret)
{
    char *text = NEW_N(a, char, KEY_FILE_BYTES_MAX + 1);
    size_t n = 0;
    while (n <= KEY_FILE_BYTES_MAX) {
        ssize_t got = read(fd, text + n, KEY_FILE_BYTES_MAX + 1 - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *ret = (struct str){ text, n };
    return true;
}

/* E_MISSING without a note when there is no file. */
static enum err seeds_load(struct arena *a, const char *path, struct key_seeds *ret,
                           struct str *ret_name, struct err_info *info)
{
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return E_MISSING;
    if (fd < 0)
        return key_unreadable(info, errno == ELOOP || errno == EACCES ? E_DENIED : E_IO, path);
    TRY(key_file_guard(fd, path, info));
    struct str text = STR_NONE;
    if (!key_file_read(fd, a, &text))
        return key_unreadable(info, E_IO, path);
    if (!key_file_parse(a, text, ret, ret_name))
        return err_note(info, E_INPUT, "keys",
            MSG("密钥文件 %s 已损坏，请从备份恢复",
                "The key file %s is damaged; restore it from a backup"), str_c(path));
    return OK;
}

static enum err keys_load(struct arena *a, const char *path, struct node_keys *ret,
                          struct err_info *info)
{
    struct key_seeds s;
    struct str name = STR_NONE;
    TRY(seeds_load(a, path, &s, &name, info));
    keys_from_seeds(&s, name, ret);
    sodium_memzero(&s, sizeof(s));
    return OK;
}

static bool folder_sync(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    struct str folder = slash == path ? STR("/") : slash ? arena_dup(a, path, n) : STR(".");
    CLEANUP(fd_close) int fd = open(folder.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

/* A link, unlike a rename, never replaces a file that another process has just made. */
static bool key_file_place(const char *from, const char *path, bool over)
{
    if (over && rename(from, path) == 0)
        return true;
    bool done = !over && (link(from, path) == 0 || errno == EEXIST);
    return unlink(from) == 0 && done;
}

/* What replaces a file always has the same name before, so that nothing stays of one that was
 * killed: it holds keys. */
static int key_file_open(char *name, bool over)
{
    if (!over)
        return mkostemp(name, O_CLOEXEC);
    (void)unlink(name);
    return open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Writes beside the target, then gives it its name. */
static bool key_file_write(struct arena *a, const char *path, struct str text, bool over)
{
    struct str temp = arena_fmt(a, over ? "%s.next" : "%s.new-XXXXXX", path);
    char *name = NEW_N(a, char, temp.n + 1);
    memcpy(name, temp.p, temp.n);
    CLEANUP(fd_close) int fd = key_file_open(name, over);
    if (fd < 0)
        return false;
    bool done = fd_write_all(fd, text) && fsync(fd) == 0;
    if (!done)
        (void)unlink(name);
    return done && key_file_place(name, path, over) && folder_sync(a, path);
}

static enum err key_unwritten(struct err_info *info, const char *path)
{
    return err_note(info, E_IO, "keys",
        MSG("无法写入密钥文件 %s", "Cannot write the key file %s"), str_c(path));
}

static void seeds_make(struct rand *r, struct key_seeds *ret)
{
    memset(ret, 0, sizeof(*ret));
    rand_bytes(r, ret, offsetof(struct key_seeds, before));
}

static enum err keys_create(struct arena *a, const char *path, const char *name, struct rand *r,
                            struct err_info *info)
{
    if (name == NULL || !keys_name_ok(str_c(name)))
        return err_note(info, E_INPUT, "name",
            MSG("节点名称应为 1 至 63 字节，不含空格和加号",
                "The node name must be 1 to 63 bytes without spaces and plus signs"), STR_NONE);
    struct key_seeds s;
    seeds_make(r, &s);
    struct str text = key_file_text(a, &s, str_c(name));
    sodium_memzero(&s, sizeof(s));
    return key_file_write(a, path, text, false) ? OK : key_unwritten(info, path);
}

enum err keys_load_or_create(const char *path, const char *name, struct rand *r,
                             struct node_keys *ret, struct err_info *info)
{
    CLEANUP(arena_free) struct arena a;
    arena_init(&a, KEY_ARENA_BYTES);
    struct node_keys k;
    enum err e = keys_load(&a, path, &k, info);
    if (e == E_MISSING) {
        TRY(keys_create(&a, path, name, r, info));
        e = keys_load(&a, path, &k, info);
    }
    TRY(e);
    if (name && !str_is(str_c(name), k.name))
        return err_note(info, E_CONFLICT, "name",
            MSG("密钥文件属于另一节点 %s", "The key file belongs to another node, %s"), str_c(k.name));
    *ret = k;
    keys_wipe(&k);
    return OK;
}

/* The words of the file are kept as they are, so that it can be compared with a copy in a safe. */
static enum err key_file_copy(struct arena *a, const char *from, const char *to,
                              struct err_info *info)
{
    struct str text = STR_NONE;
    CLEANUP(fd_close) int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || !key_file_read(fd, a, &text))
        return key_unreadable(info, E_IO, from);
    bool done = key_file_write(a, to, text, false);
    sodium_memzero((char *)(uintptr_t)text.p, text.n);
    return done ? OK : key_unwritten(info, to);
}

enum err keys_copy(const char *from, const char *to, struct err_info *info)
{
    CLEANUP(arena_free) struct arena a;
    arena_init(&a, KEY_ARENA_BYTES);
    struct node_keys k, there;
    TRY(keys_load(&a, from, &k, info));
    enum err e = keys_load(&a, to, &there, info);
    if (e == E_MISSING) {
        TRY(key_file_copy(&a, from, to, info));
        e = keys_load(&a, to, &there, info);
    }
    if (e == OK && memcmp(&k, &there, sizeof(k)) != 0)
        e = err_note(info, E_CONFLICT, "keys", MSG("%s 是另一套密钥，请改用别的目录",
            "%s holds other keys; give another directory"), str_c(to));
    keys_wipe(&k);
    keys_wipe(&there);
    return e;
}

struct seal_name keys_seal_name(const struct node_keys *k, size_t i)
{
    struct hash h = hash_hmac(k->seal_master[i], "fengqiao sealing key v1", STR(""));
    struct seal_name name;
    (void)sodium_bin2hex(name.hex, sizeof(name.hex), h.b, SEAL_NAME_CHARS / 2);
    return name;
}

ptrdiff_t keys_find(const struct node_keys *k, struct str name)
{
    for (size_t i = 0, n = atomic_load(&k->n_seal); i < n; i++)
        if (str_is(name, keys_seal_name(k, i).hex))
            return (ptrdiff_t)i;
    return -1;
}

enum err keys_learn(struct node_keys *k, const char *path, struct err_info *info)
{
    struct node_keys there;
    TRY(keys_load_or_create(path, NULL, NULL, &there, info));
    for (size_t i = 0; i < atomic_load(&there.n_seal); i++) {
        size_t n = atomic_load(&k->n_seal);
        if (keys_find(k, str_c(keys_seal_name(&there, i).hex)) >= 0)
            continue;
        CHECK(n < SEAL_KEYS_MAX);
        memcpy(k->seal_master[n], there.seal_master[i], KEY_BYTES);
        atomic_store(&k->n_seal, n + 1);
    }
    keys_wipe(&there);
    return OK;
}

static enum err seeds_replace(struct arena *a, const char *path, const struct key_seeds *s,
                              struct str name, struct err_info *info)
{
    struct str text = key_file_text(a, s, name);
    bool done = key_file_write(a, path, text, true);
    sodium_memzero((char *)(uintptr_t)text.p, text.n);
    return done ? OK : key_unwritten(info, path);
}

enum err keys_turn(const char *path, struct rand *r, struct node_keys *ret, struct err_info *info)
{
    CLEANUP(arena_free) struct arena a;
    struct key_seeds s;
    struct str name = STR_NONE;
    arena_init(&a, KEY_ARENA_BYTES);
    enum err e = seeds_load(&a, path, &s, &name, info);
    if (e == OK && !s.turning) {
        memcpy(s.before, s.seal, KEY_BYTES);
        rand_bytes(r, s.seal, KEY_BYTES);
        s.turning = true;
        e = seeds_replace(&a, path, &s, name, info);
    }
    if (e == OK)
        keys_from_seeds(&s, name, ret);
    sodium_memzero(&s, sizeof(s));
    return e;
}

enum err keys_retire(const char *path, struct str newest, struct err_info *info)
{
    CLEANUP(arena_free) struct arena a;
    struct key_seeds s;
    struct node_keys k;
    struct str name = STR_NONE;
    arena_init(&a, KEY_ARENA_BYTES);
    TRY(seeds_load(&a, path, &s, &name, info));
    keys_from_seeds(&s, name, &k);
    bool found = s.turning && str_is(newest, keys_seal_name(&k, 0).hex);
    s.turning = s.turning && !found;
    enum err e = found ? seeds_replace(&a, path, &s, name, info) : OK;
    sodium_memzero(&s, sizeof(s));
    keys_wipe(&k);
    return e;
}

void keys_only(const struct node_keys *k, size_t i, struct node_keys *ret)
{
    *ret = *k;
    memset(ret->seal_master, 0, sizeof(ret->seal_master));
    memcpy(ret->seal_master[0], k->seal_master[i], KEY_BYTES);
    atomic_store(&ret->n_seal, 1);
    atomic_store(&ret->sealing, 0);
}

void keys_derive(uint64_t seed, const char *name, struct node_keys *ret)
{
    struct rand r = rand_seeded(seed);
    struct key_seeds s;
    seeds_make(&r, &s);
    keys_from_seeds(&s, str_c(name), ret);
}

void keys_wipe(struct node_keys *k)
{
    sodium_memzero(k, sizeof(*k));
}
