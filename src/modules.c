/* modules.c: what this program can do. A new capability is a folder and a line here. */
#include "spine/module.h"

const struct module *const modules[] = { NULL };
const size_t modules_n = 0;
