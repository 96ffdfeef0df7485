/* erase.c: what the step "erase" takes away, and the hold that keeps it. */
#include "matter/erase.h"
#include "geo/cell.h"
#include "ledger/entry.h"
#include "matter/life.h"
#include <math.h>

SQL_WRITES(CONTACTS, "erase.contacts",
    "UPDATE person SET data_key = NULL, name = NULL, phone = NULL, details = NULL,"
    " erased_ms = $3 WHERE area = $1 AND id IN (SELECT person FROM reporter WHERE area = $1 AND matter = $2 AND person <> 0"
    " AND (CAST($4 AS BIGINT) = 0 OR no = $4)) AND erased_ms IS NULL");
SQL_WRITES(REQUESTS, "erase.requests", "UPDATE request SET data_key = NULL, wish = NULL,"
    " value = NULL, answer = NULL WHERE area = $1 AND matter = $2");
SQL_WRITES(NOTES, "erase.notes", "DELETE FROM note WHERE area = $1 AND matter = $2");
SQL_WRITES(OWN_WORDS, "erase.own_words", "UPDATE matter SET text = '', place_text = '', salt = $3,"
    " lon = $4, lat = $5, cell = $6 WHERE area = $1 AND id = $2");
SQL_WRITES(PARTS, "erase.parts",
    "UPDATE cohandler SET task = '', reply = '' WHERE area = $1 AND matter = $2");
SQL_WRITES(RATINGS, "erase.ratings",
    "UPDATE reporter SET rating = '' WHERE area = $1 AND matter = $2 AND rating <> ''");
SQL_WRITES(PHOTOS, "erase.photos", "DELETE FROM attachment WHERE area = $1 AND matter = $2");
const struct sql *const erase_statements[] = { &CONTACTS, &REQUESTS, &NOTES, &OWN_WORDS, &PARTS,
    &RATINGS, &PHOTOS };
const size_t erase_statements_n = COUNT_OF(erase_statements);

#define X(name, bit, word, zh, en, dispute) { name, word, { zh, en }, dispute },
const struct erase_row erase_table[] = { ERASE_TABLE(X) };
#undef X
const size_t erase_table_n = COUNT_OF(erase_table);

enum { ROUND_TO = 10000, SALT_BYTES = 16 };

const struct erase_row *erase_by_word(struct str word)
{
    for (size_t i = 0; i < erase_table_n; i++)
        if (str_is(word, erase_table[i].word))
            return &erase_table[i];
    return NULL;
}

bool matter_is_wordless(const struct matter *m)
{
    return (m->erased & (ERASE_WORDS | ERASE_FILE)) != 0;
}

struct str words_or_gone(const struct cx *cx, struct str text)
{
    return text.n ? text : cx_text(cx, "（文字已过保存期限，依规定删除）",
        "(The words were erased when their term was over)");
}

struct str matter_words(const struct cx *cx, const struct matter *m)
{
    return matter_is_wordless(m) ? words_or_gone(cx, STR("")) : m->text;
}

double erase_round(double degrees)
{
    return round(degrees * ROUND_TO) / ROUND_TO;
}

/* Steps ------------------------------------------------------------------------------------- */

struct msg guard_erase(const struct taking *t)
{
    return t->before->held ? MSG("这件事已封存，封存期间什么都不删除",
        "It is kept for a proceeding; nothing of it is erased until that is over")
        : NOTHING_FORBIDS;
}

struct msg guard_hold(const struct taking *t)
{
    if (t->before->held)
        return MSG("已经封存", "It is kept already");
    return matter_is_wordless(t->before) ? MSG("内容已过保存期限删除，没有可以封存的",
        "Its content was erased when its term was over; there is nothing left to keep")
        : NOTHING_FORBIDS;
}

struct msg guard_release_hold(const struct taking *t)
{
    return t->before->held ? NOTHING_FORBIDS : MSG("没有封存", "It is not kept");
}

