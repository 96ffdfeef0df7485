/* json_cut.h: cuts JSON text into its parts without building it in memory: for documents of a
 * hundred megabytes of which each part is looked at once. It finds where values end and nothing
 * more; whether a part is well-formed is for whoever reads the part. */
#pragma once
#include "base/str.h"

/* The next member of an object, or element of an array: rest begins at the opening bracket or
 * behind the part before, and is moved on. False at the end, or where the text is broken: then
 * *rest is {NULL,0} if it was broken. name is as written, without its quotes. */
bool json_cut_member(struct str *rest, struct str *ret_name, struct str *ret_value);
bool json_cut_element(struct str *rest, struct str *ret_value);
/* The value of an object's first member of this name; none when there is none. */
struct str json_cut_find(struct str object, const char *name);
