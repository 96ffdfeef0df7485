/* intake.c: how a matter begins. */
#include "matter/intake.h"
#include "crypto/seal.h"
#include "geo/cell.h"
#include "matter/photo.h"
#include <math.h>

SQL_WRITES(REPORTER_INSERT, "intake.reporter",
    "INSERT INTO reporter (area, matter, no, person, confidential, joined_ms, answered_round)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(PERSON_INSERT, "intake.person",
    "INSERT INTO person (area, id, data_key, name, phone, purpose, made_ms, lang)"
    " VALUES ($1, $2, $3, $4, $5, 'answer', $6, $7)");
SQL_READS(LAST_NO, "intake.last_reporter",
    "SELECT coalesce(max(no), 0) FROM reporter WHERE area = $1 AND matter = $2");
#define OF_REPORTER " WHERE area = $1 AND matter = $2 AND no = $3"
SQL_READS(PERSON_OF, "intake.person_of",
    "SELECT p.id, p.data_key, p.name, p.phone, r.turn FROM reporter r JOIN person p ON p.area = r.area"
    " AND p.id = r.person WHERE r.area = $1 AND r.matter = $2 AND r.no = $3");
SQL_WRITES(PERSON_CORRECT, "intake.person_correct",
    "UPDATE person SET name = $3, phone = $4 WHERE area = $1 AND id = $2");
SQL_WRITES(CODE_RENEW, "intake.code_renew", "UPDATE reporter SET turn = turn + 1" OF_REPORTER);
SQL_WRITES(PERSON_REMOVE, "intake.person_remove",
    "DELETE FROM person WHERE area = $1 AND id IN (SELECT person FROM reporter" OF_REPORTER
    " AND person <> 0)");
SQL_WRITES(REPORTER_REMOVE, "intake.reporter_remove", "DELETE FROM reporter" OF_REPORTER);
const struct sql *const intake_statements[] = { &REPORTER_INSERT, &PERSON_INSERT, &LAST_NO,
    &PERSON_OF, &PERSON_CORRECT, &CODE_RENEW, &PERSON_REMOVE, &REPORTER_REMOVE };
const size_t intake_statements_n = COUNT_OF(intake_statements);

enum err reporter_last_no(struct cx *cx, const struct matter *m, int64_t *ret)
{
    return db_number(cx->db, &LAST_NO, ARGS(I(m->area), I(m->id)), ret);
}

struct code reporter_code(const struct cx *cx, int64_t area, int64_t matter, int64_t no,
    int64_t turn)
{
    return code_make(cx->keys, (uint32_t)area, matter, code_renewed(no, turn));
}

/* What nothing else fits is kept last in the table of categories. */
static const struct category *category_other(const struct catalogue *cat)
{
    struct list all = catalogue_categories(cat);
    const struct category *c = all.p;
    CHECK(all.n > 0);
    return &c[all.n - 1];
}

enum err intake_prepare(struct cx *cx, struct intake *in)
{
    const struct category *c = NULL;
    struct list all = catalogue_categories(cx->cat);
    if (all.n == 0 || catalogue_units(cx->cat).n == 0)
        return cx_fail(cx, E_BUSY, NULL, MSG("本系统还没有导入单位和类别，暂不能受理",
            "Units and categories are not set up yet; nothing can be taken in"));
    if (in->category.n) {
        c = category_find(cx->cat, in->category);
        if (c == NULL)
            return cx_fail(cx, E_INPUT, "category", MSG("没有这个类别，请重新选择",
                "There is no such category; choose again"));
    } else if (catalogue_suggest(cx->cat, in->text, &c, 1) == 0)
        c = category_other(cx->cat);
    in->category = c->code;
    if (in->tier == 0)
        in->tier = c->tier;
    return OK;
}

