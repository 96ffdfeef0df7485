/* paper.h: documents as PDF: a template and facts for each, set by fengqiao-print. */
#pragma once
#include "access/cx.h"
#include "attach/press.h"
#include "paper/form.h"

/* facts NULL: a blank form. A template of a list makes a document for each of its items. */
struct paper_part {
    const struct paper_form *template;
    const struct facts *facts;
    struct str note;
};
struct paper_order {
    struct str title;
    const struct paper_part *parts;
    size_t n;
    struct str printed;             /* who printed it and when, small below each page; or none */
    bool marked;                    /* a character that no font has is a mark, not E_INPUT */
};
enum paper_what {
    PAPER_PDF,                      /* one PDF of all */
    PAPER_ZIP,                      /* that and a PDF of each document, in an archive */
};
enum { PAPER_PARTS_MAX = 100, PAPER_TIME_MS_MAX = 20000 };

/* Templates of the program, those of the folder (NAME.txt) in their place or beside them; folder
 * may be NULL. Faults go to f, with the file's name as their field. E_IO: no such folder. */
enum err paper_templates(struct arena *a, const char *folder, struct faults *f,
    struct forms **ret, struct err_info *info) MUST_USE;
/* The parts of a dossier of these facts: every template that has a place in it and is wanted, in
 * order. ret has room for TEMPLATES_MAX. */
size_t paper_dossier(const struct forms *t, const struct facts *facts, struct paper_part *ret);
/* E_INPUT: a character that no font has, or a scan that is no JPEG; info names it. press: the
 * path of fengqiao-print, or NULL. */
enum err paper_make(const struct helper *press, struct arena *a, const struct paper_order *order,
    enum paper_what what, struct str *ret, struct err_info *info) MUST_USE;
/* The same for a handler, marked: people write what they like, and the document is due. */
enum err paper_render(struct cx *cx, const struct paper_order *order, enum paper_what what,
    struct str *ret) MUST_USE;
