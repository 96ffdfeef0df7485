/* data.c: files taken in by the assembler, and the reading of their rows. */
#include "demo/data.h"

/* The assembler looks along the include path, of which src/ is part. */
#define FILE_IN(name, path)                                                                       \
    extern const char name##_first[], name##_end[];                                               \
    __asm__(".section .rodata\n"                                                                  \
            ".hidden " #name "_first\n.hidden " #name "_end\n"                                    \
            ".global " #name "_first\n" #name "_first:\n.incbin \"" path "\"\n"                   \
            ".global " #name "_end\n" #name "_end:\n.byte 0\n.previous\n")

FILE_IN(demo_divisions, "../data/demo/suzhou_division.csv");
FILE_IN(demo_districts, "../data/demo/suzhou_districts.geojson");
FILE_IN(demo_township_centres, "../data/demo/township_centres.csv");
FILE_IN(demo_water, "../data/demo/water.csv");

static struct str between(const char *first, const char *end)
{
    return (struct str){ first, (size_t)(end - first) };
}

struct str data_divisions(void)
{
    return between(demo_divisions_first, demo_divisions_end);
}

struct str data_districts(void)
{
    return between(demo_districts_first, demo_districts_end);
}

struct str data_township_centres(void)
{
    return between(demo_township_centres_first, demo_township_centres_end);
}

struct str data_water(void)
{
    return between(demo_water_first, demo_water_end);
}

bool data_row(struct str *rest, struct str *fields, size_t count)
{
    struct str line = str_cut(*rest, '\n', rest);
    if (line.n == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        fields[i] = str_cut(line, ',', &line);
    return true;
}

double data_number(struct str field)
{
    double v;
    CHECK(str_to_f64(field, &v));
    return v;
}
