/* web_files.h: the front end as it lies inside the program. The table is written by
 * tools/embed.mjs from build/web/manifest.json when the program is built; it is empty when the
 * pages have not been built. */
#pragma once
#include "base/str.h"

struct web_file {
    const char *path;           /* of the URL: "/m/", "/m/assets/x.js" */
    const char *type, *etag, *cache;
    struct str plain, br, gz;   /* br and gz are empty when compressing gained nothing */
};

/* Any other page below the prefix is answered with that file. */
struct web_fallback { const char *prefix; const struct web_file *file; };

/* Sorted by path (byte order). */
extern const struct web_file web_files[];
extern const size_t web_files_n;
/* Longest prefix first. */
extern const struct web_fallback web_fallbacks[];
extern const size_t web_fallbacks_n;
/* Content-Security-Policy of every page. */
extern const char *const web_policy;
