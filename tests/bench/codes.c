/* codes.c: the receipt codes of first reporters, which are stored nowhere.
 *   codes DB DATA     on standard input a line for each matter: AREA ID; prints a line for each */
#include "cli/node.h"
#include "crypto/code.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct site site;
    struct node_keys keys;
    struct err_info info = { .e = OK };
    struct rand r = rand_seeded(1);
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    if (argc != 3) {
        fprintf(stderr, "usage: codes DB DATA\n");
        return 2;
    }
    site_at(argv[1], argv[2], &site);
    if (node_keys_for(&site, NULL, &r, &keys, &info) != OK) {
        fprintf(stderr, "codes: no key in %s\n", argv[2]);
        return 1;
    }
    while ((n = getline(&line, &size, stdin)) > 0) {
        int64_t area = 0, id = 0;
        struct str text = { line, (size_t)n - (line[n - 1] == '\n') }, rest;
        if (str_to_i64(str_cut(text, ' ', &rest), &area) && str_to_i64(rest, &id))
            printf("%s\n", code_make(&keys, (uint32_t)area, id, 1).text);
    }
    free(line);
    keys_wipe(&keys);
    return 0;
}
