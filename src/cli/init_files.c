/* init_files.c: the files of a folder that hold tables or outlines. */
#include "cli/init.h"
#include "cli/layer_file.h"
#include <dirent.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

enum { FILES_MAX = 200 };

static bool is_table(const char *name)
{
    static const char *const ends[] = { ".xlsx", ".xls", ".csv", ".geojson", ".json", ".shp",
        ".zip" };
    size_t n = strlen(name);
    for (size_t i = 0; i < COUNT_OF(ends) && name[0] != '.' && name[0] != '~'; i++)
        if (n > strlen(ends[i]) && strcasecmp(name + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Paths in the order of their names, so that what is said of them is the same every time. */
static enum err folder_list(struct arena *a, const char *path, const char **ret, size_t *ret_n,
    struct err_info *info)
{
    DIR *d = opendir(path);
    size_t n = 0;
    if (d == NULL)
        return err_note(info, E_IO, "from", MSG("打不开文件夹 %s", "Cannot open the folder %s"),
            str_c(path));
    for (const struct dirent *e = readdir(d); e && n < FILES_MAX; e = readdir(d))
        if (is_table(e->d_name))
            ret[n++] = arena_fmt(a, "%s/%s", path, e->d_name).p;
    (void)closedir(d);
    qsort(ret, n, sizeof(*ret), by_name);
    *ret_n = n;
    return n ? OK : err_note(info, E_INPUT, "from", MSG("文件夹 %s 里没有表格；fengqiao init --templates"
        " 写出模板", "There are no tables in the folder %s; fengqiao init --templates writes the ones to"
        " fill in"), str_c(path));
}

enum err init_files(struct arena *a, const char *path, const char *encoding, struct town *ret,
    struct err_info *info)
{
    const char *paths[FILES_MAX] = { path };
    struct town_file *files = NEW_N(a, struct town_file, FILES_MAX);
    struct stat st;
    size_t n = 1;
    if (stat(path, &st) != 0)
        return err_note(info, E_IO, "from", MSG("没有 %s", "There is no %s"), str_c(path));
    if (S_ISDIR(st.st_mode))
        TRY(folder_list(a, path, paths, &n, info));
    for (size_t i = 0; i < n; i++) {
        files[i].source.encoding = encoding;
        TRY(layer_file_take(a, paths[i], &files[i].source, info));
    }
    town_read(a, files, n, ret);
    return OK;
}
