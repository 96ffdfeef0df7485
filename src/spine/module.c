/* module.c: finding the route of a request among all modules. */
#include "spine/module.h"

static bool path_fits(struct str pattern, struct str path, struct params *ret)
{
    ret->n = 0;
    for (;;) {
        struct str pattern_rest, path_rest;
        struct str want = str_cut(pattern, '/', &pattern_rest);
        struct str have = str_cut(path, '/', &path_rest);
        if (want.n && want.p[0] == ':') {
            if (have.n == 0 || ret->n == PARAMS_MAX)
                return false;
            ret->names[ret->n] = (struct str){ want.p + 1, want.n - 1 };
            ret->values[ret->n++] = have;
        } else if (!str_eq(want, have))
            return false;
        if (pattern_rest.p == NULL || path_rest.p == NULL)
            return pattern_rest.p == path_rest.p;
        pattern = pattern_rest;
        path = path_rest;
    }
}

/* Up to the first name that stands for a value; most routes are told apart there. */
static bool begins_alike(const char *pattern, struct str path)
{
    size_t i = 0;
    while (pattern[i] && pattern[i] != ':' && i < path.n && pattern[i] == path.p[i])
        i++;
    return pattern[i] == '\0' || pattern[i] == ':';
}

enum err route_find(struct str method, struct str path, const struct route **ret,
    struct params *ret_params)
{
    enum err e = E_MISSING;
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            const struct route *r = &modules[m]->routes[i];
            if (!begins_alike(r->path, path) || !path_fits(str_c(r->path), path, ret_params))
                continue;
            if (str_is(method, r->method)) {
                *ret = r;
                return OK;
            }
            e = E_METHOD;
        }
    return e;
}
