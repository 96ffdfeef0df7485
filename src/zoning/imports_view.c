/* imports_view.c: what the check of an uploaded file found, as its page takes it. */
#include "zoning/imports.h"
#include <stdlib.h>

RECORD_DEFINE(import_mended, IMPORT_MENDED)
RECORD_DEFINE(import_finding, IMPORT_FINDING)
RECORD_DEFINE(import_picture, IMPORT_PICTURE)
RECORD_DEFINE(import_outcome_view, IMPORT_OUTCOME)

/* Pictures beyond this many bytes of paths are left out; the table has all the figures. */
enum { OUTCOME_BYTES_MAX = 64 << 20, PICTURES_BYTES_MAX = 3 << 20 };

static struct list mended_of(struct cx *cx, const struct layer_plan *p, enum lang lang,
    int64_t *ret_total)
{
    struct import_mended *list = NEW_N(cx->a, struct import_mended, IMPORT_MENDED_MAX);
    size_t n = 0;
    *ret_total = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct zone_row *z = &p->rows[i];
        if (z->mended.what == 0 || z->change == ZONE_BAD)
            continue;
        if (n < IMPORT_MENDED_MAX)
            list[n++] = (struct import_mended){ .row = (int64_t)z->row, .code = z->code,
                .what = mended_text(cx->a, z->mended.what, lang), .before_m2 = z->mended.before_m2,
                .after_m2 = z->mended.after_m2 };
        ++*ret_total;
    }
    return (struct list){ list, n };
}

static struct list findings_of(struct cx *cx, const struct layer_plan *p)
{
    size_t n = p->n_findings < IMPORT_FINDINGS_MAX ? p->n_findings : IMPORT_FINDINGS_MAX;
    struct import_finding *list = NEW_N(cx->a, struct import_finding, n + 1);
    zoning_findings_order(p);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct import_finding){ ZONE_FINDING_OF(cx, p, &p->findings[i]) };
    return (struct list){ list, n };
}

static struct list pictures_of(struct cx *cx, const struct layer_plan *p)
{
    struct list all = layer_pictures(cx->a, cx->cat, p, IMPORT_PICTURES_MAX);
    struct import_picture *list = NEW_N(cx->a, struct import_picture, all.n + 1);
    size_t n = 0, bytes = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct layer_picture *l = &((const struct layer_picture *)all.p)[i];
        bytes += l->zones.n + l->ground.n;
        for (size_t k = 0; k < FLAW_COUNT; k++)
            bytes += l->flaws[k].n;
        if (bytes > PICTURES_BYTES_MAX)
            break;
        list[n++] = (struct import_picture){ .parent = l->parent, .parent_name = l->name,
            .gap_m2 = l->m2[FLAW_GAP], .overlap_m2 = l->m2[FLAW_OVERLAP],
            .across_m2 = l->m2[FLAW_ACROSS], .width = l->width_px, .height = l->height_px,
            .zones = l->zones, .ground = l->ground, .gaps = l->flaws[FLAW_GAP],
            .overlaps = l->flaws[FLAW_OVERLAP], .across = l->flaws[FLAW_ACROSS] };
    }
    return (struct list){ list, n };
}

struct str imports_outcome_text(struct cx *cx, const struct layer_plan *p,
    const struct effects *e, size_t rows, enum lang lang)
{
    enum lang asked = cx->lang;
    struct buf b = buf_in(cx->a, OUTCOME_BYTES_MAX);
    cx->lang = lang;
    struct import_outcome_view v = { .rows = (int64_t)rows,
        .placing = placing_text(cx->a, &p->placing, lang),
        .added = (int64_t)p->n_change[ZONE_ADDED], .altered = (int64_t)p->n_change[ZONE_CHANGED],
        .removed = (int64_t)p->n_change[ZONE_REMOVED], .same = (int64_t)p->n_change[ZONE_SAME],
        .bad = (int64_t)p->n_change[ZONE_BAD], .faults_total = (int64_t)p->faults.total,
        .faults = draft_faults_view(cx, p, &p->faults), .findings_total = (int64_t)p->n_findings,
        .findings = findings_of(cx, p), .pictures = pictures_of(cx, p),
        .effects_total = (int64_t)e->total, .effects = draft_effects_view(cx, e) };
    v.mended = mended_of(cx, p, lang, &v.mended_total);
    record_to_json(&b, &import_outcome_view_record, &v);
    cx->lang = asked;
    return buf_str(&b);
}
