/* life_store.c: what a step writes beside the matter's row, and the lawful reasons. */
#include "matter/erase.h"
#include "matter/intake.h"
#include "matter/life.h"
#include "matter/photo.h"

SQL_WRITES(COHANDLER_ASK, "life.cohandler_ask",
    "INSERT INTO cohandler (area, matter, unit, state, due_ms, task, reply, since_ms)"
    " VALUES ($1, $2, $3, 'open', $4, $5, '', $6) ON CONFLICT (area, matter, unit) DO UPDATE"
    " SET state = 'open', due_ms = excluded.due_ms, task = excluded.task, reply = '',"
    " since_ms = excluded.since_ms");
SQL_WRITES(COHANDLER_END, "life.cohandler_end",
    "UPDATE cohandler SET state = $4, reply = $5 WHERE area = $1 AND matter = $2 AND unit = $3");
SQL_WRITES(RATE, "life.rate",
    "UPDATE reporter SET score = $4, rating = $5, rated_ms = $6"
    " WHERE area = $1 AND matter = $2 AND no = $3");
SQL_WRITES(UNANSWER, "life.unanswer",
    "UPDATE reporter SET answered_round = 0 WHERE area = $1 AND matter = $2");
SQL_WRITES(MOVE_REQUESTS, "life.move_requests",
    "UPDATE request SET matter = $3, no = no + $4 WHERE area = $1 AND matter = $2");
SQL_WRITES(MOVE_REPORTERS, "life.move_reporters",
    "UPDATE reporter SET matter = $3, no = no + $4, answered_round = 0"
    " WHERE area = $1 AND matter = $2");
SQL_WRITES(MERGE, "life.merge",
    "INSERT INTO merged (area, matter, into_matter, added) VALUES ($1, $2, $3, $4)");
SQL_WRITES(LINK, "life.link",
    "INSERT INTO matter_link (area, matter, kind, other) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING");
SQL_WRITES(REGRID, "life.regrid",
    "UPDATE matter SET town = $3, community = $4, grid = $5, micro_grid = $6"
    " WHERE area = $1 AND id = $2");
SQL_READS(CAN_TAKE, "life.can_take",
    "SELECT ms.account FROM membership ms JOIN account a ON a.id = ms.account AND a.disabled = 0"
    " WHERE ms.account = $1 AND ms.unit = $2 AND ms.role IN " ROLES_HOLDING " LIMIT 1");
SQL_READS(CAN_DECIDE, "life.can_decide",
    "SELECT ms.account FROM membership ms JOIN account a ON a.id = ms.account AND a.disabled = 0"
    " WHERE ms.account = $1 AND ms.unit = $2 AND ms.role IN " ROLES_DECIDING " LIMIT 1");
const struct sql *const life_statements[] = { &CAN_TAKE, &CAN_DECIDE, &COHANDLER_ASK,
    &COHANDLER_END, &RATE, &UNANSWER, &MOVE_REPORTERS, &MOVE_REQUESTS, &MERGE,
    &LINK, &REGRID };
const size_t life_statements_n = COUNT_OF(life_statements);

/* Reasons for returning follow the general rule of 12345 ordinances: only what is clearly not the
 * unit's duty. Reasons for not accepting follow article 19 of the Weifang ordinance of 2021. */
