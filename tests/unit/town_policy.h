/* town_policy.h: how a person of the town stands to a matter, in the words of docs/access.md: found
 * from what is stored, and from nothing that the program has decided. */
#pragma once
#include "policy.h"
#include "town.h"

struct policy_case town_case(struct town *t, enum town_person who, const struct matter *m);
/* Of whoever has a code of the matter. */
struct policy_case town_case_of_reporter(const struct matter *m);
