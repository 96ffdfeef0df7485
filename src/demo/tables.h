/* tables.h: the demo city's tables (data/demo/NAME.csv), compiled into the program: the small
 * catalogues and the lists from which units and accounts are made. */
#pragma once
#include "base/str.h"

/* name: category limit rule calendar template deputy subsidy department account duty absence
 * note division_en. */
struct str demo_table(const char *name);
