/* request.c: a request on somebody's own data from asking to answer. Its steps are a table, like a
 * matter's; each leaves an entry in the matter's ledger (or a line in the account's chain) that says
 * what was asked and decided and nothing of what was written. */
#include "personal/request.h"
#include "access/roster.h"
#include "account/account.h"
#include "base/log.h"
#include "crypto/code.h"
#include "crypto/seal.h"

RECORD_DEFINE(request, REQUEST)

SQL_WRITES(ADD, "request.add", "INSERT INTO request (" REQUEST_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6,"
    " $7, $8, $9, $10, '', $11, $12, 0, NULL, $13, $14, $15, $16, NULL)");
SQL_WRITES(SET, "request.set", "UPDATE request SET state = $3, unit = $4, how = $5, reason = $6,"
    " late = $7, ended_ms = $8, answer = $9 WHERE area = $1 AND id = $2");
SQL_READS(ONE, "request.one", "SELECT " REQUEST_COLUMNS " FROM request WHERE area = $1 AND id = $2");
SQL_READS(OF_MATTER, "request.of_matter", "SELECT " REQUEST_COLUMNS " FROM request WHERE area = $1"
    " AND matter = $2 AND no = $3 ORDER BY id DESC LIMIT 100");
SQL_READS(OF_ACCOUNT, "request.of_account", "SELECT " REQUEST_COLUMNS " FROM request WHERE account = $1"
    " ORDER BY id DESC LIMIT 100");
/* In whatever county, and so without locks: those hold within one. */
SQL_READS(LATE, "request.late", "SELECT " REQUEST_COLUMNS " FROM request WHERE state = 'open' AND late = 0"
    " AND due_ms <= $1 ORDER BY due_ms LIMIT 50");
SQL_READS(PERSON, "request.person", "SELECT p.id, p.data_key FROM reporter r JOIN person p"
    " ON p.area = r.area AND p.id = r.person WHERE r.area = $1 AND r.matter = $2 AND r.no = $3");
SQL_WRITES(NAME_SET, "request.name", "UPDATE person SET name = $3 WHERE area = $1 AND id = $2");
SQL_WRITES(PHONE_SET, "request.phone", "UPDATE person SET phone = $3 WHERE area = $1 AND id = $2");
SQL_WRITES(OWN_NAME_SET, "request.own_name", "UPDATE account SET name = $2 WHERE id = $1");
SQL_WRITES(OWN_PHONE_SET, "request.own_phone", "UPDATE account SET phone = $2 WHERE id = $1");
SQL_WRITES(PLACES_DROP, "request.places_drop", "DELETE FROM known_place WHERE account = $1");
const struct sql *const request_statements[] = { &ADD, &SET, &ONE, &OF_MATTER, &OF_ACCOUNT, &LATE,
    &PERSON, &NAME_SET, &PHONE_SET, &OWN_NAME_SET, &OWN_PHONE_SET, &PLACES_DROP };
const size_t request_statements_n = COUNT_OF(request_statements);

#define X(name, word, zh, en) { word, zh, en },
const struct request_word request_kind_words[] = { REQUEST_KINDS(X) { NULL, NULL, NULL } };
const struct request_word request_state_words[] = { REQUEST_STATES(X) { NULL, NULL, NULL } };
const struct request_word request_field_words[] = { REQUEST_FIELDS(X) { NULL, NULL, NULL } };
const struct request_word request_how_words[] = { REQUEST_HOWS(X) { NULL, NULL, NULL } };
const struct request_word request_reason_words[] = { REQUEST_REASONS(X) { NULL, NULL, NULL } };
#undef X
#define X(name, word, zh, en) word,
const char *const request_kinds[] = { REQUEST_KINDS(X) NULL };
const char *const request_states[] = { REQUEST_STATES(X) NULL };
const char *const request_fields[] = { REQUEST_FIELDS(X) NULL };
const char *const request_reasons[] = { REQUEST_REASONS(X) NULL };
#undef X
/* What a colleague may say; the others the program finds out itself. */
const char *const request_proofs[] = { "in_person", "phone", "written", NULL };

enum { OPEN_OF_ONE = 5, COPY_DAYS = 30, LATE_MAX = 50, NAME_CHARS = 40 };

#define KEYED(X, R) X(R, I64, id, 0, 0, 0, NULL, "") X(R, BYTES, data_key, 0, 0, 0, NULL, "")
RECORD(keyed_row, KEYED)
RECORD_DEFINE(keyed_row, KEYED)

const struct request_word *request_word_of(const struct request_word *all, struct str word)
{
    for (; all->word; all++)
        if (str_is(word, all->word))
            return all;
    return NULL;
}

