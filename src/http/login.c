/* login.c: how often somebody may try a password. What fails is counted by whom and from where:
 * (account, address) and address; but where somebody has signed in before with the same browser,
 * which shows it by a token of its own, only what fails there counts. So whoever guesses at an
 * account locks out nobody but themselves: its owner still gets in where they usually are. */
#include "access/access.h"
#include "http/request.h"

/* A key of several parts, each with its length in front. */
static void part_add(struct buf *key, struct str part)
{
    buf_fmt(key, "%zu:", part.n);
    buf_add(key, part);
}

static struct str key_of(struct request *r, struct str where, struct str name, int64_t unlocked)
{
    struct buf key = buf_in(&r->arena, 4096);
    part_add(&key, where);
    part_add(&key, str_head(name, 64));
    buf_fmt(&key, "%lld", (long long)unlocked);
    return buf_str(&key);
}

static enum err take(struct request *r, const char *kind, struct str key,
    const struct limiter_rate *rate)
{
    return limiter_take(r->server->limiter, kind, key, rate, r->command.cx.now_ms, &r->wait_ms);
}

static enum err peek(struct request *r, const char *kind, struct str key,
    const struct limiter_rate *rate)
{
    return limiter_peek(r->server->limiter, kind, key, rate, r->command.cx.now_ms, &r->wait_ms);
}

enum err login_limit(struct request *r, struct str name)
{
    const struct server_limits *limits = &r->server->options->limits;
    struct cx *cx = &r->command.cx;
    struct str address = address_key(&r->client);
    struct sign_in s = { .known = false };
    if (limits->wrong.per_minute)
        TRY(access_sign_in(cx, name, &s));
    r->known_place = s.known;
    r->tried = key_of(r, s.known ? cx->place : address, name, s.unlocked);
    if (!s.known) {
        TRY(take(r, "logins", address, &limits->logins));
        TRY(peek(r, "wrongs", address, &limits->wrongs));
    }
    TRY(take(r, "login", r->tried, &limits->login));
    return peek(r, "wrong", r->tried, &limits->wrong);
}

void login_failed(struct request *r)
{
    const struct server_limits *limits = &r->server->options->limits;
    int64_t wait_ms = r->wait_ms;
    (void)!take(r, "wrong", r->tried, &limits->wrong);
    if (!r->known_place)
        (void)!take(r, "wrongs", address_key(&r->client), &limits->wrongs);
    r->wait_ms = wait_ms;
}

/* Words of User-Agent, looked for in this order: most browsers name others besides. */
static const char *first_of(struct str said, const char *const (*words)[2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_find(said, str_c(words[i][0])) >= 0)
            return words[i][1];
    return "";
}

struct str device_words(struct arena *a, struct str said)
{
    static const char *const browsers[][2] = { { "wxwork", "WeCom" }, { "MicroMessenger", "WeChat" },
        { "DingTalk", "DingTalk" }, { "Edg", "Edge" }, { "Firefox", "Firefox" }, { "QQBrowser", "QQ" },
        { "HuaweiBrowser", "Huawei" }, { "Chrom", "Chrome" }, { "Safari", "Safari" } };
    static const char *const systems[][2] = { { "HarmonyOS", "HarmonyOS" }, { "Android", "Android" },
        { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS", "macOS" },
        { "Linux", "Linux" } };
    const char *browser = first_of(said, browsers, COUNT_OF(browsers));
    const char *system = first_of(said, systems, COUNT_OF(systems));
    return arena_fmt(a, "%s%s%s", browser, browser[0] && system[0] ? ", " : "", system);
}
