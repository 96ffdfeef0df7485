/* serving.h: a server from its start to its end: the supervisor, what is made before it serves, the
 * sandbox, the node, and what follows a signal to stop. */
#pragma once
#include "cli/node.h"
#include "cli/options.h"

struct serving {
    const struct cli_args *args;        /* with an option "no-sandbox" */
    struct node_options options;
    int64_t drain_s;
    /* Makes what is missing, before the sandbox is entered. */
    enum err (*prepare)(struct serving *s, struct err_info *info);
    void *ctx;
};
/* Serves until told to stop; the exit status. */
int serving_run(struct serving *s);
