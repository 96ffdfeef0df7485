/* server.h: the HTTP server. It serves the routes of all modules, the built pages, live updates
 * and what operators ask (/healthz, /readyz, /metrics). TLS and HTTP/2 are a proxy's business. */
#pragma once
#include "access/limit.h"
#include "base/clock.h"
#include "spine/writer.h"

struct server_limits {
    struct limiter_rate intake;         /* reports and uploads, by address */
    struct limiter_rate login;          /* sign-in, by address and name; own password */
    struct limiter_rate logins;         /* sign-in, by address alone: offices share one */
    struct limiter_rate wrong, wrongs;  /* sign-in that failed, by both and by address alone */
    struct limiter_rate grid;           /* reports of residents about places in one grid */
    struct limiter_rate code;           /* wrong receipt codes, by address */
    /* Wrong telephone numbers as proof, by receipt and address and by receipt alone: whoever tries
     * from one place never uses up what a receipt has, so its owner still gets in. */
    struct limiter_rate proof, proofs;
    struct limiter_rate staff;          /* writing calls of one account */
};
/* A minute: 30, 10, 120, of what failed 1 and 10, 120, 30 and 600; an hour: of proofs 2 and 5. */
extern const struct server_limits server_limits_usual;

struct server_options {
    const char *listen;                 /* "HOST:PORT"; port 0 takes a free one */
    int bound;                          /* a socket of server_bind(), the server's from now on;
                                         * 0: none, it binds itself */
    unsigned restarts;                  /* how often it was started again after a crash */
    const char *db_url, *data_dir;
    struct writer *writer;              /* the caller's; must run until server_stop has returned */
    const struct node_keys *keys;
    struct clock clock;
    struct services services;           /* what handlers may call besides the database */
    struct server_limits limits;        /* all zero: none */
    const char *proxies;                /* addresses or networks, commas between, that are believed
                                         * when they say whom they speak for; NULL: none */
    const char *hosts;                  /* answers only for these names, commas between; NULL: any */
    unsigned threads;                   /* 0: two */
    unsigned connections_max;           /* 0: 10,000 */
    unsigned connections_max_address;   /* from one address; 0: no limit */
    unsigned patience_s;                /* for a request to arrive, its body aside; 0: 30 */
    const char *replica_url;            /* of a server that follows db_url, for reading; NULL: none */
    unsigned replica_lag_s;             /* how far it may be behind */
    bool behind_tls;                    /* marks cookies Secure and sends HSTS */
};

/* E_INPUT with a note when server_start() would not take list as proxies. */
enum err server_proxies_check(const char *list, struct err_info *info) MUST_USE;

/* A socket bound to listen, on which nobody listens yet. An address in use is tried for some
 * seconds: a server that was killed takes a moment to be gone. E_INPUT, noted. */
enum err server_bind(const char *listen, int *ret, struct err_info *info) MUST_USE;
struct server;
/* Serves once it returns OK. E_INPUT with a note: listen is malformed or taken, or proxies is
 * malformed. E_DB: the database cannot be read. options and what it points to must outlive the
 * server. */
enum err server_start(const struct server_options *options, struct server **ret,
    struct err_info *info) MUST_USE;
unsigned server_port(const struct server *s);
/* Makes others take over: from now on /readyz says 503, live streams end, and so does each
 * connection with its next answer; all else is served as before, until server_stop(). */
void server_drain(struct server *s);
/* Stops accepting, answers what was accepted (readyz: 503), ends live streams, closes. */
void server_stop(struct server *s);
/* Tells live views of changes that did not come through HTTP (timers). Any thread. */
void server_publish(struct server *s, const struct event *events, size_t n);
/* The newest catalogue, held for the caller, who drops it after use. Any thread. */
const struct catalogue *server_catalogue(struct server *s);
/* Takes a newer catalogue into use now; otherwise noticed within a second. */
enum err server_reload_catalogue(struct server *s) MUST_USE;
