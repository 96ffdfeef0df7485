/* imports.h: layers imported at a desk: a file is uploaded, read in a process of its own and
 * checked; what was found is looked at; then it is put in force from a day on, whole or its good
 * rows alone, or thrown away. */
#pragma once
#include "layer/import.h"
#include "layer/report.h"
#include "zoning/zoning.h"

extern const char *const import_extents[], *const import_systems[];

#define IMPORT_IN(X, R) \
    X(R, STR, layer, REQUIRED, 1, 12, layer_names, "division, grid, micro or police") \
    X(R, STR, name, REQUIRED, 1, 200, NULL, "name of the file; its ending says the format: .geojson" \
        " .json .csv .txt .tsv .xlsx .zip") \
    X(R, STR, extent, REQUIRED, 1, 10, import_extents, "part: only what is in the file changes; whole:" \
        " what it lacks is taken away; replace: the same, even if that is most of the layer") \
    X(R, STR, crs, OPTIONAL, 1, 10, import_systems, "coordinate system; found out unless given") \
    X(R, TIME, valid_from, OPTIONAL, 0, 4102444800000.0, NULL, "first day; now unless given") \
    X(R, STR, encoding, OPTIONAL, 1, 20, NULL, "of texts; UTF-8 or GB18030 unless given") \
    X(R, STR, map, OPTIONAL, 1, 500, NULL, "columns that have names of their own: code=COLUMN,..")
RECORD(import_in, IMPORT_IN)
#define IMPORT_ID_IN(X, R) \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the import")
RECORD(import_id_in, IMPORT_ID_IN)
#define IMPORT_PUBLISH_IN(X, R) IMPORT_ID_IN(X, R) \
    X(R, TIME, valid_from, OPTIONAL, 0, 4102444800000.0, NULL, "first day; now unless given") \
    X(R, BOOL, good_rows, OPTIONAL, 0, 0, NULL, "true: only the rows without faults; nothing goes for" \
        " being missing") \
    X(R, TIME, checked, OPTIONAL, 0, 4102444800000.0, NULL, "when what was looked at had been checked;" \
        " refused if it has been checked since")
RECORD(import_publish_in, IMPORT_PUBLISH_IN)

#define IMPORT_ROW(X, R) \
    X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the import") \
    X(R, STR, layer, REQUIRED, 0, 0, NULL, "division, grid, micro or police") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name of the file") \
    X(R, STR, extent, REQUIRED, 0, 0, NULL, "part, whole or replace") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "who uploaded it") \
    X(R, TIME, made, REQUIRED, 0, 0, NULL, "when") \
    X(R, TIME, checked, REQUIRED, 0, 0, NULL, "when it was last checked") \
    X(R, TIME, valid_from, OPTIONAL, 0, 0, NULL, "first day, as wished or as published") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "the version it has become; none: not put in force; 0:" \
        " nothing changed") \
    X(R, TIME, back, OPTIONAL, 0, 0, NULL, "when that version was taken back again")
RECORD(import_row, IMPORT_ROW)
#define IMPORT_LIST(X, R) \
    X(R, LIST, items, REQUIRED, 0, IMPORTS_MAX, &import_row_record, "the newest first")
RECORD(import_list_view, IMPORT_LIST)

enum { IMPORT_MENDED_MAX = 300, IMPORT_FINDINGS_MAX = 300, IMPORT_PICTURES_MAX = 40 };
#define IMPORT_MENDED(X, R) \
    X(R, I64, row, REQUIRED, 0, 0, NULL, "row of the file") \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "code") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "what was done") \
    X(R, F64, before_m2, REQUIRED, 0, 0, NULL, "area as drawn") \
    X(R, F64, after_m2, REQUIRED, 0, 0, NULL, "area as it is now")
