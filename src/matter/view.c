/* view.c: history, talk and photos in words. */
#include "matter/view.h"
#include "base/json_cut.h"
#include "catalogue/zone.h"
#include "matter/erase.h"

RECORD_DEFINE(photo_view, PHOTO_VIEW)
RECORD_DEFINE(message_view, MESSAGE_VIEW)
RECORD_DEFINE(timeline_view, TIMELINE_VIEW)
RECORD_DEFINE(hold_view, HOLD_VIEW)
RECORD_DEFINE(line, LINE)

SQL_READS(LINES, "view.lines",
    "SELECT e.seq, e.at_ms, e.actor, e.account, e.unit, e.action, e.from_state, e.to_state,"
    " e.owner_unit, e.holder, e.due_ms, e.data, e.hash, n.audience, n.text FROM entry e"
    " LEFT JOIN note n ON n.area = e.area AND n.matter = e.matter AND n.seq = e.seq"
    " WHERE e.area = $1 AND e.matter = $2 AND e.seq > $3 ORDER BY e.seq");
const struct sql *const view_statements[] = { &LINES };
const size_t view_statements_n = COUNT_OF(view_statements);

enum { LINES_MAX = 1000 };

enum err view_lines(struct cx *cx, const struct matter *m, struct list *ret)
{
    int64_t after = m->seq > LINES_MAX ? m->seq - LINES_MAX : 0;
    return db_rows(cx->db, cx->a, &LINES, ARGS(I(m->area), I(m->id), I(after)), &line_record,
        LINES_MAX, ret);
}

/* Entries that are not steps, and steps whose name a resident reads differently. shown: whether
 * residents see the line at all. */
struct action_words { const char *action, *zh, *en; bool shown; };
static const struct action_words action_words[] = {
    { "report", "已上报", "Reported", true },
    { "import", "由原系统转入", "Brought along from another system", true },
    { "past", "原系统的记录", "Record of the other system", true },
    { "join", "又有居民反映", "Another resident reported it", true },
    { "merged_in", "同一事项并入", "The same matter was merged in", true },
    { "take", "承办单位已签收", "Taken up by the unit", true },
    { "assign", "派给承办单位", "Assigned to a unit", true },
    { "pass", "移交", "Passed on", true },
    { "escalate", "上报上一级", "Escalated", true },
    { "cohandle", "请其他单位联合办理", "Other units were asked to help", true },
    { "reply", "已答复", "Answered", true },
    { "solve", "当场解决并答复", "Solved on the spot and answered", true },
    { "verify", "核查通过", "Check passed", true },
    { "rework", "核查不通过，退回重办", "Check failed; being redone", true },
    { "close", "结案", "Closed", true },
    { "object", "提出异议，上一级重新办理", "Objection; handled one level up", true },
    { "reopen", "再次办理", "Reopened", true },
    { "withdraw", "撤回", "Withdrawn", true },
    { "resume", "恢复办理", "Resumed", true },
    { "approve", "延期、挂账或转办已批准", "A request for time or transfer was approved", true },
    { "overdue", "超过时限，列入督办", "Past its deadline; under supervision", true },
    { "supervise", "上级督办", "Supervised from above", true },
    { "not_accept", "不予受理", "Not accepted", true },
    { "merge", "并单", "Merged", true },
    { "urge", "催办", "Reminder", true },
    { "rate", "评价", "Rated", true },
    { "mediation", "转入人民调解", "Went to people's mediation", true },
    { "handed_over", "移送记录", "A hand-over was recorded", true },
    { "scanned", "文书附件", "Attached to a document", false },
    { "unscanned", "撤下文书附件", "Taken off a document", false },
    { "archived", "立卷归档", "Filed in the archive", true },
    { "data_asked", "提出个人信息请求", "A request on personal data was made", false },
    { "data_withdrawn", "撤回个人信息请求", "A request on personal data was withdrawn", false },
    { "data_granted", "个人信息请求已办理", "A request on personal data was carried out", false },
    { "data_refused", "个人信息请求未予办理", "A request on personal data was refused", false },
    { "data_late", "个人信息请求超过时限", "A request on personal data is past its limit", false },
    { "hold", "封存", "Kept for a proceeding", true },
    { "release_hold", "解除封存", "No longer kept for a proceeding", true },
    { "erase", "按保存期限或本人申请删除了个人信息",
        "Personal data was erased: its term was over, or the person asked for it", true },
};

