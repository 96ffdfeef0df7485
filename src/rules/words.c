/* words.c: what stands in the columns of rules, in words; and what may be chosen for each. */
#include "rules/rules.h"
#include <stdio.h>

RECORD_DEFINE(rule_choice, RULE_CHOICE)
RECORD_DEFINE(rule_choices_in, RULE_CHOICES_IN)
RECORD_DEFINE(rule_choices, RULE_CHOICES)

const char *const rule_choice_fields[] = { "area", "avoid", NULL };

/* In words -------------------------------------------------------------------------------------- */

static const struct { const char *word, *zh, *en; } times[] = {
    { "work", "工作时间", "in working hours" }, { "off", "非工作时间", "outside working hours" },
    { "night", "夜间（22 点至 6 点）", "at night (22:00 to 6:00)" },
    { "workday", "工作日", "on worked days" }, { "free", "休息日", "on days off" },
};

static struct str time_word(struct cx *cx, struct str word)
{
    for (size_t i = 0; i < COUNT_OF(times); i++)
        if (str_is(word, times[i].word))
            return cx_text(cx, times[i].zh, times[i].en);
    return word;
}

static struct str category_word(struct cx *cx, struct str code)
{
    const struct category *c = category_find(cx->cat, code);
    return c ? cx_text(cx, c->name.p, c->name_en.p) : code;
}

static struct str tier_word(struct cx *cx, int64_t tier)
{
    return arena_fmt(cx->a, cx->lang == LANG_EN ? "%.*s or higher" : "%.*s及以上",
        STR_FMT(view_tier_name(cx, tier)));
}

static struct str area_word(struct cx *cx, struct str area)
{
    int64_t code = 0;
    for (size_t i = 0; i < 12; i++)
        code = code * 10 + (i < area.n ? area.p[i] - '0' : 0);
    const struct division *d = division_find(cx->cat, code);
    return d ? d->name : area;
}

/* Where names of several units end alike, from a word on: what they are without their divisions. */
static struct str common_end(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[a.n - n - 1] == b.p[b.n - n - 1])
        n++;
    while (n && n < a.n && a.p[a.n - n - 1] != ' ')
        n--;
    return (struct str){ a.p + a.n - n, n };
}

/* The unit that a function is named after: the highest one that has it first among its functions. */
static const struct unit *unit_typical(const struct catalogue *c, struct str function)
{
    const struct unit *u = catalogue_units(c).p, *found = NULL;
    bool found_first = false;
    for (size_t i = 0; i < catalogue_units(c).n; i++) {
        struct str rest;
        bool first = str_eq(str_cut(u[i].functions, ' ', &rest), function);
        if (!str_has_word(u[i].functions, function) || (found_first && !first))
            continue;
        if (found == NULL || (first && !found_first) || u[i].level < found->level)
            found = &u[i];
        found_first |= first;
    }
    return found;
}

static struct str function_title(struct cx *cx, const struct unit *typical)
{
    const struct unit *u = catalogue_units(cx->cat).p;
    const struct division *d = division_find(cx->cat, typical->region);
    struct str end = typical->name_en, name = typical->name;
    if (cx->lang != LANG_EN && typical->desk && d && str_starts(name, d->name))
        return (struct str){ name.p + d->name.n, name.n - d->name.n };
    if (cx->lang != LANG_EN)
        return unit_title(cx->cat, typical);
    for (size_t i = 0; i < catalogue_units(cx->cat).n; i++)
        if (str_eq(u[i].functions, typical->functions)) {
            struct str both = common_end(end, u[i].name_en);
            end = both.n ? both : end;
        }
    return str_trim(end);
}

static const struct { const char *word, *zh, *en; } special[] = {
    { "desk", "综治中心或居委会", "desk" },
    { "owner", "类别所属的主管部门", "department that the category names" },
    { "station", "辖区派出所", "local police station" },
};

static struct str function_word(struct cx *cx, struct str function)
{
    for (size_t i = 0; i < COUNT_OF(special); i++)
        if (str_is(function, special[i].word))
            return cx_text(cx, special[i].zh, special[i].en);
    const struct unit *u = unit_typical(cx->cat, function);
    return u ? function_title(cx, u) : function;
}

static struct str level_word(struct cx *cx, struct str word)
{
    return level_by_word(word) ? level_name(cx, level_by_word(word)) : word;
}

static void add_part(struct buf *b, struct str part)
{
    if (b->n)
        buf_add(b, STR(" · "));
    buf_add(b, part);
}

struct str rule_when(struct cx *cx, const struct rule *r)
{
    struct buf b = buf_in(cx->a, 4096);
    if (r->time.n)
        add_part(&b, time_word(cx, r->time));
    if (r->category.n)
        add_part(&b, category_word(cx, r->category));
    if (r->tier_min > 1)
        add_part(&b, tier_word(cx, r->tier_min));
    if (r->origin.n)
        add_part(&b, view_origin_name(cx, r->origin));
    if (r->area.n)
        add_part(&b, area_word(cx, r->area));
    if (r->place.n)
        add_part(&b, place_kind_name(cx, r->place));
    return b.n ? buf_str(&b) : cx_text(cx, "其余所有事项", "everything else");
}

struct str rule_goes(struct cx *cx, const struct rule *r)
{
    struct buf b = buf_in(cx->a, 4096);
    buf_fmt(&b, cx->lang == LANG_EN ? "%.*s: %.*s" : "%.*s：%.*s", STR_FMT(level_word(cx, r->level)),
        STR_FMT(function_word(cx, r->function)));
    if (r->max_level.n)
        add_part(&b, arena_fmt(cx->a, cx->lang == LANG_EN ? "not to be handed below %.*s level"
            : "不得下推到%.*s以下", STR_FMT(level_word(cx, r->max_level))));
    if (r->avoid.n)
        add_part(&b, cx_text(cx, "反映某单位的，不交给那个单位，交其上级",
            "if it is about a unit, not to that unit but to the desk above"));
    return buf_str(&b);
}

