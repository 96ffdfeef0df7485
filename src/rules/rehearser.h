/* rehearser.h: the thread that works on rehearsals people ask for. Each server has one; whichever
 * sees a waiting row first takes it. It reads on a connection of its own and says once a second how
 * far it is, which is also how it learns that it was cancelled. */
#pragma once
#include "spine/writer.h"

/* A rehearsal whose server has been silent for so long is over. */
enum { REHEARSAL_LOST_MS = 30 * 1000 };

struct rehearser_options {
    const char *db_url;
    struct writer *writer;
    struct clock clock;
    /* The newest catalogue, held for the caller, who drops it after use. */
    const struct catalogue *(*catalogue)(void *ctx);
    void *ctx;
};
struct rehearser;
enum err rehearser_start(const struct rehearser_options *options, struct rehearser **ret) MUST_USE;
/* Stops in the middle, if need be. */
void rehearser_stop(struct rehearser *r);
extern const struct sql *const rehearser_statements[];
extern const size_t rehearser_statements_n;
