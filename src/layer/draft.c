/* draft.c: rows of drafts, and what they would change. */
#include "layer/draft.h"
#include "catalogue/edition.h"
#include "catalogue/zone.h"
#include <stdlib.h>

RECORD_DEFINE(draft, DRAFT)

SQL_READS(find, "draft.find",
    "SELECT id, kind, name, body, made_ms, made_by, changed_ms, region, version, valid_from_ms,"
    " faults"
    " FROM draft WHERE id = $1");
SQL_SCANS(list, "draft.list",
    "SELECT id, kind, name, '', made_ms, made_by, changed_ms, region, version, valid_from_ms,"
    " faults"
    " FROM draft"
    " WHERE region >= $1 AND region <= $2 ORDER BY id DESC LIMIT 500");
SQL_WRITES(add, "draft.add",
    "INSERT INTO draft (id, kind, name, body, made_ms, made_by, changed_ms, region, faults)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL_WRITES(replace, "draft.replace",
    "UPDATE draft SET name = $2, body = $3, changed_ms = $4, faults = $5 WHERE id = $1");
SQL_WRITES(become, "draft.become",
    "UPDATE draft SET version = $2, valid_from_ms = $3 WHERE id = $1");
SQL_WRITES(drop, "draft.drop", "DELETE FROM draft WHERE id = $1");
SQL_SCANS(published, "draft.published",
    "SELECT id, kind, name, '', made_ms, made_by, changed_ms, region, version, valid_from_ms,"
    " faults"
    " FROM draft WHERE kind = $1 AND version IS NOT NULL ORDER BY version DESC LIMIT 1000");
SQL_WRITES(reopen, "draft.reopen",
    "UPDATE draft SET version = NULL, valid_from_ms = NULL WHERE kind = $1 AND version = $2");
const struct sql *const draft_statements[] = { &find, &list, &add, &replace, &become, &drop,
    &published, &reopen };
const size_t draft_statements_n = COUNT_OF(draft_statements);

enum err draft_find(struct db *db, struct arena *a, int64_t id, struct draft *ret)
{
    return db_one(db, a, &find, ARGS(I(id)), &draft_record, ret);
}

enum err draft_list(struct db *db, struct arena *a, int64_t from, int64_t to, struct list *ret)
{
    return db_rows(db, a, &list, ARGS(I(from), I(to)), &draft_record, DRAFTS_MAX, ret);
}

enum err draft_add(struct db *db, const struct draft *d)
{
    return db_exec(db, &add, ARGS(I(d->id), S(d->kind), S(d->name), S(d->body), I(d->made_ms),
        I(d->made_by), I(d->changed_ms), I(d->region), I(d->faults)), NULL);
}

enum err draft_replace(struct db *db, const struct draft *d)
{
    return db_exec(db, &replace, ARGS(I(d->id), S(d->name), S(d->body), I(d->changed_ms),
        I(d->faults)), NULL);
}

enum err draft_drop(struct db *db, int64_t id)
{
    return db_exec(db, &drop, ARGS(I(id)), NULL);
}

enum err draft_published(struct db *db, struct arena *a, struct str kind, struct list *ret)
{
    return db_rows(db, a, &published, ARGS(S(kind)), &draft_record, VERSIONS_MAX, ret);
}

enum err draft_reopen(struct db *db, struct str kind, int64_t version)
{
    return db_exec(db, &reopen, ARGS(S(kind), I(version)), NULL);
}

/* Rules are drafted whole: a version stored since would be undone. */
static enum err rules_overtaken(struct db *db, struct arena *a, const struct draft *d,
    struct faults *f)
{
    struct list versions;
    TRY(edition_list(db, a, d->kind, &versions));
    const struct catalogue_version *v = versions.p;
    for (size_t i = 0; i < versions.n; i++)
        if (v[i].made_ms > d->changed_ms && v[i].back_ms == I64_NONE)
            fault_add(f, 0, "", MSG("草案保存之后又发布了第 %s 版，启用草案会把它改回去。请打开草案与之核对；仍以草案为准的，再保存一次",
                "Version %s was put in force after this draft was saved, and the draft would undo it. Open"
                " the draft and compare; if the draft is right, save it once more"),
                arena_fmt(a, "%lld", (long long)v[i].version));
    return OK;
}

