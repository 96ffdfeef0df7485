/* register.c: a dispute is registered: by a party at the window, by a mediator who heard of it,
 * from a report, or handed over by another unit or authority; it goes to the committee that serves
 * the place, or stays with that of whoever registers it. */
#include "mediation/register.h"
#include "mediation/course.h"
#include "desk/desk.h"
#include "report/report.h"
#include "spine/command.h"
#include <math.h>

RECORD_DEFINE(dispute_in, DISPUTE_IN)
RECORD_DEFINE(party_code, PARTY_CODE)
RECORD_DEFINE(dispute_made, DISPUTE_MADE)

static const struct unit *own_committee(const struct cx *cx)
{
    const struct membership *ms = cx->actor.memberships;
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct unit *u = unit_find(cx->cat, ms[i].unit);
        if ((ms[i].role & ROLE_COMMITTEE) && is_committee(u))
            return u;
    }
    return NULL;
}

/* Type and kind agree; what is no matter of mediation is told where it belongs. */
static enum err type_check(struct cx *cx, const struct dispute_in *q)
{
    const struct dispute_kind *k = q->kind.n ? dispute_kind_by(q->kind) : NULL;
    struct msg bar = q->kind.n ? dispute_kind_bar(q->kind) : NOTHING_FORBIDS;
    if (bar.zh)
        return cx_fail(cx, E_INPUT, "kind", bar);
    if (q->kind.n && k == NULL)
        return cx_fail_with(cx, E_INPUT, "kind", MSG("全国分类里没有“%s”这一类",
            "The national list has no kind \"%s\""), q->kind);
    if (q->type.n == 0 && k == NULL)
        return cx_fail(cx, E_INPUT, "type", MSG("请选择纠纷类型", "Choose the type of dispute"));
    if (q->type.n && dispute_type_by(q->type) == NULL)
        return cx_fail_with(cx, E_INPUT, "type", MSG("没有“%s”这一类纠纷",
            "There is no kind of dispute \"%s\""), q->type);
    return OK;
}

/* An authority hands over in its own name; centres and others note down whoever it came from. */
static enum err source_check(struct cx *cx, const struct dispute_in *q)
{
    static const struct { const char *function, *source; } own[] = { { "police", "police" },
        { "labour", "labour" }, { "petition", "petition" }, { "court", "court" },
        { "procuratorate", "procurate" } };
    const struct unit *u = unit_find(cx->cat, cx->actor.memberships[0].unit);
    if (own_committee(cx) || u == NULL)
        return OK;
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (!str_has_word(u->functions, str_c(own[i].function)))
            continue;
        if (!str_is(q->source, own[i].source))
            return cx_fail_with(cx, E_INPUT, "source", MSG("“%s”移送的纠纷，来源只能是本单位",
                "What %s hands over comes from itself; choose that source"), unit_name(u, cx->lang));
        if (q->office.n)
            return cx_fail(cx, E_INPUT, "office", MSG("以本单位名义移送，请不要填写其他机关",
                "Your unit hands it over itself; leave the other office empty"));
    }
    return OK;
}

/* A hand-over says why, and that of court or police by which letter. */
static enum err letter_check(struct cx *cx, const struct dispute_in *q)
{
    bool by_letter = str_is(q->source, "court") || str_is(q->source, "police");
    if (dispute_sender(q->source) == NULL)
        return OK;
    if (str_trim(q->reason).n == 0)
        return cx_fail(cx, E_INPUT, "reason", MSG("移送的纠纷要写明移送事由",
            "What is handed over says why; give the reason"));
    if (by_letter && str_trim(q->document).n == 0)
        return cx_fail(cx, E_INPUT, "document", MSG("法院、公安移送的纠纷要写明移送函号",
            "What the court or the police hand over has the number of their letter; give it"));
    return OK;
}

/* The report that it comes from lies in the same county and may be read by whoever registers. */
static enum err report_check(struct cx *cx, const struct dispute_in *q)
{
    struct matter m;
    if (q->came_from.n == 0)
        return OK;
    enum err e = desk_matter(cx, q->came_from, &m);
    if (e == E_MISSING || (e == OK && matter_is_closed_circle(&m)))
        return cx_fail(cx, E_INPUT, "came_from", MSG("没有这个编号的上报，或不在您的范围",
            "No such report within your scope"));
    return e;
}

