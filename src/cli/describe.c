/* describe.c: the program tells about itself, from the tables it runs on. */
#include "cli/commands.h"
#include "cli/statements.h"
#include "matter/step.h"
#include "personal/columns.h"
#include "spine/module.h"
#include <stdio.h>

enum { TEXT_MAX = 8 << 20, RECORDS_MAX = 512 };
struct schemas { const struct record *records[RECORDS_MAX]; bool in[RECORDS_MAX]; size_t n; };

static void schemas_add(struct schemas *s, const struct record *r, bool in)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < s->n; i++)
        if (s->records[i] == r)
            return;
    CHECK(s->n < RECORDS_MAX);
    s->records[s->n] = r;
    s->in[s->n++] = in;
    for (size_t i = 0; i < r->n; i++)
        if (r->fields[i].type == F_OBJ || r->fields[i].type == F_LIST)
            schemas_add(s, r->fields[i].sub, in);
}

static void schemas_collect(struct schemas *s)
{
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            schemas_add(s, modules[m]->routes[i].in, true);
            schemas_add(s, modules[m]->routes[i].out, false);
        }
}

/* /api/matters/:number -> /api/matters/{number} */
static void write_path(struct buf *b, const char *path)
{
    for (struct str rest = str_c(path + 1); rest.p;) {
        struct str part = str_cut(rest, '/', &rest);
        buf_byte(b, '/');
        if (part.n && part.p[0] == ':')
            buf_fmt(b, "{%.*s}", (int)part.n - 1, part.p + 1);
        else
            buf_add(b, part);
    }
}

static void write_parameter(struct buf *b, const struct field *f, const char *in, bool *first)
{
    buf_fmt(b, "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"description\":", *first ? "" : ",",
        f->name, in, (f->flags & (REQUIRED | IN_PATH)) ? "true" : "false");
    *first = false;
    buf_json_str(b, str_c(f->meaning));
    buf_fmt(b, ",\"schema\":{\"type\":\"%s\"}}", f->type == F_BOOL ? "boolean"
        : f->type == F_F64 ? "number" : f->type == F_I64 || f->type == F_TIME ? "integer" : "string");
}

static void write_parameters(struct buf *b, const struct route *r)
{
    bool first = true, reads = strcmp(r->method, "GET") == 0 || r->lane == LANE_UPLOAD
        || r->lane == LANE_FILE;
    buf_add(b, STR("\"parameters\":["));
    for (size_t i = 0; r->in && i < r->in->n; i++) {
        const struct field *f = &r->in->fields[i];
        if (f->flags & IN_PATH)
            write_parameter(b, f, "path", &first);
        else if (reads)
            write_parameter(b, f, "query", &first);
    }
    buf_add(b, STR("]"));
}

static void write_body(struct buf *b, const struct route *r)
{
    if (r->lane == LANE_UPLOAD)
        buf_add(b, STR(",\"requestBody\":{\"required\":true,\"content\":{\"image/jpeg\":{},"
            "\"image/png\":{},\"image/webp\":{}}}"));
    else if (r->lane == LANE_FILE)
        buf_add(b, STR(",\"requestBody\":{\"required\":true,\"content\":{\"application/octet-stream\":{}}}"));
    else if (r->in && strcmp(r->method, "POST") == 0)
        buf_fmt(b, ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":"
            "{\"$ref\":\"#/components/schemas/%s\"}}}}", r->in->name);
}

static void write_operation(struct buf *b, const struct route *r)
{
    buf_fmt(b, "{\"operationId\":\"%s\",\"summary\":", r->name);
    buf_json_str(b, str_c(r->meaning));
    buf_byte(b, ',');
    write_parameters(b, r);
    write_body(b, r);
    buf_add(b, STR(",\"responses\":{\"200\":{\"description\":\"Done\",\"content\":{"));
    if (r->out)
        buf_fmt(b, "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}",
            r->out->name);
    else
        buf_fmt(b, "\"%s\":{}", r->out_type ? r->out_type : "application/json");
    buf_add(b, STR("}},"));
    if (r->tagged)
        buf_add(b, STR("\"304\":{\"description\":\"Nothing has changed since If-None-Match\"},"));
    buf_add(b, STR("\"default\":{\"$ref\":\"#/components/responses/error\"}},\"security\":["));
    if ((r->roles & ROLE_PUBLIC) == 0)
        buf_add(b, r->roles & ROLE_REPORTER ? STR("{\"receipt\":[]}") : STR("{\"session\":[]}"));
    buf_add(b, STR("]}"));
}