RECORD(import_mended, IMPORT_MENDED)
#define IMPORT_FINDING(X, R) ZONE_FINDING(X, R)
RECORD(import_finding, IMPORT_FINDING)
#define IMPORT_PICTURE(X, R) \
    X(R, ID, parent, REQUIRED, 0, 0, NULL, "division, grid or unit") \
    X(R, STR, parent_name, REQUIRED, 0, 0, NULL, "its name") \
    X(R, F64, gap_m2, REQUIRED, 0, 0, NULL, "gaps in it") \
    X(R, F64, overlap_m2, REQUIRED, 0, 0, NULL, "overlaps in it") \
    X(R, F64, across_m2, REQUIRED, 0, 0, NULL, "ground of it that zones of other parents have") \
    X(R, I64, width, REQUIRED, 0, 0, NULL, "of the picture, pixels") \
    X(R, I64, height, REQUIRED, 0, 0, NULL, "of the picture, pixels") \
    X(R, STR, zones, REQUIRED, 0, 0, NULL, "path of SVG: its zones") \
    X(R, STR, ground, REQUIRED, 0, 0, NULL, "path: its own outline") \
    X(R, STR, gaps, REQUIRED, 0, 0, NULL, "path: gaps") \
    X(R, STR, overlaps, REQUIRED, 0, 0, NULL, "path: overlaps") \
    X(R, STR, across, REQUIRED, 0, 0, NULL, "path: what zones of other parents have")
RECORD(import_picture, IMPORT_PICTURE)
/* total counts what is not listed too. */
#define IMPORT_OUTCOME(X, R) \
    X(R, I64, rows, REQUIRED, 0, 0, NULL, "rows of the file") \
    X(R, STR, placing, REQUIRED, 0, 0, NULL, "how the coordinates were read, in words") \
    X(R, I64, added, REQUIRED, 0, 0, NULL, "zones it adds") \
    X(R, I64, altered, REQUIRED, 0, 0, NULL, "zones it changes") \
    X(R, I64, removed, REQUIRED, 0, 0, NULL, "zones it takes away") \
    X(R, I64, same, REQUIRED, 0, 0, NULL, "zones that stay as they are") \
    X(R, I64, bad, REQUIRED, 0, 0, NULL, "rows to be corrected") \
    X(R, I64, faults_total, REQUIRED, 0, 0, NULL, "how many faults") \
    X(R, LIST, faults, REQUIRED, 0, FAULTS_MAX, &draft_fault_record, "by row, with the remedy") \
    X(R, I64, mended_total, REQUIRED, 0, 0, NULL, "how many outlines were mended") \
    X(R, LIST, mended, REQUIRED, 0, IMPORT_MENDED_MAX, &import_mended_record, "what was done to them") \
    X(R, I64, findings_total, REQUIRED, 0, 0, NULL, "how many gaps, overlaps and crossings") \
    X(R, LIST, findings, REQUIRED, 0, IMPORT_FINDINGS_MAX, &import_finding_record, "the largest first") \
    X(R, LIST, pictures, REQUIRED, 0, IMPORT_PICTURES_MAX, &import_picture_record, "of parents with gaps or" \
        " overlaps") \
    X(R, I64, effects_total, REQUIRED, 0, 0, NULL, "how many things are to be put in order with it") \
    X(R, LIST, effects, REQUIRED, 0, EFFECTS_SHOWN_MAX, &draft_effect_record, "micro-grids, people in charge," \
        " open matters")
RECORD(import_outcome_view, IMPORT_OUTCOME)
#define IMPORT_GONE(X, R) X(R, ID, id, REQUIRED, 0, 0, NULL, "number of the import that is gone")
RECORD(import_gone, IMPORT_GONE)

/* --- imports_view.c */
struct str imports_outcome_text(struct cx *cx, const struct layer_plan *p,
    const struct effects *e, size_t rows, enum lang lang);

/* --- imports.c */
/* What a file's rows (rows.h) come to: the rest of what is done before the transaction. */
enum err import_prepare_rows(struct cx *cx, const struct import_in *q, struct str rows) MUST_USE;
extern const struct module module_imports;
