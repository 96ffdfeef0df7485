/* import.c: `fengqiao import`: a table that the deployer has edited becomes the next version, or
 * every fault in it is named with line, column and remedy; and `fengqiao export`, the way back. */
#include "access/roster.h"
#include "catalogue/edition.h"
#include "catalogue/keeping.h"
#include "catalogue/organisation.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/files.h"
#include "cli/layer.h"
#include "cli/node.h"
#include "cli/options.h"
#include "cli/past.h"
#include "duty/decider.h"
#include "layer/feature.h"
#include <stdio.h>
#include <stdlib.h>

#define TABLES \
    "category|limit|rule|calendar|template|deputy|subsidy|keeping|units|accounts|duty|" CLI_LAYERS "|place|matters"
#define EXPORTED "category|limit|rule|calendar|template|deputy|subsidy|keeping|units|duty|disputes|" CLI_LAYERS

static const struct cli_option import_options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "data", "DIR", NULL, MSG("密钥文件所在目录(同 serve)", "directory of the key file, as for serve") },
    { "valid-from", "DATE", NULL, MSG("自哪一天起生效，如 2027-01-01（默认立即）",
        "day from which it is in force, such as 2027-01-01 (usually at once)") },
    { "dry-run", NULL, NULL, MSG("只检查，不写入", "check only, store nothing") },
    { "report", "FILE.html", NULL, MSG("图层：把检查结果写成网页(图与表)",
        "layers: write what was found as a page, with pictures and tables") },
    { "part", NULL, NULL, MSG("图层：只改文件里有的编码，其余不动",
        "layers: only the codes in the file change; the rest stays") },
    { "whole", NULL, NULL, MSG("图层：文件就是整层，缺少的撤销，哪怕超过一半",
        "layers: the file is the whole layer; take away what it lacks, even more than half") },
    { "good-rows", NULL, NULL, MSG("图层、事项：只写入没有问题的行，缺少的不撤销",
        "layers, matters: store the faultless rows; nothing is taken away for being missing") },
    { "crs", "NAME", NULL, MSG("图层：坐标系 wgs84 cgcs2000 gcj02 bd09(默认看文件或比对得出)",
        "layers: wgs84, cgcs2000, gcj02 or bd09; else the file says it or it is found out") },
    { "encoding", "NAME", NULL, MSG("文字编码，如 GBK(默认看文件或自动判断)",
        "encoding of texts, such as GBK; else the file says it or it is found out") },
    { "map", "FIELD=COLUMN,...|FILE.json", NULL, MSG("图层：哪一列是什么，如 code=编号,name=名字；事项：对照文件",
        "layers: which column is what, such as code=NUMBER,name=TITLE; matters: the map") },
    { "errors", "FILE.csv", NULL, MSG("事项：把有问题的行逐条写入此文件",
        "matters: write what is wrong, row by row, to this file") },
    { "json", NULL, NULL, MSG("以 JSON 输出结果", "print the outcome as JSON") },
};
static const struct cli_option export_options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "at", "DATE", NULL, MSG("图层：哪一天的，如 2026-01-01(默认现在)",
        "layers: as of that day, such as 2026-01-01; now unless given") },
    { "as", "csv|json|geojson", NULL, MSG("格式：表用 csv(默认)或 json，图层用 geojson(默认)或 csv",
        "the format: of tables csv (usually) or json, of layers geojson (usually) or csv") },
    { "from", "DATE", NULL, MSG("纠纷：这一天起受理的", "disputes: accepted from this day on") },
    { "to", "DATE", NULL, MSG("纠纷：这一天之前受理的", "disputes: accepted before this day") },
    { "out", "FILE.xlsx|FILE.csv", NULL, MSG("纠纷：写入的文件", "disputes: file to write") },
};

/* Everything one import needs and finds. */
struct import {
    const struct cli_args *args;
    struct arena a;
    struct str name, csv;
    const char *file;
    struct db *db;
    struct catalogue *cat;
    int64_t now_ms, valid_from_ms, version;
    struct faults faults, advice;
    size_t rows;
    struct sheet sheet;             /* of units and accounts */
    struct list shifts;             /* of duty */
    struct list newcomers;
    struct err_info info;
};

static bool is_units(const struct import *m)
{
    return str_is(m->name, "units");
}

