/* fuzz_rows.c: rows that the helper which reads files of strangers hands over: should it have been
 * taken over, its bytes are still only good rows or refused. Good ones are written again alike. */
#include "layer/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feature_check(const struct feature *f)
{
    for (size_t k = 0; k < FIELD_COUNT; k++)
        CHECK(f->values[k].n == 0 || str_is_text(f->values[k]));
    for (size_t k = 0; k < f->rough.ring_count; k++)
        CHECK(f->rough.rings[k].first + f->rough.rings[k].n <= f->rough.point_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err_info info = { .e = OK };
    struct features f, again;
    struct str out;
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    enum err e = rows_read(&a, arena_dup(&a, data, size), &f, &info);
    CHECK(e == OK || info.e == e);
    if (e == OK) {
        for (size_t i = 0; i < f.n; i++)
            feature_check(&f.at[i]);
        CHECK(rows_write(&a, &f, &out, &info) == OK);
        CHECK(rows_read(&a, out, &again, &info) == OK && again.n == f.n);
    }
    arena_free(&a);
    return 0;
}
