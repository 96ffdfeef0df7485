/* postgres_archive.c: the tables that grow with every matter lie in parts by id, and so by time.
 * The part that takes what comes now can be closed, and a closed part be moved to slower disks.
 * Rows keep their names and places in statements: a number or a receipt code is an id and leads to
 * its part. Names of tables in the texts here are this file's own and the parts' that it made. */
#include "db/postgres.h"
#include "base/log.h"
#include <poll.h>
#include <stdio.h>

/* Tables in parts, each with the column that holds the matter's id; sql/0002_frame.sql makes them.
 * Once for here and once as rows of a query. */
#define PARTED_TABLES(X, THEN) X("matter", "id") THEN X("entry", "matter") THEN \
    X("note", "matter") THEN X("reporter", "matter") THEN X("involved", "matter")
#define AS_MEMBER(table, id) { table, id }
#define AS_ROW(table, id) "('" table "')"
#define COMMA ,
static const struct { const char *table, *id; } parted[] = { PARTED_TABLES(AS_MEMBER, COMMA) };
#define PARTED PARTED_TABLES(AS_ROW, ", ")

/* So many ids are left for what is written while a part is being closed. */
enum { SPARE_IDS = 1 << 24, TRIES = 40, PAUSE_MS = 1500 };
#define LOCK_ARCHIVING "(1718513513, 3)"

static enum err run_quickly(struct postgres_db *db, const char *text)
{
    enum err e = E_BUSY;
    for (int tries = 0; e == E_BUSY && tries < TRIES; tries++) {
        if (tries)
            (void)poll(NULL, 0, PAUSE_MS);
        e = postgres_run(db, text);
    }
    return e;
}

static void bounds_drop(struct postgres_db *db, struct arena *a)
{
    for (size_t i = 0; i < COUNT_OF(parted); i++) {
        const char *t = parted[i].table;
        if (run_quickly(db, arena_fmt(a, "ALTER TABLE %s_now DROP CONSTRAINT IF EXISTS %s_bound", t,
                t).p) != OK)
            log_line(LOG_ERROR, "db.archive", "the constraint %s_bound is left over: drop it", t);
    }
}

/* A constraint that the rows are known to keep spares reading them all while the tables are locked.
 * */
static enum err bounds_check(struct postgres_db *db, struct arena *a, int64_t bound)
{
    for (size_t i = 0; i < COUNT_OF(parted); i++) {
        const char *t = parted[i].table;
        TRY(run_quickly(db, arena_fmt(a, "ALTER TABLE %s_now ADD CONSTRAINT %s_bound CHECK (%s < %lld)"
            " NOT VALID", t, t, parted[i].id, (long long)bound).p));
    }
    for (size_t i = 0; i < COUNT_OF(parted); i++) {
        const char *t = parted[i].table;
        TRY(postgres_run(db, arena_fmt(a, "ALTER TABLE %s_now VALIDATE CONSTRAINT %s_bound", t, t).p));
    }
    return OK;
}

/* All tables at once, in one transaction; and no more ids are handed out below the bound. */
static enum err exchange(struct postgres_db *db, struct arena *a, int64_t bound, const char *label)
{
    struct buf b = buf_in(a, 1 << 14);
    buf_fmt(&b, "BEGIN; SET LOCAL lock_timeout = '300ms';"
        "DO $$ DECLARE bound BIGINT := %lld; label TEXT := '%s'; t TEXT; was TEXT; BEGIN"
        " FOR t IN SELECT name FROM (VALUES " PARTED ") AS v(name) LOOP"
        "  SELECT pg_get_expr(relpartbound, oid) INTO was FROM pg_class WHERE oid = (t || '_now')::regclass;"
        "  EXECUTE format('ALTER TABLE %%I DETACH PARTITION %%I', t, t || '_now');"
        "  EXECUTE format('ALTER TABLE %%I RENAME TO %%I', t || '_now', t || label);"
        "  EXECUTE format('ALTER TABLE %%I ATTACH PARTITION %%I %%s', t, t || label,"
        "   replace(was, 'TO (MAXVALUE)', format('TO (%%s)', bound)));"
        "  EXECUTE format('ALTER TABLE %%I DROP CONSTRAINT %%I', t || label, t || '_bound');"
        "  EXECUTE format('CREATE TABLE %%I PARTITION OF %%I FOR VALUES FROM (%%s) TO (MAXVALUE)',"
        "   t || '_now', t, bound);"
        " END LOOP;"
        " IF (SELECT max(upto) FROM id_block) > bound THEN RAISE 'ids ran past the bound'; END IF;"
        " INSERT INTO id_block (first, upto, logged) SELECT max(upto), bound, bound - 1 FROM id_block;"
        " END $$;", (long long)bound, label);
    postgres_guards_text(&b);
    buf_add(&b, STR("COMMIT;"));
    buf_byte(&b, '\0');
    for (int tries = 0;; tries++) {
        enum err e = postgres_run(db, b.p);
        if (e != OK)
            TRY(postgres_run(db, "ROLLBACK"));
        if (e != E_BUSY || tries == TRIES)
            return e;
        (void)poll(NULL, 0, PAUSE_MS);
    }
}

