/* matter.c: the row of a matter and its ledger entries. */
#include "matter/matter.h"
#include "crypto/code.h"
#include "ledger/entry.h"
#include <stdio.h>

#define X(name, word, zh, en, plain_zh, plain_en, open) { word, zh, en, plain_zh, plain_en, open },
const struct state_row state_table[STATE_COUNT] = { STATE_TABLE(X) };
#undef X
#define X(name, word, zh, en, plain_zh, plain_en, open) word,
const char *const state_words[] = { STATE_TABLE(X) NULL };
#undef X

RECORD_DEFINE(matter, MATTER)
RECORD_DEFINE(entry_row, ENTRY_ROW)

SQL_READS(BY_ID, "matter.by_id", "SELECT " MATTER_COLUMNS " FROM matter WHERE area = $1 AND id = $2");
/* For who may write: nobody else steps it until this transaction ends. */
SQL_READS(LOCKED, "matter.locked", "SELECT " MATTER_COLUMNS " FROM matter WHERE area = $1 AND id = $2"
    " /*postgres:FOR UPDATE*/");
SQL_READS(IF_FREE, "matter.if_free", "SELECT " MATTER_COLUMNS " FROM matter WHERE area = $1"
    " AND id = $2 /*postgres:FOR UPDATE SKIP LOCKED*/");
SQL_READS(INVOLVED, "matter.involved",
    "SELECT unit FROM involved WHERE area = $1 AND matter = $2 AND unit = $3");
SQL_WRITES(INSERT, "matter.insert",
    "INSERT INTO matter (" MATTER_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
    " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,"
    " $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46,"
    " $47, $48, $49, $50, $51, $52, $53, $54, $55, $56)");
SQL_WRITES(UPDATE, "matter.update",
    "UPDATE matter SET state = $4, category = $5, tier = $6, owner_unit = $7, holder = $8,"
    " max_level = $9, clock = $10, clock_from_ms = $11, due_ms = $12, alarm_ms = $13,"
    " paused_ms = $14, provisional = $15, ask = $16, ask_by = $17, ask_unit = $18, ask_days ="
    " $19, ask_reason = $20, ask_due_ms = $21, returned_by = $22, handovers = $23, decider ="
    " $24, extended = $25, supervised = $26, round = $27, objected = $28, reporters = $29,"
    " unanswered = $30, cohandling = $31, open = $32, closed_ms = $33, merged_into = $34, seq"
    " = $35, head = $36, held = $37, erased = $38 WHERE area = $1 AND id = $2 AND seq = $3");
