/* rows.h: the product's statements that insert rows, for programs that go past its door. */
#pragma once
#include "db/db.h"

/* What a report leaves behind, a row in each table: statement, and the column of its matter. */
#define ROWS_OF_A_REPORT(X) \
    X("matter.insert", "id") X("matter.entry", "matter") X("intake.reporter", "matter") \
    X("command.claim", "matter")

const struct sql *statement_named(const char *name);
/* Table and columns of INSERT INTO table (columns) VALUES ... */
void insert_parts(const struct sql *insert, struct str *ret_table, struct str *ret_columns);
