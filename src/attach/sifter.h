/* sifter.h: the server's side of fengqiao-sift: a file of outlines becomes rows in a process of
 * its own, which may use so much memory and time and nothing else. */
#pragma once
#include "attach/helper.h"

/* name: by its ending the format. encoding, map: as of `fengqiao import`, or empty. */
struct sifting { struct str name, encoding, map; int fd; size_t rows_bytes_max; };
/* The rows of the file behind fd, as bytes (layer/rows.h), in the arena; they may also say what is
 * wrong with the file. helper NULL: it is not installed. E_MEDIA, E_TOO_LARGE, noted,
 * when the program dies of the file; E_IO when it does not run. */
enum err sift_file(const struct helper *helper, struct arena *a, const struct sifting *s,
    struct str *ret, struct err_info *info) MUST_USE;
