/* audit_run.h: what the parts of an audit share. */
#pragma once
#include "ledger/audit.h"

struct audit {
    struct db *db;
    const struct audit_options *options;
    struct audit_figures figures;
    int64_t done, total;
};

/* seq 0 and position -1 where they do not apply; number may be STR_NONE. */
void audit_note(struct audit *a, enum audit_fault fault, struct str number, int64_t seq,
    int64_t position);
void audit_tick(struct audit *a);
/* The second part: leaves, nodes and checkpoints. */
enum err audit_log(struct audit *a) MUST_USE;
