/* register.c: the register of divisions. */
#include "demo/register.h"
#include "demo/data.h"

static bool cut_end(struct str *s, const char *end)
{
    struct str tail = str_c(end);
    if (s->n <= tail.n || memcmp(s->p + s->n - tail.n, tail.p, tail.n) != 0)
        return false;
    s->n -= tail.n;
    return true;
}

static struct str community_name(struct str s)
{
    static const char *const offices[] = { "居民委员会", "居民委会", "居委会", "民委员会", "委会" };
    for (size_t i = 0; i < COUNT_OF(offices); i++) {
        if (cut_end(&s, offices[i]))
            break;
    }
    return s;
}

static struct str township_name(struct str s)
{
    static const char *const kinds[] = { "街道", "镇", "乡" };
    ptrdiff_t bracket = str_find(s, STR("（"));
    if (bracket > 0)
        s.n = (size_t)bracket;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (cut_end(&s, kinds[i]))
            break;
    }
    return s;
}

static struct reg_place place_of(const struct str f[5])
{
    int64_t level;
    CHECK(str_to_i64(f[2], &level) && level >= LEVEL_CITY && level < LEVEL_COUNT);
    struct reg_place p = { .code12 = f[0], .parent12 = f[1], .kind = f[3], .name = f[4],
        .short_name = f[4], .level = (int)level };
    if (level == LEVEL_COMMUNITY)
        p.short_name = community_name(p.name);
    else if (level == LEVEL_TOWNSHIP)
        p.short_name = township_name(p.name);
    return p;
}

static const size_t prefix_digits[LEVEL_COUNT] = { [LEVEL_CITY] = 4, [LEVEL_DISTRICT] = 6,
    [LEVEL_TOWNSHIP] = 9, [LEVEL_COMMUNITY] = 12 };

uint32_t register_find(const struct reg *r, int level, struct str prefix)
{
    for (uint32_t i = r->first[level]; i < r->first[level + 1]; i++) {
        if (str_starts(r->at[i].code12, (struct str){ prefix.p, prefix_digits[level] }))
            return i;
    }
    CHECK(!"a place of the register is missing");
}

static void link_parents(struct reg *r)
{
    for (uint32_t i = r->first[LEVEL_DISTRICT]; i < r->count; i++) {
        uint32_t up = register_find(r, r->at[i].level - 1, r->at[i].parent12);
        struct reg_place *parent = &r->at[up];
        r->at[i].parent = up;
        if (parent->child_count++ == 0)
            parent->child_first = i;
        CHECK(parent->child_first + parent->child_count == i + 1);
    }
}

struct reg register_load(struct arena *a)
{
    struct str text = data_divisions(), rest, f[5];
    struct reg r = { 0 };
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    r.at = NEW_N(a, struct reg_place, lines);
    (void)str_cut(text, '\n', &rest);
    while (data_row(&rest, f, COUNT_OF(f))) {
        struct reg_place p = place_of(f);
        CHECK(r.count < lines && (r.count == 0 || r.at[r.count - 1].level <= p.level));
        r.at[r.count++] = p;
        for (int l = p.level + 1; l <= LEVEL_COUNT; l++)
            r.first[l] = r.count;
    }
    link_parents(&r);
    return r;
}
