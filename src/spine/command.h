/* command.h: the one way in for writes. HTTP, command line, timers and imports all make a command;
 * command_run() alone authorises it and runs its handler. The savepoint and the group commit around
 * it belong to writer.h. */
#pragma once
#include "spine/module.h"

struct command {
    struct cx cx;
    const struct route *route;
    void *in;               /* decoded input, route->in */
    struct buf out;
    struct { bool kept; struct actor actor; void *prepared; } start;    /* as command_run found it */
};

/* Fills c->in from JSON body, query parameters and path parameters, and checks it.
 * c->cx (arena, info) and c->route are set. Errors: E_SYNTAX, E_INPUT. */
enum err command_decode(struct command *c, struct str body, const struct params *query,
    const struct params *path) MUST_USE;
/* May this actor call this route at all? E_LOGIN for the unknown, E_DENIED for the rest. */
enum err command_authorise(struct cx *cx, const struct route *route) MUST_USE;
/* Runs a writing command on cx.db, inside the writer's savepoint: rights are read again, then the
 * handler runs. On an error the writer undoes everything it wrote; and it may run a command again
 * after undoing it, which then begins as it did the first time. */
enum err command_run(struct command *c) MUST_USE;
/* Runs a reading route. */
enum err command_read(struct command *c) MUST_USE;

/* Claims cx->key for this command in this area. *ret_again is true when the same actor already
 * carried out the same command: then ret_matter and ret_no say what it made, and the handler
 * answers with that instead of acting. E_KEY_REUSED when address or body differ. Without a key
 * nothing is claimed. matter (0: it is about none) and no are remembered for the next time. */
enum err command_claim(struct cx *cx, int64_t area, int64_t matter, int64_t no, bool *ret_again,
    int64_t *ret_matter, int64_t *ret_no) MUST_USE;
extern const struct sql *const command_statements[];
extern const size_t command_statements_n;
