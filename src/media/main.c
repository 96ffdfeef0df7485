/* main.c: fengqiao-media, the program that looks at uploaded photos so that the server need not. */
#include "media/frame.h"
#include "media/probe.h"
#include "media/sandbox.h"
#include "media/serve.h"
#include "media/spawn.h"
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

static int help(void)
{
    printf("Usage: fengqiao-media [OPTION]\n"
        "Decodes one uploaded photo in a sandbox: framed request on standard input, framed answer\n"
        "with a clean JPEG and a thumbnail on standard output. The server starts it itself.\n"
        "\n"
        "  --spawn        serve the control socket on standard input, one worker per photo\n"
        "  --probe NAME   try what the sandbox must refuse: all");
    probe_names_print();
    printf("\n  --help         show this text\n  --version      show the version\n");
    return 0;
}

static int decode_stdin(void)
{
    if (!sandbox_worker()) {
        perror("fengqiao-media: sandbox");
        return 3;
    }
    _exit(serve_one(STDIN_FILENO, STDOUT_FILENO));
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "spawn", no_argument, NULL, 's' }, { "probe", required_argument, NULL, 'p' },
        { "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { 0 },
    };
    int what = getopt_long(argc, argv, "", options, NULL);
    if (what == 's')
        return spawn_run(STDIN_FILENO);
    if (what == 'p')
        return probe_run(optarg);
    if (what == 'h')
        return help();
    if (what == 'v')
        return printf("fengqiao-media %s\n", FQ_VERSION) < 0;
    return what == -1 && optind == argc ? decode_stdin() : 2;
}
