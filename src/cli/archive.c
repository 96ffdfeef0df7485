/* archive.c: `fengqiao archive`: what is long done leaves the tables that are busy every day, and
 * stays where it can be found. */
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/site.h"
#include "db/db.h"
#include <stdio.h>

enum { PARTS_MAX = 1000, NAME_MAX_CHARS = 63 };
struct archiving {
    const struct cli_args *args;
    struct db *db;
    struct arena a;
    struct err_info info;
    int64_t now_ms, years, open_max;
};

/* When it was closed: "_to_20270102_093000". */
static const char *label_now(struct archiving *w)
{
    struct civil t = clock_civil(w->now_ms);
    return arena_fmt(&w->a, "_to_%04d%02d%02d_%02d%02d%02d", t.year, t.month, t.day, t.hour,
        t.minute, t.second).p;
}

static enum err begin(struct archiving *w)
{
    enum err e = db_archive_begin(w->db);
    if (e == E_MISSING)
        return err_note(&w->info, e, "db", MSG("这个数据库建于分区之前；可用 migrate --from --to"
            " 迁到新库", "This database was made before there were parts; move it to a new one with"
            " migrate --from --to"), STR_NONE);
    if (e == E_DENIED)
        return err_note(&w->info, e, "db", MSG("请以表的所有者身份运行",
            "Run this as the owner of the tables"), STR_NONE);
    return e != E_BUSY ? e : err_note(&w->info, e, "db", MSG("另一个 archive 正在运行",
        "Another archive is running"), STR_NONE);
}

static enum err close_now(struct archiving *w)
{
    enum err e = db_part_close(w->db, label_now(w));
    if (e == E_MISSING)
        return err_note(&w->info, e, "close", MSG("当前分区还是空的，不用关闭",
            "The part of now is empty; there is nothing to close"), STR_NONE);
    return e == E_BUSY ? err_note(&w->info, e, "db", MSG("表一直被占用，请在空闲时再试",
        "The tables were in use all the time; try again when it is quieter"), STR_NONE) : e;
}

static enum err place_check(struct archiving *w, struct str tablespace)
{
    enum err e = db_part_move(w->db, STR(""), tablespace);
    return e != E_MISSING ? e : err_note(&w->info, e, "tablespace", MSG("没有表空间 %s",
        "There is no tablespace %s"), tablespace);
}

static bool is_now(const struct db_part *p)
{
    return str_is(p->label, "_now");
}

static int64_t due_ms(const struct archiving *w, const struct db_part *p)
{
    return p->last_ms + w->years * 365 * CLOCK_DAY_MS;
}

static bool is_due(const struct archiving *w, const struct db_part *p)
{
    return !is_now(p) && p->open <= w->open_max && p->last_ms != I64_NONE
        && due_ms(w, p) < w->now_ms;
}

static struct str day(struct archiving *w, int64_t ms)
{
    struct civil t = clock_civil(ms);
    return ms == I64_NONE ? STR("-") : arena_fmt(&w->a, "%04d-%02d-%02d", t.year, t.month, t.day);
}

static void part_show(struct archiving *w, const struct db_part *p, const char *what)
{
    bool en = w->args->lang == LANG_EN;
    printf(en ? "matter%-20.*s %9lld matters, %6lld open, last %.*s, %6lld MB, %.*s%s\n"
        : "matter%-20.*s %9lld 件，未办结 %6lld，最后 %.*s，%6lld MB，%.*s%s\n", STR_FMT(p->label),
        (long long)p->matters, (long long)p->open, STR_FMT(day(w, p->last_ms)),
        (long long)(p->bytes >> 20), STR_FMT(p->tablespace), what);
}

/* What keeps a closed part from moving, one a line. */
static void reasons_show(struct archiving *w, const struct db_part *p)
{
    bool en = w->args->lang == LANG_EN;
    if (is_now(p))
        return;
    if (p->open > w->open_max)
        printf(en ? "  stays: %lld still open (--open allows %lld), the oldest is %.*s of %.*s\n"
            : "  不移：还有 %lld 件未办结(--open 允许 %lld 件)，最早的是 %.*s，%.*s\n", (long long)p->open,
            (long long)w->open_max, STR_FMT(p->oldest), STR_FMT(day(w, p->oldest_ms)));
    if (p->last_ms != I64_NONE && due_ms(w, p) >= w->now_ms)
        printf(en ? "  stays: old enough after %.*s (--years %lld)\n"
            : "  不移：%.*s 之后才到期(--years %lld)\n", STR_FMT(day(w, due_ms(w, p))),
            (long long)w->years);
}

