/* climb.c: a dispute goes up to another committee with its file, or is referred to others and back. */
#include "mediation/course.h"
#include "mediation/register.h"

/* The next committee above, of the same territory: village, town, county (Ningbo, article 18). */
static const struct unit *committee_above(const struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct division *d = u ? division_find(t->cx->cat, u->region) : NULL;
    if (d == NULL || str_has_word(u->functions, STR(INDUSTRY_FUNCTION)))
        return NULL;
    return catalogue_serving(t->cx->cat, d->parent, MEDIATION_FUNCTION);
}

static const struct unit *industry_committee(const struct taking *t)
{
    const struct unit *u = unit_find(t->cx->cat, t->before->owner_unit);
    const struct unit *of = catalogue_serving(t->cx->cat, matter_division(t->before),
        INDUSTRY_FUNCTION);
    return of && u && of->id != u->id ? of : NULL;
}

struct msg guard_climb(const struct taking *t)
{
    if (committee_above(t) == NULL && industry_committee(t) == NULL)
        return MSG("没有更上一级的调解组织", "There is no committee above");
    if (t->before->cohandling)
        return MSG("还有参加联合调解的单位没有反馈", "A unit that mediates along has not reported yet");
    return NOTHING_FORBIDS;
}

/* Upwards or to the committee of an industry, never down or sideways. */
static bool is_upward(const struct cx *cx, const struct matter *m, const struct unit *to)
{
    const struct unit *u = unit_find(cx->cat, m->owner_unit);
    if (u == NULL || !is_committee(to) || to->id == u->id
        || !region_has(region_of(to->region), matter_division(m)))
        return false;
    return to->level < u->level
        || (to->level == u->level && str_has_word(to->functions, STR(INDUSTRY_FUNCTION))
            && !str_has_word(u->functions, STR(INDUSTRY_FUNCTION)));
}

static const struct msg nobody_signs_in = { "还没有能登录的调解员", "No mediator can sign in yet" };

/* Where nobody can sign in, nobody would have a step. */
static enum err takes_it(struct taking *t, const struct unit *to)
{
    bool ready;
    TRY(committee_signs_in(t->cx, to->id, &ready));
    return ready ? OK : cx_fail_with(t->cx, E_INPUT, "unit",
        MSG("%s还没有能登录的调解员，收到了也没有人能办：请管理员先为它添加调解员账号，或者另选",
            "%s has no mediator who can sign in, so nobody could take it up: have an administrator add"
            " a mediator's account first, or choose another"), unit_name(to, t->cx->lang));
}

static enum err above_at(struct cx *cx, const struct matter *m, int64_t level, struct list *ret)
{
    struct list all = catalogue_units(cx->cat);
    const struct unit *u = all.p;
    struct above_view *rows = ret->p;
    for (size_t i = 0; i < all.n && ret->n < ABOVE_MAX; i++) {
        bool ready;
        if (u[i].level != level || !is_upward(cx, m, &u[i]))
            continue;
        TRY(committee_signs_in(cx, u[i].id, &ready));
        rows[ret->n++] = (struct above_view){ u[i].id, unit_name(&u[i], cx->lang),
            ready ? STR("") : cx_text(cx, nobody_signs_in.zh, nobody_signs_in.en) };
    }
    return OK;
}

enum err committees_above(struct cx *cx, const struct matter *m, struct list *ret)
{
    *ret = (struct list){ NEW_N(cx->a, struct above_view, ABOVE_MAX), 0 };
    for (int64_t level = LEVEL_COMMUNITY; level >= LEVEL_CITY; level--)
        TRY(above_at(cx, m, level, ret));
    return OK;
}

bool lies_here(const struct taking *t, const struct transfer *r)
{
    return r->to_unit && r->at_unit == t->before->owner_unit;
}

/* Whoever handed it over hears from the committee that has it in the end, which also notes down
 * what offices outside say. */
static void hand_overs_follow(struct taking *t, int64_t to)
{
    struct transfer *r = beside_of(t)->transfers.p;
    for (size_t i = 0; i < beside_of(t)->transfers.n; i++)
        if (r[i].at_unit == t->before->owner_unit && !str_is(r[i].state, "refused"))
            r[i].at_unit = to;
}

/* The file goes along; consent and mediators are asked for and named anew, and whether it is
 * accepted is for the other committee to say: number and day in its book stay with the former. */
enum err apply_climb(struct taking *t)
{
    struct beside *b = beside_of(t);
    struct mediator *m = b->mediators.p;
    const struct unit *to = t->args->unit == I64_NONE ? committee_above(t)
        : unit_find(t->cx->cat, t->args->unit);
    if (to == NULL || !is_upward(t->cx, t->before, to))
        return cx_fail(t->cx, E_INPUT, "unit", MSG("只能提交上级的或者行业的调解组织，请另选",
            "It goes up to a committee above or to one of the industry; choose another"));
    TRY(takes_it(t, to));
    for (size_t i = 0; i < b->mediators.n; i++)
        if (m[i].left_ms == I64_NONE)
            m[i].left_ms = t->cx->now_ms;
    ask_anew(t);
    hand_overs_follow(t, to->id);
    b->dispute.unit = t->m.owner_unit = to->id;
    b->former = (struct former){ b->dispute.docket, b->dispute.accepted_ms };
    b->dispute.docket = STR("");
    b->dispute.accepted_ms = I64_NONE;
    b->dispute.studio = 0;
    t->m.holder = 0;
    entry_fact_number(&t->entry, "to_unit", to->id);
    clock_of_kind(t, "accept");
    return apply_note(t);
}

