/* town_check.c: what must hold of any database, as plain SQL that finds the exceptions, and the
 * ledger's chains computed anew. */
#include "town.h"
#include "ledger/entry.h"

#define LAST " FROM matter m LEFT JOIN entry e ON e.area = m.area AND e.matter = m.id" \
    " AND e.seq = m.seq WHERE "
#define OF_MATTER(x) x ".area = m.area AND " x ".matter = m.id"
/* Each counts rows that must not be. */
#define RULES(X) \
    X("an open matter without owner, clock or deadline", "SELECT count(*) FROM matter WHERE" \
        " open = 1 AND (owner_unit NOT IN (SELECT id FROM unit) OR due_ms IS NULL OR clock = '')") \
    X("an end with an unanswered reporter", "SELECT count(*) FROM matter WHERE open = 0" \
        " AND unanswered <> 0") \
    X("open is not what the state says", "SELECT count(*) FROM matter WHERE open <>" \
        " CASE WHEN state IN ('closed', 'rejected', 'merged', 'withdrawn', 'ended') THEN 0" \
        " ELSE 1 END") \
    X("a clock or a holder after the end", "SELECT count(*) FROM matter WHERE open = 0 AND" \
        " (due_ms IS NOT NULL OR alarm_ms IS NOT NULL OR holder <> 0 OR clock <> ''" \
        " OR closed_ms IS NULL OR ask <> '' OR cohandling <> 0)") \
    X("open and closed", "SELECT count(*) FROM matter WHERE open = 1 AND closed_ms IS NOT NULL") \
    X("work without somebody who took it", "SELECT count(*) FROM matter" \
        " WHERE state IN ('working', 'deferred', 'answered', 'verified') AND holder = 0") \
    X("held by somebody who is not of the unit, or before it was taken", "SELECT count(*)" \
        " FROM matter m WHERE m.holder <> 0 AND (m.state = 'assigned' OR NOT EXISTS" \
        " (SELECT 1 FROM membership s WHERE s.account = m.holder AND s.unit = m.owner_unit))") \
    X("somebody named to decide what they may not", "SELECT count(*) FROM matter m" \
        " WHERE m.holder <> 0 AND m.state = 'received' AND (m.decider <> m.owner_unit OR NOT EXISTS" \
        " (SELECT 1 FROM membership s WHERE s.account = m.holder AND s.unit = m.owner_unit" \
        " AND s.role IN ('chief', 'dispatcher')))") \
    X("a clock that rings nowhere, yet not on the overdue list", "SELECT count(*) FROM matter" \
        " WHERE open = 1 AND alarm_ms IS NULL AND supervised < 2") \
    X("a request without asker, decider or place", "SELECT count(*) FROM matter WHERE ask <> ''" \
        " AND (ask_by = 0 OR ask_unit NOT IN (SELECT id FROM unit)" \
        " OR state NOT IN ('assigned', 'working'))") \
    X("a decided request that left its traces", "SELECT count(*) FROM matter WHERE ask = ''" \
        " AND (ask_by <> 0 OR ask_unit <> 0 OR ask_days <> 0 OR ask_reason <> '')") \
    X("a request's limit without a request", "SELECT count(*) FROM matter WHERE ask = ''" \
        " AND ask_due_ms IS NOT NULL") \
    X("handed on three times, and nobody named to decide; or the other way round", \
        "SELECT count(*) FROM matter WHERE (handovers >= 3) <> (decider <> 0)" \
        " OR (decider <> 0 AND decider NOT IN (SELECT id FROM unit WHERE desk = 1))") \
    X("with the unit that it is about, though there is a desk above", "SELECT count(*)" \
        " FROM matter m JOIN unit u ON u.id = m.owner_unit WHERE m.open = 1" \
        " AND m.about_unit = m.owner_unit AND u.level > 2") \
    X("time left aside outside a deferral", "SELECT count(*) FROM matter" \
        " WHERE (paused_ms IS NOT NULL) <> (state = 'deferred')") \
    X("more rounds than allowed", "SELECT count(*) FROM matter WHERE objected > 1" \
        " OR (kind <> 'dispute' AND round > 3 + objected) OR extended > 2 OR supervised > 2") \
    X("the row is not what the last entry says", "SELECT count(*)" LAST "e.seq IS NULL" \
        " OR e.to_state <> m.state OR e.owner_unit <> m.owner_unit OR e.holder <> m.holder" \
        " OR coalesce(e.due_ms, 0) <> coalesce(m.due_ms, 0) OR e.hash <> m.head") \
    X("entries beyond the version", "SELECT count(*) FROM entry e LEFT JOIN matter m" \
        " ON " OF_MATTER("e") " WHERE m.id IS NULL OR e.seq > m.seq OR e.seq < 1") \
    X("a gap in the entries", "SELECT count(*) FROM matter m WHERE m.seq <>" \
        " (SELECT count(*) FROM entry e WHERE " OF_MATTER("e") ")") \
    X("a step that begins where the one before did not end", "SELECT count(*) FROM entry e" \
        " JOIN entry b ON b.area = e.area AND b.matter = e.matter AND b.seq = e.seq - 1" \
        " WHERE e.from_state <> b.to_state OR e.prev <> b.hash") \
    X("reporters are not as counted", "SELECT count(*) FROM matter m WHERE m.reporters <>" \
        " (SELECT count(*) FROM reporter r WHERE " OF_MATTER("r") ")") \
    X("unanswered reporters are not as counted", "SELECT count(*) FROM matter m" \
        " WHERE m.unanswered <> (SELECT count(*) FROM reporter r WHERE " OF_MATTER("r") \
        " AND r.answered_round <= m.round)") \
    X("parts of others are not as counted", "SELECT count(*) FROM matter m WHERE m.cohandling <>" \
        " (SELECT count(*) FROM cohandler c WHERE " OF_MATTER("c") " AND c.state = 'open')") \
    X("a merged matter that leads nowhere", "SELECT count(*) FROM matter m" \
        " WHERE (m.state = 'merged') <> (m.merged_into <> '') OR (m.state = 'merged'" \
        " AND (NOT EXISTS (SELECT 1 FROM matter i WHERE i.area = m.area" \
        " AND i.number = m.merged_into AND i.id <> m.id) OR NOT EXISTS (SELECT 1" \
        " FROM matter_link l WHERE " OF_MATTER("l") " AND l.kind = 'merged')))") \
    X("a link to itself", "SELECT count(*) FROM matter_link l JOIN matter m" \
        " ON " OF_MATTER("l") " WHERE l.other = m.number") \
    X("a link without its other half", "SELECT count(*) FROM matter_link l JOIN matter m" \
        " ON " OF_MATTER("l") " LEFT JOIN matter o ON o.number = l.other" \
        " LEFT JOIN matter_link b ON b.area = o.area AND b.matter = o.id AND b.other = m.number" \
        " WHERE b.kind IS NULL") \
    X("something beside a matter that is not there", "SELECT count(*) FROM" \
        " (SELECT area, matter FROM reporter UNION ALL SELECT area, matter FROM cohandler" \
        " UNION ALL SELECT area, matter FROM involved UNION ALL SELECT area, matter FROM note" \
        " UNION ALL SELECT area, matter FROM party UNION ALL SELECT area, matter FROM mediator" \
        " UNION ALL SELECT area, matter FROM guest UNION ALL SELECT area, matter FROM sitting" \
        " UNION ALL SELECT area, matter FROM statement UNION ALL SELECT area, matter FROM promise" \
        " UNION ALL SELECT area, matter FROM transfer UNION ALL SELECT area, matter FROM agreement" \
        " UNION ALL SELECT area, matter FROM handed_up" \
        " UNION ALL SELECT area, matter FROM matter_link UNION ALL SELECT area, matter" \
        " FROM attachment UNION ALL SELECT area, matter FROM access_log UNION ALL" \
        " SELECT area, matter FROM outbox UNION ALL" \
        " SELECT area, matter FROM request WHERE matter <> 0 UNION ALL" \
        " SELECT area, matter FROM command_key WHERE matter <> 0) x LEFT JOIN matter m ON " OF_MATTER("x") \
        " WHERE m.id IS NULL") \
    X("a dispute without its row, or a row without a dispute", "SELECT (SELECT count(*) FROM matter" \
        " WHERE kind = 'dispute' AND id NOT IN (SELECT matter FROM dispute)) + (SELECT count(*)" \
        " FROM dispute WHERE matter NOT IN (SELECT id FROM matter WHERE kind = 'dispute'))") \
    X("a dispute of another committee than its row says", "SELECT count(*) FROM dispute d" \
        " JOIN matter m ON " OF_MATTER("d") " WHERE d.unit <> m.owner_unit") \
    X("accepted without a number in the book of its committee, or the other way", "SELECT count(*)" \
        " FROM dispute WHERE (docket = '') <> (accepted_ms IS NULL)") \
    X("parties are not the reporters", "SELECT count(*) FROM matter m WHERE m.kind = 'dispute' AND" \
        " m.reporters <> (SELECT count(*) FROM party p WHERE " OF_MATTER("p") ")") \
    X("an agreement binds without its signatures", "SELECT count(*) FROM dispute d JOIN matter m" \
        " ON " OF_MATTER("d") " WHERE m.state IN ('performing', 'performed')" \
        " AND (d.effective_ms IS NULL OR (d.form = 'written' AND (d.sealed_ms IS NULL" \
        " OR d.effective_ms < d.sealed_ms)))") \
    X("an earlier agreement that was neither broken nor before the court, or not before this round", "SELECT count(*)" \
        " FROM agreement a JOIN matter m ON " OF_MATTER("a") " WHERE a.round >= m.round" \
        " OR a.ended_ms < a.effective_ms OR NOT EXISTS (SELECT 1 FROM promise p" \
        " WHERE p.area = a.area AND p.matter = a.matter AND p.round = a.round" \
        " AND p.broken_ms IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM entry e WHERE " OF_MATTER("e") \
        " AND e.action = 'court_decided')") \
    X("the court was asked long too late, or about status", "SELECT count(*) FROM dispute" \
        " WHERE confirm <> '' AND (status = 1 OR confirm_ms > effective_ms + 3456000000)") \
    X("a note or photo without its entry", "SELECT count(*) FROM (SELECT area, matter, seq" \
        " FROM note UNION ALL SELECT area, matter, seq FROM attachment) n LEFT JOIN entry e" \
        " ON e.area = n.area AND e.matter = n.matter AND e.seq = n.seq WHERE e.id IS NULL") \
    X("contact details of nobody", "SELECT count(*) FROM person p WHERE NOT EXISTS" \
        " (SELECT 1 FROM reporter r WHERE r.area = p.area AND r.person = p.id)") \
    X("a reporter whose contact details are lost", "SELECT count(*) FROM reporter r" \
        " WHERE r.person <> 0 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.area = r.area" \
        " AND p.id = r.person)")

