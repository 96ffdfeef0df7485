/* tables.c: the tables, taken in by the assembler. */
#include "demo/tables.h"

/* The assembler looks along the include path, of which src/ is part. */
#define TABLE_IN(name)                                                                            \
    extern const char demo_table_##name[], demo_table_##name##_end[];                             \
    __asm__(".section .rodata\n"                                                                  \
            ".hidden demo_table_" #name "\n.hidden demo_table_" #name "_end\n"                    \
            ".global demo_table_" #name "\ndemo_table_" #name ":\n"                               \
            ".incbin \"../data/demo/" #name ".csv\"\n"                                            \
            ".global demo_table_" #name "_end\ndemo_table_" #name "_end:\n.byte 0\n.previous\n")

TABLE_IN(category);
TABLE_IN(limit);
TABLE_IN(rule);
TABLE_IN(calendar);
TABLE_IN(template);
TABLE_IN(department);
TABLE_IN(deputy);
TABLE_IN(subsidy);
TABLE_IN(duty);
TABLE_IN(absence);
TABLE_IN(note);
TABLE_IN(account);
TABLE_IN(division_en);

struct str demo_table(const char *name)
{
    static const struct { const char *name, *first, *end; } tables[] = {
        { "category", demo_table_category, demo_table_category_end },
        { "limit", demo_table_limit, demo_table_limit_end },
        { "rule", demo_table_rule, demo_table_rule_end },
        { "calendar", demo_table_calendar, demo_table_calendar_end },
        { "template", demo_table_template, demo_table_template_end },
        { "department", demo_table_department, demo_table_department_end },
        { "deputy", demo_table_deputy, demo_table_deputy_end },
        { "subsidy", demo_table_subsidy, demo_table_subsidy_end },
        { "duty", demo_table_duty, demo_table_duty_end },
        { "absence", demo_table_absence, demo_table_absence_end },
        { "note", demo_table_note, demo_table_note_end },
        { "account", demo_table_account, demo_table_account_end },
        { "division_en", demo_table_division_en, demo_table_division_en_end },
    };
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (strcmp(tables[i].name, name) == 0)
            return (struct str){ tables[i].first, (size_t)(tables[i].end - tables[i].first) };
    check_failed("unknown demo table", __FILE__, __LINE__);
}
