/* audit_run.h: what the parts of an audit share. */
#pragma once
#include "ledger/audit.h"
#include <pthread.h>

/* Of the whole audit; its parts may run beside each other. */
struct audit_course { pthread_mutex_t lock; int64_t done, total; };
struct audit {
    struct db *db;
    const struct audit_options *options;
    struct audit_figures figures;
    struct audit_course *course;
    int64_t untold;                 /* rows done since the course was told */
};

/* seq 0 and position -1 where they do not apply; number may be STR_NONE. */
void audit_note(struct audit *a, enum audit_fault fault, struct str number, int64_t seq,
    int64_t position);
void audit_tick(struct audit *a);
/* The second part: leaves, nodes and checkpoints. */
enum err audit_log(struct audit *a) MUST_USE;
