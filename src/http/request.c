/* request.c: the life of a request: headers checked, body taken in under a ceiling, caller found
 * out, then read at once or handed to the writer with the connection suspended until the commit. */
#include "http/request.h"
#include "access/access.h"
#include "access/session.h"
#include "base/fd.h"
#include "base/log.h"
#include "http/header.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

struct str request_header(const struct request *r, const char *name)
{
    const char *text = NULL;
    size_t n = 0;
    if (MHD_lookup_connection_value_n(r->connection, MHD_HEADER_KIND, name, strlen(name), &text,
        &n) != MHD_YES || text == NULL)
        return STR_NONE;
    return (struct str){ text, n };
}

static bool is_api(const struct request *r)
{
    return str_starts(r->url.path, STR("/api/"));
}

/* --- headers */

static enum err too_large(struct request *r)
{
    return cx_fail(&r->command.cx, E_TOO_LARGE, NULL, r->body_max == BODY_UPLOAD_BYTES_MAX
        ? MSG("照片不能超过 12 MB", "A photo may have 12 MB at most")
        : r->body_max == BODY_FILE_BYTES_MAX
        ? MSG("文件不能超过 100 MB，请按区县分成几个文件", "A file may have 100 MB at most; split it by county")
        : r->body_max == BODY_JSON_BYTES_MAX ? MSG("提交的内容超过 64 KB", "The content is over 64 KB")
        : MSG("提交的内容太大，请分成几份", "The content is too large; send it in parts"));
}

static enum err identify(struct request *r);

/* A large file is taken from those who may send one only, so this is asked before it comes. */
static enum err sender_check(struct request *r)
{
    struct command *c = &r->command;
    struct reader *reader = reader_take(r->server);
    if (reader == NULL)
        return E_DB;
    c->cx.db = reader->db;
    enum err e = db_begin(reader->db);
    if (e == OK)
        e = identify(r);
    if (e == OK)
        e = command_authorise(&c->cx, c->route);
    db_rollback(reader->db);
    c->cx.db = NULL;
    reader_give(r->server, reader);
    return e;
}

/* The one place for heavy requests. */
static enum err heavy_take(struct request *r)
{
    if (r->is_heavy)
        return OK;
    if (atomic_exchange(&r->server->heavy_taken, true))
        return cx_fail(&r->command.cx, E_BUSY, NULL, MSG("正在检查另一个导入文件，请等它完成后再试",
            "Another file is being checked; try again when that is done"));
    r->is_heavy = r->has_place = true;
    r->arena.max_bytes = arena_heavy_bytes_max;
    return OK;
}

/* Without a name, so that nothing is left of it whatever happens. */
static enum err file_open(struct request *r)
{
    struct cx *cx = &r->command.cx;
    struct str made = arena_fmt(&r->arena, "%s/.file-XXXXXX", cx->data_dir);
    char *path = arena_bytes(&r->arena, made.n + 1);
    memcpy(path, made.p, made.n + 1);
    cx->file.fd = mkostemp(path, O_CLOEXEC);
    if (cx->file.fd < 0 || unlink(path) != 0) {
        log_line(LOG_ERROR, "http.file", "no file in the data directory: errno %d", errno);
        return E_IO;
    }
    return OK;
}

static enum err file_expect(struct request *r, size_t n)
{
    r->body_max = BODY_FILE_BYTES_MAX;
    if (n > BODY_FILE_BYTES_MAX)
        return too_large(r);
    TRY(sender_check(r));
    enum err e = heavy_take(r);
    if (e == OK)
        e = file_open(r);
    r->body_max = n;
    return e;
}

/* A full disk is told, once the rest has been let pass. */
static void file_take(struct request *r, const char *data, size_t n)
{
    struct cx *cx = &r->command.cx;
    if (r->stage == STAGE_BODY && !fd_write_all(cx->file.fd, (struct str){ data, n })) {
        log_line(LOG_ERROR, "http.file", "the body cannot be kept: errno %d", errno);
        r->outcome = cx_fail(cx, E_IO, NULL, MSG("服务器存不下这个文件，请管理员检查磁盘空间",
            "The server has no room for the file; have the disk looked at"));
        r->stage = STAGE_DONE;
    }
    cx->file.bytes += n;
}

