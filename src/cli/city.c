/* city.c: see city.h. */
#include "cli/city.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "demo/matters.h"
#include "demo/seed.h"
#include <malloc.h>
#include <poll.h>

struct making { const struct city *city; struct progress bar; };

static bool shown(void *ctx, int64_t done, int64_t count)
{
    struct making *m = ctx;
    struct pollfd bell = { .fd = m->city->bell, .events = POLLIN };
    progress_show(&m->bar, done, count, STR_NONE);
    return poll(&bell, 1, 0) <= 0;
}

static enum err matters_make(const struct city *c, const struct demo_seed *seed,
    struct err_info *info)
{
    struct making making = { .city = c, .bar = progress_of(c->lang) };
    struct catalogue *cat;
    TRY(catalogue_load(seed->db, &cat, info));
    struct demo_matters d = { .db = seed->db, .cat = cat, .keys = seed->keys, .seed = seed->seed,
        .count = c->matters, .now_ms = seed->now_ms, .progress = shown, .ctx = &making };
    progress_part(&making.bar, MSG("生成事项", "making matters"));
    enum err e = demo_matters(&d);
    progress_end(&making.bar);
    catalogue_drop(cat);
    return e;
}

enum err city_make(const struct city *c, struct err_info *info)
{
    struct db *db;
    struct node_keys keys;
    struct rand rand = rand_seeded((uint64_t)c->seed), system = rand_system();
    TRY(node_keys_for(c->site, "demo.fengqiao.local", &system, &keys, info));
    TRY(db_open(c->site->db, DB_WRITER, &db));
    struct demo_seed seed = { .db = db, .keys = &keys, .rand = &rand, .seed = (uint64_t)c->seed,
        .now_ms = clock_now_ms(clock_system()) };
    enum err e = node_keys_claim(db, c->site, &keys, info);
    if (e == OK)
        e = demo_seed(&seed, info);
    if (e == OK)
        e = matters_make(c, &seed, info);
    if (e == OK)
        e = node_log_catch_up(db, &keys);
    db_close(db);
    keys_wipe(&keys);
    (void)malloc_trim(0);   /* the city took far more memory to make than to serve */
    return e;
}