struct rule_row { const char *name; struct sql sql; };
#define X(rule_name, text) { rule_name, { "town.check", text, SQL_READ, true } },
static const struct rule_row rules_table[] = { RULES(X) };
#undef X

#define CHAIN_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, matter, 0, 0, 0, NULL, "") \
    X(R, I64, seq, 0, 0, 0, NULL, "") X(R, I64, at_ms, 0, 0, 0, NULL, "") \
    X(R, STR, actor, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "") \
    X(R, STR, action, 0, 0, 0, NULL, "") X(R, STR, from_state, 0, 0, 0, NULL, "") \
    X(R, STR, to_state, 0, 0, 0, NULL, "") X(R, STR, data, 0, 0, 0, NULL, "") \
    X(R, BYTES, prev, 0, 0, 0, NULL, "") X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(chain_row, CHAIN_ROW)
RECORD_DEFINE(chain_row, CHAIN_ROW)
SQL_SCANS(CHAINS, "town.chains", "SELECT area, matter, seq, at_ms, actor, account, action,"
    " from_state, to_state, data, prev, hash FROM entry ORDER BY area, matter, seq");

/* ctx becomes false when the entry's hash is not that of its content. */
static enum err chain_link(void *ctx, struct arena *a, const void *rec)
{
    bool *sound = ctx;
    const struct chain_row *r = rec;
    struct entry e = { (uint32_t)r->area, r->matter, r->seq, r->at_ms, r->account, r->actor,
        r->action, r->from_state, r->to_state, r->data };
    struct hash prev;
    CHECK(r->prev.n == HASH_BYTES && r->hash.n == HASH_BYTES);
    memcpy(prev.b, r->prev.p, HASH_BYTES);
    struct hash h = entry_hash(entry_canonical(a, &e), r->seq == 1 ? NULL : &prev);
    if (!str_eq(hash_str(&h), r->hash))
        *sound = false;
    return OK;
}