static bool seen_before(size_t module, size_t route)
{
    const char *path = modules[module]->routes[route].path;
    for (size_t m = 0; m <= module; m++)
        for (size_t i = 0; i < (m == module ? route : modules[m]->n_routes); i++)
            if (strcmp(modules[m]->routes[i].path, path) == 0)
                return true;
    return false;
}

static void write_methods(struct buf *b, const char *path)
{
    bool first = true;
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            const struct route *r = &modules[m]->routes[i];
            if (strcmp(r->path, path) != 0)
                continue;
            buf_fmt(b, "%s\n    \"%s\":", first ? "" : ",",
                strcmp(r->method, "GET") == 0 ? "get" : "post");
            first = false;
            write_operation(b, r);
        }
}

static void describe_openapi(struct buf *b)
{
    struct schemas s = { .n = 0 };
    bool first = true;
    schemas_collect(&s);
    buf_fmt(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Fengqiao\",\"version\":\"%s\","
        "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},"
        "\"servers\":[{\"url\":\"/\"}],\n\"paths\":{", FQ_VERSION);
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            if (seen_before(m, i))
                continue;
            buf_add(b, first ? STR("\n  \"") : STR(",\n  \""));
            first = false;
            write_path(b, modules[m]->routes[i].path);
            buf_add(b, STR("\":{"));
            write_methods(b, modules[m]->routes[i].path);
            buf_byte(b, '}');
        }
    buf_add(b, STR("},\n\"components\":{\"securitySchemes\":{"
        "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"fq_session\"},"
        "\"receipt\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"Authorization\","
        "\"description\":\"Receipt XXXXXX-XXXXXX-XXXXXX\"}},\"responses\":{\"error\":{"
        "\"description\":\"What is wrong and the remedy\",\"content\":{\"application/json\":{"
        "\"schema\":{\"$ref\":\"#/components/schemas/error\"}}}}},\n\"schemas\":{\n"
        "  \"error\":{\"type\":\"object\",\"required\":[\"code\",\"status\",\"message\"],"
        "\"properties\":{\"code\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
        "\"field\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"
        "\"request\":{\"type\":\"string\"}}}"));
    for (size_t i = 0; i < s.n; i++) {
        buf_fmt(b, ",\n  \"%s\":", s.records[i]->name);
        record_to_openapi(b, s.records[i], s.in[i]);
    }
    buf_add(b, STR("}}}\n"));
}

static void describe_typescript(struct buf *b)
{
    struct schemas s = { .n = 0 };
    schemas_collect(&s);
    buf_add(b, STR("// Made by `fengqiao describe typescript`; times are milliseconds since 1970 UTC.\n"));
    for (size_t i = 0; i < s.n; i++) {
        buf_add(b, STR("\nexport interface "));
        record_typescript_name(b, s.records[i]);
        buf_add(b, STR(" {\n"));
        record_to_typescript(b, s.records[i], s.in[i]);
        buf_add(b, STR("}\n"));
    }
}

static void write_states(struct buf *b, unsigned states)
{
    bool first = true;
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (states & (1u << i)) {
            buf_fmt(b, "%s%s", first ? "" : " ", state_table[i].word);
            first = false;
        }
}

static void write_roles(struct buf *b, unsigned roles)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (roles & role_table[i].role)
            buf_fmt(b, " %s", role_table[i].word);
    if (roles & ROLE_SIGNED_IN)
        buf_add(b, STR(" signed_in"));
    if (roles & ROLE_REPORTER)
        buf_add(b, STR(" reporter"));
    if (roles & ROLE_SYSTEM)
        buf_add(b, STR(" system"));
    if (roles & ROLE_PUBLIC)
        buf_add(b, STR(" public"));
}

/* A Mermaid state diagram, and the table below it. */
static void describe_table(struct buf *b, const struct step_table *table)
{
    buf_add(b, STR("```mermaid\nstateDiagram-v2\n"));
    for (size_t i = 0; i < table->n; i++) {
        const struct step *s = &table->steps[i];
        for (size_t from = 0; s->to >= 0 && from < STATE_COUNT; from++)
            if (s->from & (1u << from))
                buf_fmt(b, "    %s --> %s: %s\n", state_table[from].word, state_table[s->to].word,
                    s->action);
    }
    buf_add(b, STR("```\n\n| step | 步骤 | from | to | clock | needs | answers | roles |\n"
        "|---|---|---|---|---|---|---|---|\n"));
    for (size_t i = 0; i < table->n; i++) {
        const struct step *s = &table->steps[i];
        buf_fmt(b, "| %s | %s | ", s->action, s->zh);
        write_states(b, s->from);
        buf_fmt(b, " | %s | %s | %s | %s |", s->to >= 0 ? state_table[s->to].word
            : s->to == TO_SAME ? "(same)" : "(by request)", s->clock ? s->clock : "keeps",
            s->needs, s->answers ? "yes" : "no");
        write_roles(b, s->roles);
        buf_add(b, STR(" |\n"));
    }
}

