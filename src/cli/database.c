/* database.c: see database.h. */
#include "cli/database.h"
#include "cli/site.h"

enum err cli_database_open(const struct cli_args *args, enum db_mode mode, struct db **ret,
    struct err_info *info)
{
    struct site site;
    struct db *db;
    site_at(cli_value(args, "db"), NULL, &site);
    enum err e = db_open(site.db, DB_READER, &db);
    if (e != OK)
        return err_note(info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&site)));
    e = db_is_current(db, info);
    if (e == OK && mode == DB_READER) {
        *ret = db;
        return OK;
    }
    db_close(db);
    return e == OK ? db_open(site.db, mode, ret) : e;
}