static const struct action_words *words_of_action(struct str action)
{
    for (size_t i = 0; i < COUNT_OF(action_words); i++)
        if (str_is(action, action_words[i].action))
            return &action_words[i];
    return NULL;
}

struct str view_action_name(struct cx *cx, struct str action)
{
    const struct step *s = step_named(action);
    const struct action_words *w = words_of_action(action);
    if (w)
        return cx_text(cx, w->zh, w->en);
    return s ? cx_text(cx, s->zh, s->en) : action;
}

struct str view_state_name(struct cx *cx, struct str state)
{
    const struct state_row *row = &state_table[state_by_word(state)];
    return cx_text(cx, row->zh, row->en);
}

static enum err who(struct cx *cx, const struct matter *m, const struct line *l, bool staff,
    struct str *ret)
{
    bool dispute = matter_is_closed_circle(m);
    struct str unit = unit_name(unit_find(cx->cat, l->unit), cx->lang), name;
    const struct role_row *role = role_by_word(l->actor);
    struct str role_name = role ? cx_text(cx, role->zh, role->en) : STR("");
    if (str_is(l->actor, "reporter") && dispute)
        *ret = arena_fmt(cx->a, cx->lang == LANG_EN ? "Party no. %lld" : "当事人（%lld 号）",
            (long long)view_line_reporter(l));
    else if (str_is(l->actor, "reporter"))
        *ret = cx_text(cx, "报事人", "Reporter");
    else if (str_is(l->actor, "system"))
        *ret = cx_text(cx, "系统", "System");
    else if (!staff)
        *ret = unit.n ? unit : role_name;
    else {
        TRY(access_account_name(cx, l->account, &name));
        *ret = arena_fmt(cx->a, "%.*s · %.*s", STR_FMT(unit), STR_FMT(name));
    }
    return OK;
}

int64_t view_line_reporter(const struct line *l)
{
    struct str name = STR("\"reporter\":"), rest = l->data;
    int64_t no = 0;
    if (!str_is(l->actor, "reporter"))
        return 0;
    ptrdiff_t at = str_find(rest, name);
    if (at < 0)
        return 1;
    rest.p += (size_t)at + name.n;
    rest.n -= (size_t)at + name.n;
    for (; rest.n && *rest.p >= '0' && *rest.p <= '9'; rest.p++, rest.n--)
        no = no * 10 + (*rest.p - '0');
    return no;
}

bool view_line_is_for(const struct cx *cx, const struct line *l)
{
    int64_t no = view_line_reporter(l);
    return no == 0 || no == cx->actor.no;
}

/* Why the program called a session off, by the word of the entry. */
static const struct { const char *word, *zh, *en; } reasons_off[] = {
    { "\"passed\"", "安排的时间已过，没有按这次安排进行", "Its time has passed, and it did not take place as planned" },
    { "\"handed_up\"", "纠纷已提交上级调解组织", "The dispute was handed up" },
    { "\"again\"", "调解重新开始", "The mediation begins anew" },
    { "\"agreed\"", "各方已达成协议", "The parties have agreed" },
    { "\"over\"", "调解已结束", "The mediation is over" },
};

struct str view_line_text(struct cx *cx, const struct line *l)
{
    struct str text = l->text.n ? l->text : STR("");
    bool off = str_is(l->action, "cancel_sitting");
    if (str_is(json_cut_find(l->data, "ownership"), "\"yes\""))
        return cx_text(cx, "答：协议确认归属，法院不受理司法确认",
            "Answered: the agreement decides title, which no court confirms");
    struct str why = off ? json_cut_find(l->data, "why") : STR_NONE;
    for (size_t i = 0; i < COUNT_OF(reasons_off); i++)
        if (str_is(why, reasons_off[i].word))
            return arena_fmt(cx->a, "%.*s\n%.*s", STR_FMT(text),
                STR_FMT(cx_text(cx, reasons_off[i].zh, reasons_off[i].en)));
    return text;
}

static bool may_read_note(const struct cx *cx, const struct line *l, bool staff)
{
    return l->text.p && l->audience.p
        && (staff || (str_is(l->audience, "public") && view_line_is_for(cx, l)));
}

