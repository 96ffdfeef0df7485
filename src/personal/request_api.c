/* request_api.c: requests on personal data as people and colleagues make, read and answer them. */
#include "personal/request.h"
#include "account/account.h"
#include "crypto/code.h"
#include "spine/command.h"
#include <stdlib.h>

RECORD_DEFINE(own_ask_in, OWN_ASK)
RECORD_DEFINE(ask_for_in, ASK_FOR)
RECORD_DEFINE(account_ask_in, ACCOUNT_ASK)
RECORD_DEFINE(request_in, REQUEST_IN)
RECORD_DEFINE(own_copy_in, OWN_COPY_IN)
RECORD_DEFINE(requests_in, REQUESTS_IN)
RECORD_DEFINE(request_answer_in, REQUEST_ANSWER)
RECORD_DEFINE(request_view, REQUEST_VIEW)
RECORD_DEFINE(requests_out, REQUESTS_OUT)
RECORD_DEFINE(request_one, REQUEST_ONE)
RECORD_DEFINE(request_opened, REQUEST_OPENED)
RECORD_DEFINE(own_read, OWN_READ)
RECORD_DEFINE(own_reads, OWN_READS)
const char *const request_answers[] = { "grant", "refuse", NULL };

#define READ_ROW(X, R) \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, STR, role, 0, 0, 0, NULL, "") \
    X(R, STR, fields, 0, 0, 0, NULL, "") X(R, STR, purpose, 0, 0, 0, NULL, "")
RECORD(read_row, READ_ROW)
RECORD_DEFINE(read_row, READ_ROW)
#define ABOUT_ROW(X, R) X(R, STR, about, 0, 0, 0, NULL, "")
RECORD(about_row, ABOUT_ROW)
RECORD_DEFINE(about_row, ABOUT_ROW)

#define PAGE " AND state = $2 AND (due_ms > $3 OR (due_ms = $3 AND id > $4)) ORDER BY due_ms, id LIMIT 51"
SQL_READS(OF_UNIT, "request.of_unit", "SELECT " REQUEST_COLUMNS " FROM request WHERE unit = $1"
    " AND matter <> 0" PAGE);
SQL_READS(OF_ACCOUNTS, "request.of_accounts", "SELECT " REQUEST_COLUMNS " FROM request WHERE account > $1" PAGE);
SQL_READS(READS, "request.reads", "SELECT at_ms, account, unit, role, fields, purpose FROM access_log"
    " WHERE area = $1 AND matter = $2 AND no IN (0, $3) ORDER BY id DESC LIMIT 2000");
SQL_READS(NUMBER_OF, "request.about", "SELECT number AS about FROM matter WHERE area = $1 AND id = $2");
SQL_READS(NAME_OF, "request.username", "SELECT username AS about FROM account WHERE id = $1");
const struct sql *const request_api_statements[] = { &OF_UNIT, &OF_ACCOUNTS, &READS, &NUMBER_OF,
    &NAME_OF };
const size_t request_api_statements_n = COUNT_OF(request_api_statements);

/* Showing ------------------------------------------------------------------------------------------ */

static struct str named(const struct cx *cx, const struct request_word *all, struct str word)
{
    const struct request_word *w = request_word_of(all, word);
    return w ? cx_text(cx, w->zh, w->en) : STR_NONE;
}

static enum err about_of(struct cx *cx, const struct request *r, struct str *ret)
{
    struct about_row row = { STR("") };
    enum err e = r->matter
        ? db_one(cx->db, cx->a, &NUMBER_OF, ARGS(I(r->area), I(r->matter)), &about_row_record, &row)
        : db_one(cx->db, cx->a, &NAME_OF, ARGS(I(r->account)), &about_row_record, &row);
    *ret = row.about;
    return e == E_MISSING ? OK : e;
}

