/* fuzz_source.c: whatever a file of areas holds, its reader ends, stays in bounds, and gives texts
 * and outlines that the next step can take. The first byte chooses the format; of a Shapefile the
 * second says how much of the rest is its .dbf. */
#include "layer/feature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* GEOS, the only C++ here, forgets some hundred bytes when an outline is too broken for it. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
    return "leak:libstdc++.so\n";
}

enum { OUTLINES_MENDED_MAX = 8, POINTS_MENDED_MAX = 2000 };

static void feature_check(struct arena *a, const struct feature *f, size_t i)
{
    struct err_info info = { .e = OK };
    struct mended mended;
    struct shape s;
    for (size_t k = 0; k < FIELD_COUNT; k++)
        CHECK(f->values[k].n == 0 || str_is_text(f->values[k]));
    CHECK(f->fault == NULL || (f->fault->e != OK && f->fault->zh[0] && f->fault->en[0]));
    for (size_t k = 0; k < f->rough.ring_count; k++)
        CHECK(f->rough.rings[k].first + f->rough.rings[k].n <= f->rough.point_count);
    if (i >= OUTLINES_MENDED_MAX || f->rough.point_count > POINTS_MENDED_MAX)
        return;
    if (rough_mend(a, &f->rough, &mended, &s, &info) == OK)
        CHECK(s.ring_count > 0 && mended.parts > 0 && mended.after_m2 > 0
            && shape_holds(&s, shape_centre(&s)));
    else
        CHECK(info.zh[0] && info.en[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "x.geojson", "x.csv", "x.xlsx", "x.zip", "x.shp" };
    struct err_info info = { .e = OK };
    struct features f;
    struct arena a;
    if (size < 2)
        return 0;
    arena_init(&a, (size_t)1 << 30);
    struct str rest = arena_dup(&a, data + 2, size - 2);
    struct source s = { .name = str_c(names[data[0] % COUNT_OF(names)]), .bytes = rest };
    if (str_is(s.name, "x.shp")) {
        size_t cut = rest.n * data[1] / 256;
        s.dbf = (struct str){ rest.p, cut };
        s.bytes = (struct str){ rest.p + cut, rest.n - cut };
    }
    enum err e = source_read(&a, &s, &f, &info);
    CHECK(e == OK || (info.zh[0] && info.en[0]));
    for (size_t i = 0; e == OK && i < f.n; i++)
        feature_check(&a, &f.at[i], i);
    arena_free(&a);
    return 0;
}