enum err apply_hold(struct taking *t)
{
    t->m.held = strcmp(t->step->action, "hold") == 0;
    return apply_note(t);
}

/* party: only the contact details of this one, as a person may ask. */
enum err apply_erase(struct taking *t)
{
    const struct erase_row *what = erase_by_word(t->args->reason);
    bool one = t->args->party != I64_NONE;
    if (what == NULL || what->dispute != matter_is_closed_circle(t->before)
        || (one && what->bit != ERASE_CONTACT))
        return cx_fail(t->cx, E_INPUT, "reason", MSG("这件事没有这一类可以删除的内容",
            "A matter of this kind has nothing such to erase"));
    if (t->before->erased & what->bit)
        return cx_fail(t->cx, E_STEP, NULL, MSG("已经删除", "It was erased already"));
    if (!one)
        t->m.erased |= what->bit;
    entry_fact_text(&t->entry, "what", t->args->reason);
    if (one)
        entry_fact_number(&t->entry, "party", t->args->party);
    if (t->args->days != I64_NONE)
        entry_fact_number(&t->entry, "days", t->args->days);
    return OK;
}

enum err erase_contacts(struct taking *t, int64_t no)
{
    int64_t n = 0;
    TRY(db_exec(t->cx->db, &CONTACTS, ARGS(I(t->m.area), I(t->m.id), I(t->cx->now_ms), I(no)), &n));
    if (no == 0)                    /* who asked to be erased goes on reading the answer */
        TRY(db_exec(t->cx->db, &REQUESTS, ARGS(I(t->m.area), I(t->m.id)), NULL));
    entry_fact_number(&t->entry, "contacts", n);
    return OK;
}

/* The place's digest would give the exact point away to whoever tries those around the rounded one,
 * as long as its salt is there; so the point is rounded when the salt goes. What remains of the
 * place has a digest of its own in the entry. */
enum err erase_words(struct taking *t)
{
    struct cx *cx = t->cx;
    struct matter *m = &t->m;
    unsigned char *salt = NEW_N(cx->a, unsigned char, SALT_BYTES);
    const struct arg of[] = { I(m->area), I(m->id) };
    int64_t notes = 0;
    rand_bytes(cx->rand, salt, SALT_BYTES);
    m->salt = (struct str){ (const char *)salt, SALT_BYTES };
    m->text = m->place_text = STR("");
    if (m->cell != I64_NONE) {
        m->lon = erase_round(m->lon);
        m->lat = erase_round(m->lat);
        m->cell = cell_key((struct geo_point){ m->lon, m->lat });
    }
    TRY(db_exec(cx->db, &OWN_WORDS, ARGS(I(m->area), I(m->id), B(m->salt), F(m->lon), F(m->lat),
        I(m->cell)), NULL));
    TRY(db_exec(cx->db, &NOTES, of, 2, &notes));
    TRY(db_exec(cx->db, &PARTS, of, 2, NULL));
    TRY(db_exec(cx->db, &RATINGS, of, 2, NULL));
    entry_fact_number(&t->entry, "texts", notes + 1);
    entry_fact_hash(cx, &t->entry, "place_sha256",
        entry_place_digest(cx->a, m->salt, m->place_text, m->lon, m->lat));
    return OK;
}

enum err erase_photos(struct taking *t)
{
    int64_t n = 0;
    TRY(db_exec(t->cx->db, &PHOTOS, ARGS(I(t->m.area), I(t->m.id)), &n));
    entry_fact_number(&t->entry, "photos", n);
    return OK;
}

enum err store_erase(struct taking *t)
{
    switch (erase_by_word(t->args->reason)->bit) {
    case ERASE_CONTACT: return erase_contacts(t, t->args->party == I64_NONE ? 0 : t->args->party);
    case ERASE_WORDS: return erase_words(t);
    case ERASE_PHOTOS: return erase_photos(t);
    case ERASE_CAUCUS: case ERASE_FILE: break;
    }
    CHECK(false);
    return E_BUG;
}
