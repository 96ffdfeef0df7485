/* held.c: what is held of a person, told column by column: value, class, what for, how long, who
 * has or had it; and what of it could be erased now. Nothing of this is stored: it follows from
 * the rows, the ledger and the table of terms. */
#include "account/account.h"
#include "base/json_cut.h"
#include "matter/erase.h"
#include "mediation/mediation.h"
#include "personal/request.h"

RECORD_DEFINE(held_item, HELD_ITEM)
RECORD_DEFINE(handed_to, HANDED_TO)
RECORD_DEFINE(erasable, ERASABLE)
RECORD_DEFINE(data_held, DATA_HELD)
#define ON_FILE(X, R) \
    X(R, I64, person, 0, 0, 0, NULL, "") X(R, I64, confidential, 0, 0, 0, NULL, "") \
    X(R, I64, joined_ms, 0, 0, 0, NULL, "") X(R, I64, score, 0, 0, 0, NULL, "") \
    X(R, STR, rating, 0, 0, 0, NULL, "")
RECORD(on_file, ON_FILE)
RECORD_DEFINE(on_file, ON_FILE)
#define SENT_TO(X, R) \
    X(R, STR, name, 0, 0, 0, NULL, "") X(R, STR, document, 0, 0, 0, NULL, "") \
    X(R, I64, at_ms, 0, 0, 0, NULL, "") X(R, I64, shared, 0, 0, 0, NULL, "")
RECORD(sent_to, SENT_TO)
RECORD_DEFINE(sent_to, SENT_TO)
#define OWN_PLACES(X, R) X(R, I64, n, 0, 0, 0, NULL, "") X(R, I64, seen_ms, 0, 0, 0, NULL, "")
RECORD(own_places, OWN_PLACES)
RECORD_DEFINE(own_places, OWN_PLACES)

SQL_READS(FILED, "held.on_file", "SELECT person, confidential, joined_ms, score, rating FROM reporter"
    " WHERE area = $1 AND matter = $2 AND no = $3");
SQL_READS(TALKS, "held.talks", "SELECT count(*) FROM statement WHERE area = $1 AND matter = $2"
    " AND kind = 'caucus' AND side = $3");
/* Not whom it was reported to by law, without asking them: view.c is_untold(). */
SQL_READS(SENT, "held.sent", "SELECT to_name AS name, document, sent_ms AS at_ms, shared FROM transfer"
    " WHERE area = $1 AND matter = $2 AND ground = '' ORDER BY id LIMIT 50");
SQL_READS(ME, "held.account",
    "SELECT id, username, name, password, phone, lang, disabled, once_ms, unlocked FROM account"
    " WHERE id = $1");
SQL_READS(PLACES, "held.places", "SELECT count(*) AS n, coalesce(max(seen_ms), 0) AS seen_ms"
    " FROM known_place WHERE account = $1");
const struct sql *const held_statements[] = { &FILED, &TALKS, &SENT, &ME, &PLACES };
const size_t held_statements_n = COUNT_OF(held_statements);

/* One telling. */
struct telling {
    struct cx *cx;
    const struct matter *m;
    int64_t no;
    struct list lines, photos;
    struct keepings terms;
    struct on_file file;
    const struct party *party;          /* NULL: of no dispute */
    bool contact_gone;
    struct held_item *items;
    size_t n;
};

/* What the ledger says --------------------------------------------------------------------------- */

/* Names and telephones of all, or of this one. */
static bool erases_contact(const struct line *l, int64_t no)
{
    int64_t party = 0;
    struct str given = json_cut_find(l->data, "party");
    return str_is(l->action, "erase") && str_is(json_cut_find(l->data, "what"), "\"contact\"")
        && (given.n == 0 || (str_to_i64(given, &party) && party == no));
}

static bool contact_is_gone(const struct matter *m, struct list lines, int64_t no)
{
    const struct line *l = lines.p;
    bool gone = (m->erased & (ERASE_CONTACT | ERASE_FILE)) != 0;
    for (size_t i = 0; i < lines.n; i++)
        gone |= erases_contact(&l[i], no);
    return gone;
}

