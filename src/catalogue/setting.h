/* setting.h: the settings of an installation that people may change: what each is for and what it
 * may be. A change is also a row of the table catalogue, so that every server that runs takes it
 * into use within a second, and so that it can be seen when what was set. */
#pragma once
#include "catalogue/catalogue.h"

/* What is wrong with a value, noted with field name; text is not empty. */
typedef enum err setting_check_fn(struct str text, const char *name, struct err_info *info);
struct setting_row { const char *name; setting_check_fn *check; struct msg meaning; };
extern const struct setting_row setting_table[];
extern const size_t setting_table_n;

/* NULL when there is none that people may change. */
const struct setting_row *setting_find(struct str name);
/* Checks and stores; an empty value takes the setting away. E_INPUT noted. To be called within a
 * transaction. */
enum err setting_store(struct db *db, struct arena *a, struct str name, struct str value,
    int64_t now_ms, struct err_info *info) MUST_USE;

/* scheme://host[:port] of a tile address, as a content policy names it; none when the address is not
 * one of tiles: http or https, a host in plain letters, and places for zoom, column and row. */
struct str setting_tile_origin(struct str url);

extern const struct sql *const setting_statements[];
extern const size_t setting_statements_n;
