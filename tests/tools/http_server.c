/* http_server.c: the HTTP server with a handful of routes that do as little as possible, for tests
 * of the server itself.
 *   http_server HOST:PORT DIR [limits] [tls] [hasty] [proxy NETWORK] [host NAME]
 * It makes DIR/test.db, prints "listening PORT" and ends at the end of its input. One
 * clerk is signed in: session token "clerk-session", CSRF token "clerk-csrf". */
#include "crypto/key.h"
#include "crypto/token.h"
#include "http/server.h"
#include <stdio.h>

#define ECHO_IN(X, R) \
    X(R, STR, text, REQUIRED, 0, 60000, NULL, "any text") \
    X(R, STR, username, OPTIONAL, 0, 40, NULL, "name that sign-in limits count by")
RECORD(echo_in, ECHO_IN)
RECORD_DEFINE(echo_in, ECHO_IN)
#define THING_IN(X, R) \
    X(R, I64, id, REQUIRED | IN_PATH, 0, 1000, NULL, "a number") \
    X(R, STR, q, OPTIONAL, 0, 20, NULL, "a word")
RECORD(thing_in, THING_IN)
RECORD_DEFINE(thing_in, THING_IN)
#define UPLOAD_IN(X, R) \
    X(R, BOOL, keep, OPTIONAL, 0, 1, NULL, "anything")
RECORD(upload_in, UPLOAD_IN)
RECORD_DEFINE(upload_in, UPLOAD_IN)
SQL_WRITES(DIVISION_ADD, "test.division", "INSERT INTO zone (layer, code, parent, level, kind,"
    " name, valid_from_ms) VALUES ('division', 320500000000, 0, 2, 'city', 'City', 0)");
SQL_WRITES(UNIT_ADD, "test.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES (1, 'u1', 'Unit', 'Unit', 'centre', 2, 320500000000, 0, 1, '')");
SQL_WRITES(ACCOUNT_ADD, "test.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES (1, 'clerk', 'Clerk', '', '', 'en', 0)");
SQL_WRITES(MEMBER_ADD, "test.member",
    "INSERT INTO membership (account, unit, role) VALUES (1, 1, 'clerk')");
SQL_WRITES(SESSION_ADD, "test.session", "INSERT INTO session (token, account, csrf, made_ms,"
    " expires_ms) VALUES ($1, 1, 'clerk-csrf', 0, 9000000000000)");

static enum err constant(struct cx *cx, const void *in, struct buf *out)
{
    (void)cx, (void)in;
    buf_add(out, STR("{\"constant\":true}"));
    return OK;
}

static enum err echo(struct cx *cx, const void *in, struct buf *out)
{
    const struct echo_in *q = in;
    CHECK(cx->ids != NULL);
    cx->events[cx->n_events++] = (struct event){ .area = 320508, .owner_unit = 1,
        .due_ms = I64_NONE, .number = "N1", .state = "received" };
    record_to_json(out, &echo_in_record, q);
    return OK;
}

static enum err thing(struct cx *cx, const void *in, struct buf *out)
{
    const struct thing_in *q = in;
    if (q->id == 0)
        return cx_fail_with(cx, E_MISSING, "id", MSG("没有这个编号:%s", "No such number: %s"), STR("0"));
    record_to_json(out, &thing_in_record, q);
    return OK;
}

static enum err slow_prepare(struct cx *cx, const void *in)
{
    (void)in;
    int64_t until_us = clock_monotonic_us() + 50000;
    while (clock_monotonic_us() < until_us)
        continue;
    cx->prepared = NEW(cx->a, int);
    return OK;
}

static enum err enter(struct cx *cx, const void *in, struct buf *out)
{
    (void)in;
    CHECK(cx->prepared != NULL);
    cx->cookie = STR("abc");
    buf_add(out, STR("{}"));
    return OK;
}

static enum err upload(struct cx *cx, const void *in, struct buf *out)
{
    (void)in;
    buf_fmt(out, "{\"bytes\":%zu}", cx->body.n);
    return OK;
}

static void finished(struct cx *cx, struct buf *out)
{
    (void)cx;
    buf_add(out, STR("{\"finished\":true}"));
}