int64_t request_copy_until(const struct cx *cx, const struct request *r)
{
    int64_t until = r->ended_ms == I64_NONE ? 0 : r->ended_ms + COPY_DAYS * (int64_t)CLOCK_DAY_MS;
    return str_is(r->kind, "see") && str_is(r->state, "granted") && cx->now_ms < until ? until
        : I64_NONE;
}

/* The law says "in time" (article 50); fifteen working days unless the deployer's table says. */
#define FIXED(text) { (text), sizeof(text) - 1 }
const struct limit *request_limit(const struct cx *cx)
{
    static const struct limit usual = { .stage = FIXED("personal"), .amount = 15,
        .unit = FIXED("WD"), .basis = FIXED("个人信息保护法第五十条要求及时处理；本系统通常为十五个工作日"),
        .basis_en = FIXED("Article 50 of the personal information protection law says \"in time\";"
            " fifteen working days here unless laid down otherwise") };
    const struct limit *l = catalogue_limit(cx->cat, STR(""), 0, "personal");
    return str_is(l->stage, "personal") ? l : &usual;
}

enum err request_read(struct cx *cx, int64_t area, int64_t id, struct request *ret)
{
    return db_one(cx->db, cx->a, &ONE, ARGS(I(area), I(id)), &request_record, ret);
}

enum err requests_of(struct cx *cx, const struct whose *w, struct list *ret)
{
    if (w->m == NULL)
        return db_rows(cx->db, cx->a, &OF_ACCOUNT, ARGS(I(w->account)), &request_record,
            REQUESTS_OF_ONE, ret);
    return db_rows(cx->db, cx->a, &OF_MATTER, ARGS(I(w->m->area), I(w->m->id), I(w->no)),
        &request_record, REQUESTS_OF_ONE, ret);
}

enum err request_text(struct cx *cx, const struct request *r, const char *field, struct str sealed,
    struct str *ret)
{
    struct seal_key key;
    *ret = STR("");
    if (sealed.n == 0 || r->data_key.n == 0)
        return OK;
    TRY(seal_key_open(cx->keys, r->id, r->data_key, &key));
    enum err e = seal_open(cx->a, &key, field, sealed, ret);
    seal_key_wipe(&key);
    return e;
}

/* Recording ---------------------------------------------------------------------------------- */

struct str request_number(struct cx *cx, const struct request *r)
{
    struct code_number n = code_number_make(cx->keys, (uint32_t)r->area, r->id);
    return arena_str(cx->a, str_c(n.text));
}

static enum err note_account(struct cx *cx, const struct request *r, const char *action)
{
    struct buf b = buf_in(cx->a, 1 << 10);
    buf_fmt(&b, "{\"kind\":\"%.*s\",\"request\":\"%.*s\"}", STR_FMT(r->kind),
        STR_FMT(request_number(cx, r)));
    return account_note(cx, r->account, action, STR(""), buf_str(&b));
}

/* Nothing of what was written goes in: what it was about, and what came of it. */
static enum err note(struct cx *cx, struct matter *m, const struct request *r, const char *action)
{
    struct entry_make e = { .action = action, .unit = cx->actor.kind == ACTOR_STAFF ? r->unit : 0 };
    if (m == NULL)
        return note_account(cx, r, action);
    int64_t seq_before = m->seq;
    e.from = state_by_word(m->state);
    if (cx->actor.kind == ACTOR_STAFF && !access_is_member(&cx->actor, r->unit))
        e.unit = cx->actor.memberships[0].unit;
    entry_fact_number(&e, "reporter", r->no);
    entry_fact_text(&e, "request", request_number(cx, r));
    entry_fact_text(&e, "kind", r->kind);
    if (r->field.n)
        entry_fact_text(&e, "field", r->field);
    if (r->how.n)
        entry_fact_text(&e, "how", r->how);
    if (r->reason.n)
        entry_fact_text(&e, "why", r->reason);
    TRY(matter_append(cx, m, &e));
    TRY(matter_update(cx, m, seq_before));
    matter_publish(cx, m);
    return OK;
}

static enum err tell_unit(struct cx *cx, const struct matter *m, const struct request *r)
{
    struct outbox_cause c = { .area = r->area, .matter = r->matter, .kind = TOLD_DATA };
    if (m == NULL || cx->services.outbox == NULL)
        return OK;
    c.seq = m->seq;
    return outbox_tell_unit(cx, &c, r->unit);
}

/* Asking -------------------------------------------------------------------------------------- */

/* Those who answer: the committee that has a dispute; of anything else the centre of its town or
 * above, for only centres see who wants to stay unknown. */
