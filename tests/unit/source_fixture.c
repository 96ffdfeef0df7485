/* source_fixture.c: the files of source_fixture.h, made by the libraries that read them. */
#include "source_fixture.h"
#include <shapefil.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

struct str fixture_zip(struct arena *a, const struct fixture_file *files, size_t n)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &why);
    CHECK(to != NULL);
    zip_source_keep(to);
    zip_t *z = zip_open_from_source(to, ZIP_TRUNCATE, &why);
    CHECK(z != NULL);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *one = zip_source_buffer(z, files[i].bytes.p, files[i].bytes.n, 0);
        CHECK(one && zip_file_add(z, files[i].name, one, ZIP_FL_ENC_UTF_8) >= 0);
    }
    CHECK(zip_close(z) == 0 && zip_source_open(to) == 0);
    CHECK(zip_source_seek(to, 0, SEEK_END) == 0);
    zip_int64_t bytes = zip_source_tell(to);
    char *p = arena_bytes(a, (size_t)bytes);
    CHECK(zip_source_seek(to, 0, SEEK_SET) == 0);
    CHECK(zip_source_read(to, p, (zip_uint64_t)bytes) == bytes);
    zip_source_close(to);
    zip_source_free(to);
    return (struct str){ p, (size_t)bytes };
}

struct str fixture_xlsx(struct arena *a, const char *rows, const char *strings)
{
    struct fixture_file files[] = {
        { "xl/worksheets/sheet1.xml", arena_fmt(a, "<?xml version=\"1.0\"?><worksheet xmlns=\"http:"
            "//schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>%s</sheetData>"
            "</worksheet>", rows) },
        { "xl/sharedStrings.xml", arena_fmt(a, "<sst xmlns=\"http://schemas.openxmlformats.org/"
            "spreadsheetml/2006/main\">%s</sst>", strings) },
    };
    return fixture_zip(a, files, COUNT_OF(files));
}

static struct str file_take(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = arena_bytes(a, 1 << 16);
    CHECK(f != NULL);
    size_t n = fread(p, 1, 1 << 16, f);
    CHECK(fclose(f) == 0 && unlink(path) == 0);
    return (struct str){ p, n };
}

static void put_polygon(SHPHandle shp, double lon, bool lake)
{
    double x[10] = { lon + .004, lon + .006, lon + .006, lon + .004, lon + .004 };
    double y[10] = { 31.304, 31.304, 31.306, 31.306, 31.304 };
    int starts[] = { 0, 5 }, from = lake ? 5 : 0;
    double ring_x[] = { lon, lon, lon + .01, lon + .01, lon };
    double ring_y[] = { 31.3, 31.31, 31.31, 31.3, 31.3 };
    memcpy(x + from, ring_x, sizeof(ring_x));
    memcpy(y + from, ring_y, sizeof(ring_y));
    SHPObject *o = SHPCreateObject(SHPT_POLYGON, -1, lake ? 2 : 1, starts, NULL, lake ? 10 : 5, x,
        y, NULL, NULL);
    CHECK(o && SHPWriteObject(shp, -1, o) >= 0);
    SHPDestroyObject(o);
}

void fixture_shapefile(struct arena *a, const char *name_1, const char *name_2,
    const char *head_code, const char *head_name, struct source *ret)
{
    char folder[] = "/tmp/fengqiao-shp-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    const char *base = arena_fmt(a, "%s/x", folder).p;
    SHPHandle shp = SHPCreate(base, SHPT_POLYGON);
    DBFHandle dbf = DBFCreateEx(base, NULL);
    CHECK(shp && dbf);
    CHECK(DBFAddField(dbf, head_code, FTString, 15, 0) == 0);
    CHECK(DBFAddField(dbf, head_name, FTString, 60, 0) == 1);
    put_polygon(shp, 120.6, false);
    put_polygon(shp, 120.61, true);
    CHECK(DBFWriteStringAttribute(dbf, 0, 0, "320508018023001"));
    CHECK(DBFWriteStringAttribute(dbf, 1, 0, "320508018023002"));
    CHECK(DBFWriteStringAttribute(dbf, 0, 1, name_1) && DBFWriteStringAttribute(dbf, 1, 1, name_2));
    SHPClose(shp);
    DBFClose(dbf);
    ret->bytes = file_take(a, arena_fmt(a, "%s.shp", base).p);
    ret->dbf = file_take(a, arena_fmt(a, "%s.dbf", base).p);
    (void)unlink(arena_fmt(a, "%s.shx", base).p);
    (void)unlink(arena_fmt(a, "%s.cpg", base).p);
    CHECK(rmdir(folder) == 0);
}
