/* client.h: an HTTP client for measuring: one thread, many keep-alive connections, as lean as can
 * be, because it shares the machine with what it measures. Work comes in chains: calls of which
 * each waits for the answer to the one before, on one connection. */
#pragma once
#include "base/str.h"

enum { CALL_BYTES_MAX = 8 << 10, ANSWER_BYTES_MAX = 1 << 20 };
struct answer { int status; struct str head, body; };

struct client_plan {
    unsigned port;                  /* on 127.0.0.1 */
    unsigned connections, steps;    /* calls of a chain */
    double seconds;
    double rate;                    /* chains begun a second; 0: as many as the server takes */
    int bell;                       /* ends early when this can be read; -1: nothing does so */
    void *ctx;
    /* Writes the whole request of a step into text; returns its length. */
    size_t (*write)(void *ctx, unsigned connection, unsigned step, char *text, size_t size);
    /* Looks at the answer; false: this is an error, and the chain ends. */
    bool (*take)(void *ctx, unsigned connection, unsigned step, const struct answer *a);
};

/* Times are of whole chains; with a rate they count from the moment a chain was due, so a server
 * that falls behind cannot hide it. */
struct client_result {
    uint64_t chains, errors, late;  /* late: begun more than a second after they were due */
    double seconds, per_second;
    int64_t p50_us, p99_us, max_us;
    int first_error;                /* status of the first error, 0 for a broken connection */
};
/* False when the server cannot be reached. */
bool client_run(const struct client_plan *plan, struct client_result *ret);
/* Like the product's own pages, a key that begins with the time (UUID version 7); n makes it one of
 * its own. */
enum { CLIENT_KEY_BYTES = 37 };
void client_key(unsigned long long salt, unsigned long long n, char ret[CLIENT_KEY_BYTES]);
