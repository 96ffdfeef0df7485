/* term.c: roles from one day to another. What is in force now stands in membership, where all
 * others look; when something begins or ends, the timer moves it there or away. */
#include "account/account.h"

RECORD_DEFINE(term_in, TERM_IN)
RECORD_DEFINE(term_view, TERM_VIEW)
#define TERM_ROW(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "") X(R, STR, role, REQUIRED, 0, 0, NULL, "") \
    X(R, TIME, from_ms, OPTIONAL, 0, 0, NULL, "") X(R, TIME, to_ms, OPTIONAL, 0, 0, NULL, "")
RECORD(term_row, TERM_ROW)
RECORD_DEFINE(term_row, TERM_ROW)

#define IN_TERM "t.from_ms <= $2 AND (t.to_ms IS NULL OR t.to_ms > $2)"
#define SAME "t.account = m.account AND t.unit = m.unit AND t.role = m.role"
SQL_READS(TERMS, "account.terms",
    "SELECT m.unit, m.role, t.from_ms, t.to_ms FROM membership m LEFT JOIN membership_term t"
    " ON " SAME " AND " IN_TERM " WHERE m.account = $1"
    " UNION ALL SELECT t.unit, t.role, t.from_ms, t.to_ms FROM membership_term t"
    " WHERE t.account = $1 AND NOT EXISTS (SELECT 1 FROM membership m WHERE " SAME " AND " IN_TERM ")"
    " ORDER BY 1, 2, 3 LIMIT 64");
SQL_EMPTIES(BEGIN, "account.terms_begin",
    "INSERT INTO membership (account, unit, role) SELECT t.account, t.unit, t.role"
    " FROM membership_term t WHERE t.from_ms <= $1 AND (t.to_ms IS NULL OR t.to_ms > $1)"
    " AND NOT EXISTS (SELECT 1 FROM membership m WHERE " SAME ") ON CONFLICT DO NOTHING");
SQL_EMPTIES(END, "account.terms_end",
    "DELETE FROM membership AS m WHERE EXISTS (SELECT 1 FROM membership_term t WHERE " SAME
    " AND t.to_ms <= $1) AND NOT EXISTS (SELECT 1 FROM membership_term t WHERE " SAME
    " AND t.from_ms <= $1 AND (t.to_ms IS NULL OR t.to_ms > $1))");
SQL_WRITES(STAMP, "account.stamp", "UPDATE roster_stamp SET stamp = stamp + 1 WHERE one = 1");
const struct sql *const account_term_statements[] = { &TERMS, &BEGIN, &END, &STAMP };
const size_t account_term_statements_n = COUNT_OF(account_term_statements);

static const char *state_of(const struct term_row *t, int64_t now_ms)
{
    return t->from_ms != I64_NONE && t->from_ms > now_ms ? "planned"
        : t->to_ms != I64_NONE && t->to_ms <= now_ms ? "ended" : "current";
}

enum err account_terms(struct cx *cx, int64_t account, struct list *ret)
{
    struct list rows;
    TRY(db_rows(cx->db, cx->a, &TERMS, ARGS(I(account), I(cx->now_ms)), &term_row_record,
        TERMS_READ, &rows));
    const struct term_row *t = rows.p;
    struct term_view *v = NEW_N(cx->a, struct term_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct role_row *role = role_by_word(t[i].role);
        v[i] = (struct term_view){ t[i].unit, unit_name(unit_find(cx->cat, t[i].unit), cx->lang),
            t[i].role, role ? cx_text(cx, role->zh, role->en) : t[i].role,
            t[i].from_ms == 0 ? I64_NONE : t[i].from_ms, t[i].to_ms,
            str_c(state_of(&t[i], cx->now_ms)) };
    }
    *ret = (struct list){ v, rows.n };
    return OK;
}

enum err account_terms_stamp(struct db *db)
{
    return db_exec(db, &STAMP, NO_ARGS, NULL);
}

enum err account_terms_round(struct db *db, int64_t now_ms)
{
    int64_t begun = 0, ended = 0;
    TRY(db_exec(db, &END, ARGS(I(now_ms)), &ended));
    TRY(db_exec(db, &BEGIN, ARGS(I(now_ms)), &begun));
    return begun + ended ? account_terms_stamp(db) : OK;
}
