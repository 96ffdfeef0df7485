/* job.h: what the program asks fengqiao-print for, and how that one answers. The job comes on
 * standard input as UTF-8 lines, the sheets leave as PDF on standard output, and standard error
 * tells how far it is.
 *
 * Plates. First line: layout, tab, line below the code in Chinese, tab, in English. Every further
 * line is a plate: address, tab, name, tab, name in English, tab, code.
 *
 * Documents. First line: "dossier" or, with a mark for each character that no font has, "marked",
 * tab, whole, each or both (one PDF of all, one of each document, or first that and then these),
 * tab, title, and if it is to stand small below each page, tab, who printed it and when. Then for
 * every document "doc", tab, kind (cover,
 * contents, paper, back), tab, title, tab, note for the contents; and what stands in it, a line
 * each, the word and its text parted by a tab:
 *   title, cover, heading, subheading, p (paragraph), plain (without indent), centre, right, note
 *   table WIDTHS ("2c 5": parts of the width, c: centred), head CELLS, row CELLS, end; tabs between
 *     cells, a carriage return for a new line in one; the last cell takes the columns left over
 *   sign LABEL VALUE JPEG (a rule to sign on), line LABEL VALUE (the cover's), count
 *   LABEL (how many numbered pages there are), seal WHOSE, date TEXT
 *   fill N (ruled lines to write on), gap N (empty lines), break (a new page), keep
 *     (what follows stays on the page of what is there)
 *   code ADDRESS (its QR code, at the right of the title that follows)
 *   image CAPTION JPEG (half a page at most), scan CAPTION JPEG (a page); JPEG in base64
 *   entries (the contents) */
#pragma once
#include "base/str.h"

enum { PLATES_MAX = 100000, PLATE_TEXT_CHARS_MAX = 120, PLATE_URL_BYTES_MAX = 900,
    JOB_BYTES_MAX = 128 << 20, JOB_FIELDS = 4, JOB_DOCS_MAX = 300, JOB_FILL_MAX = 22,
    JOB_PDF_BYTES_MAX = 64 << 20 };
#define JOB_DOSSIER "dossier"
#define JOB_MARKED "marked"

struct plate { struct str url, name, name_en, code; };

/* Lines on standard error: "done 120" plates so far; "file 12345 6" bytes and pages of a PDF that is
 * written; or, once and last, what stands in the way: "font" no font has Chinese characters; "glyph
 * TEXT" no font has all characters of this text, of a document: the character, a space, the text;
 * "long TEXT" the address of the plate with this name does not fit into a code of that size; "bad"
 * the job is not one, or this line of it. */
#define PRINT_DONE "done"
#define PRINT_FILE "file"
#define PRINT_FONT "font"
#define PRINT_GLYPH "glyph"
#define PRINT_LONG "long"
#define PRINT_BAD "bad"

/* Names of the layouts, as in draw.c: plates across, down. */
#define PRINT_LAYOUTS(X) X("2x3", 2, 3) X("3x4", 3, 4) X("label", 3, 8)
