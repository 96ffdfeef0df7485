/* versions.c: the versions of rules, other tables and layers: what is valid, planned, past or taken
 * back; and taking back what is only planned. */
#include "access/access.h"
#include "layer/import.h"
#include "spine/command.h"
#include "zoning/zoning.h"

RECORD_DEFINE(versions_in, VERSIONS_IN)
RECORD_DEFINE(version_back_in, VERSION_BACK_IN)
RECORD_DEFINE(version_view, VERSION_VIEW)
RECORD_DEFINE(versions_view, VERSIONS_VIEW)

/* The versions of one name and who looks: the drafts and the uploaded files of the actor's
 * territory that became some of them tell whose those are; publishes: whether the actor does so
 * anywhere, in the territory r, which may be the city. */
struct origins {
    struct str name;
    struct list drafts, imports;
    struct region r;
    bool publishes, city;
};

static enum err origins_of(struct cx *cx, struct str name, struct origins *ret)
{
    int64_t code = 0;
    *ret = (struct origins){ .name = name };
    ret->publishes = zoning_territory(cx, PUBLISHERS, &ret->r, &code);
    ret->city = ret->publishes && zoning_is_city(cx, code);
    if (ret->publishes && layer_by_name(name) != LAYER_COUNT)
        TRY(import_list(cx->db, cx->a, ret->r.from, ret->r.to, &ret->imports));
    return draft_published(cx->db, cx->a, name, &ret->drafts);
}

static const struct draft *draft_of(const struct origins *o, int64_t version)
{
    const struct draft *d = o->drafts.p;
    for (size_t i = 0; i < o->drafts.n; i++)
        if (d[i].version == version)
            return &d[i];
    return NULL;
}

static bool is_own_import(const struct origins *o, int64_t version)
{
    const struct layer_import *m = o->imports.p;
    for (size_t i = 0; i < o->imports.n; i++)
        if (m[i].version == version && str_eq(m[i].layer, o->name))
            return true;
    return false;
}

/* Outlines belong to the division that drafted or uploaded them; all else to the city. */
static bool may_take_back(const struct origins *o, int64_t version)
{
    const struct draft *d = draft_of(o, version);
    bool outlines = layer_by_name(o->name) != LAYER_COUNT;
    return o->city || (o->publishes && outlines
        && (d ? region_has(o->r, d->region) : is_own_import(o, version)));
}

static enum err view_of(struct cx *cx, const struct origins *o, const struct catalogue_version *v,
    int64_t valid, struct version_view *ret)
{
    const struct draft *d = draft_of(o, v->version);
    struct str state = version_state(v, valid, cx->now_ms);
    *ret = (struct version_view){ .version = v->version, .state = state,
        .valid_from = v->valid_from_ms, .made = v->made_ms, .draft = d ? d->id : I64_NONE,
        .draft_name = d ? d->name : STR_NONE, .back = v->back_ms, .back_why = v->back_why };
    ret->may_take_back = str_is(state, "planned") && may_take_back(o, v->version);
    TRY(access_account_name(cx, v->made_by, &ret->made_by));
    return v->back_by == I64_NONE ? OK : access_account_name(cx, v->back_by, &ret->back_by);
}

static enum err versions_write(struct cx *cx, struct str name, struct buf *out)
{
    struct origins o;
    struct list all;
    int64_t valid = 0;
    TRY(edition_list(cx->db, cx->a, name, &all));
    TRY(edition_valid(cx->db, name, cx->now_ms, &valid));
    TRY(origins_of(cx, name, &o));
    size_t n = all.n < VERSIONS_SHOWN_MAX ? all.n : VERSIONS_SHOWN_MAX;
    struct version_view *rows = NEW_N(cx->a, struct version_view, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(view_of(cx, &o, &((const struct catalogue_version *)all.p)[i], valid, &rows[i]));
    record_to_json(out, &versions_view_record, &(struct versions_view){ { rows, n } });
    return OK;
}

enum err versions_show(struct cx *cx, const void *in, struct buf *out)
{
    return versions_write(cx, ((const struct versions_in *)in)->name, out);
}

static enum err take_back(struct cx *cx, const struct version_back_in *q)
{
    struct origins o;
    struct list list;
    TRY(version_together(cx->db, cx->a, q->name, q->version, cx->now_ms, &list, &cx->info));
    TRY(origins_of(cx, q->name, &o));
    const struct catalogue_version *v = list.p;
    for (size_t i = 0; i < list.n; i++)
        if (!may_take_back(&o, v[i].version))
            return cx_fail(cx, E_DENIED, NULL, MSG("这一版不是本辖区的，由所属区县或市里撤回",
                "This version is not of your territory; its own county or the city takes it back"));
    return version_take_back(cx->db, cx->a, q->name, q->version,
        &(struct taking_back){ cx->now_ms, cx->actor.account, q->why }, &cx->info);
}

enum err version_back(struct cx *cx, const void *in, struct buf *out)
{
    const struct version_back_in *q = in;
    struct region r;
    int64_t code = 0, id = 0, none = 0;
    bool again = false;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    TRY(command_claim(cx, division_area(code), 0, q->version, &again, &none, &id));
    if (!again)
        TRY(take_back(cx, q));
    return versions_write(cx, q->name, out);
}
