/* move.c: moving the rows of one database into another. The statements that walk a table are built
 * here from names of the schema, which stand in the program; no input goes into them. */
#include "db/move.h"
#include "db/driver.h"

enum { PAGE_ROWS = 5000, PAGE_BYTES = 16 << 20, PAGE_BYTES_MAX = 256 << 20, TEXT_MAX = 1 << 14 };
#define MARK "'moving'"
SQL_READS(MARK_GET, "move.mark_get", "SELECT value FROM setting WHERE name = " MARK);
SQL_SCANS(UNITS, "move.units", "SELECT count(*) AS n FROM unit");
SQL_WRITES(MARK_PUT, "move.mark_put", "INSERT INTO setting (name, value) VALUES (" MARK ", $1)");
SQL_WRITES(MARK_DROP, "move.mark_drop", "DELETE FROM setting WHERE name = " MARK);
const struct sql *const move_statements[] = { &UNITS, &MARK_GET, &MARK_PUT, &MARK_DROP };
const size_t move_statements_n = COUNT_OF(move_statements);

#define MARK_ROW(X, R) X(R, STR, value, 0, 0, 0, NULL, "")
RECORD(mark_row, MARK_ROW)
RECORD_DEFINE(mark_row, MARK_ROW)

/* How one table of one database is walked. */
struct walk {
    struct db *db;
    const struct table *t;
    struct record record;           /* a whole row */
    struct sql first, next;         /* a page of rows; the one after the key given */
    struct sql last, count, clear;
};
/* Rows as arguments. */
struct page {
    const struct walk *w;
    struct arena a;                 /* of the texts */
    struct arg *values;
    size_t n_rows, bytes;
    bool full;
};
/* Where a walk stands: after this key, or at the beginning. */
struct stand { struct arena a; bool any; struct arg key[KEY_COLUMNS_MAX]; };

struct move {
    struct move_options o;
    struct arena a;
    const struct schema *schema;
    struct walk *from, *to;         /* one for each table */
    struct page page, other;
    struct stand stand;
    int64_t there[SCHEMA_TABLES_MAX];       /* rows of each table in the target, at the beginning */
    int64_t done, total;
};

/* Statements ---------------------------------------------------------------------------------- */

static void key_write(struct buf *b, const struct walk *w, const char *after)
{
    for (size_t i = 0; i < w->t->primary.n; i++) {
        const struct column *c = &w->t->columns[w->t->primary.at[i]];
        buf_fmt(b, "%s%.*s%s%s", i ? ", " : "", STR_FMT(c->name),
            c->type == COLUMN_TEXT ? w->db->driver->byte_order : "", after);
    }
}

static struct buf begin_rows(struct arena *a, const struct walk *w)
{
    struct buf b = buf_in(a, TEXT_MAX);
    for (size_t i = 0; i < w->t->n_columns; i++)
        buf_fmt(&b, "%s%.*s", i ? ", " : "SELECT ", STR_FMT(w->t->columns[i].name));
    buf_fmt(&b, " FROM %.*s", STR_FMT(w->t->name));
    return b;
}

static struct sql end_rows(struct buf *b, const struct walk *w, const char *after, int limit)
{
    buf_add(b, STR(" ORDER BY "));
    key_write(b, w, after);
    buf_fmt(b, " LIMIT %d%c", limit, '\0');
    return (struct sql){ "move.rows", b->p, SQL_READ, true };
}

static struct sql next_rows(struct arena *a, const struct walk *w)
{
    struct buf b = begin_rows(a, w);
    buf_add(&b, STR(" WHERE ("));
    key_write(&b, w, "");
    for (size_t i = 0; i < w->t->primary.n; i++)
        buf_fmt(&b, "%s$%zu", i ? ", " : ") > (", i + 1);
    buf_byte(&b, ')');
    return end_rows(&b, w, "", PAGE_ROWS);
}

