/* db.c: the door of db.h: finds the driver of a url and does what is alike for all databases. */
#include "db/db.h"
#include "db/driver.h"
#include "db/schema.h"

const char *const append_only_tables[] = { "entry", "leaf", "tree_node", "checkpoint",
    "access_log", "register_change", "account_change", "deletion",
    "export_step" };
const size_t append_only_tables_n = COUNT_OF(append_only_tables);

bool db_is_server(const char *url)
{
    return strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0;
}

void db_remove(const char *url)
{
    if (!db_is_server(url))
        sqlite_remove(url);
}

enum err db_open(const char *url, enum db_mode mode, struct db **ret)
{
    bool search = mode == DB_SEARCH || mode == DB_SEARCH_READER;
    const struct driver *driver = db_is_server(url) && !search ? &postgres_driver : &sqlite_driver;
    return driver->open(url, mode, ret);
}

void db_close(struct db *db)
{
    if (db)
        db->driver->close(db);
}

void db_take_time(struct db *db)
{
    db->takes_time = true;
}

bool db_is_lost(const struct db *db)
{
    return db->driver->is_lost(db);
}

/* Other processes ----------------------------------------------------------------------------- */

enum err db_claim(struct db *db, enum claim how)
{
    return db->driver->claim(db, how);
}

enum err db_hold(struct db *db, int64_t number, bool *ret_got)
{
    return db_fault(db) ? E_DB : db->driver->hold(db, number, ret_got);
}

void db_let_go(struct db *db, int64_t number)
{
    db->driver->let_go(db, number);
}

enum err db_share(struct db *db, int64_t number)
{
    return db_fault(db) ? E_DB : db->driver->share(db, number);
}

enum err db_is_held(struct db *db, int64_t number, bool *ret)
{
    return db_fault(db) ? E_DB : db->driver->is_held(db, number, ret);
}

enum err db_tell(struct db *db, struct str text)
{
    CHECK(db->driver->tell && text.n <= TELL_BYTES_MAX);
    return db->driver->tell(db, text);
}

enum err db_hear(struct db *db, int bell, int timeout_ms, db_hear_fn *fn, void *ctx, bool *ret_gap)
{
    CHECK(db->driver->hear);
    return db->driver->hear(db, bell, timeout_ms, fn, ctx, ret_gap);
}

struct str remarks_open(struct arena *a, const struct driver *driver, const char *given)
{
    struct str text = str_c(given), mark = str_c(driver->remark);
    struct buf b = buf_in(a, text.n + 1);
    ptrdiff_t at;
    while ((at = str_find(text, mark)) >= 0) {
        buf_add(&b, (struct str){ text.p, (size_t)at });
        text = (struct str){ text.p + at + mark.n, text.n - (size_t)at - mark.n };
        ptrdiff_t end = str_find(text, STR("*/"));
        CHECK(end >= 0);
        buf_add(&b, (struct str){ text.p, (size_t)end });
        text = (struct str){ text.p + end + 2, text.n - (size_t)end - 2 };
    }
    buf_add(&b, text);
    buf_byte(&b, '\0');
    return buf_str(&b);
}

enum err db_position_read(struct db *db, struct db_position *ret)
{
    return db->driver->position_read(db, ret);
}

enum err db_position_check(const struct db_position *here, const struct db_position *there,
    struct err_info *info)
{
    if (there->cluster != here->cluster)
        return err_note(info, E_CONFLICT, "read-db", MSG("所指的服务器不是 --db 的副本，不会使用",
            "it names a server that does not follow that of --db; it is not used"), STR_NONE);
    if (there->database != here->database)
        return err_note(info, E_CONFLICT, "read-db", MSG("所指的是另一个数据库，不会使用",
            "it names another database than --db; it is not used"), STR_NONE);
    return there->follows ? OK : err_note(info, E_CONFLICT, "read-db", MSG("所指的不是副本，"
        "而是主库本身，不会使用", "it names no replica but the database itself; it is not used"),
        STR_NONE);
}

int64_t db_position_committed(const struct db *db)
{
    return db->driver->position_committed ? db->driver->position_committed(db) : 0;
}

void db_cut(struct db *db)
{
    db->driver->cut(db);
}

enum err db_copy(struct db *db, const char *name, db_copy_fn *step, void *ctx)
{
    CHECK(db->driver->copy);
    return db_fault(db) ? E_DB : db->driver->copy(db, name, step, ctx);
}

/* Faults -------------------------------------------------------------------------------------- */

bool db_fault(struct db *db)
{
    if (db->fault_countdown == 0 || --db->fault_countdown != 0)
        return false;
    db->fault_fired = true;
    return true;
}

void db_fault_at(struct db *db, unsigned n)
{
    db->fault_countdown = db->fault_n = n;
    db->fault_fired = false;
}

bool db_fault_fired(const struct db *db)
{
    return db->fault_fired;
}

/* Statements ---------------------------------------------------------------------------------- */

