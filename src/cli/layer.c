/* layer.c: a file of outlines checked, shown and stored as the next version of its layer. */
#include "cli/layer.h"
#include "catalogue/edition.h"
#include "cli/files.h"
#include "cli/layer_file.h"
#include "layer/address.h"
#include "layer/report.h"
#include <stdio.h>

static const size_t memory_bytes_max = (size_t)8 << 30;

static const char *const place_word = "place";

bool cli_is_layer(const char *name)
{
    return layer_by_name(str_c(name)) != LAYER_COUNT;
}

bool cli_is_place(const char *name)
{
    return strcmp(name, place_word) == 0;
}

struct layer_import {
    const struct cli_args *args;
    struct arena a;
    struct db *db;
    struct catalogue *cat;
    const char *name, *file;
    struct layer_want want;
    int64_t now_ms, version;
    struct features features;
    bool places;                /* addresses, dwellings and sites instead of a layer */
    struct address_plan addresses;
    struct layer_plan plan;     /* of places: placing and faults alone */
    struct effects effects;
    struct err_info info;
};

static bool en(const struct layer_import *m)
{
    return m->args->lang == LANG_EN;
}

/* What it was asked to do ------------------------------------------------------------------- */

static enum err take_headings(struct layer_import *m, struct headings *h)
{
    struct str rest = str_c(cli_value(m->args, "map"));
    while (rest.n)
        TRY(headings_map(h, str_trim(str_cut(rest, ',', &rest)), &m->info));
    return OK;
}

static enum err read_features(struct layer_import *m)
{
    struct source s = { .encoding = cli_value(m->args, "encoding") };
    const char *crs = cli_value(m->args, "crs");
    m->want.crs = str_c(crs);
    TRY(take_headings(m, &s.headings));
    TRY(layer_file_take(&m->a, m->file, &s, &m->info));
    return source_read(&m->a, &s, &m->features, &m->info);
}

static enum err take_day(struct layer_import *m)
{
    m->want.at_ms = cli_day(m->args, "valid-from", I64_NONE);
    TRY(edition_day(str_c(layer_kinds[m->want.layer].name), &m->want.at_ms, m->now_ms,
        &m->info));
    return layer_day_is_free(m->db, m->want.layer, m->want.at_ms, &m->info);
}

static enum err store_all(struct layer_import *m)
{
    TRY(db_begin(m->db));
    enum err e = m->places ? addresses_store(m->db, m->cat, &m->addresses, m->want.part)
        : layer_store(m->db, &m->a, &m->plan, str_c(m->file), m->now_ms, 0, &m->version);
    if (e != OK) {
        db_rollback(m->db);
        return e;
    }
    return db_commit(m->db);
}

static enum err write_report(struct layer_import *m)
{
    const char *path = cli_value(m->args, "report");
    struct buf b = buf_in(&m->a, REPORT_BYTES_MAX);
    if (path == NULL)
        return OK;
    layer_report_html(&b, m->cat, &m->plan, &m->effects, str_c(m->file), m->args->lang);
    return cli_file_write(path, buf_str(&b), "report", &m->info);
}

static enum err run_places(struct layer_import *m)
{
    if (cli_value(m->args, "valid-from"))
        return err_note(&m->info, E_INPUT, "valid-from", MSG("地点没有版本，导入后立即生效，请去掉 --valid-from",
            "Places have no versions and count at once; leave --valid-from out"), STR_NONE);
    TRY(read_features(m));
    TRY(catalogue_load(m->db, &m->cat, &m->info));
    TRY(addresses_check(m->cat, &m->a, &m->features, m->want.crs, &m->addresses, &m->info));
    m->plan.want = m->want;
    m->plan.placing = m->addresses.placing;
    m->plan.faults = m->addresses.faults;
    m->plan.n_change[ZONE_ADDED] = m->addresses.n;
    m->plan.n_change[ZONE_BAD] = m->addresses.bad;
    TRY(write_report(m));
    bool stores = layer_may_store(&m->plan) && !cli_flag(m->args, "dry-run");
    return stores ? store_all(m) : OK;
}