/* What there is to choose ------------------------------------------------------------------------ */

enum { CHOICES_MAX = 300000 };
struct choosing { struct cx *cx; struct rule_choice *rows; size_t n, room; };

static void choice_add(struct choosing *q, const char *field, struct str code, struct str name,
    struct str within)
{
    if (q->n < q->room)
        q->rows[q->n++] = (struct rule_choice){ str_c(field), code, name,
            within.n ? within : STR_NONE };
}

/* Among the rows from the given one on. */
static bool is_chosen(const struct choosing *q, size_t from, struct str code)
{
    for (size_t i = from; i < q->n; i++)
        if (str_eq(q->rows[i].code, code))
            return true;
    return false;
}

static void categories_add(struct choosing *q)
{
    struct list all = catalogue_categories(q->cx->cat);
    const struct category *c = all.p;
    for (size_t i = 0; i < all.n; i++) {
        struct str above = { c[i].code.p, c[i].code.n - 2 };
        choice_add(q, "category", c[i].code, category_word(q->cx, c[i].code),
            above.n ? category_word(q->cx, above) : STR_NONE);
    }
}

/* One name each: a function stands in those of many units. */
static void functions_add(struct choosing *q)
{
    struct list all = catalogue_units(q->cx->cat);
    const struct unit *u = all.p;
    size_t from = q->n;
    for (size_t i = 0; i < COUNT_OF(special); i++)
        choice_add(q, "function", str_c(special[i].word),
            function_word(q->cx, str_c(special[i].word)), STR_NONE);
    for (size_t i = 0; i < all.n; i++)
        for (struct str rest = u[i].functions; rest.n;) {
            struct str word = str_cut(rest, ' ', &rest);
            if (word.n && !is_chosen(q, from, word))
                choice_add(q, "function", word, function_word(q->cx, word), STR_NONE);
        }
}

static void places_add(struct choosing *q)
{
    struct list all = catalogue_grids(q->cx->cat);
    const struct grid *g = all.p;
    size_t from = q->n;
    const struct str known[] = { STR("base"), STR("dedicated") };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        choice_add(q, "place", known[i], place_kind_name(q->cx, known[i]), STR_NONE);
    for (size_t i = 0; i < all.n; i++)
        if (!is_chosen(q, from, g[i].kind))
            choice_add(q, "place", g[i].kind, place_kind_name(q->cx, g[i].kind), STR_NONE);
}

static void words_add(struct choosing *q)
{
    static const char *const levels[] = { "community", "town", "county", "city" };
    struct cx *cx = q->cx;
    categories_add(q);
    for (int tier = 2; tier <= 4; tier++)
        choice_add(q, "tier_min", arena_fmt(cx->a, "%d", tier), tier_word(cx, tier), STR_NONE);
    for (size_t i = 0; view_origin_word(i); i++)
        choice_add(q, "origin", str_c(view_origin_word(i)),
            view_origin_name(cx, str_c(view_origin_word(i))), STR_NONE);
    for (size_t i = 0; i < COUNT_OF(times); i++)
        choice_add(q, "time", str_c(times[i].word), time_word(cx, str_c(times[i].word)), STR_NONE);
    places_add(q);
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        choice_add(q, "level", str_c(levels[i]), level_word(cx, str_c(levels[i])), STR_NONE);
        choice_add(q, "max_level", str_c(levels[i]), level_word(cx, str_c(levels[i])), STR_NONE);
    }
    functions_add(q);
}

/* The beginning of a division's code that all below it share. */
static struct str area_code(struct arena *a, const struct division *d)
{
    struct str code = arena_fmt(a, "%012lld", (long long)d->code);
    code.n = d->level == LEVEL_CITY ? 4 : d->level == LEVEL_COUNTY ? 6 : d->level == LEVEL_TOWN ? 9
        : code.n;
    return code;
}

static void areas_add(struct choosing *q)
{
    struct list all = catalogue_divisions(q->cx->cat);
    const struct division *d = all.p;
    for (size_t i = 0; i < all.n; i++) {
        const struct division *above = division_find(q->cx->cat, d[i].parent);
        if (d[i].level >= LEVEL_CITY)
            choice_add(q, "area", area_code(q->cx->a, &d[i]), d[i].name,
                above ? above->name : STR_NONE);
    }
}

static void units_add(struct choosing *q)
{
    struct list all = catalogue_units(q->cx->cat);
    const struct unit *u = all.p;
    choice_add(q, "avoid", STR("named"), cx_text(q->cx, "文字里点到名的单位", "a unit that the text names"),
        STR_NONE);
    for (size_t i = 0; i < all.n; i++)
        choice_add(q, "avoid", u[i].code, unit_name(&u[i], q->cx->lang), STR_NONE);
}

enum err rules_choices(struct cx *cx, const void *in, struct buf *out)
{
    struct str field = ((const struct rule_choices_in *)in)->field;
    size_t room = catalogue_divisions(cx->cat).n + catalogue_units(cx->cat).n
        + catalogue_categories(cx->cat).n + 2000;
    struct choosing q = { .cx = cx, .room = room < CHOICES_MAX ? room : CHOICES_MAX };
    q.rows = NEW_N(cx->a, struct rule_choice, q.room);
    if (str_is(field, "area"))
        areas_add(&q);
    else if (str_is(field, "avoid"))
        units_add(&q);
    else
        words_add(&q);
    record_to_json(out, &rule_choices_record, &(struct rule_choices){ { q.rows, q.n } });
    return OK;
}
