/* script.c: texts and choices of the demo city. All people are made up: names of two characters
 * with common surnames and rare given names, phones of the unreachable 199 0000 range. */
#include "demo/script.h"
#include "geo/datum.h"
#include <math.h>

static const char *pick(struct rand *r, const char *const *words, size_t n)
{
    return words[rand_below(r, n)];
}
#define PICK(r, words) pick((r), (words), COUNT_OF(words))

static const char *const roads[] = { "人民路", "干将路", "平江路", "中山路", "东环路", "湖滨路",
    "解放路", "长江路", "新市路", "学士街", "虎丘路", "莫邪路", "桐泾路", "西环路", "海虞路", "青年路" };
static const char *const spots[] = { "2 号楼一单元楼道", "小区南门", "菜场门口", "公交站旁", "地下车库",
    "3 幢楼下", "学校东侧", "河边步道", "停车场入口", "7 号楼电梯厅", "物业办公室对面", "路口" };
static const char *const since[] = { "已有两三天", "今天早上发现", "持续一周了", "反映过一次没有解决",
    "每天晚上都这样", "刚刚看到", "半个月了" };
static const char *const wishes[] = { "请尽快处理", "老人孩子多，比较危险", "希望有人来看看",
    "麻烦给个答复", "影响出行，请协调", "担心出事" };
static const char *const surnames[] = { "王", "李", "张", "陈", "徐", "陆", "沈", "顾", "钱", "吴" };
static const char *const given[] = { "昇", "喆", "堃", "旻", "玥", "珺", "瑄", "䶮", "㛃", "甪" };
static const char *const replies[] = {
    "工作人员已到现场处理完毕，通道已恢复畅通，并约定每周回看一次。",
    "已与相关单位当场对接，问题已整改，附整改后照片，欢迎继续监督。",
    "经核实情况属实，已清理并张贴提示，社区将安排志愿者每天巡看。",
    "已联系双方当面沟通，达成一致意见，后续由网格员回访。",
    "设施已修复并试用正常，如再出现故障请随时用回执联系我们。" };
static const char *const notes[] = { "已电话核实情况", "现场查看属实", "请按类别时限办理",
    "涉及权属，需现场勘验", "等待材料到货", "已与物业约定时间" };
static const char *const messages[] = { "请问什么时候能来处理？", "补充一下，位置在单元门右边。",
    "今天又出现了同样的情况。", "谢谢，辛苦了。" };

/* One of the category's own suggestion words, so that texts sound like their kind. */
static struct str category_word(const struct category *c, struct rand *r)
{
    struct str rest = c->words.n ? c->words : c->name, word = rest;
    size_t n = 1;
    for (size_t i = 0; i < rest.n; i++)
        n += rest.p[i] == ' ';
    for (uint64_t k = rand_below(r, n < 12 ? n : 12) + 1; k > 0 && rest.n; k--)
        word = str_cut(rest, ' ', &rest);
    return word.n && (unsigned char)word.p[0] >= 0x80 ? word : c->name;
}

