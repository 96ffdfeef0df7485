/* backup.c: `fengqiao backup`: a copy of a node while it serves: the database as it was at one
 * moment, then the photos, of which there are only ever more, so that none is missing that the
 * copy of the database names. It is made under another name and gets its own when it is whole and
 * on disk. */
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/lost.h"
#include "cli/node.h"
#include "access/sealing.h"
#include "attach/store.h"
#include "ledger/log.h"
#include "ledger/note.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NICE = 10, PATH_CHARS = 4200, PAGE_BYTES = 4096 };
SQL_SCANS(MATTERS, "backup.matters", "SELECT count(*) FROM matter");
SQL_SCANS(ENTRIES, "backup.entries", "SELECT count(*) FROM entry");
const struct sql *const backup_statements[] = { &MATTERS, &ENTRIES };
const size_t backup_statements_n = COUNT_OF(backup_statements);

struct backup {
    const struct cli_args *args;
    struct site site;
    struct db *db;
    struct arena a;
    struct progress bar;
    struct carrier carrier;
    struct manifest manifest;
    struct lost_photos lost;
    struct str sealing;             /* which keys seal what is in it (access/sealing.h) */
    struct hash digest;             /* of manifest.json */
    char part[PATH_CHARS], photos[PATH_CHARS];
    int folder;                     /* part, open and locked; -1 before */
    FILE *sums;
    struct err_info info;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct backup *b, const char *zh, const char *en)
{
    return b->args->lang == LANG_EN ? en : zh;
}

static const char *in_part(struct backup *b, const char *name)
{
    return arena_fmt(&b->a, "%s/%s", b->part, name).p;
}

/* The database --------------------------------------------------------------------------------- */

static enum err source_open(struct backup *b)
{
    enum err e = db_open(b->site.db, DB_OVERSEER, &b->db);
    if (e == OK)
        e = db_version(b->db, &b->manifest.schema);
    if (e != OK)
        return err_note(&b->info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&b->site)));
    db_take_time(b->db);
    if (b->manifest.schema == 0)
        return err_note(&b->info, E_MISSING, "db", MSG("%s 中没有枫桥的数据库",
            "There is no database of this program in %s"), str_c(site_shown(&b->site)));
    TRY(db_version_check(b->manifest.schema, &b->info));
    return node_moved_check(b->db, &b->info);
}

static enum err verifier_find(struct backup *b)
{
    struct node_keys keys;
    struct rand rand = rand_system();
    TRY(node_keys_for(&b->site, NULL, &rand, &keys, &b->info));
    struct note_key key = note_key_of(&keys);
    b->manifest.verifier = note_key_text(&b->a, &key);
    enum err e = node_keys_check(b->db, &b->site, &keys, &b->info);
    keys_wipe(&keys);
    return e;
}

/* The first statement fixes the moment. */
static enum err figures_read(struct backup *b)
{
    struct log_checkpoint newest;
    b->manifest.taken_ms = clock_now_ms(clock_system());
    enum err e = log_newest(b->db, &b->a, &newest);
    b->manifest.checkpoint = e == OK ? newest.note : STR_NONE;
    TRY(e == E_MISSING ? OK : e);
    TRY(node_sealing(b->db, &b->a, &b->sealing));
    TRY(db_number(b->db, &MATTERS, NO_ARGS, &b->manifest.matters));
    return db_number(b->db, &ENTRIES, NO_ARGS, &b->manifest.entries);
}

static enum err copied(void *ctx, int64_t done, int64_t total)
{
    struct backup *b = ctx;
    b->carrier.total = total * PAGE_BYTES;
    b->carrier.done = done * PAGE_BYTES;
    return carrier_rest(&b->carrier);
}

/* A line of SHA256SUMS. */
static void sum_add(struct backup *b, const struct hash *h, const char *name, int64_t bytes)
{
    fprintf(b->sums, "%s  %s\n", hash_text_of(h).hex, name);
    b->manifest.files++;
    b->manifest.bytes += bytes;
}

