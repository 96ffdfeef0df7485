/* audit.c: the chains of all matters, their texts and rows. */
#include "ledger/audit.h"
#include "ledger/audit_run.h"
#include "ledger/entry.h"
#include <jansson.h>

enum { TICK_ENTRIES = 5000, PHOTOS_READ_MAX = 200 };

#define AUDIT_ENTRY(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, matter, 0, 0, 0, NULL, "") \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, STR, actor, 0, 0, 0, NULL, "") \
    X(R, I64, account, 0, 0, 0, NULL, "") X(R, I64, unit, 0, 0, 0, NULL, "") \
    X(R, STR, action, 0, 0, 0, NULL, "") X(R, STR, from_state, 0, 0, 0, NULL, "") \
    X(R, STR, to_state, 0, 0, 0, NULL, "") X(R, I64, owner_unit, 0, 0, 0, NULL, "") \
    X(R, I64, holder, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, STR, data, 0, 0, 0, NULL, "") X(R, BYTES, prev, 0, 0, 0, NULL, "") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "") X(R, BYTES, salt, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "") X(R, STR, audience, 0, 0, 0, NULL, "") \
    X(R, I64, position, 0, 0, 0, NULL, "")
RECORD(audit_entry, AUDIT_ENTRY)
RECORD_DEFINE(audit_entry, AUDIT_ENTRY)

#define AUDIT_MATTER(X, R) \
    X(R, STR, number, 0, 0, 0, NULL, "") X(R, STR, state, 0, 0, 0, NULL, "") \
    X(R, I64, owner_unit, 0, 0, 0, NULL, "") X(R, I64, holder, 0, 0, 0, NULL, "") \
    X(R, I64, due_ms, 0, 0, 0, NULL, "") X(R, I64, seq, 0, 0, 0, NULL, "") \
    X(R, BYTES, head, 0, 0, 0, NULL, "") X(R, BYTES, salt, 0, 0, 0, NULL, "") \
    X(R, STR, text, 0, 0, 0, NULL, "") X(R, STR, category, 0, 0, 0, NULL, "") \
    X(R, I64, tier, 0, 0, 0, NULL, "") X(R, I64, grid, 0, 0, 0, NULL, "") \
    X(R, STR, route, 0, 0, 0, NULL, "") X(R, I64, route_version, 0, 0, 0, NULL, "") \
    X(R, I64, about_unit, 0, 0, 0, NULL, "") X(R, STR, merged_into, 0, 0, 0, NULL, "") \
    X(R, I64, supervised, 0, 0, 0, NULL, "") X(R, STR, origin, 0, 0, 0, NULL, "") \
    X(R, I64, confidential, 0, 0, 0, NULL, "") X(R, STR, place_text, 0, 0, 0, NULL, "") \
    X(R, F64, lon, 0, 0, 0, NULL, "") X(R, F64, lat, 0, 0, 0, NULL, "") \
    X(R, I64, created_ms, 0, 0, 0, NULL, "") X(R, STR, went_to, 0, 0, 0, NULL, "") \
    X(R, I64, photos, 0, 0, 0, NULL, "") X(R, I64, held, 0, 0, 0, NULL, "") \
    X(R, I64, erased, 0, 0, 0, NULL, "")
RECORD(audit_matter, AUDIT_MATTER)
RECORD_DEFINE(audit_matter, AUDIT_MATTER)

#define AUDIT_PHOTO(X, R) X(R, STR, hash, 0, 0, 0, NULL, "") X(R, STR, thumb, 0, 0, 0, NULL, "")
RECORD(audit_photo, AUDIT_PHOTO)
RECORD_DEFINE(audit_photo, AUDIT_PHOTO)

#define AUDIT_NUMBER(X, R) X(R, STR, number, 0, 0, 0, NULL, "")
RECORD(audit_number, AUDIT_NUMBER)
RECORD_DEFINE(audit_number, AUDIT_NUMBER)

SQL_SCANS(COUNT_ROWS, "audit.count",
    "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM leaf)");
