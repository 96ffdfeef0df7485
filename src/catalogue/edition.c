/* edition.c: the checks of each small catalogue. */
#include "catalogue/edition.h"
#include "catalogue/keeping.h"
#include "catalogue/route.h"
#include <stdio.h>

struct check {
    const struct catalogue *c;
    struct sheet sheet;
    struct faults *f;
};

static bool is_one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_is(word, *words))
            return true;
    return false;
}

/* Whether any unit has the function. */
static bool function_known(const struct catalogue *c, struct str function)
{
    const struct unit *units = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        if (str_has_word(units[i].functions, function))
            return true;
    return false;
}

/* Whether code is a category among cats, or the beginning of some. */
static bool category_known(struct list cats, struct str code)
{
    const struct category *cat = cats.p;
    bool known = code.n == 0;
    for (size_t i = 0; i < cats.n && !known; i++)
        known = str_starts(cat[i].code, code);
    return known;
}

static void needs_category(const struct check *k, size_t line, struct str code)
{
    if (!category_known(catalogue_categories(k->c), code))
        fault_add(k->f, line, "category", MSG("没有类别 %s，请先导入类别或改正编码",
            "There is no category %s; import categories first or correct the code"), code);
}

/* Categories ------------------------------------------------------------------------------- */

static bool is_code(struct str code)
{
    bool good = code.n % 2 == 0;
    for (size_t i = 0; i < code.n; i++)
        good &= code.p[i] >= '0' && code.p[i] <= '9';
    return good;
}

static void check_category(const struct check *k, size_t i)
{
    const struct category *cats = k->sheet.rows.p, *cat = &cats[i];
    size_t line = k->sheet.lines[i];
    bool parent = cat->code.n <= 2;
    if (!is_code(cat->code))
        fault_add(k->f, line, "code", MSG("编码每级两位数字，现为 %s",
            "A code has two digits a level; this is %s"), cat->code);
    for (size_t j = 0; j < k->sheet.rows.n; j++) {
        parent |= cats[j].code.n == cat->code.n - 2 && str_starts(cat->code, cats[j].code);
        if (j < i && str_eq(cats[j].code, cat->code))
            fault_add(k->f, line, "code", MSG("编码 %s 重复", "Code %s is used twice"), cat->code);
    }
    if (!parent)
        fault_add(k->f, line, "code", MSG("类别 %s 的上级类别不存在",
            "The category above %s does not exist"), cat->code);
    if (cat->function.n && !function_known(k->c, cat->function))
        fault_add(k->f, line, "function", MSG("没有单位承担“%s”，请先导入单位或改正职能",
            "No unit has the function \"%s\"; import units first or correct it"), cat->function);
}

/* What is in force must not lose the category it stands on. */
static void check_categories(const struct check *k)
{
    const struct limit *limits = catalogue_limits(k->c).p;
    const struct rule *rules = catalogue_rules(k->c).p;
    const struct template *templates = catalogue_templates(k->c).p;
    const struct msg lost = MSG("现行的期限、规则或模板还在用类别 %s，请保留",
        "A limit, rule or template in force still uses category %s; keep it");
    for (size_t i = 0; i < catalogue_limits(k->c).n; i++)
        if (!category_known(k->sheet.rows, limits[i].category))
            fault_add(k->f, 0, "limit", lost, limits[i].category);
    for (size_t i = 0; i < catalogue_rules(k->c).n; i++)
        if (!category_known(k->sheet.rows, rules[i].category))
            fault_add(k->f, 0, "rule", lost, rules[i].category);
    for (size_t i = 0; i < catalogue_templates(k->c).n; i++)
        if (!category_known(k->sheet.rows, templates[i].category))
            fault_add(k->f, 0, "template", lost, templates[i].category);
}

/* Limits ----------------------------------------------------------------------------------- */

static void check_limit(const struct check *k, size_t i)
{
    const struct limit *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i];
    needs_category(k, line, row->category);
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows[j].stage, row->stage) && str_starts(row->category, rows[j].category)
            && (rows[j].tier == 0 || rows[j].tier == row->tier)) {
            fault_add(k->f, line, "category", MSG("前面的行已经包括这一种情况，本行用不到，请移到前面",
                "An earlier row already covers this case; move this one before it"), STR_NONE);
            return;
        }
}

static const struct { const char *word, *zh, *en; } stages[] = {
#define X(word, zh, en) { word, zh, en },
    MATTER_STAGES(X)
#undef X
};