/* By how the file was filed; not filed counts as short. */
static enum term file_term(struct list lines, bool *ret_ever)
{
    const struct line *l = lines.p;
    enum term t = KEEP_FILE;
    *ret_ever = false;
    for (size_t i = 0; i < lines.n; i++)
        if (str_is(l[i].action, "archived")) {
            struct str how = json_cut_find(l[i].data, "retention");
            t = str_is(how, "\"long\"") ? KEEP_FILE_LONG : t;
            *ret_ever |= str_is(how, "\"ever\"");
        }
    return t;
}

static int64_t day_after(const struct matter *m, int64_t days)
{
    return m->open || days == I64_NONE ? I64_NONE : m->closed_ms + days * (int64_t)CLOCK_DAY_MS;
}

/* The term that a rule stands for, of a dispute its file's; KEEP_COUNT: none, it lasts. */
static enum term term_of(const struct telling *t, enum keeping_rule rule, bool *ret_ever)
{
    bool dispute = t->m && matter_is_closed_circle(t->m);
    *ret_ever = false;
    switch (rule) {
    case KEPT_STATEMENT: return KEEP_CAUCUS;
    case KEPT_SESSION: return KEEP_SESSION;
    case KEPT_SIGN_IN: return KEEP_SIGN_IN;
    case KEPT_FILE: return file_term(t->lines, ret_ever);
    case KEPT_CONTACT: return dispute ? file_term(t->lines, ret_ever) : KEEP_CONTACT;
    case KEPT_WORDS: case KEPT_POINT: return dispute ? file_term(t->lines, ret_ever) : KEEP_WORDS;
    case KEPT_PHOTOS: return dispute ? file_term(t->lines, ret_ever) : KEEP_PHOTOS;
    case KEPT_DAY: case KEPT_ROSTER: case KEPT_MATTER: case KEPT_RECORD: case KEPT_ACCOUNT:
    case KEPT_DEPLOYER: case KEPT_UNTIL_LEFT: case KEPT_COUNT: break;
    }
    return KEEP_COUNT;
}

/* How long, in days as the table of terms now says, and when it goes: not known while a matter is
 * open or kept for a proceeding. What has no term lasts as long as the rule says. */
static struct str kept_of(const struct telling *t, enum keeping_rule rule, int64_t *ret_until_ms)
{
    struct cx *cx = t->cx;
    bool ever;
    enum term what = term_of(t, rule, &ever);
    int64_t days = what == KEEP_COUNT || ever ? I64_NONE : t->terms.days[what];
    *ret_until_ms = I64_NONE;
    if (what == KEEP_COUNT)
        return cx_text(cx, kept_table[rule].meaning.zh, kept_table[rule].meaning.en);
    if (days == I64_NONE)
        return cx_text(cx, "长期保存", "for good");
    struct msg since = keep_since(what);
    struct str then = rule == KEPT_POINT ? cx_text(cx, "到期后只留到约十米", "then rounded to about ten metres")
        : cx_text(cx, "到期删除", "then erased");
    const char *more = "";
    if (t->m && t->m->held)
        more = cx->lang == LANG_EN ? "; kept for a proceeding until that is over" : "；已封存，解除前不删除";
    else if (t->m && t->m->open)
        more = cx->lang == LANG_EN ? " (it is not settled yet, so there is no date)" : "（还没有办结，日期待定）";
    else if (t->m)
        *ret_until_ms = day_after(t->m, days);
    return cx->lang == LANG_EN
        ? arena_fmt(cx->a, "%lld days after %s, %.*s%s", (long long)days, since.en, STR_FMT(then), more)
        : arena_fmt(cx->a, "%s后保存 %lld 天，%.*s%s", since.zh, (long long)days, STR_FMT(then), more);
}

/* Items ------------------------------------------------------------------------------------------ */

