/* migrate.c: `fengqiao migrate`: brings a schema up to date, or moves a whole database with its key
 * file and photos from one kind of database to another. */
#include "cli/commands.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "cli/verify.h"
#include "attach/store.h"
#include "db/move.h"
#include "ledger/log.h"
#include "ledger/note.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PHOTO_BYTES_MAX = 64 << 20 };
struct moving {
    const struct cli_args *args;
    struct site from, to;
    struct db *source, *target;
    struct move *move;
    struct arena a, photo;
    char photos_from[4200], photos_to[4200];
    int64_t photos, photos_missing;
    struct progress bar;
    struct err_info info;
};

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct moving *m, const char *zh, const char *en)
{
    return m->args->lang == LANG_EN ? en : zh;
}

static void progress(void *ctx, struct str table, int64_t done, int64_t total)
{
    struct moving *m = ctx;
    progress_show(&m->bar, done, total, table);
}

/* Photos -------------------------------------------------------------------------------------- */

/* Read by name, which is the digest of the content, so that a spoilt one is noticed. */
static enum err photo_copy(struct moving *m, struct str hash)
{
    struct store_name name, put;
    struct str bytes;
    if (!store_name_parse(hash, &name))
        return OK;
    arena_reset(&m->photo);
    if (store_get(m->photos_from, &name, &m->photo, PHOTO_BYTES_MAX, &bytes) != OK) {
        m->photos_missing++;
        return OK;
    }
    m->photos++;
    return store_put(m->photos_to, bytes, &put);
}

/* The photos of rows that are about to be put: what refers to a photo never stands without it. */
static enum err photos_copy(void *ctx, const struct table *t, const struct arg *values,
    size_t n_rows)
{
    struct moving *m = ctx;
    ptrdiff_t hash = table_column(t, STR("hash")), thumb = table_column(t, STR("thumb"));
    if (hash < 0 || thumb < 0 || strcmp(m->photos_from, m->photos_to) == 0)
        return OK;
    for (size_t i = 0; i < n_rows; i++) {
        const struct arg *row = values + i * t->n_columns;
        bool begun;
        TRY(move_is_begun(m->source, &begun));      /* so that its transaction does not seem idle */
        TRY(photo_copy(m, row[hash].s));
        TRY(photo_copy(m, row[thumb].s));
    }
    return OK;
}

static enum err photos_make(struct moving *m)
{
    (void)snprintf(m->photos_from, sizeof(m->photos_from), "%s.photos", m->from.beside);
    (void)snprintf(m->photos_to, sizeof(m->photos_to), "%s.photos", m->to.beside);
    if (mkdir(m->photos_to, 0700) == 0 || access(m->photos_to, W_OK) == 0)
        return OK;
    return err_note(&m->info, E_IO, "data", MSG("不能写入照片目录 %s",
        "Cannot write to the photo directory %s"), str_c(m->photos_to));
}

/* Both ends ----------------------------------------------------------------------------------- */

static enum err end_open(struct moving *m, const struct site *site, enum db_mode mode,
    const char *option, struct db **ret)
{
    struct str shown = str_c(site_shown(site));
    enum err e = db_open(site->db, mode, ret);
    if (e != OK)
        return err_note(&m->info, e, option, MSG("打不开数据库 %s", "Cannot open the database %s"),
            shown);
    db_take_time(*ret);
    e = db_claim(*ret, CLAIM_ALONE);
    return e != E_BUSY ? e : err_note(&m->info, e, option, MSG("数据库 %s 正在使用，请先停止它的服务",
        "The database %s is in use; stop its server first"), shown);
}

/* Which source, and as it stands now: whoever serves it adds to its log. */
static enum err source_name(struct moving *m, struct str *ret)
{
    struct node_keys keys;
    struct log_checkpoint newest = { .size = 0 };
    struct rand rand = rand_system();
    TRY(node_keys_for(&m->from, NULL, &rand, &keys, &m->info));
    struct note_key key = note_key_of(&keys);
    struct str text = note_key_text(&m->a, &key);
    enum err e = node_keys_check(m->source, &m->from, &keys, &m->info);
    keys_wipe(&keys);
    if (e == OK)
        e = log_newest(m->source, &m->a, &newest);
    if (e != OK && e != E_MISSING)
        return e;
    *ret = arena_fmt(&m->a, "%.*s %lld", STR_FMT(text), (long long)newest.size);
    return OK;
}

