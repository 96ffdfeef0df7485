/* options.h: one table per command says what it takes; help, man page and parsing come from it. */
#pragma once
#include "base/err.h"

struct cli_option {
    const char *name;           /* "db" for --db */
    const char *value;          /* what stands for the value in help; NULL: a flag */
    const char *usual;          /* value when not given, or NULL */
    struct msg meaning;
};
enum { CLI_OPTIONS_MAX = 24 };
struct cli_args;
struct cli_command {
    const char *name;
    const char *operands;       /* "FILE.csv" or "" */
    struct msg meaning;
    const struct cli_option *options;
    size_t n_options;
    int (*run)(const struct cli_args *args);
};
struct cli_args {
    const struct cli_command *command;
    const char *values[CLI_OPTIONS_MAX];
    char **operands;
    int n_operands;
    enum lang lang;
};

/* Exit statuses of every command. */
enum { CLI_DONE = 0, CLI_WRONG = 1, CLI_USAGE = 2 };

/* Runs the command with the arguments after its name. --help and --lang are understood by all.
 * Before it begins, values are seen to be what the words in the table say (N, DATE, a|b, ...), not
 * empty, not longer than a path may be, and without control characters. */
int cli_run(const struct cli_command *command, int argc, char **argv);
/* Value of an option, its usual one, or NULL; a flag gives "" when set. */
const char *cli_value(const struct cli_args *args, const char *option);
bool cli_flag(const struct cli_args *args, const char *option);
/* The day that was given, which is one, or else the time usual. */
int64_t cli_day(const struct cli_args *args, const char *option, int64_t usual_ms);
/* Whole number within bounds; says what is wrong on stderr and gives false otherwise. */
bool cli_number(const struct cli_args *args, const char *option, int64_t min, int64_t max,
    int64_t *ret);
/* "fengqiao NAME: text (field)" in the reader's language on stderr; returns CLI_WRONG. */
int cli_fail(const struct cli_args *args, const struct err_info *info, enum err e);
/* "fengqiao NAME: what is wrong", then the help, on stderr; returns CLI_USAGE. */
int cli_usage(const struct cli_args *args, struct msg wrong);
/* On stdout when asked for (CLI_DONE), on stderr for wrong usage; returns status. */
int cli_help(const struct cli_command *command, enum lang lang, int status);
/* zh unless --lang, LC_ALL, LC_MESSAGES or LANG say English (en, C and POSIX count as English). */
enum lang cli_lang(int argc, char **argv);

extern const struct cli_command *const cli_commands[];
extern const size_t cli_commands_n;