const char *town_check(struct town *t)
{
    bool sound = true;
    for (size_t i = 0; i < COUNT_OF(rules_table); i++) {
        int64_t n = 0;
        CHECK(db_number(t->db, &rules_table[i].sql, NO_ARGS, &n) == OK);
        if (n != 0)
            return rules_table[i].name;
    }
    CHECK(db_each(t->db, &CHAINS, NO_ARGS, &chain_row_record, chain_link, &sound) == OK);
    return sound ? NULL : "an entry's hash is not that of its content";
}

#define TEXT_ROW(X, R) X(R, STR, text, 0, 0, 0, NULL, "")
RECORD(text_row, TEXT_ROW)
RECORD_DEFINE(text_row, TEXT_ROW)
/* One text a table: a statement that writes each row as text, in order; on either database. */
SQL_SCANS(TABLES_SERVER, "town.tables_server", "SELECT 'SELECT CAST(t AS TEXT) FROM ' || table_name"
    " || ' t ORDER BY 1' FROM information_schema.tables WHERE table_schema = current_schema()"
    " ORDER BY table_name");
SQL_SCANS(TABLES, "town.tables", "SELECT 'SELECT ' || (SELECT group_concat('quote(' || c.name"
    " || ')', ' || '','' || ') FROM pragma_table_info(s.name) c) || ' FROM ' || s.name"
    " || ' ORDER BY 1' FROM sqlite_schema s WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite%'"
    " ORDER BY s.name");

