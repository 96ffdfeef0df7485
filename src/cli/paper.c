/* paper.c: `fengqiao paper`: templates of documents looked at, checked and printed. */
#include "paper/paper.h"
#include "attach/helper.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/files.h"
#include "place/plates.h"
#include <stdio.h>

static const struct cli_option paper_options[] = {
    { "templates", "DIR", NULL, MSG("模板目录，其中的 名称.txt 代替内置的同名模板",
        "folder of templates; NAME.txt in it stands in for the one inside the program") },
    { "facts", "FILE.json", NULL, MSG("填入的要件", "facts to fill in") },
    { "plate", "GRID", NULL, MSG("登记单：印上这个网格的二维码牌(还要 --url)",
        "report form: print the plate of this grid on it (needs --url)") },
    { "url", "URL", NULL, MSG("登记单、跟进单：居民打开的网址", "report form, follow-up slip: address of the site") },
    { "db", "FILE|URL", NULL, MSG("登记单、跟进单：从数据库取名称和网格",
        "report form, follow-up slip: names and grids come from this database") },
    { "contact", "PHONE", NULL, MSG("跟进单：值班电话", "follow-up slip: duty telephone") },
    { "out", "FILE", NULL, MSG("写入的文件；以 .zip 结尾时还包括每份文书", "file to write; one that ends in .zip"
        " also has each document") },
};

struct papering {
    const struct cli_args *args;
    struct arena a;
    struct forms *templates;
    struct faults faults;
    struct facts *facts;
    struct err_info info;
};

static enum err templates_load(struct papering *p, const char *folder)
{
    p->faults = faults_in(&p->a);
    TRY(paper_templates(&p->a, folder, &p->faults, &p->templates, &p->info));
    if (p->faults.total == 0)
        return OK;
    cli_faults_print(folder ? folder : "-", &p->faults, p->args->lang);
    return err_note(&p->info, E_INPUT, "templates", MSG("模板有误，没有制作",
        "The templates have faults; nothing was printed"), STR_NONE);
}

static void fact_add(struct buf *b, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_member(b, name, b->n == 1);
    buf_json_str(b, value);
}

/* The town's name, and where the plate hangs, as the database has them. */
static enum err names_add(struct papering *p, struct buf *b, int64_t grid)
{
    struct db *db;
    struct catalogue *c = NULL;
    struct place at;
    if (cli_value(p->args, "db") == NULL)
        return OK;
    TRY(cli_database_open(p->args, DB_READER, &db, &p->info));
    enum err e = catalogue_load(db, &c, &p->info);
    if (e == OK && grid && !catalogue_place_of_grid(c, grid, &at))
        e = err_note(&p->info, E_MISSING, "plate", MSG("没有代码为 %s 的网格", "There is no grid %s"),
            str_c(cli_value(p->args, "plate")));
    if (e == OK)
        fact_add(b, "office", catalogue_setting(c, "city"));
    if (e == OK && grid)
        fact_add(b, "plate_place", catalogue_place_name(c, &p->a, &at));
    catalogue_drop(c);
    db_close(db);
    return e;
}

/* What the forms for those without a telephone bear from the start; none: a blank form. */
static enum err form_facts(struct papering *p, struct str *ret)
{
    const char *plate = cli_value(p->args, "plate");
    struct str url = str_c(cli_value(p->args, "url")), base = STR_NONE;
    struct buf b = buf_in(&p->a, 1 << 16);
    int64_t grid = 0;
    if (plate && (!str_to_i64(str_c(plate), &grid) || grid <= 0))
        return err_note(&p->info, E_INPUT, "plate", MSG("应为 15 位网格编码，现为 %s",
            "It is a grid's code of 15 digits, not %s"), str_c(plate));
    if (plate && url.n == 0)
        return err_note(&p->info, E_INPUT, "url", MSG("印二维码还要 --url 写明网址",
            "A plate needs the address of the site, --url"), STR_NONE);
    if (url.n && !plates_url_ok(&p->a, url, &base))
        return err_note(&p->info, E_INPUT, "url", MSG("网址应以 http:// 或 https:// 开头，现为 %s",
            "The address begins with http:// or https://; this is %s"), url);
    buf_byte(&b, '{');
    if (plate) {
        fact_add(&b, "plate", str_c(plate));
        fact_add(&b, "plate_url", arena_fmt(&p->a, "%.*s/m/report?g=%lld", STR_FMT(base),
            (long long)grid));
    }
    fact_add(&b, "site", base);
    fact_add(&b, "follow_url", base.n ? arena_fmt(&p->a, "%.*s/m/", STR_FMT(base)) : base);
    fact_add(&b, "contact", str_c(cli_value(p->args, "contact")));
    TRY(names_add(p, &b, grid));
    buf_byte(&b, '}');
    *ret = b.n > 2 ? buf_str(&b) : STR_NONE;
    return OK;
}

