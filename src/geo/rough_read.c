/* rough_read.c: coordinates out of GeoJSON and WKT, whatever they are. Neither text is recursive
 * here: the depth of brackets tells what a number belongs to. */
#include "base/json_cut.h"
#include "geo/rough.h"
#include <math.h>
#include <strings.h>

/* How deep in brackets a point of each kind lies. */
struct form { const char *word; enum rough_kind kind; int json_depth, wkt_depth; };
static const struct form forms[] = {
    { "Point", ROUGH_POINT, 1, 1 },
    { "Polygon", ROUGH_AREA, 3, 2 },
    { "MultiPolygon", ROUGH_AREA, 4, 3 },
};

static enum err wrong_kind(struct err_info *info, struct str kind)
{
    return err_note(info, E_INPUT, "shape", MSG("图形应为点或面，现为 %s；请转换后再导入",
        "The shape must be a point or an area, not %s; convert it first"), kind);
}

static enum err broken_text(struct err_info *info)
{
    return err_note(info, E_INPUT, "shape", MSG("坐标写法不完整，请重新导出",
        "The coordinates are not written out in full; export them again"), STR_NONE);
}

/* Points and rings as they are found; there is room for all that the text can hold. */
struct gather { struct rough *r; bool polygon_begins; };

static void ring_begin(struct gather *g)
{
    g->r->rings[g->r->ring_count++] = (struct rough_ring){ g->r->point_count, 0,
        g->polygon_begins };
    g->polygon_begins = false;
}

static void point_add(struct gather *g, struct geo_point p)
{
    g->r->at[g->r->point_count++] = p;
    if (g->r->ring_count)
        g->r->rings[g->r->ring_count - 1].n++;
}

/* How many brackets open into the given depth. */
static size_t opened(struct str s, char open, char shut, int into)
{
    size_t n = 0;
    int depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        depth += (s.p[i] == open) - (s.p[i] == shut);
        n += s.p[i] == open && depth == into;
    }
    return n;
}

