/* serve.c: running the server: `serve` for real use, `demo` for a city to try. */
#include "cli/city.h"
#include "cli/commands.h"
#include "cli/replica.h"
#include "cli/serving.h"
#include "demo/seed.h"
#include "http/header.h"
#include "http/server.h"
#include "place/plates.h"
#include <stdio.h>
#include <string.h>

enum { DRAIN_S_MAX = 3600, READ_LAG_S_MIN = 2, READ_LAG_S_MAX = 60, URL_BYTES_MAX = 2000 };
#define SERVE_OPTIONS(db_usual) \
    { "db", "FILE|URL", db_usual, MSG("数据库文件，或 postgres:// 地址", \
        "database file, or postgres:// address") }, \
    { "data", "DIR", NULL, MSG("密钥、照片和检索文件的目录(默认在数据库文件旁；PostgreSQL 为 var/库名)", \
        "directory of key, photos and search file (usually beside the database file;" \
        " with PostgreSQL var/NAME)") }, \
    { "listen", "HOST:PORT", "127.0.0.1:8080", MSG("监听地址", "address to listen on") }, \
    { "queue", "N", "4096", MSG("每条写入队列的上限，满了回 503", \
        "most commands waiting in each writing lane; beyond it 503") }, \
    { "no-limits", NULL, NULL, MSG("不限制请求频率(仅供压测)", \
        "no rate limits (for load tests only)") }, \
    { "url", "URL", NULL, MSG("居民访问本系统的网址，印在二维码牌上", \
        "address at which people reach this site, as printed on QR plates") }, \
    { "threads", "N", "2", MSG("处理请求的线程数", "threads that answer requests") }, \
    { "no-sandbox", NULL, NULL, MSG("不设监护进程和沙箱(仅供开发和调试)", \
        "no supervisor and no sandbox (for development and debugging only)") }

static const struct cli_option serve_options[] = {
    SERVE_OPTIONS("fengqiao.db"),
    { "name", "NAME", NULL, MSG("节点名称，首次启动时写入密钥文件，此后不变(默认 fengqiao.local)",
        "name of this node, for good, written to the key file at the first start; fengqiao.local unless"
        " given") },
    { "proxies", "LIST", NULL, MSG("受信任的反向代理地址或网段，逗号分隔；只相信它们给出的来访者地址",
        "trusted proxies, addresses or networks with commas between; only they may say who a visitor is") },
    { "hosts", "LIST", NULL, MSG("只回应这些主机名，逗号分隔", "answer only for these host names, commas between") },
    { "templates", "DIR", NULL, MSG("文书模板目录，其中的 名称.txt 代替内置的同名模板", "folder of templates of"
        " documents; NAME.txt in it stands in for the one inside the program") },
    { "read-db", "URL", NULL, MSG("postgres:// 地址：只读查询所用的流复制副本", "postgres:// address of a streaming"
        " replica that serves reading") },
    { "read-lag", "SECONDS", "5", MSG("副本最多可以落后多少秒，超过则读主库", "how far the replica may be behind;"
        " beyond it the database itself is read") },
    { "drain", "SECONDS", "0", MSG("收到停止信号后再服务多少秒，期间 /readyz 回 503，让前面的代理换到别的服务",
        "go on serving for so long when told to stop, while /readyz says 503, so that a proxy turns"
        " to other servers") },
    { "webhook", "URL", NULL, MSG("短信等网关的 https:// 地址：答复、超期等消息推送到这里", "https:// address"
        " of a gateway (SMS or other) that messages about answers and deadlines are pushed to") },
    { "webhook-key-file", "FILE", NULL, MSG("推送签名用的密钥文件", "file of the key that signs what is"
        " pushed") },
    { "webhook-ca", "FILE", NULL, MSG("网关证书的签发者，代替系统所信任的", "certificates to believe of the"
        " gateway instead of the system's") },
    { "behind-tls", NULL, NULL, MSG("前面的代理提供 HTTPS:Cookie 加 Secure，并发送 HSTS",
        "a proxy in front speaks HTTPS: cookies are Secure, HSTS is sent") },
};
static const struct cli_option demo_options[] = {
    SERVE_OPTIONS("var/demo.db"),
    { "matters", "N", "20000", MSG("生成多少件事项", "how many matters to make") },
    { "seed", "N", "1", MSG("随机种子，同样的种子得到同样的城市", "seed; the same seed makes the same city") },
    { "only-make", NULL, NULL, MSG("只生成，不启动服务", "make the city and stop") },
};

