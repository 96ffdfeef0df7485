/* report.c: the page of a check. */
#include "layer/report.h"

enum { PICTURES_MAX = 200 };

struct page {
    struct buf *b;
    const struct catalogue *c;
    const struct layer_plan *p;
    bool en;
};

static void text(struct page *g, const char *zh, const char *en)
{
    buf_add(g->b, str_c(g->en ? en : zh));
}

/* With what HTML would take for its own made harmless. */
static void escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '<': buf_add(b, STR("&lt;")); break;
        case '>': buf_add(b, STR("&gt;")); break;
        case '&': buf_add(b, STR("&amp;")); break;
        case '"': buf_add(b, STR("&quot;")); break;
        default: buf_byte(b, s.p[i]);
        }
    }
}

static const char page_style[] =
    "body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:70rem;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;margin:1rem 0;width:100%}"
    "th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}"
    "figure{margin:1rem 0}svg{max-width:100%;height:auto;border:1px solid #767676}"
    ".g{fill:none;stroke:#1a1a1a;stroke-width:1.5}.z{fill:#eef3f8;stroke:#4a5a6a;stroke-width:.7}"
    ".gap{fill:url(#h);stroke:#8a1c00;stroke-width:1}.over{fill:#0b4f8a;stroke:#06304f;"
    "stroke-width:1}.across{fill:#9a6b00;stroke:#5c4000;stroke-width:1}";

/* Tables ----------------------------------------------------------------------------------- */

static void head_cells(struct page *g, const struct msg *heads, size_t n)
{
    buf_add(g->b, STR("<thead><tr>"));
    for (size_t i = 0; i < n; i++) {
        buf_add(g->b, STR("<th scope=\"col\">"));
        text(g, heads[i].zh, heads[i].en);
        buf_add(g->b, STR("</th>"));
    }
    buf_add(g->b, STR("</tr></thead><tbody>"));
}

static void write_faults(struct page *g)
{
    static const struct msg heads[] = { { "行", "Row" }, { "列", "Column" },
        { "问题与改法", "What is wrong and what to do" } };
    const struct faults *f = &g->p->faults;
    if (f->total == 0)
        return;
    buf_add(g->b, STR("<h2>"));
    text(g, "需要改正", "To be corrected");
    buf_fmt(g->b, " (%zu)</h2><table>", f->total);
    head_cells(g, heads, COUNT_OF(heads));
    for (size_t i = 0; i < f->n; i++) {
        buf_fmt(g->b, "<tr><td class=n>%zu</td><td>%s</td><td>", f->at[i].line, f->at[i].field);
        escaped(g->b, str_c(g->en ? f->at[i].en : f->at[i].zh));
        buf_add(g->b, STR("</td></tr>"));
    }
    buf_add(g->b, STR("</tbody></table>"));
}

static void write_mends(struct page *g, struct arena *a)
{
    static const struct msg heads[] = { { "行", "Row" }, { "编码", "Code" }, { "修复", "Mended" },
        { "原面积 (m²)", "Area before (m²)" }, { "现面积 (m²)", "Area after (m²)" },
        { "部分 / 去掉", "Parts / dropped" } };
    size_t n = 0;
    for (size_t i = 0; i < g->p->n; i++) {
        const struct zone_row *z = &g->p->rows[i];
        if (z->mended.what == 0 || z->change == ZONE_BAD)
            continue;
        if (n++ == 0) {
            buf_add(g->b, STR("<h2>"));
            text(g, "已自动修复", "Mended");
            buf_add(g->b, STR("</h2><table>"));
            head_cells(g, heads, COUNT_OF(heads));
        }
        buf_fmt(g->b, "<tr><td class=n>%zu</td><td>%lld</td><td>%s</td><td class=n>%.1f</td><td class=n>"
            "%.1f</td><td class=n>%zu / %zu</td></tr>", z->row, (long long)z->code,
            mended_text(a, z->mended.what, g->en ? LANG_EN : LANG_ZH).p, z->mended.before_m2,
            z->mended.after_m2, z->mended.parts, z->mended.dropped);
    }
    if (n)
        buf_add(g->b, STR("</tbody></table>"));
}

static void write_effects(struct page *g, const struct effects *e)
{
    static const struct msg heads[] = { { "类别", "Kind" }, { "编码", "Code" },
        { "情况与办法", "What is so and what to do" } };
    if (e->total == 0)
        return;
    buf_add(g->b, STR("<h2>"));
    text(g, "要跟着办的事", "To be put in order with it");
    buf_fmt(g->b, " (%zu)</h2><table>", e->total);
    head_cells(g, heads, COUNT_OF(heads));
    for (size_t i = 0; i < e->n; i++) {
        struct msg kind = effect_table[e->at[i].kind].title;
        buf_fmt(g->b, "<tr><td>%s</td><td>%lld</td><td>", g->en ? kind.en : kind.zh,
            (long long)e->at[i].code);
        escaped(g->b, str_c(g->en ? e->at[i].text.en : e->at[i].text.zh));
        buf_add(g->b, STR("</td></tr>"));
    }
    buf_add(g->b, STR("</tbody></table>"));
}

