/* courier.h: sends what waits in the outbox to the webhook, on a thread of its own: takes what is
 * due under a lease (committed before anything leaves), posts it, and takes away what was accepted.
 * Several servers on one database share the work. */
#pragma once
#include "job/webhook.h"
#include "outbox/outbox.h"
#include "spine/writer.h"

struct courier_options {
    const char *db_url;             /* for looking */
    struct writer *writer;          /* for taking and settling */
    const struct node_keys *keys;
    struct clock clock;
    struct webhook *webhook;
    struct outbox *outbox;          /* its figures are kept */
    const char *site;               /* where people reach this site, or NULL */
    /* The newest catalogue, held for the caller, who drops it after use. */
    const struct catalogue *(*catalogue)(void *ctx);
    void *ctx;
};
struct courier;
enum err courier_start(const struct courier_options *options, struct courier **ret) MUST_USE;
/* Waits a little for answers that are still to come; what has none then goes out again later, under
 * the same id. */
void courier_stop(struct courier *c);

/* The body of a message: id, kind, to, lang, text, number, node, at, try. Tests. */
struct str courier_body(struct arena *a, const struct node_keys *k, const struct outbox_row *row,
    struct str to, struct str text);
/* What an answer means for the message. Tests. */
struct outbox_end courier_end(const struct webhook_call *call);
