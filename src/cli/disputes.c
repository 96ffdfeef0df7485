/* disputes.c: `fengqiao export disputes`: the list of disputes of all committees, without names, as
 * a workbook or a table. */
#include "cli/commands.h"
#include "cli/site.h"
#include "tally/tally.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROGRESS_ROWS = 1000, BUFFER_BYTES = 1 << 16 };

struct exporting {
    const struct cli_args *args;
    struct arena a;                     /* of one committee */
    struct db *db;
    struct catalogue *cat;
    const struct unit *unit;
    struct case_book *book;             /* or else */
    FILE *csv;
    int64_t from_ms, to_ms, done, total;
    struct err_info info;
};

static void progress(const struct exporting *x)
{
    bool terminal = isatty(STDERR_FILENO) == 1;
    fprintf(stderr, x->args->lang == LANG_EN ? "%s%lld of %lld disputes%s" : "%s已写出 %lld / %lld 件%s",
        terminal ? "\r" : "", (long long)x->done, (long long)x->total, terminal ? "" : "\n");
}

static enum err one(void *ctx, struct arena *row, const void *rec)
{
    struct exporting *x = ctx;
    struct str name = unit_name(x->unit, x->args->lang);
    x->done++;
    if (x->book) {
        case_book_add(x->book, name, rec);
    } else {
        struct buf line = buf_in(row, BUFFER_BYTES);
        case_csv_row(name, x->done, rec, x->args->lang, &line);
        if (fwrite(line.p, 1, line.n, x->csv) != line.n)
            return E_IO;
    }
    if (x->done % PROGRESS_ROWS == 0)
        progress(x);
    return OK;
}

static enum err each_committee(struct exporting *x, bool count)
{
    struct list units = catalogue_units(x->cat);
    const struct unit *u = units.p;
    for (size_t i = 0; i < units.n; i++) {
        int64_t n = 0;
        if (!is_committee(&u[i]))
            continue;
        x->unit = &u[i];
        if (count)
            TRY(facts_number(x->db, u[i].id, x->from_ms, x->to_ms, &n));
        else
            TRY(facts_each(x->db, u[i].id, x->from_ms, x->to_ms, one, x));
        x->total += n;
    }
    return OK;
}

static enum err csv_begin(struct exporting *x, int fd)
{
    struct buf head = buf_in(&x->a, BUFFER_BYTES);
    x->csv = fdopen(dup(fd), "w");
    if (x->csv == NULL)
        return E_IO;
    case_csv_head(x->args->lang, &head);
    return fwrite(head.p, 1, head.n, x->csv) == head.n ? OK : E_IO;
}

static enum err write_to(struct exporting *x, int fd, bool workbook)
{
    enum err e = OK;
    if (workbook)
        x->book = case_book_begin(fd, x->args->lang);
    else
        e = csv_begin(x, fd);
    if (e == OK)
        e = each_committee(x, false);
    if (x->book) {
        enum err ended = case_book_end(x->book);
        e = e == OK ? ended : e;
    }
    if (x->csv && fclose(x->csv) != 0 && e == OK)
        e = E_IO;
    return e;
}

/* Into a file beside the wanted one, which is replaced only by a whole one. */
static enum err write_file(struct exporting *x, const char *out, bool workbook)
{
    struct str name = arena_fmt(&x->a, "%s.XXXXXX", out);
    char *beside = arena_alloc(&x->a, 1, 1, name.n + 1);
    memcpy(beside, name.p, name.n);
    beside[name.n] = '\0';
    int fd = mkostemp(beside, O_CLOEXEC);
    enum err e = fd < 0 ? E_IO : write_to(x, fd, workbook);
    if (e == OK && (fchmod(fd, 0600) != 0 || fsync(fd) != 0 || rename(beside, out) != 0))
        e = E_IO;
    if (e != OK && fd >= 0)
        (void)unlink(beside);
    if (fd >= 0)
        (void)close(fd);
    return e != E_IO ? e : err_note(&x->info, E_IO, "out", MSG("不能写入 %s", "Cannot write %s"),
        str_c(out));
}

static enum err export_all(struct exporting *x, const char *out, bool workbook)
{
    struct site site;
    site_at(cli_value(x->args, "db"), NULL, &site);
    if (db_open(site.db, DB_OVERSEER, &x->db) != OK)
        return err_note(&x->info, E_DB, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&site)));
    db_take_time(x->db);
    TRY(db_is_current(x->db, &x->info));
    TRY(catalogue_load(x->db, &x->cat, &x->info));
    TRY(each_committee(x, true));
    TRY(write_file(x, out, workbook));
    progress(x);
    if (isatty(STDERR_FILENO) == 1)
        fputc('\n', stderr);
    return OK;
}

int cli_export_disputes(const struct cli_args *args)
{
    struct exporting x = { .args = args };
    const char *out = cli_value(args, "out");
    size_t n = out ? strlen(out) : 0;
    bool workbook = n > 5 && strcmp(out + n - 5, ".xlsx") == 0;
    if (!workbook && (n < 5 || strcmp(out + n - 4, ".csv") != 0))
        return cli_usage(args, MSG("用 --out 写明 .xlsx 或 .csv 文件",
            "Name a file .xlsx or .csv with --out"));
    x.from_ms = cli_day(args, "from", 0);
    x.to_ms = cli_day(args, "to", clock_now_ms(clock_system()) + 1);
    arena_init(&x.a, 1 << 20);
    enum err e = export_all(&x, out, workbook);
    catalogue_drop(x.cat);
    db_close(x.db);
    arena_free(&x.a);
    return e == OK ? CLI_DONE : cli_fail(args, &x.info, e);
}