static int64_t answering_unit(const struct cx *cx, const struct whose *w)
{
    if (w->m == NULL)
        return cx->actor.n_memberships ? cx->actor.memberships[0].unit : 0;
    if (matter_is_closed_circle(w->m))
        return w->m->owner_unit;
    const struct unit *u = catalogue_desk(cx->cat, matter_division(w->m));
    if (u && u->level >= LEVEL_COMMUNITY)
        u = catalogue_desk_above(cx->cat, u);
    return u ? u->id : w->m->owner_unit;
}

/* As when it was first entered, here or where accounts are set up. */
static struct msg value_fault(bool of_account, struct str field, struct str value)
{
    bool phone = str_is(field, "phone");
    if (phone && !(of_account ? roster_is_phone(value) : reporter_is_phone(value)))
        return MSG("应当是电话号码，请核对", "This is to be a telephone number; check it");
    if (!phone && str_chars(value) > NAME_CHARS)
        return MSG("姓名最多四十个字，请缩短", "A name has forty characters at most; shorten it");
    return NOTHING_FORBIDS;
}

static enum err value_check(struct cx *cx, const struct whose *w, const struct ask *ask)
{
    if (str_visible_chars(ask->value) < 1)
        return cx_fail(cx, E_INPUT, "value", MSG("请写明应当是什么", "Say what it should be"));
    struct msg fault = value_fault(w->m == NULL, ask->field, str_trim(ask->value));
    return fault.zh ? cx_fail(cx, E_INPUT, "value", fault) : OK;
}

static enum err ask_check(struct cx *cx, const struct whose *w, const struct ask *ask)
{
    struct list before;
    size_t open = 0;
    bool corrects = str_is(ask->kind, "correct");
    if (corrects && ask->field.n == 0)
        return cx_fail(cx, E_INPUT, "field", MSG("请选择要更正哪一项：name（称呼）或 phone（电话）",
            "Say what is to be corrected: name or phone"));
    if (corrects)
        TRY(value_check(cx, w, ask));
    if (!corrects && (ask->field.n || ask->value.n))
        return cx_fail(cx, E_INPUT, ask->field.n ? "field" : "value",
            MSG("只有更正才填写这一项，请删去", "Only a correction has this field; remove it"));
    TRY(requests_of(cx, w, &before));
    const struct request *r = before.p;
    for (size_t i = 0; i < before.n; i++) {
        bool waits = str_is(r[i].state, "open");
        open += waits;
        if (waits && str_eq(r[i].kind, ask->kind) && str_eq(r[i].field, ask->field))
            return cx_fail(cx, E_STEP, NULL, MSG("同样的请求正在办理，请等待答复，或者先撤回",
                "The same request waits for its answer; wait, or withdraw it first"));
    }
    return open < OPEN_OF_ONE && before.n < REQUESTS_OF_ONE ? OK : cx_fail(cx, E_STEP, NULL,
        MSG("请求太多，请先等待答复", "There are too many requests; wait for the answers"));
}

static void seal_asked(struct cx *cx, const struct ask *ask, struct request *r)
{
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
    seal_key_new(cx->keys, cx->rand, r->id, wrapped, &key);
    r->data_key = arena_str(cx->a, (struct str){ (const char *)wrapped, sizeof(wrapped) });
    r->wish = ask->text.n ? seal_field(cx->a, cx->rand, &key, "wish", str_trim(ask->text)) : STR_NONE;
    r->value = ask->value.n ? seal_field(cx->a, cx->rand, &key, "value", str_trim(ask->value))
        : STR_NONE;
    seal_key_wipe(&key);
}

enum err request_begin(struct cx *cx, struct matter *m, const struct whose *w,
    const struct ask *ask, int64_t id, struct request *ret)
{
    const struct limit *l = request_limit(cx);
    const struct unit *u;
    bool provisional, staff = cx->actor.kind == ACTOR_STAFF;
    struct request r = { .id = id, .matter = m ? m->id : 0, .no = w->no, .account = w->account,
        .kind = ask->kind, .field = ask->field.n ? ask->field : STR(""), .state = STR("open"),
        .how = ask->how.n ? ask->how : STR(""), .reason = STR(""), .asked_ms = cx->now_ms,
        .ended_ms = I64_NONE, .entered_by = staff && m ? cx->actor.account : 0,
        .answer = STR_NONE };
    TRY(ask_check(cx, w, ask));
    r.unit = answering_unit(cx, w);
    u = unit_find(cx->cat, r.unit);
    r.area = m ? m->area : u ? division_area(u->region) : 0;
    r.due_ms = calendar_add(cx->cat, cx->now_ms, l->amount, l->unit, &provisional);
    seal_asked(cx, ask, &r);
    TRY(db_exec(cx->db, &ADD, ARGS(I(r.area), I(r.id), I(r.matter), I(r.no), I(r.account),
        S(r.kind), S(r.field), S(r.state), I(r.unit), S(r.how), I(r.asked_ms), I(r.due_ms),
        I(r.entered_by), B(r.data_key), B(r.wish), B(r.value)), NULL));
    TRY(note(cx, m, &r, "data_asked"));
    *ret = r;
    return tell_unit(cx, m, &r);
}

