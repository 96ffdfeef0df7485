/* data.h: the demo city's files, compiled into the program so that it needs none beside it. */
#pragma once
#include "base/str.h"

struct str data_divisions(void);         /* data/demo/suzhou_division.csv */
struct str data_districts(void);         /* data/demo/suzhou_districts.geojson */
struct str data_township_centres(void);  /* data/demo/township_centres.csv */
struct str data_water(void);             /* data/demo/water.csv */

/* The lines of a CSV file without its heading: cuts one off *rest and splits it at commas into
 * exactly count fields. False at the end of the file. Fields hold no commas or quotes here. */
bool data_row(struct str *rest, struct str *fields, size_t count);
/* A field that must be a number. */
double data_number(struct str field);