/* A committee below the city keeps its book in its own county, and so its disputes lie there: a
 * place in words only that names none of its ground is taken as the committee's own. */
static enum err county_check(struct cx *cx, const struct dispute_in *q, const struct unit *own,
    struct place *place)
{
    if (own == NULL || own->level <= LEVEL_CITY || place->area == division_area(own->region))
        return OK;
    if (!isnan(q->lon) || q->grid != I64_NONE)
        return cx_fail(cx, E_INPUT, isnan(q->lon) ? "grid" : "lon",
            MSG("这个位置不在本调委会所在的县区，请另选，或者只用文字写明地址",
                "This place is outside your committee's county; choose another or describe it in words"));
    catalogue_place_of_division(cx->cat, own->region, place);
    return OK;
}

enum err dispute_prepare(struct cx *cx, const void *in)
{
    const struct dispute_in *q = in;
    struct intake *made = NEW(cx->a, struct intake);
    struct report place;
    TRY(type_check(cx, q));
    TRY(source_check(cx, q));
    TRY(letter_check(cx, q));
    TRY(report_check(cx, q));
    *made = (struct intake){ .text = str_trim(q->text), .category = str_trim(q->category),
        .origin = STR("window"), .confidential = true, .kind = dispute_table.kind,
        .clock = "accept", .state = ST_REGISTERED };
    if (str_visible_chars(made->text) < 2)
        return cx_fail(cx, E_INPUT, "text", MSG("请写明纠纷的简要情况", "Say what it is about"));
    if (isnan(q->lon) && q->grid == I64_NONE && str_trim(q->place_text).n == 0)
        return cx_fail(cx, E_INPUT, "place_text", MSG("请在“网格”和“地点”中填一项",
            "Give the grid or the place, one of the two"));
    record_clear(&report_record, &place);
    place.lon = q->lon;
    place.lat = q->lat;
    place.grid = q->grid;
    place.place_text = q->place_text;
    TRY(report_place(cx, &place, made));
    const struct unit *own = own_committee(cx);
    TRY(county_check(cx, q, own, &made->place));
    const struct unit *committee = own ? own
        : catalogue_serving(cx->cat, place_division(&made->place), MEDIATION_FUNCTION);
    if (committee == NULL)
        return cx_fail(cx, E_INPUT, "grid", MSG("这里还没有登记调解组织，请先登记",
            "No mediation committee serves this place yet; register one first"));
    made->owner_unit = committee->id;
    TRY(intake_prepare(cx, made));
    cx->prepared = made;
    return OK;
}

/* Codes speak for their parties, so they go to the committee alone, which gives each its own. */
static enum err codes_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct party_code *codes = NEW_N(cx->a, struct party_code, (size_t)m->reporters + 1);
    struct code_shown *shown = NEW_N(cx->a, struct code_shown, (size_t)m->reporters + 1);
    int64_t n = access_is_member(&cx->actor, m->owner_unit) ? m->reporters : 0;
    for (int64_t i = 0; i < n; i++) {
        struct code code = reporter_code(cx, m->area, m->id, i + 1, 0);
        shown[i] = code_show(&code);
        codes[i] = (struct party_code){ i + 1, str_c(shown[i].text) };
    }
    struct dispute_made made = { m->number, m->owner_unit,
        unit_name(unit_find(cx->cat, m->owner_unit), cx->lang), { codes, (size_t)n } };
    record_to_json(out, &dispute_made_record, &made);
    return OK;
}

static struct dispute dispute_new(const struct dispute_in *q, const struct matter *m)
{
    const struct dispute_kind *k = q->kind.n ? dispute_kind_by(q->kind) : NULL;
    struct str type = q->type.n ? q->type : str_c(k->type);
    return (struct dispute){ .unit = m->owner_unit, .type = type,
        .kind = q->kind.n ? q->kind : STR(""), .source = q->source,
        .came_from = q->came_from.n ? q->came_from : STR(""),
        .status = dispute_type_by(type)->status && !q->no_status, .class = STR(""),
        .docket = STR(""), .open_door = q->open_door, .form = STR(""), .accepted_ms = I64_NONE,
        .sealed_ms = I64_NONE, .effective_ms = I64_NONE, .confirm = STR(""),
        .confirm_ms = I64_NONE };
}

