/* past.c: `fengqiao import matters`: first every row is checked, then the good ones are stored, some
 * hundred at a time. It may be broken off and asked for again at any time: what is here already is
 * left as it is. A server may go on serving meanwhile. */
#include "cli/past.h"
#include "cli/database.h"
#include "cli/files.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "past/past.h"
#include <stdio.h>

enum { GROUP = 500, IDS_EACH = 4, TABLE_BYTES_MAX = 256 << 20, SHOWN_MAX = 20 };

struct importing {
    const struct cli_args *args;
    struct arena a, row;            /* the whole table; one group of rows */
    struct db *db;
    struct catalogue *cat;
    struct node_keys keys;
    struct rand rand;
    struct ids ids;
    struct past_map map;
    struct past_sink sink;
    struct past_file file;
    FILE *errors;
    sigset_t stops;                 /* signals that break it off */
    bool told, stopped;             /* faults are told in the first pass only */
    size_t faults, good, bad, known, stored, done;
    struct progress bar;
    struct err_info info;
};

bool cli_is_past(const char *name)
{
    return strcmp(name, "matters") == 0;
}

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct importing *m, const char *zh, const char *en)
{
    return m->args->lang == LANG_EN ? en : zh;
}

/* What is wrong ----------------------------------------------------------------------------- */

static void found(void *ctx, size_t line, struct str number, const char *field, struct msg text,
    struct str arg)
{
    struct importing *m = ctx;
    struct arena a;
    struct err_info info = { .e = OK };
    if (m->told)
        return;
    (void)err_note(&info, E_INPUT, field, text, arg);
    struct str words = str_c(m->args->lang == LANG_EN ? info.en : info.zh);
    if (m->faults++ < SHOWN_MAX)
        fprintf(stderr, "%s:%zu: %s: %.*s\n", m->args->operands[1], line, field, STR_FMT(words));
    if (m->errors == NULL)
        return;
    arena_init(&a, 1 << 16);
    struct buf b = buf_in(&a, 1 << 15);
    buf_fmt(&b, "%zu,", line);
    sheet_text(&b, str_head(number, 80));
    buf_fmt(&b, ",%s,", field);
    sheet_text(&b, words);
    buf_byte(&b, '\n');
    (void)fwrite(b.p, 1, b.n, m->errors);
    arena_free(&a);
}

/* With a byte order mark, for spreadsheets that take UTF-8 for something else without. */
static enum err errors_open(struct importing *m)
{
    const char *path = cli_value(m->args, "errors");
    if (path == NULL)
        return OK;
    m->errors = fopen(path, "wb");
    if (m->errors == NULL)
        return err_note(&m->info, E_IO, "errors", MSG("写不了文件 %s", "Cannot write the file %s"),
            str_c(path));
    fputs("\xef\xbb\xbfline,number,field,what\n", m->errors);
    return OK;
}

static enum err errors_close(struct importing *m)
{
    bool bad = m->errors && (ferror(m->errors) || fclose(m->errors) != 0);
    m->errors = NULL;
    return bad ? err_note(&m->info, E_IO, "errors", MSG("写不了文件 %s", "Cannot write the file %s"),
        str_c(cli_value(m->args, "errors"))) : OK;
}

/* Rows -------------------------------------------------------------------------------------- */

static void progress(struct importing *m)
{
    progress_show(&m->bar, (int64_t)m->done, (int64_t)m->file.n_rows, STR_NONE);
}

/* Whether somebody wants it to end. */
static bool is_stopped(struct importing *m)
{
    m->stopped |= sigtimedwait(&m->stops, NULL, &(struct timespec){ 0 }) > 0;
    return m->stopped;
}

static void check_all(struct importing *m)
{
    struct past_row row;
    progress_part(&m->bar, MSG("检查", "checking"));
    for (m->done = 0; !is_stopped(m) && past_next(&m->file, &m->row, &row); m->done++) {
        m->good += row.is == PAST_GOOD;
        m->bad += row.is == PAST_BAD;
        m->known += row.is == PAST_KNOWN;
        arena_reset(&m->row);
        progress(m);
    }
    m->told = true;
}

