/* schema.c: reads the few forms of SQL that migrations are written in. */
#include "db/schema.h"
#include "db/migrations.h"

struct parse { struct str rest, word; };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next word: a name, a number, a quoted text or a single other character; n = 0 at the end. */
static void advance(struct parse *r)
{
    size_t n = 0;
    r->rest = str_trim(r->rest);
    if (r->rest.n && r->rest.p[0] == '\'') {
        do
            n++;
        while (n < r->rest.n && r->rest.p[n] != '\'');
        n++;
    } else {
        while (n < r->rest.n && is_letter(r->rest.p[n]))
            n++;
        n += n == 0 && r->rest.n;
    }
    CHECK(n <= r->rest.n);
    r->word = (struct str){ r->rest.p, n };
    r->rest = (struct str){ r->rest.p + n, r->rest.n - n };
}

static bool is_word(const struct parse *r, const char *word)
{
    return str_is(r->word, word);
}

static bool take(struct parse *r, const char *word)
{
    if (!is_word(r, word))
        return false;
    advance(r);
    return true;
}

_Noreturn static void not_understood(const struct parse *r)
{
    char said[160] = "";
    struct arena a;
    arena_init(&a, 4096);
    struct str text = arena_fmt(&a, "migration not understood at: %.*s%.*s", STR_FMT(r->word),
        (int)(r->rest.n < 80 ? r->rest.n : 80), r->rest.p);
    memcpy(said, text.p, text.n < sizeof(said) ? text.n : sizeof(said) - 1);
    check_failed(said, __FILE__, __LINE__);
}

static void need(struct parse *r, const char *word)
{
    if (!take(r, word))
        not_understood(r);
}

static struct str name_take(struct parse *r)
{
    struct str name = r->word;
    if (name.n == 0 || !is_letter(name.p[0]))
        not_understood(r);
    advance(r);
    return name;
}

/* Tables -------------------------------------------------------------------------------------- */

const struct table *schema_table(const struct schema *s, struct str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->tables[i].name, name))
            return &s->tables[i];
    return NULL;
}

ptrdiff_t table_column(const struct table *t, struct str name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (str_eq(t->columns[i].name, name))
            return (ptrdiff_t)i;
    return -1;
}

bool table_has_area(const struct table *t)
{
    return str_is(t->columns[t->primary.at[0]].name, "area");
}

static struct table *table_take(struct schema *s, struct parse *r)
{
    struct str name = name_take(r);
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->tables[i].name, name))
            return &s->tables[i];
    not_understood(r);
}

/* (a, b) */
static struct key key_take(struct parse *r, const struct table *t)
{
    struct key key = { .n = 0 };
    need(r, "(");
    do {
        ptrdiff_t at = table_column(t, r->word);
        if (at < 0 || key.n == KEY_COLUMNS_MAX)
            not_understood(r);
        key.at[key.n++] = (size_t)at;
        advance(r);
    } while (take(r, ","));
    need(r, ")");
    return key;
}

/* account (id) */
static void reference_take(struct schema *s, struct parse *r, struct table *t, struct key key)
{
    const struct table *to = table_take(s, r);
    CHECK(t->n_references < TABLE_KEYS_MAX);
    t->references[t->n_references++] = (struct reference){ key, to, key_take(r, to) };
}

static void unique_add(struct table *t, struct key key)
{
    CHECK(t->n_uniques < TABLE_KEYS_MAX);
    t->uniques[t->n_uniques++] = key;
}

static enum column_type type_take(struct parse *r)
{
    static const struct { const char *word; enum column_type type; } types[] = {
        { "BIGINT", COLUMN_I64 }, { "TEXT", COLUMN_TEXT }, { "BLOB", COLUMN_BYTES } };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (take(r, types[i].word))
            return types[i].type;
    need(r, "DOUBLE");
    need(r, "PRECISION");
    return COLUMN_F64;
}

static void column_take(struct schema *s, struct parse *r, struct table *t)
{
    CHECK(t->n_columns < TABLE_COLUMNS_MAX);
    size_t at = t->n_columns++;
    struct column *c = &t->columns[at];
    struct key alone = { 1, { at } };
    c->name = name_take(r);
    c->type = type_take(r);
    for (;;) {
        if (take(r, "NOT")) {
            need(r, "NULL");
            c->not_null = true;
        } else if (take(r, "PRIMARY")) {
            need(r, "KEY");
            t->primary = alone;
        } else if (take(r, "UNIQUE")) {
            unique_add(t, alone);
        } else if (take(r, "DEFAULT")) {
            (void)take(r, "-");
            advance(r);
        } else if (take(r, "REFERENCES")) {
            reference_take(s, r, t, alone);
        } else {
            return;
        }
    }
}