/* some: the form is not to be quite blank. */
static enum err facts_load(struct papering *p, bool *ret_some)
{
    const char *path = cli_value(p->args, "facts");
    struct str text = STR_NONE;
    if (path)
        TRY(cli_sheet_file(&p->a, path, "facts", &text, &p->info));
    else
        TRY(form_facts(p, &text));
    *ret_some = text.n > 0;
    return facts_of_json(&p->a, text.n ? text : STR("{}"), &p->facts, &p->info);
}

/* One template by name, or "dossier". */
static enum err parts_find(struct papering *p, const char *name, bool blank,
    struct paper_part *parts, size_t *ret_n)
{
    const struct paper_form *t = form_find(p->templates, str_c(name));
    if (strcmp(name, "dossier") == 0 && !blank) {
        *ret_n = paper_dossier(p->templates, p->facts, parts);
        return OK;
    }
    if (t == NULL)
        return err_note(&p->info, E_MISSING, NULL, MSG("没有名为“%s”的模板；fengqiao paper list 列出全部",
            "There is no template \"%s\"; fengqiao paper list lists all"), str_c(name));
    parts[0] = (struct paper_part){ t, blank ? NULL : p->facts, STR_NONE };
    *ret_n = 1;
    return OK;
}

static enum err print(struct papering *p, const char *name, bool blank)
{
    struct paper_part parts[TEMPLATES_MAX];
    struct paper_order order = { .parts = parts };
    const char *out = cli_value(p->args, "out");
    const struct helper *helper;
    size_t n = strlen(out);
    bool zip = n > 4 && strcmp(out + n - 4, ".zip") == 0;
    struct str bytes;
    bool some;
    TRY(templates_load(p, cli_value(p->args, "templates")));
    TRY(facts_load(p, &some));
    TRY(parts_find(p, name, blank && !some, parts, &order.n));
    order.title = order.n == 1 ? parts[0].template->title : fact_text(p->facts, STR("file_title"));
    if (order.title.n == 0)
        order.title = STR("人民调解卷宗");
    TRY(helper_find(&p->a, HELPER_PRINT, HELPER_ALONE, &helper));
    TRY(paper_make(helper, &p->a, &order, zip ? PAPER_ZIP : PAPER_PDF, &bytes, &p->info));
    return cli_file_write(out, bytes, "out", &p->info);
}

static enum err list(struct papering *p)
{
    TRY(templates_load(p, cli_value(p->args, "templates")));
    for (size_t i = 0; i < p->templates->n; i++) {
        const struct paper_form *t = &p->templates->at[i];
        struct str title = p->args->lang == LANG_EN && t->title_en.n ? t->title_en : t->title;
        printf("%.*s\t%lld\t%.*s\n", STR_FMT(t->name), (long long)t->place, STR_FMT(title));
    }
    return OK;
}

static enum err fields(struct papering *p)
{
    static const char *const kinds[] = { "text", "long", "yes/no", "scan", "list" };
    for (size_t i = 0; i < fact_fields_n; i++) {
        const struct fact_field *f = &fact_fields[i];
        printf("%s\t%s\t%s\t%s\n", f->list ? f->list : "-", f->name, kinds[f->kind],
            p->args->lang == LANG_EN ? f->meaning.en : f->meaning.zh);
    }
    return OK;
}

static int papers(const struct cli_args *args)
{
    struct papering p = { .args = args };
    const char *what = args->n_operands ? args->operands[0] : "";
    const char *name = args->n_operands == 2 ? args->operands[1] : NULL;
    bool preview = strcmp(what, "preview") == 0, blank = strcmp(what, "blank") == 0;
    enum err e = OK;
    if ((preview || blank) && (!name || !cli_value(args, "out")))
        return cli_usage(args, MSG("请写明模板名和 --out", "name a template and --out"));
    arena_init(&p.a, (size_t)1 << 30);
    if (preview || blank)
        e = print(&p, name, blank);
    else if (strcmp(what, "check") == 0 && name)
        e = templates_load(&p, name);
    else if (strcmp(what, "list") == 0 && !name)
        e = list(&p);
    else if (strcmp(what, "fields") == 0 && !name)
        e = fields(&p);
    else {
        arena_free(&p.a);
        return cli_usage(args, MSG("请写明 preview、blank、check、list 或 fields",
            "say preview, blank, check, list or fields"));
    }
    int status = e == OK ? CLI_DONE : cli_fail(args, &p.info, e);
    arena_free(&p.a);
    return status;
}

const struct cli_command cli_paper = {
    .name = "paper", .operands = "preview TEMPLATE|dossier | blank TEMPLATE | check DIR | list | fields",
    .meaning = MSG("按模板制作、试看、检查文书(PDF)", "print, preview and check documents by template (PDF)"),
    .options = paper_options, .n_options = COUNT_OF(paper_options), .run = papers,
};
