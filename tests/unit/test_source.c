/* Rows out of files of every format: the same two grids in each. */
#include "layer/source.c"
#include "source_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* 网格编码, 网格名称, 东门, 西门 in GBK. */
#define GBK_CODE "\xcd\xf8\xb8\xf1\xb1\xe0\xc2\xeb"
#define GBK_NAME "\xcd\xf8\xb8\xf1\xc3\xfb\xb3\xc6"
#define GBK_EAST "\xb6\xab\xc3\xc5"
#define GBK_WEST "\xce\xf7\xc3\xc5"

static struct features read_file(struct arena *a, const char *name, struct str bytes)
{
    struct source s = { .name = str_c(name), .bytes = bytes };
    struct features f = { .at = NULL };
    struct err_info info = { .e = OK };
    enum err e = source_read(a, &s, &f, &info);
    if (e != OK)
        print_error("%s: %s\n", name, info.en);
    assert_int_equal(e, OK);
    return f;
}

static enum err refused(struct arena *a, const char *name, struct str bytes, struct err_info *info)
{
    struct source s = { .name = str_c(name), .bytes = bytes };
    struct features f = { .at = NULL };
    *info = (struct err_info){ .e = OK };
    enum err e = source_read(a, &s, &f, info);
    assert_int_not_equal(e, OK);
    assert_true(info->en[0] && info->zh[0]);
    return e;
}

static void are_two_grids(const struct features *f, size_t first_row, size_t second_row)
{
    assert_int_equal(f->n, 2);
    assert_true(str_is(f->at[0].values[FIELD_CODE], "320508018023001"));
    assert_true(str_is(f->at[1].values[FIELD_CODE], "320508018023002"));
    assert_true(str_is(f->at[0].values[FIELD_NAME], "东门"));
    assert_true(str_is(f->at[1].values[FIELD_NAME], "西门"));
    assert_int_equal(f->at[0].row, first_row);
    assert_int_equal(f->at[1].row, second_row);
    for (size_t i = 0; i < 2; i++) {
        assert_null(f->at[i].fault);
        assert_int_equal(f->at[i].rough.kind, ROUGH_AREA);
    }
    assert_int_equal(f->at[0].rough.point_count, 5);
    assert_true(f->at[0].rough.at[0].lon == 120.6 && f->at[0].rough.at[0].lat == 31.3);
}

#define WKT_1 "\"POLYGON((120.6 31.3,120.61 31.3,120.61 31.31,120.6 31.31,120.6 31.3))\""
#define WKT_2 "\"POLYGON((120.61 31.3,120.62 31.3,120.62 31.31,120.61 31.31,120.61 31.3))\""
#define JSON_1 "[[[120.6,31.3],[120.61,31.3],[120.61,31.31],[120.6,31.31],[120.6,31.3]]]"

static void csv_with_wkt(void **state)
{
    struct features f = read_file(*state, "a.csv", STR("\xef\xbb\xbf网格编码,网格名称,备注,WKT\r\n"
        "320508018023001,东门,\"两行\n备注\"," WKT_1 "\r\n\r\n320508018023002,西门,," WKT_2 "\r\n"));
    are_two_grids(&f, 2, 5);
    f = read_file(*state, "a.txt", STR("code\tname\tshape\n320508018023001\t东门\t" WKT_1
        "\n320508018023002\t\"西门\"\t" WKT_2));
    are_two_grids(&f, 2, 3);
    f = read_file(*state, "gbk.csv", STR(GBK_CODE "," GBK_NAME ",wkt\n320508018023001," GBK_EAST ","
        WKT_1 "\n320508018023002," GBK_WEST "," WKT_2 "\n"));
    are_two_grids(&f, 2, 3);
    f = read_file(*state, "points.csv", STR("编码,名称,经度,纬度\nA1,\"甲\"\"楼\"\"\",120.6,31.3\n"
        "A2,乙楼,x,31.3\n"));
    assert_int_equal(f.at[0].rough.kind, ROUGH_POINT);
    assert_true(str_is(f.at[0].values[FIELD_NAME], "甲\"楼\""));
    assert_true(f.at[1].rough.at[0].lon != f.at[1].rough.at[0].lon);
}