static enum err source_open(struct moving *m)
{
    TRY(end_open(m, &m->from, DB_OVERSEER, "from", &m->source));
    return db_is_current(m->source, &m->info);
}

/* Whoever else keeps tables there would find ours among them, and ours may have their names. */
static enum err target_is_ours(struct moving *m)
{
    struct str foreign;
    enum err e = db_foreign(m->target, &m->a, &foreign);
    if (e != OK)
        return e == E_MISSING ? OK : e;
    return err_note(&m->info, E_CONFLICT, "to", db_is_server(m->to.db)
        ? MSG("目标数据库里有别的程序的表 %s；请另用一个空的数据库，或给本程序单独的 schema(用 search_path 指定)",
            "The target holds a table that is not of this program, %s; give an empty database, or this"
            " program a schema of its own (named by search_path)")
        : MSG("目标文件里有别的程序的表 %s；请另用一个新的文件",
            "The target holds a table that is not of this program, %s; give a new file"), foreign);
}

/* Only a new database gets a schema here; an older one that is there is somebody's. */
static enum err target_open(struct moving *m)
{
    struct err_info is_new = { .e = OK };
    bool is_unused = false;
    TRY(site_make_around_file(&m->to, &m->info));
    TRY(end_open(m, &m->to, DB_LOADER, "to", &m->target));
    TRY(target_is_ours(m));
    enum err e = db_is_current(m->target, &is_new);
    if (e == E_CONFLICT)
        TRY(move_is_unused(m->target, &is_unused));
    if (e == E_MISSING || is_unused)
        return db_migrate(m->target, &m->info);
    if (e != OK)
        m->info = is_new;
    return e;
}

static enum err key_copy(struct moving *m)
{
    char from[4200], to[4200];
    TRY(site_make(&m->to, &m->info));
    (void)snprintf(from, sizeof(from), "%s.key", m->from.beside);
    (void)snprintf(to, sizeof(to), "%s.key", m->to.beside);
    return strcmp(from, to) == 0 ? OK : keys_copy(from, to, &m->info);
}

/* Moving -------------------------------------------------------------------------------------- */

static enum err begin(struct moving *m)
{
    struct str source;
    TRY(source_open(m));
    TRY(source_name(m, &source));
    TRY(target_open(m));
    m->move = move_make(&(struct move_options){ .from = m->source, .to = m->target,
        .source = source, .rows = photos_copy, .progress = progress, .ctx = m });
    TRY(move_begin(m->move, &m->info));
    TRY(key_copy(m));
    TRY(photos_make(m));
    return db_begin(m->source);     /* everything as it is at one moment */
}

static enum err copy(struct moving *m)
{
    progress_part(&m->bar, MSG("搬迁", "moving"));
    TRY(move_rows(m->move));
    progress_part(&m->bar, MSG("比对", "comparing"));
    TRY(move_compare(m->move, &m->info));
    progress_part(&m->bar, MSG("核查", "checking"));
    return OK;
}

static void told(const struct moving *m)
{
    printf(say(m, "已搬迁 %lld 行、%lld 张照片，用时 %.0f 秒\n",
        "Moved %lld rows and %lld photos in %.0f s\n"), (long long)move_total(m->move),
        (long long)m->photos, (double)(clock_monotonic_us() - m->bar.started_us) / 1e6);
    if (m->photos_missing)
        printf(say(m, "注意：来源中有 %lld 张照片缺失或已损坏，无法复制\n",
            "Note: %lld photos were missing or spoilt in the source and could not be copied\n"),
            (long long)m->photos_missing);
    printf("%s\n", say(m, "新数据库可以启用。旧数据库保持原样，请收存，不要再用它提供服务",
        "The new database is ready. The old one stays as it was: put it away, do not serve it again"));
}

