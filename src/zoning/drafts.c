/* drafts.c: drafts of boundaries and rules. Desks of a county or the city draft within their
 * territory; their supervisors and administrators put drafts in force. Checks take long (GEOS over
 * a county), so they run before the writer's transaction, which only makes sure that neither the
 * draft nor the layer has changed since. */
#include "zoning/zoning.h"
#include "spine/command.h"
#include <stdlib.h>

RECORD_DEFINE(draft_in, DRAFT_IN)
RECORD_DEFINE(draft_id_in, DRAFT_ID_IN)
RECORD_DEFINE(draft_publish_in, DRAFT_PUBLISH_IN)
RECORD_DEFINE(draft_fault, DRAFT_FAULT)
RECORD_DEFINE(draft_finding, DRAFT_FINDING)
RECORD_DEFINE(draft_effect, DRAFT_EFFECT)
RECORD_DEFINE(draft_row, DRAFT_ROW)
RECORD_DEFINE(draft_removed, DRAFT_REMOVED)
RECORD_DEFINE(draft_view, DRAFT_VIEW)
RECORD_DEFINE(draft_list_view, DRAFT_LIST)
RECORD_DEFINE(draft_published, DRAFT_PUBLISHED)

const char *const draft_kinds[] = { "grid", "micro", "police", "rule", NULL };

/* Territory ------------------------------------------------------------------------------- */

bool zoning_territory(const struct cx *cx, unsigned roles, struct region *ret, int64_t *ret_code)
{
    bool found = false;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *u = unit_find(cx->cat, m->unit);
        if (u == NULL || !(m->role & roles) || !u->desk || u->level > LEVEL_COUNTY)
            continue;
        struct region r = region_of(u->region);
        if (found && r.to - r.from <= ret->to - ret->from)
            continue;
        found = true;
        *ret = r;
        *ret_code = u->region;
    }
    return found;
}

enum err zoning_my_territory(struct cx *cx, unsigned roles, struct region *ret, int64_t *ret_code)
{
    return zoning_territory(cx, roles, ret, ret_code) ? OK : cx_fail(cx, E_DENIED, NULL,
        MSG("只有市、区县综治中心的人员可以办理", "This is for the desks of the city and its counties"));
}

bool zoning_is_city(const struct cx *cx, int64_t code)
{
    const struct division *d = division_find(cx->cat, code);
    return d != NULL && d->level == LEVEL_CITY;
}

static enum err of_others(struct cx *cx)
{
    return cx_fail(cx, E_MISSING, "id", MSG("没有这个草案", "There is no such draft"));
}

/* The draft, if it is of the actor's territory: foreign ones are not there. */
static enum err find_mine(struct cx *cx, int64_t id, unsigned roles, struct draft *ret)
{
    struct region r;
    int64_t code = 0;
    if (!zoning_territory(cx, roles, &r, &code))
        return of_others(cx);
    enum err e = draft_find(cx->db, cx->a, id, ret);
    if (e == E_MISSING || (e == OK && !region_has(r, ret->region)))
        return of_others(cx);
    return e;
}

/* Division (12 digits) in which a zone lies. */
static int64_t division_of(const struct cx *cx, enum map_layer layer, const struct zone_row *z)
{
    const struct unit *u = layer == LAYER_POLICE ? unit_find(cx->cat, z->parent) : NULL;
    const struct grid *g = layer == LAYER_MICRO ? grid_find(cx->cat, z->parent) : NULL;
    return u ? u->region : g ? g->community : layer == LAYER_GRID ? z->parent
        : layer == LAYER_DIVISION ? z->code : 0;
}

/* Division of whoever has this code today, or 0: what is taken over is the neighbour's too. */
static int64_t division_today(const struct cx *cx, enum map_layer layer, int64_t code)
{
    const struct police_grid *p = layer == LAYER_POLICE ? police_grid_find(cx->cat, code) : NULL;
    const struct micro_grid *m = layer == LAYER_MICRO ? micro_grid_find(cx->cat, code) : NULL;
    const struct grid *g = layer == LAYER_GRID ? grid_find(cx->cat, code) : NULL;
    struct zone_row z = { .parent = p ? p->station : m ? m->grid : g ? g->community : 0 };
    return z.parent ? division_of(cx, layer, &z) : 0;
}

