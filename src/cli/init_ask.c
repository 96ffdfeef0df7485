/* init_ask.c: what `fengqiao init` asks for at the terminal. */
#include "cli/init.h"
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, FIRST_ROW = 0 };

enum err answer_get(struct answers *s, struct msg question, struct str usual, struct str *ret,
    struct err_info *info)
{
    char line[LINE_MAX_BYTES];
    printf("%s", s->lang == LANG_EN ? question.en : question.zh);
    if (usual.n)
        printf(" [%.*s]", STR_FMT(usual));
    printf("%s ", s->lang == LANG_EN ? ":" : "：");
    (void)fflush(stdout);
    if (fgets(line, sizeof(line), stdin) == NULL)
        return err_note(info, E_INPUT, NULL, MSG("回答到此为止，还有问题没有回答；可用 --from 指明表格",
            "The answers end before the questions do; name the tables with --from"), STR_NONE);
    if (!isatty(STDIN_FILENO))
        printf("\n");
    struct str v = str_trim(str_c(line));
    *ret = v.n ? arena_str(s->a, v) : usual;
    return OK;
}

bool answer_is_yes(struct str v)
{
    return str_is(v, "是") || str_is(v, "y") || str_is(v, "Y") || str_is(v, "yes");
}

/* One question for a column; again until the answer is one. */
static enum err ask_column(struct answers *s, const struct town_column *c, struct str usual,
    struct str *ret, struct err_info *info)
{
    bool town_code = c == &town_forms[SHEET_TOWN].columns[0];
    int64_t code;
    struct buf zh = buf_in(s->a, 1024), en = buf_in(s->a, 1024);
    buf_fmt(&zh, c->note.zh[0] ? "%s(%s)" : "%s", c->heading.zh, c->note.zh);
    buf_fmt(&en, c->note.en[0] ? "%s (%s)" : "%s", c->heading.en, c->note.en);
    buf_byte(&zh, '\0');
    buf_byte(&en, '\0');
    for (;;) {
        struct faults f = faults_in(s->a);
        TRY(answer_get(s, (struct msg){ zh.p, en.p }, usual, ret, info));
        *ret = town_mend(s->a, c, *ret, false, FIRST_ROW, &f);
        if (ret->n == 0 && c->wanted)
            fault_add(&f, FIRST_ROW, c->field, MSG("不能空着", "This is needed"), STR_NONE);
        else if (town_code && !town_code_read(*ret, &code))
            fault_add(&f, FIRST_ROW, c->field, town_code_form, STR_NONE);
        if (f.total == 0)
            return OK;
        printf("  %s\n", s->lang == LANG_EN ? f.at[0].en : f.at[0].zh);
    }
}

static enum err ask_town(struct answers *s, struct town *t, struct err_info *info)
{
    const struct town_form *form = &town_forms[SHEET_TOWN];
    struct str cells[TOWN_COLUMNS_MAX] = { STR_NONE };
    for (size_t i = 0; i < form->n; i++)
        TRY(ask_column(s, &form->columns[i], STR(""), &cells[i], info));
    town_add(s->a, t, SHEET_TOWN, cells, STR("answers"));
    return OK;
}

/* The desk for the whole: one that takes whatever nobody else has the function for. */
static void desk_add(struct answers *s, struct town *t)
{
    struct str name = town_cell(t, SHEET_TOWN, FIRST_ROW, "name");
    struct str en = town_cell(t, SHEET_TOWN, FIRST_ROW, "name_en");
    struct buf functions = buf_in(s->a, 1000);
    for (size_t i = 0; town_functions[i].word; i++)
        if (!str_is(STR("station"), town_functions[i].word)
            && !str_is(STR("mediation_committee"), town_functions[i].word))
            buf_fmt(&functions, "%s%s", i ? " " : "", town_functions[i].word);
    struct str cells[TOWN_COLUMNS_MAX] = { STR("centre"),
        arena_fmt(s->a, "%.*s综治中心", STR_FMT(name)),
        arena_fmt(s->a, "%.*s Governance Centre", STR_FMT(en.n ? en : name)), STR("centre"),
        STR("all"), STR(""), STR("是"), buf_str(&functions) };
    town_add(s->a, t, SHEET_UNIT, cells, STR("answers"));
}

static struct str desk_of(const struct town *t)
{
    for (size_t i = 0; i < t->tables[SHEET_UNIT].n; i++) {
        struct str region = town_cell(t, SHEET_UNIT, i, "region");
        if (str_is(region, "all") || str_is(region, "全部"))
            return town_cell(t, SHEET_UNIT, i, "code");
    }
    return STR_NONE;
}

static enum err ask_admin(struct answers *s, struct town *t, struct err_info *info)
{
    static const char *const fields[] = { "name", "phone", "username" };
    const struct town_form *form = &town_forms[SHEET_PERSON];
    struct str cells[TOWN_COLUMNS_MAX] = { STR_NONE }, phone = STR("");
    printf("%s\n", s->lang == LANG_EN ? "The first administrator, who also dispatches:"
        : "第一位管理员，兼调度员：");
    for (size_t k = 0; k < COUNT_OF(fields); k++)
        for (size_t i = 0; i < form->n; i++)
            if (strcmp(form->columns[i].field, fields[k]) == 0) {
                TRY(ask_column(s, &form->columns[i], k == 2 ? phone : STR(""), &cells[i], info));
                phone = k == 1 ? cells[i] : phone;
            }
    cells[4] = desk_of(t);
    cells[5] = STR("admin");
    town_add(s->a, t, SHEET_PERSON, cells, STR("answers"));
    cells[5] = STR("dispatcher");
    town_add(s->a, t, SHEET_PERSON, cells, STR("answers"));
    return OK;
}

enum err init_ask(struct answers *s, struct town *t, struct err_info *info)
{
    if (!t->tables[SHEET_TOWN].given)
        TRY(ask_town(s, t, info));
    if (!t->tables[SHEET_UNIT].given)
        desk_add(s, t);
    if (!t->tables[SHEET_PERSON].given && desk_of(t).n)
        TRY(ask_admin(s, t, info));
    return OK;
}
