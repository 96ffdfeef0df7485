/* test_schema.c: the schema as this program reads it out of its migrations is the one that SQLite
 * says it has made of them, and every table of a matter can be distributed by its area. */
#include "db/schema.c"
#include "db/db.h"
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture { struct arena a; const struct schema *schema; sqlite3 *h; char dir[32], path[64]; };

static int setup(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    struct err_info info = { .e = OK };
    struct db *db;
    arena_init(&f->a, 16 << 20);
    f->schema = schema_read(&f->a);
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/schema-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof(f->path), "%s/x.db", f->dir);
    assert_int_equal(db_open(f->path, DB_WRITER, &db), OK);
    assert_int_equal(db_migrate(db, &info), OK);
    db_close(db);
    assert_int_equal(sqlite3_open(f->path, &f->h), SQLITE_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(sqlite3_close(f->h), SQLITE_OK);
    (void)unlink(f->path);
    (void)rmdir(f->dir);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

/* Each row of what SQLite says of a table as a line, columns with a space between. */
static const char *said(struct fixture *f, const struct table *t, const char *text)
{
    struct buf b = buf_in(&f->a, 1 << 20);
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->h, text, -1, &st, NULL), SQLITE_OK);
    if (t)
        assert_int_equal(sqlite3_bind_text(st, 1, t->name.p, (int)t->name.n, SQLITE_STATIC),
            SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        for (int i = 0, n = sqlite3_column_count(st); i < n; i++)
            buf_fmt(&b, "%s%c", (const char *)sqlite3_column_text(st, i), i + 1 < n ? ' ' : '\n');
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    buf_byte(&b, '\0');
    return b.p;
}

static void key_write(struct buf *b, const struct table *t, const struct key *key)
{
    for (size_t i = 0; i < key->n; i++)
        buf_fmt(b, "%s%.*s", i ? "," : "", STR_FMT(t->columns[key->at[i]].name));
}

static size_t place_in(const struct key *key, size_t column)
{
    for (size_t i = 0; i < key->n; i++)
        if (key->at[i] == column)
            return i + 1;
    return 0;
}

static void tables_in_order(void **state)
{
    struct fixture *f = *state;
    struct buf b = buf_in(&f->a, 1 << 16);
    for (size_t i = 0; i < f->schema->n; i++)
        buf_fmt(&b, "%.*s\n", STR_FMT(f->schema->tables[i].name));
    buf_byte(&b, '\0');
    assert_true(f->schema->n > 20);
    assert_string_equal(b.p, said(f, NULL, "SELECT name FROM sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY rowid"));
}