/* One at a time, by the owner; nobody waits long behind a lock that is waited for here. */
enum err postgres_archive_begin(struct db *base)
{
    struct postgres_db *db = own(base);
    struct arena a;
    int64_t yes = 0;
    TRY(postgres_number(db, "SELECT to_regclass('matter_now') IS NOT NULL", &yes));
    if (!yes)
        return E_MISSING;
    TRY(postgres_number(db, "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
        " WHERE oid = to_regclass('matter')", &yes));
    if (!yes)
        return E_DENIED;
    TRY(postgres_number(db, "SELECT pg_try_advisory_lock" LOCK_ARCHIVING, &yes));
    if (!yes)
        return E_BUSY;
    TRY(postgres_run(db, "SET statement_timeout = 0; SET lock_timeout = '300ms'"));
    TRY(postgres_number(db, "SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE conname ="
        " 'matter_bound' OR conname = 'involved_bound')", &yes));
    if (yes) {                  /* of one that was broken off */
        arena_init(&a, 1 << 18);
        bounds_drop(db, &a);
        arena_free(&a);
    }
    return OK;
}

enum err postgres_part_close(struct db *base, const char *label)
{
    struct postgres_db *db = own(base);
    struct arena a;
    int64_t any = 0, bound = 0;
    TRY(postgres_number(db, "SELECT EXISTS (SELECT 1 FROM matter_now)", &any));
    if (!any)
        return E_MISSING;
    TRY(postgres_number(db, "SELECT max(upto) FROM id_block", &bound));
    bound += SPARE_IDS;
    arena_init(&a, 1 << 18);
    db->patient = true;
    enum err e = postgres_number(db, arena_fmt(&a, "SELECT to_regclass('matter%s') IS NOT NULL",
        label).p, &any);
    if (e == OK)
        e = any ? E_BUSY : bounds_check(db, &a, bound);     /* the second of this second */
    if (e == OK)
        e = exchange(db, &a, bound, label);
    if (e != OK)
        bounds_drop(db, &a);
    db->patient = false;
    arena_free(&a);
    return e;
}

/* What there is ------------------------------------------------------------------------------- */

const struct sql postgres_parts = { "db.parts",
    "SELECT substr(c.relname, 7), coalesce(t.spcname, ''),"
    " (SELECT sum(pg_total_relation_size(p.oid))::bigint FROM pg_class p JOIN (VALUES " PARTED
    " ) AS v(name) ON p.relname = v.name || substr(c.relname, 7)), 0::bigint, 0::bigint, NULL::text,"
    " NULL::bigint, NULL::bigint"
    " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace"
    " WHERE i.inhparent = to_regclass('matter') ORDER BY c.relname = 'matter_now', c.relname",
    SQL_READ, true };

static enum err oldest_look(struct postgres_db *db, struct arena *a, const char *table,
    struct db_part *part)
{
    struct str number = STR_NONE;
    TRY(postgres_text(db, a, arena_fmt(a, "SELECT number FROM %s WHERE open = 1"
        " ORDER BY created_ms, id LIMIT 1", table).p, &number));
    part->oldest = number;
    return number.p == NULL ? OK : postgres_number(db, arena_fmt(a, "SELECT coalesce(min(created_ms), 0)"
        " FROM %s WHERE open = 1", table).p, &part->oldest_ms);
}

enum err postgres_part_look(struct db *base, struct arena *a, struct db_part *part)
{
    struct postgres_db *db = own(base);
    int64_t last = 0;
    const char *t = arena_fmt(a, "matter%.*s", STR_FMT(part->label)).p;
    db->patient = true;
    enum err e = postgres_number(db, arena_fmt(a, "SELECT count(*) FROM %s WHERE open = 1", t).p,
        &part->open);           /* first, so that matters that come meanwhile are not open only */
    if (e == OK)
        e = postgres_number(db, arena_fmt(a, "SELECT count(*) FROM %s", t).p, &part->matters);
    if (e == OK)
        e = postgres_number(db, arena_fmt(a, "SELECT coalesce(max(coalesce(closed_ms, created_ms)), 0)"
            " FROM %s", t).p, &last);
    if (e == OK && part->open)
        e = oldest_look(db, a, t, part);
    db->patient = false;
    part->last_ms = last ? last : I64_NONE;
    return e;
}

/* Who reads or writes there waits meanwhile. */
enum err postgres_part_move(struct db *base, struct str label, struct str tablespace)
{
    struct postgres_db *db = own(base);
    struct arena a;
    int64_t known = 0;
    arena_init(&a, 1 << 14);
    TRY(postgres_number(db, arena_fmt(&a, "SELECT EXISTS (SELECT 1 FROM pg_tablespace WHERE spcname ="
        " '%.*s')", STR_FMT(tablespace)).p, &known));
    if (!known || label.n == 0) {
        arena_free(&a);
        return known ? OK : E_MISSING;
    }
    struct buf b = buf_in(&a, 1 << 13);
    buf_fmt(&b, "DO $$ DECLARE label TEXT := '%.*s'; wanted TEXT := '%.*s'; t TEXT; i TEXT; BEGIN"
        " FOR t IN SELECT name || label FROM (VALUES " PARTED ") AS v(name) LOOP"
        "  EXECUTE format('ALTER TABLE %%I SET TABLESPACE %%I', t, wanted);"
        "  FOR i IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = t::regclass LOOP"
        "   EXECUTE format('ALTER INDEX %%s SET TABLESPACE %%I', i, wanted);"
        "  END LOOP;"
        " END LOOP; END $$", STR_FMT(label), STR_FMT(tablespace));
    buf_byte(&b, '\0');
    db->patient = true;
    enum err e = run_quickly(db, b.p);
    db->patient = false;
    arena_free(&a);
    return e;
}
