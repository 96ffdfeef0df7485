/* replay.c: every input that fuzzing has found worth keeping, run once more through its target: as
 * the test "fuzz" of the unit tests. corpus/NAME.txt holds an input a line, in base64. */
#include "fuzz_targets.h"
#include "base/buf.h"
#include <stdio.h>

#define X(name) int fuzz_##name(const uint8_t *data, size_t size);
FUZZ_TARGETS(X)
#undef X

#define X(name) { #name, fuzz_##name },
static const struct target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} targets[] = { FUZZ_TARGETS(X) };
#undef X

/* The whole file; none when it cannot be read. */
static struct str file_text(struct arena *a, const char *path)
{
    enum { CORPUS_BYTES_MAX = 4 << 20 };
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return STR_NONE;
    char *p = arena_bytes(a, CORPUS_BYTES_MAX);
    size_t n = fread(p, 1, CORPUS_BYTES_MAX, f);
    return fclose(f) == 0 ? (struct str){ p, n } : STR_NONE;
}

static size_t replay(size_t target, struct str text)
{
    size_t n = 0;
    while (text.n) {
        struct str bytes, line = str_cut(text, '\n', &text);
        struct arena a;
        arena_init(&a, 1 << 20);
        CHECK(base64_decode(&a, line, &bytes));
        targets[target].run((const uint8_t *)bytes.p, bytes.n);
        arena_free(&a);
        n++;
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    size_t failed = 0;
    (void)printf("1..%zu\n", COUNT_OF(targets));
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct arena a;
        arena_init(&a, 8 << 20);
        struct str text = file_text(&a,
            arena_fmt(&a, "%s/%s.txt", argv[1], targets[i].name).p);
        size_t n = text.n ? replay(i, text) : 0;
        failed += n == 0;
        (void)printf("%sok %zu - %s: %zu inputs\n", n ? "" : "not ", i + 1, targets[i].name, n);
        arena_free(&a);
    }
    return failed != 0;
}