struct reason { const char *action, *code, *zh, *en; };
static const struct reason reasons[] = {
    { "ask_return", "not_duty", "不属于本单位职责", "Not this unit's duty" },
    { "ask_return", "not_area", "不在本单位辖区", "Outside this unit's territory" },
    { "ask_return", "other_lead", "依法应由其他单位牵头", "By law another unit leads" },
    { "ask_return", "not_enough", "信息不足，无法联系核实", "Too little is known, and nobody to ask" },
    { "not_accept", "in_court", "已进入或应当通过诉讼、仲裁、行政复议解决",
        "For a court, arbitration or administrative review" },
    { "not_accept", "in_petition", "已在信访程序中办理", "Already handled as a petition" },
    { "not_accept", "discipline", "属于纪检监察受理范围", "For the discipline inspection authority" },
    { "not_accept", "secret", "涉及国家秘密或他人隐私", "Touches state secrets or others' privacy" },
    { "not_accept", "concluded", "已依法办结且没有新的事实", "Lawfully concluded, with no new facts" },
    { "end", "no_agreement", "无法达成协议", "No agreement can be reached" },
    { "end", "unreachable", "当事人无法联系或不到场", "A party cannot be reached or does not come" },
    { "end", "not_signed", "当事人拒绝签署", "A party does not sign" },
    { "end", "time_over", "期限届满未达成协议", "The time is over without agreement" },
    { "end", "special", "其他特别情况", "Special circumstances" },
    { "correct_party", "spelling", "字写错了，还是同一位：同意、告知、编码、调解记录都不变",
        "A slip in writing, the same one: consent, rights told, code and sessions stay" },
    { "correct_party", "person", "登成了别人，换成对的一位：重新征得同意、告知权利义务，原编码作废",
        "The wrong one, another in its place: asked and told anew, and the code ends" },
    /* People's mediation law, article 25. */
    { "refer", "danger", "矛盾可能激化，或可能引起治安、刑事案件，依法报告（不附纠纷内容）",
        "It may turn violent or criminal: reported by law, without what it is about" },
#define X(name, bit, word, zh, en, dispute) { "erase", word, zh, en },
    ERASE_TABLE(X)
#undef X
};

bool step_reason_known(const char *action, struct str code)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (strcmp(reasons[i].action, action) == 0 && str_is(code, reasons[i].code))
            return true;
    return false;
}

struct list step_reasons(struct cx *cx, const char *action)
{
    struct reason_row *rows = NEW_N(cx->a, struct reason_row, COUNT_OF(reasons));
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (strcmp(reasons[i].action, action) == 0)
            rows[n++] = (struct reason_row){ str_c(reasons[i].code),
                cx_text(cx, reasons[i].zh, reasons[i].en) };
    return (struct list){ rows, n };
}

enum err store_cohandle(struct taking *t)
{
    struct cx *cx = t->cx;
    const struct step_unit *units = t->args->units.p;
    for (size_t i = 0; i < t->args->units.n; i++) {
        bool provisional = false;
        int64_t days = units[i].days == I64_NONE ? 3 : units[i].days;
        int64_t due = calendar_add(cx->cat, cx->now_ms, days, STR("WD"), &provisional);
        TRY(db_exec(cx->db, &COHANDLER_ASK, ARGS(I(t->m.area), I(t->m.id), I(units[i].unit), I(due),
            S(units[i].task), I(cx->now_ms)), NULL));
        TRY(matter_involve(cx, &t->m, units[i].unit));
    }
    return OK;
}

enum err store_part(struct taking *t)
{
    bool done = strcmp(t->step->action, "cohandle_done") == 0;
    return db_exec(t->cx->db, &COHANDLER_END, ARGS(I(t->m.area), I(t->m.id), I(t->unit),
        S(done ? STR("done") : STR("declined")), S(t->args->note)), NULL);
}

enum err store_photos(struct taking *t)
{
    const char *phase = t->step->answers ? "after" : "talk";
    return photos_take(t->cx, &t->m, &t->entry, t->args->uploads, phase);
}

enum err store_rate(struct taking *t)
{
    const struct actor *a = &t->cx->actor;
    return db_exec(t->cx->db, &RATE, ARGS(I(t->m.area), I(t->m.id), I(a->no), I(t->args->score),
        S(t->args->text), I(t->cx->now_ms)), NULL);
}

enum err store_rework(struct taking *t)
{
    return db_exec(t->cx->db, &UNANSWER, ARGS(I(t->m.area), I(t->m.id)), NULL);
}

/* The matter that the step names besides its own, if the actor may read it. */
static enum err other_matter(struct taking *t, struct matter *ret)
{
    struct cx *cx = t->cx;
    enum err e = matter_by_number(cx, t->args->number2, ret);
    if (e == OK)
        e = matter_visible(cx, ret);
    if (e == E_MISSING)
        return cx_fail(cx, E_INPUT, "number2",
            MSG("没有这个编号的事项，或不在您的范围", "No such matter within your scope"));
    return e;
}

enum err matter_link(struct cx *cx, const struct matter *m, struct str kind,
    const struct matter *other, struct str back)
{
    int64_t made = 0;
    TRY(db_exec(cx->db, &LINK, ARGS(I(m->area), I(m->id), S(kind), S(other->number)), &made));
    if (made == 0)
        return cx_fail(cx, E_INPUT, "number2", MSG("两件事已经关联",
            "These two matters are linked already"));
    return db_exec(cx->db, &LINK, ARGS(I(other->area), I(other->id), S(back), S(m->number)), NULL);
}

