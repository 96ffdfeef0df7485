/* versions.c: `fengqiao versions`: what is in force, planned, past or taken back of a table or layer;
 * and taking back what is only planned. */
#include "cli/commands.h"
#include "db/db.h"
#include "layer/back.h"
#include <stdio.h>

enum { MEMORY_BYTES_MAX = 64 << 20, WHY_CHARS_MIN = 2, WHY_CHARS_MAX = 200 };

static struct str moment(struct arena *a, int64_t at_ms)
{
    struct civil t = clock_civil(at_ms);
    return at_ms == 0 ? STR("-") : arena_fmt(a, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day,
        t.hour, t.minute);
}

static const char *state_word(struct str state, enum lang lang)
{
    static const struct { const char *word, *zh, *en; } states[] = {
        { "in_force", "现行", "in force" }, { "planned", "待生效", "planned" },
        { "past", "已替换", "past" }, { "taken_back", "已撤回", "taken back" },
    };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (str_is(state, states[i].word))
            return lang == LANG_EN ? states[i].en : states[i].zh;
    return "";
}

static enum err show(const struct cli_args *args, struct db *db, struct arena *a)
{
    struct str name = str_c(args->operands[0]);
    int64_t now_ms = clock_now_ms(clock_system()), valid = 0;
    struct list all;
    TRY(edition_list(db, a, name, &all));
    TRY(edition_valid(db, name, now_ms, &valid));
    const struct catalogue_version *v = all.p;
    for (size_t i = 0; i < all.n; i++) {
        struct str from = moment(a, v[i].valid_from_ms), made = moment(a, v[i].made_ms);
        printf("%6lld  %-16.*s  %-16.*s  %s", (long long)v[i].version, STR_FMT(from), STR_FMT(made),
            state_word(version_state(&v[i], valid, now_ms), args->lang));
        if (v[i].back_ms == I64_NONE)
            printf("\n");
        else
            printf("  %.*s  %.*s\n", STR_FMT(moment(a, v[i].back_ms)), STR_FMT(v[i].back_why));
    }
    return OK;
}

static enum err reason(const struct cli_args *args, struct str *ret, struct err_info *info)
{
    *ret = str_trim(str_c(cli_value(args, "why")));
    if (str_is_text(*ret) && str_chars(*ret) >= WHY_CHARS_MIN && str_chars(*ret) <= WHY_CHARS_MAX)
        return OK;
    return err_note(info, E_INPUT, "why", MSG("请用 --why 写明撤回的理由，2 至 200 字",
        "Say with --why why it is taken back, in 2 to 200 characters"), STR_NONE);
}

static enum err take_back(const struct cli_args *args, struct db *db, struct arena *a,
    int64_t version, struct err_info *info)
{
    struct taking_back t = { .now_ms = clock_now_ms(clock_system()) };
    TRY(reason(args, &t.why, info));
    TRY(db_begin(db));
    enum err e = version_take_back(db, a, str_c(args->operands[0]), version, &t, info);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    return db_commit(db);
}

static bool has_versions(const char *name)
{
    size_t i = 0;
    while (version_names[i] && !str_is(str_c(name), version_names[i]))
        i++;
    return version_names[i] != NULL;
}

static int run(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct arena a;
    struct db *db;
    int64_t version = 0;
    bool writes = cli_value(args, "take-back") != NULL;
    if (args->n_operands != 1 || !has_versions(args->operands[0]))
        return cli_help(args->command, args->lang, CLI_USAGE);
    if (writes && !cli_number(args, "take-back", 1, 1000000000, &version))
        return CLI_USAGE;
    enum err e = db_open(cli_value(args, "db"), writes ? DB_WRITER : DB_READER, &db);
    if (e != OK)
        return cli_fail(args, &info, e);
    arena_init(&a, MEMORY_BYTES_MAX);
    e = db_is_current(db, &info);
    if (e == OK && writes)
        e = take_back(args, db, &a, version, &info);
    if (e == OK)
        e = show(args, db, &a);
    int status = e == OK ? CLI_DONE : cli_fail(args, &info, e);
    arena_free(&a);
    db_close(db);
    return status;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址",
        "database file, or postgres:// address") },
    { "take-back", "N", NULL, MSG("撤回第 N 版，须在它的生效日之前",
        "take back version N, before its first day") },
    { "why", "TEXT", NULL, MSG("为什么撤回", "why it is taken back") },
};
const struct cli_command cli_versions = { "versions",
    "rule|category|limit|calendar|template|division|grid|micro|police",
    MSG("列出一张表或一个图层的各版：版号、生效时间、写入时间、状态；或撤回尚未生效的一版",
        "list the versions of a table or layer: number, first day, when it was stored, state; or take a"
        " planned one back"),
    options, COUNT_OF(options), run };