static size_t count_of(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

/* A number off the front, NaN for any other word; false at a bracket, a comma or the end. */
static bool take_number(struct str *s, double *ret)
{
    size_t n = 0;
    while (s->n && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        *s = (struct str){ s->p + 1, s->n - 1 };
    while (n < s->n && strchr(",[]() \t\r\n", s->p[n]) == NULL)
        n++;
    if (n == 0)
        return false;
    if (!str_to_f64((struct str){ s->p, n }, ret))
        *ret = NAN;
    *s = (struct str){ s->p + n, s->n - n };
    return true;
}

/* The numbers of one point, between is what parts them; moves s to what follows them. */
static struct geo_point take_point(struct str *s, char between)
{
    double v[2] = { NAN, NAN }, more;
    for (size_t n = 0; take_number(s, &more); n++) {
        if (n < COUNT_OF(v))
            v[n] = more;
        if (between == ',' && s->n && *s->p == ',')
            *s = (struct str){ s->p + 1, s->n - 1 };
    }
    return (struct geo_point){ v[0], v[1] };
}

static bool gather_json(struct gather *g, struct str s, int point_depth)
{
    int depth = 0;
    while (s.n) {
        char c = *s.p;
        s = (struct str){ s.p + 1, s.n - 1 };
        depth += (c == '[') - (c == ']');
        if (depth < 0 || depth > point_depth)
            return false;
        if (c != '[')
            continue;
        g->polygon_begins |= depth == point_depth - 2;
        if (depth == point_depth - 1)
            ring_begin(g);
        if (depth == point_depth)
            point_add(g, take_point(&s, ','));
    }
    return depth == 0;
}

static bool gather_wkt(struct gather *g, struct str s, int point_depth)
{
    int depth = 0;
    while (s.n) {
        char c = *s.p;
        s = (struct str){ s.p + 1, s.n - 1 };
        depth += (c == '(') - (c == ')');
        if (depth < 0 || depth > point_depth)
            return false;
        g->polygon_begins |= c == '(' && depth == point_depth - 1;
        if (depth != point_depth || (c != '(' && c != ','))
            continue;
        if (c == '(' && point_depth > 1)
            ring_begin(g);
        point_add(g, take_point(&s, ' '));
    }
    return depth == 0;
}

static const struct form *form_named(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (word.n == strlen(forms[i].word) && strncasecmp(word.p, forms[i].word, word.n) == 0)
            return &forms[i];
    return NULL;
}

static struct rough rough_for(struct arena *a, const struct form *f, size_t points, size_t rings)
{
    return (struct rough){ .kind = f->kind, .at = NEW_N(a, struct geo_point, points + 1),
        .rings = NEW_N(a, struct rough_ring, rings + 1) };
}

static enum err finish(const struct rough *r, bool good, struct rough *ret, struct err_info *info)
{
    if (!good || (r->kind == ROUGH_POINT && r->point_count != 1))
        return broken_text(info);
    *ret = *r;
    return OK;
}

static enum err read_json(struct arena *a, struct str text, struct rough *ret,
    struct err_info *info)
{
    struct str type = json_cut_find(text, "type"), at = json_cut_find(text, "coordinates");
    if (text.n == 0 || str_is(text, "null")) {
        *ret = (struct rough){ .kind = ROUGH_NONE };
        return OK;
    }
    if (type.n < 2)
        return broken_text(info);
    type = (struct str){ type.p + 1, type.n - 2 };
    const struct form *f = form_named(type);
    if (f == NULL)
        return wrong_kind(info, type);
    if (at.n == 0)
        return broken_text(info);
    struct rough r = rough_for(a, f, opened(at, '[', ']', f->json_depth),
        opened(at, '[', ']', f->json_depth - 1));
    r.left = true;
    struct gather g = { &r, false };
    return finish(&r, gather_json(&g, at, f->json_depth), ret, info);
}

static struct str take_word(struct str *s)
{
    size_t n = 0;
    while (n < s->n && strchr(" \t\r\n(", s->p[n]) == NULL)
        n++;
    struct str word = { s->p, n };
    *s = str_trim((struct str){ s->p + n, s->n - n });
    return word;
}

static enum err read_wkt(struct arena *a, struct str text, struct rough *ret,
    struct err_info *info)
{
    ptrdiff_t srid = text.n > 5 && strncasecmp(text.p, "SRID=", 5) == 0
        ? str_find(text, STR(";")) : -1;
    struct str rest = { text.p + srid + 1, text.n - (size_t)(srid + 1) };
    struct str word = take_word(&rest);
    if (text.n == 0) {
        *ret = (struct rough){ .kind = ROUGH_NONE };
        return OK;
    }
    const struct form *f = form_named(word);
    if (f == NULL)
        return wrong_kind(info, str_head(word, 20));
    while (rest.n && *rest.p != '(' && strncasecmp(rest.p, "EMPTY", rest.n < 5 ? rest.n : 5) != 0)
        (void)take_word(&rest);             /* Z, M or ZM */
    struct rough r = rough_for(a, f, count_of(rest, ',') + opened(rest, '(', ')', f->wkt_depth),
        opened(rest, '(', ')', f->wkt_depth));
    if (rest.n == 0 || *rest.p != '(') {
        r.kind = ROUGH_AREA;                /* EMPTY */
        *ret = r;
        return OK;
    }
    struct gather g = { &r, false };
    return finish(&r, gather_wkt(&g, rest, f->wkt_depth), ret, info);
}

enum err rough_read(struct arena *a, enum shape_format format, struct str text,
    struct rough *ret, struct err_info *info)
{
    CHECK(format == SHAPE_GEOJSON || format == SHAPE_WKT);
    text = str_trim(text);
    return format == SHAPE_GEOJSON ? read_json(a, text, ret, info)
        : read_wkt(a, text, ret, info);
}
