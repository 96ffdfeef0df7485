/* test_calls.c: real handlers, asked for what is not the asker's, sent what they do not know, and
 * fed with nonsense. Foreign matters are not there (and nothing tells them from those that are
 * not); no column can be set that is not asked for; whatever comes, the answer is one of those that
 * the interface's document promises. ROUNDS=700 is the long form of the last. */
#include "town_dispute.h"
#include "town_policy.h"
#include "access/limit.h"
#include "base/log.h"
#include "crypto/code.h"
#include "db/schema.h"
#include "duty/duty.h"
#include "ledger/log.h"
#include <stdlib.h>

struct calls {
    struct fixture f;           /* with a dispute */
    struct arena own;
    const struct policy *policy;
    struct matter lamp;         /* of the lamps department, in community A1 */
    struct str lamp_number, dispute_number;
    struct rand rand;
    struct duty_keeper *duty;
    size_t asked, refused;
};

#define EACH_ROUTE(r) \
    for (size_t module_ = 0; module_ < modules_n; module_++) \
        for (const struct route *r = modules[module_]->routes; \
            r < modules[module_]->routes + modules[module_]->n_routes; r++)

static int calls_begin(void **state)
{
    struct calls *x = heap_alloc(sizeof(*x));
    struct buf out;
    memset(x, 0, sizeof(*x));
    town_open(&x->f.t, 13, NULL);
    arena_init(&x->own, 64 << 20);
    x->policy = policy_of_document(&x->own);
    x->rand = rand_seeded(20260308);
    assert_int_equal(duty_keeper_make(x->f.t.db, &x->duty), OK);
    log_level_set((enum log_level)(LOG_ERROR + 1));
    begin(&x->f);
    assert_int_equal(say(town_public(&x->f.t), "/api/reports", "{\"text\":\"路灯不亮\","
        "\"category\":\"02\",\"lon\":120.005,\"lat\":31.005,\"name\":\"陆晓\"}", &out), OK);
    struct cx cx = town_system(&x->f.t);
    x->lamp_number = arena_str(&x->own, town_member(&x->f.t, &out, "number"));
    x->dispute_number = arena_str(&x->own, x->f.number);
    assert_int_equal(matter_by_number(&cx, x->lamp_number, &x->lamp), OK);
    *state = x;
    return 0;
}

static int calls_end(void **state)
{
    struct calls *x = *state;
    duty_keeper_free(x->duty);
    town_close(&x->f.t);
    arena_free(&x->own);
    heap_free(x);
    return 0;
}

/* One call to the end, and what it wrote undone. */
static enum err asked(struct calls *x, struct command *c, struct cx cx, const struct route *r,
    const char *path, struct str body)
{
    struct db *db = x->f.t.db;
    *c = (struct command){ .cx = cx };
    c->cx.services.duty = x->duty;
    x->asked++;
    c->cx.ids = NULL;           /* as on a reading connection */
    enum err e = town_prepare(c, r->method, path, body);
    if (e != OK || r->lane == LANE_READ)
        return e == OK ? command_read(c) : e;
    c->cx.ids = cx.ids;
    assert_int_equal(db_begin(db), OK);
    e = command_run(c);
    db_rollback(db);
    return e;
}

/* Foreign matters ---------------------------------------------------------------------------- */

static struct str path_of(struct calls *x, const struct route *r, struct str number)
{
    struct buf b = buf_in(&x->f.t.a, 300);
    for (const char *p = r->path; *p;) {
        if (*p != ':') {
            buf_byte(&b, *p++);
            continue;
        }
        bool is_number = strncmp(p, ":number", 7) == 0, is_name = strncmp(p, ":name", 5) == 0;
        buf_add(&b, is_number ? number : is_name ? STR("cover") : STR("1"));
        p += strcspn(p, "/");
    }
    buf_byte(&b, '\0');
    return (struct str){ b.p, b.n - 1 };
}

