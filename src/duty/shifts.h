/* shifts.h: the turns of a zone as people write them: checked, stored, and written back. */
#pragma once
#include "catalogue/sheet.h"
#include "duty/book.h"

/* A row of the edited list. days: mon tue wed thu fri sat sun, work (working days by the calendar),
 * free (the others), daily, or dates yyyy-mm-dd, spaces between. A turn that ends no later than it
 * begins runs into the next day. person empty: nobody on those dates, on purpose. */
#define TURN(X, R) \
    X(R, STR, layer, REQUIRED, 4, 6, duty_layers, "grid, micro, police or unit") \
    X(R, STR, zone, REQUIRED, 1, 30, NULL, "code of the grid, micro-grid, police grid or unit") \
    X(R, STR, days, REQUIRED, 1, 200, NULL, "mon .. sun, work, free, daily or dates, spaces between") \
    X(R, STR, from, REQUIRED, 4, 5, NULL, "from, hh:mm") \
    X(R, STR, to, REQUIRED, 4, 5, NULL, "to, hh:mm; 24:00 is midnight") \
    X(R, STR, person, OPTIONAL, 0, 40, NULL, "login name; empty: nobody, on purpose")
RECORD(turn, TURN)

/* The unit whose people are on duty in a zone: of grids the community's desk, of police grids their
 * station. NULL when there is no such zone. */
const struct unit *duty_unit_of(const struct catalogue *c, enum duty_layer layer, int64_t zone);
/* "mon" .. "daily" or yyyy-mm-dd as it stands in the table; false when it is none, with the word. */
bool duty_days_read(struct str days, int64_t *ret, size_t max, size_t *ret_n, struct str *ret_bad);
void duty_day_write(struct buf *b, int64_t day);
/* "08:30" to minutes; up to 24:00 when it is an end. */
bool duty_minute_read(struct str s, bool is_end, int64_t *ret);
void duty_minute_write(struct buf *b, int64_t minute);

/* struct shift of each day that rows of a list name, and how many good rows there are. */
struct turns { struct list shifts; size_t rows; };
/* From an edited list; what is wrong goes to f. b: as people and units are. */
struct turns turns_check(const struct catalogue *c, const struct duty_book *b, struct arena *a,
    struct str csv, struct faults *f);
/* Puts these rows in place of all there were for their zones, inside the caller's transaction;
 * moves the stamp. */
enum err turns_store(struct db *db, struct list shifts) MUST_USE;
/* Takes a zone's rows away; moves no stamp. */
enum err turns_clear(struct db *db, enum duty_layer layer, int64_t zone) MUST_USE;
/* All turns as a list that turns_check() reads. */
struct str turns_csv(const struct catalogue *c, const struct duty_book *b, struct arena *a);
extern const struct sql *const turns_statements[];
extern const size_t turns_statements_n;
