/* modules.c: what this program can do. A new capability is a folder and a line here. */
#include "spine/module.h"

extern const struct module module_desk, module_duty, module_find, module_place, module_plates,
    module_proof, module_report;

const struct module *const modules[] = { &module_place, &module_plates, &module_report,
    &module_proof, &module_desk, &module_duty, &module_find };
const size_t modules_n = COUNT_OF(modules);
