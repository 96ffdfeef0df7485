/* node.h: one running node: database, keys, writer, photo helper, search, log, timers, HTTP,
 * started in that order and stopped in the reverse. */
#pragma once
#include "cli/site.h"
#include "crypto/key.h"
#include "db/db.h"

struct node_options {
    struct site site;
    const char *listen;
    size_t queue_max;
    unsigned threads;
    bool no_limits;
    const char *proxies, *hosts;        /* see server.h; may be NULL */
    bool behind_tls;
    const char *url;                    /* where people reach this site; may be NULL */
    const char *templates;              /* folder of the deployer's documents; may be NULL */
    const char *read_db;                /* of a replica; may be NULL */
    unsigned read_lag_s;
    /* Where messages are pushed to (webhook.h); NULL: nowhere, and none are written. */
    const char *webhook, *webhook_key, *webhook_ca;
    int bound;                          /* see server.h */
    int steward;                        /* see attach/helper.h */
    unsigned restarts;
};
struct node;
/* Makes what is missing: directory, schema, key file. name is for a new key file (NULL: the usual
 * one), and when it is given that of the one there must be the same: E_CONFLICT. A database with
 * accounts must have its own key file, for no other opens what is sealed in it. */
enum err node_prepare(const struct site *site, const char *name, struct err_info *info) MUST_USE;
/* Brings the schema up to date; ret_fresh: the database was empty of accounts. */
enum err node_migrate(const struct site *site, bool *ret_fresh, struct err_info *info) MUST_USE;
/* The keys beside the database; name NULL: there must be some. */
enum err node_keys_for(const struct site *site, const char *name, struct rand *r,
    struct node_keys *ret, struct err_info *info) MUST_USE;
/* E_CONFLICT with a note while a move into the database is not done. */
enum err node_moved_check(struct db *db, struct err_info *info) MUST_USE;
/* sealing_read(); empty for a database of an older version, which does not say. */
enum err node_sealing(struct db *db, struct arena *a, struct str *ret) MUST_USE;
/* E_CONFLICT with a note when the database is another key's, its log is signed by others, or it is
 * sealed with keys that the file lacks. */
enum err node_keys_check(struct db *db, const struct site *site, const struct node_keys *keys,
    struct err_info *info) MUST_USE;
/* The same; and from now on the database is this key's. */
enum err node_keys_claim(struct db *db, const struct site *site, const struct node_keys *keys,
    struct err_info *info) MUST_USE;
/* Takes all entries into the log, for databases made in bulk. */
enum err node_log_catch_up(struct db *db, const struct node_keys *keys) MUST_USE;
enum err node_start(const struct node_options *options, struct node **ret, struct err_info *info)
    MUST_USE;
unsigned node_port(const struct node *n);
/* Goes on serving, but as server_drain() says. */
void node_drain(struct node *n);
void node_stop(struct node *n);
extern const struct sql *const node_statements[];
extern const size_t node_statements_n;
