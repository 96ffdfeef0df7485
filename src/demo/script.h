/* script.h: what happens in the demo city: what people report, and how its units go about it. */
#pragma once
#include "matter/intake.h"
#include "matter/step.h"

enum planned_by { BY_OWNER, BY_DESK, BY_ASKED, BY_REPORTER, BY_SYSTEM };
struct planned { struct step_args args; enum planned_by by; };

/* A report somewhere in the city, or in the division with this 12-digit code (0: anywhere). Texts
 * live in cx's arena. */
void script_report(struct cx *cx, struct rand *r, int64_t division, struct intake *ret);
/* Where the demo's people work: a township, and the community of the first grid worker. */
enum { SCRIPT_TOWN = 0, SCRIPT_COMMUNITY = 1 };
int64_t script_home(int which);
/* What happens to m next; an empty action: nothing more. */
void script_next(struct cx *cx, const struct matter *m, struct rand *r, struct planned *ret);
/* What the timer does when m's alarm rings. */
struct planned script_alarm(const struct matter *m);
/* How long until then; below 0: never. */
int64_t script_delay(struct cx *cx, const struct matter *m, struct rand *r);