/* Makes room for the body that is announced; none is fine. */
static enum err body_expect(struct request *r)
{
    struct str length = request_header(r, "Content-Length"), type;
    int64_t n = 0;
    if (length.p && !str_to_i64(length, &n))
        n = INT64_MAX;          /* digits only, as the library has checked */
    if (n == 0)
        return OK;
    const struct route *route = r->command.route;
    bool upload = route && route->lane == LANE_UPLOAD;
    r->body_max = upload ? BODY_UPLOAD_BYTES_MAX
        : route && route->body_max ? route->body_max : BODY_JSON_BYTES_MAX;
    if (route == NULL || str_is(str_c(route->method), "GET"))
        return cx_fail(&r->command.cx, E_SYNTAX, NULL,
            MSG("此地址不接受内容", "This address takes no body"));
    if (route->lane == LANE_FILE)
        return file_expect(r, (size_t)n);
    if ((uint64_t)n > r->body_max)
        return too_large(r);
    type = request_header(r, "Content-Type");
    if (!upload && !header_type_is(type, "application/json"))
        return cx_fail(&r->command.cx, E_MEDIA, "Content-Type",
            MSG("请以 application/json 提交", "Send application/json"));
    if (upload && atomic_fetch_add(&r->server->uploads, 1) >= UPLOADS_AT_ONCE_MAX) {
        atomic_fetch_sub(&r->server->uploads, 1);
        return E_BUSY;
    }
    r->is_upload = upload;
    r->body_max = (size_t)n;
    r->body = upload ? heap_alloc((size_t)n) : NEW_N(&r->arena, char, (size_t)n + 1);
    return OK;
}

static enum err route_look_up(struct request *r)
{
    struct str method = r->head_only ? STR("GET") : r->method;
    struct command *c = &r->command;
    enum err e = route_find(method, r->url.path, &c->route, &r->path);
    if (e != OK)
        c->route = NULL;
    if (e == E_MISSING || (e == E_METHOD && str_is(r->method, "OPTIONS")))
        return OK;              /* perhaps a page; told later */
    TRY(e);
    (void)snprintf(r->doing, sizeof(r->doing), "request %s %s", r->id, c->route->name);
    return OK;
}

static struct address client_of(const struct request *r)
{
    const struct server *s = r->server;
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return address_client(address_of_socket(peer ? peer->client_addr : NULL),
        request_header(r, "X-Forwarded-For"), s->proxies, s->proxies_n);
}

static enum err head_check(struct request *r)
{
    struct cx *cx = &r->command.cx;
    cx->lang = header_lang(request_header(r, "Accept-Language"));
    r->client = client_of(r);
    if (str_is(r->target, "*") && str_is(r->method, "OPTIONS"))
        r->url.path = r->target;
    else if (str_is(r->method, "CONNECT"))
        return E_METHOD;
    else
        TRY(url_parse(&r->arena, r->target, &r->url, &cx->info));
    TRY(route_look_up(r));
    return body_expect(r);
}

/* --- who is asking */

static enum err limit_check(struct request *r, const char *kind, struct str key,
    const struct limiter_rate *rate)
{
    return limiter_take(r->server->limiter, kind, key, rate, r->command.cx.now_ms, &r->wait_ms);
}

static enum err by_code(struct request *r, struct str code)
{
    struct cx *cx = &r->command.cx;
    const struct limiter_rate *rate = &r->server->options->limits.code;
    struct str key = address_key(&r->client);
    TRY(limiter_peek(r->server->limiter, "code", key, rate, cx->now_ms, &r->wait_ms));
    enum err e = access_by_code(cx, code);
    if (e == E_MISSING || e == E_INPUT)
        (void)limit_check(r, "code", key, rate);
    return e;
}

static bool same_secret(struct str a, struct str b)
{
    return a.n > 0 && a.n == b.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}

/* A browser sends its cookie by itself, so on writing calls the page must prove that it is ours. On
 * an address open to everybody an unproven cookie counts as none. */