/* own: for the person, who reads the answer. */
static enum err view_of(struct cx *cx, const struct request *r, bool own, struct request_view *v)
{
    record_clear(&request_view_record, v);
    v->number = request_number(cx, r);
    v->kind = r->kind;
    v->kind_name = named(cx, request_kind_words, r->kind);
    v->field_name = named(cx, request_field_words, r->field);
    v->state = r->state;
    v->state_name = named(cx, request_state_words, r->state);
    v->unit_name = r->matter ? unit_name(unit_find(cx->cat, r->unit), cx->lang)
        : cx_text(cx, "上一级管理员", "The administrator above");
    v->asked_ms = r->asked_ms;
    v->due_ms = r->due_ms;
    v->overdue = str_is(r->state, "open") && cx->now_ms > r->due_ms;
    v->ended_ms = r->ended_ms;
    v->how_name = named(cx, request_how_words, r->how);
    v->reason_name = named(cx, request_reason_words, r->reason);
    v->copy_until_ms = request_copy_until(cx, r);
    v->entered = r->entered_by != 0;
    if (own && r->answer.n)
        TRY(request_text(cx, r, "answer", r->answer, &v->answer));
    return about_of(cx, r, &v->about);
}

static enum err views_of(struct cx *cx, struct list rows, bool own, struct list *ret)
{
    const struct request *r = rows.p;
    struct request_view *v = NEW_N(cx->a, struct request_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        TRY(view_of(cx, &r[i], own, &v[i]));
    *ret = (struct list){ v, rows.n };
    return OK;
}

static enum err view_write(struct cx *cx, const struct request *r, bool own, struct buf *out)
{
    struct request_view v;
    TRY(view_of(cx, r, own, &v));
    record_to_json(out, &request_view_record, &v);
    return OK;
}

/* What is held, with the requests made so far. */
static enum err held_write(struct cx *cx, struct data_held *held, const struct whose *w,
    struct buf *out)
{
    struct list rows;
    TRY(requests_of(cx, w, &rows));
    TRY(views_of(cx, rows, true, &held->requests));
    record_to_json(out, &data_held_record, held);
    return OK;
}

static enum err own_matter(struct cx *cx, struct matter *m, struct whose *w)
{
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, m));
    *w = (struct whose){ m, cx->actor.no, 0 };
    return OK;
}

/* By those who hold a code ---------------------------------------------------------------------------- */

enum err own_data(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    struct whose w;
    struct data_held held;
    (void)in;
    TRY(own_matter(cx, &m, &w));
    TRY(held_of(cx, &m, w.no, NULL, &held));
    return held_write(cx, &held, &w, out);
}

/* The whole, to whom a request was granted: read by a command, so that it is noted. */
static enum err copy_write(struct cx *cx, const struct matter *m, const struct whose *w,
    struct str number, struct buf *out)
{
    struct data_held held;
    struct contact c;
    bool again;
    int64_t id, no;
    TRY(command_claim(cx, m->area, m->id, w->no, &again, &id, &no));
    TRY(desk_contact(cx, m, w->no, &c));
    TRY(held_of(cx, m, w->no, &c, &held));
    if (!again)
        TRY(access_note(cx, &(struct personal_read){ m->area, m->id, w->no, "name,phone",
            arena_fmt(cx->a, "个人信息请求 %.*s：提供副本", STR_FMT(number)) }));
    return held_write(cx, &held, w, out);
}

static enum err request_found(struct cx *cx, struct str number, struct request *ret)
{
    struct code_number n;
    if (code_number_parse(number, &n) != CODE_OK)
        return cx_fail(cx, E_INPUT, "request", MSG("请求编号不对，如 320508-K7M2-QX4T",
            "This is no number of a request; it looks like 320508-K7M2-QX4T"));
    struct code_opens opens = code_number_open(cx->keys, &n);
    return request_read(cx, opens.area, opens.matter_id, ret);
}

/* Their own, and nobody else's. */
static enum err own_request(struct cx *cx, struct str number, struct matter *m, struct whose *w,
    struct request *ret)
{
    TRY(own_matter(cx, m, w));
    TRY(request_found(cx, number, ret));
    return ret->area == m->area && ret->matter == m->id && ret->no == w->no ? OK : E_MISSING;
}

/* That it is them is asked each time: what was granted to its owner is not open to who finds the
 * receipt. */
