/* layer_file.c: a file, and its companions, in memory under a ceiling. */
#include "cli/layer_file.h"
#include <stdio.h>
#include <strings.h>

static enum err take(struct arena *a, FILE *f, const char *path, struct str *ret,
    struct err_info *info)
{
    bool seeks = fseek(f, 0, SEEK_END) == 0;
    long size = seeks ? ftell(f) : -1;
    size_t most = size < 0 ? SOURCE_BYTES_MAX : (size_t)size;
    if (size > SOURCE_BYTES_MAX)
        return err_note(info, E_TOO_LARGE, "file", MSG("文件超过 128 MB，请按区县分成几个文件",
            "The file is over 128 MB; split it by county"), STR_NONE);
    if (seeks)
        rewind(f);
    char *p = arena_bytes(a, most + 1);
    size_t n = fread(p, 1, most + 1, f);
    if (ferror(f) || n > most)
        return err_note(info, E_IO, "file", MSG("读不了文件 %s", "Cannot read the file %s"),
            str_c(path));
    *ret = (struct str){ p, n };
    return OK;
}

static enum err open_and_take(struct arena *a, const char *path, struct str *ret,
    struct err_info *info)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return err_note(info, E_IO, "file", MSG("打不开文件 %s", "Cannot open the file %s"),
            str_c(path));
    enum err e = take(a, f, path, ret, info);
    (void)fclose(f);
    return e;
}

/* A companion may be missing. */
static enum err beside(struct arena *a, const char *path, const char *lower, const char *upper,
    struct str *ret, struct err_info *info)
{
    const char *ends[] = { lower, upper };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct str other = arena_fmt(a, "%.*s%s", (int)(strlen(path) - 4), path, ends[i]);
        FILE *f = fopen(other.p, "rb");
        if (f == NULL)
            continue;
        enum err e = take(a, f, other.p, ret, info);
        (void)fclose(f);
        return e;
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