/* Told before anything is made: a wrong address is a matter of usage. */
static bool listen_is_address(const struct cli_args *args)
{
    const char *colon = strrchr(cli_value(args, "listen"), ':');
    int64_t port;
    if (colon && str_to_i64(str_c(colon + 1), &port) && port >= 0 && port <= UINT16_MAX)
        return true;
    fprintf(stderr, args->lang == LANG_EN ? "--listen: HOST:PORT, the port from 0 to 65535\n"
        : "--listen: 应为 主机:端口，端口 0 到 65535\n");
    return false;
}

static bool replica_is_one(const struct cli_args *args)
{
    const char *replica = cli_value(args, "read-db");
    if (replica == NULL || (db_is_server(replica) && db_is_server(cli_value(args, "db"))))
        return true;
    fprintf(stderr, args->lang == LANG_EN ? "--read-db: a postgres:// address, and --db one too\n"
        : "--read-db: 应为 postgres:// 地址，且 --db 也是\n");
    return false;
}

static bool webhook_is_one(const struct cli_args *args)
{
    bool url = cli_flag(args, "webhook"), key = cli_flag(args, "webhook-key-file");
    if (url == key && (url || !cli_flag(args, "webhook-ca")))
        return true;
    fprintf(stderr, args->lang == LANG_EN ? "--webhook and --webhook-key-file go together\n"
        : "--webhook 和 --webhook-key-file 要一起给\n");
    return false;
}

static bool hosts_are_names(const struct cli_args *args)
{
    struct str rest = str_c(cli_value(args, "hosts")), bad = STR_NONE;
    while (rest.n && bad.p == NULL) {
        struct str one = str_trim(str_cut(rest, ',', &rest));
        if (!header_host_good(one))
            bad = one;
    }
    if (bad.p)
        fprintf(stderr, args->lang == LANG_EN ? "--hosts: names of hosts with commas between, not %.*s\n"
            : "--hosts: 应为主机名，逗号分隔，不能是 %.*s\n", STR_FMT(bad));
    return bad.p == NULL;
}

static struct site site_of(const struct cli_args *args)
{
    struct site site;
    site_at(cli_value(args, "db"), cli_value(args, "data"), &site);
    return site;
}

static bool url_is_one(const struct cli_args *args)
{
    const char *url = cli_value(args, "url");
    struct arena a;
    struct str read;
    arena_init(&a, 1 << 16);
    bool good = url == NULL
        || (strlen(url) <= URL_BYTES_MAX && plates_url_ok(&a, str_c(url), &read));
    arena_free(&a);
    if (!good)
        fprintf(stderr, args->lang == LANG_EN ? "--url: http:// or https:// and a host\n"
            : "--url: 应以 http:// 或 https:// 开头\n");
    return good;
}

/* What serve and demo have in common. */
static bool options_read(const struct cli_args *args, struct node_options *ret)
{
    int64_t queue, threads;
    if (!listen_is_address(args) || !url_is_one(args) || !cli_number(args, "queue", 1, 1 << 20, &queue)
        || !cli_number(args, "threads", 1, 64, &threads))
        return false;
    *ret = (struct node_options){ .site = site_of(args), .listen = cli_value(args, "listen"),
        .queue_max = (size_t)queue, .threads = (unsigned)threads,
        .no_limits = cli_flag(args, "no-limits"), .url = cli_value(args, "url") };
    return true;
}

static enum err serve_prepare(struct serving *s, struct err_info *info)
{
    TRY(node_prepare(&s->options.site, cli_value(s->args, "name"), info));
    replica_look(s->args);
    return OK;
}