struct str limit_stages_without(struct arena *a, struct list limits, enum lang lang)
{
    const struct limit *rows = limits.p;
    struct buf b = buf_in(a, 256);
    for (size_t k = 0; k < COUNT_OF(stages); k++) {
        bool any = false;
        for (size_t i = 0; i < limits.n; i++)
            any |= str_is(rows[i].stage, stages[k].word) && rows[i].category.n == 0
                && rows[i].tier == 0;
        if (!any)
            buf_fmt(&b, "%s%s", b.n ? ", " : "", lang == LANG_EN ? stages[k].en : stages[k].zh);
    }
    return buf_str(&b);
}

static void advise_limits(struct arena *a, struct list limits, struct faults *f)
{
    struct str zh = limit_stages_without(a, limits, LANG_ZH),
        en = limit_stages_without(a, limits, LANG_EN);
    if (limits.n && zh.n)
        fault_add(f, 0, "", (struct msg){ arena_fmt(a, "这些环节没有对所有类别和等级的期限，按五个工作日算：%.*s。"
            "请各加一行，类别留空，等级为 0", STR_FMT(zh)).p, arena_fmt(a, "Stages without a limit for"
            " every category and tier, where five working days count: %.*s. Add a row for each, without"
            " a category and with tier 0", STR_FMT(en)).p }, STR_NONE);
}

/* Rules ------------------------------------------------------------------------------------ */

static bool unit_code_known(const struct catalogue *c, struct str code)
{
    const struct unit *units = catalogue_units(c).p;
    for (size_t i = 0; i < catalogue_units(c).n; i++)
        if (str_eq(units[i].code, code))
            return true;
    return false;
}

/* Whether the code of any division begins so. */
static bool area_known(const struct catalogue *c, struct str area)
{
    const struct division *d = catalogue_divisions(c).p;
    char code[24];
    bool known = false;
    for (size_t i = 0; i < catalogue_divisions(c).n && !known; i++) {
        (void)snprintf(code, sizeof(code), "%012lld", (long long)d[i].code);
        known = str_starts(str_c(code), area);
    }
    return known;
}

static void check_rule_place(const struct check *k, const struct rule *row, size_t line)
{
    const struct grid *grids = catalogue_grids(k->c).p;
    bool known = row->place.n == 0 || str_is(row->place, "base") || str_is(row->place, "dedicated");
    if (row->area.n && !area_known(k->c, row->area))
        fault_add(k->f, line, "area", MSG("没有编码以 %s 开头的区划，请改正或留空",
            "No division's code begins with %s; correct it or leave it empty"), row->area);
    for (size_t i = 0; i < catalogue_grids(k->c).n && !known; i++)
        known = str_eq(grids[i].kind, row->place);
    if (!known)
        fault_add(k->f, line, "place", MSG("没有“%s”这种网格，可用 base dedicated 或专属网格的种类",
            "No grid is of kind \"%s\"; use base, dedicated or a kind of dedicated grid"), row->place);
}

static void check_rule_unit(const struct check *k, const struct rule *row, size_t line)
{
    static const char *const special[] = { "desk", "owner", "station", NULL };
    if (level_by_word(row->max_level) && level_by_word(row->level) > level_by_word(row->max_level))
        fault_add(k->f, line, "max_level", MSG("规则自己就派到了 %s 以下，请改 level 或 max_level",
            "The rule itself goes below %s; change level or max_level"), row->max_level);
    if (!is_one_of(row->function, special) && !function_known(k->c, row->function))
        fault_add(k->f, line, "function", MSG("没有单位承担“%s”，可用 desk owner station 或单位的职能",
            "No unit has the function \"%s\"; use desk, owner, station or a unit's function"),
            row->function);
    for (struct str rest = row->avoid; rest.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        if (word.n && !str_is(word, "named") && !unit_code_known(k->c, word))
            fault_add(k->f, line, "avoid", MSG("没有编码为 %s 的单位，可用 named 或单位编码",
                "No unit has the code %s; use named or codes of units"), word);
    }
}

/* Whether all times that are b are a. */
static bool time_covers(struct str a, struct str b)
{
    return a.n == 0 || str_eq(a, b) || (str_is(a, "off") && (str_is(b, "night") || str_is(b, "free")))
        || (str_is(a, "workday") && str_is(b, "work"));
}

