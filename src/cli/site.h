/* site.h: where a node keeps things: the database, and beside it the key file, the photos and the
 * search file. A database file has them at its side; a database server gets a directory here. */
#pragma once
#include "base/err.h"

struct site {
    const char *db;                     /* url, as db_open() takes it */
    char name[256];         /* of the database, where db is an address; "" for a file */
    char beside[4096];      /* what the names of files begin with */
    bool in_directory;      /* of its own, which may have to be made */
};
/* db and data as the options --db and --data say; data may be NULL: then a file has its own name in
 * front (town.db.key), a server's database NAME the directory var/NAME (var/NAME/node.key). */
void site_at(const char *db, const char *data, struct site *ret);
/* The database file lies in a directory of its own as --data makes one, and none was given. */
bool site_has_directory_beside(const struct site *site);
/* The database in words that hold no password. */
const char *site_shown(const struct site *site);
/* Makes the directory, where there is to be one. Errors: E_IO, noted. Not before it is known that
 * there will be something in it. */
enum err site_make(const struct site *site, struct err_info *info) MUST_USE;
/* The same for a file that is to lie in it, before that is opened; nothing for others. */
enum err site_make_around_file(const struct site *site, struct err_info *info) MUST_USE;
/* The database file, without what --db may say before it; NULL where the database is on a server. */
const char *site_file(const struct site *site);
/* A file that exists must be one that this user can write, with what lies beside it. E_IO, noted. */
enum err site_file_writable(const struct site *site, struct err_info *info) MUST_USE;
