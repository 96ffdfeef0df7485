/* register.c: a dispute is registered: by a party at the window, by a mediator who heard of it, or
 * from elsewhere; and it goes to the registering committee. */
#include "mediation/register.h"
#include "mediation/course.h"
#include "report/report.h"
#include "spine/command.h"
#include <math.h>

RECORD_DEFINE(dispute_in, DISPUTE_IN)
RECORD_DEFINE(party_code, PARTY_CODE)
RECORD_DEFINE(dispute_made, DISPUTE_MADE)
const char *const dispute_sources[] = { "apply", "initiative", "report", "court", "police",
    "procurate", "petition", "labour", "hotline", "other", NULL };

/* Whoever registers works for a committee; a dispute stays with it. */
static const struct unit *committee_of(const struct cx *cx)
{
    const struct membership *ms = cx->actor.memberships;
    for (size_t i = 0; i < cx->actor.n_memberships; i++)
        if (ms[i].role & (ROLE_MEDIATOR | ROLE_DISPATCHER | ROLE_CHIEF))
            return unit_find(cx->cat, ms[i].unit);
    return NULL;
}

enum err dispute_prepare(struct cx *cx, const void *in)
{
    const struct dispute_in *q = in;
    struct intake *made = NEW(cx->a, struct intake);
    const struct unit *committee = committee_of(cx);
    struct report place;
    if (dispute_type_by(q->type) == NULL)
        return cx_fail_with(cx, E_INPUT, "type", MSG("没有“%s”这一类纠纷",
            "There is no kind of dispute \"%s\""), q->type);
    if (committee == NULL)
        return cx_fail(cx, E_DENIED, NULL, MSG("由调解组织登记", "For a mediation committee"));
    *made = (struct intake){ .text = str_trim(q->text), .category = str_trim(q->category),
        .origin = STR("window"), .owner_unit = committee->id, .confidential = true, .kind = dispute_table.kind,
        .clock = "accept", .state = ST_REGISTERED };
    if (str_visible_chars(made->text) < 2)
        return cx_fail(cx, E_INPUT, "text", MSG("请写明纠纷的简要情况", "Say what it is about"));
    record_clear(&report_record, &place);
    place.lon = q->lon;
    place.lat = q->lat;
    place.grid = q->grid;
    place.place_text = q->place_text;
    TRY(report_place(cx, &place, made));
    TRY(intake_prepare(cx, made));
    cx->prepared = made;
    return OK;
}

static enum err codes_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct party_code *codes = NEW_N(cx->a, struct party_code, (size_t)m->reporters + 1);
    struct code_shown *shown = NEW_N(cx->a, struct code_shown, (size_t)m->reporters + 1);
    for (int64_t i = 0; i < m->reporters; i++) {
        struct code code = reporter_code(cx, m->area, m->id, i + 1);
        shown[i] = code_show(&code);
        codes[i] = (struct party_code){ i + 1, str_c(shown[i].text) };
    }
    struct dispute_made made = { m->number, { codes, (size_t)m->reporters } };
    record_to_json(out, &dispute_made_record, &made);
    return OK;
}

/* The row beside the matter, and the parties, by the same step that adds them later. */
static enum err parties_begin(struct cx *cx, const struct dispute_in *q, struct matter *m)
{
    struct step_args args = step_args_for("add_parties");
    struct taking t = { .cx = cx, .before = m, .m = *m, .args = &args };
    struct beside *b = NEW(cx->a, struct beside);
    b->dispute = (struct dispute){ .type = q->type, .source = q->source,
        .came_from = q->came_from.n ? q->came_from : STR(""), .open_door = q->open_door,
        .form = STR(""), .sealed_ms = I64_NONE, .effective_ms = I64_NONE, .confirm = STR(""),
        .confirm_ms = I64_NONE };
    t.side = b;
    TRY(store_beside(&t));
    args.parties = q->parties;
    return matter_step(cx, m, &args, m);
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
    return codes_write(cx, &m, out);
}
