/* grants.h: what the roles of a PostgreSQL database need, worked out from the statements that the
 * program has, so that no list has to be kept beside them. */
#pragma once
#include "cli/statements.h"
#include "db/schema.h"

enum grant_role { GRANT_SERVE, GRANT_READ };        /* who serves; who only reads */
/* The rights (db.h, DB_MAY_...) a statement needs on the tables of s, added to those of each. */
void grants_of_statement(const struct schema *s, const struct sql *sql, unsigned *rights);
/* Rights on each table of s, in its order. */
void grants_of_role(const struct schema *s, enum grant_role role, unsigned *ret);
/* Holds the role of db, a server that option names, against these rights: E_DENIED, a line in the
 * log for each table, and info says what it lacks and who gives it. What it has too much is none of
 * this. */
enum err grants_check(struct db *db, enum grant_role role, const char *option,
    struct err_info *info) MUST_USE;
/* "SELECT, INSERT" */
void grants_write_rights(struct buf *b, unsigned rights);
/* The statements that make both roles and give them these rights and no others. */
void grants_write(struct buf *b, const struct schema *s);
