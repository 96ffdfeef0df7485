/* bench_print.c: the figures of `fengqiao bench` as a table with what it means, and as JSON. */
#include "cli/bench.h"
#include <math.h>

/* How people use it, as the formula assumes: for each report so many lists and matters are opened,
 * a fifth of a day's reports come in the busiest hour, and half of the machine is kept free. */
enum { LISTS = 20, MATTERS = 10, BUSIEST = 5, HOUR_S = 3600, FREE = 2, TITLE_CELLS = 26,
    CLIENTS = 8 };

static const struct kind { const char *name; struct msg title; enum bench_kind limit; } kinds[] = {
    [BENCH_COMMIT] = { "commit", MSG("数据库写入(落盘提交)", "rows, committed, synced"), BENCH_KINDS },
    [BENCH_HEALTHZ] = { "healthz", MSG("空应答 /healthz", "bare answer /healthz"), BENCH_KINDS },
    [BENCH_LOGIN] = { "login", MSG("登录(argon2 口令)", "sign-in (argon2)"), BENCH_KINDS },
    [BENCH_LIST] = { "list", MSG("打开网格的事项列表", "a grid's list opened"), BENCH_HEALTHZ },
    [BENCH_MATTER] = { "matter", MSG("打开一件事项", "one matter opened"), BENCH_HEALTHZ },
    [BENCH_REPORT] = { "report", MSG("提交上报", "report sent"), BENCH_COMMIT },
};

const char *bench_name(enum bench_kind kind, enum lang lang)
{
    return lang == LANG_EN ? kinds[kind].title.en : kinds[kind].title.zh;
}

static double per_second(const struct bench_found *f, enum bench_kind kind, unsigned clients)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->parts[i].kind == kind && f->parts[i].clients == clients)
            return f->parts[i].r.per_second;
    return 0;
}

double bench_ratio(const struct bench_found *f, const struct bench_part *p)
{
    double limit = per_second(f, kinds[p->kind].limit, p->clients);
    return limit > 0 ? p->r.per_second / limit : 0;
}

double bench_a_day(const struct bench_found *f)
{
    double reports = per_second(f, BENCH_REPORT, CLIENTS),
        lists = per_second(f, BENCH_LIST, CLIENTS), matters = per_second(f, BENCH_MATTER, CLIENTS);
    if (reports <= 0 || lists <= 0 || matters <= 0)
        return 0;
    double seconds = 1 / reports + LISTS / lists + MATTERS / matters;
    return HOUR_S * BUSIEST / (FREE * seconds);
}

/* A title of at most TITLE_CELLS cells of a terminal; Chinese characters take two. */
static void title_add(struct buf *b, const char *title)
{
    int cells = 0;
    for (const char *c = title; *c; c++)
        cells += (*c & 0xc0) == 0x80 ? 0 : (*c & 0x80) ? 2 : 1;
    buf_fmt(b, "%s%*s", title, cells < TITLE_CELLS ? TITLE_CELLS - cells : 1, "");
}

static void row_add(struct buf *b, const struct bench_found *f, const struct bench_part *p,
    enum lang lang)
{
    double ratio = bench_ratio(f, p);
    title_add(b, bench_name(p->kind, lang));
    buf_fmt(b, "%5u %9.0f %9.2f %9.2f", p->clients, p->r.per_second, (double)p->r.p50_us / 1e3,
        (double)p->r.p99_us / 1e3);
    if (ratio > 0)
        buf_fmt(b, " %7.0f %%", ratio * 100);
    buf_byte(b, '\n');
}

/* To two digits, for more would promise too much. */
static double rounded(double v)
{
    double unit = v > 0 ? pow(10, floor(log10(v)) - 1) : 1;
    return round(v / unit) * unit;
}

static void meaning_zh(struct buf *b, const struct bench_found *f)
{
    buf_fmt(b, "\n人数：同时发出请求的人，每人等到应答再发下一个(数据库写入：一次提交的行数)。"
        "p50：一半的请求快于此；p99：百分之九十九快于此。\n"
        "占极限：与同一次测得的极限相比；上报比数据库写入，打开比空应答。"
        "一次上报要写多张表并进入账本，不会达到百分之百。\n");
    buf_fmt(b, "按 %d 人同时使用估算：这台机器一天大约能承载 %.0f 件上报。算法：每件上报连同办理"
        "平均打开 %d 次列表、%d 次事项，\n所需时间 T = 1/上报 + %d/列表 + %d/事项(均为每秒次数)；"
        "最忙的一小时占全天的 1/%d，机器留一半余量：一天 = %d × %d ÷ (%d × T)。\n", CLIENTS,
        rounded(bench_a_day(f)), LISTS, MATTERS, LISTS, MATTERS, BUSIEST, HOUR_S, BUSIEST, FREE);
    buf_fmt(b, "这是演示城市(%lld 件事项)的数字，测量程序与服务共用 %u 个处理器；"
        "列表和事项反复打开，多半来自内存；照片、打印和导入不在其内。\n", (long long)f->matters, f->cores);
    if (f->in_memory)
        buf_fmt(b, "注意：临时目录在内存里，落盘的数字没有意义；用 --in 指定数据盘上的目录。\n");
    if (f->server)
        buf_fmt(b, "数据库里留下了演示城市，请删除这个数据库(dropdb)。\n");
}