SQL_SCANS(ENTRIES, "audit.entries",
    "SELECT e.area, e.matter, e.seq, e.id, e.at_ms, e.actor, e.account, e.unit, e.action,"
    " e.from_state, e.to_state, e.owner_unit, e.holder, e.due_ms, e.data, e.prev, e.hash, n.salt,"
    " n.text, n.audience, l.position FROM entry e"
    " LEFT JOIN note n ON n.area = e.area AND n.matter = e.matter AND n.seq = e.seq"
    " LEFT JOIN leaf l ON l.entry_id = e.id ORDER BY e.area, e.matter, e.seq");
SQL_READS(MATTER_ROW, "audit.matter",
    "SELECT number, state, owner_unit, holder, due_ms, seq, head, salt, text, category, tier, grid,"
    " route, route_version, about_unit, merged_into, supervised, origin, confidential, place_text,"
    " lon, lat, created_ms,"
    " coalesce((SELECT t.number FROM merged g JOIN matter t ON t.area = g.area"
    " AND t.id = g.into_matter WHERE g.area = m.area AND g.matter = m.id), ''),"
    " (SELECT count(*) FROM attachment a WHERE a.area = m.area AND a.matter = m.id), held, erased"
    " FROM matter m WHERE area = $1 AND id = $2");
SQL_READS(PHOTOS, "audit.photos",
    "SELECT hash, thumb FROM attachment WHERE area = $1 AND matter = $2 AND seq = $3 ORDER BY no");
SQL_SCANS(WAITING, "audit.waiting", "SELECT count(*) FROM id_block WHERE first <= $1 AND upto > $1"
    " AND logged < $1");
SQL_SCANS(NO_ENTRY, "audit.no_entry",
    "SELECT number FROM matter m WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.area = m.area"
    " AND e.matter = m.id)");
SQL_SCANS(NO_OWNER, "audit.no_owner",
    "SELECT number FROM matter WHERE (open = 1 AND (owner_unit = 0 OR due_ms IS NULL))"
    " OR open <> CASE WHEN state IN ('closed', 'rejected', 'merged', 'withdrawn', 'ended')"
    " THEN 0 ELSE 1 END");
SQL_SCANS(NO_ANSWER, "audit.no_answer",
    "SELECT number FROM matter m WHERE open = 0 AND (unanswered <> 0 OR EXISTS (SELECT 1"
    " FROM reporter r WHERE r.area = m.area AND r.matter = m.id AND r.answered_round <= m.round))");
SQL_SCANS(REPORTERS, "audit.reporters",
    "SELECT number FROM matter m WHERE reporters <> (SELECT count(*) FROM reporter r"
    " WHERE r.area = m.area AND r.matter = m.id)");
const struct sql *const audit_statements[] = { &COUNT_ROWS, &ENTRIES, &MATTER_ROW, &PHOTOS,
    &WAITING, &NO_ENTRY, &NO_OWNER, &NO_ANSWER, &REPORTERS };
const size_t audit_statements_n = COUNT_OF(audit_statements);

const char *audit_code(enum audit_fault f)
{
#define X(name, code, zh, en) [name] = code,
    static const char *const codes[AUDIT_FAULT_COUNT] = { AUDIT_TABLE(X) };
#undef X
    CHECK(f < AUDIT_FAULT_COUNT);
    return codes[f];
}

const char *audit_text(enum audit_fault f, enum lang lang)
{
#define X(name, code, zh, en) [name] = { zh, en },
    static const struct msg texts[AUDIT_FAULT_COUNT] = { AUDIT_TABLE(X) };
#undef X
    CHECK(f < AUDIT_FAULT_COUNT);
    return lang == LANG_ZH ? texts[f].zh : texts[f].en;
}

void audit_note(struct audit *a, enum audit_fault fault, struct str number, int64_t seq,
    int64_t position)
{
    struct audit_finding f = { fault, number, seq, position };
    a->figures.findings++;
    CHECK(pthread_mutex_lock(&a->course->lock) == 0);
    a->options->found(a->options->ctx, &f);
    CHECK(pthread_mutex_unlock(&a->course->lock) == 0);
}

