/* modules.c: what this program can do. A new capability is a folder and a line here. */
#include "mediation/mediation.h"
#include "spine/module.h"

extern const struct module module_account, module_desk, module_dossier, module_duty, module_export,
    module_find, module_fusion, module_imports, module_mediation, module_personal, module_place,
    module_plates, module_proof, module_report, module_rules, module_tables, module_tally,
    module_zoning;

const struct module *const modules[] = { &module_place, &module_plates, &module_zoning,
    &module_imports, &module_report, &module_proof, &module_account, &module_desk,
    &module_mediation, &module_dossier, &module_tally, &module_duty, &module_rules,
    &module_tables, &module_find, &module_personal, &module_export,
    &module_fusion };
const size_t modules_n = COUNT_OF(modules);

const struct step_table *const step_tables[] = { &life_table, &dispute_table };
const size_t step_tables_n = COUNT_OF(step_tables);
