/* layer.h: `fengqiao import` and `export` of layers: files of outlines instead of tables. */
#pragma once
#include "cli/options.h"

#define CLI_LAYERS "division|grid|micro|police"
bool cli_is_layer(const char *name);
/* Addresses, dwellings and sites, which come in the same files. */
bool cli_is_place(const char *name);
/* operands: the layer, or place, and the file. */
int cli_import_layer(const struct cli_args *args);
/* operand: the layer. */
int cli_export_layer(const struct cli_args *args);
