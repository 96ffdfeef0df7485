/* sim.h: the parts of the simulation: what is sent (sim_send.c), and the world it is sent to
 * (sim.c), which keeps count of what was acknowledged. */
#pragma once
#include "ledger/log.h"
#include "spine/writer.h"
#include "town.h"

enum {
    STEPS_USUAL = 160, MATTERS_MAX = 512, SENT_MAX = 16, MARKS_MAX = 4096, GROUP_AT_ONCE = 6,
    PATH_BYTES = 96, BODY_BYTES = 1600, UPLOADS_MAX = 32,
};

/* Whoever is not one of the town's people. */
enum { BY_PUBLIC = -1, BY_REPORTER = -2, BY_TIMER = -3, BY_UPLOADER = -4, BY_SEQUENCER = -5 };

/* How often a text with its mark may stand in the database. */
enum mark { MARK_NEVER, MARK_PERHAPS, MARK_ONCE };

/* Something sent, as its sender keeps it to send it again. */
struct sent {
    int who;                        /* a town_person or one of the above */
    int code;                       /* which reporter */
    char path[PATH_BYTES], body[BODY_BYTES], key[24];
    int mark;                       /* 0: none */
    bool bulk;
    bool perhaps;                   /* an earlier outcome is not known */
    bool answered;
    struct hash answer;             /* of the receipt handed out */
};

/* One piece of work in the writer's group. */
struct act {
    struct task task;
    struct command c;
    struct sim *sim;
    struct sent sent;
    struct log_batch batch;         /* of the sequencer */
    unsigned fault_at_end;          /* strike this many database calls after it has run */
    enum err outcome;
};

struct known { char number[20], code[24]; };

struct sim {
    struct town town;
    struct writer *writer;          /* its thread is not started: groups are run here */
    struct rand rand;               /* of the senders and of fate; the town has its own */
    uint64_t seed;
    bool trace, calm;               /* calm: nothing fails any more */
    long step;
    char doing[64];
    struct known known[MATTERS_MAX];
    int n_known;
    struct sent again[SENT_MAX];    /* to be sent once more */
    int n_again;
    unsigned char marks[MARKS_MAX]; /* enum mark */
    int times[MARKS_MAX];           /* how often MARK_ONCE stands there: 1, or items of a bulk */
    int n_marks;
    struct str uploads[UPLOADS_MAX];
    char upload_texts[UPLOADS_MAX][48];
    int n_uploads;
    struct hash digest;
    long tally[ERR_COUNT];
};

static inline int pick(struct sim *s, int n)
{
    return (int)rand_below(&s->rand, (uint64_t)n);
}
static inline bool chance(struct sim *s, int percent)
{
    return pick(s, 100) < percent;
}
/* Prints seed, step and what is wrong, and ends. */
_Noreturn void sim_fail(struct sim *s, const char *what, const char *detail);

/* Makes up something to send. */
void sim_invent(struct sim *s, struct sent *ret);
/* Who sends it, as the server sees them. E_MISSING etc. as the code's reader answers. */
enum err sim_sender(struct sim *s, const struct sent *what, struct cx *ret) MUST_USE;