enum err own_copy(struct cx *cx, const void *in, struct buf *out)
{
    const struct own_copy_in *q = in;
    struct matter m;
    struct whose w;
    struct request r;
    TRY(own_request(cx, q->request, &m, &w, &r));
    if (request_copy_until(cx, &r) == I64_NONE)
        return cx_fail(cx, E_STEP, NULL, MSG("查阅请求办理后三十天内可以取得副本",
            "A full copy can be had for thirty days after a request to see was granted"));
    TRY(proof_to_see(cx, &m, w.no, q->proof));
    return copy_write(cx, &m, &w, q->request, out);
}

/* To see is answered at once where it is clear that it is them: nobody has anything to weigh. */
static enum err see_at_once(struct cx *cx, struct matter *m, struct request *r)
{
    struct request_act grant = { .action = "grant", .text = cx_text(cx,
        "已核实是本人，全部内容可在本页查看、打印", "It is clear that it is you; all of it can be read and printed on this page") };
    return str_is(r->kind, "see") && str_is(r->how, "proof") ? request_step(cx, m, r, &grant) : OK;
}

enum err own_ask(struct cx *cx, const void *in, struct buf *out)
{
    const struct own_ask_in *q = in;
    bool proves = str_trim(q->proof).n > 0;
    struct ask ask = { q->kind, q->field, q->value, q->text, proves ? STR("proof") : STR("") };
    struct matter m;
    struct whose w;
    struct request r;
    bool again;
    int64_t id = cx_next_id(cx), matter;
    TRY(own_matter(cx, &m, &w));
    if (proves)
        TRY(proof_check(cx, &m, w.no, q->proof));
    TRY(command_claim(cx, m.area, m.id, id, &again, &matter, &id));
    if (again) {
        TRY(request_read(cx, m.area, id, &r));
        return view_write(cx, &r, true, out);
    }
    TRY(request_begin(cx, &m, &w, &ask, id, &r));
    TRY(see_at_once(cx, &m, &r));
    return view_write(cx, &r, true, out);
}

enum err own_withdraw(struct cx *cx, const void *in, struct buf *out)
{
    static const struct request_act withdraw = { .action = "withdraw" };
    const struct request_in *q = in;
    struct matter m;
    struct whose w;
    struct request r;
    bool again;
    int64_t id, no;
    TRY(own_request(cx, q->request, &m, &w, &r));
    TRY(command_claim(cx, m.area, m.id, r.id, &again, &id, &no));
    if (!again)
        TRY(request_step(cx, &m, &r, &withdraw));
    return view_write(cx, &r, true, out);
}

static struct str fields_named(struct cx *cx, struct str fields)
{
    static const struct request_word words[] = { { "name", "姓名", "name" },
        { "phone", "电话", "telephone" }, { "code", "回执编码", "receipt code" },
        { "caucus", "单独谈话", "talks with one side" }, { NULL, NULL, NULL } };
    struct buf b = buf_in(cx->a, 1 << 10);
    while (fields.n) {
        struct str word = str_cut(fields, ',', &fields), name = named(cx, words, word);
        buf_add(&b, b.n ? cx_text(cx, "、", ", ") : STR(""));
        buf_add(&b, name.n ? name : word);
    }
    return buf_str(&b);
}

static struct str reader_named(struct cx *cx, const struct read_row *r)
{
    const struct role_row *role = role_by_word(r->role);
    if (str_is(r->role, "reporter"))
        return cx_text(cx, "持本回执编码的人", "Whoever has this receipt code");
    if (str_is(r->role, "system"))
        return cx_text(cx, "系统", "The system");
    return role ? cx_text(cx, role->zh, role->en) : cx_text(cx, "工作人员", "A member of staff");
}

/* Whoever opens something several times within an hour, for the same reason, has done it once for
 * the person who reads of it; the record itself keeps each. */
static bool is_same_look(const struct read_row *newest, const struct read_row *r)
{
    return newest->at_ms - r->at_ms < CLOCK_DAY_MS / 24 && newest->account == r->account
        && newest->unit == r->unit && str_eq(newest->role, r->role)
        && str_eq(newest->fields, r->fields) && str_eq(newest->purpose, r->purpose);
}