static struct str body_for(const char *route)
{
    static const char *const bodies[][2] = { { "step", "{\"action\":\"note\",\"note\":\"x\"}" },
        { "reveal", "{\"reporter\":1,\"purpose\":\"约时间\"}" },
        { "ask_for", "{\"reporter\":1,\"kind\":\"see\",\"how\":\"in_person\"}" },
        { "scan_add", "{\"paper\":\"identity\",\"party\":1,\"caption\":\"证件\"}" },
        { "scan_off", "{\"note\":\"登错了\"}" }, { "dossier_file", "{\"retention\":\"long\"}" },
        { "transfer_answer", "{\"answer\":\"accepted\"}" } };
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        if (strcmp(bodies[i][0], route) == 0)
            return str_c(bodies[i][1]);
    return STR_NONE;
}

static bool always_answers(const char *route)
{
    static const char *const names[] = { "matter", "dispute", "similar", "matter_route",
        "sittings_calendar" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], route) == 0)
            return true;
    return false;
}

/* The same words, whether it is foreign or there is none such. */
static void looks_absent(struct calls *x, const struct route *r, struct cx cx,
    const struct command *foreign)
{
    struct code_number none = code_number_make(&x->f.t.keys, AREA, 7777);
    struct command absent;
    struct str path = path_of(x, r, str_c(none.text));
    assert_int_equal(asked(x, &absent, cx, r, path.p, body_for(r->name)), E_MISSING);
    assert_string_equal(absent.cx.info.field, foreign->cx.info.field);
    assert_string_equal(absent.cx.info.zh, foreign->cx.info.zh);
    assert_int_equal(absent.out.n, foreign->out.n);
}

static void asked_by(struct calls *x, const struct route *r, enum town_person who,
    struct str number)
{
    struct command c;
    struct cx cx = town_staff(&x->f.t, who), system = town_system(&x->f.t);
    struct matter now;
    const struct matter *m = &now;
    assert_int_equal(matter_by_number(&system, number, &now), OK);
    struct policy_case is = town_case(&x->f.t, who, m);
    enum policy_says says = policy_of_matter(x->policy, str_c(r->name), &is);
    enum err e = asked(x, &c, cx, r, path_of(x, r, m->number).p, body_for(r->name));
    enum err no = says == SAYS_DENIED ? E_DENIED : E_MISSING;
    if (says == SAYS_YES ? always_answers(r->name) && e != OK : e != no)
        fail_msg("%s of a %.*s by %s: %s instead of %s", r->name, STR_FMT(m->kind),
            town_person_name(who), err_code(e), policy_says_words[says]);
    x->refused += says == SAYS_MISSING;
    if (says == SAYS_MISSING)
        looks_absent(x, r, cx, &c);
}

static void what_is_not_theirs_is_not_there(void **state)
{
    struct calls *x = *state;
    x->asked = x->refused = 0;
    EACH_ROUTE(r) {
        struct str about = policy_about(x->policy, str_c(r->name));
        if (about.n == 0 || str_is(about, "handover"))
            continue;
        for (int who = 0; who < TOWN_PEOPLE_COUNT; who++) {
            asked_by(x, r, (enum town_person)who, x->lamp_number);
            asked_by(x, r, (enum town_person)who, x->dispute_number);
            town_forget(&x->f.t);
        }
    }
    print_message("# %zu calls, %zu of them for what is foreign\n", x->asked, x->refused);
    assert_true(x->refused > 100);
}

/* Names of what is foreign, said elsewhere than in the address: $ is the lamp's number, % that of
 * a matter of the asker's own. */
static const struct { enum town_person who; const char *path, *body; enum err e; }
said_elsewhere[] = {
    { DISPATCHER_B, "/api/matters/%/step", "{\"action\":\"link\",\"number2\":\"$\"}", E_INPUT },
    { DISPATCHER_B, "/api/matters/%/step", "{\"action\":\"merge\",\"number2\":\"$\"}", E_INPUT },
    { DISPATCHER_B, "/api/matters/$/step", "{\"action\":\"link\",\"number2\":\"%\"}", E_MISSING },
    { DISPATCHER_B, "/api/matters?view=unit&unit=9", NULL, E_DENIED },
    { DISPATCHER_B, "/api/matters?view=region&grid=320508001001001", NULL, E_MISSING },
    { MEDIATOR_COUNTY, "/api/disputes", "{\"type\":\"neighbour\",\"source\":\"apply\",\"text\":\"吵架\","
        "\"grid\":\"320508001001001\",\"came_from\":\"$\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"王\"},{\"side\":\"respondent\",\"name\":\"李\"}]}", E_INPUT },
    { MEDIATOR_COUNTY, "/api/committees/12/households", "{\"studio\":\"1\",\"year\":2026,"
        "\"quarter\":1,\"households\":3}", E_MISSING },
    { DISPATCHER_B, "/api/duty/zone", "{\"layer\":\"grid\",\"zone\":\"320508001001001\","
        "\"version\":\"e3b0c44298fc1c14\",\"turns\":[]}", E_MISSING },
    { WORKER_B, "/api/duty/absence/1/end", "{}", E_MISSING },
    { DISPATCHER_B, "/api/regrid", NULL, E_DENIED },
    { ADMIN, "/api/account/sessions/end", "{\"which\":\"0000000000000000\"}",
        E_INPUT },
};