static enum err part_work(struct archiving *w, struct db_part *p, struct str tablespace)
{
    bool en = w->args->lang == LANG_EN;
    TRY(db_part_look(w->db, &w->a, p));
    bool move = tablespace.n && is_due(w, p) && !str_eq(p->tablespace, tablespace);
    if (move)
        TRY(db_part_move(w->db, p->label, tablespace));
    part_show(w, p, move ? (en ? " -> moved" : " → 已移走") : "");
    if (!move && (tablespace.n == 0 || !str_eq(p->tablespace, tablespace)))
        reasons_show(w, p);
    return OK;
}

static enum err parts_work(struct archiving *w)
{
    struct list parts;
    const char *to = cli_value(w->args, "tablespace");
    TRY(db_parts(w->db, &w->a, PARTS_MAX, &parts));
    struct db_part *p = parts.p;
    for (size_t i = 0; i < parts.n; i++)
        TRY(part_work(w, &p[i], str_c(to ? to : "")));
    return OK;
}

/* The name goes into a statement. */
static bool name_fits(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n <= NAME_MAX_CHARS && name[n] == '\0';
}

static enum err work(struct archiving *w)
{
    const char *to = cli_value(w->args, "tablespace");
    if (to && !name_fits(to))
        return err_note(&w->info, E_INPUT, "tablespace", MSG("表空间名只能含小写字母、数字和下划线",
            "A tablespace is named in small letters, digits and _"), STR_NONE);
    TRY(db_is_current(w->db, &w->info));
    TRY(begin(w));
    if (to)
        TRY(place_check(w, str_c(to)));
    if (cli_flag(w->args, "close"))
        TRY(close_now(w));
    return parts_work(w);
}

static int run(const struct cli_args *args)
{
    struct archiving w = { .args = args, .now_ms = clock_now_ms(clock_system()) };
    struct site site;
    const char *url = cli_value(args, "db");
    if (url == NULL)
        return cli_usage(args, MSG("请给出 --db", "give --db"));
    if (!cli_number(args, "years", 0, 100, &w.years)
        || !cli_number(args, "open", 0, INT32_MAX, &w.open_max))
        return CLI_USAGE;
    site_at(url, NULL, &site);
    if (!db_is_server(url))
        return cli_fail(args, &w.info, err_note(&w.info, E_INPUT, "db",
            MSG("数据库文件没有分区；请给出 postgres:// 地址",
            "A file has no parts; give a postgres:// address"), STR_NONE));
    enum err e = db_open(url, DB_WRITER, &w.db);
    if (e != OK)
        return cli_fail(args, &w.info, err_note(&w.info, e, "db", MSG("打不开数据库 %s",
            "Cannot open the database %s"), str_c(site_shown(&site))));
    arena_init(&w.a, 1 << 20);
    e = work(&w);
    arena_free(&w.a);
    db_close(w.db);
    return e == OK ? CLI_DONE : cli_fail(args, &w.info, e);
}

static const struct cli_option options[] = {
    { "db", "URL", NULL, MSG("postgres:// 地址", "postgres:// address") },
    { "close", NULL, NULL, MSG("关闭当前分区，十秒之后的事项都进入新分区(如每年一次)",
        "close the part of now; what comes ten seconds later goes into a new one (once a year, say)") },
    { "tablespace", "NAME", NULL, MSG("把到期且已办结的分区移到这个表空间",
        "move parts that are old enough and done to this tablespace") },
    { "open", "N", "0", MSG("分区里最多还有几件未办结也可移走；它们照常办理，只是在慢盘上",
        "how many matters of a part may still be open when it moves; they go on as before, on slower"
        " disks") },
    { "years", "N", "3", MSG("办结满几年算到期", "old enough: so many years after the last was done") },
};
const struct cli_command cli_archive = { "archive", "",
    MSG("分区归档(PostgreSQL)", "Put what is long done aside (PostgreSQL)"),
    options, COUNT_OF(options), run };
