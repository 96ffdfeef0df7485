/* cx.h: the circumstances of one request or command: who acts, when, with which data and memory.
 * A handler reaches everything it may touch from here, so a run can be replayed from a seed. */
#pragma once
#include "access/role.h"
#include "base/rand.h"
#include "catalogue/catalogue.h"
#include "crypto/key.h"
#include "ledger/ids.h"
#include <stdatomic.h>

enum { MEMBERSHIPS_MAX = 8, EVENTS_MAX = 128 };
struct membership { int64_t unit; unsigned role; };

enum actor_kind { ACTOR_PUBLIC, ACTOR_REPORTER, ACTOR_STAFF, ACTOR_SYSTEM };
struct actor {
    enum actor_kind kind;
    unsigned roles;                 /* union of the roles held */
    int64_t account;                /* staff: account id; otherwise 0 */
    struct str name;                /* staff: name shown to colleagues */
    struct str username;
    struct str csrf;                /* staff: token every writing call must send */
    struct str session;             /* staff: hash of the session token */
    unsigned must;                  /* staff: enum must; while there is any, there are no roles */
    struct { int64_t matter, no; } code;    /* reporter: what the code was made for */
    struct membership memberships[MEMBERSHIPS_MAX];
    size_t n_memberships;
    int64_t area, matter, no;       /* reporter: which report the code opens now */
};

/* Something changed that live views may want to know; no personal data. place: 12-digit code of the
 * community, or of the nearest division known above it. */
struct event { int64_t area, matter, owner_unit, place, due_ms; char number[24], state[16]; };

/* What somebody must do before anything else. */
enum must { MUST_PASSWORD = 1, MUST_FACTOR = 2 };

struct cx;
struct limiter;
struct limiter_rate;
/* Rooms below this one that some handlers call; NULL where the process does not run them. */
struct services {
    struct box *box;
    struct search *search;
    struct outbox *outbox;          /* NULL: nobody is told by message */
    struct keep *rows, *lists, *pages;  /* texts: rows of lists, lists, matters */
    const struct offers *offers;
    struct sessions *sessions;
    /* Programs that print, and that read files of outlines; NULL: not installed. */
    const struct helper *press, *sift;
    const struct forms *forms;      /* templates of documents */
    struct duty_keeper *duty;       /* the roster */
    /* The account that decides for this desk by name at this moment, or 0. */
    int64_t (*decider)(struct cx *cx, const struct unit *desk);
    const char *url;                /* where people reach this site; NULL when nobody said */
    struct limiter *limiter;        /* NULL: no limits; how many reports one grid takes */
    const struct limiter_rate *grid_rate;
    const struct limiter_rate *proof_rate, *proofs_rate;    /* wrong proofs of who somebody is */
    atomic_bool *fork;              /* a witness has shown that the record was changed; NULL: nobody asks */
};

struct cx {
    struct db *db;
    struct services services;
    struct arena *a;
    const struct catalogue *cat;
    const struct node_keys *keys;
    struct rand *rand;
    struct ids *ids;                /* NULL on reads */
    int64_t now_ms;
    enum lang lang;
    const char *request;            /* request id for logs */
    struct actor actor;
    struct str key;                 /* idempotency key as sent, or none */
    struct str path, body;          /* as sent, to compare repeated commands */
    struct { int fd; size_t bytes; } file;  /* the body of a route of LANE_FILE, in a file without name */
    struct err_info info;
    struct str cookie;              /* session token to hand out; "" ends the session; none: as it is */
    struct list ended;              /* hashes of other sessions that ended with this (struct str) */
    struct str from;                /* by which limits count where it comes from; none: from nowhere */
    struct str address, device;     /* whom the request comes from, as shown; what the browser says it is */
    struct str place;               /* the token by which a browser is known again, or none */
    struct str new_place;           /* such a token to hand out, or none */
    int64_t wait_ms;                /* of E_LIMIT: until when it is worth trying again */
    struct str tag_held;            /* If-None-Match: what the asker has already, or none */
    struct str tag;                 /* of an answer to be kept: a quoted entity tag */
    void *prepared;                 /* what a route's prepare step worked out off the writer */
    const char *data_dir;           /* where attachments live */
    struct event events[EVENTS_MAX];
    size_t n_events;
};

/* Notes the failure in cx and returns it; arg fills %s in the texts. */
enum err cx_fail(struct cx *cx, enum err e, const char *field, struct msg m);
enum err cx_fail_with(struct cx *cx, enum err e, const char *field, struct msg m, struct str arg);
/* Whether the asker has the answer that cx->tag stands for; then nothing need be written. */
bool cx_has_tag(const struct cx *cx);
int64_t cx_next_id(struct cx *cx);
static inline struct str cx_text(const struct cx *cx, const char *zh, const char *en)
{
    return str_c(cx->lang == LANG_EN ? en : zh);
}