static enum err run_import(struct layer_import *m)
{
    TRY(take_day(m));
    TRY(read_features(m));
    TRY(catalogue_load(m->db, &m->cat, &m->info));
    TRY(layer_check(m->db, m->cat, &m->a, &m->want, &m->features, &m->plan, &m->info));
    if (!cli_flag(m->args, "whole"))
        layer_refuse_to_empty(&m->a, &m->plan);
    TRY(layer_effects(m->db, m->cat, &m->a, &m->plan, &m->effects));
    TRY(write_report(m));
    if (!layer_may_store(&m->plan) || cli_flag(m->args, "dry-run"))
        return OK;
    return store_all(m);
}

/* What came of it -------------------------------------------------------------------------- */

static void print_faults(const struct layer_import *m)
{
    const struct faults *f = &m->plan.faults;
    cli_faults_print(m->file, f, m->args->lang);
    if (f->total > f->n)
        fprintf(stderr, en(m) ? "... and %zu more\n" : "……另有 %zu 处\n", f->total - f->n);
}

/* The first of each kind; all of them stand in the report. */
static void print_effects(const struct layer_import *m)
{
    enum { SHOWN = 20 };
    const struct effects *e = &m->effects;
    size_t shown = 0;
    for (size_t i = 0, of_kind = 0; i < e->n; i++) {
        of_kind = i && e->at[i].kind == e->at[i - 1].kind ? of_kind + 1 : 0;
        if (of_kind < SHOWN && ++shown)
            printf("%s\n", en(m) ? e->at[i].text.en : e->at[i].text.zh);
    }
    if (e->total > shown)
        printf(en(m) ? "... and %zu more to be put in order; --report or --json has them\n"
            : "……要跟着办的另有 %zu 项，见 --report 或 --json\n", e->total - shown);
}

static void print_sums(struct layer_import *m)
{
    const size_t *n = m->plan.n_change;
    size_t of_kind[FLAW_COUNT] = { 0 }, slivers = 0;
    for (size_t i = 0; i < m->plan.n_findings; i++) {
        of_kind[m->plan.findings[i].kind]++;
        slivers += m->plan.findings[i].sliver;
    }
    printf("%.*s\n", STR_FMT(placing_text(&m->a, &m->plan.placing, m->args->lang)));
    printf(en(m) ? "%zu added, %zu changed, %zu taken away, %zu the same, %zu to be corrected\n"
        : "新增 %zu，变更 %zu，撤销 %zu，不变 %zu，需改正 %zu\n", n[ZONE_ADDED], n[ZONE_CHANGED],
        n[ZONE_REMOVED], n[ZONE_SAME], n[ZONE_BAD]);
    printf(en(m) ? "gaps: %zu, overlaps: %zu, across a border: %zu (slivers among them: %zu)\n"
        : "空缺 %zu 处，重叠 %zu 处，越界 %zu 处(其中细缝 %zu 处)\n", of_kind[FLAW_GAP],
        of_kind[FLAW_OVERLAP], of_kind[FLAW_ACROSS], slivers);
}

static void print_mended(struct layer_import *m)
{
    for (size_t i = 0; i < m->plan.n; i++) {
        const struct zone_row *z = &m->plan.rows[i];
        if (z->mended.what == 0 || z->change == ZONE_BAD)
            continue;
        printf(en(m) ? "%s:%zu: %.*s; area %.1f m² before, %.1f m² now, %zu parts, %zu dropped\n"
            : "%s:%zu: %.*s；面积由 %.1f m² 变为 %.1f m²，现 %zu 部分，去掉 %zu 部分\n", m->file,
            z->row, STR_FMT(mended_text(&m->a, z->mended.what, m->args->lang)),
            z->mended.before_m2, z->mended.after_m2, z->mended.parts, z->mended.dropped);
    }
}

