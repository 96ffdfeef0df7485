/* main.c: fengqiao-sift, the program that reads files of outlines which people upload, so that the
 * server need not: the file on standard input, its rows as bytes (layer/rows.h) on standard output.
 * It writes nothing before it has read all, and nothing else. */
#include "base/fd.h"
#include "layer/rows.h"
#include "sift/sift.h"
#include <iconv.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Conversions are loaded from files, which cannot be opened later; while they are held, opening
 * them again needs none. */
static void conversions_hold(void)
{
    static const char *const names[] = { "GB18030", "GBK", "BIG5", "UTF-16", "CP1252" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        (void)iconv_open("UTF-8", names[i]);
}

/* What was read, or what is wrong with the file. */
static struct str sift(struct arena *a, char *const *words, struct str bytes)
{
    struct err_info info = { .e = OK };
    struct features f = { .at = NULL };
    struct str rows, map = str_c(words[2]);
    struct source s = { .name = str_c(words[0]), .bytes = bytes,
        .encoding = words[1][0] ? words[1] : NULL };
    enum err e = OK;
    while (map.n && e == OK)
        e = headings_map(&s.headings, str_trim(str_cut(map, ',', &map)), &info);
    if (e == OK)
        e = source_read(a, &s, &f, &info);
    if (e == OK)
        e = rows_write(a, &f, &rows, &info);
    if (e == OK)
        return rows;
    info.e = e;
    return rows_write_fault(a, &info);
}

int main(int argc, char **argv)
{
    struct stat st;
    struct arena a;
    if (argc != 4) {
        printf("Usage: %s NAME ENCODING MAP <FILE >ROWS\nReads a file of outlines in a sandbox; NAME"
            " says its format. fengqiao starts it itself.\n", argv[0]);
        return 2;
    }
    if (fstat(STDIN_FILENO, &st) != 0 || st.st_size < 0 || st.st_size > SOURCE_BYTES_MAX)
        return 2;
    json_object_seed(1);
    conversions_hold();
    arena_init(&a, SIFT_ARENA_BYTES_MAX);
    if (!sift_lock_in()) {
        perror("fengqiao-sift: sandbox");
        return 3;
    }
    size_t n = (size_t)st.st_size;
    char *p = arena_bytes(&a, n + 1);
    bool done = fd_read_all(STDIN_FILENO, p, n)
        && fd_write_all(STDOUT_FILENO, sift(&a, argv + 1, (struct str){ p, n }));
    _exit(done ? 0 : 1);
}