static struct str with_numbers(struct calls *x, const char *text, struct str own)
{
    struct buf b = buf_in(&x->f.t.a, 1000);
    for (const char *p = text; p && *p; p++)
        if (*p == '$')
            buf_add(&b, x->lamp_number);
        else if (*p == '%')
            buf_add(&b, own);
        else
            buf_byte(&b, *p);
    buf_byte(&b, '\0');
    return (struct str){ b.p, b.n - 1 };
}

static void nor_is_it_when_it_is_named_elsewhere(void **state)
{
    struct calls *x = *state;
    struct buf out;
    assert_int_equal(say(town_public(&x->f.t), "/api/reports", "{\"text\":\"吵架\","
        "\"category\":\"03\",\"lon\":120.055,\"lat\":31.005}", &out), OK);
    struct str own = arena_str(&x->own, town_member(&x->f.t, &out, "number"));
    for (size_t i = 0; i < COUNT_OF(said_elsewhere); i++) {
        struct command c;
        const char *body = said_elsewhere[i].body;
        struct route method = { .method = body ? "POST" : "GET",
            .lane = body ? LANE_STAFF : LANE_READ };
        enum err e = asked(x, &c, town_staff(&x->f.t, said_elsewhere[i].who), &method,
            with_numbers(x, said_elsewhere[i].path, own).p,
            body ? with_numbers(x, body, own) : STR_NONE);
        if (e != said_elsewhere[i].e)
            fail_msg("%s %s: %s %s", said_elsewhere[i].path, body ? body : "", err_code(e),
                c.cx.info.en);
    }
}

/* What nobody asked for -------------------------------------------------------------------- */

static bool takes(const struct record *rec, struct str name, bool from_body)
{
    for (size_t i = 0; i < rec->n; i++)
        if (str_is(name, rec->fields[i].name))
            return !(from_body && (rec->fields[i].flags & IN_PATH));
    return false;
}

static void not_taken(struct calls *x, const struct route *r, struct str json, struct str name)
{
    const struct params none = { .n = 0 };
    struct command c = { .cx = town_public(&x->f.t), .route = r };
    enum err e = command_decode(&c, json, &none, &none);
    x->asked++;
    if (e != E_INPUT || !str_is(name, c.cx.info.field))
        fail_msg("%s takes %.*s: %s %s", r->name, STR_FMT(json), err_code(e), c.cx.info.field);
}

/* Columns of all tables as members of this route's input, and of what is nested in it. */
static void columns_sent(struct calls *x, const struct route *r, struct str name)
{
    if (!takes(r->in, name, true))
        not_taken(x, r, arena_fmt(&x->f.t.a, "{\"%.*s\":1}", STR_FMT(name)), name);
    for (size_t i = 0; i < r->in->n; i++) {
        const struct field *f = &r->in->fields[i];
        if (f->type == F_LIST && !takes(f->sub, name, true))
            not_taken(x, r, arena_fmt(&x->f.t.a, "{\"%s\":[{\"%.*s\":1}]}", f->name,
                STR_FMT(name)), name);
    }
}

static void no_column_is_set_that_is_not_asked_for(void **state)
{
    struct calls *x = *state;
    const struct schema *schema = schema_read(&x->own);
    x->asked = 0;
    EACH_ROUTE(r) {
        if (r->in == NULL || strcmp(r->method, "GET") == 0 || r->lane == LANE_UPLOAD
            || r->lane == LANE_FILE)
            continue;
        for (size_t t = 0; t < schema->n; t++)
            for (size_t k = 0; k < schema->tables[t].n_columns; k++)
                columns_sent(x, r, schema->tables[t].columns[k].name);
        town_forget(&x->f.t);
    }
    print_message("# %zu members that nobody asked for\n", x->asked);
    assert_true(x->asked > 10000);
}