/* Steps of a dispute that its parties see in its course, besides those above. */
static const char *const parties_see[] = { "consent", "agree", "tell_rights", "accept",
    "name_mediator", "to_studio", "choose_door", "plan_sitting", "cancel_sitting", "sitting",
    "pause", "lengthen", "agree_written", "agree_oral", "sign", "sign_mediator", "seal",
    "not_signed", "kept", "unkept", "broken", "visit", "mediate_again", "to_court", "call_back",
    "apply_confirm", "ask_court", "court_decided", "correct_ruling", "consent_refused", "end", "refer", "feed_back" };

static bool is_shown(const struct matter *m, struct str action)
{
    const struct action_words *w = words_of_action(action);
    for (size_t i = 0; matter_is_closed_circle(m) && i < COUNT_OF(parties_see); i++)
        if (str_is(action, parties_see[i]))
            return true;
    return w && w->shown;
}

/* What whoever got a hand-over said, by the word of the entry. */
static const struct { const char *word, *zh, *en; } handed_answers[] = {
    { "\"accepted\"", "移送已被接受", "A hand-over was accepted" },
    { "\"refused\"", "移送被退回", "A hand-over was returned" },
    { "\"result\"", "移送的结果已反馈", "The result of a hand-over came back" },
};

static bool is_report_by_law(const struct line *l)
{
    return str_is(l->action, "refer") && json_cut_find(l->data, "reason").n > 0;
}

/* A party is not told who was warned of it, nor what came of that: People's mediation law, article
 * 25, asks for the report and for nobody's consent. */
static bool is_untold(struct list lines, const struct line *one)
{
    const struct line *l = lines.p;
    if (!str_is(one->action, "handed_over"))
        return is_report_by_law(one);
    struct str transfer = json_cut_find(one->data, "transfer");
    for (size_t i = 0; i < lines.n; i++)
        if (is_report_by_law(&l[i]) && str_eq(json_cut_find(l[i].data, "transfer"), transfer))
            return true;
    return false;
}

/* A step of a dispute has the name of its own table, also where reports have one of that word. It
 * was never reported: it was registered. */
static struct str name_of(struct cx *cx, const struct matter *m, const struct line *l)
{
    struct str action = l->action, answer = json_cut_find(l->data, "answer");
    const struct step *s = matter_is_closed_circle(m)
        ? step_find(step_table_of(m->kind), action) : NULL;
    if (matter_is_closed_circle(m) && str_is(action, "report"))
        return cx_text(cx, "已登记", "Registered");
    for (size_t i = 0; str_is(action, "handed_over") && i < COUNT_OF(handed_answers); i++)
        if (str_is(answer, handed_answers[i].word))
            return cx_text(cx, handed_answers[i].zh, handed_answers[i].en);
    return s ? cx_text(cx, s->zh, s->en) : view_action_name(cx, action);
}

enum err view_timeline(struct cx *cx, const struct matter *m, struct list lines, bool staff,
    struct list *ret)
{
    const struct line *l = lines.p;
    struct timeline_view *rows = NEW_N(cx->a, struct timeline_view, lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < lines.n; i++) {
        if (!staff && (!is_shown(m, l[i].action) || is_untold(lines, &l[i])))
            continue;
        struct timeline_view *v = &rows[n++];
        record_clear(&timeline_view_record, v);
        v->seq = l[i].seq;
        v->at_ms = l[i].at_ms;
        v->action = l[i].action;
        v->action_name = name_of(cx, m, &l[i]);
        TRY(who(cx, m, &l[i], staff, &v->by));
        v->to_state = l[i].to_state;
        v->owner_name = unit_name(unit_find(cx->cat, l[i].owner_unit), cx->lang);
        v->due_ms = l[i].due_ms;
        if (may_read_note(cx, &l[i], staff))
            v->note = view_line_text(cx, &l[i]);
        if (staff) {
            v->from_state = l[i].from_state.n ? l[i].from_state : STR_NONE;
            v->facts = l[i].data;
            v->hash = l[i].hash;
        }
    }
    *ret = (struct list){ rows, n };
    return OK;
}

/* Among messages a session planned or called off says which it is. */
static struct str message_text(struct cx *cx, const struct matter *m, const struct line *l)
{
    struct str text = view_line_text(cx, l);
    bool session = str_is(l->action, "plan_sitting") || str_is(l->action, "cancel_sitting");
    if (!session)
        return text;
    return arena_fmt(cx->a, "%.*s%s%.*s", STR_FMT(name_of(cx, m, l)),
        cx->lang == LANG_EN ? ": " : "：", STR_FMT(text));
}

