/* call.h: the calls that are measured, as texts of HTTP/1.1. */
#pragma once
#include "base/str.h"

/* A grid's code, and a point in it, in digits. */
struct call_place { struct str grid, lon, lat; };

/* POST /api/reports: the n-th of those with this salt, with a text and a key of its own. Every other
 * report comes from a map, with a category; the rest from a grid's plate, without. These all give
 * the length of the text. */
size_t call_report(const struct call_place *at, unsigned long long salt, unsigned long long n,
    char *text, size_t size);
/* credentials: "Bearer TOKEN" of a session or "Receipt CODE"; empty: nobody. */
size_t call_get(struct str path, struct str credentials, char *text, size_t size);
/* POST /api/login; name and password need no escaping in JSON. */
size_t call_login(const char *name, const char *password, char *text, size_t size);
