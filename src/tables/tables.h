/* tables.h: the feature "tables": the deployer's tables (categories, limits, calendar,
 * templates, deputies, subsidies, units) at a desk: read as they are or were, checked as somebody
 * has edited them, and put in force. The same checks as `fengqiao import` makes. */
#pragma once
#include "access/access.h"
#include "spine/module.h"

extern const char *const table_names[], *const table_forms[];
enum { TABLE_BYTES_MAX = 1000000, TABLE_FAULTS_MAX = 200, TABLE_COLUMNS_MAX = 40 };

#define TABLE_IN(X, R) \
    X(R, STR, name, REQUIRED | IN_PATH, 1, 12, table_names, "category, limit, calendar, template," \
        " deputy, subsidy, keeping or units") \
    X(R, I64, version, OPTIONAL, 1, 1e9, NULL, "which version; the one in force unless given. Of units" \
        " there is only the present list") \
    X(R, STR, as, OPTIONAL, 0, 4, table_forms, "csv or json; csv unless given")
RECORD(table_in, TABLE_IN)
#define TABLE_COLUMN(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "heading of the column") \
    X(R, BOOL, required, REQUIRED, 0, 0, NULL, "a row must have it") \
    X(R, WORDS, words, OPTIONAL, 0, 100, NULL, "words it may hold; none: any")
RECORD(table_column, TABLE_COLUMN)
#define TABLE_VIEW(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "which table") \
    X(R, I64, version, REQUIRED, 0, 0, NULL, "number of the version; 0: there is none yet") \
    X(R, I64, moves, REQUIRED, 0, 0, NULL, "goes back with the edited table: whether others changed it") \
    X(R, BOOL, may_change, REQUIRED, 0, 0, NULL, "you may put a new version in force") \
    X(R, LIST, columns, REQUIRED, 0, TABLE_COLUMNS_MAX, &table_column_record, "what rows hold") \
    X(R, STR, csv, REQUIRED, 0, 0, NULL, "the table, CSV with a heading") \
    X(R, RAW, rows, OPTIONAL, 0, 0, NULL, "asked for as json: an array of objects, whose keys are the columns")
RECORD(table_view, TABLE_VIEW)

#define TABLE_CHANGE_IN(X, R) \
    X(R, STR, name, REQUIRED | IN_PATH, 1, 12, table_names, "which table") \
    X(R, STR, csv, REQUIRED | MULTILINE | TABLED, 1, TABLE_BYTES_MAX, NULL, "the whole table: CSV with a heading, or" \
        " JSON, an array of objects whose keys are the columns") \
    X(R, I64, moves, REQUIRED, 0, 9e15, NULL, "as it came with the table that was edited; refused if" \
        " another version has been stored or taken back since") \
    X(R, BOOL, dry, OPTIONAL, 0, 0, NULL, "true: check only, store nothing") \
    X(R, TIME, valid_from, OPTIONAL, 0, 4102444800000.0, NULL, "from when it is in force; at once" \
        " unless given. Units change at once")
RECORD(table_change_in, TABLE_CHANGE_IN)
#define TABLE_FAULT(X, R) \
    X(R, I64, line, REQUIRED, 0, 0, NULL, "line of the table, the heading is 1; of JSON, its first" \
        " object is 2; 0: the table as a whole") \
    X(R, STR, field, REQUIRED, 0, 0, NULL, "column, or empty") \
    X(R, STR, message, REQUIRED, 0, 0, NULL, "what is wrong and what to do")
RECORD(table_fault, TABLE_FAULT)
#define TABLE_CHANGE_VIEW(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "which table") \
    X(R, I64, rows, REQUIRED, 0, 0, NULL, "good rows") \
    X(R, I64, faults_total, REQUIRED, 0, 0, NULL, "how many faults; with any nothing is stored") \
    X(R, LIST, faults, REQUIRED, 0, TABLE_FAULTS_MAX, &table_fault_record, "the first of them") \
    X(R, LIST, advice, REQUIRED, 0, TABLE_FAULTS_MAX, &table_fault_record, "what is probably not meant") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "number of the version it has become; none: nothing was stored") \
    X(R, TIME, valid_from, OPTIONAL, 0, 0, NULL, "from when that is in force")
RECORD(table_change_view, TABLE_CHANGE_VIEW)

/* What its rows are. */
const struct record *table_record(struct str name);
/* Whether somebody with this role at this unit may change them. */
bool tables_may_change(unsigned role, const struct unit *u);
/* The desk for which the actor may change the deployer's tables, as administrator of the city's;
 * NULL when there is none. */
const struct unit *tables_desk(const struct cx *cx);

handler table_show, table_change;
enum err table_change_prepare(struct cx *cx, const void *in) MUST_USE;
void table_change_finish(struct cx *cx, struct buf *out);