/* Contact details, sealed under a key of their own; 0 when none were given. */
static enum err person_make(struct cx *cx, int64_t area, struct str given_name,
    struct str given_phone, int64_t *ret)
{
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
    *ret = 0;
    if (given_name.n == 0 && given_phone.n == 0)
        return OK;
    bool english = cx->lang == LANG_EN && cx->actor.kind != ACTOR_STAFF;
    int64_t id = cx_next_id(cx);
    seal_key_new(cx->keys, cx->rand, id, wrapped, &key);
    struct str name = given_name.n ? seal_field(cx->a, cx->rand, &key, "name", given_name)
        : STR_NONE;
    struct str phone = given_phone.n ? seal_field(cx->a, cx->rand, &key, "phone", given_phone)
        : STR_NONE;
    seal_key_wipe(&key);
    TRY(db_exec(cx->db, &PERSON_INSERT, ARGS(I(area), I(id),
        B(((struct str){ (const char *)wrapped, sizeof(wrapped) })), B(name), B(phone),
        I(cx->now_ms), S(english ? STR("en") : STR("zh-CN"))), NULL));
    *ret = id;
    return OK;
}

enum err reporter_add(struct cx *cx, const struct matter *m, struct str name, struct str phone,
    bool confidential, int64_t no)
{
    int64_t person;
    TRY(person_make(cx, m->area, name, phone, &person));
    return db_exec(cx->db, &REPORTER_INSERT, ARGS(I(m->area), I(m->id), I(no), I(person),
        I(confidential), I(cx->now_ms), I(0)), NULL);
}

bool reporter_is_phone(struct str phone)
{
    size_t digits = 0;
    for (size_t i = 0; i < phone.n; i++) {
        char c = phone.p[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c != '-' && c != ' ' && c != '+')
            digits = 99;
    }
    return digits >= 7 && digits <= 15;
}

enum err reporter_phone_check(struct cx *cx, const char *field, struct str phone)
{
    if (phone.n && !reporter_is_phone(phone))
        return cx_fail(cx, E_INPUT, field, MSG("电话号码不对，请核对，也可以不填",
            "This is not a phone number; correct it or leave it out"));
    return OK;
}

#define PERSON_SEALED(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "") X(R, BYTES, data_key, 0, 0, 0, NULL, "") \
    X(R, BYTES, name, 0, 0, 0, NULL, "") X(R, BYTES, phone, 0, 0, 0, NULL, "") \
    X(R, I64, turn, 0, 0, 0, NULL, "")
RECORD(person_sealed, PERSON_SEALED)
RECORD_DEFINE(person_sealed, PERSON_SEALED)

static enum err person_of(struct cx *cx, const struct matter *m, int64_t no,
    struct person_sealed *ret, struct seal_key *ret_key)
{
    TRY(db_one(cx->db, cx->a, &PERSON_OF, ARGS(I(m->area), I(m->id), I(no)), &person_sealed_record,
        ret));
    return seal_key_open(cx->keys, ret->id, ret->data_key, ret_key);
}

enum err reporter_is_called(struct cx *cx, const struct matter *m, int64_t no, struct str name,
    bool *ret)
{
    struct person_sealed p;
    struct seal_key key;
    struct str kept = STR("");
    TRY(person_of(cx, m, no, &p, &key));
    enum err e = p.name.p ? seal_open(cx->a, &key, "name", p.name, &kept) : OK;
    seal_key_wipe(&key);
    *ret = str_eq(kept, name);
    return e;
}

enum err reporter_correct(struct cx *cx, const struct matter *m, int64_t no, struct str name,
    struct str phone, bool replaced)
{
    struct person_sealed p;
    struct seal_key key;
    if (name.n == 0 && phone.n == 0)
        return OK;
    TRY(person_of(cx, m, no, &p, &key));
    if (replaced && p.turn >= CODE_TURN_MAX) {
        seal_key_wipe(&key);
        return cx_fail(cx, E_INPUT, "name", MSG("这一位的姓名已更正太多次，不能再改",
            "This name was corrected too often to change again"));
    }
    if (name.n)
        p.name = seal_field(cx->a, cx->rand, &key, "name", name);
    if (phone.n)
        p.phone = seal_field(cx->a, cx->rand, &key, "phone", phone);
    seal_key_wipe(&key);
    TRY(db_exec(cx->db, &PERSON_CORRECT, ARGS(I(m->area), I(p.id), B(p.name), B(p.phone)), NULL));
    return replaced ? db_exec(cx->db, &CODE_RENEW, ARGS(I(m->area), I(m->id), I(no)), NULL) : OK;
}

