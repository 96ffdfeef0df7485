/* checkpoint.h: carrying the write-ahead log into the database beside the writer instead of within
 * its commits, where it would hold up everybody who waits for them. */
#pragma once
#include "base/err.h"

struct checkpointer;

/* A thread with a connection of its own to the SQLite file at path; handle is the writer's sqlite3,
 * whose commits will tell it how long the log is. ret is set only on success. Errors: E_DB. */
enum err checkpointer_start(const char *path, void *handle, struct checkpointer **ret) MUST_USE;
/* Before the writer's connection closes. */
void checkpointer_stop(struct checkpointer *c);
