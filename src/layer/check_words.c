/* check_words.c: the codes, parents, kinds and names that rows give themselves. */
#include "layer/check.h"

enum {
    DIVISION_DIGITS = 12, GRID_DIGITS = 15, MICRO_DIGITS = 17, POLICE_DIGITS_MIN = 6,
    DIGITS_MAX = 18, NAME_CHARS_MAX = 60, KIND_CHARS_MAX = 20, IN_GRID = 100, IN_COMMUNITY = 1000,
    IN_TOWN = 1000, IN_AREA = 1000000, IN_CITY = 100000000, SERIAL_DEDICATED = 900,
};

static bool digits_fit(enum map_layer layer, size_t n)
{
    switch (layer) {
    case LAYER_DIVISION: return n == DIVISION_DIGITS;
    case LAYER_GRID: return n == GRID_DIGITS;
    case LAYER_MICRO: return n == MICRO_DIGITS;
    case LAYER_POLICE: return n >= POLICE_DIGITS_MIN && n <= DIGITS_MAX;
    case LAYER_COUNT: break;
    }
    return false;
}

static void check_code(struct layer_check *k, size_t i, struct str text)
{
    static const struct msg wants[LAYER_COUNT] = {
        [LAYER_DIVISION] = { "区划代码为 12 位数字，现为 %s",
            "A division's code has 12 digits; this is %s" },
        [LAYER_GRID] = { "网格编码为 15 位数字(社区代码 12 位加 3 位)，现为 %s",
            "A grid's code has 15 digits, its community's 12 and 3 more; this is %s" },
        [LAYER_MICRO] = { "微网格编码为 17 位数字(所属网格编码 15 位加 2 位)，现为 %s",
            "A micro-grid's code has 17 digits, its grid's 15 and 2 more; this is %s" },
        [LAYER_POLICE] = { "警务网格编码为 6 至 18 位数字，现为 %s",
            "A police grid's code has 6 to 18 digits; this is %s" },
    };
    int64_t code = 0;
    double number;
    if (text.n == 0)
        row_fault(k, i, "code", MSG("缺少编码；列名不同时请在“列名对应”(--map)写 code=列名",
            "The code is missing; if its column has another name, write code=COLUMN at Columns (--map)"), STR_NONE);
    else if ((memchr(text.p, 'E', text.n) || memchr(text.p, 'e', text.n))
        && str_to_f64(text, &number))
        row_fault(k, i, "code", MSG("编码 %s 成了科学计数法，末尾几位已丢失；请将该列设为“文本”后重填",
            "The code %s is written with an exponent and has lost its last digits; format the column as"
            " text and enter it again"), text);
    else if (!digits_fit(k->want.layer, text.n) || !str_to_i64(text, &code) || code <= 0)
        row_fault(k, i, "code", wants[k->want.layer], text);
    else
        k->plan->rows[i].code = code;
}

/* Parents ---------------------------------------------------------------------------------- */

static int64_t level_of(int64_t code)
{
    return code % IN_CITY == 0 ? LEVEL_CITY : code % IN_AREA == 0 ? LEVEL_COUNTY
        : code % IN_TOWN == 0 ? LEVEL_TOWN : LEVEL_COMMUNITY;
}

static int64_t division_above(int64_t code)
{
    switch (level_of(code)) {
    case LEVEL_COMMUNITY: return code / IN_TOWN * IN_TOWN;
    case LEVEL_TOWN: return code / IN_AREA * IN_AREA;
    case LEVEL_COUNTY: return code / IN_CITY * IN_CITY;
    default: return 0;
    }
}

static bool is_share_of_name(struct str a, struct str b)
{
    return str_find(a, b) >= 0 || str_find(b, a) >= 0;
}

/* Whether what the row says of its parent, a code or a name, is what its code says. */
static bool parent_agrees(struct str said, int64_t code, struct str name)
{
    int64_t number = 0;
    if (said.n == 0)
        return true;
    return str_to_i64(said, &number) ? number == code : is_share_of_name(said, name);
}

static void check_division(struct layer_check *k, size_t i, struct str said)
{
    struct zone_row *z = &k->plan->rows[i];
    int64_t given = 0;
    z->level = level_of(z->code);
    z->parent = str_to_i64(said, &given) && given > 0 ? given : division_above(z->code);
    if (z->level > LEVEL_CITY && division_find(k->c, z->parent) == NULL
        && row_with(k, z->parent) == NULL)
        row_fault(k, i, "parent", MSG("没有上级区划 %s，请先导入它或改正代码",
            "There is no division %s above it; import that first or correct the code"),
            arena_fmt(k->a, "%lld", (long long)z->parent));
}

