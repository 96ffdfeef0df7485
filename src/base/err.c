/* err.c: the error table and its texts. */
#include "base/err.h"
#include <stdio.h>

struct err_row { int status; const char *code, *zh, *en; };

static const struct err_row *err_row(enum err e)
{
#define X(name, status, code, zh, en) [name] = { status, code, zh, en },
    static const struct err_row table[] = { ERR_TABLE(X) };
#undef X
    CHECK((size_t)e < COUNT_OF(table));
    return &table[e];
}

int err_status(enum err e)
{
    return err_row(e)->status;
}

const char *err_code(enum err e)
{
    return err_row(e)->code;
}

const char *err_text(enum err e, enum lang lang)
{
    return lang == LANG_ZH ? err_row(e)->zh : err_row(e)->en;
}

/* Puts arg in the place of the first "%s" of text. */
static void fill(char *ret, size_t size, const char *text, struct str arg)
{
    const char *hole = strstr(text, "%s");
    if (hole == NULL)
        (void)snprintf(ret, size, "%s", text);
    else
        (void)snprintf(ret, size, "%.*s%.*s%s", (int)(hole - text), text, STR_FMT(arg), hole + 2);
}

enum err err_note(struct err_info *info, enum err e, const char *field, struct msg m,
    struct str arg)
{
    if (info->e != OK)
        return e;
    info->e = e;
    (void)snprintf(info->field, sizeof(info->field), "%s", field ? field : "");
    arg = str_head(arg, 40);
    fill(info->zh, sizeof(info->zh), m.zh, arg);
    fill(info->en, sizeof(info->en), m.en, arg);
    return e;
}

const char *err_info_text(const struct err_info *info, enum err e, enum lang lang)
{
    const char *text = lang == LANG_ZH ? info->zh : info->en;
    return info->e == e && text[0] ? text : err_text(e, lang);
}
