/* report_text.c: what was done to outlines and coordinates, in words and as JSON. */
#include "layer/report.h"

static const struct { unsigned what; const char *word; struct msg text; } mends[] = {
    { MEND_CLOSED, "closed", { "补全了未闭合的边界", "an unclosed ring was closed" } },
    { MEND_REPEATED, "repeated", { "去掉了重复点", "repeated points were dropped" } },
    { MEND_TURNED, "turned", { "外环方向已改为逆时针", "a clockwise ring was turned" } },
    { MEND_CROSSING, "crossing", { "修复了自相交", "a crossing was mended" } },
    { MEND_ISLAND, "island", { "洞中之岛改为独立部分", "an island in a hole became a part" } },
    { MEND_DROPPED, "dropped", { "去掉了没有面积的碎片", "crumbs without area were dropped" } },
};
static const char *const crs_words_plain[] = { "wgs84", "gcj02", "bd09" };
static const char *const how_words[] = { "named", "told", "found", "assumed" };
static const char *const change_words[] = { "same", "added", "changed", "removed", "bad" };

struct str mended_text(struct arena *a, unsigned what, enum lang lang)
{
    struct buf b = buf_in(a, 4096);
    for (size_t i = 0; i < COUNT_OF(mends); i++)
        if (what & mends[i].what)
            buf_fmt(&b, "%s%s", b.n ? lang == LANG_EN ? ", " : "，" : "",
                lang == LANG_EN ? mends[i].text.en : mends[i].text.zh);
    return buf_str(&b);
}

struct str placing_text(struct arena *a, const struct placing *p, enum lang lang)
{
    static const struct msg how[] = {
        [PLACED_NAMED] = { "按填写的坐标系", "as stated" },
        [PLACED_TOLD] = { "按文件自带说明", "as the file says" },
        [PLACED_FOUND] = { "与已有区划比对得出", "found by comparison with what is stored" },
        [PLACED_ASSUMED] = { "没有可比对的资料，按默认", "assumed, there was nothing to compare with" },
    };
    static const char *const titles[] = { "WGS-84 (CGCS2000)", "GCJ-02", "BD-09" };
    bool en = lang == LANG_EN;
    struct buf b = buf_in(a, 4096);
    buf_fmt(&b, en ? "Coordinates: %s, %s" : "坐标系：%s，%s", titles[p->crs],
        en ? how[p->how].en : how[p->how].zh);
    if (p->compared)
        buf_fmt(&b, en ? "; %.1f%% lies where it should (rows compared: %zu)"
            : "；比对 %2$zu 行，%1$.1f%% 落在应在的范围", p->inside * 100, p->compared);
    if (p->swapped)
        buf_add(&b, en ? STR("; longitude and latitude were swapped and have been exchanged")
            : STR("；经纬度颠倒，已对调"));
    if (p->best != p->crs)
        buf_fmt(&b, en ? "; BEWARE: it fits %s better (%.1f%%), check the coordinate system"
            : "；注意：更像 %s (%.1f%%)，请核对坐标系", titles[p->best], p->inside_best * 100);
    return buf_str(&b);
}

static void number_member(struct buf *b, const char *name, double v)
{
    buf_fmt(b, ",\"%s\":%.1f", name, v);
}

static void write_mended(struct buf *b, const struct layer_plan *p)
{
    size_t n = 0;
    buf_add(b, STR(",\"mended\":["));
    for (size_t i = 0; i < p->n; i++) {
        const struct zone_row *z = &p->rows[i];
        bool first = true;
        if (z->mended.what == 0 || z->change == ZONE_BAD)
            continue;
        buf_fmt(b, "%s{\"row\":%zu,\"code\":\"%lld\",\"what\":[", n++ ? "," : "", z->row,
            (long long)z->code);
        for (size_t m = 0; m < COUNT_OF(mends); m++) {
            if (!(z->mended.what & mends[m].what))
                continue;
            buf_fmt(b, "%s\"%s\"", first ? "" : ",", mends[m].word);
            first = false;
        }
        buf_fmt(b, "],\"parts\":%zu,\"parts_dropped\":%zu", z->mended.parts, z->mended.dropped);
        number_member(b, "area_before_m2", z->mended.before_m2);
        number_member(b, "area_after_m2", z->mended.after_m2);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void write_findings(struct buf *b, const struct catalogue *c, const struct layer_plan *p)
{
    buf_add(b, STR(",\"findings\":["));
    for (size_t i = 0; i < p->n_findings; i++) {
        const struct zone_flaw *f = &p->findings[i];
        buf_fmt(b, "%s{\"kind\":\"%s\",\"sliver\":%s,\"parent\":\"%lld\",\"parent_name\":",
            i ? "," : "", flaw_table[f->kind].word, f->sliver ? "true" : "false",
            (long long)f->parent);
        buf_json_str(b, layer_parent_name(c, p->want.layer, f->parent));
        if (f->a)
            buf_fmt(b, ",\"a\":\"%lld\"", (long long)f->a);
        if (f->b)
            buf_fmt(b, ",\"b\":\"%lld\"", (long long)f->b);
        number_member(b, "area_m2", f->m2);
        number_member(b, "width_m", f->width_m);
        buf_fmt(b, ",\"lon\":%.6f,\"lat\":%.6f}", f->at.lon, f->at.lat);
    }
    buf_byte(b, ']');
}

static void write_effects(struct buf *b, const struct effects *e, bool en)
{
    buf_fmt(b, ",\"effects_total\":%zu,\"effects\":[", e->total);
    for (size_t i = 0; i < e->n; i++) {
        const struct zone_effect *z = &e->at[i];
        buf_fmt(b, "%s{\"kind\":\"%s\",\"code\":\"%lld\",\"name\":", i ? "," : "",
            effect_table[z->kind].word, (long long)z->code);
        buf_json_str(b, z->name);
        if (z->other) {
            buf_fmt(b, ",\"other\":\"%lld\",\"other_name\":", (long long)z->other);
            buf_json_str(b, z->other_name);
        }
        if (z->n)
            buf_fmt(b, ",\"n\":%zu", z->n);
        buf_add(b, STR(",\"text\":"));
        buf_json_str(b, str_c(en ? z->text.en : z->text.zh));
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

void layer_report_json(struct buf *b, const struct catalogue *c, const struct layer_plan *p,
    const struct effects *effects, enum lang lang)
{
    buf_add(b, STR("\"changes\":{"));
    for (size_t i = 0; i < COUNT_OF(change_words); i++)
        buf_fmt(b, "%s\"%s\":%zu", i ? "," : "", change_words[i], p->n_change[i]);
    buf_fmt(b, "},\"placing\":{\"crs\":\"%s\",\"how\":\"%s\",\"swapped\":%s,\"best\":\"%s\","
        "\"compared\":%zu,\"inside\":%.4f,\"inside_best\":%.4f}", crs_words_plain[p->placing.crs],
        how_words[p->placing.how], p->placing.swapped ? "true" : "false",
        crs_words_plain[p->placing.best], p->placing.compared, p->placing.inside,
        p->placing.inside_best);
    write_mended(b, p);
    write_findings(b, c, p);
    write_effects(b, effects, lang == LANG_EN);
}