/* Ground beyond the division's own outline, wider than a slip of the hand. */
static bool reaches_beyond(const struct cx *cx, const struct zone_row *z, const struct shape *own)
{
    struct flaws beyond;
    if (own == NULL || z->change == ZONE_SAME || z->change == ZONE_REMOVED
        || z->shape.point_count == 0)
        return false;
    cover_gaps(cx->a, &z->shape, &own, 1, &beyond);
    for (size_t i = 0; i < beyond.n; i++)
        if (beyond.at[i].width_m >= sliver_width_m)
            return true;
    return false;
}

static void not_yours(struct layer_plan *p, struct zone_row *z, const char *field, struct msg m)
{
    fault_add(&p->faults, z->row, field, m, STR_NONE);
    p->n_change[z->change]--;
    p->n_change[z->change = ZONE_BAD]++;
}

void zoning_check_region(const struct cx *cx, int64_t region, struct layer_plan *p)
{
    struct region r = region_of(region);
    const struct shape *own = zoning_is_city(cx, region) ? NULL
        : layer_ground(cx->cat, LAYER_GRID, region);
    for (size_t i = 0; i < p->n; i++) {
        struct zone_row *z = &p->rows[i];
        int64_t today = division_today(cx, p->want.layer, z->code);
        if (z->change == ZONE_BAD)
            continue;
        if (!region_has(r, division_of(cx, p->want.layer, z)) || (today && !region_has(r, today)))
            not_yours(p, z, "code", MSG("不在本辖区内，请由所属区县或市里办理",
                "Outside of your territory; its own county or the city must do this"));
        else if (reaches_beyond(cx, z, own))
            not_yours(p, z, "shape", MSG("边界伸出了本辖区，请退回辖区以内，或由市里办理",
                "The outline reaches beyond your territory; keep it within, or let the city do this"));
    }
}

enum err zoning_faulty(struct cx *cx, const char *field, const struct layer_plan *p)
{
    const struct fault *f = &p->faults.at[0];
    return cx_fail(cx, E_INPUT, field,
        MSG(arena_fmt(cx->a, "还有问题，不能发布：%s", f->zh).p,
            arena_fmt(cx->a, "There are faults, so it cannot be put in force: %s", f->en).p));
}

static enum err check(struct cx *cx, const struct draft *d, int64_t at_ms, struct layer_plan *ret)
{
    TRY(draft_check(cx->db, cx->cat, cx->a, d, at_ms, ret, &cx->info));
    zoning_check_region(cx, d->region, ret);
    return OK;
}

/* Views ------------------------------------------------------------------------------------ */

/* What has become of it. */
static enum err state_of(struct cx *cx, const struct draft *d, struct str *ret)
{
    const struct catalogue_version v = { .version = d->version, .valid_from_ms = d->valid_from_ms,
        .back_ms = I64_NONE };
    int64_t valid = 0;
    *ret = d->faults ? STR("faulty") : STR("draft");
    if (d->version == I64_NONE)
        return OK;
    TRY(edition_valid(cx->db, d->kind, cx->now_ms, &valid));
    *ret = version_state(&v, valid, cx->now_ms);
    return OK;
}

static enum err row_of(struct cx *cx, const struct draft *d, struct draft_row *ret)
{
    struct region r;
    int64_t code = 0;
    *ret = (struct draft_row){ .id = d->id, .kind = d->kind, .name = d->name, .made = d->made_ms,
        .changed = d->changed_ms, .region = d->region, .version = d->version,
        .valid_from = d->valid_from_ms };
    ret->may_publish = d->version == I64_NONE && zoning_territory(cx, PUBLISHERS, &r, &code)
        && region_has(r, d->region) && (!str_is(d->kind, "rule") || zoning_is_city(cx, code));
    TRY(state_of(cx, d, &ret->state));
    return access_account_name(cx, d->made_by, &ret->made_by);
}

static int first_row_first(const void *x, const void *y)
{
    const struct draft_fault *p = x, *q = y;
    return p->row != q->row ? (p->row > q->row) - (p->row < q->row)
        : str_cmp(p->message, q->message);
}