/* What reached the disk is read again: its digest is that of the file, not of the memory. */
static enum err database_digest(struct backup *b)
{
    struct hash h;
    struct stat st;
    if (fstatat(b->folder, BUNDLE_DATABASE, &st, 0) != 0)
        return E_IO;
    progress_part(&b->bar, MSG("复核数据库", "reading it again"));
    b->carrier.done = 0;
    b->carrier.total = st.st_size;
    TRY(carrier_take(&b->carrier, b->folder, BUNDLE_DATABASE, -1, NULL, &h));
    sum_add(b, &h, BUNDLE_DATABASE, st.st_size);
    return OK;
}

static enum err database_copy(struct backup *b)
{
    struct stat st;
    const char *name = in_part(b, BUNDLE_DATABASE),
        *file = strncmp(b->site.db, "sqlite:", 7) == 0 ? b->site.db + 7 : b->site.db;
    if (stat(file, &st) == 0)
        TRY(carrier_fits(&b->carrier, name, st.st_size));
    progress_part(&b->bar, MSG("复制数据库", "copying the database"));
    enum err e = db_copy(b->db, name, copied, b);
    if (e != OK && b->info.e == OK)
        return carrier_unwritten(&b->carrier, e, name);
    return e;
}

static enum err database_take(struct backup *b)
{
    TRY(db_begin(b->db));
    enum err e = figures_read(b);
    if (e == OK && !b->manifest.server)
        e = database_copy(b);
    db_rollback(b->db);
    if (e == OK && !b->manifest.server)
        e = database_digest(b);
    return e;
}

/* Photos and key ------------------------------------------------------------------------------- */

static enum err photo_count(void *ctx, const struct store_name *name, int folder)
{
    struct backup *b = ctx;
    struct stat st;
    if (fstatat(folder, name->hex, &st, AT_SYMLINK_NOFOLLOW) == 0)
        b->carrier.total += st.st_size;
    return OK;
}