static void geojson(void **state)
{
    struct features f = read_file(*state, "a.geojson", STR("{\"type\":\"FeatureCollection\",\"crs\":{"
        "\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}},\"features\":[\n"
        "{\"type\":\"Feature\",\"properties\":{\"网格编码\":\"320508018023001\",\"name\":\"\\u4e1c门\"},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" JSON_1 "}},\n{\"geometry\":{\"type\":"
        "\"MultiPolygon\",\"coordinates\":[" JSON_1 "]},\"properties\":{\"GRIDCODE\":320508018023002,"
        "\"网格名称\":\"西门\",\"x\":null},\"type\":\"Feature\"}]}"));
    are_two_grids(&f, 1, 2);
    assert_true(str_is(f.crs, "urn:ogc:def:crs:EPSG::4490"));
    f = read_file(*state, "one.json", STR("{\"type\":\"Feature\",\"id\":7,\"properties\":null,"
        "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}}"));
    assert_true(str_is(f.at[0].values[FIELD_CODE], "7"));
    assert_non_null(f.at[0].fault);
}

/* A name never goes lost without a word. */
static void control_characters_are_a_fault_of_their_field(void **state)
{
    struct features f = read_file(*state, "a.geojson", STR("{\"type\":\"FeatureCollection\","
        "\"features\":[{\"type\":\"Feature\",\"properties\":{\"网格编码\":\"320508018023001\","
        "\"name\":\"\\b东门\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" JSON_1 "}}]}"));
    assert_int_equal(f.n, 1);
    assert_int_equal(f.at[0].values[FIELD_NAME].n, 0);
    assert_non_null(f.at[0].fault);
    assert_string_equal(f.at[0].fault->field, "name");
}

static void shapefile_alone_and_zipped(void **state)
{
    struct arena *a = *state;
    struct source s = { .name = STR("格.shp") };
    struct features f;
    fixture_shapefile(a, GBK_EAST, GBK_WEST, GBK_CODE, GBK_NAME, &s);
    assert_int_equal(source_read(a, &s, &f, NULL), OK);
    are_two_grids(&f, 1, 2);
    assert_true(f.at[1].rough.loose);
    assert_int_equal(f.at[1].rough.ring_count, 2);
    s.encoding = "UTF-8";
    struct err_info info = { .e = OK };
    assert_int_equal(source_read(a, &s, &f, &info), E_INPUT);
    assert_string_equal(info.field, "encoding");
    fixture_shapefile(a, GBK_EAST, "plain", "code", "name", &s);
    assert_int_equal(source_read(a, &s, &f, NULL), OK);
    assert_string_equal(f.at[0].fault->field, "encoding");
    assert_null(f.at[1].fault);
    /* In UTF-8 a name of four characters is cut to ten bytes. */
    fixture_shapefile(a, "东门", "西门", "网格编码", "网格名称", &s);
    struct fixture_file files[] = { { "资料/格.SHP", s.bytes }, { "资料/格.dbf", s.dbf },
        { "资料/格.cpg", STR("UTF-8\n") }, { "__MACOSX/格.shp", STR("x") },
        { "资料/格.prj", STR("GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\"]") } };
    f = read_file(a, "x.zip", fixture_zip(a, files, COUNT_OF(files)));
    are_two_grids(&f, 1, 2);
    assert_true(str_starts(f.crs, STR("GEOGCS")));
}

static void spreadsheet(void **state)
{
    struct str x = fixture_xlsx(*state, "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
        "t=\"inlineStr\"><is><t>WKT</t></is></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><v>3.20508018023001E14</v></c><c r=\"B3\" t=\"s\"><v>2</v></c><c "
        "r=\"C3\" t=\"str\"><v>POLYGON((120.6 31.3,120.61 31.3,120.61 31.31,120.6 31.31,120.6 31.3))"
        "</v></c></row><row><c t=\"inlineStr\"><is><t>320508018023002</t></is></c><c t=\"s\"><v>3</v>"
        "</c><c t=\"str\"><v>POLYGON((1 1,2 2,3 1,1 1))</v></c></row>",
        "<si><t>网格编码</t></si><si><t>网格名称</t></si><si><r><t>东</t></r><r><t>门</t></r><rPh><t>x</t>"
        "</rPh></si><si><t> 西门 </t></si>");
    struct features f = read_file(*state, "a.xlsx", x);
    are_two_grids(&f, 3, 4);
    f = read_file(*state, "a.xlsx", fixture_xlsx(*state, "<row><c t=\"inlineStr\"><is><t>code</t></is>"
        "</c></row><row><c><v>32050801802300112</v></c></row>", ""));
    assert_string_equal(f.at[0].fault->field, "code");
    assert_non_null(strstr(f.at[0].fault->en, "format the column as text"));
    f = read_file(*state, "a.xlsx", fixture_xlsx(*state, "<row><c t=\"inlineStr\"><is><t>code</t></is>"
        "</c></row><row><c><v>3.2E14</v></c></row><row><c><v>3.20508E11</v></c></row>", ""));
    assert_non_null(strstr(f.at[0].fault->en, "format the column as text"));
    assert_null(f.at[1].fault);
    assert_true(str_is(f.at[1].values[FIELD_CODE], "320508000000"));
}