struct list draft_faults_view(struct cx *cx, const struct layer_plan *p,
    const struct faults *faults)
{
    struct draft_fault *list = NEW_N(cx->a, struct draft_fault, faults->n + 1);
    for (size_t i = 0; i < faults->n; i++) {
        const struct fault *f = &faults->at[i];
        list[i] = (struct draft_fault){ .row = (int64_t)f->line, .code = I64_NONE,
            .field = str_c(f->field), .message = cx_text(cx, f->zh, f->en) };
        for (size_t k = 0; k < p->n && list[i].code == I64_NONE; k++)
            if (p->rows[k].row == f->line && p->rows[k].code)
                list[i].code = p->rows[k].code;
    }
    qsort(list, faults->n, sizeof(*list), first_row_first);
    return (struct list){ list, faults->n };
}

static int larger_first(const void *x, const void *y)
{
    const struct zone_flaw *p = x, *q = y;
    return (p->m2 < q->m2) - (p->m2 > q->m2);
}

void zoning_findings_order(const struct layer_plan *p)
{
    if (p->n_findings)
        qsort(p->findings, p->n_findings, sizeof(*p->findings), larger_first);
}

static struct list findings_view(struct cx *cx, const struct layer_plan *p)
{
    size_t n = p->n_findings < FINDINGS_SHOWN_MAX ? p->n_findings : FINDINGS_SHOWN_MAX;
    struct draft_finding *list = NEW_N(cx->a, struct draft_finding, n + 1);
    zoning_findings_order(p);
    for (size_t i = 0; i < n; i++) {
        const struct zone_flaw *f = &p->findings[i];
        list[i] = (struct draft_finding){ ZONE_FINDING_OF(cx, p, f),
            .geometry = layer_geometry(cx->a, &f->shape) };
    }
    return (struct list){ list, n };
}

/* Of each kind the first ones. */
struct list draft_effects_view(struct cx *cx, const struct effects *e)
{
    enum { OF_KIND = EFFECTS_SHOWN_MAX / EFFECT_COUNT };
    struct draft_effect *list = NEW_N(cx->a, struct draft_effect, EFFECTS_SHOWN_MAX);
    size_t n = 0;
    for (size_t i = 0, of_kind = 0; i < e->n; i++) {
        const struct zone_effect *z = &e->at[i];
        struct msg title = effect_table[z->kind].title;
        of_kind = i && z->kind == e->at[i - 1].kind ? of_kind + 1 : 0;
        if (of_kind >= OF_KIND)
            continue;
        list[n++] = (struct draft_effect){ .kind = str_c(effect_table[z->kind].word),
            .kind_name = cx_text(cx, title.zh, title.en), .code = z->code, .name = z->name,
            .other = z->other ? z->other : I64_NONE,
            .other_name = z->other ? z->other_name : STR_NONE, .n = z->n ? (int64_t)z->n : I64_NONE,
            .text = cx_text(cx, z->text.zh, z->text.en) };
    }
    return (struct list){ list, n };
}

static void view_write(struct cx *cx, const struct draft *d, const struct draft_row *row,
    const struct layer_plan *p, const struct effects *e, struct buf *out)
{
    struct draft_view v = { .id = row->id, .kind = row->kind, .name = row->name, .made = row->made,
        .made_by = row->made_by, .changed = row->changed, .region = row->region,
        .may_publish = row->may_publish, .version = row->version,
        .state = row->state, .valid_from = row->valid_from, .body = d->body,
        .added = (int64_t)p->n_change[ZONE_ADDED], .altered = (int64_t)p->n_change[ZONE_CHANGED],
        .removed = (int64_t)p->n_change[ZONE_REMOVED], .faults_total = (int64_t)p->faults.total,
        .faults = draft_faults_view(cx, p, &p->faults),
        .advice = draft_faults_view(cx, p, &p->advice),
        .findings = findings_view(cx, p), .effects_total = (int64_t)e->total,
        .effects = draft_effects_view(cx, e) };
    record_to_json(out, &draft_view_record, &v);
}