/* What the schema's own table says of the column goes with it. */
static void item(struct telling *t, const char *table, const char *column, const char *zh,
    const char *en, struct str value)
{
    const struct column_group *g = column_group_of(str_c(table), str_c(column));
    struct cx *cx = t->cx;
    CHECK(g != NULL);
    if (t->n == HELD_MAX)
        return;
    int64_t until_ms;
    struct str kept = kept_of(t, g->kept, &until_ms);
    t->items[t->n++] = (struct held_item){ arena_fmt(cx->a, "%s.%s", table, column),
        cx_text(cx, zh, en), value, g->class, cx_text(cx, g->purpose.zh, g->purpose.en),
        kept, until_ms };
}

static struct str number_text(struct cx *cx, int64_t n)
{
    return arena_fmt(cx->a, "%lld", (long long)n);
}

static struct str yes_or_no(struct cx *cx, bool yes)
{
    return yes ? cx_text(cx, "是", "yes") : cx_text(cx, "否", "no");
}

static void contact_items(struct telling *t, const struct contact *c)
{
    if (t->file.person == 0 || t->contact_gone)
        return;
    item(t, "person", "name", "称呼、姓名", "Name", c ? c->name : STR_NONE);
    item(t, "person", "phone", "电话", "Telephone", c ? c->phone : STR_NONE);
    if (t->party && str_is(t->party->kind, "organisation") && c)
        item(t, "person", "details", "单位信息", "What an organisation is", arena_fmt(t->cx->a,
            "%.*s %.*s %.*s %.*s", STR_FMT(c->of.credit_code), STR_FMT(c->of.seat),
            STR_FMT(c->of.head), STR_FMT(c->of.head_post)));
}

/* The report is the first reporter's own; of a dispute it is the parties'. */
static void report_items(struct telling *t)
{
    const struct matter *m = t->m;
    bool by_staff = str_is(m->origin, "patrol") || str_is(m->origin, "split");
    if (matter_is_wordless(m) || !(matter_is_closed_circle(m) || (t->no == 1 && !by_staff)))
        return;
    item(t, "matter", "text", "反映的事情", "What was reported", m->text);
    if (m->place_text.n)
        item(t, "matter", "place_text", "地点（文字）", "Place in words", m->place_text);
    if (m->cell != I64_NONE)
        item(t, "matter", "lon", "地点（坐标）", "Place on the map",
            arena_fmt(t->cx->a, "%.5f, %.5f", m->lon, m->lat));
}

static void written_items(struct telling *t)
{
    const struct line *l = t->lines.p;
    const struct photo *p = t->photos.p;
    int64_t own = 0;
    for (size_t i = 0; i < t->lines.n; i++) {
        bool mine = view_line_reporter(&l[i]) == t->no || (l[i].seq == 1 && t->no == 1);
        for (size_t k = 0; mine && k < t->photos.n; k++)
            own += p[k].seq == l[i].seq;
        if (mine && l[i].seq > 1 && l[i].text.n)
            item(t, "note", "text", "写过的话", "What was written", l[i].text);
    }
    if (own)
        item(t, "attachment", "hash", "照片（张）", "Photos", number_text(t->cx, own));
}

static void answer_items(struct telling *t)
{
    if (t->file.confidential)
        item(t, "reporter", "confidential", "要求保密", "To stay unknown", yes_or_no(t->cx, true));
    if (t->file.score != I64_NONE)
        item(t, "reporter", "score", "评分", "Rating", number_text(t->cx, t->file.score));
    if (t->file.rating.n)
        item(t, "reporter", "rating", "评价的话", "Words of the rating", t->file.rating);
}

static enum err party_items(struct telling *t)
{
    const struct party *p = t->party;
    int64_t talks = 0;
    if (p == NULL)
        return OK;
    item(t, "party", "side", "当事人身份", "Side in the dispute",
        str_is(p->side, "applicant") ? cx_text(t->cx, "申请人一方", "applicant")
        : cx_text(t->cx, "被申请人一方", "respondent"));
    item(t, "party", "minor", "未成年", "Under age", yes_or_no(t->cx, p->minor));
    TRY(db_number(t->cx->db, &TALKS, ARGS(I(t->m->area), I(t->m->id), S(p->side)), &talks));
    if (talks)
        item(t, "statement", "text", "单独谈话记录（份，密封，内容请向调解员查阅）",
            "Records of talks with your side (sealed; ask the mediator)", number_text(t->cx, talks));
    return OK;
}