enum err reporter_remove(struct cx *cx, const struct matter *m, int64_t no)
{
    const struct arg of[] = { I(m->area), I(m->id), I(no) };
    TRY(db_exec(cx->db, &PERSON_REMOVE, of, 3, NULL));
    return db_exec(cx->db, &REPORTER_REMOVE, of, 3, NULL);
}

static void place_fill(struct matter *m, const struct intake *in)
{
    m->area = in->place.area;
    m->town = in->place.town;
    m->community = in->place.community;
    m->grid = in->place.grid;
    m->police_grid = in->place.police_grid;
    m->micro_grid = in->place.micro_grid;
    m->place_text = in->place_text.p ? in->place_text : STR("");
    m->lon = in->lon;
    m->lat = in->lat;
    bool known = !isnan(in->lon) && !isnan(in->lat);
    m->cell = known ? cell_key((struct geo_point){ in->lon, in->lat }) : I64_NONE;
}

void matter_blank(struct matter *m)
{
    record_clear(&matter_record, m);
    m->kind = STR("report");
    m->ask = m->ask_reason = m->merged_into = STR("");
    m->holder = m->ask_by = m->ask_unit = m->ask_days = m->returned_by = 0;
    m->route_version = m->about_unit = m->max_level = m->handovers = m->decider = 0;
    m->extended = m->supervised = m->round = m->objected = m->cohandling = 0;
    m->provisional = m->confidential = m->seq = m->held = m->erased = 0;
    m->open = 1;
}

static enum err route_fill(struct cx *cx, struct matter *m, const struct intake *in)
{
    struct route_facts facts = matter_route_facts(m);
    struct route_choice choice =
        catalogue_route(cx->cat, catalogue_rules(cx->cat), &facts, NULL);
    const struct unit *own = in->owner_unit ? unit_find(cx->cat, in->owner_unit) : NULL;
    if (in->past && own && choice.about == own->id)
        own = NULL;
    if (own && choice.about == own->id && own->level > LEVEL_CITY)
        return cx_fail(cx, E_INPUT, "solved", MSG("涉及本单位的事由上级办理，请不选“当场解决”，改为上报",
            "What is about your own unit is for the one above; report it without \"solved\""));
    const struct unit *unit = own ? own : choice.unit;
    CHECK(unit != NULL);
    m->owner_unit = unit->id;
    if (in->kind) {
        m->kind = str_c(in->kind);
        m->route = STR("");
        m->state = str_c(state_table[in->state].word);
        matter_clock_start(cx, m, in->clock);
        return OK;
    }
    m->route = choice.rule->code;
    m->route_version = catalogue_rules_version(cx->cat);
    m->about_unit = choice.about;
    m->max_level = route_max_level(cx->cat, choice.rule, &facts);
    bool to_dispatch = own == NULL && unit->desk && unit->level <= LEVEL_TOWN;
    m->state = str_c(state_table[to_dispatch ? ST_RECEIVED : ST_ASSIGNED].word);
    matter_clock_start(cx, m, to_dispatch ? "dispatch" : "sign");
    return OK;
}

static void past_fill(struct matter *m, const struct intake_past *past)
{
    m->created_ms = past->reported_ms;
    if (past->ended_ms == I64_NONE)
        return;
    m->state = str_c(state_table[past->state].word);
    m->open = 0;
    m->closed_ms = past->ended_ms;
    matter_clock_stop(m);
}