enum err drafts_show(struct cx *cx, const void *in, struct buf *out)
{
    struct region r;
    int64_t code = 0;
    struct list drafts = { NULL, 0 };
    (void)in;
    if (zoning_territory(cx, DRAFTERS, &r, &code))
        TRY(draft_list(cx->db, cx->a, r.from, r.to, &drafts));
    struct draft_row *rows = NEW_N(cx->a, struct draft_row, drafts.n + 1);
    for (size_t i = 0; i < drafts.n; i++)
        TRY(row_of(cx, &((const struct draft *)drafts.p)[i], &rows[i]));
    record_to_json(out, &draft_list_view_record,
        &(struct draft_list_view){ { rows, drafts.n } });
    return OK;
}

enum err draft_show(struct cx *cx, const void *in, struct buf *out)
{
    struct draft d;
    struct layer_plan plan;
    struct effects effects;
    TRY(find_mine(cx, ((const struct draft_id_in *)in)->id, DRAFTERS, &d));
    struct draft_row row;
    TRY(check(cx, &d, cx->now_ms, &plan));
    TRY(layer_effects(cx->db, cx->cat, cx->a, &plan, &effects));
    d.faults = (int64_t)plan.faults.total;
    TRY(row_of(cx, &d, &row));
    view_write(cx, &d, &row, &plan, &effects, out);
    return OK;
}

static enum err still_draft(struct cx *cx, const struct draft *d)
{
    return d->version == I64_NONE ? OK : cx_fail(cx, E_CONFLICT, "id",
        MSG("草案已经发布，请另建一个", "The draft has been put in force already; make another one"));
}

static enum err unchanged_since(struct cx *cx, const struct draft *d, int64_t seen_ms)
{
    if (seen_ms == I64_NONE)
        return cx_fail(cx, E_INPUT, "changed", MSG("请填写所看草案的修改时间 changed(见草案)，以免覆盖别人刚改的内容",
            "Say which state of the draft you have seen: send \"changed\" as the draft shows it, so"
            " that nothing newer is overwritten"));
    return d->changed_ms == seen_ms ? OK
        : cx_fail(cx, E_CONFLICT, "changed", MSG("草案已被别人改过，请重新打开查看",
            "The draft has been changed by somebody else meanwhile; open it again first"));
}

/* Saving ----------------------------------------------------------------------------------- */

/* What prepare found, for the transaction and the answer. */
struct saving {
    struct draft draft;
    struct layer_plan plan;
    struct effects effects;
    struct draft_row row;
};

enum err draft_save_prepare(struct cx *cx, const void *in)
{
    const struct draft_in *q = in;
    struct saving *s = NEW(cx->a, struct saving);
    struct region r;
    int64_t code = 0;
    TRY(zoning_my_territory(cx, DRAFTERS, &r, &code));
    if (str_is(q->kind, "rule") && !zoning_is_city(cx, code))
        return cx_fail(cx, E_DENIED, "kind", MSG("分派规则全市统一，由市综治中心起草",
            "Routing rules are the city's; its desk drafts them"));
    s->draft = (struct draft){ .kind = q->kind, .name = q->name, .body = q->body,
        .made_ms = cx->now_ms, .made_by = cx->actor.account, .changed_ms = cx->now_ms,
        .region = code, .version = I64_NONE, .valid_from_ms = I64_NONE };
    if (q->id != I64_NONE) {
        struct draft before;
        TRY(find_mine(cx, q->id, DRAFTERS, &before));
        if (!str_eq(before.kind, q->kind))
            return cx_fail(cx, E_INPUT, "kind", MSG("草案的种类不能改，请另建一个",
                "A draft keeps its kind; make another one"));
        s->draft.id = before.id;
        s->draft.made_ms = before.made_ms;
        s->draft.made_by = before.made_by;
        s->draft.region = before.region;
    }
    cx->prepared = s;
    TRY(check(cx, &s->draft, cx->now_ms, &s->plan));
    s->draft.faults = (int64_t)s->plan.faults.total;
    return layer_effects(cx->db, cx->cat, cx->a, &s->plan, &s->effects);
}