static struct list looks_of(struct cx *cx, struct list rows)
{
    const struct read_row *r = rows.p, **newest = NEW_N(cx->a, const struct read_row *, rows.n + 1);
    struct own_read *v = NEW_N(cx->a, struct own_read, OWN_READS_SHOWN);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        size_t at = 0;
        while (at < n && !is_same_look(newest[at], &r[i]))
            at++;
        if (at == OWN_READS_SHOWN)
            break;
        if (at == n) {
            newest[n++] = &r[i];
            v[at] = (struct own_read){ r[i].at_ms,
                unit_name(unit_find(cx->cat, r[i].unit), cx->lang),
                reader_named(cx, &r[i]), fields_named(cx, r[i].fields), r[i].purpose, 0 };
        }
        v[at].times++;
    }
    return (struct list){ v, n };
}

/* Units and roles, no names: the office answers for it, and within it the record tells who it was. */
enum err own_reads_list(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    struct whose w;
    struct list rows;
    struct own_reads answer;
    (void)in;
    TRY(own_matter(cx, &m, &w));
    TRY(db_rows(cx->db, cx->a, &READS, ARGS(I(m.area), I(m.id), I(w.no)), &read_row_record,
        OWN_READS_READ, &rows));
    answer.items = looks_of(cx, rows);
    record_to_json(out, &own_reads_record, &answer);
    return OK;
}

/* By colleagues ------------------------------------------------------------------------------------------ */

enum err ask_for(struct cx *cx, const void *in, struct buf *out)
{
    const struct ask_for_in *q = in;
    struct ask ask = { q->kind, q->field, q->value, q->text, q->how };
    struct matter m;
    struct request r;
    struct list parts;
    bool again;
    int64_t id = cx_next_id(cx), matter;
    TRY(desk_matter(cx, q->number, &m));
    TRY(command_claim(cx, m.area, m.id, id, &again, &matter, &id));
    if (again) {
        TRY(request_read(cx, m.area, id, &r));
        return view_write(cx, &r, false, out);
    }
    struct whose w = { &m, q->reporter, 0 };
    TRY(erasable_of(cx, &m, q->reporter, &parts));      /* there is such a reporter */
    TRY(request_begin(cx, &m, &w, &ask, id, &r));
    return view_write(cx, &r, false, out);
}

/* The unit's own people in the right role, and those of a centre above it. */
static bool may_answer_matter(const struct cx *cx, const struct matter *m, const struct request *r)
{
    bool dispute = matter_is_closed_circle(m);
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *ms = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, ms->unit);
        bool centre = u && u->desk && (ms->role & (ROLE_DISPATCHER | ROLE_SUPERVISOR))
            && region_has(region_of(u->region), matter_division(m));
        if (dispute ? ms->unit == m->owner_unit && (ms->role & ROLE_COMMITTEE)
            : centre || (ms->unit == r->unit && (ms->role & (ROLE_DISPATCHER | ROLE_SUPERVISOR))))
            return true;
    }
    return false;
}

static enum err may_answer_account(struct cx *cx, const struct request *r)
{
    struct list terms;
    if (!(cx->actor.roles & ROLE_ADMIN))
        return E_MISSING;
    TRY(account_terms(cx, r->account, &terms));
    return account_reach(cx, r->account, terms);
}

/* By number, for those who may answer it; ret_m is of the matter, if it is about one. */
static enum err answerable(struct cx *cx, struct str number, struct request *ret,
    struct matter *ret_m)
{
    TRY(request_found(cx, number, ret));
    if (ret->matter == 0)
        return may_answer_account(cx, ret);
    TRY(matter_by_id(cx, ret->area, ret->matter, ret_m));
    return may_answer_matter(cx, ret_m, ret) ? OK : E_MISSING;
}

