/* list.c: accounts as an administrator or auditor sees them. */
#include "account/account.h"

RECORD_DEFINE(accounts_in, ACCOUNTS_IN)
RECORD_DEFINE(account_line, ACCOUNT_LINE)
RECORD_DEFINE(accounts_out, ACCOUNTS_OUT)
RECORD_DEFINE(account_units_in, ACCOUNT_UNITS_IN)
RECORD_DEFINE(role_choice, ROLE_CHOICE)
RECORD_DEFINE(unit_choice, UNIT_CHOICE)
RECORD_DEFINE(account_units, ACCOUNT_UNITS)
const char *const account_states[] = { "all", "disabled", "once", NULL };

#define LINE_ROW(X, R) \
    X(R, ID, id, 0, 0, 0, NULL, "") X(R, STR, username, 0, 0, 0, NULL, "") \
    X(R, STR, name, 0, 0, 0, NULL, "") X(R, BOOL, disabled, 0, 0, 0, NULL, "") \
    X(R, TIME, once_ms, 0, 0, 0, NULL, "") X(R, I64, factors, 0, 0, 0, NULL, "")
RECORD(line_row, LINE_ROW)
RECORD_DEFINE(line_row, LINE_ROW)

/* $3: 0 all, 1 disabled, 2 with a one-time password. */
SQL_SCANS(PAGE, "account.page",
    "SELECT a.id, a.username, a.name, a.disabled, a.once_ms,"
    " (SELECT COUNT(*) FROM second_factor f WHERE f.account = a.id) AS factors FROM account a"
    " WHERE a.username > $1 AND (a.username LIKE $2 OR a.name LIKE $2)"
    " AND (CAST($3 AS BIGINT) = 0 OR (CAST($3 AS BIGINT) = 1 AND a.disabled = 1)"
    " OR (CAST($3 AS BIGINT) = 2 AND a.once_ms IS NOT NULL))"
    " AND (EXISTS (SELECT 1 FROM membership m JOIN unit u ON u.id = m.unit WHERE m.account = a.id"
    " AND u.region BETWEEN $4 AND $5 AND (CAST($6 AS BIGINT) = 0 OR u.id = $6 OR u.parent = $6))"
    " OR EXISTS (SELECT 1 FROM membership_term m JOIN unit u ON u.id = m.unit WHERE m.account = a.id"
    " AND u.region BETWEEN $4 AND $5 AND (CAST($6 AS BIGINT) = 0 OR u.id = $6 OR u.parent = $6)))"
    " ORDER BY a.username LIMIT 51");
const struct sql *const account_statements[] = { &PAGE };
const size_t account_statements_n = COUNT_OF(account_statements);

enum { PAGE_ROWS = 50, UNITS_SHOWN = 30 };

/* "%words%"; what LIKE would take for more than itself is taken for any character. */
static struct str pattern_of(struct arena *a, struct str q)
{
    struct buf b = buf_in(a, q.n + 8);
    buf_byte(&b, '%');
    for (size_t i = 0; i < q.n; i++) {
        char c = q.p[i];
        buf_byte(&b, c == '%' || c == '\\' ? '_' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    buf_byte(&b, '%');
    return buf_str(&b);
}

static enum err roles_text(struct cx *cx, int64_t account, struct str *ret)
{
    struct list terms;
    struct buf b = buf_in(cx->a, 1 << 14);
    TRY(account_terms(cx, account, &terms));
    const struct term_view *t = terms.p;
    for (size_t i = 0; i < terms.n; i++)
        if (!str_is(t[i].state, "ended"))
            buf_fmt(&b, "%s%.*s · %.*s", b.n ? "; " : "", STR_FMT(t[i].unit_name),
                STR_FMT(t[i].role_name));
    *ret = buf_str(&b);
    return OK;
}

enum err accounts_page(struct cx *cx, const struct accounts_in *q, struct accounts_out *ret)
{
    struct account_scope s;
    struct list rows;
    int64_t state = str_is(q->state, "disabled") ? 1 : str_is(q->state, "once") ? 2 : 0;
    record_clear(&accounts_out_record, ret);
    if (!account_scope(cx, &s))
        return E_DENIED;
    TRY(db_rows(cx->db, cx->a, &PAGE, ARGS(S(q->after.p ? q->after : STR("")),
        S(pattern_of(cx->a, str_trim(q->q))), I(state), I(s.region.from), I(s.region.to),
        I(s.unit)), &line_row_record, PAGE_ROWS + 1, &rows));
    const struct line_row *l = rows.p;
    size_t n = rows.n < PAGE_ROWS ? rows.n : PAGE_ROWS;
    struct account_line *items = NEW_N(cx->a, struct account_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct account_line){ l[i].id, l[i].username, l[i].name, l[i].disabled,
            l[i].once_ms, l[i].factors > 0, STR("") };
        TRY(roles_text(cx, l[i].id, &items[i].roles));
    }
    ret->items = (struct list){ items, n };
    ret->next = rows.n > PAGE_ROWS ? items[n - 1].username : STR_NONE;
    ret->may_add = cx->actor.roles & ROLE_ADMIN;
    return OK;
}

enum err accounts_list(struct cx *cx, const void *in, struct buf *out)
{
    struct accounts_out r;
    TRY(accounts_page(cx, in, &r));
    record_to_json(out, &accounts_out_record, &r);
    return OK;
}

static struct list roles_for(struct cx *cx, const struct unit *u)
{
    struct role_choice *roles = NEW_N(cx->a, struct role_choice, ROLE_COUNT);
    size_t n = 0;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (account_may_grant(cx, u, role_table[i].role))
            roles[n++] = (struct role_choice){ str_c(role_table[i].word),
                cx_text(cx, role_table[i].zh, role_table[i].en) };
    return (struct list){ roles, n };
}

enum err accounts_units(struct cx *cx, const void *in, struct buf *out)
{
    const struct account_units_in *q = in;
    const struct unit *u = catalogue_units(cx->cat).p;
    struct unit_choice *items = NEW_N(cx->a, struct unit_choice, UNITS_SHOWN);
    struct account_units r = { { items, 0 } };
    struct str words = str_trim(q->q);
    for (size_t i = 0; i < catalogue_units(cx->cat).n && r.items.n < UNITS_SHOWN; i++) {
        if (words.n && str_find(u[i].name, words) < 0 && str_find(u[i].name_en, words) < 0
            && !str_starts(u[i].code, words))
            continue;
        struct list roles = roles_for(cx, &u[i]);
        if (roles.n)
            items[r.items.n++] = (struct unit_choice){ u[i].id, unit_name(&u[i], cx->lang), roles };
    }
    record_to_json(out, &account_units_record, &r);
    return OK;
}
