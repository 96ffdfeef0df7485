/* plates.c: `fengqiao plates`: sheets of QR plates into a PDF file. */
#include "place/plates.h"
#include "attach/helper.h"
#include "cli/commands.h"
#include "cli/files.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLI_PLATES_TIME_MS = 600000, CLI_MEMORY_MAX = 1 << 30 };

static const struct cli_option plates_options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "community", "CODE", NULL, MSG("一个区划的全部网格：12位代码(社区、街道或区)",
        "all grids of a division: 12-digit code (community, town or county)") },
    { "grid", "CODE", NULL, MSG("一个网格：15位代码", "one grid: 15-digit code") },
    { "csv", "FILE", NULL, MSG("一份清单：grid,name[,name_en,code,place,lon,lat]，如住房、场所",
        "a list, such as dwellings or sites: grid,name[,name_en,code,place,lon,lat]") },
    { "url", "URL", NULL, MSG("本系统的网址，如 https://fengqiao.example.gov.cn",
        "address of this site, such as https://fengqiao.example.gov.cn") },
    { "size", "2x3|3x4|label", "2x3", MSG("每页几张，或 70×37 毫米标签",
        "plates on a sheet, or labels of 70 by 37 mm") },
    { "out", "FILE.pdf", NULL, MSG("写入的文件", "file to write") },
};

struct plating {
    const struct cli_args *args;
    struct arena a;
    struct catalogue *cat;
    struct str url;
    struct list plates;
    struct faults faults;
    struct err_info info;
    bool terminal;
};

static int wrong_usage(const struct cli_args *args, struct msg m)
{
    fprintf(stderr, "fengqiao plates: %s\n", args->lang == LANG_EN ? m.en : m.zh);
    return CLI_USAGE;
}

static enum err collect(struct plating *p)
{
    const char *community = cli_value(p->args, "community"), *grid = cli_value(p->args, "grid");
    const char *csv = cli_value(p->args, "csv");
    int64_t code = 0;
    struct str text;
    p->faults = faults_in(&p->a);
    if (csv) {
        TRY(cli_sheet_file(&p->a, csv, "csv", &text, &p->info));
        p->plates = plates_of_sheet(p->cat, &p->a, p->url, text, &p->faults);
        return OK;
    }
    if (!str_to_i64(str_c(community ? community : grid), &code))
        code = 0;
    p->plates = community ? plates_of_division(p->cat, &p->a, p->url, code)
        : plates_of_grid(p->cat, &p->a, p->url, code);
    if (p->plates.n == 0)
        return err_note(&p->info, E_MISSING, community ? "community" : "grid",
            MSG("没有代码为 %s 的网格或其下的网格", "There is no grid with or below the code %s"),
            str_c(community ? community : grid));
    return OK;
}

static void progress(void *ctx, size_t plates)
{
    const struct plating *p = ctx;
    if (p->terminal || plates % 2400 == 0)
        fprintf(stderr, p->args->lang == LANG_EN ? "%s%zu of %zu plates%s" : "%s已制作 %zu / %zu 张%s",
            p->terminal ? "\r" : "", plates, p->plates.n, p->terminal ? "" : "\n");
}

/* Into a file beside the wanted one, which is replaced only by whole sheets. */
static enum err print_all(struct plating *p)
{
    const char *out = cli_value(p->args, "out");
    const struct helper *helper;
    struct press_job job = { .layout = cli_value(p->args, "size"), .hint = plates_hint,
        .plates = p->plates.p, .n = p->plates.n, .fonts = getenv("FONTCONFIG_FILE"),
        .time_ms = CLI_PLATES_TIME_MS, .done = progress, .ctx = p };
    TRY(helper_find(&p->a, HELPER_PRINT, HELPER_ALONE, &helper));
    struct str name = arena_fmt(&p->a, "%s.XXXXXX", out);
    char *beside = arena_bytes(&p->a, name.n + 1);
    memcpy(beside, name.p, name.n + 1);
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return err_note(&p->info, E_IO, "out", MSG("不能写入 %s", "Cannot write %s"), str_c(out));
    enum err e = press_run(helper, &p->a, &job, fd, &p->info);
    if (p->terminal)
        fprintf(stderr, "\n");
    if (e == OK && (fchmod(fd, 0644) != 0 || fsync(fd) != 0 || rename(beside, out) != 0))
        e = err_note(&p->info, E_IO, "out", MSG("不能写入 %s", "Cannot write %s"), str_c(out));
    (void)close(fd);
    if (e != OK)
        (void)unlink(beside);
    return e;
}

static int faults_print(const struct plating *p)
{
    bool en = p->args->lang == LANG_EN;
    cli_faults_print(cli_value(p->args, "csv"), &p->faults, p->args->lang);
    fprintf(stderr, en ? "%zu faults; nothing was printed\n" : "发现 %zu 处问题，没有制作\n",
        p->faults.total);
    return CLI_WRONG;
}

static int plate_all(struct plating *p, struct db *db)
{
    enum err e = catalogue_load(db, &p->cat, &p->info);
    if (e == OK)
        e = collect(p);
    if (e == OK && p->faults.total)
        return faults_print(p);
    if (e == OK)
        e = print_all(p);
    if (e != OK)
        return cli_fail(p->args, &p->info, e);
    printf(p->args->lang == LANG_EN ? "%zu plates in %s\n" : "%zu 张二维码牌已写入 %s\n", p->plates.n,
        cli_value(p->args, "out"));
    return CLI_DONE;
}

static int plates(const struct cli_args *args)
{
    static const char *const sources[] = { "community", "grid", "csv" };
    struct plating p = { .args = args, .terminal = isatty(STDERR_FILENO) };
    struct db *db = NULL;
    size_t given = 0;
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        given += cli_value(args, sources[i]) != NULL;
    if (given != 1 || args->n_operands || !cli_value(args, "out"))
        return wrong_usage(args, MSG("请写明 --community、--grid、--csv 之一，以及 --out",
            "give one of --community, --grid and --csv, and --out"));
    arena_init(&p.a, CLI_MEMORY_MAX);
    if (!cli_value(args, "url") || !plates_url_ok(&p.a, str_c(cli_value(args, "url")), &p.url)) {
        arena_free(&p.a);
        return wrong_usage(args, MSG("--url 应为本系统的网址，以 http:// 或 https:// 开头",
            "--url is the address of this site and begins with http:// or https://"));
    }
    enum err e = db_open(cli_value(args, "db"), DB_READER, &db);
    int status = e == OK ? plate_all(&p, db) : cli_fail(args, &p.info, e);
    catalogue_drop(p.cat);
    db_close(db);
    arena_free(&p.a);
    return status;
}

const struct cli_command cli_plates = {
    .name = "plates", .operands = "",
    .meaning = MSG("制作网格、住房、场所的二维码牌(PDF)", "make sheets of QR plates for grids, dwellings"
        " and sites (PDF)"),
    .options = plates_options, .n_options = COUNT_OF(plates_options), .run = plates,
};