static bool is_accounts(const struct import *m)
{
    return str_is(m->name, "accounts");
}

static bool is_duty(const struct import *m)
{
    return str_is(m->name, "duty");
}

static int usage(const struct cli_args *args, struct msg m, const char *arg)
{
    fprintf(stderr, "fengqiao %s: ", args->command->name);
    fprintf(stderr, "%s%s\n", args->lang == LANG_EN ? m.en : m.zh, arg);
    return CLI_USAGE;
}

static const struct record *record_of(struct str name)
{
    return str_is(name, "units") ? &organisation_record : str_is(name, "accounts") ? &roster_record
        : str_is(name, "duty") ? &turn_record : edition_record(name);
}

/* What names people is checked against those there are. */
static enum err check_people(struct import *m)
{
    struct duty_book *book;
    TRY(duty_book_load(m->db, &book));
    if (is_duty(m)) {
        struct turns turns = turns_check(m->cat, book, &m->a, m->csv, &m->faults);
        m->shifts = turns.shifts;
        m->rows = turns.rows;
    } else {
        deputies_check(m->cat, book, &m->a, m->csv, &m->faults);
    }
    duty_book_drop(book);
    return OK;
}

static enum err check(struct import *m)
{
    if (is_duty(m))
        TRY(check_people(m));
    else if (is_units(m))
        m->sheet = organisation_check(m->cat, &m->a, m->csv, &m->faults);
    else if (is_accounts(m))
        m->sheet = roster_check(m->cat, &m->a, m->csv, &m->faults);
    else
        m->rows = edition_check(m->cat, &m->a, m->name, m->csv, &m->faults);
    edition_advise(&m->a, m->name, m->csv, &m->advice);
    if (str_is(m->name, "deputy"))
        TRY(check_people(m));
    if (m->sheet.rows.n)
        m->rows = m->sheet.rows.n;
    faults_by_row(&m->faults, m->csv);
    faults_by_row(&m->advice, m->csv);
    return OK;
}

static enum err store_accounts(struct import *m)
{
    struct rand rand = rand_system();
    struct node_keys keys;
    struct site site;
    site_at(cli_value(m->args, "db"), cli_value(m->args, "data"), &site);
    TRY(node_keys_for(&site, NULL, &rand, &keys, &m->info));
    enum err e = roster_store(&(struct roster_store){ m->db, m->cat, &keys, &rand, &m->a,
        m->now_ms },
        m->sheet.rows, &m->newcomers);
    keys_wipe(&keys);
    return e;
}

/* Lists of people are versioned without their content: personal data lives in one place. */
static enum err store(struct import *m)
{
    if (is_duty(m)) {
        TRY(turns_store(m->db, m->shifts));
        return duty_stamp_stored(m->db, &m->version);
    }
    if (is_units(m))
        TRY(organisation_store(m->db, m->cat, m->sheet.rows));
    if (is_accounts(m))
        TRY(store_accounts(m));
    return edition_store(m->db, m->name, is_accounts(m) ? STR("") : m->csv, m->valid_from_ms,
        m->now_ms, 0, &m->version);
}

static enum err store_all(struct import *m)
{
    TRY(db_begin(m->db));
    enum err e = store(m);
    if (e != OK) {
        db_rollback(m->db);
        return e;
    }
    return db_commit(m->db);
}

static void print_text(const struct import *m)
{
    bool en = m->args->lang == LANG_EN;
    cli_faults_print(m->file, &m->faults, m->args->lang);
    cli_faults_print(m->file, &m->advice, m->args->lang);
    if (m->faults.total)
        printf(en ? "%zu rows read, %zu faults; nothing was stored\n"
            : "读取 %zu 行，发现 %zu 处问题，没有写入\n", m->rows, m->faults.total);
    else if (m->version)
        printf(en ? "%zu rows stored as version %lld of %s\n" : "%zu 行已写入，为第 %lld 版 %s\n",
            m->rows, (long long)m->version, m->name.p);
    else
        printf(en ? "%zu rows read, no faults (dry run)\n" : "读取 %zu 行，没有问题（仅检查）\n",
            m->rows);
    const struct newcomer *who = m->newcomers.p;
    for (size_t i = 0; i < m->newcomers.n; i++)
        printf(en ? "new account %.*s, first password %.*s (shown only now)\n"
            : "新账号 %.*s，初始密码 %.*s（只显示这一次）\n", STR_FMT(who[i].username),
            STR_FMT(who[i].password));
}