enum err draft_check(struct db *db, const struct catalogue *c, struct arena *a,
    const struct draft *d, int64_t at_ms, struct layer_plan *ret, struct err_info *info)
{
    struct layer_want want = { .layer = layer_by_name(d->kind), .part = true,
        .crs = STR("wgs84"), .at_ms = at_ms };
    struct source source = { .name = STR("draft.geojson"), .bytes = d->body };
    struct features features;
    if (str_is(d->kind, "rule")) {
        *ret = (struct layer_plan){ .want = want, .faults = faults_in(a), .advice = faults_in(a) };
        (void)edition_check(c, a, d->kind, d->body, &ret->faults);
        edition_advise(a, d->kind, d->body, &ret->advice);
        return d->version == I64_NONE ? rules_overtaken(db, a, d, &ret->faults) : OK;
    }
    TRY(source_read(a, &source, &features, info));
    for (size_t i = 0; i < features.n && d->version != I64_NONE; i++)
        features.at[i].values[FIELD_DRAWN_ON] = STR_NONE;   /* in force, it has replaced that */
    return layer_check(db, c, a, &want, &features, ret, info);
}

enum err draft_store(struct db *db, struct arena *a, struct draft *d, const struct layer_plan *p,
    int64_t now_ms, int64_t made_by)
{
    d->valid_from_ms = p->want.at_ms;
    if (str_is(d->kind, "rule"))
        TRY(edition_store(db, d->kind, d->body, p->want.at_ms, now_ms, made_by, &d->version));
    else
        TRY(layer_store(db, a, p, d->name, now_ms, made_by, &d->version));
    return db_exec(db, &become, ARGS(I(d->id), I(d->version), I(d->valid_from_ms)), NULL);
}

static int zone_order(const void *x, const void *y)
{
    const struct zone *p = x, *q = y;
    return (p->code > q->code) - (p->code < q->code);
}

/* A plan as zones that the snapshot takes in place of its own. */
static struct zone *zones_of(struct arena *a, const struct layer_plan *p, size_t *ret_n)
{
    struct zone *zones = NEW_N(a, struct zone, p->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct zone_row *z = &p->rows[i];
        if (z->change != ZONE_SAME)
            zones[n++] = (struct zone){ .code = z->code, .parent = z->parent, .level = z->level,
                .kind = z->kind, .name = z->name, .lon = z->centre.lon, .lat = z->centre.lat,
                .shape = z->change == ZONE_REMOVED ? STR_NONE : shape_wkb(a, &z->shape) };
    }
    qsort(zones, n, sizeof(*zones), zone_order);
    *ret_n = n;
    return zones;
}

static enum err load_draft(struct db *db, const struct catalogue *c, struct arena *a, int64_t id,
    struct catalogue **ret, struct err_info *info)
{
    struct draft d;
    struct layer_plan plan;
    struct catalogue_change change = { .rules = STR_NONE };
    TRY(draft_find(db, a, id, &d));
    TRY(draft_check(db, c, a, &d, clock_now_ms(clock_system()), &plan, info));
    if (plan.faults.total)
        return err_note(info, E_INPUT, "draft", MSG("草案还有问题，改正后才能演练",
            "The draft has faults; correct them before it is rehearsed"), STR_NONE);
    if (str_is(d.kind, "rule")) {
        change.rules = d.body;
    } else {
        change.layer = d.kind;
        change.zones = zones_of(a, &plan, &change.n_zones);
    }
    return catalogue_load_changed(db, &change, ret, info);
}

enum err catalogue_load_draft(struct db *db, const struct catalogue *c, int64_t draft,
    struct catalogue **ret, struct err_info *info)
{
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    enum err e = load_draft(db, c, &a, draft, ret, info);
    arena_free(&a);
    return e;
}
