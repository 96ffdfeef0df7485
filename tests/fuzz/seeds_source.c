/* seeds_source.c: writes small files of each format into the directory that is its argument, for
 * fuzz_source to start from. */
#include "../unit/source_fixture.h"
#include <stdio.h>

static void seed_write(struct arena *a, const char *dir, const char *name, unsigned char format,
    unsigned char more, struct str bytes)
{
    FILE *f = fopen(arena_fmt(a, "%s/%s", dir, name).p, "w");
    unsigned char head[] = { format, more };
    CHECK(f != NULL);
    CHECK(fwrite(head, 1, 2, f) == 2 && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
    CHECK(fclose(f) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct arena a;
    struct source s = { .name = STR("x.shp") };
    arena_init(&a, 64 << 20);
    struct str json = STR("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":1,"
        "\"properties\":{\"网格编码\":\"320508018023001\",\"name\":\"\\u4e1c\"},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[120.6,31.3],[120.7,31.3],[120.7,31.4],[120.6,31.3]]]}},{\"type\":"
        "\"Feature\",\"properties\":null,\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}]}");
    struct str csv = STR("code,name,wkt,lon,lat\n1,\"a\"\"b\",\"MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(2 2,"
        "7 2,7 7,2 7,2 2),(4 4,5 4,5 5,4 5,4 4)))\",,\n2,b,,120.6,31.3\n");
    fixture_shapefile(&a, "one", "two", "code", "name", &s);
    struct buf both = buf_in(&a, 1 << 20);
    buf_add(&both, s.dbf);
    buf_add(&both, s.bytes);
    struct fixture_file files[] = { { "x.shp", s.bytes }, { "x.dbf", s.dbf }, { "x.cpg", STR("936") } };
    seed_write(&a, argv[1], "a.geojson", 0, 0, json);
    seed_write(&a, argv[1], "a.csv", 1, 0, csv);
    seed_write(&a, argv[1], "a.xlsx", 2, 0, fixture_xlsx(&a, "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v>"
        "</c></row><row r=\"2\"><c r=\"A2\"><v>3.2E14</v></c></row>", "<si><t>code</t></si>"));
    seed_write(&a, argv[1], "a.zip", 3, 0, fixture_zip(&a, files, COUNT_OF(files)));
    seed_write(&a, argv[1], "a.shp", 4, (unsigned char)((s.dbf.n * 256 + both.n - 1) / both.n),
        buf_str(&both));
    arena_free(&a);
    return 0;
}