/* A photo may have been swept away since it was counted. */
static enum err photo_take(void *ctx, const struct store_name *name, int folder)
{
    struct backup *b = ctx;
    struct hash h;
    char to[sizeof(BUNDLE_PHOTOS) + 8 + STORE_NAME_CHARS];
    int64_t before = b->carrier.done;
    (void)snprintf(to, sizeof(to), BUNDLE_PHOTOS "/%.2s/%.2s/%s", name->hex, name->hex + 2,
        name->hex);
    if (faccessat(folder, name->hex, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return OK;
    enum err e = bundle_folders(b->folder, name->hex);
    if (e != OK)
        return carrier_unwritten(&b->carrier, e, to);
    TRY(carrier_take(&b->carrier, folder, name->hex, b->folder, to, &h));
    if (strcmp(hash_text_of(&h).hex, name->hex) != 0)
        return err_note(&b->info, E_IO, "data", MSG("照片已损坏：%s",
            "This photo is spoilt: %s"), str_c(name->hex));
    sum_add(b, &h, to, b->carrier.done - before);
    b->manifest.photos++;
    return OK;
}

static enum err photos_take(struct backup *b)
{
    (void)snprintf(b->photos, sizeof(b->photos), "%s.photos", b->site.beside);
    b->carrier.done = b->carrier.total = 0;
    if (access(b->photos, F_OK) != 0)
        return OK;                  /* nothing was ever served here */
    progress_part(&b->bar, MSG("复制照片", "copying photos"));
    TRY(store_each(b->photos, photo_count, b));
    TRY(carrier_fits(&b->carrier, in_part(b, BUNDLE_PHOTOS), b->carrier.total));
    return store_each(b->photos, photo_take, b);
}

/* It may have been turned since the moment of the copy. */
static enum err key_fits(struct backup *b)
{
    struct node_keys keys;
    TRY(keys_load_or_create(in_part(b, BUNDLE_KEY), NULL, NULL, &keys, &b->info));
    bool fits = sealing_fits(&keys, b->sealing);
    keys_wipe(&keys);
    return fits ? OK : err_note(&b->info, E_CONFLICT, "data", MSG("备份期间轮换了封存密钥，请重新备份",
        "The sealing key was turned meanwhile; back up again"), STR_NONE);
}

static enum err key_take(struct backup *b)
{
    struct hash h;
    struct stat st;
    char from[PATH_CHARS];
    if (!b->manifest.key)
        return OK;
    (void)snprintf(from, sizeof(from), "%s.key", b->site.beside);
    TRY(keys_copy(from, in_part(b, BUNDLE_KEY), &b->info));
    TRY(key_fits(b));
    TRY(carrier_take(&b->carrier, b->folder, BUNDLE_KEY, -1, NULL, &h));
    if (fstatat(b->folder, BUNDLE_KEY, &st, 0) != 0)
        return E_IO;
    sum_add(b, &h, BUNDLE_KEY, st.st_size);
    return OK;
}

/* The whole ------------------------------------------------------------------------------------ */

/* What a backup that was killed has left in the way is taken away. */
static enum err folder_make(struct backup *b, const char *to)
{
    struct stat st;
    (void)snprintf(b->part, sizeof(b->part), "%s.part", to);
    if (lstat(to, &st) == 0)
        return err_note(&b->info, E_CONFLICT, "to", MSG("%s 已经存在，请换一个名字",
            "%s is there already; give another name"), str_c(path_end(to)));
    if (mkdir(b->part, 0700) != 0 && errno != EEXIST)
        return carrier_unmade(&b->carrier, b->part);
    int fd = open(b->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return carrier_unwritten(&b->carrier, E_IO, b->part);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        b->folder = fd;
        return bundle_empty(fd, b->part, &b->info);
    }
    (void)close(fd);
    return err_note(&b->info, E_BUSY, "to", MSG("另一个备份正在写 %s",
        "Another backup is writing %s"), str_c(b->part));
}

static void folder_drop(struct backup *b)
{
    struct err_info unread = { .e = OK };
    if (b->folder >= 0 && bundle_empty(b->folder, b->part, &unread) == OK)
        (void)rmdir(b->part);
}

static enum err sums_begin(struct backup *b)
{
    int fd = openat(b->folder, BUNDLE_SUMS, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    b->sums = fd >= 0 ? fdopen(fd, "w") : NULL;
    return b->sums ? OK
        : carrier_unwritten(&b->carrier, errno == ENOSPC ? E_TOO_LARGE : E_IO, BUNDLE_SUMS);
}

static enum err sums_end(struct backup *b)
{
    struct hash h;
    bool good = fflush(b->sums) == 0 && !ferror(b->sums) && fsync(fileno(b->sums)) == 0;
    good = fclose(b->sums) == 0 && good;
    b->sums = NULL;
    if (!good)
        return carrier_unwritten(&b->carrier, errno == ENOSPC ? E_TOO_LARGE : E_IO, BUNDLE_SUMS);
    TRY(carrier_take(&b->carrier, b->folder, BUNDLE_SUMS, -1, NULL, &h));
    b->manifest.sums = arena_str(&b->a, str_c(hash_text_of(&h).hex));
    enum err e = manifest_write(b->part, &b->manifest, &b->digest);
    return e == OK ? OK : carrier_unwritten(&b->carrier, e, BUNDLE_MANIFEST);
}

static enum err take(struct backup *b, const char *to)
{
    TRY(source_open(b));
    TRY(verifier_find(b));
    TRY(folder_make(b, to));
    TRY(sums_begin(b));
    TRY(database_take(b));
    TRY(photos_take(b));
    TRY(photos_lost(b->db, b->photos, &b->bar, &b->lost));
    TRY(key_take(b));
    TRY(sums_end(b));
    TRY(carrier_sync(&b->carrier, in_part(b, BUNDLE_MANIFEST)));
    if (rename(b->part, to) != 0)
        return carrier_unwritten(&b->carrier, E_IO, to);
    return carrier_sync(&b->carrier, to);
}

static const char *lost_count(struct backup *b)
{
    return b->lost.lost == 0 ? "" : arena_fmt(&b->a, say(b, "(缺 %lld 张)", " (%lld missing)"),
        (long long)b->lost.lost).p;
}

static void told(struct backup *b, const char *to)
{
    const struct manifest *m = &b->manifest;
    struct buf at = buf_in(&b->a, 64);
    clock_write_iso(&at, m->taken_ms);
    printf(say(b, "备份完成：%s，截至 %.*s，%lld 件事项、%lld 条记录、%lld 张照片%s，%.1f MB，用时 %.0f 秒\n",
        "Backed up to %s as of %.*s: %lld matters, %lld entries, %lld photos%s, %.1f MB, in %.0f s\n"),
        to, STR_FMT(buf_str(&at)), (long long)m->matters, (long long)m->entries,
        (long long)m->photos, lost_count(b), (double)m->bytes / 1e6,
        (double)(clock_monotonic_us() - b->bar.started_us) / 1e6);
    struct str lost = photos_lost_text(&b->a, &b->lost, b->args->lang);
    if (lost.n)
        fprintf(stderr, say(b, "注意：%.*s；备份里也没有\n", "Note: %.*s; the backup lacks them, too\n"),
            STR_FMT(lost));
    printf(say(b, "manifest.json 的 SHA-256：%s\n", "SHA-256 of manifest.json: %s\n"),
        hash_text_of(&b->digest).hex);
    if (m->server)
        printf(say(b, "数据库 %s 在服务器上，不在此备份中：请在运行本命令之前用 pg_dump -Fc 备份\n",
            "The rows of %s lie on their server and are not in it: take them with pg_dump -Fc,"
            " before this\n"), site_shown(&b->site));
    printf(m->key ? say(b, "其中有密钥文件 %s.key 的副本：谁得到此备份，谁就能读出封存的姓名和电话，请加密保存\n",
        "It holds a copy of the key file %s.key: whoever gets hold of it can read sealed names and"
        " phones; keep it encrypted\n")
        : say(b, "其中没有密钥文件 %s.key：请另存一份，没有它就无法恢复\n",
        "The key file %s.key is not in it: keep a copy of that elsewhere; nothing can be restored"
        " without it\n"), b->site.beside);
}

/* "DIR/" is DIR. */
static const char *name_of(struct arena *a, const char *given)
{
    size_t n = strlen(given);
    while (n > 1 && given[n - 1] == '/')
        n--;
    return arena_dup(a, given, n).p;
}

static int run(const struct cli_args *args)
{
    const char *to = cli_value(args, "to");
    struct backup b = { .args = args, .bar = progress_of(args->lang), .folder = -1 };
    if (to == NULL || to[0] == '\0')
        return cli_usage(args, MSG("请给出 --to", "give --to"));
    site_at(cli_value(args, "db"), cli_value(args, "data"), &b.site);
    arena_init(&b.a, 16 << 20);
    to = name_of(&b.a, to);
    b.manifest = (struct manifest){ .format = BUNDLE_FORMAT, .program = STR(FQ_VERSION),
        .server = db_is_server(b.site.db), .key = cli_flag(args, "with-key") };
    carrier_begin(&b.carrier, &b.bar, "to", &b.info);
    b.carrier.gentle = true;
    (void)setpriority(PRIO_PROCESS, 0, NICE);   /* who is served comes first */
    enum err e = take(&b, to);
    progress_end(&b.bar);
    if (b.sums)
        (void)fclose(b.sums);
    db_close(b.db);
    if (e == OK)
        told(&b, to);
    else
        folder_drop(&b);
    if (b.folder >= 0)
        (void)close(b.folder);
    int status = e == OK ? CLI_DONE : cli_fail(args, &b.info, e);
    arena_free(&b.a);
    return status;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("要备份的数据库，可以正在服务",
        "the database, which may be serving") },
    { "data", "DIR", NULL, MSG("密钥和照片所在目录(同 serve)", "directory of key and photos, as for serve") },
    { "to", "DIR", NULL, MSG("备份写成这个新目录，写完才有此名",
        "the backup becomes this new directory, which has its name only once it is whole") },
    { "with-key", NULL, NULL, MSG("也放入密钥文件；这样的备份须加密保存",
        "put the key file in, too; such a backup must be kept encrypted") },
};
const struct cli_command cli_backup = { "backup", "",
    MSG("在服务运行时备份数据库、照片和(可选)密钥",
        "Back up database, photos and, if wanted, the key while serving"),
    options, COUNT_OF(options), run };
