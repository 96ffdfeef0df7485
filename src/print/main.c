/* main.c: fengqiao-print, the program that makes sheets of plates and documents, so that the server
 * need not hold fonts and their libraries. See job.h for what it reads and writes. */
#include "base/arena.h"
#include "print/draw.h"
#include "print/fence.h"
#include "print/paper.h"
#include <stdio.h>
#include <unistd.h>

static void say(const char *word, struct str text)
{
    fprintf(stderr, "%s%s%.*s\n", word, text.n ? " " : "", (int)text.n, text.p);
}

static void done(size_t plates)
{
    fprintf(stderr, "%s %zu\n", PRINT_DONE, plates);
}

static void made(size_t bytes, size_t pages)
{
    fprintf(stderr, "%s %zu %zu\n", PRINT_FILE, bytes, pages);
}

static bool job_read(struct arena *a, struct str *ret)
{
    char *p = arena_bytes(a, JOB_BYTES_MAX);
    size_t n = fread(p, 1, JOB_BYTES_MAX, stdin);
    *ret = (struct str){ p, n };
    return !ferror(stdin) && n > 0 && n < JOB_BYTES_MAX && str_is_text(*ret);
}

/* The fields of a line; false when there are not n of them. */
static bool fields_of(struct str line, struct str *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i && line.p == NULL)
            return false;
        struct str rest;
        fields[i] = str_cut(line, '\t', &rest);
        line = fields[i].n == line.n ? STR_NONE : rest;
    }
    return line.p == NULL || line.n == 0;
}

static bool job_parse(struct arena *a, struct str text, struct sheets *ret)
{
    struct str f[JOB_FIELDS];
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    struct plate *plates = NEW_N(a, struct plate, lines + 1);
    if (lines < 2 || lines > PLATES_MAX + 1 || !fields_of(str_cut(text, '\n', &text), f, 3))
        return false;
    *ret = (struct sheets){ .layout = f[0], .hint = f[1], .hint_en = f[2], .plates = plates };
    while (text.n) {
        if (!fields_of(str_cut(text, '\n', &text), f, JOB_FIELDS) || f[0].n == 0
            || f[0].n > PLATE_URL_BYTES_MAX)
            return false;
        plates[ret->n++] = (struct plate){ f[0], f[1], f[2], f[3] };
    }
    return true;
}

static int outcome_say(struct draw_outcome o)
{
    switch (o.end) {
    case DRAW_OK: return 0;
    case DRAW_NO_FONT: say(PRINT_FONT, STR_NONE); break;
    case DRAW_NO_GLYPH: say(PRINT_GLYPH, o.text); break;
    case DRAW_TOO_LONG: say(PRINT_LONG, o.text); break;
    case DRAW_NO_LAYOUT: case DRAW_IO: say(PRINT_BAD, o.text); break;
    }
    return 1;
}

static struct draw_outcome draw(struct arena *a, struct str text)
{
    struct sheets sheets;
    if (str_starts(text, STR(JOB_DOSSIER "\t")) || str_starts(text, STR(JOB_MARKED "\t"))) {
        struct str first = str_cut(text, '\n', &text);
        return paper_draw(a, first, text, STDOUT_FILENO, made);
    }
    if (!job_parse(a, text, &sheets))
        return (struct draw_outcome){ DRAW_NO_LAYOUT, STR_NONE };
    return draw_sheets(&sheets, STDOUT_FILENO, done);
}

int main(int argc, char **argv)
{
    struct arena a;
    struct str text;
    if (argc != 1) {
        printf("Usage: %s <JOB >SHEETS.pdf\n"
            "Makes sheets of plates and documents; fengqiao starts it itself.\n", argv[0]);
        return 2;
    }
    if (!fence_enter()) {
        perror("fengqiao-print: fence");
        return 3;
    }
    arena_init(&a, (size_t)JOB_BYTES_MAX * 3);
    int status = outcome_say(job_read(&a, &text) ? draw(&a, text)
        : (struct draw_outcome){ DRAW_NO_LAYOUT, STR_NONE });
    arena_free(&a);
    return status;
}
