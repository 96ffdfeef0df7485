/* layer_file.h: files of outlines from disk. */
#pragma once
#include "layer/feature.h"

/* Reads path into s, for a Shapefile also what lies beside it (.dbf .prj .cpg, in either case).
 * E_IO or E_TOO_LARGE, noted. */
MUST_USE enum err layer_file_take(struct arena *a, const char *path, struct source *s,
    struct err_info *info);
