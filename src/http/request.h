/* request.h: inside of the server: the one struct that a request is, and what the files of this
 * room offer each other. */
#pragma once
#include "http/address.h"
#include "http/server.h"
#include "http/url.h"
#include "spine/command.h"
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    BODY_JSON_BYTES_MAX = 64 << 10,
    BODY_UPLOAD_BYTES_MAX = 12 << 20,
    BODY_FILE_BYTES_MAX = 100 << 20,    /* on disk */
    UPLOADS_AT_ONCE_MAX = 16,           /* bounds the memory of bodies under way */
    /* A page shows a thousand entries (LINES_MAX of view.c) of 2000 characters twice, as talk and
     * as history, each character up to six bytes; an answer may have a quarter of this. */
    ARENA_BYTES_MAX = 160 << 20,
};
/* Of heavy requests, of which there is one at a time: rows of ROWS_BYTES_MAX (layer/rows.h) and all
 * that is worked out about them. */
static const size_t arena_heavy_bytes_max = (size_t)4 << 30;

enum request_stage {
    STAGE_BODY,         /* taking in the body */
    STAGE_WAITING,      /* the connection is suspended; another thread has the request */
    STAGE_DONE,         /* outcome is known, to be answered */
};

/* Belongs to one thread at a time: the connection's, or that of the queue it waits in. */
struct request {
    struct task task;                   /* first: the writer hands it back */
    struct server *server;
    struct MHD_Connection *connection;
    struct request *next;
    enum request_stage stage;
    enum err outcome;
    int status;                         /* when it is not the outcome's usual one */
    int64_t wait_ms;                    /* E_LIMIT: when to come back */
    bool head_only, is_upload, is_heavy, has_place;
    struct str tried;                   /* sign-in: what its failure counts against */
    bool known_place;
    bool detached;                      /* answered by a stream that needs it no more */
    char id[17], doing[96];
    struct str method, target;          /* as sent */
    struct url url;
    struct address client;
    struct params path;
    struct command command;
    struct rand rand;
    struct arena arena;
    char *body;
    size_t body_n, body_max;
};

/* What the library holds for us from the request line on: little, until the headers are there, so
 * that slow senders hold little. */
struct ticket { struct request *request; bool broken; char target[]; };

/* A bounded queue with threads of its own for slow preparations. */
struct side;
struct side *side_start(struct server *s, unsigned threads, size_t queue_max);
/* E_BUSY when full. The thread runs the route's prepare and hands the request to the writer. */
enum err side_put(struct side *side, struct request *r) MUST_USE;
size_t side_waiting(struct side *side);
void side_stop(struct side *side);

struct live;
struct replica;
struct figures;
struct lines;

enum { PROXIES_MAX = 16 };
struct server {
    const struct server_options *options;
    struct network proxies[PROXIES_MAX];
    size_t proxies_n;
    struct MHD_Daemon *daemon;
    struct limiter *limiter;
    struct sessions *sessions;
    struct side *login, *media, *print, *heavy;
    struct live *live;
    struct peers *peers;
    struct replica *replica;            /* NULL: none */
    struct lines *lines;
    struct figures *figures;
    atomic_bool fork;           /* a witness holds a head that the log does not continue */
    pthread_t ticker;
    pthread_mutex_t lock;               /* of what follows */
    const struct catalogue *catalogue;
    struct reader { struct reader *next; struct db *db; int64_t taken_us; } *readers;
    struct request *idle;               /* requests to be used again */
    size_t idle_n;
    atomic_bool draining, closed, stopping;     /* closed: nothing is suspended any more */
    atomic_bool heavy_taken;            /* by a request, from its head to its answer */
    atomic_bool away;                   /* storage lets everybody wait who asks it anything */
    atomic_uint active, waiting, uploads;
    atomic_ullong ids;
    uint64_t id_salt;
    int socket;
    unsigned port;
};

/* --- server.c */
/* A reading connection for as long as the caller needs it; NULL when storage is unavailable. The
 * ticker asks again each second, so that only it waits while storage is away. */
struct reader *reader_take(struct server *s);
void reader_give(struct server *s, struct reader *r);
/* Target and method as sent. */
struct request *request_make(struct server *s, struct MHD_Connection *c, struct str target,
    struct str method);
void request_free(struct request *r);
/* Gives the one place for heavy requests back, if r has it: before it is answered, so that who has
 * the answer finds the place free. */
void request_leave(struct request *r);

/* --- request.c */
MHD_AccessHandlerCallback request_access(void);
struct str request_header(const struct request *r, const char *name);
/* On the thread of a queue beside the writer's: what reads, then on to the writer or the answer. */
void request_work(struct request *r);