struct list view_photos(struct cx *cx, struct list photos)
{
    const struct photo *p = photos.p;
    struct photo_view *rows = NEW_N(cx->a, struct photo_view, photos.n + 1);
    for (size_t i = 0; i < photos.n; i++)
        rows[i] = (struct photo_view){ p[i].no, p[i].phase, p[i].width, p[i].height };
    return (struct list){ rows, photos.n };
}

static struct list photos_of_entry(struct cx *cx, struct list photos, int64_t seq)
{
    const struct photo *p = photos.p;
    struct photo *mine = NEW_N(cx->a, struct photo, photos.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < photos.n; i++)
        if (p[i].seq == seq)
            mine[n++] = p[i];
    return view_photos(cx, (struct list){ mine, n });
}

enum err view_messages(struct cx *cx, const struct matter *m, struct list lines,
    struct list photos, bool staff, struct list *ret)
{
    const struct line *l = lines.p;
    struct message_view *rows = NEW_N(cx->a, struct message_view, lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < lines.n; i++) {
        if (!may_read_note(cx, &l[i], staff) || !str_is(l[i].audience, "public"))
            continue;
        rows[n] = (struct message_view){ .no = l[i].seq, .at_ms = l[i].at_ms,
            .from = str_is(l[i].actor, "reporter") ? STR("reporter") : STR("staff"),
            .text = message_text(cx, m, &l[i]), .photos = photos_of_entry(cx, photos, l[i].seq) };
        TRY(who(cx, m, &l[i], staff, &rows[n++].by));
    }
    *ret = (struct list){ rows, n };
    return OK;
}

enum err view_holds(struct cx *cx, const struct matter *m, struct list lines, struct list *ret)
{
    const struct line *l = lines.p;
    struct hold_view *rows = NEW_N(cx->a, struct hold_view, lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < lines.n; i++) {
        bool same = i > 0 && l[i].owner_unit == l[i - 1].owner_unit
            && l[i].holder == l[i - 1].holder && str_eq(l[i].to_state, l[i - 1].to_state);
        if (same)
            continue;
        if (n)
            rows[n - 1].to_ms = l[i].at_ms;
        if (!state_table[state_by_word(l[i].to_state)].open)
            break;
        struct str holder;
        TRY(access_account_name(cx, l[i].holder, &holder));
        rows[n++] = (struct hold_view){ .from_ms = l[i].at_ms, .to_ms = I64_NONE,
            .owner_name = unit_name(unit_find(cx->cat, l[i].owner_unit), cx->lang),
            .holder_name = holder.n ? holder : STR_NONE,
            .state_name = view_state_name(cx, l[i].to_state) };
    }
    for (size_t i = 0; i < n; i++) {
        int64_t end = rows[i].to_ms != I64_NONE ? rows[i].to_ms
            : m->open ? cx->now_ms : rows[i].from_ms;
        rows[i].spent_ms = calendar_working_ms(cx->cat, rows[i].from_ms, end);
    }
    *ret = (struct list){ rows, n };
    return OK;
}

struct str view_due_reason(struct cx *cx, const struct matter *m)
{
    if (m->due_ms == I64_NONE)
        return STR_NONE;
    struct str stage = arena_str(cx->a, m->clock);
    const struct limit *l = catalogue_limit(cx->cat, m->category, m->tier, stage.p);
    static const struct { const char *word, *zh, *en; } units[] = {
        { "WH", "个工作时", "working hours" }, { "EH", "小时（昼夜连续）", "hours round the clock" },
        { "WD", "个工作日", "working days" }, { "CD", "天", "days" },
    }, stages[] = {
        { "dispatch", "派单", "dispatching" }, { "sign", "签收", "taking it up" },
        { "handle", "办理并答复", "handling and answering" }, { "review", "核查", "checking" },
        { "resume", "挂账复查", "the review of the deferral" },
        { "object", "评价和异议", "rating and objecting" },
        { "accept", "受理", "accepting" }, { "mediate", "调解", "mediation" },
        { "medical", "医疗纠纷调解", "mediating a medical dispute" },
        { "labour", "劳动争议调解", "mediating a labour dispute" },
        { "traffic", "交通事故调解", "mediating a traffic accident" },
        { "court", "法院委派调解", "mediation for a court" },
        { "settle", "签署", "signing" }, { "visit", "回访", "calling on the parties" },
    };
    const char *unit = "", *name = "";
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (str_is(l->unit, units[i].word))
            unit = cx->lang == LANG_EN ? units[i].en : units[i].zh;
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        if (str_is(stage, stages[i].word))
            name = cx->lang == LANG_EN ? stages[i].en : stages[i].zh;
    struct str basis = cx->lang == LANG_EN ? l->basis_en : l->basis;
    if (str_is(stage, "perform"))
        return cx_text(cx, "按协议约定的履行期限", "As the agreement lays down");
    if ((m->extended && str_is(stage, "handle")) || str_is(stage, "resume"))
        return cx_text(cx, "按批准的延期或挂账确定", "Set by an approved extension or deferral");
    return cx->lang == LANG_EN
        ? arena_fmt(cx->a, "%lld %s for %s%s%.*s", (long long)l->amount, unit, name,
            basis.n ? "; basis: " : "", STR_FMT(basis))
        : arena_fmt(cx->a, "%s时限 %lld %s%s%.*s", name, (long long)l->amount, unit,
            basis.n ? "，依据：" : "", STR_FMT(basis));
}