static void check_grid(struct layer_check *k, size_t i, struct str said)
{
    struct zone_row *z = &k->plan->rows[i];
    const struct division *d = division_find(k->c, z->code / IN_COMMUNITY);
    z->parent = z->code / IN_COMMUNITY;
    z->level = LEVEL_GRID;
    if (d == NULL)
        row_fault(k, i, "code", MSG("没有社区 %s，请先导入区划或改正编码",
            "There is no community %s; import divisions first or correct the code"),
            arena_fmt(k->a, "%lld", (long long)z->parent));
    else if (!parent_agrees(said, d->code, d->name))
        row_fault(k, i, "parent", text_msg(arena_fmt(k->a, "编码属于%.*s，所属社区却写作%.*s：两个社区都主张"
                "这个网格，请确定归属", STR_FMT(d->name), STR_FMT(str_head(said, 20))),
            arena_fmt(k->a, "By its code it is of %.*s, by its column of %.*s: two communities claim"
                " this grid; decide whose it is", STR_FMT(d->name), STR_FMT(str_head(said, 20)))),
            STR_NONE);
}

static void check_micro(struct layer_check *k, size_t i, struct str said)
{
    struct zone_row *z = &k->plan->rows[i];
    z->parent = z->code / IN_GRID;
    z->level = LEVEL_MICRO;
    const struct grid *g = grid_find(k->c, z->parent);
    struct str code = arena_fmt(k->a, "%lld", (long long)z->parent);
    if (g == NULL)
        row_fault(k, i, "code", MSG("没有网格 %s，请先导入网格或改正编码",
            "There is no grid %s; import grids first or correct the code"), code);
    else if (!parent_agrees(said, g->code, g->name))
        row_fault(k, i, "parent", MSG("按编码属于网格 %s，与所属网格一列不符，请确定归属",
            "By its code it is of grid %s, by its column of another; decide whose it is"), code);
}

static const struct unit *station_named(const struct catalogue *c, struct str word)
{
    const struct unit *units = catalogue_units(c).p;
    int64_t id = 0;
    const struct unit *u = str_to_i64(word, &id) ? unit_find(c, id) : NULL;
    for (size_t i = 0; i < catalogue_units(c).n && u == NULL; i++)
        if (str_eq(units[i].code, word) || str_eq(units[i].name, word))
            u = &units[i];
    return u;
}

static void check_police(struct layer_check *k, size_t i, struct str said)
{
    struct zone_row *z = &k->plan->rows[i];
    const struct unit *u = said.n ? station_named(k->c, said) : NULL;
    const struct zone_row *before = said.n ? NULL : stored_with(k, z->code);
    z->level = LEVEL_POLICE;
    z->parent = u ? u->id : before ? before->parent : 0;
    if (z->parent == 0)
        row_fault(k, i, "parent", said.n ? MSG("没有派出所“%s”(编码、编号或名称)，请先导入单位或改正",
                "There is no police station \"%s\" (code, number or name); import units first or"
                " correct it")
            : MSG("缺少所属派出所", "The police station it belongs to is missing"), said);
}

/* Kinds and names -------------------------------------------------------------------------- */

static void check_grid_kind(struct layer_check *k, size_t i, struct str said)
{
    struct zone_row *z = &k->plan->rows[i];
    bool base = str_is(said, "base") || str_starts(said, STR("基础")) || str_starts(said, STR("一般"))
        || str_starts(said, STR("普通"));
    bool dedicated = str_is(said, "dedicated") || str_starts(said, STR("专"));
    if (said.n && !base && !dedicated)
        row_fault(k, i, "kind", MSG("网格类型为 base(基础网格)或 dedicated(专属网格)，现为 %s",
            "A grid is base or dedicated, not %s"), said);
    if (said.n == 0)
        dedicated = z->code % IN_COMMUNITY > SERIAL_DEDICATED;
    z->kind = dedicated ? STR("dedicated") : STR("base");
}

/* What the kind of a division of each level has in its name, as registers write it, or its form. A
 * kind of another level beside a code tells that the code has lost its end. */
static const char *const kind_parts[][16] = {
    [LEVEL_CITY] = { "市", "州", "地区", "盟", "省", "地级", "city", "prefecture" },
    [LEVEL_COUNTY] = { "区", "县", "市", "旗", "district", "county", "city" },
    [LEVEL_TOWN] = { "镇", "乡", "街", "苏木", "区", "场", "团", "办事处", "town", "street", "subdistrict" },
    [LEVEL_COMMUNITY] = { "社区", "村", "居", "嘎查", "区", "场", "连", "队", "委员会", "community",
        "village", "neighbourhood" },
};