/* The target counts only when the audit of the whole record finds nothing there. */
static int move_all(struct moving *m)
{
    enum err e = begin(m);
    if (e == OK)
        e = copy(m);
    if (m->source)
        db_rollback(m->source);
    if (e == E_UNKNOWN)
        e = err_note(&m->info, E_IO, "to", MSG("写不进目标库；请腾出空间后用同样的参数再运行",
            "The target could not be written; make room and run this again with the same words"),
            STR_NONE);
    if (e != OK)
        return cli_fail(m->args, &m->info, e);
    if (verify_database(m->args, &m->to) != CLI_DONE)
        return cli_fail(m->args, &m->info, err_note(&m->info, E_CONFLICT, "from",
            MSG("来源中已有这些问题；先用 fengqiao verify 查明，再搬迁",
                "These faults are in the source as well; look into them with fengqiao verify first"),
            STR_NONE));
    e = move_end(m->move);
    if (e != OK)
        return cli_fail(m->args, &m->info, e);
    told(m);
    return CLI_DONE;
}

static int move_run(const struct cli_args *args)
{
    struct moving m = { .args = args, .bar = progress_of(args->lang) };
    site_at(cli_value(args, "from"), cli_value(args, "from-data"), &m.from);
    site_at(cli_value(args, "to"), cli_value(args, "data"), &m.to);
    arena_init(&m.a, 16 << 20);
    arena_init(&m.photo, PHOTO_BYTES_MAX + (1 << 20));
    int status = move_all(&m);
    if (m.move)
        move_free(m.move);
    db_close(m.target);
    db_close(m.source);
    arena_free(&m.photo);
    arena_free(&m.a);
    return status;
}

static int schema_run(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct site site;
    struct db *db;
    site_at(cli_value(args, "db"), NULL, &site);
    enum err e = db_open(site.db, DB_WRITER, &db);
    if (e != OK)
        return cli_fail(args, &info, err_note(&info, e, "db", MSG("打不开数据库 %s",
            "Cannot open the database %s"), str_c(site_shown(&site))));
    e = db_migrate(db, &info);
    db_close(db);
    if (e != OK)
        return cli_fail(args, &info, e);
    printf("%s\n", args->lang == LANG_EN ? "The schema is up to date" : "数据库结构已是最新");
    return CLI_DONE;
}

static int run(const struct cli_args *args)
{
    const char *db = cli_value(args, "db"), *from = cli_value(args, "from"),
        *to = cli_value(args, "to");
    bool has_data = cli_value(args, "data") || cli_value(args, "from-data");
    if ((from != NULL) != (to != NULL))
        return cli_usage(args, MSG("--from 和 --to 须同时给出", "--from and --to go together"));
    if ((db != NULL) == (from != NULL))
        return cli_usage(args, MSG("请给出 --db，或者 --from 和 --to",
            "give either --db, or --from and --to"));
    if (db && has_data)
        return cli_usage(args, MSG("--data 和 --from-data 只与 --from、--to 同用",
            "--data and --from-data go with --from and --to"));
    if (from && strcmp(from, to) == 0)
        return cli_usage(args, MSG("--from 和 --to 是同一个数据库",
            "--from and --to are the same database"));
    return from ? move_run(args) : schema_run(args);
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", NULL, MSG("只把这个数据库的结构更新到本程序的版本",
        "only bring the schema of this database up to date with the program") },
    { "from", "FILE|URL", NULL, MSG("搬迁：来源数据库，须先停止服务",
        "move: the source, whose server must have been stopped") },
    { "to", "FILE|URL", NULL, MSG("搬迁：目标数据库，须为空，或是同一次搬迁中断后留下的",
        "move: the target, empty, or left by the same move when it was broken off") },
    { "from-data", "DIR", NULL, MSG("来源的密钥和照片目录(同 serve 的 --data)",
        "directory of the source's key and photos, as --data of serve") },
    { "data", "DIR", NULL, MSG("目标的密钥和照片目录(同 serve 的 --data)",
        "directory of the target's key and photos, as --data of serve") },
};
const struct cli_command cli_migrate = { "migrate", "",
    MSG("更新数据库结构，或把整个数据库搬到另一种数据库",
        "Bring a schema up to date, or move a whole database to another kind of database"),
    options, COUNT_OF(options), run };
