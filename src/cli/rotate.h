/* rotate.h: the statements of `fengqiao rotate-key`. */
#pragma once
#include "db/db.h"

extern const struct sql *const rotate_statements[];
extern const size_t rotate_statements_n;