static enum err nothing(struct cx *cx, const void *in, struct buf *out)
{
    (void)cx, (void)in, (void)out;
    return OK;
}

#define OPEN .roles = ROLE_PUBLIC
static const struct route routes[] = {
    { "GET", "/api/constant", "constant", OPEN, .lane = LANE_READ, .run = constant },
    { "POST", "/api/echo", "echo", OPEN, .lane = LANE_INTAKE, .in = &echo_in_record, .run = echo },
    { "GET", "/api/things/:id", "thing", OPEN, .lane = LANE_READ, .in = &thing_in_record,
        .run = thing },
    { "POST", "/api/login", "login", OPEN, .lane = LANE_LOGIN, .in = &echo_in_record,
        .prepare = slow_prepare, .run = enter },
    { "POST", "/api/uploads", "upload", OPEN, .lane = LANE_UPLOAD, .in = &upload_in_record,
        .run = upload },
    { "POST", "/api/finish", "finish", OPEN, .lane = LANE_STAFF, .run = nothing,
        .finish = finished },
    { "GET", "/api/staff", "staff", .roles = ROLE_STAFF, .lane = LANE_READ, .run = constant },
    { "POST", "/api/staff", "staff_write", .roles = ROLE_STAFF, .lane = LANE_STAFF, .run = nothing },
    { "GET", "/api/mine", "mine", .roles = ROLE_REPORTER, .lane = LANE_READ, .run = constant },
};
static const struct module module_test = { "test", routes, COUNT_OF(routes) };
const struct module *const modules[] = { &module_test };
const size_t modules_n = COUNT_OF(modules);

static enum err database_fill(struct db *db, const struct node_keys *keys)
{
    struct hash token = token_hash(keys, STR("clerk-session"));
    TRY(db_exec(db, &DIVISION_ADD, NO_ARGS, NULL));
    TRY(db_exec(db, &UNIT_ADD, NO_ARGS, NULL));
    TRY(db_exec(db, &ACCOUNT_ADD, NO_ARGS, NULL));
    TRY(db_exec(db, &MEMBER_ADD, NO_ARGS, NULL));
    return db_exec(db, &SESSION_ADD, ARGS(B(hash_str(&token))), NULL);
}

static enum err database_make(const char *url, const struct node_keys *keys, struct err_info *info)
{
    struct db *db;
    TRY(db_open(url, DB_WRITER, &db));
    enum err e = db_migrate(db, info);
    if (e == OK)
        e = database_fill(db, keys);
    db_close(db);
    return e;
}

static void options_read(struct server_options *o, int argc, char **argv)
{
    for (int i = 3; i < argc; i++) {
        struct str word = str_c(argv[i]);
        if (str_is(word, "limits"))
            o->limits = server_limits_usual;
        else if (str_is(word, "tls"))
            o->behind_tls = true;
        else if (str_is(word, "hasty"))
            o->patience_s = 2;
        else if (str_is(word, "proxy") && i + 1 < argc)
            o->proxies = argv[++i];
        else if (str_is(word, "host") && i + 1 < argc)
            o->hosts = argv[++i];
    }
}

int main(int argc, char **argv)
{
    struct err_info info = { .e = OK };
    struct node_keys keys;
    char url[4096];
    struct writer *writer;
    struct server *server;
    if (argc < 3)
        return 2;
    keys_derive(1, "test.example/su", &keys);
    (void)snprintf(url, sizeof(url), "%s/test.db", argv[2]);
    struct server_options o = { .listen = argv[1], .db_url = url, .data_dir = argv[2],
        .keys = &keys, .clock = clock_system() };
    options_read(&o, argc, argv);
    enum err e = database_make(url, &keys, &info);
    if (e == OK)
        e = writer_start(url, 1000, NULL, NULL, &writer);
    o.writer = writer;
    if (e == OK)
        e = server_start(&o, &server, &info);
    if (e != OK) {
        (void)fprintf(stderr, "%s\n", err_info_text(&info, e, LANG_EN));
        return 1;
    }
    (void)printf("listening %u\n", server_port(server));
    (void)fflush(stdout);
    while (getchar() != EOF)
        continue;
    server_stop(server);
    writer_stop(writer);
    return 0;
}
