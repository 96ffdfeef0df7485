/* database.c: see database.h. */
#include "cli/database.h"
#include "cli/site.h"

enum err cli_database_open(const struct cli_args *args, enum db_mode mode, struct db **ret,
    struct err_info *info)
{
    struct site site;
    site_at(cli_value(args, "db"), NULL, &site);
    enum err e = db_open(site.db, DB_READER, ret);
    if (e != OK)
        return err_note(info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(&site)));
    e = db_is_current(*ret, info);
    if (e == OK && mode == DB_READER)
        return OK;
    db_close(*ret);
    return e == OK ? db_open(site.db, mode, ret) : e;
}