static enum err group_fill(struct importing *m, bool *ret_more)
{
    struct cx cx = { .db = m->db, .a = &m->row, .cat = m->cat, .keys = &m->keys, .rand = &m->rand,
        .ids = &m->ids, .now_ms = clock_now_ms(clock_system()), .lang = m->args->lang,
        .request = "import", .actor = { .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM } };
    struct past_row row;
    for (size_t n = 0; n < GROUP; m->done++) {
        if (!past_next(&m->file, &m->row, &row)) {
            *ret_more = false;
            return OK;
        }
        if (row.is != PAST_GOOD)
            continue;
        enum err e = past_store(&cx, &row);
        if (e != OK)
            return err_note(&m->info, e, "file", MSG("第 %s 行没有写入；前面各组已写入，可以再次运行接着导入",
                "Line %s was not stored; the groups before it are, and the same command goes on"),
                arena_fmt(&m->a, "%zu", row.line));
        cx.n_events = 0;
        n++;
        m->stored++;
    }
    return OK;
}

/* All of a group or nothing of it: then rows and counts are where they were. */
static enum err group_try(struct importing *m, bool hasty, bool *ret_more)
{
    const struct csv_text at = m->file.at;
    size_t stored = m->stored, done = m->done;
    TRY(ids_ensure(m->db, &m->ids, GROUP * IDS_EACH));
    TRY(hasty ? db_begin_hasty(m->db, false) : db_begin(m->db));
    enum err e = group_fill(m, ret_more);
    if (e == OK)
        e = db_commit(m->db);
    else
        db_rollback(m->db);
    if (e != OK) {
        m->file.at = at;
        m->stored = stored;
        m->done = done;
        *ret_more = true;
    }
    arena_reset(&m->row);
    return e;
}

/* In haste a failure does not say which row it is of; the second attempt does. */
static enum err group_store(struct importing *m, bool *ret_more)
{
    enum err e = group_try(m, true, ret_more);
    if (e == OK || e == E_UNKNOWN)
        return e;
    m->info = (struct err_info){ .e = OK };
    return group_try(m, false, ret_more);
}

static enum err store_all(struct importing *m)
{
    enum err e = OK;
    bool more = true;
    past_rewind(&m->file);
    progress_part(&m->bar, MSG("写入", "storing"));
    for (m->done = 0; e == OK && more && !is_stopped(m);) {
        e = group_store(m, &more);
        progress(m);
    }
    return e;
}

/* A server that is running takes them into the log by itself; two at once get in each other's way
 * without harm. */
static void log_take(struct importing *m)
{
    if (m->stored && node_log_catch_up(m->db, &m->keys) != OK)
        fprintf(stderr, "%s\n", say(m, "运行中的服务会把这些事项记入日志",
            "the server that is running takes them into the log"));
}

/* The command ------------------------------------------------------------------------------- */

static enum err open_all(struct importing *m)
{
    static const struct ceiling ceiling = { TABLE_BYTES_MAX, { "文件超过 256 MB，请按年份分成几个文件",
        "The file is over 256 MB; split it by year" } };
    const char *map = cli_value(m->args, "map");
    struct str json, bytes;
    struct site site;
    if (map == NULL)
        return err_note(&m->info, E_INPUT, "map", MSG("请用 --map 指明对照文件，写法见 docs/operate.md",
            "Name the map with --map; docs/operate.md says how it is written"), STR_NONE);
    TRY(cli_whole_file(&m->a, map, "map", ceiling, &json, &m->info));
    TRY(past_map_read(&m->a, json, &m->map, &m->info));
    TRY(cli_whole_file(&m->a, m->args->operands[1], "file", ceiling, &bytes, &m->info));
    TRY(cli_database_open(m->args, DB_WRITER, &m->db, &m->info));
    site_at(cli_value(m->args, "db"), cli_value(m->args, "data"), &site);
    TRY(node_keys_for(&site, NULL, &m->rand, &m->keys, &m->info));
    TRY(node_keys_check(m->db, &site, &m->keys, &m->info));
    TRY(catalogue_load(m->db, &m->cat, &m->info));
    TRY(past_map_fits(&m->map, m->cat, &m->info));
    m->sink = (struct past_sink){ found, m };
    m->file = (struct past_file){ .db = m->db, .cat = m->cat, .map = &m->map, .sink = &m->sink,
        .now_ms = clock_now_ms(clock_system()) };
    TRY(past_open(&m->file, &m->a, bytes, &m->info));
    return errors_open(m);
}

