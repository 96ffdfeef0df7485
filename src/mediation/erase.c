/* erase.c: what the step "erase" takes away of a dispute, beside what every matter has. Figures of
 * mediation go on: they look at kinds, amounts and days, which stay. */
#include "matter/erase.h"
#include "mediation/course.h"

#define OF " WHERE area = $1 AND matter = $2"
SQL_WRITES(CAUCUS, "erase.caucus", "DELETE FROM statement" OF " AND kind = 'caucus'");
SQL_WRITES(STATEMENTS, "erase.statements", "DELETE FROM statement" OF);
SQL_WRITES(GUESTS, "erase.guests", "DELETE FROM guest" OF);
SQL_WRITES(PROMISES, "erase.promises", "UPDATE promise SET what = '', way = '', place = ''" OF);
SQL_WRITES(TRANSFERS, "erase.transfers",
    "UPDATE transfer SET reason = '', answer = '', result = ''" OF);
SQL_WRITES(DISCLOSURES, "erase.disclosures", "UPDATE mediator SET disclosure = ''" OF);
SQL_WRITES(SITTINGS, "erase.sittings", "UPDATE sitting SET place = ''" OF);
const struct sql *const dispute_erase_statements[] = { &CAUCUS, &STATEMENTS, &GUESTS, &PROMISES,
    &TRANSFERS, &DISCLOSURES, &SITTINGS };
const size_t dispute_erase_statements_n = COUNT_OF(dispute_erase_statements);

static enum err erase_file(struct taking *t)
{
    static const struct sql *const beside[] = { &GUESTS, &PROMISES, &TRANSFERS, &DISCLOSURES,
        &SITTINGS };
    const struct arg of[] = { I(t->m.area), I(t->m.id) };
    int64_t n = 0;
    TRY(db_exec(t->cx->db, &STATEMENTS, of, 2, &n));
    entry_fact_number(&t->entry, "statements", n);
    for (size_t i = 0; i < COUNT_OF(beside); i++)
        TRY(db_exec(t->cx->db, beside[i], of, 2, NULL));
    TRY(erase_contacts(t, 0));
    TRY(erase_words(t));
    return erase_photos(t);
}

enum err store_dispute_erase(struct taking *t)
{
    int64_t n = 0;
    if (erase_by_word(t->args->reason)->bit == ERASE_FILE)
        return erase_file(t);
    TRY(db_exec(t->cx->db, &CAUCUS, ARGS(I(t->m.area), I(t->m.id)), &n));
    entry_fact_number(&t->entry, "statements", n);
    return OK;
}