/* How many reports one grid takes, from wherever they come --------------------------------------- */

static enum err reported(struct calls *x, struct limiter *l, const char *lon)
{
    static const struct limiter_rate rate = { 120, 240 };
    struct command c = { .cx = town_public(&x->f.t) };
    c.cx.services.limiter = l;
    c.cx.services.grid_rate = &rate;
    enum err e = town_prepare(&c, "POST", "/api/reports", arena_fmt(&x->f.t.a,
        "{\"text\":\"路灯不亮\",\"category\":\"02\",\"lon\":%s,\"lat\":31.005}", lon));
    if (e == E_LIMIT)
        assert_in_range(c.cx.wait_ms, 400, 500);
    return e;
}

static void one_grid_takes_so_many_reports_at_once_and_no_more(void **state)
{
    struct calls *x = *state;
    struct hash secret = hash_sha256(STR("x"));
    struct limiter *l = limiter_make(&secret);
    int64_t now_ms = x->f.t.now_ms;
    for (int i = 0; i < 240; i++)
        assert_int_equal(reported(x, l, "120.005"), OK);
    assert_int_equal(reported(x, l, "120.005"), E_LIMIT);
    assert_int_equal(reported(x, l, "120.015"), OK);        /* the grid beside */
    x->f.t.now_ms += 500;
    assert_int_equal(reported(x, l, "120.005"), OK);
    assert_int_equal(reported(x, l, "120.005"), E_LIMIT);
    x->f.t.now_ms = now_ms;
    limiter_free(l);
    town_forget(&x->f.t);
}

/* A witness ------------------------------------------------------------------------------------ */

static enum err witnessed(struct calls *x, struct str note, atomic_bool *fork, struct buf *ret)
{
    struct buf json = buf_in(&x->f.t.a, 8000);
    struct command c;
    struct cx cx = town_public(&x->f.t);
    cx.services.fork = fork;
    buf_add(&json, STR("{\"note\":"));
    buf_json_str(&json, note);
    buf_add(&json, STR("}"));
    const struct route r = { .method = "POST", .lane = LANE_READ };
    enum err e = asked(x, &c, cx, &r, "/api/witness", buf_str(&json));
    *ret = c.out;
    return e;
}

static bool is_told_of_it(struct calls *x, enum town_person who, atomic_bool *fork)
{
    struct command c;
    struct cx cx = town_staff(&x->f.t, who);
    cx.services.fork = fork;
    const struct route r = { .method = "GET", .lane = LANE_READ };
    assert_int_equal(asked(x, &c, cx, &r, "/api/me", STR_NONE), OK);
    return str_find(buf_str(&c.out), STR("\"fork\"")) >= 0;
}

static void a_head_that_the_log_does_not_continue_raises_the_alarm(void **state)
{
    struct calls *x = *state;
    struct town *t = &x->f.t;
    struct log_checkpoint first, last;
    struct checkpoint head;
    struct note_key key = note_key_of(&t->keys);
    struct buf out;
    atomic_bool fork = false;
    assert_int_equal(log_catch_up(t->db, &t->keys, t->now_ms), OK);
    assert_int_equal(log_newest(t->db, &x->own, &first), OK);
    assert_int_equal(say(town_public(t), "/api/reports", "{\"text\":\"路灯不亮\","
        "\"category\":\"02\",\"lon\":120.005,\"lat\":31.005}", NULL), OK);
    assert_int_equal(log_catch_up(t->db, &t->keys, t->now_ms), OK);
    assert_int_equal(log_newest(t->db, &x->own, &last), OK);
    assert_true(last.size > first.size);
    assert_int_equal(witnessed(x, first.note, &fork, &out), OK);
    assert_int_equal(witnessed(x, last.note, &fork, &out), OK);
    assert_int_equal(witnessed(x, STR("a head of somebody else's\n"), &fork, &out), E_INPUT);
    assert_false(fork || is_told_of_it(x, ADMIN, &fork));
    assert_true(checkpoint_open(&x->own, last.note, &key, &head));
    head.size++;                                    /* the record was set back */
    struct str back = checkpoint_sign(&x->own, &t->keys, &head);
    assert_int_equal(witnessed(x, back, &fork, &out), E_CONFLICT);
    assert_true(fork);
    fork = false;
    head.size--;
    head.root.b[0] ^= 1;                            /* it was changed */
    struct str other = checkpoint_sign(&x->own, &t->keys, &head);
    assert_int_equal(witnessed(x, other, &fork, &out), E_CONFLICT);
    assert_true(fork && is_told_of_it(x, ADMIN, &fork) && is_told_of_it(x, AUDITOR, &fork));
    assert_false(is_told_of_it(x, DISPATCHER_CITY, &fork));
    town_forget(t);
}