static struct record record_of(struct arena *a, const struct table *t)
{
    static const enum field_type types[] = { [COLUMN_I64] = F_I64, [COLUMN_F64] = F_F64,
        [COLUMN_TEXT] = F_STR, [COLUMN_BYTES] = F_BYTES };
    struct field *fields = NEW_N(a, struct field, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        fields[i] = (struct field){ .name = arena_str(a, t->columns[i].name).p,
            .type = types[t->columns[i].type], .offset = i * sizeof(struct str) };
    return (struct record){ "moved", fields, t->n_columns, t->n_columns * sizeof(struct str) };
}

static struct walk walk_make(struct arena *a, struct db *db, const struct table *t)
{
    struct walk w = { .db = db, .t = t, .record = record_of(a, t) };
    struct buf first = begin_rows(a, &w), last = begin_rows(a, &w);
    w.first = end_rows(&first, &w, "", PAGE_ROWS);
    w.last = end_rows(&last, &w, " DESC", 1);
    w.next = next_rows(a, &w);
    w.count = (struct sql){ "move.count",
        arena_fmt(a, "SELECT count(*) FROM %.*s", STR_FMT(t->name)).p, SQL_READ, true };
    w.clear = (struct sql){ "move.clear", arena_fmt(a, "DELETE FROM %.*s", STR_FMT(t->name)).p,
        SQL_WRITE, true };
    return w;
}

/* Pages --------------------------------------------------------------------------------------- */

static struct arg value_of(const struct field *f, const void *rec, struct arena *a)
{
    const void *at = record_in(f, rec);
    if (f->type == F_I64)
        return I(*(const int64_t *)at);
    if (f->type == F_F64)
        return F(*(const double *)at);
    struct str s = *(const struct str *)at;
    s = s.p ? arena_str(a, s) : STR_NONE;
    return f->type == F_STR ? S(s) : B(s);
}

static enum err row_take(void *ctx, struct arena *row_arena, const void *rec)
{
    struct page *p = ctx;
    size_t n = p->w->t->n_columns;
    (void)row_arena;
    if (p->bytes > PAGE_BYTES) {
        p->full = true;
        return E_LIMIT;
    }
    struct arg *row = p->values + p->n_rows++ * n;
    for (size_t i = 0; i < n; i++) {
        row[i] = value_of(&p->w->record.fields[i], rec, &p->a);
        p->bytes += row[i].s.n;
    }
    return OK;
}

static enum err rows_read(struct page *p, const struct walk *w, const struct sql *sql,
    const struct arg *args, size_t n_args)
{
    arena_reset(&p->a);
    p->w = w;
    p->n_rows = p->bytes = 0;
    p->full = false;
    enum err e = db_each(w->db, sql, args, n_args, &w->record, row_take, p);
    return p->full ? OK : e;
}

static enum err page_read(struct page *p, const struct walk *w, const struct stand *stand)
{
    return stand->any ? rows_read(p, w, &w->next, stand->key, w->t->primary.n)
        : rows_read(p, w, &w->first, NO_ARGS);
}

/* After the last row of the page. */
static void stand_move(struct stand *stand, const struct page *p)
{
    const struct table *t = p->w->t;
    arena_reset(&stand->a);
    stand->any = p->n_rows > 0;
    for (size_t i = 0; stand->any && i < t->primary.n; i++) {
        stand->key[i] = p->values[(p->n_rows - 1) * t->n_columns + t->primary.at[i]];
        if (stand->key[i].s.p)
            stand->key[i].s = arena_str(&stand->a, stand->key[i].s);
    }
}

static void tell(const struct move *m, const struct table *t, int64_t done)
{
    if (m->o.progress)
        m->o.progress(m->o.ctx, t->name, done, m->total);
}

/* Moving -------------------------------------------------------------------------------------- */

struct move *move_make(const struct move_options *o)
{
    struct move *m = heap_alloc(sizeof(*m));
    m->o = *o;
    arena_init(&m->a, 256 << 20);
    arena_init(&m->page.a, PAGE_BYTES_MAX);
    arena_init(&m->other.a, PAGE_BYTES_MAX);
    arena_init(&m->stand.a, 1 << 20);
    m->page.values = NEW_N(&m->a, struct arg, PAGE_ROWS * TABLE_COLUMNS_MAX);
    m->other.values = NEW_N(&m->a, struct arg, PAGE_ROWS * TABLE_COLUMNS_MAX);
    m->schema = schema_read(&m->a);
    m->from = NEW_N(&m->a, struct walk, m->schema->n);
    m->to = NEW_N(&m->a, struct walk, m->schema->n);
    for (size_t i = 0; i < m->schema->n; i++) {
        m->from[i] = walk_make(&m->a, o->from, &m->schema->tables[i]);
        m->to[i] = walk_make(&m->a, o->to, &m->schema->tables[i]);
    }
    return m;
}

void move_free(struct move *m)
{
    arena_free(&m->stand.a);
    arena_free(&m->page.a);
    arena_free(&m->other.a);
    arena_free(&m->a);
    heap_free(m);
}

int64_t move_total(const struct move *m)
{
    return m->total;
}

static enum err mark_get(struct db *db, struct arena *a, struct str *ret)
{
    struct mark_row row;
    enum err e = db_one(db, a, &MARK_GET, NO_ARGS, &mark_row_record, &row);
    *ret = e == OK ? row.value : STR_NONE;
    return e == E_MISSING ? OK : e;
}

enum err move_is_unused(struct db *db, bool *ret)
{
    int64_t units = 0;
    enum err e = db_number(db, &UNITS, NO_ARGS, &units);
    *ret = e == OK && units == 0;
    return e;
}

enum err move_is_begun(struct db *db, bool *ret)
{
    struct arena a;
    struct str mark;
    arena_init(&a, 1 << 20);
    enum err e = mark_get(db, &a, &mark);
    *ret = e == OK && mark.p;
    arena_free(&a);
    return e;
}

/* What a migration puts into a new database stands in the source's own way there. */
static enum err target_mark(struct move *m)
{
    TRY(db_begin(m->o.to));
    enum err e = db_exec(m->o.to, &MARK_PUT, ARGS(S(m->o.source)), NULL);
    for (size_t i = 0; e == OK && i < m->schema->n; i++)
        if (m->schema->tables[i].seeded)
            e = db_exec(m->o.to, &m->to[i].clear, NO_ARGS, NULL);
    if (e == OK)
        return db_commit(m->o.to);
    db_rollback(m->o.to);
    return e;
}

static enum err target_is_empty(struct move *m, struct err_info *info)
{
    for (size_t i = 0; i < m->schema->n; i++) {
        if (m->schema->tables[i].seeded)
            continue;
        TRY(rows_read(&m->page, &m->to[i], &m->to[i].last, NO_ARGS));
        if (m->page.n_rows)
            return err_note(info, E_CONFLICT, "to", MSG("目标数据库不是空的，表 %s 里有数据；请另用"
                "一个新的数据库(已完成的搬迁不必再运行)", "The target is not empty: its table %s holds"
                " rows; give a new database (a move that is done need not be run again)"),
                m->schema->tables[i].name);
    }
    return OK;
}

/* The settings hold the mark, so they come last and by themselves. */
static bool is_settings(const struct table *t)
{
    return str_is(t->name, "setting");
}

static enum err figures_take(struct move *m)
{
    for (size_t i = 0; i < m->schema->n; i++) {
        int64_t n = 0;
        if (is_settings(&m->schema->tables[i]))
            continue;
        TRY(db_number(m->o.from, &m->from[i].count, NO_ARGS, &n));
        TRY(db_number(m->o.to, &m->to[i].count, NO_ARGS, &m->there[i]));
        m->total += n;
    }
    return OK;
}

enum err move_begin(struct move *m, struct err_info *info)
{
    struct str mark, of_source;
    TRY(mark_get(m->o.from, &m->a, &of_source));
    TRY(mark_get(m->o.to, &m->a, &mark));
    if (of_source.p)
        return err_note(info, E_CONFLICT, "from", MSG("来源数据库本身还没有搬完，请先完成那次搬迁",
            "The source is the target of a move that has not ended; end that one first"), STR_NONE);
    if (mark.p && !str_eq(mark, m->o.source))
        return err_note(info, E_CONFLICT, "to", MSG("目标里有另一次没有完成的搬迁，或来源在此后又被使用过；请另用一个新的数据库",
            "The target holds a move begun from another source, or the source was used since; give a"
            " new database"), STR_NONE);
    if (mark.p == NULL) {
        TRY(target_is_empty(m, info));
        TRY(target_mark(m));
    }
    return figures_take(m);
}

static enum err page_put(struct move *m)
{
    const struct page *p = &m->page;
    if (m->o.rows)
        TRY(m->o.rows(m->o.ctx, p->w->t, p->values, p->n_rows));
    return db_put(m->o.to, p->w->t, p->values, p->n_rows);
}

static enum err table_move(struct move *m, size_t i)
{
    const struct table *t = &m->schema->tables[i];
    TRY(rows_read(&m->page, &m->to[i], &m->to[i].last, NO_ARGS));
    stand_move(&m->stand, &m->page);
    m->done += m->there[i];
    for (;;) {
        TRY(page_read(&m->page, &m->from[i], &m->stand));
        if (m->page.n_rows == 0)
            return OK;
        TRY(page_put(m));
        stand_move(&m->stand, &m->page);
        m->done += (int64_t)m->page.n_rows;
        tell(m, t, m->done);
    }
}

enum err move_rows(struct move *m)
{
    m->done = 0;
    for (size_t i = 0; i < m->schema->n; i++)
        if (!is_settings(&m->schema->tables[i]))
            TRY(table_move(m, i));
    return OK;
}

/* Comparing ----------------------------------------------------------------------------------- */

static bool value_eq(const struct arg *a, const struct arg *b)
{
    return a->type == b->type && a->i == b->i && memcmp(&a->f, &b->f, sizeof(a->f)) == 0
        && str_eq(a->s, b->s);
}

static bool page_eq(const struct page *a, const struct page *b)
{
    if (a->n_rows != b->n_rows)
        return false;
    for (size_t i = 0; i < a->n_rows * a->w->t->n_columns; i++)
        if (!value_eq(&a->values[i], &b->values[i]))
            return false;
    return true;
}

static enum err table_compare(struct move *m, size_t i, struct err_info *info)
{
    m->stand.any = false;
    do {
        TRY(page_read(&m->page, &m->from[i], &m->stand));
        TRY(page_read(&m->other, &m->to[i], &m->stand));
        if (!page_eq(&m->page, &m->other))
            return err_note(info, E_CONFLICT, "to", MSG("表 %s 与来源不一致：搬迁期间来源被改动过；请另用一个新的数据库重新搬迁",
                "Table %s differs from the source, which was changed meanwhile; move again, into a new"
                " database"), m->schema->tables[i].name);
        stand_move(&m->stand, &m->page);
        m->done += (int64_t)m->page.n_rows;
        tell(m, m->page.w->t, m->done);
    } while (m->page.n_rows);
    return OK;
}

enum err move_compare(struct move *m, struct err_info *info)
{
    m->done = 0;
    for (size_t i = 0; i < m->schema->n; i++)
        if (!is_settings(&m->schema->tables[i]))
            TRY(table_compare(m, i, info));
    return OK;
}

static enum err settings_move(struct move *m)
{
    TRY(db_exec(m->o.to, &MARK_DROP, NO_ARGS, NULL));
    for (size_t i = 0; i < m->schema->n; i++)
        if (is_settings(&m->schema->tables[i]))
            TRY(table_move(m, i));
    return OK;
}

enum err move_end(struct move *m)
{
    m->o.progress = NULL;
    TRY(db_begin(m->o.to));
    enum err e = settings_move(m);
    if (e != OK) {
        db_rollback(m->o.to);
        return e;
    }
    TRY(db_commit(m->o.to));
    return db_loaded(m->o.to);
}
