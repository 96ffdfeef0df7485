/* number.c: see number.h. */
#include "number.h"
#include "base/str.h"
#include <stdio.h>

double number_of(const char *text)
{
    double v = 0;
    if (!str_to_f64(str_c(text), &v))
        fprintf(stderr, "not a number: %s\n", text);
    return v;
}