/* Nonsense ----------------------------------------------------------------------------------- */

static const char *const json_values[] = { "null", "true", "false", "0", "-1", "1", "9007199254740993",
    "1e308", "-0.0", "0.5", "\"\"", "\" \"", "\"x\"", "\"1\"", "\"-1\"", "\"9223372036854775808\"",
    "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\n\\u202e\"", "\"320508001001001\"", "\"2026-02-30\"",
    "\"'; DROP TABLE matter; --\"", "\"../../etc/passwd\"", "\"%00\"", "[]", "[1]", "[[]]", "[{}]",
    "[null]", "[\"x\",\"x\"]", "{}", "{\"a\":{}}", "1772413000000", "4e12", "\"note\"", "\"grid\"" };
static const char *const text_values[] = { "", "0", "-1", "1", "x", "9223372036854775808", "true",
    "120.005", "31.005", "1e999", "nan", "320508001001001", "320508", "note", "grid", "mine", "due",
    "路灯", "2026-01-01", "1772413000000", "'", "\x01" };

static const char *any_of(struct calls *x, const char *const *values, size_t n)
{
    return values[rand_below(&x->rand, (uint32_t)n)];
}
#define ANY(x, values) any_of(x, values, COUNT_OF(values))

/* A value that the field takes, as far as its description tells. */
static struct str fitting(struct calls *x, const struct field *f)
{
    const char *const *words = f->sub;
    size_t n = 0;
    switch (f->type) {
    case F_STR:
        while (words && words[n])
            n++;
        return n ? arena_fmt(&x->f.t.a, "\"%s\"", any_of(x, words, n))
            : f->min > 12 ? STR("\"320508-AAAA-AAAB\"") : STR("\"路灯不亮的情况\"");
    case F_BOOL: return STR("true");
    case F_ID: return STR("\"9\"");
    case F_TIME: return STR("1772413000000");
    case F_I64: return arena_fmt(&x->f.t.a, "%.0f", f->min > 0 ? f->min : 1);
    case F_F64: return strcmp(f->name, "lat") == 0 ? STR("31.005") : STR("120.005");
    case F_LIST: return STR("[]");
    case F_WORDS: return STR("[\"x\"]");
    case F_BYTES: case F_RAW: case F_OBJ: break;
    }
    return STR("\"\"");
}

static struct str nonsense(struct calls *x, const struct route *r)
{
    struct buf b = buf_in(&x->f.t.a, 16 << 10);
    size_t spoiled = rand_below(&x->rand, (uint32_t)(r->in ? r->in->n + 2 : 2));
    buf_byte(&b, '{');
    for (size_t i = 0; r->in && i < r->in->n; i++) {
        const struct field *f = &r->in->fields[i];
        bool given = (f->flags & REQUIRED) || i == spoiled || rand_below(&x->rand, 4) == 0;
        if (!given || (f->flags & IN_PATH))
            continue;
        struct str value = i == spoiled ? str_c(ANY(x, json_values)) : fitting(x, f);
        buf_fmt(&b, "%s\"%s\":%.*s", b.n > 1 ? "," : "", f->name, STR_FMT(value));
    }
    buf_add(&b, rand_below(&x->rand, 40) ? STR("}") : STR(""));     /* now and then it is cut off */
    return buf_str(&b);
}