static void faults_json(struct buf *b, const char *name, const struct faults *faults,
    enum lang lang)
{
    buf_fmt(b, ",\"%s\":[", name);
    for (size_t i = 0; i < faults->n; i++) {
        const struct fault *f = &faults->at[i];
        bool row = faults->by_row && f->line > 1;
        buf_fmt(b, "%s{\"%s\":%zu,\"field\":", i ? "," : "", row ? "row" : "line",
            row ? f->line - 1 : f->line);
        buf_json_str(b, str_c(f->field));
        buf_add(b, STR(",\"message\":"));
        buf_json_str(b, str_c(lang == LANG_EN ? f->en : f->zh));
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void print_json(struct import *m)
{
    struct buf b = buf_in(&m->a, 1 << 20);
    buf_add(&b, STR("{\"name\":"));
    buf_json_str(&b, m->name);
    buf_fmt(&b, ",\"rows\":%zu,\"faults_total\":%zu", m->rows, m->faults.total);
    faults_json(&b, "faults", &m->faults, m->args->lang);
    faults_json(&b, "advice", &m->advice, m->args->lang);
    if (m->version)
        buf_fmt(&b, ",\"version\":%lld", (long long)m->version);
    const struct newcomer *who = m->newcomers.p;
    for (size_t i = 0; i < m->newcomers.n; i++) {
        buf_add(&b, i ? STR(",{\"username\":") : STR(",\"newcomers\":[{\"username\":"));
        buf_json_str(&b, who[i].username);
        buf_add(&b, STR(",\"password\":"));
        buf_json_str(&b, who[i].password);
        buf_byte(&b, '}');
    }
    if (m->newcomers.n)
        buf_byte(&b, ']');
    printf("%.*s}\n", STR_FMT(buf_str(&b)));
}

/* The table as CSV: of JSON, in UTF-8 or GBK, times as people write them. */
static enum err table_take(struct import *m)
{
    struct str bytes;
    TRY(cli_sheet_file(&m->a, m->file, "file", &bytes, &m->info));
    if (bytes.n > SHEET_BYTES_MAX)
        m->csv = bytes;
    else
        TRY(text_decode(&m->a, bytes, cli_value(m->args, "encoding"), &m->csv, &m->info));
    m->faults = faults_in(&m->a);
    m->advice = faults_in(&m->a);
    m->csv = sheet_csv(&m->a, record_of(m->name), m->csv, &m->faults);
    m->advice.by_row = m->faults.by_row;
    if (m->faults.total == 0 && edition_record(m->name))
        m->csv = sheet_plain(&m->a, edition_record(m->name), m->csv);
    return OK;
}

static enum err run_import(struct import *m)
{
    TRY(table_take(m));
    TRY(edition_day(m->name, &m->valid_from_ms, m->now_ms, &m->info));
    TRY(catalogue_load(m->db, &m->cat, &m->info));
    if (m->faults.total == 0)
        TRY(check(m));
    if (m->faults.total || cli_flag(m->args, "dry-run"))
        return OK;
    return store_all(m);
}

static int import_file(const struct cli_args *args, int64_t valid_from_ms, int64_t now_ms)
{
    struct import m = { .args = args, .name = str_c(args->operands[0]),
        .file = args->operands[1], .now_ms = now_ms, .valid_from_ms = valid_from_ms };
    int status = CLI_WRONG;
    enum err e = cli_database_open(args, DB_WRITER, &m.db, &m.info);
    if (e != OK)
        return cli_fail(args, &m.info, e);
    arena_init(&m.a, (size_t)1 << 30);
    e = run_import(&m);
    if (e != OK) {
        status = cli_fail(args, &m.info, e);
    } else {
        if (cli_flag(args, "json"))
            print_json(&m);
        else
            print_text(&m);
        status = m.faults.total ? CLI_WRONG : CLI_DONE;
    }
    catalogue_drop(m.cat);
    db_close(m.db);
    arena_free(&m.a);
    return status;
}

static bool is_table(struct str name)
{
    return record_of(name) != NULL;
}

static int import(const struct cli_args *args)
{
    int64_t now_ms = clock_now_ms(clock_system());
    if (args->n_operands != 2)
        return usage(args, MSG("请写明表名和文件：", "name the table and the file: "),
            TABLES " FILE");
    if (cli_is_layer(args->operands[0]) || cli_is_place(args->operands[0]))
        return cli_import_layer(args);
    if (cli_is_past(args->operands[0]))
        return cli_import_past(args);
    if (!is_table(str_c(args->operands[0])))
        return usage(args, MSG("没有这个表，可用：", "there is no such table; there are: "), TABLES);
    return import_file(args, cli_day(args, "valid-from", now_ms), now_ms);
}

static enum err find_table(struct db *db, struct arena *a, struct str name, struct str *ret,
    struct err_info *info)
{
    struct catalogue *cat;
    struct duty_book *book = NULL;
    int64_t version;
    bool duty = str_is(name, "duty");
    if (!duty && !str_is(name, "units")) {
        enum err none = edition_current(db, a, name, clock_now_ms(clock_system()), ret, &version);
        if (none != E_MISSING || !str_is(name, "keeping"))
            return none;
        *ret = keepings_usual_csv(a);       /* which are in force as long as there are no others */
        return OK;
    }
    TRY(catalogue_load(db, &cat, info));
    enum err e = duty ? duty_book_load(db, &book) : OK;
    if (e == OK)
        *ret = duty ? turns_csv(cat, book, a) : organisation_csv(cat, a);
    duty_book_drop(book);
    catalogue_drop(cat);
    return e;
}

static enum err table_write(struct db *db, struct arena *a, struct str name, bool json,
    struct err_info *info)
{
    struct str text = STR_NONE;
    struct buf b = buf_in(a, (size_t)8 * SHEET_BYTES_MAX);
    TRY(find_table(db, a, name, &text, info));
    if (json) {
        TRY(sheet_json(a, record_of(name), text, &b, info));
        text = buf_str(&b);
    }
    return fwrite(text.p, 1, text.n, stdout) == text.n && fflush(stdout) == 0 ? OK : E_IO;
}

static int export(const struct cli_args *args)
{
    const char *as = cli_value(args, "as");
    struct err_info info = { .e = OK };
    struct arena a;
    struct db *db;
    if (args->n_operands == 1 && cli_is_layer(args->operands[0]))
        return cli_export_layer(args);
    if (args->n_operands == 1 && str_is(str_c(args->operands[0]), "disputes"))
        return cli_export_disputes(args);
    if (args->n_operands != 1 || !is_table(str_c(args->operands[0])))
        return usage(args, MSG("请写明一个表名：", "name one table: "), EXPORTED);
    if (str_is(str_c(args->operands[0]), "accounts"))
        return usage(args, MSG("账号含个人信息，不能整表导出", "accounts hold personal data"
            " and are not exported as a whole"), "");
    if (as && strcmp(as, "geojson") == 0)
        return usage(args, MSG("表的格式只有 csv 和 json，请改写 --as", "tables are csv or json; correct"
            " --as"), "");
    enum err e = cli_database_open(args, DB_READER, &db, &info);
    if (e != OK)
        return cli_fail(args, &info, e);
    arena_init(&a, (size_t)1 << 30);
    e = table_write(db, &a, str_c(args->operands[0]), as && strcmp(as, "json") == 0, &info);
    int status = e == OK ? CLI_DONE : cli_fail(args, &info, e);
    db_close(db);
    arena_free(&a);
    return status;
}

const struct cli_command cli_import = {
    .name = "import", .operands = TABLES " FILE",
    .meaning = MSG("导入编辑好的表、图层或原系统的事项：逐行检查，全部正确才写入",
        "import an edited table or layer, or another system's matters: every row is checked first"),
    .options = import_options, .n_options = COUNT_OF(import_options), .run = import,
};
const struct cli_command cli_export = {
    .name = "export", .operands = EXPORTED,
    .meaning = MSG("输出现行的表或图层，改好后可用 import 导入；或者写出纠纷清单",
        "print a table or a layer in force, to be edited and imported; or write the list of disputes"),
    .options = export_options, .n_options = COUNT_OF(export_options), .run = export,
};