static enum err by_cookie(struct request *r, struct str token)
{
    struct cx *cx = &r->command.cx;
    const struct route *route = r->command.route;
    bool open = route->roles & ROLE_PUBLIC;
    if (route->lane == LANE_LOGIN)
        return OK;
    enum err e = access_by_session(cx, token);
    if (e == E_LOGIN && open)
        return OK;
    TRY(e);
    if (route->lane == LANE_READ || same_secret(request_header(r, "X-CSRF"), cx->actor.csrf))
        return OK;
    cx->actor = (struct actor){ .kind = ACTOR_PUBLIC };
    return open ? OK : cx_fail(cx, E_DENIED, "X-CSRF",
        MSG("页面已过期，请刷新后再试", "The page has expired; reload it and try again"));
}

static enum err identify(struct request *r)
{
    struct str authorization = request_header(r, "Authorization");
    if (authorization.n) {
        struct str code = header_credentials(authorization, "Receipt");
        struct str token = header_credentials(authorization, "Bearer");
        return code.n ? by_code(r, code)
            : token.n ? access_by_session(&r->command.cx, token)
            : E_LOGIN;
    }
    struct str token = header_cookie(request_header(r, "Cookie"), "fq_session");
    return token.n ? by_cookie(r, token) : OK;
}

static enum err origin_check(struct request *r)
{
    struct str origin = request_header(r, "Origin");
    if (origin.p == NULL || header_origin_is(origin, request_header(r, "Host")))
        return OK;
    return cx_fail(&r->command.cx, E_DENIED, "Origin",
        MSG("不接受来自其他网站的提交", "Submissions from other sites are not taken"));
}

static enum err key_check(struct request *r)
{
    struct str key = request_header(r, "Idempotency-Key");
    if (key.p && !header_key_good(key))
        return cx_fail(&r->command.cx, E_INPUT, "Idempotency-Key",
            MSG("提交标识应为 16 至 64 个字母、数字、- 或 _",
                "The idempotency key must be 16 to 64 letters, digits, - or _"));
    r->command.cx.key = key;
    return OK;
}

/* The text of a field of the decoded input; none when it has no such field. */
static struct str input_text(const struct command *c, const char *name)
{
    const struct record *in = c->route->in;
    const struct field *f = in ? record_field_named(in, str_c(name)) : NULL;
    return f && f->type == F_STR ? *(const struct str *)record_in(f, c->in) : STR_NONE;
}

static enum err write_limits(struct request *r)
{
    const struct server_limits *limits = &r->server->options->limits;
    const struct actor *actor = &r->command.cx.actor;
    struct str account = { (const char *)&actor->account, sizeof(actor->account) };
    if (r->command.route->lane == LANE_LOGIN)
        return login_limit(r, str_trim(input_text(&r->command, "username")));
    if (r->command.route->hashes)
        TRY(limit_check(r, "own", account, &limits->login));
    if (actor->kind == ACTOR_STAFF)
        return limit_check(r, "staff", account, &limits->staff);
    return limit_check(r, "intake", address_key(&r->client), &limits->intake);
}

/* --- running */

static enum err call_begin(struct request *r)
{
    struct command *c = &r->command;
    bool writes = c->route->lane != LANE_READ;
    c->out = buf_in(&r->arena, r->arena.max_bytes / 4);
    c->cx.path = r->url.path;
    c->cx.from = address_key(&r->client);
    c->cx.body = r->body ? (struct str){ r->body, r->body_n } : STR_NONE;
    c->cx.tag_held = request_header(r, "If-None-Match");
    if (c->route->lane == LANE_LOGIN) {
        c->cx.address = address_text(&r->arena, &r->client);
        c->cx.device = device_words(&r->arena, request_header(r, "User-Agent"));
        c->cx.place = header_cookie(request_header(r, "Cookie"), "fq_place");
    }
    if (writes) {
        TRY(origin_check(r));
        TRY(key_check(r));
    }
    TRY(identify(r));
    access_scope(&c->cx);
    TRY(command_authorise(&c->cx, c->route));
    TRY(command_decode(c, c->cx.body, &r->url.query, &r->path));
    return writes ? write_limits(r) : OK;
}

/* Beside the session of the cookie. */
static void session_forget(struct server *s, struct str token_hash)
{
    sessions_forget(s->sessions, token_hash);
    live_end_session(s->live, token_hash);
    peers_tell_session_over(s->peers, token_hash);
}

