/* schema.c: `fengqiao schema`: the statements that make the tables, to be read, or run by somebody
 * whose servers may not. */
#include "cli/commands.h"
#include "db/schema.h"
#include <stdio.h>

enum { TEXT_MAX = 4 << 20 };

static void write_kind(const struct cli_args *args, struct arena *a, struct buf *b)
{
    if (cli_flag(args, "citus"))
        schema_write_citus(b, schema_read(a));
    else
        schema_write(b, cli_flag(args, "postgres"));
}

static int run(const struct cli_args *args)
{
    struct arena a;
    if (cli_flag(args, "sqlite") + cli_flag(args, "postgres") + cli_flag(args, "citus") != 1)
        return cli_usage(args, MSG("请在 --sqlite、--postgres、--citus 中给出一个",
            "give one of --sqlite, --postgres and --citus"));
    arena_init(&a, 4 * (size_t)TEXT_MAX);
    struct buf b = buf_in(&a, TEXT_MAX);
    write_kind(args, &a, &b);
    bool ok = fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
    arena_free(&a);
    return ok ? CLI_DONE : CLI_WRONG;
}

static const struct cli_option options[] = {
    { "sqlite", NULL, NULL, MSG("SQLite 文件的建表语句", "for a file of SQLite") },
    { "postgres", NULL, NULL, MSG("PostgreSQL 数据库的建表语句", "for a database of PostgreSQL") },
    { "citus", NULL, NULL, MSG("把 PostgreSQL 的表按区县分布到 Citus 集群的语句",
        "what spreads PostgreSQL's tables over a Citus cluster by county") },
};
const struct cli_command cli_schema = { "schema", "",
    MSG("输出数据库结构的语句", "Print the statements that make the tables"),
    options, COUNT_OF(options), run };