static enum err digest_row(void *ctx, struct arena *a, const void *rec)
{
    struct hash *sum = ctx;
    const struct text_row *r = rec;
    (void)a;
    *sum = hash_sha256_2(hash_str(sum), r->text);
    return OK;
}

enum { TABLES_MAX = 96 };

struct hash town_digest(struct town *t)
{
    static struct sql statements[TABLES_MAX];
    static char texts[TABLES_MAX][1500];
    struct hash sum = { { 0 } };
    struct arena a;
    struct list rows;
    arena_init(&a, 1 << 20);
    const struct sql *tables = t->on_server ? &TABLES_SERVER : &TABLES;
    CHECK(db_rows(t->db, &a, tables, NO_ARGS, &text_row_record, TABLES_MAX, &rows) == OK);
    const struct text_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        CHECK(r[i].text.n < sizeof(texts[i]));
        memcpy(texts[i], r[i].text.p, r[i].text.n + 1);
        statements[i] = (struct sql){ "town.digest", texts[i], SQL_READ, true };
        CHECK(db_each(t->db, &statements[i], NO_ARGS, &text_row_record, digest_row, &sum) == OK);
    }
    arena_free(&a);
    return sum;
}

int64_t town_number(struct town *t, const struct sql *sql)
{
    int64_t n = 0;
    CHECK(db_number(t->db, sql, NO_ARGS, &n) == OK);
    return n;
}

#define BYTES_ROW(X, R) X(R, BYTES, bytes, 0, 0, 0, NULL, "")
RECORD(bytes_row, BYTES_ROW)
RECORD_DEFINE(bytes_row, BYTES_ROW)

struct str town_value(struct town *t, const struct sql *sql)
{
    struct bytes_row row;
    CHECK(db_one(t->db, &t->a, sql, NO_ARGS, &bytes_row_record, &row) == OK);
    return row.bytes;
}