/* From any thread: the outcome is known; the connection's thread will answer. The request may be
 * gone as soon as its connection is resumed. */
static void request_finish(struct request *r, enum err outcome)
{
    struct server *s = r->server;
    r->outcome = outcome;
    r->stage = STAGE_DONE;
    MHD_resume_connection(r->connection);
    atomic_fetch_sub(&s->waiting, 1);
}

static enum err task_run(struct task *t, struct db *db, struct ids *ids)
{
    struct request *r = (struct request *)(void *)t;
    struct cx *cx = &r->command.cx;
    cx->db = db;
    cx->ids = ids;
    cx->now_ms = clock_now_ms(r->server->options->clock);
    check_context_set(r->doing);
    enum err e = command_run(&r->command);
    check_context_set(NULL);
    cx->db = NULL;
    cx->ids = NULL;
    return e;
}

static void task_done(struct task *t, enum err outcome)
{
    struct request *r = (struct request *)(void *)t;
    const struct cx *cx = &r->command.cx;
    const struct str *ended = cx->ended.p;
    if (cx->cookie.p && cx->cookie.n == 0)      /* the session has ended, or may have */
        session_forget(r->server, cx->actor.session);
    for (size_t i = 0; i < cx->ended.n; i++)
        session_forget(r->server, ended[i]);
    if (r->command.route->hashes && cx->actor.session.n)    /* its rights may have changed */
        sessions_forget(r->server->sessions, cx->actor.session);
    if (outcome == OK && r->command.cx.n_events)
        server_publish(r->server, r->command.cx.events, r->command.cx.n_events);
    request_finish(r, outcome);
}

/* From any thread but the connection's: hands the request to the writer, or ends it. */
static void request_submit(struct request *r)
{
    r->task.run = task_run;
    r->task.done = task_done;
    enum err e = writer_submit(r->server->options->writer, r->command.route->lane, &r->task);
    if (e != OK)
        request_finish(r, e);
}

/* What prints reads all in one view of the data, as its asker may; the others have looked at it on
 * the connection's thread, or need none. */
static enum err work_on(struct request *r, struct db *db)
{
    struct command *c = &r->command;
    bool prints = c->route->prints;
    enum err e = prints ? db_begin(db) : OK;
    c->cx.db = db;
    if (prints)
        access_scope(&c->cx);
    if (e == OK && c->route->lane == LANE_READ)
        e = command_read(c);
    else if (e == OK && c->route->prepare)
        e = c->route->prepare(&c->cx, c->in);
    if (prints)
        db_rollback(db);
    c->cx.db = NULL;
    return e;
}

/* Somebody with the right password who is asked for the code has guessed nothing. */
static bool is_guess(const struct command *c)
{
    return strcmp(c->cx.info.field, "code") != 0 || input_text(c, "code").n;
}

void request_work(struct request *r)
{
    struct reader *reader = reader_take(r->server);
    enum err e = E_DB;
    if (reader) {
        check_context_set(r->doing);
        e = work_on(r, reader->db);
        check_context_set(NULL);
        reader_give(r->server, reader);
    }
    if (e == E_LOGIN && r->command.route->lane == LANE_LOGIN && is_guess(&r->command))
        login_failed(r);
    if (e == OK && r->command.route->lane != LANE_READ)
        request_submit(r);
    else
        request_finish(r, e);
}

/* The queue that a request waits in before the writer's, if any. */
static struct side *side_of(const struct request *r)
{
    const struct server *s = r->server;
    const struct route *route = r->command.route;
    return r->is_heavy ? s->heavy : route->prints ? s->print
        : route->lane == LANE_LOGIN || route->hashes ? s->login
        : route->lane == LANE_UPLOAD ? s->media : NULL;
}

/* It is counted first and then looks whether the server has closed; server_stop() closes first and
 * then looks at the count: so one of them sees the other. */
static enum MHD_Result hand_over(struct request *r)
{
    struct server *s = r->server;
    struct side *side = side_of(r);
    atomic_fetch_add(&s->waiting, 1);
    if (atomic_load(&s->closed)) {
        atomic_fetch_sub(&s->waiting, 1);
        r->outcome = E_BUSY;
        return answer_request(r);
    }
    r->stage = STAGE_WAITING;
    MHD_suspend_connection(r->connection);
    enum err e = OK;
    if (side)
        e = side_put(side, r);
    else
        request_submit(r);
    if (e != OK)
        request_finish(r, e);
    return MHD_YES;
}