/* Values of the address, written into it or after the "?". */
static struct str anywhere(struct calls *x, const struct route *r)
{
    struct str path = path_of(x, r, rand_below(&x->rand, 3) ? x->lamp_number : x->dispute_number);
    struct buf b = buf_in(&x->f.t.a, 16 << 10);
    buf_add(&b, path);
    size_t n = 0;
    bool from_address = strcmp(r->method, "GET") == 0;
    for (size_t i = 0; from_address && r->in && i < r->in->n; i++) {
        const struct field *f = &r->in->fields[i];
        if ((f->flags & IN_PATH) || rand_below(&x->rand, 3) == 0 || n == PARAMS_MAX - 2)
            continue;
        struct str fits = fitting(x, f);
        bool plain = fits.n > 1 && fits.p[0] == '"';
        struct str value = rand_below(&x->rand, 3) ? str_c(ANY(x, text_values))
            : plain ? (struct str){ fits.p + 1, fits.n - 2 } : fits;
        buf_fmt(&b, "%c%s=%.*s", n++ ? '&' : '?', f->name, STR_FMT(value));
    }
    buf_byte(&b, '\0');
    return (struct str){ b.p, b.n - 1 };
}

/* Somebody of those who may, mostly. */
static struct cx somebody(struct calls *x, const struct route *r)
{
    struct town *t = &x->f.t;
    if ((r->roles & ROLE_REPORTER) && rand_below(&x->rand, 2)) {
        const struct matter *m = rand_below(&x->rand, 2) ? &x->lamp : &x->f.m;
        struct cx cx = town_reporter(t, m->area, m->id, 1);
        cx.actor.code.matter = m->id;
        cx.actor.code.no = 1;
        return cx;
    }
    for (int i = 0; i < 60; i++) {
        struct cx cx = town_staff(t, (enum town_person)rand_below(&x->rand, TOWN_PEOPLE_COUNT));
        if (cx.actor.roles & r->roles)
            return cx;
    }
    return town_public(t);
}

/* What needs a program, a thread or files beside the town; the API's tests ask these. */
static bool needs_more(const struct route *r)
{
    static const char *const names[] = { "photo", "receipt_photo", "search", "import_check",
        "plates_pdf" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(r->name, names[i]) == 0)
            return true;
    return r->lane == LANE_UPLOAD || r->lane == LANE_FILE || r->hashes || r->lane == LANE_LOGIN;
}

static void promised(const struct route *r, struct str path, struct str body,
    const struct command *c, enum err e)
{
    int status = err_status(e);
    if (status >= 500)
        fail_msg("%s %.*s %.*s: %s", r->name, STR_FMT(path), STR_FMT(body), err_code(e));
    if (e == E_INPUT && (c->cx.info.field[0] == '\0' || c->cx.info.zh[0] == '\0'
        || c->cx.info.en[0] == '\0'))
        fail_msg("%s %.*s %.*s: what is wrong?", r->name, STR_FMT(path), STR_FMT(body));
}

static void whatever_comes_the_answer_is_one_of_those_promised(void **state)
{
    struct calls *x = *state;
    const char *text = getenv("ROUNDS");
    int64_t rounds = 25;
    size_t done = 0;
    assert_true(text == NULL || str_to_i64(str_c(text), &rounds));
    x->asked = 0;
    EACH_ROUTE(r) {
        for (int64_t i = 0; i < rounds && !needs_more(r); i++) {
            struct command c;
            bool reads = r->lane == LANE_READ && strcmp(r->method, "GET") == 0;
            struct str path = anywhere(x, r), body = reads ? STR_NONE : nonsense(x, r);
            enum err e = asked(x, &c, somebody(x, r), r, path.p, body);
            promised(r, path, body, &c, e);
            done += e == OK;
            town_forget(&x->f.t);
        }
    }
    print_message("# %zu calls, %zu of them done\n", x->asked, done);
    assert_true(done > x->asked / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_theirs_is_not_there),
        cmocka_unit_test(nor_is_it_when_it_is_named_elsewhere),
        cmocka_unit_test(no_column_is_set_that_is_not_asked_for),
        cmocka_unit_test(one_grid_takes_so_many_reports_at_once_and_no_more),
        cmocka_unit_test(a_head_that_the_log_does_not_continue_raises_the_alarm),
        cmocka_unit_test(whatever_comes_the_answer_is_one_of_those_promised),
    };
    return cmocka_run_group_tests(tests, calls_begin, calls_end);
}