static void meaning_en(struct buf *b, const struct bench_found *f)
{
    buf_fmt(b, "\nclients: people who ask at the same time, each waiting for the answer before"
        " the next (of rows: how many a commit holds).\np50: half are quicker than this; p99: all but"
        " a hundredth. of limit: against the limit measured in the same run,\nreports against rows,"
        " opening against bare answers. A report writes several tables and the ledger, so it never"
        " reaches 100 %%.\n");
    buf_fmt(b, "With %d at once this machine carries about %.0f reports a day. Each report is taken to"
        " have %d lists and %d matters opened\nwith it: T = 1/reports + %d/lists + %d/matters (a second"
        " each); the busiest hour has 1/%d of the day, half of the machine\nis kept free: a day = %d x %d"
        " / (%d x T).\n", CLIENTS, rounded(bench_a_day(f)), LISTS, MATTERS, LISTS, MATTERS, BUSIEST,
        HOUR_S, BUSIEST, FREE);
    buf_fmt(b, "These are figures of the demo city with %lld matters; who measures shares the %u"
        " processors with the server. Lists and\nmatters are opened again and again, so most come from"
        " memory. Photos, printing and imports are not in them.\n",
        (long long)f->matters, f->cores);
    if (f->in_memory)
        buf_fmt(b, "BEWARE: the temporary folder lies in memory, so what is synced means nothing; name"
            " a folder of the data's disk with --in.\n");
    if (f->server)
        buf_fmt(b, "The database holds the demo city now: drop it (dropdb).\n");
}

void bench_print(struct buf *b, const struct bench_found *f, enum lang lang)
{
    bool en = lang == LANG_EN;
    title_add(b, "");
    buf_fmt(b, "%s\n", en ? "clients  a second    p50 ms    p99 ms  of limit"
        : " 人数      每秒    p50 毫秒  p99 毫秒   占极限");
    for (size_t i = 0; i < f->n; i++)
        row_add(b, f, &f->parts[i], lang);
    if (en)
        meaning_en(b, f);
    else
        meaning_zh(b, f);
}

void bench_json(struct buf *b, const struct bench_found *f)
{
    buf_fmt(b, "{\"version\":\"%s\",\"database\":\"%s\",\"in_memory\":%s,\"cores\":%u,\"threads\":%u,"
        "\"matters\":%lld,\"seconds_each\":%.3f,\"parts\":[", FQ_VERSION,
        f->server ? "postgres" : "sqlite", f->in_memory ? "true" : "false", f->cores, f->threads,
        (long long)f->matters, f->seconds);
    for (size_t i = 0; i < f->n; i++) {
        const struct bench_part *p = &f->parts[i];
        buf_fmt(b, "%s{\"name\":\"%s\",\"clients\":%u,\"calls\":%llu,\"per_second\":%.1f,"
            "\"p50_ms\":%.3f,\"p99_ms\":%.3f", i ? "," : "", kinds[p->kind].name, p->clients,
            (unsigned long long)p->r.chains, p->r.per_second, (double)p->r.p50_us / 1e3,
            (double)p->r.p99_us / 1e3);
        if (kinds[p->kind].limit != BENCH_KINDS)
            buf_fmt(b, ",\"limit\":\"%s\",\"ratio\":%.3f", kinds[kinds[p->kind].limit].name,
                bench_ratio(f, p));
        buf_byte(b, '}');
    }
    buf_fmt(b, "],\"carries\":{\"reports_a_day\":%.0f,\"clients\":%d,\"lists_a_report\":%d,"
        "\"matters_a_report\":%d,\"busiest_hour\":%.2f,\"kept_free\":%.2f}}\n",
        rounded(bench_a_day(f)), CLIENTS, LISTS, MATTERS, 1.0 / BUSIEST, 1.0 / FREE);
}
