/* script.h: what happens in the demo city: what people report, and how its units go about it. */
#pragma once
#include "matter/intake.h"
#include "matter/step.h"

enum planned_by { BY_OWNER, BY_DESK, BY_ASKED, BY_REPORTER, BY_SYSTEM };
struct planned { struct step_args args; enum planned_by by; };

/* A report somewhere in the city. Texts live in cx's arena. */
void script_report(struct cx *cx, struct rand *r, struct intake *ret);
/* What happens to m next; an empty action: nothing more. */
void script_next(struct cx *cx, const struct matter *m, struct rand *r, struct planned *ret);
/* What the timer does when m's alarm rings. */
struct planned script_alarm(const struct matter *m);
/* How long until then; below 0: never. */
int64_t script_delay(struct cx *cx, const struct matter *m, struct rand *r);
