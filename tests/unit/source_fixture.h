/* source_fixture.h: small files of every format that areas come in, for tests and as seeds. */
#pragma once
#include "layer/feature.h"

struct fixture_file { const char *name; struct str bytes; };
/* An archive of these files, stored. */
struct str fixture_zip(struct arena *a, const struct fixture_file *files, size_t n);
/* A spreadsheet whose first sheet's rows are this XML, with these shared strings' XML. */
struct str fixture_xlsx(struct arena *a, const char *rows, const char *strings);
/* A Shapefile with two squares (codes 320508018023001 and ...002; the second with a hole, drawn
 * first) and a column 网格编码 and one 网格名称, in the encoding of the names given; fills shp
 * and dbf of ret. */
void fixture_shapefile(struct arena *a, const char *name_1, const char *name_2,
    const char *head_code, const char *head_name, struct source *ret);