static void write_findings(struct page *g)
{
    static const struct msg heads[] = { { "归属", "Parent" }, { "类别", "Kind" }, { "涉及", "Between" },
        { "面积 (m²)", "Area (m²)" }, { "平均宽度 (m)", "Mean width (m)" },
        { "位置", "Place" } };
    buf_add(g->b, STR("<h2>"));
    text(g, "空缺、重叠与越界", "Gaps, overlaps and crossings");
    buf_fmt(g->b, " (%zu)</h2>", g->p->n_findings);
    if (g->p->n_findings == 0)
        return;
    buf_add(g->b, STR("<table>"));
    head_cells(g, heads, COUNT_OF(heads));
    for (size_t i = 0; i < g->p->n_findings; i++) {
        const struct zone_flaw *f = &g->p->findings[i];
        struct msg kind = flaw_table[f->kind].title;
        buf_add(g->b, STR("<tr><th scope=\"row\">"));
        escaped(g->b, layer_parent_name(g->c, g->p->want.layer, f->parent));
        buf_fmt(g->b, " %lld</th><td>%s", (long long)f->parent, g->en ? kind.en : kind.zh);
        if (f->sliver)
            text(g, "(细缝)", " (sliver)");
        buf_add(g->b, STR("</td><td>"));
        if (f->a)
            buf_fmt(g->b, "%lld", (long long)f->a);
        if (f->b)
            buf_fmt(g->b, ", %lld", (long long)f->b);
        buf_fmt(g->b, "</td><td class=n>%.0f</td><td class=n>%.1f</td><td>%.5f, %.5f</td></tr>",
            f->m2, f->width_m, f->at.lon, f->at.lat);
    }
    buf_add(g->b, STR("</tbody></table>"));
}

/* Pictures --------------------------------------------------------------------------------- */

static void write_path(struct page *g, const char *class, struct str d)
{
    if (d.n)
        buf_fmt(g->b, "<path class=\"%s\" fill-rule=\"evenodd\" d=\"%.*s\"/>", class, STR_FMT(d));
}

static void write_picture(struct page *g, const struct layer_picture *p)
{
    buf_add(g->b, STR("<figure><figcaption>"));
    escaped(g->b, p->name);
    buf_fmt(g->b, " %lld", (long long)p->parent);
    for (size_t i = 0; i < FLAW_COUNT; i++)
        buf_fmt(g->b, "%s%s %.0f m²", g->en ? ", " : "，",
            g->en ? flaw_table[i].title.en : flaw_table[i].title.zh, p->m2[i]);
    buf_fmt(g->b, "</figcaption><svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "aria-label=\"", p->width_px, p->height_px, p->width_px, p->height_px);
    escaped(g->b, p->name);
    text(g, "的空缺、重叠与越界，数值见表", ": gaps, overlaps and crossings; the table has the figures");
    buf_add(g->b, STR("\">"));
    write_path(g, "z", p->zones);
    write_path(g, "g", p->ground);
    write_path(g, "gap", p->flaws[FLAW_GAP]);
    write_path(g, "over", p->flaws[FLAW_OVERLAP]);
    write_path(g, "across", p->flaws[FLAW_ACROSS]);
    buf_add(g->b, STR("</svg></figure>"));
}

static void write_pictures(struct page *g, struct arena *a)
{
    struct list all = layer_pictures(a, g->c, g->p, PICTURES_MAX);
    buf_add(g->b, STR("<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern id=\"h\" width=\"6\""
        " height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"3\""
        " height=\"6\" fill=\"#d9480f\"/></pattern></defs></svg><p>"));
    text(g, "斜纹：没有任何网格的空缺；蓝色：两个网格重叠；褐色：由另一归属下的网格占有(越界)；"
        "细缝指平均宽度不足 5 米。",
        "Hatched: a gap that no zone holds; blue: two zones overlap; brown: a zone of another parent"
        " has it, across the border; a sliver is below 5 m wide.");
    buf_add(g->b, STR("</p>"));
    for (size_t i = 0; i < all.n; i++)
        write_picture(g, &((const struct layer_picture *)all.p)[i]);
}

void layer_report_html(struct buf *b, const struct catalogue *c, const struct layer_plan *p,
    const struct effects *effects, struct str file, enum lang lang)
{
    struct page g = { b, c, p, lang == LANG_EN };
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    buf_fmt(b, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        " content=\"width=device-width\"><title>", g.en ? "en" : "zh-CN");
    text(&g, "导入检查：", "Import check: ");
    escaped(b, file);
    buf_fmt(b, "</title><style>%s</style></head><body><main><h1>", page_style);
    text(&g, "导入检查：", "Import check: ");
    escaped(b, file);
    buf_add(b, STR("</h1><p>"));
    escaped(b, placing_text(&a, &p->placing, lang));
    buf_fmt(b, g.en ? "</p><p>%zu added, %zu changed, %zu taken away, %zu the same, %zu to be corrected</p>"
        : "</p><p>新增 %zu，变更 %zu，撤销 %zu，不变 %zu，需改正 %zu</p>", p->n_change[ZONE_ADDED],
        p->n_change[ZONE_CHANGED], p->n_change[ZONE_REMOVED], p->n_change[ZONE_SAME],
        p->n_change[ZONE_BAD]);
    write_faults(&g);
    write_effects(&g, effects);
    write_mends(&g, &a);
    write_findings(&g);
    if (p->n_findings)
        write_pictures(&g, &a);
    buf_add(b, STR("</main></body></html>\n"));
    arena_free(&a);
}
