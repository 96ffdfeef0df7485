/* init.h: what the files of `fengqiao init` share. */
#pragma once
#include "cli/options.h"
#include "access/roster.h"
#include "town/town.h"

/* The tables in a folder, or in one file; encoding: of texts, NULL: found out. E_IO, E_TOO_LARGE, noted; E_INPUT: there are none. */
enum err init_files(struct arena *a, const char *path, const char *encoding, struct town *ret,
    struct err_info *info) MUST_USE;

/* What somebody answers at the terminal, or line by line on standard input. */
struct answers { enum lang lang; struct arena *a; };
/* An answer to a question; usual stands for an empty one. E_INPUT, noted, when the answers end. */
enum err answer_get(struct answers *s, struct msg question, struct str usual, struct str *ret,
    struct err_info *info) MUST_USE;
bool answer_is_yes(struct str v);
/* The tables that were not given, as far as they can be asked for: the town, its desk, its first
 * administrator. */
enum err init_ask(struct answers *s, struct town *t, struct err_info *info) MUST_USE;

/* The file that takes one-time passwords; fd is -1 without one. */
struct handout { int fd; const char *path; bool is_new; int64_t bytes_before; };
/* Opened to be added to. E_IO; E_CONFLICT: there is something else in it; both noted. */
enum err handout_open(const char *path, struct handout *ret, struct err_info *info) MUST_USE;
/* Adds struct newcomer, safe on the disk when it returns. E_IO, noted. */
enum err handout_add(struct handout *h, struct arena *a, struct list newcomers,
    struct err_info *info) MUST_USE;
/* keep: else it becomes as it was; a new one that got nothing goes. */
void handout_close(struct handout *h, bool keep);
