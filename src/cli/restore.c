/* restore.c: `fengqiao restore`: a node from a backup. Every file is held against its digest while it
 * is copied to a name beside the place where it will lie; then the schema is brought up to date and
 * the whole record audited; only then do the files get their names, the database last. */
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/lost.h"
#include "cli/node.h"
#include "cli/verify.h"
#include "attach/store.h"
#include "ledger/ids.h"
#include "ledger/note.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_CHARS = 4200, LINE_CHARS = 256, IDS_PASSED = 1 << 26 };
struct restore {
    const struct cli_args *args;
    struct site site, staged;       /* staged: the database before it has its name */
    struct arena a;
    struct progress bar;
    struct carrier carrier;
    struct manifest manifest;
    const char *from;
    int source, folder;             /* directories of the backup, and for photos; -1 before */
    char key[PATH_CHARS], photos[PATH_CHARS], staging[PATH_CHARS], database[PATH_CHARS];
    bool key_made;
    struct err_info info;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct restore *r, const char *zh, const char *en)
{
    return r->args->lang == LANG_EN ? en : zh;
}

/* The place ------------------------------------------------------------------------------------ */

static enum err name_free(struct restore *r, const char *stem, const char *end)
{
    char path[PATH_CHARS];
    (void)snprintf(path, sizeof(path), "%s%s", stem, end);
    return access(path, F_OK) != 0 ? OK : err_note(&r->info, E_CONFLICT, r->carrier.target,
        MSG("%s 已经存在：只能恢复到空的位置，请移走它或换一个位置",
            "%s is there already: a backup is restored to an empty place; move it away or give"
            " another place"), str_c(path_end(path)));
}

static enum err place_free(struct restore *r)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < COUNT_OF(ends) && !r->manifest.server; i++)
        TRY(name_free(r, r->database, ends[i]));
    TRY(name_free(r, r->site.beside, ".search"));
    /* an empty directory is in nobody's way */
    if (rmdir(r->photos) != 0 && errno != ENOENT)
        return name_free(r, r->photos, "");
    return OK;
}

static void names_make(struct restore *r)
{
    const char *file = r->site.db;
    file = strncmp(file, "sqlite:", 7) == 0 ? file + 7 : file;
    (void)snprintf(r->database, sizeof(r->database), "%s", file);
    (void)snprintf(r->key, sizeof(r->key), "%s.key", r->site.beside);
    (void)snprintf(r->photos, sizeof(r->photos), "%s.photos", r->site.beside);
    (void)snprintf(r->staging, sizeof(r->staging), "%s.restoring", r->site.beside);
    r->staged = r->site;
    if (!db_is_server(r->site.db))
        r->staged.db = arena_fmt(&r->a, "%s.restored", file).p;
}