static void check_division_kind(struct layer_check *k, size_t i, struct str said)
{
    const char *const *parts = kind_parts[k->plan->rows[i].level];
    bool known = false, low = str_find(said, STR("社区")) >= 0;
    for (; *parts && !known; parts++)
        known = str_find(said, str_c(*parts)) >= 0;
    if (said.n && (!known || (low && k->plan->rows[i].level < LEVEL_COMMUNITY)))
        row_fault(k, i, "kind", MSG("没有“%s”这一种区划(按编码的级别)；请改正类型或编码，不知道就不填",
            "By the level of its code there is no division of kind \"%s\"; correct kind or code, or leave"
            " the kind empty"), said);
}

static struct str usual_kind(const struct zone_row *z)
{
    switch (z->level) {
    case LEVEL_CITY: return STR("市");
    case LEVEL_COUNTY: return STR("区县");
    case LEVEL_TOWN: return STR("镇街");
    case LEVEL_COMMUNITY: return STR("社区");
    case LEVEL_MICRO: return STR("micro");
    case LEVEL_POLICE: return STR("police");
    default: return STR("");
    }
}

static void check_name(struct layer_check *k, size_t i, struct str said,
    const struct zone_row *before)
{
    struct zone_row *z = &k->plan->rows[i];
    z->name = said.n ? said : before ? before->name : STR_NONE;
    if (z->name.n == 0)
        row_fault(k, i, "name", MSG("缺少名称", "The name is missing"), STR_NONE);
    else if (str_chars(z->name) > NAME_CHARS_MAX)
        row_fault(k, i, "name", MSG("名称最多 60 字：%s", "A name has at most 60 characters: %s"),
            z->name);
}

static void check_row(struct layer_check *k, size_t i)
{
    const struct feature *f = &k->f->at[i];
    struct zone_row *z = &k->plan->rows[i];
    struct str said = f->values[FIELD_PARENT], kind = f->values[FIELD_KIND];
    const struct zone_row *before = stored_with(k, z->code);
    switch (k->want.layer) {
    case LAYER_DIVISION: check_division(k, i, said); break;
    case LAYER_GRID: check_grid(k, i, said); break;
    case LAYER_MICRO: check_micro(k, i, said); break;
    case LAYER_POLICE: check_police(k, i, said); break;
    case LAYER_COUNT: break;
    }
    if (kind.n == 0 && before)
        kind = before->kind;
    z->kind = kind.n ? str_head(kind, KIND_CHARS_MAX) : usual_kind(z);
    if (k->want.layer == LAYER_GRID)
        check_grid_kind(k, i, kind);
    if (k->want.layer == LAYER_DIVISION && z->code)
        check_division_kind(k, i, f->values[FIELD_KIND]);
    check_name(k, i, f->values[FIELD_NAME], before);
}

static bool is_yes(struct str word)
{
    static const char *const words[] = { "true", "1", "yes", "y", "t", "是", "已撤销", "撤销" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static void check_removed(struct layer_check *k, size_t i)
{
    struct zone_row *z = &k->plan->rows[i];
    const struct zone_row *before = stored_with(k, z->code);
    if (before == NULL) {
        row_fault(k, i, "code", MSG("编码 %s 本来就没有，不能撤销", "There is no %s to take away"),
            k->f->at[i].values[FIELD_CODE]);
        return;
    }
    size_t row = z->row;
    *z = *before;
    z->row = row;
    z->change = ZONE_REMOVED;
}

void check_codes(struct layer_check *k)
{
    for (size_t i = 0; i < k->f->n; i++) {
        const struct feature *f = &k->f->at[i];
        check_code(k, i, f->values[FIELD_CODE]);
        if (f->fault)
            row_fault(k, i, f->fault->field, (struct msg){ f->fault->zh, f->fault->en }, STR_NONE);
    }
}

static void same_code(struct layer_check *k, size_t i, size_t other)
{
    row_fault(k, i, "code", MSG("编码与第 %s 行相同，请只留一行或改正编码",
        "The same code as in row %s; keep one or correct it"), arena_fmt(k->a, "%zu", other));
}

/* Each row that shares its code names another one of them. */
static void check_repeated(struct layer_check *k)
{
    struct zone_row *rows = k->plan->rows;
    for (size_t j = 1; j < k->f->n; j++) {
        size_t i = k->by_code[j - 1], again = k->by_code[j];
        if (rows[i].code == 0 || rows[i].code != rows[again].code)
            continue;
        if (j == 1 || rows[k->by_code[j - 2]].code != rows[i].code)
            same_code(k, i, rows[again].row);
        same_code(k, again, rows[i].row);
    }
}

void check_words(struct layer_check *k)
{
    for (size_t i = 0; i < k->f->n; i++) {
        if (k->plan->rows[i].code == 0)
            continue;
        if (is_yes(k->f->at[i].values[FIELD_REMOVED]))
            check_removed(k, i);
        else
            check_row(k, i);
    }
    check_repeated(k);
}
