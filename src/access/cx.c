/* cx.c: failures and ids of one request. */
#include "access/cx.h"

enum err cx_fail(struct cx *cx, enum err e, const char *field, struct msg m)
{
    return err_note(&cx->info, e, field, m, STR_NONE);
}

enum err cx_fail_with(struct cx *cx, enum err e, const char *field, struct msg m, struct str arg)
{
    return err_note(&cx->info, e, field, m, arg);
}

int64_t cx_next_id(struct cx *cx)
{
    CHECK(cx->ids != NULL);
    return ids_next(cx->ids);
}

bool cx_has_tag(const struct cx *cx)
{
    return cx->tag.n && cx->tag_held.n && str_find(cx->tag_held, cx->tag) >= 0;
}