static void course_tell(struct audit *a)
{
    struct audit_course *c = a->course;
    CHECK(pthread_mutex_lock(&c->lock) == 0);
    c->done += a->untold;
    a->untold = 0;
    if (a->options->progress)
        a->options->progress(a->options->ctx, c->done, c->total);
    CHECK(pthread_mutex_unlock(&c->lock) == 0);
}

void audit_tick(struct audit *a)
{
    if (++a->untold == TICK_ENTRIES)
        course_tell(a);
}

/* Something that is not there any more, which a later entry may say was erased by rule. */
struct lost { const struct lost *next; enum audit_fault fault; int64_t seq; };

/* The matter whose entries are being read. */
struct chain {
    struct audit *audit;
    struct arena keep;              /* what outlives a row: the matter, the last state */
    int64_t area, matter;
    struct audit_matter row;
    bool has_row, any;
    int64_t seq;
    struct hash head;
    struct audit_entry last;
    struct audit_matter facts;      /* what the entries so far say of the row; the rest is unset */
    const struct lost *lost;
};

static void chain_note(struct chain *c, enum audit_fault f, int64_t seq)
{
    audit_note(c->audit, f, c->row.number, seq, -1);
}

static void chain_lose(struct chain *c, enum audit_fault f, int64_t seq)
{
    struct lost *l = NEW(&c->keep, struct lost);
    *l = (struct lost){ c->lost, f, seq };
    c->lost = l;
}

static bool same(struct str bytes, const struct hash *h)
{
    return str_eq(bytes, hash_str(h));
}

/* Only what some entry has stated is compared. */
static bool facts_fit(const struct audit_matter *f, const struct audit_matter *m)
{
    return (f->number.p == NULL || str_eq(f->number, m->number))
        && (f->category.p == NULL || str_eq(f->category, m->category))
        && (f->route.p == NULL || str_eq(f->route, m->route))
        && (f->route_version == I64_NONE || f->route_version == m->route_version)
        && (f->about_unit == I64_NONE || f->about_unit == m->about_unit)
        && (f->tier == I64_NONE || f->tier == m->tier)
        && (f->grid == I64_NONE || f->grid == m->grid)
        && (f->origin.p == NULL || str_eq(f->origin, m->origin))
        && (f->confidential == I64_NONE || f->confidential == m->confidential)
        && (f->created_ms == I64_NONE || f->created_ms == m->created_ms)
        && str_eq(f->merged_into, m->merged_into) && str_eq(f->merged_into, m->went_to)
        && f->supervised == m->supervised && f->held == m->held && f->erased == m->erased;
}

/* The row must stand where the last entry left it. */
static void chain_end(struct chain *c)
{
    const struct audit_matter *m = &c->row;
    const struct audit_entry *e = &c->last;
    for (const struct lost *l = c->lost; l; l = l->next)
        chain_note(c, l->fault, l->seq);
    if (!c->any || !c->has_row)
        return;
    if (m->seq != c->seq || !same(m->head, &c->head))
        chain_note(c, AUDIT_HEAD, c->seq);
    else if (!str_eq(m->state, e->to_state) || m->owner_unit != e->owner_unit
        || m->holder != e->holder || m->due_ms != e->due_ms)
        chain_note(c, AUDIT_ROW, c->seq);
    if (!facts_fit(&c->facts, m))
        chain_note(c, AUDIT_FACTS, c->seq);
    if (c->facts.photos != m->photos)
        chain_note(c, AUDIT_PHOTOS, c->seq);
}

static enum err chain_begin(struct chain *c, const struct audit_entry *e)
{
    chain_end(c);
    arena_reset(&c->keep);
    c->lost = NULL;
    c->area = e->area;
    c->matter = e->matter;
    c->any = true;
    c->seq = 0;
    memset(&c->head, 0, sizeof(c->head));
    record_clear(&audit_matter_record, &c->row);
    record_clear(&audit_entry_record, &c->last);
    record_clear(&audit_matter_record, &c->facts);
    c->facts.merged_into = STR("");
    c->facts.supervised = c->facts.photos = c->facts.held = c->facts.erased = 0;
    enum err err = db_one(c->audit->db, &c->keep, &MATTER_ROW, ARGS(I(e->area), I(e->matter)),
        &audit_matter_record, &c->row);
    c->has_row = err == OK;
    if (err != OK && err != E_MISSING)
        return err;
    c->audit->figures.matters++;
    if (!c->has_row)
        chain_note(c, AUDIT_NO_MATTER, e->seq);
    return OK;
}