static bool rule_covers(const struct rule *a, const struct rule *b)
{
    bool place = a->place.n == 0 || str_eq(a->place, b->place)
        || (str_is(a->place, "dedicated") && b->place.n && !str_is(b->place, "base"));
    return str_starts(b->category, a->category) && a->tier_min <= b->tier_min
        && (a->origin.n == 0 || str_eq(a->origin, b->origin)) && str_starts(b->area, a->area)
        && time_covers(a->time, b->time) && place;
}

static void check_rule(const struct check *k, size_t i)
{
    const struct rule *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i];
    needs_category(k, line, row->category);
    check_rule_place(k, row, line);
    check_rule_unit(k, row, line);
    for (size_t j = 0; j < i; j++) {
        if (str_eq(rows[j].code, row->code))
            fault_add(k->f, line, "code", MSG("编码 %s 重复", "Code %s is used twice"), row->code);
        if (rule_covers(&rows[j], row)) {
            fault_add(k->f, line, "code", MSG("规则“%s”已经包括这一种情况，本行用不到，请移到它前面",
                "Rule \"%s\" already covers this case; move this row before it"), rows[j].code);
            return;
        }
    }
}

/* Days and templates ----------------------------------------------------------------------- */

static void check_day(const struct check *k, size_t i)
{
    const struct day *rows = k->sheet.rows.p;
    struct civil at = clock_civil(rows[i].date);
    if (at.hour || at.minute || at.second)
        fault_add(k->f, k->sheet.lines[i], "date", MSG("日期写作 yyyy-mm-dd，不带时间",
            "Write the date as yyyy-mm-dd, without a time"), STR_NONE);
    for (size_t j = 0; j < i; j++)
        if (rows[j].date == rows[i].date)
            fault_add(k->f, k->sheet.lines[i], "date", MSG("这一天写了两次",
                "This day is listed twice"), STR_NONE);
}

static void check_template(const struct check *k, size_t i)
{
    const struct template *rows = k->sheet.rows.p;
    needs_category(k, k->sheet.lines[i], rows[i].category);
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows[j].code, rows[i].code))
            fault_add(k->f, k->sheet.lines[i], "code", MSG("编码 %s 重复", "Code %s is used twice"),
                rows[i].code);
}

/* Deputies --------------------------------------------------------------------------------- */

static void check_deputy(const struct check *k, size_t i)
{
    const struct deputy *rows = k->sheet.rows.p;
    const struct unit *u = unit_find_code(k->c, rows[i].unit);
    if (u == NULL || !u->desk)
        fault_add(k->f, k->sheet.lines[i], "unit", MSG("没有代码为 %s 的综治中心或居委会，请核对单位代码",
            "No desk has the code %s; check the unit's code"), rows[i].unit);
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows[j].unit, rows[i].unit) && str_eq(rows[j].person, rows[i].person))
            fault_add(k->f, k->sheet.lines[i], "person", MSG("%s 在这个单位写了两次，请删去一行",
                "%s is listed twice for this unit; remove a row"), rows[i].person);
}

/* Subsidies -------------------------------------------------------------------------------- */

static bool word_covers(struct str a, struct str b)
{
    return a.n == 0 || str_eq(a, b);
}

static bool subsidy_covers(const struct subsidy *a, const struct subsidy *b)
{
    return word_covers(a->level, b->level) && word_covers(a->class, b->class)
        && word_covers(a->form, b->form) && str_eq(a->outcome, b->outcome)
        && word_covers(a->performed, b->performed);
}

static void check_subsidy(const struct check *k, size_t i)
{
    const struct subsidy *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i];
    for (size_t j = 0; j < i; j++) {
        if (str_eq(rows[j].code, row->code))
            fault_add(k->f, line, "code", MSG("编码 %s 重复", "Code %s is used twice"), row->code);
        if (subsidy_covers(&rows[j], row)) {
            fault_add(k->f, line, "code", MSG("规则“%s”已经包括这一种情况，本行用不到，请移到它前面",
                "Rule \"%s\" already covers this case; move this row before it"), rows[j].code);
            return;
        }
    }
}

/* Terms for personal data --------------------------------------------------------------------- */