static void files_that_cannot_be_read_say_why(void **state)
{
    struct arena *a = *state;
    struct err_info info;
    assert_int_equal(refused(a, "a.dwg", STR("x"), &info), E_MEDIA);
    struct str vast = { "x", (size_t)SOURCE_BYTES_MAX + 1 };
    assert_int_equal(refused(a, "a.geojson", vast, &info), E_TOO_LARGE);
    assert_int_equal(refused(a, "a.zip", STR("PK not really"), &info), E_MEDIA);
    assert_int_equal(refused(a, "a.xlsx", STR(""), &info), E_MEDIA);
    assert_int_equal(refused(a, "a.shp", STR("short"), &info), E_MEDIA);
    struct source s = { .name = STR("x.shp") };
    fixture_shapefile(a, "a", "b", "code", "name", &s);
    assert_int_equal(refused(a, "a.shp", s.bytes, &info), E_INPUT);
    assert_non_null(strstr(info.en, ".dbf"));
    struct features f = { .at = NULL };
    s.bytes.n -= 10;
    info = (struct err_info){ .e = OK };
    assert_int_equal(source_read(a, &s, &f, &info), E_INPUT);
    assert_non_null(strstr(info.en, "holds 1 outlines"));
    assert_int_equal(refused(a, "a.geojson", STR("{\"type\":\"FeatureCollection\",\"features\":[{"),
        &info), E_INPUT);
    assert_int_equal(refused(a, "a.geojson", STR("{\"type\":\"FeatureCollection\",\"features\":[{} {}]}"),
        &info), E_INPUT);
    assert_non_null(strstr(info.en, "feature 1"));
    assert_int_equal(refused(a, "a.csv", STR("甲,乙\n1,2\n"), &info), E_INPUT);
    assert_int_equal(refused(a, "a.csv", STR("code,name\n1,\xff\xff\n"), &info), E_INPUT);
    assert_string_equal(info.field, "encoding");
    struct fixture_file two[] = { { "a.csv", STR("code\n1") }, { "b.csv", STR("code\n1") } };
    assert_int_equal(refused(a, "a.zip", fixture_zip(a, two, 2), &info), E_INPUT);
    struct fixture_file entity[] = { { "xl/worksheets/sheet1.xml", STR("<!DOCTYPE w [<!ENTITY a \"aa\">"
        "]><worksheet/>") } };
    assert_int_equal(refused(a, "a.xlsx", fixture_zip(a, entity, 1), &info), E_MEDIA);
}

static void columns_may_be_named(void **state)
{
    struct headings h = { .mapped = { STR_NONE } };
    struct err_info info = { .e = OK };
    (void)state;
    assert_int_equal(headings_field(&h, STR("wgbm"), false), FIELD_CODE);
    assert_int_equal(headings_field(&h, STR("别的"), false), FIELD_COUNT);
    assert_int_equal(headings_map(&h, STR("code=别的"), NULL), OK);
    assert_int_equal(headings_field(&h, STR("别的"), false), FIELD_CODE);
    assert_int_equal(headings_field(&h, STR("wgbm"), false), FIELD_COUNT);
    assert_int_equal(headings_map(&h, STR("nonsense=x"), &info), E_INPUT);
    assert_int_equal(headings_map(&h, STR("code="), &info), E_INPUT);
    assert_int_equal(headings_field(&h, STR("网格名\xe7"), true), FIELD_NAME);
    assert_int_equal(headings_field(&h, STR("网格名\xe7"), false), FIELD_COUNT);
}

static int begin(void **state)
{
    static struct arena a;
    arena_init(&a, 256 << 20);
    *state = &a;
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_with_wkt), cmocka_unit_test(geojson),
        cmocka_unit_test(control_characters_are_a_fault_of_their_field),
        cmocka_unit_test(shapefile_alone_and_zipped), cmocka_unit_test(spreadsheet),
        cmocka_unit_test(files_that_cannot_be_read_say_why),
        cmocka_unit_test(columns_may_be_named),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
