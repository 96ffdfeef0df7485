/* decider.c: choosing the person who decides for a desk, and checking the list of deputies. */
#include "duty/decider.h"

static const struct duty_member *member_of(const struct duty_book *b, int64_t account, int64_t unit)
{
    const struct duty_member *h = duty_members(b).p;
    for (size_t i = 0; i < duty_members(b).n; i++)
        if (h[i].account == account && h[i].unit == unit)
            return &h[i];
    return NULL;
}

static bool decides(const struct duty_book *b, const struct colleague *who, int64_t unit)
{
    const struct duty_member *h = who ? member_of(b, who->account, unit) : NULL;
    return h && h->decides;
}

/* The account or its substitute, if that person is there and may decide; else NULL. */
static const struct colleague *if_decides(const struct duty_book *b, int64_t account, int64_t unit,
    int64_t at_ms)
{
    struct duty_on on = duty_comes(b, account, unit, at_ms);
    return decides(b, on.who, unit) ? on.who : NULL;
}

static const struct colleague *deputy_there(const struct duty_book *b, const struct catalogue *c,
    const struct unit *desk, int64_t at_ms)
{
    const struct deputy *d = catalogue_deputies(c).p;
    const struct colleague *found = NULL;
    for (size_t i = 0; i < catalogue_deputies(c).n && found == NULL; i++) {
        const struct colleague *who = str_eq(d[i].unit, desk->code)
            ? duty_colleague_named(b, d[i].person) : NULL;
        if (who && duty_absence_at(b, who->account, at_ms) == NULL)
            found = if_decides(b, who->account, desk->id, at_ms);
    }
    return found;
}

static const struct colleague *first_of(const struct duty_book *b, int64_t unit, bool chief,
    int64_t at_ms)
{
    const struct duty_member *h = duty_members(b).p;
    const struct colleague *found = NULL;
    for (size_t i = 0; i < duty_members(b).n && found == NULL; i++)
        if (h[i].unit == unit && h[i].decides && h[i].chief >= chief)
            found = if_decides(b, h[i].account, unit, at_ms);
    return found;
}

const struct colleague *duty_decider(const struct duty_book *b, const struct catalogue *c,
    const struct unit *desk, int64_t at_ms)
{
    const struct duty_member *h = duty_members(b).p;
    for (size_t i = 0; i < duty_members(b).n; i++)
        if (h[i].unit == desk->id && h[i].chief
            && duty_is_on(b, c, DUTY_UNIT, desk->id, h[i].account, at_ms))
            return duty_colleague(b, h[i].account);
    const struct colleague *who = deputy_there(b, c, desk, at_ms);
    if (who == NULL)
        who = first_of(b, desk->id, true, at_ms);
    struct duty_on on = duty_at(b, c, DUTY_UNIT, desk->id, desk->id, at_ms);
    if (who == NULL && decides(b, on.who, desk->id))
        who = on.who;
    return who ? who : first_of(b, desk->id, false, at_ms);
}

int64_t duty_names_decider(struct cx *cx, const struct unit *desk)
{
    const struct duty_book *b = duty_hold(cx);
    struct duty_book *read = NULL;
    if (b == NULL && duty_book_load(cx->db, &read) != OK)
        return 0;
    const struct colleague *who = duty_decider(b ? b : read, cx->cat, desk, cx->now_ms);
    int64_t account = who ? who->account : 0;
    duty_book_drop(b ? b : read);
    return account;
}

void deputies_check(const struct catalogue *c, const struct duty_book *b, struct arena *a,
    struct str csv, struct faults *f)
{
    struct faults told = faults_in(a);
    struct sheet sheet = sheet_read(a, &deputy_record, csv, &told);
    const struct deputy *d = sheet.rows.p;
    for (size_t i = 0; i < sheet.rows.n; i++) {
        const struct unit *u = unit_find_code(c, d[i].unit);
        const struct colleague *who = duty_colleague_named(b, d[i].person);
        if (who == NULL)
            fault_add(f, sheet.lines[i], "person", MSG("没有账号 %s，请核对或先导入账号",
                "There is no account %s; check it or import accounts first"), d[i].person);
        else if (u && (who->disabled || !decides(b, who, u->id)))
            fault_add(f, sheet.lines[i], "person", MSG("%s 不是这个单位的负责人或调度员，不能代为决定",
                "%s is neither chief nor dispatcher of this unit and cannot decide for it"),
                d[i].person);
    }
}
