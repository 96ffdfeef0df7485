/* write.c: findings as CSV and as GeoJSON. */
#include "fusion/fusion.h"
#include "catalogue/sheet.h"
#include <math.h>

static void cell_begin(struct buf *b)
{
    buf_byte(b, ',');
}

enum { METRE_DECIMALS = 1, SHARE_DECIMALS = 9 };

static void cell_number(struct buf *b, double v, int decimals)
{
    cell_begin(b);
    if (!isnan(v))
        buf_fmt(b, "%.*f", decimals, v);
}

static void cell_code(struct buf *b, int64_t code)
{
    cell_begin(b);
    if (code != I64_NONE)
        buf_i64(b, code);
}

static enum err csv_row(void *ctx, const struct finding *f)
{
    struct buf *b = ctx;
    buf_add(b, f->layer);
    cell_code(b, f->code);
    cell_begin(b);
    sheet_text(b, f->name);
    cell_code(b, f->other);
    cell_begin(b);
    sheet_text(b, f->other_name);
    cell_number(b, f->m2, METRE_DECIMALS);
    cell_number(b, f->share, SHARE_DECIMALS);
    cell_number(b, f->share_other, SHARE_DECIMALS);
    cell_begin(b);
    sheet_text(b, f->person);
    cell_code(b, f->into);
    cell_begin(b);
    sheet_text(b, f->into_name);
    cell_number(b, f->border_m, METRE_DECIMALS);
    cell_begin(b);
    sheet_text(b, f->text);
    buf_byte(b, '\n');
    return OK;
}

enum err fusion_write_csv(const struct fusion_ask *ask, struct buf *out)
{
    for (size_t i = 0; i < finding_record.n; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        buf_add(out, str_c(finding_record.fields[i].name));
    }
    buf_byte(out, '\n');
    return fusion_each(ask, csv_row, out);
}

struct drawing { const struct fusion_ask *ask; struct buf *out; size_t n, max; };

static enum err feature_add(void *ctx, const struct finding *f)
{
    struct drawing *d = ctx;
    struct shape s;
    if (d->n == d->max) {
        d->n++;
        return OK;
    }
    if (d->n > d->max)
        return OK;
    enum err e = fusion_outline(d->ask, f, &s);
    if (e == E_MISSING || e == E_INPUT)
        return OK;
    TRY(e);
    buf_add(d->out, d->n++ ? STR(",{\"type\":\"Feature\",\"geometry\":{")
        : STR("{\"type\":\"Feature\",\"geometry\":{"));
    shape_write_geojson(d->out, &s, 0);
    buf_add(d->out, STR("},\"properties\":"));
    record_to_json(d->out, &finding_record, f);
    buf_byte(d->out, '}');
    return OK;
}

enum err fusion_write_map(const struct fusion_ask *ask, size_t max, struct buf *out)
{
    struct drawing d = { ask, out, 0, max };
    buf_add(out, STR("{\"type\":\"FeatureCollection\",\"features\":["));
    TRY(fusion_each(ask, feature_add, &d));
    buf_add(out, STR("],\"truncated\":"));
    buf_add(out, d.n > max ? STR("true}") : STR("false}"));
    return OK;
}
