/* undisputed.c: the record of facts not in dispute, a document apart from all that was offered to
 * settle: the one may be used later, the other may not. */
#include "dossier/dossier.h"
#include "mediation/course.h"

/* The text lies sealed; it is opened together with the names, when the document is printed. */
static enum err last_text(const struct case_file *d, struct str *ret)
{
    struct list texts;
    *ret = STR_NONE;
    if (d->contacts.n == 0)
        return OK;
    TRY(sealed_texts_read(d->cx, d->m, "facts", &texts));
    const struct sealed_text *t = texts.p;
    if (texts.n)
        *ret = t[texts.n - 1].text;
    return OK;
}

/* A new text takes the place of the one before and is signed anew. */
enum err facts_of_undisputed(const struct case_file *d, struct facts *f)
{
    const struct line *l = line_last(d, "facts");
    struct str text, name;
    if (l == NULL)
        return OK;
    struct facts *one = facts_item(f, "undisputed");
    TRY(last_text(d, &text));
    TRY(access_account_name(d->cx, l->account, &name));
    facts_text(one, "text", text);
    facts_text(one, "recorder", name);
    facts_text(one, "date", paper_day(d->cx->a, l->at_ms));
    facts_of_parties(d, one, l);
    return OK;
}