/* Whom it went to ---------------------------------------------------------------------------------- */

static bool handed_has(const struct handed_to *h, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(h[i].name, name))
            return true;
    return false;
}

static enum err handed_of(struct telling *t, struct list *ret)
{
    struct cx *cx = t->cx;
    const struct line *l = t->lines.p;
    struct handed_to *h = NEW_N(cx->a, struct handed_to, HANDED_MAX);
    struct list helping, sent;
    size_t n = 0;
    for (size_t i = 0; i < t->lines.n && n < HANDED_MAX / 2; i++) {
        struct str name = unit_name(unit_find(cx->cat, l[i].owner_unit), cx->lang);
        if (name.n && !handed_has(h, n, name))
            h[n++] = (struct handed_to){ name, cx_text(cx, "承办", "It was in charge"), l[i].at_ms };
    }
    TRY(cohandlers_of(cx, t->m, &helping));
    const struct cohandler *c = helping.p;
    for (size_t i = 0; i < helping.n; i++)
        h[n++] = (struct handed_to){ unit_name(unit_find(cx->cat, c[i].unit), cx->lang),
            cx_text(cx, "联办", "It was asked to help"), c[i].since_ms };
    TRY(db_rows(cx->db, cx->a, &SENT, ARGS(I(t->m->area), I(t->m->id)), &sent_to_record, 50,
        &sent));
    const struct sent_to *s = sent.p;
    for (size_t i = 0; i < sent.n; i++)
        h[n++] = (struct handed_to){ s[i].name, s[i].shared
            ? cx_text(cx, "移送、委托，连同案情", "Handed over, with what it is about")
            : cx_text(cx, "移送、委托，不含案情", "Handed over, without what it is about"), s[i].at_ms };
    *ret = (struct list){ h, n };
    return OK;
}
_Static_assert(HANDED_MAX / 2 + COHANDLING_MAX + 50 <= HANDED_MAX, "there is room for all");

/* What could go ------------------------------------------------------------------------------------ */

/* law_days: what must be kept so long after the end, whoever asks. */
static struct erasable part(const struct telling *t, enum term what, int64_t law_days,
    struct msg shared)
{
    struct cx *cx = t->cx;
    const struct matter *m = t->m;
    struct erasable e = { .what = str_c(keep_words[what]), .what_name = keep_name(cx, what),
        .why = STR_NONE, .earliest_ms = day_after(m, law_days),
        .due_ms = day_after(m, t->terms.days[what]) };
    struct msg why = NOTHING_FORBIDS;
    if (m->open)
        why = MSG("事项还在办理，办结前需要这些信息", "The matter is not settled and needs it until then");
    else if (m->held)
        why = MSG("已为诉讼、复议等程序封存，解除后才能删除", "It is kept for a proceeding until that is over");
    else if (shared.zh)
        why = shared;
    else if (cx->now_ms < e.earliest_ms)
        why = what == KEEP_FILE || what == KEEP_FILE_LONG
            ? MSG("调解案卷依规定要保存到最短年限", "Files of mediation are kept for the years laid down")
            : MSG("办结后的一段时间内可以提出异议、再次办理或向法院申请，期间需要这些信息",
                "For some time after the end it may be taken up again or brought to court, and is needed");
    if (m->held)
        e.due_ms = I64_NONE;
    if (shared.zh || m->held)
        e.earliest_ms = I64_NONE;
    e.now = why.zh == NULL;
    if (why.zh)
        e.why = cx_text(cx, why.zh, why.en);
    return e;
}

static void parts_of_dispute(const struct telling *t, struct erasable *v, size_t *n)
{
    bool ever = false;
    enum term file = file_term(t->lines, &ever);
    struct msg both = MSG("案卷由各方共有，不能因一方要求删除，到期后删除",
        "The file is of all parties and does not go because one of them asks; it goes at its term");
    if (!(t->m->erased & (ERASE_CAUCUS | ERASE_FILE)))
        v[(*n)++] = part(t, KEEP_CAUCUS, keep_least_days(KEEP_CAUCUS), both);
    if (t->m->erased & ERASE_FILE)
        return;
    v[*n] = part(t, file, keep_least_days(file), both);
    if (ever)
        v[*n].due_ms = v[*n].earliest_ms = I64_NONE;
    (*n)++;
}

