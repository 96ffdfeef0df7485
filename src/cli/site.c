/* site.c: file names from --db and --data. */
#include "cli/site.h"
#include "db/db.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The database in scheme://[who@host]/NAME[?more], fit to name a directory. */
static void name_of(const char *url, char *ret, size_t size)
{
    const char *at = strchr(strstr(url, "://") + 3, '/');
    size_t n = at ? strcspn(++at, "?#") : 0;
    (void)snprintf(ret, size, "%.*s", (int)n, n ? at : "");
    for (char *c = ret; *c; c++)
        if (strchr("/.%&=", *c))
            *c = '_';
    if (*ret == '\0')
        (void)snprintf(ret, size, "postgres");
}

void site_at(const char *db, const char *data, struct site *ret)
{
    bool server = db_is_server(db);
    *ret = (struct site){ .db = db, .in_directory = server || data };
    if (strstr(db, "://"))
        name_of(db, ret->name, sizeof(ret->name));
    if (data)
        (void)snprintf(ret->beside, sizeof(ret->beside), "%s/node", data);
    else if (server)
        (void)snprintf(ret->beside, sizeof(ret->beside), "var/%s/node", ret->name);
    else
        (void)snprintf(ret->beside, sizeof(ret->beside), "%s",
            strncmp(db, "sqlite:", 7) == 0 ? db + 7 : db);
}

bool site_has_directory_beside(const struct site *site)
{
    char path[4200];
    const char *end = strrchr(site->beside, '/');
    (void)snprintf(path, sizeof(path), "%.*snode.key", end ? (int)(end + 1 - site->beside) : 0,
        site->beside);
    return !site->in_directory && access(path, F_OK) == 0;
}

const char *site_shown(const struct site *site)
{
    return site->name[0] ? site->name : site->db;
}

const char *site_file(const struct site *site)
{
    return db_is_server(site->db) ? NULL
        : strncmp(site->db, "sqlite:", 7) == 0 ? site->db + 7 : site->db;
}

enum err site_file_writable(const struct site *site, struct err_info *info)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char path[4200];
    for (size_t i = 0; i < COUNT_OF(ends) && site_file(site); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", site_file(site), ends[i]);
        if (access(path, F_OK) == 0 && access(path, W_OK) != 0)
            return err_note(info, E_IO, "db", MSG("不能写入数据库文件 %s；请允许写(chmod 600)，并交给运行服务的用户(chown)",
                "The database file %s cannot be written; let its owner write (chmod 600), and give it to"
                " the user who serves (chown)"), str_c(path));
    }
    return OK;
}

enum err site_make_around_file(const struct site *site, struct err_info *info)
{
    const char *file = site_file(site);
    const char *name = strrchr(site->beside, '/');
    size_t n = name ? (size_t)(name + 1 - site->beside) : 0;
    return n && file && strncmp(file, site->beside, n) == 0 ? site_make(site, info) : OK;
}

enum err site_make(const struct site *site, struct err_info *info)
{
    if (!site->in_directory)
        return OK;
    for (const char *c = strchr(site->beside + 1, '/'); c; c = strchr(c + 1, '/')) {
        char path[4096];
        (void)snprintf(path, sizeof(path), "%.*s", (int)(c - site->beside), site->beside);
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return err_note(info, E_IO, "data", MSG("不能建立目录 %s", "Cannot make the directory %s"),
                str_c(path));
    }
    return OK;
}
