/* postgres_reach.c: what connecting to a server takes, as libpq reads its address. */
#include "db/db.h"
#include <libpq-fe.h>

static void file_add(struct arena *a, struct db_reach *r, const char *path)
{
    if (r->n_files < DB_REACH_MAX && path[0] == '/')
        r->files[r->n_files++] = arena_str(a, str_c(path)).p;
}

static void ports_add(struct db_reach *r, const char *list)
{
    struct str rest = str_c(list);
    int64_t port;
    while (rest.n)
        if (str_to_i64(str_cut(rest, ',', &rest), &port) && r->n_ports < DB_REACH_MAX)
            r->ports[r->n_ports++] = (uint16_t)port;
}

static void options_add(struct arena *a, const PQconninfoOption *options, struct db_reach *r)
{
    static const char *const files[] = { "passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl",
        "sslcrldir" };
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (o->val == NULL || o->val[0] == '\0')
            continue;
        if (strcmp(o->keyword, "port") == 0)
            ports_add(r, o->val);
        if (strcmp(o->keyword, "service") == 0)
            r->any_port = true;
        for (size_t i = 0; i < COUNT_OF(files); i++)
            if (strcmp(o->keyword, files[i]) == 0)
                file_add(a, r, o->val);
    }
}

void db_reach_add(struct arena *a, const char *url, const char *home, struct db_reach *ret)
{
    static const char *const usual[] = { ".pgpass", ".postgresql" };
    PQconninfoOption *given = PQconninfoParse(url, NULL), *defaults = PQconndefaults();
    options_add(a, given, ret);
    options_add(a, defaults, ret);
    for (size_t i = 0; home && i < COUNT_OF(usual); i++)
        file_add(a, ret, arena_fmt(a, "%s/%s", home, usual[i]).p);
    PQconninfoFree(given);
    PQconninfoFree(defaults);
}
