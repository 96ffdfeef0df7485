/* fill.h: a template and facts become the lines of a job (print/job.h). */
#pragma once
#include "paper/form.h"

/* facts NULL: a blank form, with room to write in the place of every field. */
void form_fill(struct arena *a, const struct paper_form *t, const struct facts *facts,
    struct str note, struct buf *out);
/* Whether a template's document belongs into the dossier of these facts. */
bool form_wanted(const struct paper_form *t, const struct facts *facts);