/* What databases would take differently, or not at all. */
static enum err args_check(const struct arg *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (args[i].type == ARG_TEXT && memchr(args[i].s.p, '\0', args[i].s.n))
            return E_INPUT;
    return OK;
}

enum err db_exec(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret_changed)
{
    CHECK(sql->kind == SQL_WRITE);
    TRY(args_check(args, n_args));
    if (db_fault(db))
        return E_DB;
    return db->driver->exec(db, sql, args, n_args, ret_changed);
}

enum err db_put(struct db *db, const struct table *t, const struct arg *values, size_t n_rows)
{
    TRY(args_check(values, n_rows * t->n_columns));
    if (db_fault(db))
        return E_DB;
    return n_rows ? db->driver->rows_put(db, t, values, n_rows) : OK;
}

enum err db_loaded(struct db *db)
{
    return db->driver->loaded(db);
}

static enum err rows_open(struct db *db, const struct sql *sql, const struct arg *args,
    size_t n_args, bool in_parts, struct rows *ret)
{
    *ret = (struct rows){ .db = db, .sql = sql };
    TRY(args_check(args, n_args));
    if (db_fault(db))
        return E_DB;
    return db->driver->rows_open(db, sql, args, n_args, in_parts, ret);
}

static enum err rows_next(struct rows *rows, bool *ret_any)
{
    *ret_any = false;
    return rows->db->driver->rows_next(rows, ret_any);
}

static void rows_close(struct rows *rows)
{
    rows->db->driver->rows_close(rows);
}

static enum err row_read(struct rows *rows, struct arena *a, const struct record *r, void *rec)
{
    int c = 0;
    record_clear(r, rec);
    for (size_t i = 0; i < r->n && c < rows->columns; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_OBJ && f->type != F_LIST && f->type != F_WORDS)
            TRY(rows->db->driver->value_read(rows, c++, a, f->type, record_at(f, rec)));
    }
    CHECK(c == rows->columns);
    return OK;
}

/* An array in the arena that grows up to a limit. */
struct rows_array { struct arena *a; const struct record *r; char *p; size_t n, cap, max; };

static void *array_next(struct rows_array *m)
{
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 4 : 16;
        cap = cap < m->max ? cap : m->max;
        char *more = arena_alloc(m->a, m->r->size, alignof(max_align_t), cap);
        if (m->n)
            memcpy(more, m->p, m->n * m->r->size);
        m->p = more;
        m->cap = cap;
    }
    return m->p + m->r->size * m->n++;
}

static enum err rows_all(struct rows *rows, struct rows_array *m)
{
    bool any;
    for (;;) {
        TRY(rows_next(rows, &any));
        if (!any)
            return OK;
        if (m->n == m->max)
            return E_TOO_LARGE;
        TRY(row_read(rows, m->a, m->r, array_next(m)));
    }
}

enum err db_rows(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, size_t max_rows, struct list *ret)
{
    struct rows rows;
    struct rows_array m = { .a = a, .r = r, .max = max_rows };
    TRY(rows_open(db, sql, args, n_args, false, &rows));
    enum err e = rows_all(&rows, &m);
    rows_close(&rows);
    if (e == OK)
        *ret = (struct list){ m.p, m.n };
    return e;
}

enum err db_one(struct db *db, struct arena *a, const struct sql *sql, const struct arg *args,
    size_t n_args, const struct record *r, void *ret_rec)
{
    struct rows rows;
    bool any;
    TRY(rows_open(db, sql, args, n_args, false, &rows));
    enum err e = rows_next(&rows, &any);
    if (e == OK)
        e = any ? row_read(&rows, a, r, ret_rec) : E_MISSING;
    rows_close(&rows);
    return e;
}

enum err db_number(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    int64_t *ret)
{
    struct rows rows;
    bool any;
    int64_t n = 0;
    TRY(rows_open(db, sql, args, n_args, false, &rows));
    enum err e = rows_next(&rows, &any);
    if (e == OK)
        e = any ? db->driver->value_read(&rows, 0, NULL, F_I64, &n) : E_MISSING;
    rows_close(&rows);
    if (e == OK)
        *ret = n;
    return e;
}

static enum err each_row(struct rows *rows, struct arena *a, const struct record *r,
    db_row_fn *fn, void *ctx)
{
    bool any;
    for (;;) {
        TRY(rows_next(rows, &any));
        if (!any)
            return OK;
        void *rec = arena_alloc(a, r->size, alignof(max_align_t), 1);
        TRY(row_read(rows, a, r, rec));
        TRY(fn(ctx, a, rec));
        arena_reset(a);
    }
}

enum err db_each(struct db *db, const struct sql *sql, const struct arg *args, size_t n_args,
    const struct record *r, db_row_fn *fn, void *ctx)
{
    struct rows rows;
    struct arena a;
    TRY(rows_open(db, sql, args, n_args, sql->scans, &rows));
    arena_init(&a, 64 << 20);
    enum err e = each_row(&rows, &a, r, fn, ctx);
    rows_close(&rows);
    arena_free(&a);
    return e;
}

