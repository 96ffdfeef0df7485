/* facts.c: see facts.h. */
#include "paper/facts.h"
#include <jansson.h>

struct known {
    struct str name, text;
    struct facts *items, *last;     /* of a list: its first and last item */
    struct known *next;
};
struct item { struct facts facts; struct facts *next; };

static struct item *item_of(const struct facts *f)
{
    return (struct item *)(uintptr_t)f;     /* facts is its first member */
}

struct facts *facts_make(struct arena *a)
{
    struct item *i = NEW(a, struct item);
    i->facts.a = a;
    return &i->facts;
}

static struct known *find(const struct facts *f, struct str name)
{
    for (struct known *at = f->first; at; at = at->next)
        if (str_eq(at->name, name))
            return at;
    return NULL;
}

static struct known *add(struct facts *f, struct str name)
{
    struct known *at = find(f, name);
    if (at)
        return at;
    at = NEW(f->a, struct known);
    at->name = name;
    if (f->last)
        f->last->next = at;
    else
        f->first = at;
    f->last = at;
    return at;
}

static struct facts *item_add(struct facts *f, struct str list)
{
    struct known *at = add(f, list);
    struct facts *made = facts_make(f->a);
    made->outer = f;
    if (at->last)
        item_of(at->last)->next = made;
    else
        at->items = made;
    at->last = made;
    return made;
}

void facts_text(struct facts *f, const char *name, struct str text)
{
    add(f, str_c(name))->text = text;
}

void facts_flag(struct facts *f, const char *name, bool truth)
{
    facts_text(f, name, truth ? STR("1") : STR_NONE);
}

struct facts *facts_item(struct facts *f, const char *list)
{
    return item_add(f, str_c(list));
}

struct str fact_text(const struct facts *f, struct str name)
{
    for (; f; f = f->outer) {
        const struct known *at = find(f, name);
        if (at)
            return at->text.n ? at->text : STR_NONE;
    }
    return STR_NONE;
}

const struct facts *fact_item(const struct facts *f, struct str list, size_t item)
{
    const struct known *at = NULL;
    for (; f && at == NULL; f = f->outer)
        at = find(f, list);
    struct facts *found = at ? at->items : NULL;
    while (found && item-- > 0)
        found = item_of(found)->next;
    return found;
}

/* From JSON --------------------------------------------------------------------------------- */

static enum err object_read(struct facts *f, struct str list, const json_t *o,
    struct err_info *info);

static enum err list_read(struct facts *f, struct str name, const json_t *v, struct err_info *info)
{
    for (size_t i = 0; i < json_array_size(v); i++)
        TRY(object_read(item_add(f, name), name, json_array_get(v, i), info));
    return OK;
}

static enum err value_read(struct facts *f, const struct fact_field *field, struct str name,
    const json_t *v, struct err_info *info)
{
    struct str text = STR_NONE;
    bool list = field->kind == FIELD_LIST;
    if (list && json_is_array(v))
        return list_read(f, name, v, info);
    if (json_is_string(v))
        text = arena_dup(f->a, json_string_value(v), json_string_length(v));
    else if (json_is_integer(v))
        text = arena_fmt(f->a, "%lld", (long long)json_integer_value(v));
    else if (json_is_boolean(v))
        text = json_is_true(v) ? STR("1") : STR_NONE;
    else if (!json_is_null(v))
        list = true;
    if (list || (text.n && !str_is_text(text)))
        return err_note(info, E_INPUT, field->name, field->kind == FIELD_LIST
            ? MSG("这一项应为列表", "This must be an array of objects")
            : MSG("这一项应为文字", "This must be a text, without control characters"), STR_NONE);
    add(f, name)->text = text;
    return OK;
}

static enum err object_read(struct facts *f, struct str list, const json_t *o,
    struct err_info *info)
{
    const char *key;
    json_t *v;
    if (!json_is_object(o))
        return err_note(info, E_INPUT, NULL, MSG("要件应为 JSON 对象，列表的每一项也是",
            "Facts are a JSON object, and so is each item of a list"), STR_NONE);
    json_object_foreach((json_t *)(uintptr_t)o, key, v) {
        struct str name = arena_str(f->a, str_c(key));
        const struct fact_field *field = fact_field_find(list, name);
        if (field == NULL)
            return err_note(info, E_INPUT, NULL, MSG("没有名为“%s”的要件，fengqiao paper fields 列出全部",
                "There is no fact \"%s\"; fengqiao paper fields lists all"), name);
        TRY(value_read(f, field, name, v, info));
    }
    return OK;
}

enum err facts_of_json(struct arena *a, struct str json, struct facts **ret, struct err_info *info)
{
    json_error_t at;
    json_t *o = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &at);
    if (o == NULL)
        return err_note(info, E_SYNTAX, NULL, MSG("不是正确的 JSON:%s", "This is not JSON: %s"),
            arena_fmt(a, "%d:%d %s", at.line, at.column, at.text));
    struct facts *made = facts_make(a);
    enum err e = object_read(made, STR_NONE, o, info);
    json_decref(o);
    if (e == OK)
        *ret = made;
    return e;
}
