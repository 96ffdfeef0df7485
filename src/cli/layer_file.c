/* layer_file.c: a file, and its companions, in memory under a ceiling. */
#include "cli/layer_file.h"
#include "cli/files.h"
#include <strings.h>
#include <unistd.h>

static enum err open_and_take(struct arena *a, const char *path, struct str *ret,
    struct err_info *info)
{
    static const struct ceiling ceiling = { SOURCE_BYTES_MAX, { "文件超过 128 MB，请按区县分成几个文件",
        "The file is over 128 MB; split it by county" } };
    return cli_whole_file(a, path, "file", ceiling, ret, info);
}

/* A companion may be missing. */
static enum err beside(struct arena *a, const char *path, const char *lower, const char *upper,
    struct str *ret, struct err_info *info)
{
    const char *ends[] = { lower, upper };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct str other = arena_fmt(a, "%.*s%s", (int)(strlen(path) - 4), path, ends[i]);
        if (access(other.p, R_OK) == 0)
            return open_and_take(a, other.p, ret, info);
    }
    return OK;
}

enum err layer_file_take(struct arena *a, const char *path, struct source *s,
    struct err_info *info)
{
    size_t n = strlen(path);
    s->name = str_c(path);
    TRY(open_and_take(a, path, &s->bytes, info));
    if (n < 5 || strcasecmp(path + n - 4, ".shp") != 0)
        return OK;
    TRY(beside(a, path, ".dbf", ".DBF", &s->dbf, info));
    TRY(beside(a, path, ".prj", ".PRJ", &s->prj, info));
    return beside(a, path, ".cpg", ".CPG", &s->cpg, info);
}
