/* helper.h: programs of ours that do what the server itself should not: where they are, how they
 * are started, and taking what one has left in a nameless file.
 *
 * A server in its sandbox (guard/confine.h) can start nothing. It asks its supervisor
 * (guard/steward.h), over a socket, for one of the programs named here; a command of the command
 * line starts them itself. Whoever uses one does not notice the difference. */
#pragma once
#include "base/err.h"
#include <sys/types.h>

enum helper_kind { HELPER_MEDIA, HELPER_PRINT, HELPER_SIFT, HELPER_KINDS };
enum { HELPER_ALONE = -1, HELPER_WORDS_MAX = 4, HELPER_WORDS_BYTES_MAX = 16 << 10 };
struct helper {
    enum helper_kind kind;
    const char *path;
    int steward;            /* socket to the supervisor; HELPER_ALONE: started by this process */
};
/* What one run gets: words (n_words of them), and its standard descriptors. */
struct helper_call {
    const char *words[HELPER_WORDS_MAX];
    size_t n_words;
    const char *fonts;      /* FONTCONFIG_FILE, when this process starts it; or NULL */
    int fds[3];
};
struct helper_run { int fd; pid_t pid; };   /* pid 0: the supervisor's child */

/* Where the helper is installed: beside the running program, else in ../libexec/fengqiao from
 * there. In the arena. E_IO when it is in neither place. */
enum err helper_find(struct arena *a, enum helper_kind kind, int steward,
    const struct helper **ret) MUST_USE;
/* False, with errno, when it does not start. Otherwise helper_end() must follow. */
bool helper_start(const struct helper *h, const struct helper_call *call,
    struct helper_run *ret) MUST_USE;
/* True when it has ended within so many milliseconds. */
bool helper_wait(const struct helper_run *r, int ms);
/* Its status as of waitpid(); -1 when nobody knows. With kill it is ended first. */
int helper_end(struct helper_run *r, bool kill);
/* All that is in the file, from its beginning. E_IO also when it is empty or has more bytes than
 * most. */
enum err helper_output(struct arena *a, int fd, size_t most, struct str *ret);

/* What both sides of the supervisor's socket share. A message is a kind in one byte, then the words
 * with a NUL behind each; with it come the socket of the run and its three descriptors. The
 * supervisor writes the status, an int, to that socket when the program has ended, and ends the
 * program when nobody listens there any more. */
enum { HELPER_MESSAGE_FDS = 4 };
/* posix_spawn() with these words behind the program's name; an error of errno, or 0. */
int helper_spawn(const char *path, const struct helper_call *call, pid_t *ret);
/* The file name of a kind. */
const char *helper_name(enum helper_kind kind);
