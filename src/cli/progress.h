/* progress.h: how far a long command is, on stderr: a bar on a terminal; elsewhere a line for each
 * tenth of the way. */
#pragma once
#include "base/clock.h"
#include "base/err.h"

struct progress {
    enum lang lang;
    bool terminal;
    int64_t started_us;
    struct msg doing;
    int64_t told;                   /* tenths of the present part */
};
struct progress progress_of(enum lang lang);
/* Another part of the work begins; doing names it. */
void progress_part(struct progress *p, struct msg doing);
/* detail stands behind the bar; STR_NONE for nothing. */
void progress_show(struct progress *p, int64_t done, int64_t total, struct str detail);
/* Ends the line of the last part. */
void progress_end(struct progress *p);
