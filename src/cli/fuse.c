/* fuse.c: `fengqiao fuse`: how both layers of grids fit, as CSV or GeoJSON. */
#include "cli/commands.h"
#include "fusion/fusion.h"
#include <stdio.h>

#define LISTS "links|slivers|gaps|vacant|homes|cut"

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "format", "csv|geojson", "csv", MSG("输出格式", "format of the output") },
    { "division", "CODE", NULL, MSG("只看这个区划内的（12 位代码）",
        "only inside the division with this 12-digit code") },
    { "m2", "NUMBER", "10000", MSG("碎片：面积至多这么多平方米",
        "slivers: at most so many square metres") },
    { "share", "NUMBER", NULL, MSG("碎片：占比至多（默认 0.05）；社区被切：占比至少（默认 0.02）",
        "slivers: at most such a part (0.05 unless given); cut: at least (0.02)") },
};

struct fusing { const struct cli_args *args; struct fusion_ask ask; struct err_info info; };

static bool number_of(const struct cli_args *args, const char *option, double max, double *ret)
{
    const char *text = cli_value(args, option);
    if (text == NULL || (str_to_f64(str_c(text), ret) && *ret >= 0 && *ret <= max))
        return true;
    fprintf(stderr, args->lang == LANG_EN ? "--%s: a number from 0 to %.0f\n"
        : "--%s: 应为 0 到 %.0f 的数\n", option, max);
    return false;
}

static bool list_of(const struct cli_args *args, enum fusion_list *ret)
{
    for (int i = 0; args->n_operands == 1 && fusion_words[i]; i++) {
        if (strcmp(fusion_words[i], args->operands[0]) != 0)
            continue;
        *ret = (enum fusion_list)i;
        return true;
    }
    fprintf(stderr, args->lang == LANG_EN ? "fengqiao fuse: name one list: %s\n"
        : "fengqiao fuse: 请写明一个清单：%s\n", LISTS);
    return false;
}

static bool ask_read(struct fusing *f)
{
    struct fusion_ask *ask = &f->ask;
    if (!list_of(f->args, &ask->list))
        return false;
    ask->share = fusion_share(ask->list);
    return number_of(f->args, "m2", 1e9, &ask->m2_max)
        && number_of(f->args, "share", 1, &ask->share);
}

static enum err region_read(struct fusing *f)
{
    const char *text = cli_value(f->args, "division");
    int64_t code = 0;
    f->ask.region = (struct region){ 0, INT64_MAX };
    if (text == NULL)
        return OK;
    if (!str_to_i64(str_c(text), &code) || division_find(f->ask.cat, code) == NULL)
        return err_note(&f->info, E_MISSING, "division", MSG("没有区划 %s", "There is no division"
            " %s"), str_c(text));
    f->ask.region = region_of(code);
    return OK;
}

static enum err write_all(struct fusing *f)
{
    static const size_t OUT_BYTES_MAX = (size_t)1 << 30;
    struct buf out = buf_in(f->ask.a, OUT_BYTES_MAX);
    TRY(region_read(f));
    TRY(strcmp(cli_value(f->args, "format"), "csv") == 0 ? fusion_write_csv(&f->ask, &out)
        : fusion_write_map(&f->ask, SIZE_MAX, &out));
    struct str s = buf_str(&out);
    return fwrite(s.p, 1, s.n, stdout) == s.n && fflush(stdout) == 0 ? OK : E_IO;
}

static enum err fuse_all(struct fusing *f)
{
    struct catalogue *cat;
    TRY(db_open(cli_value(f->args, "db"), DB_READER, &f->ask.db));
    enum err e = catalogue_load(f->ask.db, &cat, &f->info);
    if (e == OK) {
        f->ask.cat = cat;
        e = write_all(f);
        catalogue_drop(cat);
    }
    db_close(f->ask.db);
    return e;
}

static int fuse(const struct cli_args *args)
{
    struct arena a;
    struct fusing f = { .args = args, .info = { .e = OK } };
    f.ask = (struct fusion_ask){ .a = &a, .lang = args->lang, .with_into = true };
    if (!ask_read(&f))
        return CLI_USAGE;
    arena_init(&a, (size_t)4 << 30);
    enum err e = fuse_all(&f);
    arena_free(&a);
    return e == OK ? CLI_DONE : cli_fail(args, &f.info, e);
}

const struct cli_command cli_fuse = {
    .name = "fuse", .operands = LISTS,
    .meaning = MSG("治理网格与警务网格叠加：重叠、碎片、空白、无人负责、一人两处、被切开的社区",
        "governance and police grids over each other: overlaps, slivers, gaps, nobody in charge,"
        " two homes, communities cut"),
    .options = options, .n_options = COUNT_OF(options), .run = fuse,
};
