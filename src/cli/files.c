/* files.c: see files.h. */
#include "cli/files.h"
#include <errno.h>
#include <stdio.h>

enum err cli_sheet_file(struct arena *a, const char *path, const char *option, struct str *ret,
    struct err_info *info)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (f == NULL)
        return err_note(info, E_IO, option, MSG("打不开文件 %s", "Cannot open the file %s"),
            str_c(path));
    char *p = NEW_N(a, char, SHEET_BYTES_MAX + 1);
    size_t n = fread(p, 1, SHEET_BYTES_MAX + 1, f);
    bool failed = ferror(f) != 0;
    if (f != stdin)
        (void)fclose(f);
    if (failed)
        return err_note(info, E_IO, option, MSG("读不了文件 %s", "Cannot read the file %s"),
            str_c(path));
    *ret = (struct str){ p, n };
    return OK;
}

static enum err file_take(struct arena *a, FILE *f, const char *path, const char *option,
    struct ceiling c, struct str *ret, struct err_info *info)
{
    bool seeks = fseek(f, 0, SEEK_END) == 0;
    long size = seeks ? ftell(f) : -1;
    size_t room = size < 0 ? c.most : (size_t)size, n = room;
    if (seeks)
        rewind(f);
    char *p = room <= c.most ? arena_bytes(a, room + 1) : NULL;
    if (p)
        n = fread(p, 1, room + 1, f);
    if (!ferror(f) && n > c.most)
        return err_note(info, E_TOO_LARGE, option, c.too_large, STR_NONE);
    if (ferror(f) || n > room)
        return err_note(info, E_IO, option, MSG("读不了文件 %s", "Cannot read the file %s"),
            str_c(path));
    *ret = (struct str){ p, n };
    return OK;
}

enum err cli_whole_file(struct arena *a, const char *path, const char *option, struct ceiling c,
    struct str *ret, struct err_info *info)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return err_note(info, E_IO, option, MSG("打不开文件 %s", "Cannot open the file %s"),
            str_c(path));
    enum err e = file_take(a, f, path, option, c, ret, info);
    (void)fclose(f);
    return e;
}

static enum err file_put(FILE *f, const char *path, struct str bytes, const char *option,
    struct err_info *info)
{
    bool good = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    good = f && fclose(f) == 0 && good;
    return good ? OK : err_note(info, E_IO, option, MSG("写不了文件 %s", "Cannot write the file %s"),
        str_c(path));
}

enum err cli_file_write(const char *path, struct str bytes, const char *option,
    struct err_info *info)
{
    return file_put(fopen(path, "wb"), path, bytes, option, info);
}

enum err cli_file_new(const char *path, struct str bytes, const char *option,
    struct err_info *info)
{
    FILE *f = fopen(path, "wbx");
    if (f == NULL && errno == EEXIST)
        return err_note(info, E_CONFLICT, option, MSG("已有 %s，没有覆盖它；请换一个文件夹，或先移走它",
            "There is a %s, which was left alone; name another folder, or move it away first"),
            str_c(path));
    return file_put(f, path, bytes, option, info);
}

void cli_faults_print(const char *path, const struct faults *f, enum lang lang)
{
    bool en = lang == LANG_EN;
    for (size_t i = 0; i < f->n; i++) {
        const struct fault *at = &f->at[i];
        if (!f->by_row)
            fprintf(stderr, "%s:%zu: ", path, at->line);
        else if (at->line > 1)
            fprintf(stderr, en ? "%s: row %zu: " : "%s: 第 %zu 行: ", path, at->line - 1);
        else
            fprintf(stderr, "%s: ", path);
        fprintf(stderr, "%s%s%s\n", at->field, at->field[0] ? ": " : "", en ? at->en : at->zh);
    }
}