static enum err link_both(struct taking *t, struct str kind, const struct matter *other,
    struct str back)
{
    return matter_link(t->cx, &t->m, kind, other, back);
}

static enum err merge_target(struct taking *t, struct matter *ret)
{
    struct cx *cx = t->cx;
    TRY(other_matter(t, ret));
    if (ret->area != t->m.area)
        return cx_fail(cx, E_INPUT, "number2", MSG("不同县区的事项不能并单，可以关联",
            "Matters of different counties cannot be merged; link them"));
    if (ret->merged_into.n)
        return cx_fail_with(cx, E_INPUT, "number2", MSG("对方已并入 %s，请改用那个编号",
            "The other matter was merged into %s; merge into that one"), ret->merged_into);
    if (!ret->open || str_is(ret->state, "answered") || str_is(ret->state, "verified"))
        return cx_fail(cx, E_INPUT, "number2", MSG("对方已答复或办结，不能并入",
            "The other matter is answered or closed"));
    return OK;
}

enum err store_merge(struct taking *t)
{
    struct cx *cx = t->cx;
    struct matter into;
    int64_t last = 0;
    TRY(merge_target(t, &into));
    TRY(reporter_last_no(cx, &into, &last));
    TRY(db_exec(cx->db, &MOVE_REPORTERS, ARGS(I(t->m.area), I(t->m.id), I(into.id), I(last)),
        NULL));
    TRY(db_exec(cx->db, &MOVE_REQUESTS, ARGS(I(t->m.area), I(t->m.id), I(into.id), I(last)),
        NULL));
    TRY(db_exec(cx->db, &MERGE, ARGS(I(t->m.area), I(t->m.id), I(into.id), I(last)), NULL));
    int64_t seq_before = into.seq;
    into.reporters += t->before->reporters;
    into.unanswered += t->before->reporters;
    struct entry_make e = { .action = "merged_in", .unit = t->unit,
        .from = state_by_word(into.state) };
    entry_fact_text(&e, "other", t->m.number);
    entry_fact_number(&e, "first", last + 1);   /* its reporters are numbered from here */
    TRY(matter_append(cx, &into, &e));
    TRY(matter_update(cx, &into, seq_before));
    TRY(link_both(t, STR("merged"), &into, STR("merged")));
    matter_publish(cx, &into);
    return OK;
}

enum err store_split(struct taking *t)
{
    struct cx *cx = t->cx;
    struct matter child;
    struct intake in = { .text = t->args->text, .category = t->args->category,
        .origin = STR("split"), .place = matter_place(t->before), .lon = t->before->lon,
        .lat = t->before->lat, .place_text = t->before->place_text,
        .confidential = t->before->confidential };
    TRY(matter_open(cx, &in, &child));
    entry_fact_text(&t->entry, "child", child.number);
    return link_both(t, STR("child"), &child, STR("parent"));
}

/* Whoever it goes to works in the unit that answers for it, and may decide where that is wanted. */
enum err store_hand_over(struct taking *t)
{
    int64_t found;
    if (t->m.holder == 0)
        return OK;
    bool decides = str_is(t->m.state, "received");
    enum err e = db_number(t->cx->db, decides ? &CAN_DECIDE : &CAN_TAKE,
        ARGS(I(t->m.holder), I(t->m.owner_unit)), &found);
    if (decides && e == E_MISSING)
        return cx_fail(t->cx, E_INPUT, "person", MSG("由谁办理要由本中心的负责人或调度员决定",
            "Whose it is is decided by the head of this desk or one of its dispatchers"));
    return e == E_MISSING ? cx_fail(t->cx, E_INPUT, "person", MSG("接手的人应是承办单位的工作人员",
        "Whoever takes it over must work in the responsible unit")) : e;
}

enum err store_link(struct taking *t)
{
    struct matter other;
    TRY(other_matter(t, &other));
    return link_both(t, STR("related"), &other, STR("related"));
}

enum err store_regrid(struct taking *t)
{
    const struct matter *m = &t->m;
    return db_exec(t->cx->db, &REGRID, ARGS(I(m->area), I(m->id), I(m->town), I(m->community),
        I(m->grid), I(m->micro_grid)), NULL);
}