static int64_t number_in(const json_t *data, const char *name)
{
    const json_t *v = json_object_get(data, name);
    return json_is_integer(v) ? json_integer_value(v) : I64_NONE;
}

static bool digest_fits(struct str hex, struct str salt, struct str text)
{
    struct hash h = hash_sha256_2(salt, text);
    return hash_is_hex(&h, hex);
}

/* What somebody wrote stands beside the entry, or is the matter's own text. */
static void text_check(struct chain *c, const struct audit_entry *e, struct str digest)
{
    const struct audit_matter *m = &c->row;
    c->audit->figures.texts++;
    if (e->text.p) {
        if (!digest_fits(digest, e->salt, e->text))
            chain_note(c, AUDIT_TEXT, e->seq);
    } else if (!c->has_row || digest_fits(digest, m->salt, m->text)) {
        return;
    } else if (str_is(e->action, "report") || str_is(e->action, "import")) {
        m->text.n ? chain_note(c, AUDIT_TEXT, e->seq) : chain_lose(c, AUDIT_TEXT, e->seq);
    } else if (!digest_fits(digest, m->salt, STR(""))) {
        chain_lose(c, AUDIT_TEXT_GONE, e->seq);
    }
}

static void fact_text(struct chain *c, const json_t *data, const char *name, struct str *ret)
{
    const json_t *v = json_object_get(data, name);
    if (json_is_string(v))
        *ret = arena_str(&c->keep, str_c(json_string_value(v)));
}

static void fact_number(const json_t *data, const char *name, int64_t *ret)
{
    if (number_in(data, name) != I64_NONE)
        *ret = number_in(data, name);
}

/* What the step "erase" took away: bits as in matter/erase.h, and what may be missing since. */
static void erased_take(struct chain *c, const json_t *data)
{
    static const struct { const char *what; int64_t bit; bool words, photos; } kinds[] = {
        { "contact", 1, false, false }, { "words", 2, true, false }, { "photos", 4, false, true },
        { "caucus", 8, false, false }, { "file", 16, true, true },
    };
    const json_t *what = json_object_get(data, "what");
    const struct lost *all = c->lost;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!json_is_string(what) || strcmp(json_string_value(what), kinds[i].what) != 0)
            continue;
        if (json_object_get(data, "party") == NULL)
            c->facts.erased |= kinds[i].bit;
        c->lost = NULL;
        for (const struct lost *l = all; l; l = l->next)
            if (l->fault == AUDIT_PHOTOS ? !kinds[i].photos : !kinds[i].words)
                chain_lose(c, l->fault, l->seq);
    }
}

/* What the entry says of columns that no later entry carries. */
static void facts_take(struct chain *c, const struct audit_entry *e, const json_t *data)
{
    struct audit_matter *f = &c->facts;
    if (str_is(e->action, "report") || str_is(e->action, "import")
        || str_is(e->action, "recategorise")) {
        fact_text(c, data, "number", &f->number);
        fact_text(c, data, "category", &f->category);
        fact_text(c, data, "route", &f->route);
        fact_text(c, data, "origin", &f->origin);
        fact_number(data, "rules", &f->route_version);
        fact_number(data, "about", &f->about_unit);
        fact_number(data, "confidential", &f->confidential);
        fact_number(data, "tier", &f->tier);
        fact_number(data, "grid", &f->grid);
    } else if (str_is(e->action, "regrid")) {
        fact_number(data, "grid", &f->grid);
    } else if (str_is(e->action, "merge")) {
        fact_text(c, data, "other", &f->merged_into);
    } else if (str_is(e->action, "supervise") || str_is(e->action, "overdue")) {
        fact_number(data, "level", &f->supervised);
    } else if (str_is(e->action, "hold") || str_is(e->action, "release_hold")) {
        f->held = str_is(e->action, "hold");
    } else if (str_is(e->action, "erase")) {
        erased_take(c, data);
    }
}