static void print_text(struct layer_import *m)
{
    print_faults(m);
    print_mended(m);
    if (m->places)
        printf(en(m) ? "%zu places, %zu to be corrected\n" : "地点 %zu 处，需改正 %zu 处\n",
            m->addresses.n, m->addresses.bad);
    else
        print_sums(m);
    print_effects(m);
    if (!layer_may_store(&m->plan))
        printf(en(m) ? "%zu faults; nothing was stored (--good-rows stores the faultless rows)\n"
            : "发现 %zu 处问题，没有写入(--good-rows 只写入没有问题的行)\n", m->plan.faults.total);
    else if (cli_flag(m->args, "dry-run"))
        printf("%s\n", en(m) ? "dry run: nothing was stored" : "仅检查，没有写入");
    else if (m->version)
        printf(en(m) ? "stored as version %lld of %s\n" : "已写入，为第 %lld 版 %s\n",
            (long long)m->version, m->name);
    else if (m->places)
        printf("%s\n", en(m) ? "stored" : "已写入");
    else
        printf("%s\n", en(m) ? "nothing changes, nothing was stored" : "没有变化，没有写入");
}

static void print_json(struct layer_import *m)
{
    struct buf b = buf_in(&m->a, REPORT_BYTES_MAX);
    const struct faults *f = &m->plan.faults;
    buf_fmt(&b, "{\"name\":\"%s\",\"rows\":%zu,\"faults_total\":%zu,\"faults\":[",
        m->name, m->features.n, f->total);
    for (size_t i = 0; i < f->n; i++) {
        buf_fmt(&b, "%s{\"line\":%zu,\"field\":", i ? "," : "", f->at[i].line);
        buf_json_str(&b, str_c(f->at[i].field));
        buf_add(&b, STR(",\"message\":"));
        buf_json_str(&b, str_c(en(m) ? f->at[i].en : f->at[i].zh));
        buf_byte(&b, '}');
    }
    buf_add(&b, STR("],"));
    layer_report_json(&b, m->cat, &m->plan, &m->effects, m->args->lang);
    if (m->version)
        buf_fmt(&b, ",\"version\":%lld", (long long)m->version);
    printf("%.*s}\n", STR_FMT(buf_str(&b)));
}

int cli_import_layer(const struct cli_args *args)
{
    struct layer_import m = { .args = args, .name = args->operands[0],
        .file = args->operands[1], .places = cli_is_place(args->operands[0]),
        .now_ms = clock_now_ms(clock_system()), .want = {
            .layer = layer_by_name(str_c(args->operands[0])), .part = cli_flag(args, "part"),
            .good_rows = cli_flag(args, "good-rows") } };
    int status = CLI_WRONG;
    enum err e = db_open(cli_value(args, "db"), DB_WRITER, &m.db);
    if (e != OK)
        return cli_fail(args, &m.info, e);
    arena_init(&m.a, memory_bytes_max);
    e = m.places ? run_places(&m) : run_import(&m);
    if (e != OK) {
        status = cli_fail(args, &m.info, e);
    } else {
        if (cli_flag(args, "json"))
            print_json(&m);
        else
            print_text(&m);
        status = layer_may_store(&m.plan) ? CLI_DONE : CLI_WRONG;
    }
    catalogue_drop(m.cat);
    db_close(m.db);
    arena_free(&m.a);
    return status;
}

/* Export ----------------------------------------------------------------------------------- */

static enum err export_rows(const struct cli_args *args, struct db *db, struct arena *a)
{
    int64_t at_ms = cli_day(args, "at", clock_now_ms(clock_system()));
    struct zone_row *rows;
    size_t n;
    TRY(layer_stored(db, a, layer_by_name(str_c(args->operands[0])), at_ms, &rows, &n));
    struct buf b = buf_in(a, (size_t)1 << 30);
    if (cli_value(args, "as") && strcmp(cli_value(args, "as"), "csv") == 0)
        layer_write_csv(&b, rows, n);
    else
        layer_write_geojson(&b, rows, n);
    return fwrite(b.p, 1, b.n, stdout) == b.n ? OK : E_IO;
}

int cli_export_layer(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct arena a;
    struct db *db;
    enum err e = db_open(cli_value(args, "db"), DB_READER, &db);
    if (e != OK)
        return cli_fail(args, &info, e);
    arena_init(&a, memory_bytes_max);
    e = export_rows(args, db, &a);
    db_close(db);
    arena_free(&a);
    return e == OK ? CLI_DONE : cli_fail(args, &info, e);
}
