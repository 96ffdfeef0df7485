/* form.h: documents as text files: the deployer's data. docs/operate.md describes them. */
#pragma once
#include "catalogue/sheet.h"
#include "paper/facts.h"

enum node_kind { NODE_BLOCK, NODE_EACH, NODE_IF, NODE_UNLESS, NODE_TABLE, NODE_END };
struct form_part {
    enum node_kind kind;
    const char *word;               /* NODE_BLOCK: of the job */
    struct str text;                /* NODE_BLOCK, NODE_TABLE: with fields in braces */
    struct str field, value;        /* NODE_EACH, _IF, _UNLESS: name, and the word it is to equal */
    size_t line, end;               /* end: node that closes it */
};
struct paper_form {
    struct str name;                /* of the file, without .txt */
    struct str kind, title, title_en;
    struct str of;                  /* list: a document for each item; or none */
    struct str when, when_value;    /* in a dossier only if this is known (and equals the word) */
    int64_t place;                  /* in a dossier; 0: never by itself */
    struct str remark;              /* fields that tell it from others of its name in the contents */
    bool must;                      /* a dossier is not complete without it */
    struct form_part *nodes;
    size_t n;
};
enum { TEMPLATES_MAX = 60, TEMPLATE_BYTES_MAX = 1 << 16, TEMPLATE_LINES_MAX = 600 };
struct forms { struct paper_form at[TEMPLATES_MAX]; size_t n; };

struct form_file { const char *name, *text; };
extern const struct form_file form_files[];     /* those inside the program */
extern const size_t form_files_n;

/* Reads one; what is wrong goes to f with its line. The text stays where it is. */
struct paper_form form_read(struct arena *a, struct str name, struct str text, struct faults *f);
/* Cuts the next piece off a text: ret_text before the field, and the field (without braces), which
 * is none behind the last. False at the end. "{{" stands for a brace. */
bool form_cut(struct str *rest, struct str *ret_text, struct str *ret_field);
/* "name=word" into both. */
void form_choice(struct str s, struct str *ret_field, struct str *ret_value);
const struct paper_form *form_find(const struct forms *t, struct str name);
