/* chain.h: lines beside the log of matters that nobody may alter, leave out or put elsewhere
 * unnoticed: what was done to an account, what was erased, which files were given out. Each line
 * has its number in its chain, counted from 1, and SHA-256(its canonical text || hash of the line
 * before it), where the first has 32 zero bytes before it. Whoever knows a later hash notices. */
#pragma once
#include "crypto/hash.h"

/* What stands before the first line. */
struct str chain_start(void);
struct hash chain_hash(struct str text, struct str prev);

/* Reading chains whole, each from its first line; {0} before the first. */
struct chain_run {
    int64_t of, no;             /* the chain and line that was read last */
    int64_t lines;              /* read in all */
    int64_t bad_of, bad_no;     /* the first line that does not fit; bad_no 0: all do */
    struct hash hash;
};
/* A line as it was stored; text is what its fields give, prev and hash are its columns. */
void chain_read(struct chain_run *c, int64_t of, int64_t no, struct str text, struct str prev,
    struct str hash);