static void check_keeping(const struct check *k, size_t i)
{
    const struct keeping *rows = k->sheet.rows.p, *row = &rows[i];
    size_t line = k->sheet.lines[i];
    int64_t least = keep_least_days(keep_by_word(row->what));
    if (row->days != I64_NONE && row->days < least)
        fault_add(k->f, line, "days", least >= 1825
            ? MSG("“%s”的天数太少：调解案卷短期至少五年（1825 天），长期至少十年（3650 天）",
                "\"%s\" is too short: files of mediation are kept for 1825 days at least, or 3650")
            : least == 90 ? MSG("办结后 90 天内还可能再次办理，“%s”至少保存 90 天",
                "For 90 days a matter may be taken up again; keep \"%s\" at least so long")
            : MSG("“%s”的天数太少：单独谈话至少 40 天（可申请司法确认），登录地点至少 1 天",
                "\"%s\" is too short: talks with one side 40 days at least, since the court may be"
                " asked; places of sign-in one day"), row->what);
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows[j].what, row->what))
            fault_add(k->f, line, "what", MSG("“%s”写了两次，请删去一行",
                "\"%s\" is listed twice; remove a row"), row->what);
}

static const struct kind {
    const char *name;
    const struct record *record;
    void (*row)(const struct check *k, size_t i);
    void (*whole)(const struct check *k);
    bool alone;         /* row may be asked of a row without the others */
} kinds[] = {
    { "category", &category_record, check_category, check_categories },
    { "limit", &limit_record, check_limit, NULL, true },
    { "rule", &rule_record, check_rule, NULL, true },
    { "calendar", &day_record, check_day, NULL },
    { "template", &template_record, check_template, NULL, true },
    { "deputy", &deputy_record, check_deputy, NULL, true },
    { "subsidy", &subsidy_record, check_subsidy, NULL, true },
    { "keeping", &keeping_record, check_keeping, NULL },
};

static const struct kind *kind_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

const struct record *edition_record(struct str name)
{
    const struct kind *kind = kind_named(name);
    return kind ? kind->record : NULL;
}

/* A row alone, of a catalogue of some kind. */
struct alone { const struct catalogue *c; const struct kind *kind; };

static void check_alone(const void *ctx, const struct sheet *one, struct faults *own)
{
    const struct alone *x = ctx;
    x->kind->row(&(struct check){ x->c, *one, own }, 0);
}

size_t edition_check(const struct catalogue *c, struct arena *a, struct str name, struct str csv,
    struct faults *f)
{
    const struct kind *kind = kind_named(name);
    CHECK(kind != NULL);
    size_t before = f->n;
    struct check k = { c, sheet_read(a, kind->record, csv, f), f };
    for (size_t i = 0; i < k.sheet.rows.n; i++)
        kind->row(&k, i);
    if (kind->alone)
        sheet_check_partly(a, kind->record, &k.sheet,
            (struct sheet_check){ check_alone, &(struct alone){ c, kind } }, f);
    if (kind->whole && k.sheet.rows.n)
        kind->whole(&k);
    faults_order(f, before);
    return k.sheet.rows.n;
}

/* Whether the row's only condition is its time. */
static bool takes_all_but_times(const struct rule *r)
{
    return r->category.n == 0 && r->tier_min <= 1 && r->origin.n == 0 && r->area.n == 0
        && r->place.n == 0;
}

/* Whether rules without other conditions are there for all times. */
static bool has_catch_all(struct list rules)
{
    static const char *const halves[] = { "work", "off", "workday", "free" };
    const struct rule *r = rules.p;
    bool has[COUNT_OF(halves)] = { false }, all = false;
    for (size_t i = 0; i < rules.n; i++) {
        if (!takes_all_but_times(&r[i]))
            continue;
        all |= r[i].time.n == 0;
        for (size_t k = 0; k < COUNT_OF(halves); k++)
            has[k] |= str_is(r[i].time, halves[k]);
    }
    return all || (has[0] && has[1]) || (has[2] && has[3]);
}

void edition_advise(struct arena *a, struct str name, struct str csv, struct faults *f)
{
    struct faults unread = faults_in(a);
    if (str_is(name, "limit"))
        advise_limits(a, sheet_read(a, &limit_record, csv, &unread).rows, f);
    if (!str_is(name, "rule"))
        return;
    struct sheet s = sheet_read(a, &rule_record, csv, &unread);
    if (s.rows.n && !has_catch_all(s.rows))
        fault_add(f, 0, "", MSG("没有兜底的规则：哪条都不适用的事项会由市级中心受理后人工派单。"
            "请在最后加一条各项条件都留空的规则，写明其余事项派给谁",
            "No rule takes what the others leave: such matters go to the city's desk, which dispatches"
            " them by hand. Add a rule without any condition as the last one and say who gets the rest"),
            STR_NONE);
}