/* Whether the replica has all that the asker may know of. Who shows nothing of themselves reads
 * what is public; everybody else shows the mark of their last writing with what they show. */
static bool may_be_behind(const struct request *r, int64_t *ret_mark)
{
    const struct command *c = &r->command;
    struct str mark = header_cookie(request_header(r, "Cookie"), "fq_mark");
    *ret_mark = 0;
    if (r->server->replica == NULL || c->route->current)
        return false;
    return mark.n ? mark_read(c->cx.keys, mark, ret_mark) : c->cx.actor.kind == ACTOR_PUBLIC;
}

/* Only what the replica has counts: what it has not, or fails to tell, the database is asked. */
static bool replica_read(struct request *r)
{
    struct command *c = &r->command;
    struct db *database = c->cx.db;
    struct replica *replica = r->server->replica;
    int64_t mark;
    struct replica_link *link = may_be_behind(r, &mark) ? replica_take(replica, mark) : NULL;
    if (link == NULL)
        return false;
    c->cx.db = replica_db(link);
    enum err e = db_begin(c->cx.db);
    access_scope(&c->cx);
    if (e == OK)
        e = command_read(c);
    db_rollback(c->cx.db);
    c->cx.db = database;
    replica_give(replica, link, e);
    if (e == OK)
        return true;
    c->out.n = 0;
    c->cx.info = (struct err_info){ .e = OK };
    return false;
}

static bool is_handed_over(const struct route *route)
{
    return route->lane != LANE_READ || route->prints;
}

/* What can be done on this thread; the rest is another's. */
static enum err call_run(struct request *r)
{
    struct command *c = &r->command;
    enum lane lane = c->route->lane;
    TRY(call_begin(r));
    if (c->route->prints)
        return OK;
    if (lane == LANE_READ)
        return replica_read(r) ? OK : command_read(c);
    if (lane == LANE_FILE || c->route->heavy)
        return heavy_take(r);
    if (lane == LANE_LOGIN || lane == LANE_UPLOAD || c->route->hashes || c->route->prepare == NULL)
        return OK;
    return c->route->prepare(&c->cx, c->in);
}

/* One view of the data, and one lock, for all reads of a request. */
static enum err call_on(struct request *r, struct db *db)
{
    enum err e = db_begin(db);
    r->command.cx.db = db;
    if (e == OK)
        e = call_run(r);
    db_rollback(db);
    r->command.cx.db = NULL;
    return e;
}

/* What would be refused at the writer's door is refused before anything is read or worked out for
 * it: when ten times more comes than can be written, the time goes to what can be. */
static bool is_refused_early(const struct request *r)
{
    enum lane lane = r->command.route->lane;
    return lane != LANE_READ && !writer_has_room(r->server->options->writer, lane);
}

static enum MHD_Result call(struct request *r)
{
    const struct route *route = r->command.route;
    if (is_refused_early(r)) {
        r->outcome = E_BUSY;
        return answer_request(r);
    }
    struct reader *reader = reader_take(r->server);
    if (reader == NULL) {
        r->outcome = E_DB;
        return answer_request(r);
    }
    check_context_set(r->doing);
    r->outcome = call_on(r, reader->db);
    if (route->lane == LANE_READ && r->outcome == E_BUSY)   /* another server's doings; over by now */
        r->outcome = call_on(r, reader->db);
    check_context_set(NULL);
    reader_give(r->server, reader);
    return r->outcome == OK && is_handed_over(route) ? hand_over(r) : answer_request(r);
}

/* --- what is not a module's */

static enum MHD_Result ready(struct request *r)
{
    struct server *s = r->server;
    int64_t stamp;
    struct reader *reader = reader_take(s);
    enum err e = reader ? catalogue_stamp_stored(reader->db, r->command.cx.now_ms, &stamp) : E_DB;
    if (reader)
        reader_give(s, reader);
    if (e == OK && (atomic_load(&s->draining) || writer_figures(s->options->writer).failing))
        e = E_BUSY;
    r->outcome = e;
    if (e != OK)
        return answer_request(r);
    struct str text = s->replica == NULL ? STR("ready\n")
        : arena_fmt(&r->arena, "ready\nreplica: %s\n", replica_figures(s->replica).state);
    return answer_text(r, MHD_HTTP_OK, "text/plain", text);
}

