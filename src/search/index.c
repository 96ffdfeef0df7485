/* index.c: feeding the search file from the ledger. */
#include "search/index.h"
#include "matter/matter.h"
#include "search/query.h"
#include "search/search.h"

RECORD_DEFINE(feed_row, FEED_ROW)

SQL_READS(FEED, "search.feed",
    "SELECT l.position, e.area, e.matter, e.seq, m.number,"
    " CASE WHEN m." OPEN_CIRCLE " THEN m.text ELSE '' END,"
    " CASE WHEN m." OPEN_CIRCLE " THEN m.place_text ELSE '' END, n.text,"
    " CASE WHEN e.action = 'erase' AND (e.data LIKE '%\"what\":\"words\"%'"
    " OR e.data LIKE '%\"what\":\"file\"%') THEN 1 ELSE 0 END FROM leaf l"
    " JOIN entry e ON e.id = l.entry_id"
    " JOIN matter m ON m.area = e.area AND m.id = e.matter"
    " LEFT JOIN note n ON n.area = e.area AND n.matter = e.matter AND n.seq = e.seq"
    " AND n.audience = 'public' AND m." OPEN_CIRCLE " WHERE l.position >= $1 ORDER BY l.position LIMIT $2");
SQL_READS(KNOWN, "search.known", "SELECT position FROM leaf WHERE position = $1 - 1");
const struct sql *const search_feed_statements[] = { &FEED, &KNOWN };
const size_t search_feed_statements_n = COUNT_OF(search_feed_statements);

SQL_WRITES(MAKE_TEXT, "search.make_text",
    "CREATE VIRTUAL TABLE IF NOT EXISTS body USING fts5(text, content = '', columnsize = 0,"
    " tokenize = 'cjk')");
SQL_WRITES(MAKE_SLOT, "search.make_slot",
    "CREATE TABLE IF NOT EXISTS slot (slot INTEGER PRIMARY KEY, area BIGINT NOT NULL,"
    " matter BIGINT NOT NULL, documents BIGINT NOT NULL, UNIQUE (area, matter))");
SQL_WRITES(MAKE_MARK, "search.make_mark",
    "CREATE TABLE IF NOT EXISTS follows (one INTEGER PRIMARY KEY, position BIGINT NOT NULL)");
SQL_WRITES(CLEAR_TEXT, "search.clear_text", "INSERT INTO body (body) VALUES ('delete-all')");
SQL_WRITES(CLEAR_SLOT, "search.clear_slot", "DELETE FROM slot");
SQL_WRITES(CLEAR_MARK, "search.clear_mark", "DELETE FROM follows");
SQL_READS(MARK, "search.mark", "SELECT coalesce(max(position), 0) FROM follows WHERE one = 1");
SQL_WRITES(MARK_SET, "search.mark_set", "INSERT INTO follows (one, position) VALUES (1, $1)"
    " ON CONFLICT (one) DO UPDATE SET position = excluded.position");
/* Row 2 of follows: how many matters lost their words, whose old documents the file still has. */
SQL_WRITES(TRACE_ADD, "search.trace_add", "INSERT INTO follows (one, position) VALUES (2, 1)"
    " ON CONFLICT (one) DO UPDATE SET position = position + 1");
SQL_READS(TRACES, "search.traces", "SELECT coalesce(max(position), 0) FROM follows WHERE one = 2");
/* Its number is not used again: what lies under it belongs to nobody. */
SQL_WRITES(SLOT_DROP, "search.slot_drop",
    "UPDATE slot SET area = 0, matter = -slot WHERE area = $1 AND matter = $2");
SQL_WRITES(SLOT_TAKE, "search.slot_take",
    "INSERT INTO slot (area, matter, documents) VALUES ($1, $2, 1)"
    " ON CONFLICT (area, matter) DO UPDATE SET documents = documents + 1");
SQL_READS(SLOT_DOCUMENT, "search.slot_document",
    "SELECT CASE WHEN documents < 4096 THEN slot * 4096 + documents ELSE 0 END FROM slot"
    " WHERE area = $1 AND matter = $2");