/* The first entry says that and whence it was brought along, the second what was known of it. The
 * ledger's own times are those of today. */
static enum err past_append(struct cx *cx, struct matter *m, const struct intake_past *past)
{
    struct entry_make e = { .action = "import", .text = m->text },
        record = { .action = "past", .text = past->record, .audience = "public",
            .from = state_by_word(m->state) };
    entry_facts_of_report(cx, &e, m);
    entry_fact_text(&e, "source", past->source);
    entry_fact_text(&e, "source_number", past->number);
    entry_fact_number(&e, "reported", past->reported_ms);
    if (past->ended_ms != I64_NONE)
        entry_fact_number(&e, "ended", past->ended_ms);
    TRY(matter_append(cx, m, &e));
    return matter_append(cx, m, &record);
}

static enum err report_append(struct cx *cx, struct matter *m, const struct intake *in)
{
    struct entry_make e = { .action = "report", .text = m->text,
        .unit = cx->actor.n_memberships ? cx->actor.memberships[0].unit : 0 };
    entry_facts_of_report(cx, &e, m);
    if (in->consent)
        entry_fact_text(&e, "consent", STR("given"));
    TRY(photos_take(cx, m, &e, in->uploads, "before"));
    return matter_append(cx, m, &e);
}

enum err matter_open(struct cx *cx, const struct intake *given, struct matter *ret)
{
    struct intake in = *given;
    struct matter m;
    unsigned char salt[16];
    TRY(intake_prepare(cx, &in));
    matter_blank(&m);
    place_fill(&m, &in);
    m.id = in.id ? in.id : cx_next_id(cx);
    struct code_number number = code_number_make(cx->keys, (uint32_t)m.area, m.id);
    m.number = arena_str(cx->a, str_c(number.text));
    rand_bytes(cx->rand, salt, sizeof(salt));
    m.salt = arena_dup(cx->a, salt, sizeof(salt));
    m.text = in.text;
    m.category = in.category;
    m.tier = in.tier;
    m.origin = in.origin;
    m.confidential = in.confidential;
    m.created_ms = cx->now_ms;
    m.reporters = m.unanswered = in.reporter;
    TRY(route_fill(cx, &m, &in));
    if (in.past)
        past_fill(&m, in.past);
    TRY(in.past ? past_append(cx, &m, in.past) : report_append(cx, &m, &in));
    TRY(matter_insert(cx, &m));
    if (in.reporter)
        TRY(reporter_add(cx, &m, in.name, in.phone, in.confidential, 1));
    matter_publish(cx, &m);
    *ret = m;
    return OK;
}

enum err matter_join(struct cx *cx, const struct matter *before, const struct intake *in,
    struct matter *ret, int64_t *ret_no)
{
    struct matter m = *before;
    int64_t last;
    if (m.merged_into.n)
        return cx_fail_with(cx, E_STEP, "join", MSG("那件事已并入 %s，请改用这个编号",
            "That matter was merged into %s; join that one instead"), m.merged_into);
    if (!m.open || str_is(m.state, "answered") || str_is(m.state, "verified"))
        return cx_fail(cx, E_STEP, "join", MSG("那件事已经答复，请单独报一次",
            "That matter is answered already; please report yours separately"));
    TRY(reporter_last_no(cx, &m, &last));
    TRY(reporter_add(cx, &m, in->name, in->phone, in->confidential, last + 1));
    m.reporters++;
    m.unanswered++;
    struct entry_make e = { .action = "join", .from = state_by_word(m.state), .text = in->text,
        .audience = "staff" };
    entry_fact_number(&e, "reporter", last + 1);
    TRY(photos_take(cx, &m, &e, in->uploads, "before"));
    TRY(matter_append(cx, &m, &e));
    TRY(matter_update(cx, &m, before->seq));
    matter_publish(cx, &m);
    *ret = m;
    *ret_no = last + 1;
    return OK;
}