enum err draft_save(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_in *q = in;
    struct saving *s = cx->prepared;
    struct draft d = s->draft, before;
    struct region r;
    bool again = false, is_new = d.id == 0;
    int64_t id = 0, none = 0, code = 0;
    (void)out;
    TRY(zoning_my_territory(cx, DRAFTERS, &r, &code));
    if (!is_new) {
        TRY(find_mine(cx, d.id, DRAFTERS, &before));
        TRY(still_draft(cx, &before));
    }
    d.id = is_new ? cx_next_id(cx) : d.id;
    TRY(command_claim(cx, division_area(d.region), 0, d.id, &again, &none, &id));
    if (!again && !is_new)
        TRY(unchanged_since(cx, &before, q->changed));
    if (again)
        TRY(find_mine(cx, id, DRAFTERS, &d));
    else
        TRY(is_new ? draft_add(cx->db, &d) : draft_replace(cx->db, &d));
    return row_of(cx, &d, &s->row);
}

void draft_save_finish(struct cx *cx, struct buf *out)
{
    struct saving *s = cx->prepared;
    view_write(cx, &s->draft, &s->row, &s->plan, &s->effects, out);
}

enum err draft_remove(struct cx *cx, const void *in, struct buf *out)
{
    int64_t id = ((const struct draft_id_in *)in)->id, code = 0, none = 0;
    struct region r;
    struct draft d;
    bool again = false;
    TRY(zoning_my_territory(cx, DRAFTERS, &r, &code));
    TRY(command_claim(cx, division_area(code), 0, id, &again, &none, &id));
    if (!again) {
        TRY(find_mine(cx, id, DRAFTERS, &d));
        TRY(still_draft(cx, &d));
        TRY(draft_drop(cx->db, id));
    }
    record_to_json(out, &draft_removed_record, &(struct draft_removed){ id });
    return OK;
}

/* Putting in force ------------------------------------------------------------------------- */

struct publishing { struct draft draft; struct layer_plan plan; int64_t moves; };

static enum err find_to_publish(struct cx *cx, const struct draft_publish_in *q, struct draft *ret)
{
    struct region r;
    int64_t code = 0;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    TRY(find_mine(cx, q->id, PUBLISHERS, ret));
    if (str_is(ret->kind, "rule") && !zoning_is_city(cx, code))
        return of_others(cx);
    return unchanged_since(cx, ret, q->changed);
}

enum err draft_publish_prepare(struct cx *cx, const void *in)
{
    const struct draft_publish_in *q = in;
    struct publishing *p = NEW(cx->a, struct publishing);
    int64_t at_ms = q->valid_from;
    cx->prepared = p;
    TRY(find_to_publish(cx, q, &p->draft));
    if (p->draft.version != I64_NONE)
        return OK;          /* the same command again, or a late one: the transaction knows */
    TRY(edition_moves(cx->db, p->draft.kind, &p->moves));
    TRY(edition_day(p->draft.kind, &at_ms, cx->now_ms, &cx->info));
    TRY(check(cx, &p->draft, at_ms, &p->plan));
    return p->plan.faults.total ? zoning_faulty(cx, "draft", &p->plan) : OK;
}

static enum err put_in_force(struct cx *cx, const struct publishing *p, struct draft *d)
{
    int64_t moves = 0;
    TRY(still_draft(cx, d));
    TRY(edition_moves(cx->db, d->kind, &moves));
    if (moves != p->moves)
        return cx_fail(cx, E_CONFLICT, NULL, MSG("刚有一版发布或撤回，请重新查看后再发布",
            "A version has just been published or taken back; look again first"));
    if (!str_is(d->kind, "rule"))
        TRY(layer_day_is_free(cx->db, p->plan.want.layer, p->plan.want.at_ms, &cx->info));
    return draft_store(cx->db, cx->a, d, &p->plan, cx->now_ms, cx->actor.account);
}

enum err draft_publish(struct cx *cx, const void *in, struct buf *out)
{
    const struct draft_publish_in *q = in;
    const struct publishing *p = cx->prepared;
    struct draft d;
    int64_t id = 0, none = 0;
    bool again = false;
    TRY(find_to_publish(cx, q, &d));
    TRY(command_claim(cx, division_area(d.region), 0, q->id, &again, &none, &id));
    if (!again)
        TRY(put_in_force(cx, p, &d));
    record_to_json(out, &draft_published_record, &(struct draft_published){ .kind = d.kind,
        .version = d.version, .valid_from = d.valid_from_ms });
    return OK;
}
