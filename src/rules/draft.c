/* draft.c: rows of the table draft. */
#include "rules/draft.h"
#include <stdio.h>

RECORD_DEFINE(draft, DRAFT)

enum { DRAFTS_MAX = 500 };

SQL_READS(ONE, "draft.one",
    "SELECT id, kind, name, body, made_ms, made_by, changed_ms FROM draft WHERE id = $1");
SQL_SCANS(OF_KIND, "draft.of_kind",
    "SELECT id, kind, name, '', made_ms, made_by, changed_ms FROM draft WHERE kind = $1"
    " ORDER BY id DESC LIMIT 500");
SQL_SCANS(NEXT, "draft.next", "SELECT coalesce(max(id), 0) + 1 FROM draft");
SQL_WRITES(MAKE, "draft.make", "INSERT INTO draft (id, kind, name, body, made_ms, made_by,"
    " changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(CHANGE, "draft.change",
    "UPDATE draft SET name = $2, body = $3, changed_ms = $4 WHERE id = $1");
SQL_WRITES(DROP, "draft.drop", "DELETE FROM draft WHERE id = $1");
const struct sql *const draft_statements[] = { &ONE, &OF_KIND, &NEXT, &MAKE, &CHANGE, &DROP };
const size_t draft_statements_n = COUNT_OF(draft_statements);

enum err draft_read(struct db *db, struct arena *a, int64_t id, struct draft *ret)
{
    return db_one(db, a, &ONE, ARGS(I(id)), &draft_record, ret);
}

enum err drafts_read(struct db *db, struct arena *a, struct str kind, struct list *ret)
{
    return db_rows(db, a, &OF_KIND, ARGS(S(kind)), &draft_record, DRAFTS_MAX, ret);
}

enum err draft_write(struct db *db, struct draft *d)
{
    if (d->id)
        return db_exec(db, &CHANGE, ARGS(I(d->id), S(d->name), S(d->body), I(d->changed_ms)),
            NULL);
    TRY(db_number(db, &NEXT, NO_ARGS, &d->id));
    return db_exec(db, &MAKE, ARGS(I(d->id), S(d->kind), S(d->name), S(d->body), I(d->made_ms),
        I(d->made_by), I(d->changed_ms)), NULL);
}

enum err draft_drop(struct db *db, int64_t id)
{
    return db_exec(db, &DROP, ARGS(I(id)), NULL);
}

enum err rules_checked(const struct catalogue *c, struct arena *a, struct str csv,
    struct list *ret, struct err_info *info)
{
    struct faults f = faults_in(a);
    (void)edition_check(c, a, STR("rule"), csv, &f);
    if (f.total == 0)
        return record_from_csv(a, &rule_record, csv, ret, info);
    info->e = E_INPUT;
    (void)snprintf(info->field, sizeof(info->field), "%zu %.50s", f.at[0].line, f.at[0].field);
    (void)snprintf(info->zh, sizeof(info->zh), "%s", f.at[0].zh);
    (void)snprintf(info->en, sizeof(info->en), "%s", f.at[0].en);
    return E_INPUT;
}
