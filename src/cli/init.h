/* init.h: what the files of `fengqiao init` share. */
#pragma once
#include "cli/options.h"
#include "town/town.h"

/* The tables in a folder, or in one file. E_IO, E_TOO_LARGE, noted; E_INPUT: there are none. */
enum err init_files(struct arena *a, const char *path, struct town *ret, struct err_info *info)
    MUST_USE;

/* What somebody answers at the terminal, or line by line on standard input. */
struct answers { enum lang lang; struct arena *a; };
/* An answer to a question; usual stands for an empty one. E_INPUT, noted, when the answers end. */
enum err answer_get(struct answers *s, struct msg question, struct str usual, struct str *ret,
    struct err_info *info) MUST_USE;
bool answer_is_yes(struct str v);
/* The tables that were not given, as far as they can be asked for: the town, its desk, its first
 * administrator. */
enum err init_ask(struct answers *s, struct town *t, struct err_info *info) MUST_USE;
