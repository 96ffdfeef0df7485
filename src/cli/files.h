/* files.h: whole files that commands read and write, and what is wrong in a table that was read. */
#pragma once
#include "catalogue/sheet.h"
#include "cli/options.h"

/* The table in the file ("-": standard input), at most a byte more than SHEET_BYTES_MAX, for the
 * check to refuse. E_IO, noted for the option. */
enum err cli_sheet_file(struct arena *a, const char *path, const char *option, struct str *ret,
    struct err_info *info) MUST_USE;
/* A whole file, or what a pipe gives, in memory, and what is said of one above the ceiling. */
struct ceiling { size_t most; struct msg too_large; };
/* E_IO, E_TOO_LARGE, noted for the option. */
enum err cli_whole_file(struct arena *a, const char *path, const char *option, struct ceiling c,
    struct str *ret, struct err_info *info) MUST_USE;
/* E_IO, noted for the option. */
enum err cli_file_write(const char *path, struct str bytes, const char *option,
    struct err_info *info) MUST_USE;
/* The same for a file that is not there yet. E_CONFLICT, noted: it is, and stays as it is. */
enum err cli_file_new(const char *path, struct str bytes, const char *option,
    struct err_info *info) MUST_USE;
/* On stderr: file, line (of JSON, row), column and remedy of each fault that is kept. */
void cli_faults_print(const char *path, const struct faults *f, enum lang lang);