/* Requests about accounts are few; each is shown to those who may change that account. */
static enum err of_accounts(struct cx *cx, struct str state, struct request *all, size_t *n,
    size_t max)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &OF_ACCOUNTS, ARGS(I(0), S(state), I(0), I(0)), &request_record,
        REQUESTS_SHOWN + 1, &rows));
    const struct request *r = rows.p;
    for (size_t i = 0; i < rows.n && *n < max; i++) {
        enum err e = may_answer_account(cx, &r[i]);
        if (e == OK)
            all[(*n)++] = r[i];
        else if (e != E_MISSING && e != E_DENIED)
            return e;
    }
    memset(&cx->info, 0, sizeof(cx->info));
    return OK;
}

static int by_deadline(const void *a, const void *b)
{
    const struct request *x = a, *y = b;
    if (x->due_ms != y->due_ms)
        return x->due_ms < y->due_ms ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* At a centre those at its desk; in a committee whoever belongs to it. Each unit once. */
static bool answers_there(const struct cx *cx, const struct membership *ms)
{
    const struct unit *u = unit_find(cx->cat, ms->unit);
    const struct membership *before = cx->actor.memberships;
    unsigned roles = u && u->desk ? ROLE_DISPATCHER | ROLE_SUPERVISOR : ROLE_COMMITTEE;
    for (; before < ms; before++)
        if (before->unit == ms->unit && (before->role & roles))
            return false;
    return u && (ms->role & roles);
}

enum err requests_list(struct cx *cx, const void *in, struct buf *out)
{
    enum { MAX = (MEMBERSHIPS_MAX + 1) * (REQUESTS_SHOWN + 1) };
    const struct requests_in *q = in;
    struct str state = q->state.n ? q->state : STR("open");
    struct request *all = NEW_N(cx->a, struct request, MAX);
    struct requests_out r;
    struct list rows;
    size_t n = 0;
    int64_t after_ms = q->after_ms == I64_NONE ? 0 : q->after_ms;
    int64_t after = q->after == I64_NONE ? 0 : q->after;
    record_clear(&requests_out_record, &r);
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *ms = &cx->actor.memberships[i];
        if (!answers_there(cx, ms))
            continue;
        TRY(db_rows(cx->db, cx->a, &OF_UNIT, ARGS(I(ms->unit), S(state), I(after_ms), I(after)),
            &request_record, REQUESTS_SHOWN + 1, &rows));
        if (rows.n)
            memcpy(&all[n], rows.p, rows.n * sizeof(*all));
        n += rows.n;
    }
    if (after_ms == 0 && (cx->actor.roles & ROLE_ADMIN))
        TRY(of_accounts(cx, state, all, &n, MAX));
    qsort(all, n, sizeof(*all), by_deadline);
    if (n > REQUESTS_SHOWN) {
        n = REQUESTS_SHOWN;
        r.next_ms = all[n - 1].due_ms;
        r.next = all[n - 1].id;
    }
    TRY(views_of(cx, (struct list){ all, n }, false, &r.items));
    record_to_json(out, &requests_out_record, &r);
    return OK;
}

static struct list choices(struct cx *cx, const struct request_word *all, size_t n)
{
    struct reason_row *rows = NEW_N(cx->a, struct reason_row, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct reason_row){ str_c(all[i].word), cx_text(cx, all[i].zh, all[i].en) };
    return (struct list){ rows, n };
}

enum { N_REASONS = 7, N_PROOFS = 3 };

enum err request_show(struct cx *cx, const void *in, struct buf *out)
{
    const struct request_in *q = in;
    struct request_view *v = NEW(cx->a, struct request_view);
    struct request_one one;
    struct request r;
    struct matter m;
    struct msg why;
    record_clear(&request_one_record, &one);
    TRY(answerable(cx, q->request, &r, &m));
    TRY(view_of(cx, &r, true, v));
    one.request = v;
    if (r.matter && str_is(r.kind, "erase"))
        TRY(erasable_of(cx, &m, r.no, &one.erasable));
    one.reasons = choices(cx, request_reason_words, N_REASONS);
    if (r.how.n == 0)
        one.proofs = choices(cx, request_how_words, N_PROOFS);
    TRY(request_refusal(cx, r.matter ? &m : NULL, &r, &why));
    if (why.zh)
        one.why_not = cx_text(cx, why.zh, why.en);
    record_to_json(out, &request_one_record, &one);
    return OK;
}