/* Their contact details are theirs alone; words and photos only while nobody else reported the
 * same. Those stay while the matter may be taken up again. */
static void parts_of_report(const struct telling *t, struct erasable *v, size_t *n)
{
    struct msg shared = t->m->reporters > 1 ? MSG("还有他人反映同一件事，内容为共有，到期后删除",
        "Others reported the same; the words are of all of them and go at their term") : NOTHING_FORBIDS;
    if (t->file.person && !t->contact_gone)
        v[(*n)++] = part(t, KEEP_CONTACT, 0, NOTHING_FORBIDS);
    if (!matter_is_wordless(t->m))
        v[(*n)++] = part(t, KEEP_WORDS, keep_least_days(KEEP_WORDS), shared);
    if (t->photos.n)
        v[(*n)++] = part(t, KEEP_PHOTOS, keep_least_days(KEEP_PHOTOS), shared);
}

static struct list parts_of(const struct telling *t)
{
    struct erasable *v = NEW_N(t->cx->a, struct erasable, 8);
    size_t n = 0;
    if (matter_is_closed_circle(t->m))
        parts_of_dispute(t, v, &n);
    else
        parts_of_report(t, v, &n);
    return (struct list){ v, n };
}

static enum err begin(struct cx *cx, const struct matter *m, int64_t no, struct telling *t)
{
    *t = (struct telling){ .cx = cx, .m = m, .no = no,
        .items = NEW_N(cx->a, struct held_item, HELD_MAX) };
    enum err e = db_one(cx->db, cx->a, &FILED, ARGS(I(m->area), I(m->id), I(no)), &on_file_record,
        &t->file);
    if (e == E_MISSING)
        return cx_fail(cx, E_INPUT, "reporter", MSG("这件事没有这个序号的报事人或当事人",
            "The matter has no reporter or party of this number"));
    TRY(e);
    TRY(view_lines(cx, m, &t->lines));
    TRY(photos_of(cx, m, &t->photos));
    TRY(keepings_read(cx->db, cx->a, cx->now_ms, &t->terms));
    t->contact_gone = contact_is_gone(m, t->lines, no);
    return OK;
}

enum err erasable_of(struct cx *cx, const struct matter *m, int64_t no, struct list *ret)
{
    struct telling t;
    TRY(begin(cx, m, no, &t));
    *ret = parts_of(&t);
    return OK;
}

enum err erase_asked(struct cx *cx, struct matter *m, int64_t no)
{
    struct list parts;
    TRY(erasable_of(cx, m, no, &parts));
    const struct erasable *p = parts.p;
    for (size_t i = 0; i < parts.n; i++) {
        enum term what = keep_by_word(p[i].what);
        struct matter before = *m;
        if (p[i].now)
            TRY(due_erase_asked(cx, &before, what, what == KEEP_CONTACT ? no : I64_NONE, m));
    }
    return OK;
}

/* Whole ---------------------------------------------------------------------------------------------- */

static struct list stays_of(struct cx *cx, bool account)
{
    static const struct msg of_matter[] = {
        MSG("办理记录（账本）只增不改；其中没有姓名、电话和原话，只有加盐的摘要，删除后谁也还原不了",
            "The record is only added to. It holds no names, telephones or words, only salted digests that"
            " nobody can undo once the words are erased"),
        MSG("事项的种类、网格、时间、单位和统计数字；不指向个人",
            "Kind, grid, dates, units and figures; they point to nobody"),
        MSG("谁为什么查看过的记录，用来追责", "Who read what and why, so that they answer for it"),
        MSG("删除前所做的备份，按备份的保存期清除", "Backups made before, until their own term is over"),
    };
    static const struct msg of_account[] = {
        MSG("姓名、登录名、职务和办过的事：公职人员对所办的事负责",
            "Name, login, roles and what was done: officials answer for it"),
        MSG("删除前所做的备份，按备份的保存期清除", "Backups made before, until their own term is over"),
    };
    const struct msg *all = account ? of_account : of_matter;
    size_t n = account ? COUNT_OF(of_account) : COUNT_OF(of_matter);
    struct str *words = NEW_N(cx->a, struct str, n);
    for (size_t i = 0; i < n; i++)
        words[i] = cx_text(cx, all[i].zh, all[i].en);
    return (struct list){ words, n };
}