static void describe_states(struct buf *b)
{
    for (size_t t = 0; t < step_tables_n; t++) {
        buf_fmt(b, "%s# States and steps of a %s\n\n", t ? "\n" : "", step_tables[t]->kind);
        describe_table(b, step_tables[t]);
    }
}

static void describe_permissions(struct buf *b)
{
    buf_add(b, STR("# Who may call what\n\n| method | path | operation | roles |\n|---|---|---|---|\n"));
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            const struct route *r = &modules[m]->routes[i];
            buf_fmt(b, "| %s | %s | %s |", r->method, r->path, r->name);
            write_roles(b, r->roles);
            buf_add(b, STR(" |\n"));
        }
}

static void describe_sql(struct buf *b)
{
    for (size_t l = 0; l < statement_lists_n; l++)
        for (size_t i = 0; i < *statement_lists[l].n; i++) {
            const struct sql *s = statement_lists[l].statements[i];
            buf_fmt(b, "{\"name\":\"%s\",\"room\":\"%s\",\"kind\":\"%s\",\"scans\":%s,\"owner\":%s,\"text\":",
                s->name, statement_lists[l].room, s->kind == SQL_READ ? "read" : "write",
                s->scans ? "true" : "false", statement_lists[l].of_owner ? "true" : "false");
            buf_json_str(b, str_c(s->text));
            buf_add(b, STR("}\n"));
        }
}

static void describe_man(struct buf *b)
{
    buf_fmt(b, ".TH FENGQIAO 1 \"\" \"fengqiao %s\" \"Fengqiao\"\n.SH NAME\nfengqiao \\- community "
        "governance in one program\n.SH SYNOPSIS\n.B fengqiao\nCOMMAND [OPTION]...\n.SH COMMANDS\n",
        FQ_VERSION);
    for (size_t i = 0; i < cli_commands_n; i++) {
        const struct cli_command *c = cli_commands[i];
        buf_fmt(b, ".SS fengqiao %s%s%s\n%s\n", c->name, c->operands[0] ? " " : "", c->operands,
            c->meaning.en);
        for (size_t k = 0; k < c->n_options; k++)
            buf_fmt(b, ".TP\n.B \\-\\-%s%s%s\n%s%s%s%s\n", c->options[k].name,
                c->options[k].value ? " " : "", c->options[k].value ? c->options[k].value : "",
                c->options[k].meaning.en,
                c->options[k].usual ? " (" : "", c->options[k].usual ? c->options[k].usual : "",
                c->options[k].usual ? ")" : "");
    }
    buf_add(b, STR(".SH EXIT STATUS\n0 done; 1 something is wrong; 2 wrong usage.\n"
        ".SH ENVIRONMENT\nLC_ALL, LC_MESSAGES and LANG choose Chinese (zh) or English.\n"));
}

static const struct { const char *name; void (*write)(struct buf *b); } topics[] = {
    { "openapi", describe_openapi }, { "typescript", describe_typescript },
    { "states", describe_states }, { "permissions", describe_permissions },
    { "sql", describe_sql }, { "man", describe_man }, { "personal", columns_write },
};

static int run(const struct cli_args *args)
{
    struct arena a;
    for (size_t i = 0; args->n_operands == 1 && i < COUNT_OF(topics); i++) {
        if (strcmp(args->operands[0], topics[i].name) != 0)
            continue;
        arena_init(&a, 4 * (size_t)TEXT_MAX);
        struct buf b = buf_in(&a, TEXT_MAX);
        topics[i].write(&b);
        bool ok = fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
        arena_free(&a);
        return ok ? CLI_DONE : CLI_WRONG;
    }
    return cli_usage(args, args->n_operands == 1 ? MSG("没有这个题目", "there is no such topic")
        : MSG("请给出一个题目", "give one topic"));
}

const struct cli_command cli_describe = { "describe", "openapi|typescript|states|permissions|sql|man|personal",
    MSG("程序自述：接口、类型、状态、权限、语句、手册页、个人信息",
        "Tell about itself: interface, types, states, permissions, statements, manual page, personal data"),
    NULL, 0, run };
