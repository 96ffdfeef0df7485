/* facts.h: what is known of a case, as templates ask for it: a tree of texts and lists by name. */
#pragma once
#include "base/err.h"

struct known;
struct facts { struct arena *a; struct facts *outer; struct known *first, *last; };

/* An empty tree; a list's item asks outer for what it does not have itself. */
struct facts *facts_make(struct arena *a);
/* Texts are UTF-8 and stay where they are; "\n" parts paragraphs. An empty text counts as not known. */
void facts_text(struct facts *f, const char *name, struct str text);
/* True as "1"; false as not known. */
void facts_flag(struct facts *f, const char *name, bool truth);
/* A new item at the end of the list of this name. */
struct facts *facts_item(struct facts *f, const char *list);

/* The text, looked for here and then outside; none when it is not known. */
struct str fact_text(const struct facts *f, struct str name);
/* Items of the list one after the other: item 0 is the first; NULL behind the last. */
const struct facts *fact_item(const struct facts *f, struct str list, size_t item);

/* Out of a JSON object of texts, numbers, truths and arrays of such objects. E_INPUT names what is
 * wrong; names that no template may ask for are wrong too. */
enum err facts_of_json(struct arena *a, struct str json, struct facts **ret, struct err_info *info)
    MUST_USE;

/* What templates may ask for. */
enum fact_kind { FIELD_TEXT, FIELD_LONG, FIELD_FLAG, FIELD_SCAN, FIELD_LIST };
struct fact_field {
    const char *list;               /* list whose items have it, or NULL: the case itself */
    const char *name;
    enum fact_kind kind;
    int room;                       /* on blank forms: characters, or lines of FIELD_LONG, or items */
    struct msg meaning;
};
extern const struct fact_field fact_fields[];
extern const size_t fact_fields_n;
/* The field of this name inside the list (or else of the case); NULL when there is none. */
const struct fact_field *fact_field_find(struct str list, struct str name);
