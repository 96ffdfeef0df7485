/* grants.c: reading the statements of the program for what they need. */
#include "cli/grants.h"
#include "base/log.h"

static const struct { unsigned right; const char *word; } words[] = {
    { DB_MAY_SELECT, "SELECT" }, { DB_MAY_INSERT, "INSERT" }, { DB_MAY_UPDATE, "UPDATE" },
    { DB_MAY_DELETE, "DELETE" }, { DB_MAY_REFER, "REFERENCES" }, { DB_MAY_EMPTY, "TRUNCATE" },
    { DB_MAY_TRIGGER, "TRIGGER" }, { DB_IS_SCOPED, "ROW LEVEL SECURITY" } };

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next word, or a single other character; n = 0 at the end. */
static struct str word_take(struct str *rest)
{
    size_t n = 0;
    *rest = str_trim(*rest);
    while (n < rest->n && in_word(rest->p[n]))
        n++;
    n += n == 0 && rest->n;
    struct str word = { rest->p, n };
    *rest = (struct str){ rest->p + n, rest->n - n };
    return word;
}

static void add(const struct schema *s, struct str table, unsigned right, unsigned *rights)
{
    const struct table *t = schema_table(s, table);
    if (t)
        rights[t - s->tables] |= right;
}

/* A condition reads what it compares, so whoever changes or deletes rows also reads them. */
void grants_of_statement(const struct schema *s, const struct sql *sql, unsigned *rights)
{
    struct str rest = str_c(sql->text), before = STR_NONE, target = STR_NONE;
    for (struct str w = word_take(&rest); w.n; before = w, w = word_take(&rest)) {
        bool deletes = str_is(before, "DELETE") && str_is(w, "FROM");
        if (str_is(w, "INTO") || deletes || str_is(w, "FROM") || str_is(w, "JOIN")
            || (str_is(w, "UPDATE") && !str_is(before, "DO") && !str_is(before, "FOR"))) {
            struct str look = rest, table = word_take(&look);
            add(s, table, str_is(w, "INTO") ? DB_MAY_INSERT : deletes ? DB_MAY_SELECT | DB_MAY_DELETE
                : str_is(w, "UPDATE") ? DB_MAY_SELECT | DB_MAY_UPDATE : DB_MAY_SELECT, rights);
            target = target.p ? target : table;
        } else if (str_is(w, "UPDATE")) {
            add(s, target, DB_MAY_SELECT | DB_MAY_UPDATE, rights);
        } else if (str_is(before, "CONFLICT") && str_is(w, "(")) {
            add(s, target, DB_MAY_SELECT, rights);
        }
    }
}

void grants_of_role(const struct schema *s, enum grant_role role, unsigned *ret)
{
    memset(ret, 0, s->n * sizeof(*ret));
    for (size_t l = 0; l < statement_lists_n; l++)
        for (size_t i = 0; i < *statement_lists[l].n; i++) {
            const struct sql *sql = statement_lists[l].statements[i];
            bool serves = role == GRANT_SERVE && !statement_lists[l].of_owner;
            if (sql->kind == SQL_READ || serves)
                grants_of_statement(s, sql, ret);
        }
    for (size_t i = 0; role == GRANT_READ && i < s->n; i++)
        ret[i] &= DB_MAY_SELECT;        /* who only reads locks no rows either */
}

void grants_write_rights(struct buf *b, unsigned rights)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (rights & words[i].right) {
            buf_fmt(b, "%s%s", first ? "" : ", ", words[i].word);
            first = false;
        }
}

enum { CHECK_BYTES_MAX = 4 << 20,
    RIGHTS = DB_MAY_SELECT | DB_MAY_INSERT | DB_MAY_UPDATE | DB_MAY_DELETE };

static unsigned missing_on(const struct schema *s, const unsigned *wanted,
    const struct db_right *has)
{
    const struct table *t = schema_table(s, has->name);
    return t ? wanted[t - s->tables] & RIGHTS & ~(unsigned)has->rights : 0;
}

static enum err lacks(struct arena *a, const struct list *found, const struct schema *s,
    const unsigned *wanted, const char *option, struct err_info *info)
{
    const struct db_right *r = found->p;
    struct buf first = buf_in(a, 256), b = buf_in(a, 1 << 16);
    for (size_t i = 0; i < found->n; i++) {
        unsigned missing = missing_on(s, wanted, &r[i]);
        size_t from = b.n;
        if (missing == 0)
            continue;
        buf_fmt(&b, "%.*s ", STR_FMT(r[i].name));
        grants_write_rights(&b, missing);
        log_line(LOG_ERROR, "db.rights", "missing: %.*s", (int)(b.n - from), b.p + from);
        if (first.n == 0)
            buf_add(&first, (struct str){ b.p + from, b.n - from });
    }
    return first.n == 0 ? OK : err_note(info, E_DENIED, option, MSG("所用的数据库角色缺少权限：%s；"
        "全部缺少的见日志，授权语句见 fengqiao doctor --grants，由表的所有者执行", "The database role lacks %s;"
        " the log names all that it lacks. fengqiao doctor --grants prints the statements that give it,"
        " for the owner of the tables to run"), buf_str(&first));
}

enum err grants_check(struct db *db, enum grant_role role, const char *option,
    struct err_info *info)
{
    struct arena a;
    struct list rights, powers;
    unsigned wanted[SCHEMA_TABLES_MAX];
    arena_init(&a, CHECK_BYTES_MAX);
    const struct schema *s = schema_read(&a);
    grants_of_role(s, role, wanted);
    enum err e = db_rights(db, &a, &rights, &powers);
    if (e == OK)
        e = lacks(&a, &rights, s, wanted, option, info);
    arena_free(&a);
    return e;
}

static void write_role(struct buf *b, const struct schema *s, enum grant_role role,
    const char *name)
{
    unsigned rights[SCHEMA_TABLES_MAX];
    grants_of_role(s, role, rights);
    buf_fmt(b, "\nDO $$ BEGIN CREATE ROLE %s LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %s;\nGRANT USAGE ON SCHEMA public TO %s;\n"
        "GRANT SELECT ON schema_version TO %s;\n", name, name, name, name);
    for (size_t i = 0; i < s->n; i++) {
        if (rights[i] == 0)
            continue;
        buf_add(b, STR("GRANT "));
        grants_write_rights(b, rights[i]);
        buf_fmt(b, " ON %.*s TO %s;\n", STR_FMT(s->tables[i].name), name);
    }
}

void grants_write(struct buf *b, const struct schema *s)
{
    buf_add(b, STR("-- Rights for the tables of one database, worked out from the statements of this\n"
        "-- program; to be run by the role that owns the tables (and may make roles) after each\n"
        "-- `fengqiao migrate --db`. That role migrates, imports and moves; servers do not need it.\n"
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n"
        "\n-- Who serves: fengqiao serve --db postgres://fengqiao_serve@..."));
    write_role(b, s, GRANT_SERVE, "fengqiao_serve");
    buf_add(b, STR("\n-- Who only reads: replicas, fengqiao verify, reports. Row level security shows matters to\n"
        "-- those who say for whom they ask: queries by hand begin with SET fengqiao.sees = 'all';"));
    write_role(b, s, GRANT_READ, "fengqiao_read");
    buf_add(b, STR("ALTER ROLE fengqiao_read SET default_transaction_read_only = on;\n"));
}