static void fill(struct cx *cx, struct data_held *r, bool contact)
{
    const struct limit *l = request_limit(cx);
    struct str *fields = NEW_N(cx->a, struct str, 2);
    fields[0] = STR("name");
    fields[1] = STR("phone");
    r->at_ms = cx->now_ms;
    r->fields = (struct list){ fields, contact ? 2 : 0 };
    r->limit = cx_text(cx, l->basis.p ? l->basis.p : "", l->basis_en.p ? l->basis_en.p : "");
}

enum err held_of(struct cx *cx, const struct matter *m, int64_t no, const struct contact *contact,
    struct data_held *ret)
{
    struct telling t;
    struct beside *b = NULL;
    record_clear(&data_held_record, ret);
    TRY(begin(cx, m, no, &t));
    if (matter_is_closed_circle(m)) {
        TRY(beside_read(cx, m, &b));
        const struct party *p = b->parties.p;
        for (size_t i = 0; i < b->parties.n; i++)
            t.party = p[i].no == no ? &p[i] : t.party;
    }
    contact_items(&t, contact);
    report_items(&t);
    written_items(&t);
    answer_items(&t);
    TRY(party_items(&t));
    ret->about = m->number;
    ret->whole = contact != NULL;
    ret->items = (struct list){ t.items, t.n };
    TRY(handed_of(&t, &ret->handed));
    ret->erasable = parts_of(&t);
    ret->stays = stays_of(cx, false);
    ret->provable = t.file.person != 0 && !t.contact_gone;
    fill(cx, ret, ret->provable);
    return OK;
}

enum err held_of_account(struct cx *cx, int64_t account, struct data_held *ret)
{
    struct telling t = { .cx = cx, .items = NEW_N(cx->a, struct held_item, HELD_MAX) };
    struct account me;
    struct list sessions;
    struct own_places places;
    record_clear(&data_held_record, ret);
    TRY(db_one(cx->db, cx->a, &ME, ARGS(I(account)), &account_record, &me));
    TRY(keepings_read(cx->db, cx->a, cx->now_ms, &t.terms));
    item(&t, "account", "username", "登录名", "Login name", me.username);
    item(&t, "account", "name", "姓名", "Name", me.name);
    item(&t, "account", "phone", "电话", "Telephone", me.phone.p ? me.phone : STR(""));
    item(&t, "account", "password", "密码", "Password",
        cx_text(cx, "（只存摘要）", "(only its digest)"));
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct role_row *role = role_by_bit(cx->actor.memberships[i].role);
        struct str unit = unit_name(unit_find(cx->cat, cx->actor.memberships[i].unit), cx->lang);
        item(&t, "membership", "role", "职务", "Role", arena_fmt(cx->a, "%.*s · %.*s",
            STR_FMT(unit), STR_FMT(role ? cx_text(cx, role->zh, role->en) : STR(""))));
    }
    TRY(access_sessions(cx, account, &sessions));
    const struct own_session *s = sessions.p;
    for (size_t i = 0; i < sessions.n; i++)
        item(&t, "session", "address", "登录", "Sign-in", arena_fmt(cx->a, "%.*s %.*s",
            STR_FMT(s[i].address), STR_FMT(s[i].device)));
    TRY(db_one(cx->db, cx->a, &PLACES, ARGS(I(account)), &own_places_record, &places));
    item(&t, "known_place", "token", "登录过的浏览器（个）", "Browsers signed in from",
        number_text(cx, places.n));
    ret->about = me.username;
    ret->whole = true;
    ret->items = (struct list){ t.items, t.n };
    ret->handed = ret->erasable = (struct list){ NULL, 0 };
    ret->stays = stays_of(cx, true);
    fill(cx, ret, true);
    return OK;
}