/* Referring -------------------------------------------------------------------------------- */

/* With the consent of all, or for a reason of the law's: then nothing is said of what it is about. */
static enum err consents_check(struct taking *t, struct str *ret)
{
    struct str reason = t->args->reason;
    TRY(consents_take(t->cx, beside_of(t), t->before, t->args->consents, ret));
    if (reason.n == 0)
        return consents_of_all(t, *ret, MSG("移送要当事人同意：请先征得同意，填写谁、方式、时间；依法可以不经同意报告的，"
            "请选“理由”，纠纷内容不发给对方。还没有同意移送", "A hand-over needs the parties' consent: ask"
            " first, and note who agreed, how and when; what the law lets you report without it has"
            " a reason to choose, and goes without what the dispute is about. Not agreed"));
    if (!step_reason_known(t->step->action, reason))
        return cx_fail_with(t->cx, E_INPUT, "reason",
            MSG("「%s」不是可用的理由", "\"%s\" is not one of the lawful reasons"), reason);
    entry_fact_text(&t->entry, "reason", reason);
    return OK;
}

/* One row that both sides see: to a unit of this system, or to an office outside it. */
enum err apply_refer(struct taking *t)
{
    bool provisional = false, inside = t->args->unit != I64_NONE;
    struct str consents;
    struct cx *cx = t->cx;
    struct beside *b = beside_of(t);
    const struct unit *to = inside ? unit_find(cx->cat, t->args->unit) : NULL;
    const struct unit *from = unit_find(cx->cat, t->m.owner_unit);
    struct transfer *rows = NEW_N(cx->a, struct transfer, b->transfers.n + 1);
    if (inside == (t->args->office.n > 0) || (inside && (to == NULL || to == from)))
        return cx_fail(cx, E_INPUT, "unit", MSG("写明一个单位，或者系统以外的机关名称（office）",
            "Name one other unit, or an office outside this system"));
    if (is_committee(to))
        TRY(takes_it(t, to));
    if (b->transfers.n >= TRANSFERS_MAX)
        return cx_fail(cx, E_INPUT, "unit", MSG("移送太多", "There are too many hand-overs"));
    TRY(consents_check(t, &consents));
    if (b->transfers.n)
        memcpy(rows, b->transfers.p, b->transfers.n * sizeof(*rows));
    rows[b->transfers.n++] = (struct transfer){ .id = cx_next_id(cx), .number = t->m.number,
        .from_unit = t->m.owner_unit, .from_name = from ? from->name : STR(""),
        .to_unit = to ? to->id : 0, .to_name = to ? to->name : str_trim(t->args->office),
        .document = t->args->document.n ? t->args->document : STR(""),
        .consents = consents, .reason = t->args->note, .sent_ms = cx->now_ms,
        .due_ms = calendar_add(cx->cat, cx->now_ms, t->args->days == I64_NONE ? 3 : t->args->days,
            STR("WD"), &provisional), .state = STR("sent"), .answer = STR(""),
        .answered_ms = I64_NONE, .result = STR(""), .result_ms = I64_NONE,
        .shared = t->args->reason.n == 0, .at_unit = to ? to->id : t->m.owner_unit,
        .ground = t->args->reason.n ? t->args->reason : STR("") };
    b->transfers.p = rows;
    entry_fact_number(&t->entry, "transfer", rows[b->transfers.n - 1].id);
    entry_fact_number(&t->entry, "to_unit", to ? to->id : 0);
    return apply_note(t);
}

/* Once accepted, whoever sent it hears what came of it, and again when that has changed. */
static bool takes_result(const struct taking *t, const struct transfer *r)
{
    return lies_here(t, r) && str_is(r->state, "accepted");
}

struct msg guard_feed_back(const struct taking *t)
{
    const struct transfer *r = beside_of(t)->transfers.p;
    for (size_t i = 0; i < beside_of(t)->transfers.n; i++)
        if (takes_result(t, &r[i]))
            return NOTHING_FORBIDS;
    return MSG("没有可以反馈的移送", "There is no hand-over to feed a result back to");
}

enum err result_put(struct cx *cx, struct transfer *r, const char *field, struct str result,
    int64_t by, struct entry_make *entry)
{
    if (r->result_ms != I64_NONE && str_eq(r->result, result))
        return cx_fail(cx, E_INPUT, field, MSG("与上次反馈的相同；结果有变化才再反馈",
            "It is what was fed back before; feed back again when it has changed"));
    r->result = result;
    r->result_ms = cx->now_ms;
    r->said_unit = by;
    entry->text = result;
    entry->audience = "staff";
    return OK;
}

/* Whoever sent it learns what came of it (Ningbo, article 19). */
enum err apply_feed_back(struct taking *t)
{
    struct transfer *r = beside_of(t)->transfers.p;
    for (size_t i = 0; i < beside_of(t)->transfers.n; i++)
        if (r[i].id == t->args->transfer && takes_result(t, &r[i])) {
            entry_fact_number(&t->entry, "transfer", r[i].id);
            return result_put(t->cx, &r[i], "reply", str_trim(t->args->reply),
                t->before->owner_unit, &t->entry);
        }
    return cx_fail(t->cx, E_INPUT, "transfer",
        MSG("没有这一件可以反馈的移送", "There is no such hand-over to feed a result back to"));
}