static void part_take(struct schema *s, struct parse *r, struct table *t)
{
    if (take(r, "PRIMARY")) {
        need(r, "KEY");
        t->primary = key_take(r, t);
    } else if (take(r, "UNIQUE")) {
        unique_add(t, key_take(r, t));
    } else if (take(r, "FOREIGN")) {
        need(r, "KEY");
        struct key key = key_take(r, t);
        need(r, "REFERENCES");
        reference_take(s, r, t, key);
    } else {
        column_take(s, r, t);
    }
}

/* What one kind of database alone is told of a table, which says nothing of its columns and keys. */
static void remarks_take(struct parse *r)
{
    while (take(r, "/")) {
        need(r, "*");
        if (take(r, "sqlite")) {
            need(r, ":");
            need(r, "WITHOUT");
            need(r, "ROWID");
        } else {
            static const char *const words[] = { "postgres", ":", "PARTITION", "BY", "RANGE", "(" };
            for (size_t i = 0; i < COUNT_OF(words); i++)
                need(r, words[i]);
            (void)name_take(r);
            need(r, ")");
        }
        need(r, "*");
        need(r, "/");
    }
}

static void create_table(struct schema *s, struct parse *r)
{
    CHECK(s->n < SCHEMA_TABLES_MAX);
    struct table *t = &s->tables[s->n++];
    t->name = name_take(r);
    need(r, "(");
    do
        part_take(s, r, t);
    while (take(r, ","));
    need(r, ")");
    remarks_take(r);
    if (t->primary.n == 0)
        not_understood(r);
    for (size_t i = 0; i < t->primary.n; i++)
        if (!t->columns[t->primary.at[i]].not_null)
            not_understood(r);      /* SQLite alone would take nothing for a key */
}

/* Up to the end of the statement, as it is written. */
static struct str rest_take(struct parse *r)
{
    struct str all = { r->word.p, 0 };
    while (r->word.n && !is_word(r, ";"))
        advance(r);
    all.n = (size_t)(r->word.p - all.p);
    return str_trim(all);
}

static void create_index(struct schema *s, struct parse *r, bool unique)
{
    struct index index = { .unique = unique, .name = name_take(r) };
    need(r, "ON");
    struct table *t = table_take(s, r);
    index.key = key_take(r, t);
    if (take(r, "WHERE"))
        index.where = rest_take(r);
    CHECK(t->n_indexes < TABLE_KEYS_MAX);
    t->indexes[t->n_indexes++] = index;
}

/* Statements for PostgreSQL alone: the parts of tables that it keeps in parts. */
static void parts_skip(struct parse *r)
{
    need(r, "*");
    if (!is_word(r, "postgres"))
        not_understood(r);
    ptrdiff_t end = str_find(r->rest, STR("*/"));
    CHECK(end >= 0);
    r->rest = (struct str){ r->rest.p + end + 2, r->rest.n - (size_t)end - 2 };
    advance(r);
}

/* Nothing refers to a table that goes. */
static void table_drop(struct schema *s, struct table *gone)
{
    for (size_t i = 0; i < s->n; i++) {
        struct table *t = &s->tables[i];
        for (size_t k = 0; k < t->n_references; k++) {
            CHECK(t->references[k].table != gone || t == gone);
            t->references[k].table -= t->references[k].table > gone;
        }
    }
    s->n--;
    memmove(gone, gone + 1, (size_t)(&s->tables[s->n] - gone) * sizeof(*gone));
    memset(&s->tables[s->n], 0, sizeof(s->tables[s->n]));
}

static void statement_take(struct schema *s, struct parse *r)
{
    if (take(r, "/")) {
        parts_skip(r);
        return;
    }
    if (take(r, "INSERT")) {
        need(r, "INTO");
        table_take(s, r)->seeded = true;
        (void)rest_take(r);
    } else if (take(r, "UPDATE")) {
        (void)table_take(s, r);
        (void)rest_take(r);
    } else if (take(r, "DROP")) {
        need(r, "TABLE");
        table_drop(s, table_take(s, r));
    } else if (take(r, "ALTER")) {
        need(r, "TABLE");
        struct table *t = table_take(s, r);
        need(r, "ADD");
        need(r, "COLUMN");
        column_take(s, r, t);
    } else {
        need(r, "CREATE");
        bool unique = take(r, "UNIQUE");
        if (take(r, "INDEX"))
            create_index(s, r, unique);
        else if (!unique && take(r, "TABLE"))
            create_table(s, r);
        else
            not_understood(r);
    }
    need(r, ";");
}

const struct schema *schema_read(struct arena *a)
{
    struct schema *s = NEW(a, struct schema);
    for (size_t i = 0; i < migrations_n; i++) {
        struct parse r = { .rest = str_c(migrations[i].text) };
        advance(&r);
        while (r.word.n)
            statement_take(s, &r);
    }
    return s;
}