static void columns_and_primary_keys(void **state)
{
    static const char *const types[] = { [COLUMN_I64] = "BIGINT", [COLUMN_TEXT] = "TEXT",
        [COLUMN_F64] = "DOUBLE PRECISION", [COLUMN_BYTES] = "BLOB" };
    struct fixture *f = *state;
    for (size_t i = 0; i < f->schema->n; i++) {
        const struct table *t = &f->schema->tables[i];
        struct buf b = buf_in(&f->a, 1 << 16);
        for (size_t c = 0; c < t->n_columns; c++)
            buf_fmt(&b, "%.*s %s %d %zu\n", STR_FMT(t->columns[c].name), types[t->columns[c].type],
                t->columns[c].not_null, place_in(&t->primary, c));
        buf_byte(&b, '\0');
        assert_string_equal(b.p, said(f, t,
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)"));
    }
}

/* Names of indexes with their columns; what SQLite makes for UNIQUE has a name of its own. */
static void indexes_and_uniques(void **state)
{
    struct fixture *f = *state;
    size_t seen = 0;
    for (size_t i = 0; i < f->schema->n; i++) {
        const struct table *t = &f->schema->tables[i];
        struct buf b = buf_in(&f->a, 1 << 16);
        for (size_t k = t->n_indexes; k-- > 0;) {
            const struct index *index = &t->indexes[k];
            buf_fmt(&b, "%.*s %d %d ", STR_FMT(index->name), index->unique, index->where.n > 0);
            key_write(&b, t, &index->key);
            buf_byte(&b, '\n');
            seen++;
        }
        for (size_t k = t->n_uniques; k-- > 0; seen++) {
            buf_add(&b, STR("unique 1 0 "));
            key_write(&b, t, &t->uniques[k]);
            buf_byte(&b, '\n');
        }
        buf_byte(&b, '\0');
        assert_string_equal(b.p, said(f, t, "SELECT CASE origin WHEN 'u' THEN 'unique' ELSE name"
            " END, \"unique\", partial, (SELECT group_concat(name, ',') FROM"
            " pragma_index_info(l.name)) FROM pragma_index_list(?1) l WHERE origin <> 'pk'"
            " ORDER BY origin, seq"));
    }
    assert_true(seen > 15);
}

static void references(void **state)
{
    struct fixture *f = *state;
    size_t seen = 0;
    for (size_t i = 0; i < f->schema->n; i++) {
        const struct table *t = &f->schema->tables[i];
        struct buf b = buf_in(&f->a, 1 << 16);
        for (size_t k = 0; k < t->n_references; k++, seen++) {
            const struct reference *r = &t->references[k];
            assert_int_equal(r->key.n, r->to.n);
            for (size_t c = 0; c < r->key.n; c++)
                buf_fmt(&b, "%.*s %.*s %.*s\n", STR_FMT(t->columns[r->key.at[c]].name),
                    STR_FMT(r->table->name), STR_FMT(r->table->columns[r->to.at[c]].name));
        }
        buf_byte(&b, '\0');
        assert_string_equal(b.p, said(f, t, "SELECT \"from\", \"table\", \"to\" FROM"
            " pragma_foreign_key_list(?1) ORDER BY id DESC, seq"));
    }
    assert_true(seen >= 4);
}

/* What Citus asks of a table distributed by area. A reference from it may leave area out only where
 * it points at a table that every machine holds. */
static bool key_has_area(const struct table *t, const struct key *key)
{
    return place_in(key, (size_t)table_column(t, STR("area"))) > 0;
}

static void tables_of_matters_carry_area(void **state)
{
    struct fixture *f = *state;
    size_t of_matters = 0;
    for (size_t i = 0; i < f->schema->n; i++) {
        const struct table *t = &f->schema->tables[i];
        bool has_column = table_column(t, STR("area")) >= 0;
        assert_true(has_column == table_has_area(t));
        assert_true(table_column(t, STR("matter")) < 0 || has_column);
        if (!has_column)
            continue;
        of_matters++;
        for (size_t k = 0; k < t->n_uniques; k++)
            assert_true(key_has_area(t, &t->uniques[k]));
        for (size_t k = 0; k < t->n_indexes; k++)
            assert_true(!t->indexes[k].unique || key_has_area(t, &t->indexes[k].key));
        for (size_t k = 0; k < t->n_references; k++)
            assert_true(!table_has_area(t->references[k].table)
                || key_has_area(t, &t->references[k].key));
    }
    assert_true(of_matters >= 12);
}

/* Nothing that a machine of a distributed database holds alone may point at rows elsewhere. */
static void nothing_points_at_tables_of_matters_from_outside(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->schema->n; i++) {
        const struct table *t = &f->schema->tables[i];
        for (size_t k = 0; k < t->n_references; k++)
            assert_true(table_has_area(t) || !table_has_area(t->references[k].table));
    }
}

static struct schema *read_text(struct fixture *f, const char *text)
{
    struct schema *s = NEW(&f->a, struct schema);
    struct parse r = { .rest = str_c(text) };
    advance(&r);
    while (r.word.n)
        statement_take(s, &r);
    return s;
}

static void forms_that_later_migrations_may_take(void **state)
{
    struct fixture *f = *state;
    const struct schema *s = read_text(f, "CREATE TABLE a (area BIGINT NOT NULL, n BIGINT NOT NULL,"
        " PRIMARY KEY (area, n), UNIQUE (n, area));\nCREATE TABLE b (area BIGINT NOT NULL PRIMARY"
        " KEY, n BIGINT, FOREIGN KEY (area, n) REFERENCES a (area, n));"
        "ALTER TABLE a ADD COLUMN word TEXT NOT NULL DEFAULT 'it; is';"
        "ALTER TABLE a ADD COLUMN m BIGINT NOT NULL DEFAULT -1;"
        "INSERT INTO b (area, n) SELECT 1, count(*) FROM a;"
        "CREATE INDEX b_n ON b (n) WHERE n > 0 AND area <> 1;");
    const struct table *a = &s->tables[0], *b = &s->tables[1];
    assert_ptr_equal(schema_table(s, STR("b")), b);
    assert_null(schema_table(s, STR("c")));
    assert_int_equal(a->n_columns, 4);
    assert_int_equal(table_column(a, STR("m")), 3);
    assert_true(a->columns[2].not_null);
    assert_int_equal(a->columns[2].type, COLUMN_TEXT);
    assert_false(a->seeded);
    assert_true(b->seeded);
    assert_ptr_equal(b->references[0].table, a);
    assert_int_equal(b->references[0].key.n, 2);
    assert_true(str_is(b->indexes[0].where, "n > 0 AND area <> 1"));
    assert_true(str_is(a->columns[a->uniques[0].at[0]].name, "n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_and_primary_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(indexes_and_uniques, setup, teardown),
        cmocka_unit_test_setup_teardown(references, setup, teardown),
        cmocka_unit_test_setup_teardown(tables_of_matters_carry_area, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_points_at_tables_of_matters_from_outside, setup,
            teardown),
        cmocka_unit_test_setup_teardown(forms_that_later_migrations_may_take, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
