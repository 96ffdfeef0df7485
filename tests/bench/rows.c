/* rows.c: see rows.h. */
#include "rows.h"
#include "matter/intake.h"
#include "spine/command.h"

const struct sql *statement_named(const char *name)
{
    const struct { const struct sql *const *list; size_t n; } rooms[] = {
        { matter_statements, matter_statements_n }, { intake_statements, intake_statements_n },
        { command_statements, command_statements_n } };
    for (size_t r = 0; r < COUNT_OF(rooms); r++)
        for (size_t i = 0; i < rooms[r].n; i++)
            if (strcmp(rooms[r].list[i]->name, name) == 0)
                return rooms[r].list[i];
    check_failed(name, __FILE__, __LINE__);
}

void insert_parts(const struct sql *insert, struct str *ret_table, struct str *ret_columns)
{
    struct str begin = STR("INSERT INTO "), rest = str_c(insert->text);
    CHECK(str_starts(rest, begin));
    rest = (struct str){ rest.p + begin.n, rest.n - begin.n };
    *ret_table = str_trim(str_cut(rest, '(', &rest));
    *ret_columns = str_cut(rest, ')', &rest);
}
