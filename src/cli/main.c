/* main.c: the program: finds the command and runs it. */
#include "cli/options.h"
#include "base/arena.h"
#include <jansson.h>
#include <stdio.h>

static int usage(enum lang lang, int status)
{
    FILE *to = status == CLI_DONE ? stdout : stderr;
    fprintf(to, lang == LANG_EN ? "Usage: fengqiao COMMAND [OPTION]...\n\n"
        "Fengqiao: what is wrong at a place gets settled where it arises.\n\n"
        : "用法: fengqiao 命令 [选项]\n\n枫桥：小事就地解决，件件有回应。\n\n");
    for (size_t i = 0; i < cli_commands_n; i++)
        fprintf(to, "  %-10s %s\n", cli_commands[i]->name,
            lang == LANG_EN ? cli_commands[i]->meaning.en : cli_commands[i]->meaning.zh);
    fprintf(to, lang == LANG_EN ? "\nfengqiao COMMAND --help tells the rest.\n"
        : "\nfengqiao 命令 --help 查看详细说明。\n");
    return status;
}

int main(int argc, char **argv)
{
    enum lang lang = cli_lang(argc, argv);
    json_set_alloc_funcs(heap_alloc, heap_free);    /* or want of memory would pass for bad JSON */
    if (argc < 2)
        return usage(lang, CLI_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return usage(lang, CLI_DONE);
    if (strcmp(argv[1], "--version") == 0) {
        printf("fengqiao %s\n", FQ_VERSION);
        return CLI_DONE;
    }
    for (size_t i = 0; i < cli_commands_n; i++)
        if (strcmp(argv[1], cli_commands[i]->name) == 0)
            return cli_run(cli_commands[i], argc - 1, argv + 1);
    fprintf(stderr, lang == LANG_EN ? "fengqiao: there is no command %s\n\n"
        : "fengqiao: 没有命令 %s\n\n", argv[1]);
    return usage(lang, CLI_USAGE);
}