int64_t db_rows_changed(const struct db *db)
{
    return db->driver->rows_changed(db);
}

enum err db_explain(struct db *db, struct arena *a, const struct sql *sql, struct str *ret)
{
    return db->driver->explain(db, a, sql, ret);
}

RECORD_DEFINE(db_right, DB_RIGHT)
RECORD_DEFINE(db_power, DB_POWER)

enum { TABLES_MAX = 10000, POWERS_MAX = 100 };

enum err db_foreign(struct db *db, struct arena *a, struct str *ret)
{
    struct list all;
    TRY(db_rows(db, a, db->driver->tables, NO_ARGS, &db_power_record, TABLES_MAX, &all));
    const struct db_power *t = all.p;
    const struct schema *s = schema_read(a);
    for (size_t i = 0; i < all.n; i++)
        if (schema_table(s, t[i].name) == NULL && !str_is(t[i].name, "schema_version")) {
            *ret = t[i].name;
            return OK;
        }
    return E_MISSING;
}

enum err db_sound(struct db *db, struct arena *a, bool whole, struct str *ret)
{
    struct db_power said;
    const struct sql *ask = whole ? db->driver->sound_whole : db->driver->sound;
    CHECK(ask);
    TRY(db_one(db, a, ask, NO_ARGS, &db_power_record, &said));
    *ret = str_is(said.name, "ok") ? STR_NONE : said.name;
    return OK;
}

enum err db_is_logged(struct db *db, bool *ret)
{
    CHECK(db->driver->logged);
    return db->driver->logged(db, ret);
}

enum err db_rights(struct db *db, struct arena *a, struct list *ret_rights, struct list *ret_powers)
{
    CHECK(db->driver->rights && db->driver->powers);
    TRY(db_rows(db, a, db->driver->rights, NO_ARGS, &db_right_record, TABLES_MAX, ret_rights));
    return db_rows(db, a, db->driver->powers, NO_ARGS, &db_power_record, POWERS_MAX, ret_powers);
}

/* Transactions -------------------------------------------------------------------------------- */

enum err db_begin(struct db *db)
{
    db->trusting = db->trusted = db->scope_due = false;
    return db_fault(db) ? E_DB : db->driver->begin(db);
}

void db_scope(struct db *db, const struct db_scope *scope)
{
    db->scope = *scope;
    db->scope_due = db->mode == DB_READER || db->mode == DB_REPLICA;
}

/* After a failed commit nobody knows what reached the disk: the caller closes and reopens. What
 * could not be undone is not committed either. */
enum err db_commit(struct db *db)
{
    db->scope_due = false;
    if (db->spoilt) {
        db_rollback(db);
        return E_UNKNOWN;
    }
    if (db_fault(db)) {
        enum err lost = db->fault_n % 2 == 0 ? db->driver->commit(db) : OK;
        (void)lost;
        return E_UNKNOWN;
    }
    enum err e = db->driver->commit(db);
    return e == OK || e == E_CONFLICT ? e : E_UNKNOWN;
}

void db_rollback(struct db *db)
{
    db->driver->rollback(db);
    db->spoilt = db->scope_due = false;
}

enum err db_begin_hasty(struct db *db, bool trusting)
{
    if (db->driver->hasten == NULL)
        return db_begin(db);
    db->trusting = trusting;
    db->trusted = false;
    return db_fault(db) ? E_DB : db->driver->hasten(db);
}

bool db_trusts(struct db *db)
{
    db->trusted = db->trusted || db->trusting;
    return db->trusting;
}

bool db_trusted(const struct db *db)
{
    return db->trusted;
}

enum err db_savepoint(struct db *db)
{
    db->trusting = false;
    return db_fault(db) ? E_DB : db->driver->savepoint(db);
}

enum err db_release(struct db *db)
{
    return db_fault(db) ? E_DB : db->driver->release(db);
}

void db_rollback_to(struct db *db)
{
    if (db->driver->rollback_to(db) != OK)
        db->spoilt = true;
}

/* Parts --------------------------------------------------------------------------------------- */

RECORD_DEFINE(db_part, DB_PART)

enum err db_parts(struct db *db, struct arena *a, size_t max, struct list *ret)
{
    CHECK(db->driver->parts);
    return db_rows(db, a, db->driver->parts, NO_ARGS, &db_part_record, max, ret);
}

enum err db_part_look(struct db *db, struct arena *a, struct db_part *part)
{
    return db->driver->part_look(db, a, part);
}

enum err db_archive_begin(struct db *db)
{
    return db->driver->archive_begin(db);
}

enum err db_part_close(struct db *db, const char *label)
{
    return db->driver->part_close(db, label);
}

enum err db_part_move(struct db *db, struct str label, struct str tablespace)
{
    return db->driver->part_move(db, label, tablespace);
}