static enum err run(struct importing *m)
{
    TRY(open_all(m));
    check_all(m);
    TRY(errors_close(m));
    bool asked = m->faults == 0 || cli_flag(m->args, "good-rows");
    if (cli_flag(m->args, "dry-run") || !asked || m->stopped)
        return OK;
    enum err e = store_all(m);
    log_take(m);
    return e;
}

static void print_text(const struct importing *m)
{
    double seconds = (double)(clock_monotonic_us() - m->bar.started_us) / 1e6;
    if (m->faults > SHOWN_MAX)
        fprintf(stderr, say(m, "另有 %zu 处问题，用 --errors 写入文件查看\n",
            "%zu more faults; --errors writes all to a file\n"), m->faults - SHOWN_MAX);
    printf(say(m, "共 %zu 行：可导入 %zu，有问题 %zu，此前已导入 %zu\n",
        "%zu rows: %zu good, %zu with faults, %zu here already\n"), m->file.n_rows, m->good, m->bad,
        m->known);
    if (cli_flag(m->args, "dry-run"))
        printf("%s\n", say(m, "仅检查，没有写入", "dry run: nothing was stored"));
    else if (m->faults && !cli_flag(m->args, "good-rows"))
        printf("%s\n", say(m, "有问题，没有写入(--good-rows 只写入没有问题的行)",
            "there are faults, nothing was stored (--good-rows stores the faultless rows)"));
    else
        printf(say(m, "已导入 %zu 件，用时 %.1f 秒\n", "%zu matters stored in %.1f s\n"), m->stored,
            seconds);
    if (m->stopped)
        printf("%s\n", say(m, "已中断；再次运行会接着导入", "broken off; the same command goes on"));
}

static void print_json(const struct importing *m)
{
    printf("{\"name\":\"matters\",\"rows\":%zu,\"good\":%zu,\"bad\":%zu,\"known\":%zu,"
        "\"faults_total\":%zu,\"stored\":%zu,\"stopped\":%s}\n", m->file.n_rows, m->good, m->bad,
        m->known, m->faults, m->stored, m->stopped ? "true" : "false");
}

int cli_import_past(const struct cli_args *args)
{
    struct importing *m = heap_alloc(sizeof(*m));
    *m = (struct importing){ .args = args, .rand = rand_system(),
        .bar = progress_of(args->lang) };
    int status = CLI_WRONG;
    m->stops = stop_signals();
    (void)sigprocmask(SIG_BLOCK, &m->stops, NULL);
    arena_init(&m->a, (size_t)4 << 30);
    arena_init(&m->row, (size_t)256 << 20);
    enum err e = run(m);
    progress_end(&m->bar);
    if (e != OK) {
        status = cli_fail(args, &m->info, e);
    } else {
        if (cli_flag(args, "json"))
            print_json(m);
        else
            print_text(m);
        bool stands = m->faults == 0 || cli_flag(args, "good-rows");
        status = stands && !m->stopped ? CLI_DONE : CLI_WRONG;
    }
    if (m->errors)
        (void)fclose(m->errors);
    keys_wipe(&m->keys);
    catalogue_drop(m->cat);
    if (m->db)
        db_close(m->db);
    arena_free(&m->row);
    arena_free(&m->a);
    heap_free(m);
    return status;
}