/* First grid whose code is not below code. */
static size_t grid_from(struct list grids, int64_t code)
{
    const struct grid *g = grids.p;
    size_t low = 0, high = grids.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (g[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int64_t script_home(int which)
{
    return which == SCRIPT_TOWN ? INT64_C(320508018000) : INT64_C(320508018023);
}

/* In the division; or anywhere in the city, one in eight in the home township (Pingjiang). */
static const struct grid *somewhere(struct cx *cx, struct rand *r, int64_t division)
{
    struct list grids = catalogue_grids(cx->cat);
    size_t from = 0, to = grids.n;
    if (division == 0 && rand_below(r, 8) == 0)
        division = script_home(SCRIPT_TOWN);
    if (division) {
        struct region region = region_of(division);
        from = grid_from(grids, region.from * 1000);
        to = grid_from(grids, (region.to + 1) * 1000);
    }
    if (from == to) {
        from = 0;
        to = grids.n;
    }
    return (const struct grid *)grids.p + from + rand_below(r, to - from);
}

/* A kind of matter; in a named community one that its own people handle first. */
static const struct category *some_category(struct cx *cx, struct rand *r, int64_t division)
{
    struct list cats = catalogue_categories(cx->cat);
    const struct category *c = NULL;
    struct place p = { division_area(division), division / 1000 * 1000, division, 0, 0 };
    for (int tries = 0; tries < 100; tries++) {
        c = (const struct category *)cats.p + rand_below(r, cats.n);
        struct route_choice to = catalogue_route(cx->cat, catalogue_rules(cx->cat),
            &(struct route_facts){ .category = c->code, .tier = c->tier, .origin = STR("resident"),
                .at_ms = cx->now_ms, .place = p }, NULL);
        if (division % 1000 == 0 || (to.unit && to.unit->region == division))
            break;
    }
    return c;
}

void script_report(struct cx *cx, struct rand *r, int64_t division, struct intake *ret)
{
    const struct category *c = some_category(cx, r, division);
    const struct grid *g = somewhere(cx, r, division);
    *ret = (struct intake){ .category = c->code, .origin = STR("resident"), .reporter = true,
        .lon = g->lon + (rand_unit(r) - 0.5) * 0.0008,
        .lat = g->lat + (rand_unit(r) - 0.5) * 0.0008,
        .confidential = rand_below(r, 25) == 0 };
    if (!catalogue_locate(cx->cat, ret->lon, ret->lat, &ret->place)) {
        ret->lon = g->lon;
        ret->lat = g->lat;
        CHECK(catalogue_place_of_grid(cx->cat, g->code, &ret->place));
    }
    struct str word = category_word(c, r);
    ret->place_text = arena_fmt(cx->a, "%s%d号%s", PICK(r, roads), (int)rand_below(r, 400) + 1,
        PICK(r, spots));
    ret->text = arena_fmt(cx->a, "%.*s %.*s，%s，%s。", STR_FMT(ret->place_text), STR_FMT(word),
        PICK(r, since), PICK(r, wishes));
    if (rand_below(r, 3) == 0)
        ret->origin = rand_below(r, 2) ? STR("phone") : STR("patrol");
    if (rand_below(r, 2) == 0) {
        ret->name = arena_fmt(cx->a, "%s%s", PICK(r, surnames), PICK(r, given));
        ret->phone = arena_fmt(cx->a, "1990000%04d", (int)rand_below(r, 10000));
    }
}

static struct step_args action(const char *name)
{
    return step_args_for(name);
}

/* The department that owns this kind of thing in the county, else the community. */
static int64_t unit_for(struct cx *cx, const struct matter *m, struct rand *r)
{
    struct list units = catalogue_units(cx->cat);
    const struct unit *u = units.p;
    const struct category *c = category_find(cx->cat, m->category);
    const struct unit *community = catalogue_desk(cx->cat, matter_division(m));
    if (c && c->function.n && rand_below(r, 3))
        for (size_t i = 0; i < units.n; i++)
            if (u[i].level == LEVEL_COUNTY && division_area(u[i].region) == m->area
                && str_find(u[i].functions, c->function) >= 0)
                return u[i].id;
    return community->id;
}

static void next_working(struct rand *r, struct planned *p)
{
    uint64_t dice = rand_below(r, 100);
    *p = (struct planned){ action("reply"), BY_OWNER };
    p->args.reply = str_c(PICK(r, replies));
    if (dice < 6) {
        p->args = action("ask_extension");
        p->args.days = 3;
        p->args.note = str_c(PICK(r, notes));
    } else if (dice < 8) {
        p->args = action("ask_deferral");
        p->args.days = 20;
        p->args.note = STR("需等待上级批复后施工");
    } else if (dice < 10) {
        p->args = action("ask_return");
        p->args.reason = STR("not_duty");
        p->args.note = STR("经核实不属于本单位职责");
    } else if (dice < 18) {
        p->args = action("tell");
        p->args.text = STR("您好，已安排工作人员上门，请保持电话畅通。");
    } else if (dice < 24) {
        *p = (struct planned){ action("message"), BY_REPORTER };
        p->args.text = str_c(PICK(r, messages));
    } else if (dice < 26) {
        p->args = action("escalate");
        p->args.note = STR("超出本级权限，需上级协调");
    }
}

static void next_answered(struct rand *r, struct planned *p)
{
    *p = (struct planned){ action("verify"), BY_DESK };
    if (rand_below(r, 20) == 0) {
        p->args = action("rework");
        p->args.note = STR("照片显示未清理干净，请重新处理");
    }
}

static void next_verified(const struct matter *m, struct rand *r, struct planned *p)
{
    uint64_t dice = rand_below(r, 10);
    *p = (struct planned){ action("close"), BY_DESK };
    if (dice < 4 && m->reporters) {
        *p = (struct planned){ action("rate"), BY_REPORTER };
        p->args.score = 5 - (int64_t)rand_below(r, 3);
    } else if (dice == 4 && m->reporters && !m->objected && rand_below(r, 3) == 0) {
        *p = (struct planned){ action("object"), BY_REPORTER };
        p->args.text = STR("只清理了一半，问题还在，请重新处理。");
    }
}

static void next_received(struct cx *cx, const struct matter *m, struct rand *r, struct planned *p)
{
    uint64_t dice = rand_below(r, 100);
    *p = (struct planned){ action("assign"), BY_DESK };
    p->args.unit = unit_for(cx, m, r);
    if (p->args.unit == m->owner_unit)
        *p = (struct planned){ action("take"), BY_OWNER };
    if (dice < 2 && m->round == 0) {
        *p = (struct planned){ action("not_accept"), BY_DESK };
        p->args.reason = STR("in_court");
        p->args.reply = STR("经核实该纠纷已由法院受理，请依法通过诉讼途径解决，可拨打 12348 咨询。");
    } else if (dice < 4 && m->reporters == 1 && m->round == 0)
        *p = (struct planned){ action("withdraw"), BY_REPORTER };
}

void script_next(struct cx *cx, const struct matter *m, struct rand *r, struct planned *ret)
{
    *ret = (struct planned){ action(""), BY_OWNER };
    if (m->ask.n) {
        *ret = (struct planned){ action(rand_below(r, 5) ? "approve" : "refuse"), BY_ASKED };
        if (str_is(ret->args.action, "refuse"))
            ret->args.note = STR("请先组织现场处理");
        return;
    }
    switch (state_by_word(m->state)) {
    case ST_RECEIVED: next_received(cx, m, r, ret); return;
    case ST_ASSIGNED: ret->args = action("take"); return;
    case ST_WORKING: next_working(r, ret); return;
    case ST_DEFERRED: ret->args = action("resume"); return;
    case ST_ANSWERED: next_answered(r, ret); return;
    case ST_VERIFIED: next_verified(m, r, ret); return;
    case ST_CLOSED:
        *ret = (struct planned){ action("reopen"), BY_REPORTER };
        ret->args.text = STR("同样的问题又出现了，请再处理一次。");
        return;
    case ST_REJECTED: case ST_MERGED: case ST_WITHDRAWN: case ST_REGISTERED: case ST_MEDIATING:
    case ST_SIGNING: case ST_PERFORMING: case ST_PERFORMED: case ST_ENDED: case STATE_COUNT: return;
    }
}

struct planned script_alarm(const struct matter *m)
{
    return (struct planned){ step_of_alarm(m), BY_SYSTEM };
}

int64_t script_delay(struct cx *cx, const struct matter *m, struct rand *r)
{
    static const double mean_hours[STATE_COUNT] = { [ST_RECEIVED] = 1.5, [ST_ASSIGNED] = 3,
        [ST_WORKING] = 40, [ST_DEFERRED] = 300, [ST_ANSWERED] = 16, [ST_VERIFIED] = 60,
        [ST_CLOSED] = 400 };
    enum state s = state_by_word(m->state);
    if (mean_hours[s] <= 0)
        return -1;
    if (s == ST_CLOSED && (m->reporters == 0 || rand_below(r, 30)))
        return -1;
    int64_t delay_ms = (int64_t)(-log(1 - rand_unit(r)) * mean_hours[s] * 3600e3) + 60000;
    int64_t left_ms = m->open ? m->due_ms - cx->now_ms : 0;
    bool in_time = left_ms > 0 && rand_below(r, 20) != 0;
    if (in_time && delay_ms > left_ms)
        delay_ms = (int64_t)((double)left_ms * (0.3 + 0.6 * rand_unit(r)));
    return delay_ms;
}