SQL_WRITES(TEXT_PUT, "search.text_put", "INSERT INTO body (rowid, text) VALUES ($1, $2)");
const struct sql *const search_file_statements[] = { &MAKE_TEXT, &MAKE_SLOT, &MAKE_MARK,
    &CLEAR_TEXT, &CLEAR_SLOT, &CLEAR_MARK, &MARK, &MARK_SET, &SLOT_TAKE, &SLOT_DOCUMENT,
    &TEXT_PUT, &TRACE_ADD, &TRACES, &SLOT_DROP };
const size_t search_file_statements_n = COUNT_OF(search_file_statements);

static enum err finish(struct db *file, enum err e)
{
    if (e == OK)
        return db_commit(file);
    db_rollback(file);
    return e;
}

static enum err clear_all(struct db *file)
{
    TRY(db_exec(file, &CLEAR_TEXT, NO_ARGS, NULL));
    TRY(db_exec(file, &CLEAR_SLOT, NO_ARGS, NULL));
    return db_exec(file, &CLEAR_MARK, NO_ARGS, NULL);
}

enum err index_clear(struct db *file)
{
    TRY(db_begin(file));
    return finish(file, clear_all(file));
}

/* Another process may have the file too: so its mark is read and believed in one transaction. */
static enum err foreign_clear(struct db *file, struct db *db)
{
    int64_t mark = 0, known = 0;
    TRY(db_number(file, &MARK, NO_ARGS, &mark));
    enum err e = mark ? db_number(db, &KNOWN, ARGS(I(mark)), &known) : E_MISSING;
    return e == E_MISSING ? clear_all(file) : e;
}

enum err index_open(struct db *file, struct db *db)
{
    TRY(db_exec(file, &MAKE_TEXT, NO_ARGS, NULL));
    TRY(db_exec(file, &MAKE_SLOT, NO_ARGS, NULL));
    TRY(db_exec(file, &MAKE_MARK, NO_ARGS, NULL));
    TRY(db_begin(file));
    return finish(file, foreign_clear(file, db));
}

enum err index_traces(struct db *file, int64_t *ret)
{
    return db_number(file, &TRACES, NO_ARGS, ret);
}

/* What of an entry can be searched for: the report with place and number, then what was said. */
static struct str document_of(struct arena *a, const struct feed_row *r)
{
    if (r->seq > 1 && !r->wordless)
        return r->note.n ? query_fold(a, r->note) : STR_NONE;
    struct buf b = buf_in(a, 1 << 20);
    buf_add(&b, r->text);
    buf_byte(&b, '\n');
    buf_add(&b, r->place_text);
    buf_byte(&b, '\n');
    buf_add(&b, r->number);
    return query_fold(a, buf_str(&b));
}

enum err index_put(struct db *file, struct arena *a, const struct feed_row *r)
{
    int64_t document = 0;
    struct str text = document_of(a, r);
    if (text.n == 0)
        return OK;
    if (r->wordless) {
        TRY(db_exec(file, &SLOT_DROP, ARGS(I(r->area), I(r->matter)), NULL));
        TRY(db_exec(file, &TRACE_ADD, NO_ARGS, NULL));
    }
    TRY(db_exec(file, &SLOT_TAKE, ARGS(I(r->area), I(r->matter)), NULL));
    TRY(db_number(file, &SLOT_DOCUMENT, ARGS(I(r->area), I(r->matter)), &document));
    if (document == 0)
        return OK;
    return db_exec(file, &TEXT_PUT, ARGS(I(document), S(text)), NULL);
}

struct feeding { struct db *file; int64_t next; size_t n; };

static enum err feed_take(void *ctx, struct arena *row, const void *rec)
{
    struct feeding *f = ctx;
    const struct feed_row *r = rec;
    f->next = r->position + 1;
    f->n++;
    return index_put(f->file, row, r);
}

static enum err feed(struct db *file, struct db *db, struct feeding *f)
{
    TRY(db_number(file, &MARK, NO_ARGS, &f->next));
    TRY(db_each(db, &FEED, ARGS(I(f->next), I(INDEX_BATCH)), &feed_row_record, feed_take, f));
    return f->n ? db_exec(file, &MARK_SET, ARGS(I(f->next)), NULL) : OK;
}

enum err index_advance(struct db *file, struct db *db, bool *ret_more)
{
    struct feeding f = { .file = file };
    TRY(db_begin(file));
    TRY(finish(file, feed(file, db, &f)));
    *ret_more = f.n == INDEX_BATCH;
    return OK;
}
