/* plates.h: QR plates: which there are for a territory or in an edited list, the address that each
 * code opens, and the sheets as PDF. */
#pragma once
#include "attach/press.h"
#include "catalogue/sheet.h"
#include "spine/module.h"

extern const char *const plate_layouts[];
/* Plates in one file of the server's; a multiple of what each layout has on a sheet. */
enum { PLATES_A_PART = 240, PLATES_TIME_MS_MAX = 20000 };

#define PLATES_IN(X, R) \
    X(R, ID, division, OPTIONAL, 0, 0, NULL, "12-digit code of a town or community; without it only the choice of areas")
RECORD(plates_in, PLATES_IN)
#define PLATE_AREA(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "12-digit code") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name")
RECORD(plate_area, PLATE_AREA)
#define PLATE_VIEW(X, R) \
    X(R, STR, code, REQUIRED, 0, 0, NULL, "code in plain text") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, name_en, REQUIRED, 0, 0, NULL, "name, English") \
    X(R, STR, url, REQUIRED, 0, 0, NULL, "address that the code opens")
RECORD(plate_view, PLATE_VIEW)
#define PLATES(X, R) \
    X(R, LIST, areas, REQUIRED, 0, 3000, &plate_area_record, "areas of my territory to choose from") \
    X(R, LIST, items, REQUIRED, 0, 3000, &plate_view_record, "plates of the area asked for") \
    X(R, I64, parts, REQUIRED, 0, 100, NULL, "files they are printed in")
RECORD(plates, PLATES)

#define PLATES_PDF_IN(X, R) \
    X(R, ID, division, REQUIRED, 0, 0, NULL, "12-digit code of a town or community") \
    X(R, STR, layout, OPTIONAL, 3, 5, plate_layouts, "plates on a sheet; 2x3 unless given") \
    X(R, I64, part, OPTIONAL, 1, 100, NULL, "which file; the first unless given")
RECORD(plates_pdf_in, PLATES_PDF_IN)

/* A row of an edited list: a dwelling or site in a grid. */
#define PLATE_ROW(X, R) \
    X(R, ID, grid, REQUIRED, 0, 0, NULL, "15-digit code of the grid it lies in") \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name on the plate") \
    X(R, STR, name_en, OPTIONAL, 0, 80, NULL, "name, English") \
    X(R, STR, code, OPTIONAL, 0, 40, NULL, "code in plain text; the grid's unless given") \
    X(R, STR, place, OPTIONAL, 0, 60, NULL, "place in the report; else the name") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "longitude, WGS-84") \
    X(R, F64, lat, OPTIONAL, -90, 90, NULL, "latitude, WGS-84")
RECORD(plate_row, PLATE_ROW)

/* What is printed below each code. */
extern const struct msg plates_hint;
/* http:// or https://, printable ASCII; ret is without a slash at the end. */
bool plates_url_ok(struct arena *a, struct str url, struct str *ret);
/* Grids of a division, or the one grid, in order of their codes; url as plates_url_ok() gave it. */
struct list plates_of_division(const struct catalogue *c, struct arena *a, struct str url,
    int64_t division);
struct list plates_of_grid(const struct catalogue *c, struct arena *a, struct str url,
    int64_t grid);
/* Plates of an edited list; what is wrong with it goes to f. */
struct list plates_of_sheet(const struct catalogue *c, struct arena *a, struct str url,
    struct str csv, struct faults *f);
