/* module.h: what a feature gives the frame. Every feature is one const struct module, named in the
 * array of src/modules.c; its routes are data that the program can print and the tests can walk.
 * (SQL statements are listed the same way, room by room, in src/cli/statements.c.) */
#pragma once
#include "access/cx.h"

/* Reads in (already decoded and checked), writes the answer as JSON into out. A writing handler
 * runs inside the writer's transaction and never begins, commits or logs. */
typedef enum err handler(struct cx *cx, const void *in, struct buf *out);

/* Where a route is worked on. Writing lanes have bounded queues of their own; a full one answers
 * E_BUSY at once. */
enum lane {
    LANE_READ,      /* at once, or when it is its turn to be printed, on a read-only connection */
    LANE_INTAKE,    /* writer: reports of residents */
    LANE_STAFF,     /* writer: staff; drained before intake */
    LANE_LOGIN,     /* prepare on the password thread, then writer */
    LANE_UPLOAD,    /* prepare on the media thread (the body is bytes, not JSON), then writer */
    LANE_FILE,      /* the body is a large file (cx->file); heavy, then writer */
};

struct route {
    const char *method, *path;      /* "/api/matters/:number/step"; :name fills field name of in */
    const char *name;               /* operation id, unique */
    unsigned roles;                 /* who may call it at all; scope is the handler's */
    enum lane lane;
    bool tagged;    /* its answer has an entity tag (cx->tag): 304 for those who have it already */
    bool heavy;     /* prepare takes seconds and much memory: on a thread of its own, one at a time;
                     * the others are refused with E_BUSY. So is every route of LANE_FILE */
    bool hashes;    /* prepare works on a password: on the thread for that, as on LANE_LOGIN */
    bool prints;    /* what it reads, and makes of it, is set and printed: run of LANE_READ, else
                     * prepare, waits for a thread that does nothing else */
    bool current;   /* read from the database itself, never from a server that follows it */
    size_t body_max;                /* bytes of JSON taken; 0: the usual BODY_JSON_BYTES_MAX */
    const struct record *in, *out;  /* NULL: no input, or an answer that is not a record */
    handler *run;
    /* Optional: work that needs no writing connection (hashing, locating, sealing), done on a
     * reading connection before the command is queued; leaves its result in cx->prepared. */
    enum err (*prepare)(struct cx *cx, const void *in);
    /* Optional: writes the answer after the commit, off the writer (signing, rendering), from what
     * run left in cx->prepared; then run writes nothing into out. */
    void (*finish)(struct cx *cx, struct buf *out);
    const char *meaning;            /* for OpenAPI */
    const char *out_type;           /* content type when not application/json */
};

struct module {
    const char *name;
    const struct route *routes; size_t n_routes;
};
extern const struct module *const modules[];
extern const size_t modules_n;

/* The route for a request; NULL when no path fits (E_MISSING) or the method does not (E_METHOD).
 * The values of :names are appended to ret_params. */
enum { PARAMS_MAX = 16 };
struct params { struct str names[PARAMS_MAX], values[PARAMS_MAX]; size_t n; };
enum err route_find(struct str method, struct str path, const struct route **ret,
    struct params *ret_params) MUST_USE;
