/* disputes.h: some disputes in different states for the mediators of the demo city, made by the
 * same steps as real ones. */
#pragma once
#include "demo/matters.h"

enum err demo_disputes(const struct demo_matters *d, struct ids *ids) MUST_USE;
extern const struct sql *const demo_disputes_statements[];
extern const size_t demo_disputes_statements_n;