/* Where it is, as the first entry says, or the one that left less of it; and since when. */
static void place_check(struct chain *c, struct arena *a, const struct audit_entry *e,
    const json_t *data)
{
    const struct audit_matter *m = &c->row;
    const json_t *digest = json_object_get(data, "place_sha256");
    if (e->seq == 1)
        c->facts.created_ms = str_is(e->action, "import") ? number_in(data, "reported") : e->at_ms;
    if ((e->seq != 1 && !str_is(e->action, "erase")) || !c->has_row || !json_is_string(digest))
        return;
    struct hash h = entry_place_digest(a, m->salt, m->place_text, m->lon, m->lat);
    if (!hash_is_hex(&h, str_c(json_string_value(digest))))
        chain_lose(c, AUDIT_PLACE, e->seq);
}

/* The photos of the entry, as photos_take() named them. */
static enum err photos_check(struct chain *c, struct arena *a, const struct audit_entry *e,
    const json_t *data)
{
    struct buf named = buf_in(a, 1 << 16);
    const json_t *digest = json_object_get(data, "photos_sha256");
    struct list rows;
    if (!json_is_string(digest))
        return OK;
    TRY(db_rows(c->audit->db, a, &PHOTOS, ARGS(I(e->area), I(e->matter), I(e->seq)),
        &audit_photo_record, PHOTOS_READ_MAX, &rows));
    const struct audit_photo *p = rows.p;
    for (size_t i = 0; i < rows.n; i++)
        entry_photo_name(&named, p[i].hash, p[i].thumb);
    c->facts.photos += (int64_t)rows.n;
    if (!digest_fits(str_c(json_string_value(digest)), STR_NONE, buf_str(&named)))
        rows.n ? chain_note(c, AUDIT_PHOTOS, e->seq) : chain_lose(c, AUDIT_PHOTOS, e->seq);
    return OK;
}

static enum err data_check(struct chain *c, struct arena *a, const struct audit_entry *e)
{
    json_t *data = json_loadb(e->data.p, e->data.n, 0, NULL);
    const json_t *digest = json_object_get(data, "text_sha256");
    if (number_in(data, "owner") != e->owner_unit || number_in(data, "holder") != e->holder
        || number_in(data, "unit") != e->unit || number_in(data, "due") != e->due_ms)
        chain_note(c, AUDIT_COLUMNS, e->seq);
    if (json_is_string(digest))
        text_check(c, e, str_c(json_string_value(digest)));
    else if (e->text.p)
        chain_note(c, AUDIT_TEXT, e->seq);
    const json_t *audience = json_object_get(data, "audience");
    if (json_is_string(audience) && e->text.p && !str_is(e->audience, json_string_value(audience)))
        chain_note(c, AUDIT_AUDIENCE, e->seq);
    facts_take(c, e, data);
    place_check(c, a, e, data);
    enum err err = photos_check(c, a, e, data);
    json_decref(data);
    return err;
}

/* Taken in by now, unless it is young and beyond what the log has taken of its block of ids. */
static enum err logged_check(struct chain *c, const struct audit_entry *e)
{
    const struct audit_options *o = c->audit->options;
    int64_t waiting = 0;
    if (e->position != I64_NONE)
        return OK;
    if (e->at_ms + o->log_within_ms >= o->now_ms)
        TRY(db_number(c->audit->db, &WAITING, ARGS(I(e->id)), &waiting));
    if (waiting == 0)
        chain_note(c, AUDIT_NOT_LOGGED, e->seq);
    return OK;
}

/* The bytes that were hashed; none when somebody made the row longer than an entry can be. */
static struct str canonical_of(struct arena *a, const struct audit_entry *e)
{
    struct entry entry = { .area = (uint32_t)e->area, .matter_id = e->matter, .seq = e->seq,
        .at_ms = e->at_ms, .account_id = e->account, .role = e->actor, .action = e->action,
        .from = e->from_state, .to = e->to_state, .data = e->data };
    size_t n = e->actor.n + e->action.n + e->from_state.n + e->to_state.n + e->data.n;
    return n > ENTRY_BYTES_MAX / 2 ? STR_NONE : entry_canonical(a, &entry);
}