/* The row beside the matter, and the parties, as by the step that adds them later; whoever hands a
 * dispute over need not be of the committee. */
static enum err parties_begin(struct cx *cx, const struct dispute_in *q, struct matter *m)
{
    struct step_args args = step_args_for("add_parties");
    struct taking t = { .cx = cx, .before = m, .m = *m, .args = &args,
        .step = step_find(&dispute_table, args.action), .unit = cx->actor.memberships[0].unit };
    struct beside *b = NEW(cx->a, struct beside);
    b->dispute = dispute_new(q, m);
    b->facts_signed = STR("");
    t.side = b;
    args.parties = q->parties;
    TRY(step_apply(&t));
    clock_of_kind(&t, "accept");
    TRY(store_parties(&t));
    TRY(matter_append(cx, &t.m, &t.entry));
    TRY(matter_update(cx, &t.m, m->seq));
    matter_publish(cx, &t.m);
    *m = t.m;
    return OK;
}

/* One row for both sides when somebody else than the committee brings it, or the committee notes
 * down what an authority gave it. */
static enum err hand_over(struct cx *cx, const struct dispute_in *q, const struct matter *m)
{
    const char *sender = dispute_sender(q->source);
    bool own = access_is_member(&cx->actor, m->owner_unit);
    bool provisional = false, outside = q->office.n > 0 || (own && sender);
    struct str consents;
    struct beside *b;
    const struct unit *to = unit_find(cx->cat, m->owner_unit);
    const struct unit *from = unit_find(cx->cat, cx->actor.memberships[0].unit);
    if (!outside && own)
        return OK;
    TRY(beside_read(cx, m, &b));
    TRY(consents_take(cx, b, m, q->consents, &consents));
    struct transfer r = { .id = cx_next_id(cx), .number = m->number,
        .from_unit = outside || from == NULL ? 0 : from->id,
        .from_name = q->office.n ? str_trim(q->office) : outside ? str_c(sender)
            : from ? from->name : STR(""),
        .to_unit = m->owner_unit, .to_name = to->name,
        .document = q->document.n ? str_trim(q->document) : STR(""), .consents = consents,
        .reason = q->reason.n ? str_trim(q->reason) : STR(""), .sent_ms = cx->now_ms,
        .due_ms = calendar_add(cx->cat, cx->now_ms, q->days == I64_NONE ? 3 : q->days, STR("WD"),
            &provisional), .state = STR("sent"), .answer = STR(""), .answered_ms = I64_NONE,
        .result = STR(""), .result_ms = I64_NONE, .shared = 1,
        .at_unit = m->owner_unit, .ground = STR(""),
        .said_unit = 0 };
    return transfer_put(cx, m, &r);
}

/* Report and dispute name each other, and the report's ledger says that it went to mediation. */
static enum err link_report(struct cx *cx, const struct dispute_in *q, const struct matter *m)
{
    struct matter report;
    if (q->came_from.n == 0)
        return OK;
    TRY(matter_by_number(cx, q->came_from, &report));
    TRY(matter_link(cx, m, STR("report"), &report, STR("dispute")));
    int64_t seq_before = report.seq;
    struct entry_make e = { .action = "mediation", .unit = cx->actor.memberships[0].unit,
        .from = state_by_word(report.state) };
    entry_fact_text(&e, "other", m->number);
    TRY(matter_append(cx, &report, &e));
    TRY(matter_update(cx, &report, seq_before));
    matter_publish(cx, &report);
    return OK;
}

enum err dispute_register(struct cx *cx, const void *in, struct buf *out)
{
    const struct dispute_in *q = in;
    struct intake *intake = cx->prepared;
    struct matter m;
    bool again;
    int64_t id, no;
    intake->id = cx_next_id(cx);
    TRY(command_claim(cx, intake->place.area, intake->id, 1, &again, &id, &no));
    if (again) {
        TRY(matter_by_id(cx, intake->place.area, id, &m));
        return codes_write(cx, &m, out);
    }
    TRY(matter_open(cx, intake, &m));
    TRY(parties_begin(cx, q, &m));
    TRY(hand_over(cx, q, &m));
    TRY(link_report(cx, q, &m));
    return codes_write(cx, &m, out);
}