/* Carrying out ---------------------------------------------------------------------------------- */

static enum err correct_account(struct cx *cx, const struct request *r, struct str value)
{
    bool name = str_is(r->field, "name");
    TRY(db_exec(cx->db, name ? &OWN_NAME_SET : &OWN_PHONE_SET, ARGS(I(r->account), S(value)),
        NULL));
    return account_terms_stamp(cx->db);
}

/* Sealed anew under the key of the person, in the place of what was there. */
static enum err correct(struct cx *cx, const struct request *r)
{
    struct keyed_row p;
    struct seal_key key;
    struct str value;
    bool name = str_is(r->field, "name");
    TRY(request_text(cx, r, "value", r->value, &value));
    if (value_fault(r->matter == 0, r->field, value).zh)    /* asked before this was checked */
        return cx_fail(cx, E_STEP, NULL, MSG("要改成的内容不是电话号码或过长，请选择理由不予办理，请本人重新提出",
            "What it is to be is no telephone number, or too long; refuse it, and have them ask again"));
    if (r->matter == 0)
        return correct_account(cx, r, value);
    enum err e = db_one(cx->db, cx->a, &PERSON, ARGS(I(r->area), I(r->matter), I(r->no)),
        &keyed_row_record, &p);
    if (e == E_MISSING || (e == OK && p.data_key.n == 0))
        return cx_fail(cx, E_STEP, NULL, MSG("没有登记称呼和电话，或者已经删除，没有可以更正的",
            "No name or telephone is on file, or they were erased; there is nothing to correct"));
    TRY(e);
    TRY(seal_key_open(cx->keys, p.id, p.data_key, &key));
    struct str sealed = seal_field(cx->a, cx->rand, &key, name ? "name" : "phone", value);
    seal_key_wipe(&key);
    return db_exec(cx->db, name ? &NAME_SET : &PHONE_SET, ARGS(I(r->area), I(p.id), B(sealed)),
        NULL);
}

/* Of an account in use goes what only its owner needs; name and roles stay, for officials answer
 * for what they did. */
static enum err erase_account(struct cx *cx, int64_t account)
{
    TRY(db_exec(cx->db, &OWN_PHONE_SET, ARGS(I(account), S(STR(""))), NULL));
    TRY(db_exec(cx->db, &PLACES_DROP, ARGS(I(account)), NULL));
    TRY(account_terms_stamp(cx->db));
    return access_sessions_end(cx, account, STR_NONE);
}

static enum err carry_out(struct cx *cx, struct matter *m, const struct request *r)
{
    if (str_is(r->kind, "correct"))
        return correct(cx, r);
    if (str_is(r->kind, "erase"))
        return m ? erase_asked(cx, m, r->no) : erase_account(cx, r->account);
    return OK;
}

enum err request_refusal(struct cx *cx, const struct matter *m, const struct request *r,
    struct msg *ret)
{
    struct list parts;
    *ret = NOTHING_FORBIDS;
    if (!str_is(r->kind, "erase") || m == NULL)
        return OK;
    TRY(erasable_of(cx, m, r->no, &parts));
    const struct erasable *p = parts.p;
    for (size_t i = 0; i < parts.n; i++)
        if (p[i].now)
            return OK;
    *ret = parts.n ? MSG("现在没有可以删除的内容：每一项都必须再保存一段时间，原因在各项里写明；请选择理由不予办理",
            "Nothing can be erased now: each part must stay for some time, and says why; refuse it with that reason")
        : MSG("没有可以删除的内容", "There is nothing that could be erased");
    return OK;
}

/* Steps ----------------------------------------------------------------------------------------- */

static const struct request_move {
    const char *action, *to, *entry;    /* from open, always */
    bool answers;                       /* wants words for the person */
} moves[] = {
    { "withdraw", "withdrawn", "data_withdrawn", false },
    { "grant", "granted", "data_granted", true },
    { "refuse", "refused", "data_refused", true },
    { "late", "open", "data_late", false },
};

