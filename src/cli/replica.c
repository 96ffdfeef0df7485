/* replica.c: see replica.h. */
#include "cli/replica.h"
#include "cli/grants.h"
#include <stdio.h>

static enum err fits(struct db *database, const char *url, struct err_info *info)
{
    struct db *replica;
    struct db_position here = { 0 }, there = { 0 };
    if (db_open(url, DB_REPLICA, &replica) != OK)
        return err_note(info, E_DB, "read-db", MSG("副本现在连不上，先都读主库，连上后再用它；原因见上面的日志",
            "the replica cannot be reached: the database itself is read until it can; the"
            " log above says why"), STR_NONE);
    enum err e = db_position_read(replica, &there);
    if (e == OK)
        e = db_position_read(database, &here);
    if (e == OK)
        e = db_position_check(&here, &there, info);
    if (e == OK)
        e = grants_check(replica, GRANT_READ, "read-db", info);
    db_close(replica);
    return e;
}

void replica_look(const struct cli_args *args)
{
    struct err_info info = { .e = OK };
    struct db *database;
    const char *url = cli_value(args, "read-db");
    if (url == NULL || db_open(cli_value(args, "db"), DB_READER, &database) != OK)
        return;
    enum err e = fits(database, url, &info);
    db_close(database);
    if (e != OK)
        fprintf(stderr, args->lang == LANG_EN ? "Note: %s (read-db)\n" : "注意：%s (read-db)\n",
            err_info_text(&info, e, args->lang));
}
