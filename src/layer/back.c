/* back.c: taking a planned version back. */
#include "layer/back.h"
#include "catalogue/zone.h"
#include "layer/draft.h"

const char *const version_names[] = { "rule", "category", "limit", "calendar", "template",
    "deputy", "subsidy", "keeping", "division", "grid", "micro", "police", NULL };

static bool is_layer(struct str name)
{
    return layer_by_name(name) != LAYER_COUNT;
}

static bool is_planned(const struct catalogue_version *v, int64_t now_ms)
{
    return v->back_ms == I64_NONE && v->valid_from_ms > now_ms;
}

static enum err refuse(struct arena *a, int64_t version, struct msg m, struct err_info *info)
{
    return err_note(info, E_CONFLICT, "version", m, arena_fmt(a, "%lld", (long long)version));
}

static enum err not_planned(struct arena *a, const struct catalogue_version *v,
    struct err_info *info)
{
    if (v->back_ms != I64_NONE)
        return refuse(a, v->version, MSG("第 %s 版已经撤回", "Version %s has been taken back already"),
            info);
    return refuse(a, v->version, MSG("第 %s 版的生效日已到，不能撤回；请另定一版替换它",
        "The first day of version %s has come, so it cannot be taken back; publish another one in its"
        " place"), info);
}

enum err version_together(struct db *db, struct arena *a, struct str name, int64_t version,
    int64_t now_ms, struct list *ret, struct err_info *info)
{
    struct list all;
    size_t n = 0;
    const struct catalogue_version *mine = NULL;
    TRY(edition_list(db, a, name, &all));
    const struct catalogue_version *v = all.p;
    struct catalogue_version *found = NEW_N(a, struct catalogue_version, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        if (v[i].version == version)
            mine = &v[i];
    if (mine == NULL)
        return err_note(info, E_MISSING, "version", MSG("没有这一版", "There is no such version"),
            STR_NONE);
    if (!is_planned(mine, now_ms))
        return not_planned(a, mine, info);
    for (size_t i = 0; i < all.n; i++) {
        if (!is_planned(&v[i], now_ms))
            continue;
        if (is_layer(name) && v[i].valid_from_ms > mine->valid_from_ms)
            return refuse(a, v[i].version, MSG("第 %s 版更晚生效，是在这一版上改的；请先撤回它",
                "Version %s begins later and builds on this one; take that back first"), info);
        if (&v[i] == mine || (is_layer(name) && v[i].valid_from_ms == mine->valid_from_ms))
            found[n++] = v[i];
    }
    *ret = (struct list){ found, n };
    return OK;
}

enum err version_take_back(struct db *db, struct arena *a, struct str name, int64_t version,
    const struct taking_back *t, struct err_info *info)
{
    struct list list;
    TRY(version_together(db, a, name, version, t->now_ms, &list, info));
    const struct catalogue_version *v = list.p;
    for (size_t i = 0; i < list.n; i++) {
        TRY(edition_take_back(db, name, v[i].version, t));
        TRY(draft_reopen(db, name, v[i].version));
    }
    return is_layer(name) ? zones_unplan(db, name, v[0].valid_from_ms) : OK;
}