static int serve(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct serving s = { .args = args, .prepare = serve_prepare };
    int64_t lag_s;
    if (!options_read(args, &s.options) || !replica_is_one(args) || !webhook_is_one(args)
        || !hosts_are_names(args)
        || !cli_number(args, "drain", 0, DRAIN_S_MAX, &s.drain_s)
        || !cli_number(args, "read-lag", READ_LAG_S_MIN, READ_LAG_S_MAX, &lag_s))
        return CLI_USAGE;
    s.options.templates = cli_value(args, "templates");
    s.options.read_db = cli_value(args, "read-db");
    s.options.read_lag_s = (unsigned)lag_s;
    s.options.proxies = cli_value(args, "proxies");
    s.options.hosts = cli_value(args, "hosts");
    s.options.webhook = cli_value(args, "webhook");
    s.options.webhook_key = cli_value(args, "webhook-key-file");
    s.options.webhook_ca = cli_value(args, "webhook-ca");
    s.options.behind_tls = cli_flag(args, "behind-tls");
    enum err e = server_proxies_check(s.options.proxies, &info);
    if (e != OK) {
        (void)cli_fail(args, &info, e);
        return CLI_USAGE;
    }
    return serving_run(&s);
}

struct making_of { int64_t matters, seed; };

static void greet(const struct cli_args *args)
{
    static const char zh[] =
        "枫桥演示城市(合成数据，边界为示意)\n"
        "  居民手机页    http://%s/m/      无需登录\n"
        "  网格员手机页  http://%s/m/work  worker1\n"
        "  工作台        http://%s/desk/\n"
        "      dispatcher1 街道、dispatcher2 区、dispatcher3 市、clerk1 部门承办、chief1 部门负责人\n"
        "      chief6 区综治中心负责人、clerk5 民警、mediator1 街道调解员、mediator2 区、mediator3 社区\n"
        "      supervisor1 督办、auditor1 审计、admin1 管理\n"
        "  口令都是 " DEMO_PASSWORD "\n";
    static const char en[] =
        "Fengqiao demo city (synthetic people, illustrative boundaries)\n"
        "  residents     http://%s/m/      no login\n"
        "  grid workers  http://%s/m/work  worker1\n"
        "  desks         http://%s/desk/\n"
        "      dispatcher1 township, dispatcher2 county, dispatcher3 city, clerk1 department\n"
        "      chief1 head of department, chief6 head of the county's desk, clerk5 police\n"
        "      mediator1 mediator of the township, mediator2 of the county, mediator3 of a community\n"
        "      supervisor1, auditor1, admin1\n"
        "  password of all: " DEMO_PASSWORD "\n";
    const char *at = cli_value(args, "listen");
    if (args->lang == LANG_EN)
        printf(en, at, at, at);
    else
        printf(zh, at, at, at);
}

/* The city is there, or is made. */
static enum err demo_make(struct serving *s, struct err_info *info)
{
    const struct making_of *of = s->ctx;
    bool fresh;
    TRY(node_migrate(&s->options.site, &fresh, info));
    if (!fresh)
        return OK;
    fprintf(stderr, s->args->lang == LANG_EN ? "Making the demo city...\n" : "正在生成演示城市……\n");
    return city_make(&(struct city){ .site = &s->options.site, .matters = of->matters,
        .seed = of->seed, .lang = s->args->lang, .bell = -1 }, info);
}

static enum err demo_prepare(struct serving *s, struct err_info *info)
{
    TRY(demo_make(s, info));
    greet(s->args);
    return OK;
}

static int demo(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct making_of of;
    char url[300];
    struct serving s = { .args = args, .prepare = demo_prepare, .ctx = &of };
    if (!options_read(args, &s.options)
        || !cli_number(args, "matters", 0, 100000000, &of.matters)
        || !cli_number(args, "seed", 0, INT64_MAX, &of.seed))
        return CLI_USAGE;
    if (cli_flag(args, "only-make")) {
        enum err e = demo_make(&s, &info);
        return e == OK ? CLI_DONE : cli_fail(args, &info, e);
    }
    (void)snprintf(url, sizeof(url), "http://%s", s.options.listen);
    s.options.url = s.options.url ? s.options.url : url;
    return serving_run(&s);
}

const struct cli_command cli_serve = { "serve", "",
    MSG("启动服务", "Run the server"), serve_options, COUNT_OF(serve_options), serve };
const struct cli_command cli_demo = { "demo", "",
    MSG("生成并运行演示城市", "Make and run the demo city"), demo_options, COUNT_OF(demo_options),
    demo };