/* --- login.c */
/* Whether somebody may try to sign in by this name now; E_LIMIT. */
enum err login_limit(struct request *r, struct str name) MUST_USE;
/* It was wrong. */
void login_failed(struct request *r);
/* "Chrome, Windows" from a User-Agent header; "" when it says nothing known. */
struct str device_words(struct arena *a, struct str said);

/* --- mark.c */
/* What a writer's cookie holds of writer_position(): without the key it tells nobody how much is
 * written. */
struct str mark_text(struct arena *a, const struct node_keys *k, int64_t position);
/* False when it is none of ours. */
bool mark_read(const struct node_keys *k, struct str text, int64_t *ret_position);

/* --- wire.c */
/* Refuses requests whose extent or meaning two programs could read differently. E_SYNTAX, or
 * status 411 for a body without length, 421 for another host's name. */
enum err wire_check(struct request *r, struct str version) MUST_USE;

/* --- answer.c */
enum MHD_Result answer_request(struct request *r);
/* Adds what every answer carries. */
void answer_add_headers(const struct server *s, struct MHD_Response *m);
/* The policy of all that is no page: nothing in it loads, runs or is framed. */
#define ANSWER_POLICY \
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
enum MHD_Result answer_text(struct request *r, int status, const char *type, struct str text);

/* --- line.c */
/* With more than crowd connections, each new one takes the place of an idle one. */
struct lines *lines_make(unsigned patience_s, size_t crowd);
void lines_free(struct lines *l);
/* MHD_NotifyConnectionCallback. */
void lines_notice(void *arg, struct MHD_Connection *c, void **held,
    enum MHD_ConnectionNotificationCode code);
/* So many bytes of an answer are expected to be taken from now on, or of a body to arrive; a
 * connection that is late is cut by lines_cut, and so is one whose sender is gone. */
void line_expect(struct lines *l, struct MHD_Connection *c, uint64_t bytes);
void line_receive(struct lines *l, struct MHD_Connection *c, uint64_t bytes);
/* Another request may come, or none. */
void line_idle(struct lines *l, struct MHD_Connection *c);
/* The next move is ours. */
void line_relax(struct MHD_Connection *c);
void lines_cut(struct lines *l);

/* --- web.c */
/* Answers with a built page or file; false when there is none at this address. */
bool web_answer(struct request *r, enum MHD_Result *ret);

/* --- live.c */
struct live *live_make(void);
void live_free(struct live *l);
/* To be taken before the actor is looked up, for live_subscribe(). */
uint64_t live_moment(struct live *l);
/* Answers with an endless stream of the events that the actor may see. It ends soon if any session
 * ended since moment, because it might be this one; the browser comes back by itself. */
enum err live_subscribe(struct request *r, uint64_t moment, enum MHD_Result *ret) MUST_USE;
void live_publish(struct live *l, const struct event *events, size_t n);
/* Hands out what was published; waits for it at most so long. */
void live_work(struct live *l, int timeout_ms, int64_t now_ms);
/* Ends the streams of a session; after sessions_forget(). Any thread. */
void live_end_session(struct live *l, struct str token_hash);
/* Ends all streams. */
void live_close(struct live *l);
size_t live_subscribers(struct live *l);

/* Has everybody load afresh: events may have been missed. */
void live_reload(struct live *l);

/* --- peers.c: for servers that share a database; NULL where it is a file, and then nothing is told */
struct peers *peers_start(struct server *s);
void peers_stop(struct peers *p);
void peers_tell_events(struct peers *p, const struct event *events, size_t n);
void peers_tell_session_over(struct peers *p, struct str token_hash);
/* Holds back what is published later than this moment, so that who looks because of it finds it
 * there; INT64_MAX: nothing. */
void live_settled(struct live *l, int64_t until_us);

/* --- replica.c */
/* url serves reading while it is lag_s seconds behind at most. */
struct replica *replica_start(const char *database_url, const char *url, unsigned lag_s,
    unsigned readers);
void replica_stop(struct replica *r);
/* A connection to the replica; NULL when it is not to be used now, or not by one who wrote what is
 * marked by this position. outcome is what reading from it came to. */
struct replica_link;
struct replica_link *replica_take(struct replica *r, int64_t mark);
struct db *replica_db(const struct replica_link *link);
void replica_give(struct replica *r, struct replica_link *link, enum err outcome);
/* Once a second. */
void replica_tick(struct replica *r);
/* What was committed before this moment (of clock_monotonic_us()) is seen by all who read. */
int64_t replica_settled_us(struct replica *r);
struct replica_figures { uint64_t reads, repeated, behind_ms; bool used; const char *state; };
struct replica_figures replica_figures(struct replica *r);

/* --- figures.c */
struct figures *figures_make(void);
void figures_free(struct figures *f);
void figures_count(struct figures *f, const struct route *route, enum err outcome);
enum MHD_Result figures_answer(struct request *r);
