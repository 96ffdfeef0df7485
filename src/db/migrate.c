/* migrate.c: bringing the schema of any database up to date from the files built into the program. */
#include "db/driver.h"
#include "db/migrations.h"
#include "db/schema.h"

/* The version of a database is the number of its last file in sql/. Number 1 was of previews. */
enum { PREVIEW_VERSION = 1, TEXT_BYTES_MAX = 4 << 20 };

enum err db_version_check(int64_t version, struct err_info *info)
{
    if (version != 0 && version <= PREVIEW_VERSION)
        return err_note(info, E_CONFLICT, "db", MSG("数据库来自试用版，请另用一个新文件",
            "The database was made by a preview; use a new file"), STR_NONE);
    if (version > (int64_t)migrations_n + PREVIEW_VERSION)
        return err_note(info, E_CONFLICT, "db", MSG("数据库来自更新的版本，请升级程序",
            "The database was made by a newer version; upgrade the program"), STR_NONE);
    return OK;
}

enum err db_version(struct db *db, int64_t *ret)
{
    return db->driver->version_read(db, ret);
}

static enum err version_read(struct db *db, int64_t *ret, struct err_info *info)
{
    enum err e = db->driver->version_read(db, ret);
    return e != E_DENIED ? e : err_note(info, e, "db", MSG("所用的数据库角色没有任何读取权限；授权语句见"
        " fengqiao doctor --grants，由表的所有者执行", "The database role may not even read the database;"
        " fengqiao doctor --grants prints the statements that let it, for the owner of the tables to run"),
        STR_NONE);
}

enum err db_is_current(struct db *db, struct err_info *info)
{
    int64_t version = 0;
    TRY(version_read(db, &version, info));
    TRY(db_version_check(version, info));
    if (version == 0)
        return err_note(info, E_MISSING, "db", MSG("这里没有枫桥的数据库",
            "There is no database of this program here"), STR_NONE);
    return version == (int64_t)migrations_n + PREVIEW_VERSION ? OK
        : err_note(info, E_CONFLICT, "db", MSG("数据库结构是旧版本的，请先运行 fengqiao migrate --db",
            "The schema is of an older version; run fengqiao migrate --db first"), STR_NONE);
}

static enum err script_run(struct db *db, const struct migration *m)
{
    struct arena a;
    arena_init(&a, TEXT_BYTES_MAX);
    struct str text = remarks_open(&a, db->driver, m->text);
    enum err e = db_fault(db) ? E_DB : db->driver->script(db, text.p);
    arena_free(&a);
    return e;
}

static enum err version_write(struct db *db, int64_t version)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    struct buf b = buf_in(&a, 1 << 14);
    db->driver->version_text(&b, version);
    buf_byte(&b, '\0');
    enum err e = db->driver->script(db, b.p);
    arena_free(&a);
    return e;
}

void schema_write(struct buf *b, bool server)
{
    const struct driver *driver = server ? &postgres_driver : &sqlite_driver;
    buf_add(b, str_c(driver->unless_there));
    buf_add(b, STR("BEGIN;\n"));
    buf_add(b, str_c(driver->foundation));
    for (size_t i = 0; i < migrations_n; i++) {
        struct str text = remarks_open(b->a, driver, migrations[i].text);
        buf_fmt(b, "\n-- %s\n", migrations[i].name);
        buf_add(b, str_c(text.p));
    }
    buf_add(b, STR("\n-- version\n"));
    driver->version_text(b, (int64_t)migrations_n + PREVIEW_VERSION);
    buf_add(b, STR("COMMIT;\n"));
}

/* The next migration, inside its transaction; *ret_done when there is none. */
static enum err migrate_next(struct db *db, bool *ret_done, struct err_info *info)
{
    int64_t version = 0;
    TRY(version_read(db, &version, info));
    TRY(db_version_check(version, info));
    *ret_done = version == (int64_t)migrations_n + PREVIEW_VERSION;
    if (*ret_done)
        return OK;
    enum err e = version == 0 ? db->driver->script(db, db->driver->foundation) : OK;
    version += version == 0 ? PREVIEW_VERSION : 0;
    if (e == OK)
        e = script_run(db, &migrations[version - PREVIEW_VERSION]);
    if (e != OK)
        return err_note(info, e, "db", MSG("数据库结构需要更新但未能更新；请以表的所有者身份运行 fengqiao"
            " migrate --db", "The schema has to be brought up to date, which failed; run fengqiao"
            " migrate --db as the role that owns the tables"), STR_NONE);
    return version_write(db, version + 1);
}

enum err db_migrate(struct db *db, struct err_info *info)
{
    bool done = false;
    while (!done) {
        TRY(db_fault(db) ? E_DB : db->driver->migration_begin(db));
        enum err e = migrate_next(db, &done, info);
        if (e == OK && !done)
            e = db_fault(db) ? E_DB : db->driver->commit(db);
        if (e != OK || done)
            db_rollback(db);
        TRY(e);
    }
    return OK;
}