static enum err events(struct request *r, enum MHD_Result *ret)
{
    static const struct route route = { .name = "events", .roles = ROLE_STAFF, .lane = LANE_READ };
    uint64_t moment = live_moment(r->server->live);
    struct reader *reader = reader_take(r->server);
    if (reader == NULL)
        return E_DB;
    r->command.route = &route;
    r->command.cx.db = reader->db;
    enum err e = db_begin(reader->db);
    if (e == OK)
        e = identify(r);
    if (e == OK)
        e = command_authorise(&r->command.cx, &route);
    db_rollback(reader->db);
    r->command.cx.db = NULL;
    reader_give(r->server, reader);
    r->command.route = NULL;
    return e == OK ? live_subscribe(r, moment, ret) : e;
}

static enum MHD_Result answer_built_in(struct request *r)
{
    bool is_get = r->head_only || str_is(r->method, "GET");
    enum MHD_Result answered;
    r->outcome = E_MISSING;
    if (!is_get) {
        r->outcome = E_METHOD;
    } else if (str_is(r->url.path, "/healthz")) {
        r->outcome = OK;
        figures_count(r->server->figures, NULL, OK);
        return answer_text(r, MHD_HTTP_OK, "text/plain", STR("ok\n"));
    } else if (str_is(r->url.path, "/readyz")) {
        return ready(r);
    } else if (str_is(r->url.path, "/metrics") && address_is_loopback(&r->client)) {
        return figures_answer(r);
    } else if (str_is(r->url.path, "/api/events") && !r->head_only) {
        r->outcome = events(r, &answered);
        if (r->outcome == OK)
            return answered;
    } else if (!is_api(r) && web_answer(r, &answered)) {
        return answered;
    }
    return answer_request(r);
}

/* --- what the library calls */

static enum MHD_Result begin(struct request *r, struct str version, bool broken)
{
    r->head_only = str_is(r->method, "HEAD");
    r->outcome = broken ? E_SYNTAX : wire_check(r, version);
    if (r->outcome != OK)
        return answer_request(r);       /* now: the connection ends with it */
    r->outcome = head_check(r);
    bool waits = r->outcome == E_BUSY && r->command.route && r->command.route->lane == LANE_FILE;
    if (r->outcome != OK && request_header(r, "Content-Length").p && !waits)
        return answer_request(r);       /* nobody waits for that body */
    if (r->outcome != OK)
        r->stage = STAGE_DONE;
    line_receive(r->server->lines, r->connection, r->body_max);
    return MHD_YES;
}

static enum MHD_Result body_take(struct request *r, const char *data, size_t n)
{
    bool file = r->command.route && r->command.route->lane == LANE_FILE;
    if ((r->body == NULL && !file) || n > r->body_max - r->body_n)
        return MHD_NO;
    if (file)
        file_take(r, data, n);
    else
        memcpy(r->body + r->body_n, data, n);
    r->body_n += n;
    return MHD_YES;
}

/* Called when the headers are there, for each part of the body, when all of it is there, and again
 * when the connection was resumed. */
static enum MHD_Result access_handle(void *arg, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *data, size_t *data_n,
    void **held)
{
    struct ticket *t = *held;
    struct request *r = t->request;
    (void)url;
    if (r == NULL) {
        t->request = request_make(arg, connection, str_c(t->target), str_c(method));
        return begin(t->request, str_c(version), t->broken);
    }
    if (*data_n) {
        size_t n = *data_n;
        *data_n = 0;
        return body_take(r, data, n);
    }
    line_relax(connection);
    if (r->stage == STAGE_WAITING)
        return MHD_YES;
    if (r->stage == STAGE_DONE)
        return answer_request(r);
    enum MHD_Result answered = r->command.route ? call(r) : answer_built_in(r);
    if (r->detached) {
        t->request = NULL;
        request_free(r);
    }
    return answered;
}

MHD_AccessHandlerCallback request_access(void)
{
    return access_handle;
}