/* The first 80 columns; a Chinese character takes two of them. Words of letters stay whole. */
struct str view_title(struct cx *cx, struct str text)
{
    struct str rest, line = str_cut(str_trim(words_or_gone(cx, text)), '\n', &rest);
    size_t end = 0, gap = 0, columns = 0;
    while (end < line.n && columns < 80) {
        if (line.p[end] == ' ')
            gap = end;
        columns += (unsigned char)line.p[end] < 0x80 ? 1 : 2;
        (void)str_next(line, &end);
    }
    bool in_word = end < line.n && line.p[end] > ' ' && line.p[end - 1] > ' ';
    struct str head = { line.p, in_word && gap > end / 2 ? gap : end };
    return head.n < text.n ? arena_fmt(cx->a, "%.*s…", STR_FMT(str_trim(head))) : head;
}

enum err view_zone_name(struct cx *cx, int64_t level, int64_t code, int64_t at_ms,
    struct str *ret)
{
    struct zone z = { .name = STR("") };
    struct str layer = level == LEVEL_POLICE ? STR("police") : level == LEVEL_MICRO ? STR("micro")
        : STR("grid");
    enum err e = code ? zone_at(cx->db, cx->a, layer, code, at_ms, &z) : E_MISSING;
    *ret = e == OK ? z.name : STR("");
    return e == E_MISSING ? OK : e;
}

enum err view_category_name(struct cx *cx, struct str kind, int64_t area, int64_t id,
    struct str category, struct str *ret)
{
    const struct step_table *table = step_table_of(kind);
    const struct category *c = category_find(cx->cat, category);
    *ret = c ? cx_text(cx, c->name.p, c->name_en.p) : category;
    return table->called ? table->called(cx, area, id, ret) : OK;
}

enum err view_place_name(struct cx *cx, const struct matter *m, struct str *ret)
{
    struct place p = matter_place(m);
    struct str grid;
    TRY(view_zone_name(cx, LEVEL_GRID, m->grid, m->created_ms, &grid));
    *ret = grid.n ? catalogue_place_name_then(cx->cat, cx->a, &p, grid)
        : catalogue_place_name(cx->cat, cx->a, &p);     /* moved to a grid that is newer than it */
    return OK;
}

struct str view_tier_name(struct cx *cx, int64_t tier)
{
    switch (tier) {
    case 2: return cx_text(cx, "较大", "Notable");
    case 3: return cx_text(cx, "重大", "Major");
    case 4: return cx_text(cx, "突发紧急", "Emergency");
    default: return cx_text(cx, "一般", "Ordinary");
    }
}

static const struct { const char *word, *zh, *en; } origins[] = {
    { "resident", "居民上报", "Resident" }, { "patrol", "网格巡查", "Grid patrol" },
    { "phone", "电话", "Phone" }, { "window", "窗口", "Window" },
    { "split", "拆单", "Split off" }, { "import", "历史导入", "Imported" },
};

const char *view_origin_word(size_t i)
{
    return i < COUNT_OF(origins) ? origins[i].word : NULL;
}

struct str view_origin_name(struct cx *cx, struct str origin)
{
    for (size_t i = 0; i < COUNT_OF(origins); i++)
        if (str_is(origin, origins[i].word))
            return cx_text(cx, origins[i].zh, origins[i].en);
    return origin;
}