static enum err entry_check(void *ctx, struct arena *row, const void *rec)
{
    struct chain *c = ctx;
    const struct audit_entry *e = rec;
    if (!c->any || e->area != c->area || e->matter != c->matter)
        TRY(chain_begin(c, e));
    struct hash h = entry_hash(canonical_of(row, e), c->seq ? &c->head : NULL), stored = h;
    if (e->seq != c->seq + 1 || !same(e->prev, &c->head)
        || (c->seq && !str_eq(e->from_state, c->last.to_state)))
        chain_note(c, AUDIT_CHAIN, e->seq);
    else if (!same(e->hash, &h))
        chain_note(c, AUDIT_HASH, e->seq);
    if (e->hash.n == HASH_BYTES)
        memcpy(stored.b, e->hash.p, HASH_BYTES);
    TRY(data_check(c, row, e));
    TRY(logged_check(c, e));
    c->seq = e->seq;
    c->head = stored;       /* so that one change is found once, not at every later entry too */
    c->last = *e;
    c->last.to_state = arena_str(&c->keep, e->to_state);
    c->audit->figures.entries++;
    audit_tick(c->audit);
    return OK;
}

static enum err chains_check(struct audit *a)
{
    struct chain *c = heap_alloc(sizeof(*c));
    c->audit = a;
    arena_init(&c->keep, 1 << 20);
    enum err e = db_each(a->db, &ENTRIES, NO_ARGS, &audit_entry_record, entry_check, c);
    if (e == OK)
        chain_end(c);
    arena_free(&c->keep);
    heap_free(c);
    return e;
}

struct invariant { struct audit *audit; enum audit_fault fault; };
static enum err invariant_found(void *ctx, struct arena *row, const void *rec)
{
    const struct invariant *i = ctx;
    (void)row;
    audit_note(i->audit, i->fault, ((const struct audit_number *)rec)->number, 0, -1);
    return OK;
}

static enum err invariants_check(struct audit *a)
{
    static const struct { const struct sql *sql; enum audit_fault fault; } checks[] = {
        { &NO_ENTRY, AUDIT_NO_ENTRY }, { &NO_OWNER, AUDIT_OWNER },
        { &NO_ANSWER, AUDIT_UNANSWERED }, { &REPORTERS, AUDIT_REPORTERS },
    };
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct invariant found = { a, checks[i].fault };
        TRY(db_each(a->db, checks[i].sql, NO_ARGS, &audit_number_record, invariant_found, &found));
    }
    return OK;
}

static enum err first_part(struct audit *a)
{
    TRY(chains_check(a));
    return invariants_check(a);
}

struct second_part { struct audit audit; enum err e; };
static void *second_main(void *arg)
{
    struct second_part *s = arg;
    s->e = audit_log(&s->audit);
    return NULL;
}

/* The chains take most of the time, and need nothing of the log's part. */
static enum err both_parts(struct audit *a)
{
    struct second_part second = { .audit = *a, .e = OK };
    pthread_t thread;
    bool beside = a->options->beside != NULL;
    if (beside) {
        second.audit.db = a->options->beside;
        CHECK(pthread_create(&thread, NULL, second_main, &second) == 0);
    }
    enum err e = first_part(a);
    if (beside)
        CHECK(pthread_join(thread, NULL) == 0);
    else if (e == OK)
        (void)second_main(&second);
    TRY(e);
    TRY(second.e);
    a->figures.leaves = second.audit.figures.leaves;
    a->figures.nodes = second.audit.figures.nodes;
    a->figures.checkpoints = second.audit.figures.checkpoints;
    a->figures.findings += second.audit.figures.findings;
    a->untold += second.audit.untold;
    return OK;
}

enum err audit_run(struct db *db, const struct audit_options *options, struct audit_figures *ret)
{
    struct audit_course course = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct audit a = { .db = db, .options = options, .course = &course };
    TRY(db_number(db, &COUNT_ROWS, NO_ARGS, &course.total));
    TRY(both_parts(&a));
    course_tell(&a);
    *ret = a.figures;
    return OK;
}