static enum err opened_account(struct cx *cx, const struct request *r, struct request_opened *v)
{
    struct data_held held;
    TRY(held_of_account(cx, r->account, &held));
    const struct held_item *i = held.items.p;
    v->name = i[1].value;
    v->phone = i[2].value;
    return OK;
}

enum err request_open(struct cx *cx, const void *in, struct buf *out)
{
    const struct request_in *q = in;
    struct request_opened v = { STR(""), STR_NONE, STR(""), STR("") };
    struct request r;
    struct matter m;
    struct contact c;
    bool again;
    int64_t id, no;
    TRY(answerable(cx, q->request, &r, &m));
    TRY(command_claim(cx, r.area, r.matter, r.id, &again, &id, &no));
    TRY(request_text(cx, &r, "wish", r.wish, &v.text));
    if (r.value.n)
        TRY(request_text(cx, &r, "value", r.value, &v.value));
    if (r.matter == 0)
        TRY(opened_account(cx, &r, &v));
    else {
        TRY(desk_contact(cx, &m, r.no, &c));
        v.name = c.name;
        v.phone = c.phone;
        if (!again)
            TRY(access_note(cx, &(struct personal_read){ r.area, r.matter, r.no, "name,phone",
                arena_fmt(cx->a, "答复个人信息请求 %.*s", STR_FMT(q->request)) }));
    }
    record_to_json(out, &request_opened_record, &v);
    return OK;
}

enum err request_answer(struct cx *cx, const void *in, struct buf *out)
{
    const struct request_answer_in *q = in;
    struct request_act act = { .action = str_is(q->answer, "grant") ? "grant" : "refuse",
        .how = q->how, .reason = q->reason, .text = q->text };
    struct request r;
    struct matter m;
    bool again;
    int64_t id, no;
    TRY(answerable(cx, q->request, &r, &m));
    TRY(command_claim(cx, r.area, r.matter, r.id, &again, &id, &no));
    if (!again)
        TRY(request_step(cx, r.matter ? &m : NULL, &r, &act));
    return view_write(cx, &r, true, out);
}

enum err request_copy(struct cx *cx, const void *in, struct buf *out)
{
    const struct request_in *q = in;
    struct request r;
    struct matter m;
    TRY(answerable(cx, q->request, &r, &m));
    if (r.matter == 0 || request_copy_until(cx, &r) == I64_NONE)
        return cx_fail(cx, E_STEP, NULL, MSG("查阅请求办理后三十天内可以打印副本",
            "A copy can be printed for thirty days after a request to see was granted"));
    struct whose w = { &m, r.no, 0 };
    return copy_write(cx, &m, &w, q->request, out);
}

/* By colleagues, about themselves -------------------------------------------------------------------------- */

enum err account_data(struct cx *cx, const void *in, struct buf *out)
{
    struct whose w = { NULL, 0, cx->actor.account };
    struct data_held held;
    (void)in;
    TRY(held_of_account(cx, w.account, &held));
    return held_write(cx, &held, &w, out);
}

enum err account_ask(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_ask_in *q = in;
    struct ask ask = { q->kind, q->field, q->value, q->text, STR("account") };
    struct whose w = { NULL, 0, cx->actor.account };
    struct request r;
    bool again;
    int64_t id = cx_next_id(cx), none;
    if (str_is(q->kind, "see"))
        return cx_fail(cx, E_INPUT, "kind", MSG("自己账号的信息可直接查看，只需申请更正或删除",
            "What is held of your own account you see at once; ask to correct or erase"));
    TRY(command_claim(cx, 0, 0, id, &again, &none, &id));
    if (again) {
        struct list rows;
        TRY(requests_of(cx, &w, &rows));
        const struct request *all = rows.p;
        for (size_t i = 0; i < rows.n; i++)
            if (all[i].id == id)
                return view_write(cx, &all[i], true, out);
        return E_MISSING;
    }
    TRY(request_begin(cx, NULL, &w, &ask, id, &r));
    return view_write(cx, &r, true, out);
}
