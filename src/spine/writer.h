/* writer.h: group commit. One thread owns the writing connection; it takes what has queued (staff
 * before intake), runs each task in one transaction, undoing those that fail, commits once, and
 * only then tells the waiting callers. It never waits for company. */
#pragma once
#include "access/sealing.h"
#include "spine/module.h"

/* One piece of writing. run works on db inside a transaction and returns its outcome. It may be
 * called again, when what it did was undone with the failure of a neighbour or another server
 * stood in the way, and must then begin afresh. done is called once, after the commit, on the
 * writer's thread, with that outcome - or with E_UNKNOWN / E_DB when the commit itself failed, or
 * with E_BUSY when the task has waited too long and was not run. The memory belongs to the caller
 * until done. */
struct task {
    struct task *next;
    enum err (*run)(struct task *t, struct db *db, struct ids *ids);
    void (*done)(struct task *t, enum err outcome);
    enum err outcome;       /* the writer's, until done; so is what follows */
    bool due;
    size_t queue;           /* where and since when it has waited */
    int64_t queued_us;
};

struct writer;
/* Opens url (already migrated) for writing and starts the thread. queue_max bounds each lane. keys,
 * read from the file key_path, are kept to what the database says of sealing (access/sealing.h);
 * NULL: nothing is sealed. E_BUSY when another process writes there and the database takes only
 * one. */
enum err writer_start(const char *url, size_t queue_max, struct node_keys *keys,
    const char *key_path, struct writer **ret) MUST_USE;
/* E_BUSY when the lane is full or the writer is stopping; then done is not called. */
enum err writer_submit(struct writer *w, enum lane lane, struct task *t) MUST_USE;
/* Whether the lane has room now: to refuse before anything is worked out. A hint: it may be full by
 * the time something is submitted. */
bool writer_has_room(struct writer *w, enum lane lane);
/* Submits and waits; for timers and the command line. */
enum err writer_call(struct writer *w, struct task *t) MUST_USE;
/* Finishes what was accepted, then closes. */
void writer_stop(struct writer *w);
/* Tasks waiting now, groups and tasks so far, and whether the last group could not be committed. */
struct writer_figures { size_t waiting; uint64_t groups, tasks; bool failing; };
struct writer_figures writer_figures(struct writer *w);
/* db_position_committed() of the last group; once a task is done, behind what it wrote. */
int64_t writer_position(struct writer *w);
