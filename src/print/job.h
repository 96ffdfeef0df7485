/* job.h: what the program asks fengqiao-print for, and how that one answers. The job comes on
 * standard input as UTF-8 lines, the sheets leave as PDF on standard output, and standard error
 * tells how far it is. First line: layout, tab, line below the code in Chinese, tab, in English.
 * Every further line is a plate: address, tab, name, tab, name in English, tab, code. */
#pragma once
#include "base/str.h"

enum { PLATES_MAX = 100000, PLATE_TEXT_CHARS_MAX = 120, PLATE_URL_BYTES_MAX = 900,
    JOB_BYTES_MAX = 128 << 20, JOB_FIELDS = 4 };

struct plate { struct str url, name, name_en, code; };

/* Lines on standard error: "done 120" plates so far; or, once and last, what stands in the way:
 * "font" no font has Chinese characters; "glyph TEXT" no font has all characters of this text;
 * "long TEXT" the address of the plate with this name does not fit into a code of that size;
 * "bad" the job is not one. */
#define PRINT_DONE "done"
#define PRINT_FONT "font"
#define PRINT_GLYPH "glyph"
#define PRINT_LONG "long"
#define PRINT_BAD "bad"

/* Names of the layouts, as in draw.c: plates across, down. */
#define PRINT_LAYOUTS(X) X("2x3", 2, 3) X("3x4", 3, 4) X("label", 3, 8)
