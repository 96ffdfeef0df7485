/* fuzz_tables.c: whatever somebody writes into a table of rules, limits, days, categories, replies,
 * deputies or subsidies: each fault has its remedy in both languages, and rules that pass the check
 * give every matter an owner. The first byte chooses the table. */
#include "catalogue/edition.h"
#include "catalogue/route.h"
#include "town.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "rule", "category", "limit", "calendar", "template", "deputy",
    "subsidy" };

static void rules_give_owners(struct arena *a, const struct catalogue *c, struct str csv)
{
    struct err_info info = { .e = OK };
    struct route_trace trace;
    struct list rules;
    CHECK(record_from_csv(a, &rule_record, csv, &rules, &info) == OK);
    struct route_facts f = { .category = STR("0101"), .origin = STR("resident"), .tier = 1,
        .text = STR("桥东街道路灯所不理人"), .at_ms = 1772415000000 };
    struct list grids = catalogue_grids(c);
    for (size_t i = 0; i < grids.n; i++) {
        CHECK(catalogue_place_of_grid(c, ((const struct grid *)grids.p)[i].code, &f.place));
        CHECK(catalogue_route(c, rules, &f, &trace).unit != NULL);
        CHECK(trace.n_tried <= ROUTE_TRIED_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct town town;
    struct arena a;
    if (size < 2 || size > 1 << 14)
        return 0;
    if (town.cat == NULL)
        town_open(&town, 1, NULL);
    arena_init(&a, 512 << 20);
    struct str name = str_c(names[data[0] % COUNT_OF(names)]);
    struct str csv = arena_dup(&a, data + 1, size - 1);
    struct faults f = faults_in(&a), advice = faults_in(&a);
    (void)edition_check(town.cat, &a, name, csv, &f);
    for (size_t i = 0; i < f.n; i++)
        CHECK(f.at[i].zh[0] && f.at[i].en[0]);
    if (f.total == 0)
        edition_advise(&a, name, csv, &advice);
    if (f.total == 0 && str_is(name, "rule"))
        rules_give_owners(&a, town.cat, csv);
    arena_free(&a);
    return 0;
}