SQL_WRITES(ENTRY_INSERT, "matter.entry",
    "INSERT INTO entry (area, matter, seq, id, at_ms, actor, account, unit, action, from_state,"
    " to_state, owner_unit, holder, due_ms, data, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7,"
    " $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
SQL_WRITES(NOTE_INSERT, "matter.note",
    "INSERT INTO note (area, matter, seq, audience, salt, text) VALUES ($1, $2, $3, $4, $5, $6)");
SQL_WRITES(INVOLVE, "matter.involve",
    "INSERT INTO involved (area, matter, unit) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");

const struct sql *const matter_statements[] = { &BY_ID, &LOCKED, &IF_FREE, &INVOLVED, &INSERT,
    &UPDATE, &ENTRY_INSERT, &NOTE_INSERT, &INVOLVE };
const size_t matter_statements_n = COUNT_OF(matter_statements);

enum state state_by_word(struct str word)
{
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (str_is(word, state_table[i].word))
            return (enum state)i;
    check_failed("state word", __FILE__, __LINE__);
}

enum err matter_by_id(struct cx *cx, int64_t area, int64_t id, struct matter *ret)
{
    const struct sql *how = cx->ids ? &LOCKED : &BY_ID;
    return db_one(cx->db, cx->a, how, ARGS(I(area), I(id)), &matter_record, ret);
}

enum err matter_if_free(struct cx *cx, int64_t area, int64_t id, struct matter *ret)
{
    return db_one(cx->db, cx->a, &IF_FREE, ARGS(I(area), I(id)), &matter_record, ret);
}

/* The id lies in the number; a number of another node has another key and says something else. */
enum err matter_by_number(struct cx *cx, struct str number, struct matter *ret)
{
    struct code_number n;
    if (code_number_parse(number, &n) != CODE_OK)
        return E_MISSING;
    struct code_opens named = code_number_open(cx->keys, &n);
    TRY(matter_by_id(cx, named.area, named.matter_id, ret));
    return str_is(ret->number, n.text) ? OK : E_MISSING;
}

struct place matter_place(const struct matter *m)
{
    return (struct place){ m->area, m->town, m->community, m->grid, m->police_grid, m->micro_grid };
}

struct route_facts matter_route_facts(const struct matter *m)
{
    return (struct route_facts){ .category = m->category, .origin = m->origin, .text = m->text,
        .tier = m->tier, .at_ms = m->created_ms, .place = matter_place(m) };
}

int64_t matter_division(const struct matter *m)
{
    struct place p = matter_place(m);
    return place_division(&p);
}

bool matter_is_closed_circle(const struct matter *m)
{
    return str_is(m->kind, "dispute");
}

enum err matter_visible(struct cx *cx, const struct matter *m)
{
    const struct actor *a = &cx->actor;
    if (a->kind == ACTOR_SYSTEM)
        return OK;
    if (a->kind == ACTOR_REPORTER)
        return a->area == m->area && a->matter == m->id ? OK : E_MISSING;
    for (size_t i = 0; i < a->n_memberships; i++) {
        const struct role_row *role = role_by_bit(a->memberships[i].role);
        const struct unit *u = unit_find(cx->cat, a->memberships[i].unit);
        if (role == NULL || u == NULL || role->sees == SEES_NOTHING)
            continue;
        if (u->id == m->owner_unit || u->id == m->ask_unit)
            return OK;
        if (role->sees == SEES_REGION && !matter_is_closed_circle(m)
            && region_has(region_of(u->region), matter_division(m)))
            return OK;
        int64_t unit;
        enum err e = db_number(cx->db, &INVOLVED, ARGS(I(m->area), I(m->id), I(u->id)), &unit);
        if (e != E_MISSING)
            return e;
    }
    return E_MISSING;
}

void entry_fact_text(struct entry_make *e, const char *name, struct str text)
{
    CHECK(e->n_facts < COUNT_OF(e->facts));
    e->facts[e->n_facts++] = (struct fact){ name, FACT_TEXT, text, 0 };
}

void entry_fact_number(struct entry_make *e, const char *name, int64_t number)
{
    CHECK(e->n_facts < COUNT_OF(e->facts));
    e->facts[e->n_facts++] = (struct fact){ name, FACT_NUMBER, STR_NONE, number };
}

/* {"owner":..,"holder":..,"unit":..,"due":..,FACTS..,"audience":"..","text_sha256":".."}: always in
 * this order. */
static struct str entry_data(struct cx *cx, const struct matter *m, const struct entry_make *e,
    struct str salt)
{
    struct buf b = buf_in(cx->a, 1 << 16);
    buf_fmt(&b, "{\"owner\":%lld,\"holder\":%lld,\"unit\":%lld", (long long)m->owner_unit,
        (long long)m->holder, (long long)e->unit);
    if (m->due_ms != I64_NONE)
        buf_fmt(&b, ",\"due\":%lld", (long long)m->due_ms);
    for (size_t i = 0; i < e->n_facts; i++) {
        const struct fact *f = &e->facts[i];
        buf_fmt(&b, ",\"%s\":", f->name);
        if (f->type == FACT_NUMBER)
            buf_i64(&b, f->number);
        else
            buf_json_str(&b, f->text);
    }
    if (e->text.p && e->audience)
        buf_fmt(&b, ",\"audience\":\"%s\"", e->audience);
    if (e->text.p) {
        struct hash h = hash_sha256_2(salt, e->text);
        buf_add(&b, STR(",\"text_sha256\":\""));
        buf_hex(&b, hash_str(&h));
        buf_byte(&b, '"');
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

void entry_fact_hash(struct cx *cx, struct entry_make *e, const char *name, struct hash h)
{
    struct buf hex = buf_in(cx->a, 2 * HASH_BYTES + 1);
    buf_hex(&hex, hash_str(&h));
    entry_fact_text(e, name, buf_str(&hex));
}

void entry_facts_of_report(struct cx *cx, struct entry_make *e, const struct matter *m)
{
    entry_fact_text(e, "number", m->number);
    entry_fact_text(e, "category", m->category);
    entry_fact_number(e, "tier", m->tier);
    entry_fact_number(e, "grid", m->grid);
    entry_fact_text(e, "route", m->route);
    entry_fact_number(e, "rules", m->route_version);
    if (m->about_unit)
        entry_fact_number(e, "about", m->about_unit);
    struct place place = matter_place(m);
    entry_fact_text(e, "place", catalogue_place_kind(cx->cat, &place));
    entry_fact_text(e, "origin", m->origin);
    entry_fact_number(e, "confidential", m->confidential);
    entry_fact_hash(cx, e, "place_sha256",
        entry_place_digest(cx->a, m->salt, m->place_text, m->lon, m->lat));
}

static const char *actor_word(const struct cx *cx, int64_t unit)
{
    switch (cx->actor.kind) {
    case ACTOR_PUBLIC: case ACTOR_REPORTER: return "reporter";
    case ACTOR_SYSTEM: return "system";
    case ACTOR_STAFF: break;
    }
    unsigned roles = access_roles_in(&cx->actor, unit);
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if ((roles ? roles : cx->actor.roles) & role_table[i].role)
            return role_table[i].word;
    return "staff";
}

/* Salts are derived, not drawn, where the text is the matter's own: it is stored with the row. */
static enum err note_write(struct cx *cx, const struct matter *m, const struct entry_make *e,
    struct str salt)
{
    if (e->text.p == NULL || e->audience == NULL)
        return OK;
    return db_exec(cx->db, &NOTE_INSERT, ARGS(I(m->area), I(m->id), I(m->seq),
        S(str_c(e->audience)), B(salt), S(e->text)), NULL);
}

enum err matter_append(struct cx *cx, struct matter *m, const struct entry_make *e)
{
    static const char zero[HASH_BYTES];
    unsigned char drawn[16];
    struct str salt = m->salt;
    if (e->text.p && e->audience) {
        rand_bytes(cx->rand, drawn, sizeof(drawn));
        salt = (struct str){ (const char *)drawn, sizeof(drawn) };
    }
    const char *actor = e->actor ? e->actor : actor_word(cx, e->unit);
    struct str data = entry_data(cx, m, e, salt);
    const char *from = m->seq == 0 ? "" : state_table[e->from].word;
    struct entry entry = { .area = (uint32_t)m->area, .matter_id = m->id, .seq = m->seq + 1,
        .at_ms = cx->now_ms, .account_id = cx->actor.account, .role = str_c(actor),
        .action = str_c(e->action), .from = str_c(from), .to = m->state, .data = data };
    struct str prev = m->seq ? m->head : (struct str){ zero, HASH_BYTES };
    struct hash prev_hash;
    memcpy(prev_hash.b, prev.p, HASH_BYTES);
    struct hash h = entry_hash(entry_canonical(cx->a, &entry), m->seq ? &prev_hash : NULL);
    m->seq++;
    m->head = arena_str(cx->a, hash_str(&h));
    TRY(db_exec(cx->db, &ENTRY_INSERT, ARGS(I(m->area), I(m->id), I(m->seq), I(cx_next_id(cx)),
        I(cx->now_ms), S(str_c(actor)), I(cx->actor.account), I(e->unit), S(str_c(e->action)),
        S(str_c(from)), S(m->state), I(m->owner_unit), I(m->holder), I(m->due_ms), S(data),
        B(prev), B(m->head)), NULL));
    return note_write(cx, m, e, salt);
}

enum err matter_involve(struct cx *cx, const struct matter *m, int64_t unit)
{
    return db_exec(cx->db, &INVOLVE, ARGS(I(m->area), I(m->id), I(unit)), NULL);
}

enum err matter_insert(struct cx *cx, const struct matter *m)
{
    TRY(db_exec(cx->db, &INSERT, ARGS(I(m->area), I(m->id), S(m->number), S(m->kind), S(m->state),
        S(m->category), I(m->tier), S(m->origin), I(m->confidential), S(m->text), B(m->salt),
        S(m->place_text), F(m->lon), F(m->lat), I(m->cell), I(m->town), I(m->community),
        I(m->grid), I(m->police_grid), I(m->micro_grid), I(m->owner_unit), I(m->holder),
        S(m->route), I(m->route_version), I(m->about_unit), I(m->max_level), S(m->clock),
        I(m->clock_from_ms), I(m->due_ms), I(m->alarm_ms), I(m->paused_ms), I(m->provisional),
        S(m->ask), I(m->ask_by), I(m->ask_unit), I(m->ask_days), S(m->ask_reason),
        I(m->ask_due_ms), I(m->returned_by), I(m->handovers), I(m->decider), I(m->extended),
        I(m->supervised), I(m->round), I(m->objected), I(m->reporters), I(m->unanswered),
        I(m->cohandling), I(m->open), I(m->created_ms), I(m->closed_ms), S(m->merged_into),
        I(m->seq), B(m->head), I(m->held), I(m->erased)), NULL));
    return OK;
}

enum err matter_update(struct cx *cx, const struct matter *m, int64_t seq_before)
{
    int64_t changed = 0;
    TRY(db_exec(cx->db, &UPDATE, ARGS(I(m->area), I(m->id), I(seq_before), S(m->state),
        S(m->category), I(m->tier), I(m->owner_unit), I(m->holder), I(m->max_level), S(m->clock),
        I(m->clock_from_ms), I(m->due_ms), I(m->alarm_ms), I(m->paused_ms), I(m->provisional),
        S(m->ask), I(m->ask_by), I(m->ask_unit), I(m->ask_days), S(m->ask_reason),
        I(m->ask_due_ms), I(m->returned_by), I(m->handovers), I(m->decider), I(m->extended),
        I(m->supervised), I(m->round), I(m->objected), I(m->reporters), I(m->unanswered),
        I(m->cohandling), I(m->open), I(m->closed_ms), S(m->merged_into), I(m->seq),
        B(m->head), I(m->held), I(m->erased)), &changed));
    return changed == 1 ? OK : E_CONFLICT;
}

void matter_publish(struct cx *cx, const struct matter *m)
{
    if (cx->n_events == EVENTS_MAX)
        return;
    struct event *e = &cx->events[cx->n_events++];
    *e = (struct event){ .area = m->area, .matter = m->id, .owner_unit = m->owner_unit,
        .place = matter_is_closed_circle(m) ? 0 : matter_division(m), .due_ms = m->due_ms };
    (void)snprintf(e->number, sizeof(e->number), "%.*s", STR_FMT(m->number));
    (void)snprintf(e->state, sizeof(e->state), "%.*s", STR_FMT(m->state));
}

void matter_clock_start(struct cx *cx, struct matter *m, const char *stage)
{
    bool provisional = false;
    const struct limit *l = catalogue_limit(cx->cat, m->category, m->tier, stage);
    m->clock = str_c(stage);
    m->clock_from_ms = cx->now_ms;
    m->due_ms = calendar_add(cx->cat, cx->now_ms, l->amount, l->unit, &provisional);
    matter_alarm_set(m, m->due_ms);
    m->paused_ms = I64_NONE;
    m->provisional = provisional;
}

void matter_alarm_set(struct matter *m, int64_t at_ms)
{
    bool sooner = m->ask_due_ms != I64_NONE && (at_ms == I64_NONE || m->ask_due_ms < at_ms);
    m->alarm_ms = sooner ? m->ask_due_ms : at_ms;
}

bool matter_ask_rings(const struct matter *m)
{
    return m->ask_due_ms != I64_NONE && m->alarm_ms == m->ask_due_ms;
}

void matter_clock_stop(struct matter *m)
{
    m->clock = STR("");
    m->due_ms = I64_NONE;
    m->alarm_ms = I64_NONE;
    m->paused_ms = I64_NONE;
    m->provisional = 0;
}