static enum err backup_open(struct restore *r)
{
    TRY(manifest_read(r->from, &r->a, &r->manifest, &r->info));
    TRY(db_version_check(r->manifest.schema, &r->info));
    if (r->manifest.server != db_is_server(r->site.db))
        return err_note(&r->info, E_CONFLICT, "db", r->manifest.server
            ? MSG("这是 PostgreSQL 数据库的备份：请先用 pg_restore 恢复数据库，再以 --db postgres://… 运行",
                "This is the backup of a PostgreSQL database: restore that with pg_restore first, then"
                " give --db postgres://...")
            : MSG("这是数据库文件的备份：--db 应为文件名；之后可用 fengqiao migrate 搬到 PostgreSQL",
                "This is the backup of a database file: give a file as --db; fengqiao migrate moves it"
                " to PostgreSQL afterwards"), STR_NONE);
    r->source = open(r->from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return r->source >= 0 ? OK : err_note(&r->info, E_IO, "from", MSG("读不了 %s", "Cannot read %s"),
        str_c(r->from));
}

/* The key -------------------------------------------------------------------------------------- */

/* From the backup, from where --key says, or in place already. */
static enum err key_put(struct restore *r)
{
    const char *from = cli_value(r->args, "key");
    r->key_made = access(r->key, F_OK) != 0;
    if (from == NULL && r->manifest.key)
        from = arena_fmt(&r->a, "%s/" BUNDLE_KEY, r->from).p;
    if (from == NULL && r->key_made)
        return err_note(&r->info, E_MISSING, "key", MSG("此备份不含密钥文件，请用 --key 给出另存的那一份",
            "The key file is not in this backup; give the copy kept elsewhere with --key"), STR_NONE);
    return from ? keys_copy(from, r->key, &r->info) : OK;
}

static enum err key_check(struct restore *r)
{
    struct node_keys keys;
    struct rand rand = rand_system();
    TRY(node_keys_for(&r->site, NULL, &rand, &keys, &r->info));
    struct note_key key = note_key_of(&keys);
    struct str text = note_key_text(&r->a, &key);
    keys_wipe(&keys);
    return str_eq(text, r->manifest.verifier) ? OK : err_note(&r->info, E_CONFLICT, "key",
        MSG("密钥文件不是此备份所属节点的", "The key file is of another node than this backup"),
        STR_NONE);
}

/* The files ------------------------------------------------------------------------------------ */

static enum err spoilt(struct restore *r, const char *name)
{
    return err_note(&r->info, E_INPUT, "from", MSG("备份中的文件与其摘要不符：%s",
        "This file of the backup does not match its digest: %s"), str_c(name));
}

/* Only names that a backup has, so that none leads anywhere else. */
static bool photo_name(const char *name, const char *hex)
{
    char whole[sizeof(BUNDLE_PHOTOS) + 8 + STORE_NAME_CHARS];
    (void)snprintf(whole, sizeof(whole), BUNDLE_PHOTOS "/%.2s/%.2s/%s", hex, hex + 2, hex);
    return strcmp(whole, name) == 0;
}

static enum err file_put(struct restore *r, const char *hex, const char *name)
{
    struct hash h;
    struct store_name photo;
    int at = -1;
    const char *to = NULL;
    if (strcmp(name, BUNDLE_DATABASE) == 0 && !r->manifest.server) {
        at = AT_FDCWD;
        to = r->staged.db;
    } else if (store_name_parse(str_c(hex), &photo) && photo_name(name, hex)) {
        at = r->folder;
        to = name;
        enum err e = bundle_folders(r->folder, hex);
        if (e != OK)
            return carrier_unwritten(&r->carrier, e, name);
    } else if (strcmp(name, BUNDLE_KEY) != 0) {
        return spoilt(r, BUNDLE_SUMS);
    }
    TRY(carrier_take(&r->carrier, r->source, name, at, to, &h));
    return strcmp(hash_text_of(&h).hex, hex) == 0 ? OK : spoilt(r, name);
}

static enum err lines_put(struct restore *r, FILE *sums)
{
    char line[LINE_CHARS];
    int64_t files = 0;
    for (; fgets(line, sizeof(line), sums); files++) {
        size_t n = strlen(line);
        if (n < STORE_NAME_CHARS + 4 || line[n - 1] != '\n'
            || memcmp(line + STORE_NAME_CHARS, "  ", 2) != 0)
            return spoilt(r, BUNDLE_SUMS);
        line[n - 1] = line[STORE_NAME_CHARS] = '\0';
        TRY(file_put(r, line, line + STORE_NAME_CHARS + 2));
    }
    return files == r->manifest.files ? OK : spoilt(r, BUNDLE_SUMS);
}

static enum err files_put(struct restore *r)
{
    struct hash h;
    progress_part(&r->bar, MSG("核对并复制", "checking and copying"));
    r->carrier.total = r->manifest.bytes;
    TRY(carrier_take(&r->carrier, r->source, BUNDLE_SUMS, -1, NULL, &h));
    if (!str_is(r->manifest.sums, hash_text_of(&h).hex))
        return spoilt(r, BUNDLE_SUMS);
    r->carrier.done = 0;
    FILE *sums = fopen(arena_fmt(&r->a, "%s/" BUNDLE_SUMS, r->from).p, "re");
    if (sums == NULL)
        return spoilt(r, BUNDLE_SUMS);
    enum err e = lines_put(r, sums);
    (void)fclose(sums);
    return e;
}

/* The whole ------------------------------------------------------------------------------------ */

/* What a restore that was killed has left goes first. */
static enum err staging_make(struct restore *r)
{
    enum err e = site_make(&r->site, &r->info);
    if (e != OK)
        return e;
    if (!r->manifest.server && unlink(r->staged.db) != 0 && errno != ENOENT)
        return carrier_unmade(&r->carrier, r->staged.db);
    if (mkdir(r->staging, 0700) != 0 && errno != EEXIST)
        return carrier_unmade(&r->carrier, r->staging);
    r->folder = open(r->staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (r->folder < 0)
        return carrier_unwritten(&r->carrier, E_IO, r->staging);
    TRY(bundle_empty(r->folder, r->staging, &r->info));
    return mkdirat(r->folder, BUNDLE_PHOTOS, 0700) == 0 ? OK
        : carrier_unwritten(&r->carrier, errno == ENOSPC ? E_TOO_LARGE : E_IO, r->staging);
}

static void staging_drop(struct restore *r, bool failed)
{
    struct err_info unread = { .e = OK };
    if (r->folder >= 0 && bundle_empty(r->folder, r->staging, &unread) == OK)
        (void)rmdir(r->staging);
    if (r->folder >= 0)
        db_remove(r->staged.db);        /* or what was beside it before it got its name */
    if (failed && r->folder >= 0 && r->key_made)
        (void)unlink(r->key);
}

/* What was acknowledged after the backup is lost, but its numbers and codes are in people's hands,
 * and must never come to open what somebody else reports later: they follow from ids, so as many
 * are passed over as a city gives out in years. */
static enum err ids_pass(struct restore *r)
{
    struct ids ids = { .last = 0 };
    struct db *db;
    TRY(db_open(r->staged.db, DB_WRITER, &db));
    enum err e = ids_ensure(db, &ids, IDS_PASSED);
    db_close(db);
    return e;
}

/* Of the right node it is; but is it of the time of this backup? */
static enum err key_opens(struct restore *r)
{
    struct db *db;
    struct node_keys keys;
    struct rand rand = rand_system();
    TRY(node_keys_for(&r->site, NULL, &rand, &keys, &r->info));
    enum err e = db_open(r->staged.db, DB_OVERSEER, &db);
    if (e == OK) {
        e = node_keys_check(db, &r->site, &keys, &r->info);
        db_close(db);
    }
    keys_wipe(&keys);
    return e;
}

/* The backup may have been made of a node whose photos were gone. */
static enum err lost_tell(struct restore *r)
{
    struct db *db;
    struct lost_photos found = { .lost = 0 };
    TRY(db_open(r->staged.db, DB_OVERSEER, &db));
    enum err e = photos_lost(db, arena_fmt(&r->a, "%s/" BUNDLE_PHOTOS, r->staging).p, NULL, &found);
    struct str lost = photos_lost_text(&r->a, &found, r->args->lang);
    db_close(db);
    if (e == OK && lost.n)
        fprintf(stderr, say(r, "注意：%.*s；备份里就没有\n", "Note: %.*s; the backup lacks them\n"),
            STR_FMT(lost));
    return e;
}

static enum err database_check(struct restore *r)
{
    bool fresh;
    TRY(node_migrate(&r->staged, &fresh, &r->info));
    TRY(key_opens(r));
    TRY(ids_pass(r));
    progress_end(&r->bar);
    if (verify_database(r->args, &r->staged) != CLI_DONE)
        return err_note(&r->info, E_CONFLICT, "from", MSG("备份中的记录有上述问题，没有恢复",
            "The record in the backup has these faults; it was not restored"), STR_NONE);
    TRY(lost_tell(r));
    return carrier_rest(&r->carrier);
}

/* The audit only read, so the log that it left beside the database is empty; under the new name
 * nobody would know it. */
static void log_drop(struct restore *r)
{
    struct stat st;
    const char *log = arena_fmt(&r->a, "%s-wal", r->staged.db).p;
    if (stat(log, &st) != 0 || st.st_size != 0)
        return;
    (void)unlink(log);
    (void)unlink(arena_fmt(&r->a, "%s-shm", r->staged.db).p);
}

static enum err names_give(struct restore *r)
{
    const char *photos = arena_fmt(&r->a, "%s/" BUNDLE_PHOTOS, r->staging).p;
    TRY(carrier_sync(&r->carrier, r->staging));
    if (rename(photos, r->photos) != 0)
        return carrier_unwritten(&r->carrier, E_IO, r->photos);
    if (r->manifest.server)
        return carrier_sync(&r->carrier, r->photos);
    TRY(carrier_sync(&r->carrier, r->staged.db));
    log_drop(r);
    if (rename(r->staged.db, r->database) != 0)
        return carrier_unwritten(&r->carrier, E_IO, r->database);
    return carrier_sync(&r->carrier, r->database);
}

static enum err put(struct restore *r)
{
    TRY(backup_open(r));
    names_make(r);
    TRY(place_free(r));
    TRY(staging_make(r));
    TRY(carrier_fits(&r->carrier, r->manifest.server ? r->staging : r->staged.db,
        r->manifest.bytes));
    TRY(key_put(r));
    TRY(key_check(r));
    TRY(files_put(r));
    TRY(database_check(r));
    return names_give(r);
}

static int run(const struct cli_args *args)
{
    const char *from = cli_value(args, "from"), *db = cli_value(args, "db");
    struct restore r = { .args = args, .bar = progress_of(args->lang), .from = from, .source = -1,
        .folder = -1 };
    if (from == NULL || db == NULL)
        return cli_usage(args, MSG("请给出 --from 和 --db", "give --from and --db"));
    site_at(db, cli_value(args, "data"), &r.site);
    arena_init(&r.a, 16 << 20);
    carrier_begin(&r.carrier, &r.bar, cli_value(args, "data") ? "data" : "db", &r.info);
    enum err e = put(&r);
    progress_end(&r.bar);
    staging_drop(&r, e != OK);
    if (e == OK)
        printf(say(&r, "已恢复 %lld 件事项、%lld 张照片，用时 %.0f 秒；可以启动服务了\n",
            "Restored %lld matters and %lld photos in %.0f s; it can be served\n"),
            (long long)r.manifest.matters, (long long)r.manifest.photos,
            (double)(clock_monotonic_us() - r.bar.started_us) / 1e6);
    if (r.folder >= 0)
        (void)close(r.folder);
    if (r.source >= 0)
        (void)close(r.source);
    int status = e == OK ? CLI_DONE : cli_fail(args, &r.info, e);
    arena_free(&r.a);
    return status;
}

static const struct cli_option options[] = {
    { "from", "DIR", NULL, MSG("fengqiao backup 写成的目录", "directory that fengqiao backup made") },
    { "db", "FILE|URL", NULL, MSG("恢复成的数据库文件；PostgreSQL 则为已用 pg_restore 恢复的数据库",
        "file that becomes the database; or a PostgreSQL database that pg_restore has restored") },
    { "data", "DIR", NULL, MSG("密钥和照片恢复到此目录(同 serve)",
        "directory that gets key and photos, as for serve") },
    { "key", "FILE", NULL, MSG("密钥文件，备份中没有时", "key file, when the backup does not hold it") },
};
const struct cli_command cli_restore = { "restore", "",
    MSG("从备份恢复到空的位置，核对每个文件和整个账本",
        "Restore a backup to an empty place, checking each file and the whole record"),
    options, COUNT_OF(options), run };
