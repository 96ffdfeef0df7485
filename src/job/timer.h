/* timer.h: what happens by itself when time comes: deadlines, review dates, the end of the rating
 * window; old sessions and unused uploads. Deadlines are rows; nothing is kept in memory, so a
 * restart forgets none. */
#pragma once
#include "spine/writer.h"

struct timer_options {
    const char *db_url;             /* for looking */
    struct writer *writer;          /* for acting */
    const struct node_keys *keys;
    struct clock clock;
    /* The newest catalogue, held for the caller, who drops it after use. */
    const struct catalogue *(*catalogue)(void *ctx);
    /* Tells live views; may be NULL. */
    void (*publish)(void *ctx, const struct event *events, size_t n);
    void *ctx;
    struct outbox *outbox;          /* NULL: nobody is told by message */
    const char *photos;             /* where they lie; NULL: nowhere */
    unsigned every_ms;              /* 0: 1000 */
};
struct timer;
enum err timer_start(const struct timer_options *options, struct timer **ret) MUST_USE;
void timer_stop(struct timer *t);
/* One round on a writing connection inside the caller's transaction: takes the steps that are due,
 * at most max; ret_done says how many. A step that is refused is left for its next alarm. */
enum err timer_round(struct cx *cx, size_t max, size_t *ret_done) MUST_USE;
extern const struct sql *const timer_statements[];
extern const size_t timer_statements_n;