static enum err answer_check(struct cx *cx, const struct matter *m, const struct request *r,
    const struct request_act *act)
{
    bool grants = strcmp(act->action, "grant") == 0;
    struct msg why;
    if (!grants && act->reason.n == 0)
        return cx_fail(cx, E_INPUT, "reason", MSG("不予办理要选择一条理由", "Choose the reason why it is refused"));
    if (grants && act->reason.n)
        return cx_fail(cx, E_INPUT, "reason", MSG("同意办理不用填写理由，请删去", "What is granted needs no reason; remove it"));
    if (grants && r->how.n == 0 && act->how.n == 0)
        return cx_fail(cx, E_INPUT, "how", MSG("请选择怎样核实了是本人", "Say how it was made sure that it is them"));
    if (!grants)
        return OK;
    TRY(request_refusal(cx, m, r, &why));
    return why.zh ? cx_fail(cx, E_STEP, NULL, why) : OK;
}

/* Where all words were erased meanwhile there is no key for new ones. */
static enum err seal_answer(struct cx *cx, struct request *r, struct str text)
{
    struct seal_key key;
    if (r->data_key.n == 0)
        return OK;
    TRY(seal_key_open(cx->keys, r->id, r->data_key, &key));
    r->answer = seal_field(cx->a, cx->rand, &key, "answer", str_trim(text));
    seal_key_wipe(&key);
    return OK;
}

/* What is late goes up to the centre above; a committee's stays with it, as its disputes do. */
static void go_up(struct cx *cx, const struct matter *m, struct request *r)
{
    const struct unit *u = unit_find(cx->cat, r->unit);
    const struct unit *above = u && m && !matter_is_closed_circle(m)
        ? catalogue_desk_above(cx->cat, u) : NULL;
    r->late = 1;
    r->unit = above ? above->id : r->unit;
}

enum err request_step(struct cx *cx, struct matter *m, struct request *r,
    const struct request_act *act)
{
    const struct request_move *s = NULL;
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (strcmp(moves[i].action, act->action) == 0)
            s = &moves[i];
    CHECK(s != NULL);
    if (!str_is(r->state, "open"))
        return cx_fail(cx, E_STEP, NULL, MSG("这件请求已经答复或撤回", "This request was answered or withdrawn"));
    if (s->answers)
        TRY(answer_check(cx, m, r, act));
    bool ends = strcmp(s->to, "open") != 0;
    r->state = str_c(s->to);
    r->how = act->how.n && r->how.n == 0 ? act->how : r->how;
    r->reason = act->reason.n ? act->reason : r->reason;
    r->ended_ms = ends ? cx->now_ms : I64_NONE;
    if (s->answers)
        TRY(seal_answer(cx, r, act->text));
    if (!ends)
        go_up(cx, m, r);
    TRY(note(cx, m, r, s->entry));
    if (strcmp(act->action, "grant") == 0)
        TRY(carry_out(cx, m, r));
    TRY(db_exec(cx->db, &SET, ARGS(I(r->area), I(r->id), S(r->state), I(r->unit), S(r->how),
        S(r->reason), I(r->late), I(r->ended_ms), B(r->answer)), NULL));
    return ends ? OK : tell_unit(cx, m, r);
}

/* Being late -------------------------------------------------------------------------------------- */

static enum err late_one(struct cx *cx, struct request *found)
{
    static const struct request_act late = { .action = "late" };
    struct request r;
    struct matter m;
    if (found->matter) {            /* another server may have it in hand */
        enum err e = matter_if_free(cx, found->area, found->matter, &m);
        if (e == E_MISSING)
            return OK;
        TRY(e);
    }
    TRY(request_read(cx, found->area, found->id, &r));
    if (!str_is(r.state, "open") || r.late)
        return OK;
    return request_step(cx, r.matter ? &m : NULL, &r, &late);
}

enum err requests_round(struct cx *cx)
{
    struct list rows;
    cx->actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    TRY(db_rows(cx->db, cx->a, &LATE, ARGS(I(cx->now_ms)), &request_record, LATE_MAX, &rows));
    struct request *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        size_t events = cx->n_events;
        TRY(db_savepoint(cx->db));
        enum err e = late_one(cx, &r[i]);
        if (e == OK)
            e = db_release(cx->db);
        if (e != OK) {              /* one holds up no other; the next round finds it again */
            db_rollback_to(cx->db);
            cx->n_events = events;
            log_line(LOG_WARN, "request.late", "a request is late and nobody was told: %s", err_code(e));
            TRY(e == E_DB || e == E_UNKNOWN ? e : OK);
        }
    }
    return OK;
}
