/* fill.c: a city's matters in minutes instead of hours: into a database that `fengqiao demo
 * --matters 0 --only-make` has left empty of matters.
 *   fill DB DATA MATTERS OPEN [DAYS]   DATA "-": beside the file; OPEN matters stay open in a grid
 * Their words go into the search file beside.
 * Every matter goes through matter_open() and matter_step(), so that its entries, hashes and
 * numbers are the product's own and `fengqiao verify` finds nothing; only the storage behind them
 * is another: nothing is read, and what the steps leave behind is put into the tables in bulk.
 *
 * The matters are lean, so that ten million fit on a usual disk: a short text, and for nine in ten
 * two entries only (reported, then withdrawn); the others were answered, checked and closed, or
 * not accepted. They were reported evenly over three years, or DAYS. Open ones come last, taken
 * up already, with deadlines still ahead. All entries of a matter follow each other in the log. */
#include "bulk.h"
#include "base/clock.h"
#include "cli/node.h"
#include "db/driver.h"
#include "ledger/log.h"
#include "matter/intake.h"
#include "matter/step.h"
#include "search/index.h"
#include "spine/command.h"
#include <stdio.h>
#include <time.h>

enum { BATCH = 10000, YEARS = 3, OPEN_DAYS = 4, TOLD_EVERY = 100000 };
enum { SORTED_BYTES = 64 << 20, SORTED_USUAL = 1 << 20 };
SQL_WRITES(REPORTER, "fill.reporter",
    "INSERT INTO reporter (area, matter, no, person, confidential, joined_ms, answered_round)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(FOLLOWS, "fill.follows", "INSERT INTO follows (one, position) VALUES (1, $1)");
SQL_WRITES(SORTED, "fill.sorted", "INSERT INTO body (body, rank) VALUES ('hashsize', $1)");
SQL_READS(NEXT, "fill.next", "SELECT upto FROM id_block ORDER BY first DESC LIMIT 1");
SQL_WRITES(GIVEN, "fill.given",
    "INSERT INTO id_block (first, upto, logged) VALUES ($1, $2, $3)");
SQL_READS(MATTERS, "fill.matters", "SELECT count(*) FROM matter");
SQL_SCANS(MEMBERS, "fill.members", "SELECT unit, min(account) FROM membership GROUP BY unit"
    " ORDER BY unit");
#define MEMBER(X, R) \
    X(R, I64, unit, 0, 0, 0, NULL, "") X(R, I64, account, 0, 0, 0, NULL, "")
RECORD(member, MEMBER)
RECORD_DEFINE(member, MEMBER)

struct fill {
    struct db db;                   /* what the product writes to */
    struct bulk *bulk;
    struct db *search;
    struct site site;
    struct node_keys keys;
    struct catalogue *cat;
    struct list members;
    struct arena kept, arena, notes;
    struct rand rand;
    struct ids ids;
    struct cx cx;
    int64_t days, now_ms, begun_us, made;
    struct feed_row words;          /* of the matter whose story is told */
    bool settled;                   /* the matter's story is told: its row may be written */
    int64_t answered_round;
    struct log_batch log;
};

/* Storage ------------------------------------------------------------------------------------- */

static struct fill *of(struct db *db)
{
    return (struct fill *)(void *)db;
}

static enum err put(struct fill *f, const struct sql *sql, const struct arg *args, size_t n)
{
    return bulk_put(f->bulk, sql, args, n) ? OK : E_DB;
}

static enum err node_keep(void *ctx, unsigned level, uint64_t position, const struct hash *h)
{
    struct log_batch *b = ctx;
    if (level >= LOG_LEVEL_MIN)
        b->nodes[b->n_nodes++] = (struct log_node){ level, position, *h };
    return OK;
}

static enum err log_write(struct fill *f)
{
    struct log_batch *b = &f->log;
    if (b->n_leaves == 0)
        return OK;
    struct checkpoint c = { .size = b->after.tree.size, .root = merkle_root(&b->after.tree) };
    arena_reset(&f->notes);
    b->checkpoint = checkpoint_sign(&f->notes, &f->keys, &c);
    b->at_ms = f->now_ms;
    TRY(log_batch_write(&f->db, b));
    b->n_leaves = b->n_nodes = 0;
    return OK;
}

/* The log takes entries in as they come. */
static enum err leaf_add(struct fill *f, int64_t entry_id, struct str bytes)
{
    struct log_batch *b = &f->log;
    struct log_leaf *leaf = &b->leaves[b->n_leaves++];
    leaf->entry_id = b->after.entry_id = entry_id;
    memcpy(leaf->hash.b, bytes.p, HASH_BYTES);
    struct hash h = merkle_leaf(bytes);
    TRY(merkle_append(&b->after.tree, &h, &(struct merkle_sink){ node_keep, b }));
    return b->n_leaves == BATCH ? log_write(f) : OK;
}

static enum err note_index(struct fill *f, int64_t seq, struct str audience, struct str text)
{
    if (!str_is(audience, "public"))
        return OK;
    f->words.seq = seq;
    f->words.note = text;
    return index_put(f->search, &f->arena, &f->words);
}

/* Rows that later steps change wait until the matter's story is told. */
static enum err fill_exec(struct db *db, const struct sql *sql, const struct arg *args, size_t n,
    int64_t *ret_changed)
{
    struct fill *f = of(db);
    if (ret_changed)
        *ret_changed = 1;
    if (strcmp(sql->name, "matter.update") == 0 || strcmp(sql->name, "intake.reporter") == 0
        || (strcmp(sql->name, "matter.insert") == 0 && !f->settled))
        return OK;
    if (strcmp(sql->name, "step.answered") == 0) {
        f->answered_round = args[2].i;
        return OK;
    }
    TRY(put(f, sql, args, n));
    if (strcmp(sql->name, "matter.note") == 0)
        return note_index(f, args[2].i, args[3].s, args[5].s);
    return strcmp(sql->name, "matter.entry") == 0 ? leaf_add(f, args[3].i, args[16].s) : OK;
}

static enum err fill_rows(struct db *db, const struct sql *sql, const struct arg *args, size_t n,
    bool in_parts, struct rows *ret)
{
    (void)db, (void)args, (void)n, (void)in_parts, (void)ret;
    if (strcmp(sql->name, "step.first_sending") == 0
        || strcmp(sql->name, "step.first_taking") == 0)
        return OK;
    check_failed(sql->name, __FILE__, __LINE__);        /* nothing else is read while filling */
}

/* No matter of the stories was sent before. */
static enum err fill_next(struct rows *rows, bool *ret_any)
{
    (void)rows;
    *ret_any = false;
    return OK;
}

static void fill_close(struct rows *rows)
{
    (void)rows;
}

static const struct driver fill_driver = { .exec = fill_exec, .rows_open = fill_rows,
    .rows_next = fill_next, .rows_close = fill_close };

/* People -------------------------------------------------------------------------------------- */

static void circumstances(struct fill *f, int64_t at_ms, struct actor actor)
{
    f->cx.now_ms = at_ms;
    f->cx.actor = actor;
    f->cx.n_events = 0;
}

static int64_t account_of(const struct fill *f, int64_t unit)
{
    const struct member *m = f->members.p;
    size_t low = 0, high = f->members.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (m[mid].unit < unit)
            low = mid + 1;
        else
            high = mid;
    }
    CHECK(low < f->members.n && m[low].unit == unit);
    return m[low].account;
}

/* Somebody of the unit, in whatever role the step needs, but not the account other than. */
static struct actor staff(const struct fill *f, int64_t unit, int64_t other_than, unsigned roles)
{
    int64_t account = account_of(f, unit);
    struct actor a = { .kind = ACTOR_STAFF, .account = account + (account == other_than),
        .roles = roles };
    for (size_t i = 0; i < ROLE_COUNT && a.n_memberships < MEMBERSHIPS_MAX; i++)
        if (roles & role_table[i].role)
            a.memberships[a.n_memberships++] = (struct membership){ unit, role_table[i].role };
    return a;
}

static struct actor owner_of(const struct fill *f, const struct matter *m)
{
    return staff(f, m->owner_unit, 0, ROLE_CLERK | ROLE_GRID_WORKER | ROLE_DISPATCHER);
}

static struct actor desk_of(const struct fill *f, const struct matter *m)
{
    const struct unit *owner = unit_find(f->cat, m->owner_unit);
    const struct unit *desk = owner && owner->desk && owner->level < LEVEL_COUNTY ? owner
        : catalogue_desk(f->cat, m->area * 1000000);
    return staff(f, desk->id, m->holder, ROLE_DISPATCHER | ROLE_SUPERVISOR);
}

/* Matters ------------------------------------------------------------------------------------- */

static enum err step(struct fill *f, struct matter *m, struct actor who, struct step_args args)
{
    circumstances(f, f->cx.now_ms + 600000 + (int64_t)rand_below(&f->rand, 7200000), who);
    return matter_step(&f->cx, m, &args, m);
}

static enum err report(struct fill *f, int64_t at_ms, const struct grid *g, struct str category,
    struct matter *ret)
{
    char key[64];
    bool again;
    int64_t seq, id = 0;
    arena_reset(&f->arena);
    circumstances(f, at_ms, (struct actor){ .kind = ACTOR_PUBLIC, .roles = ROLE_PUBLIC });
    struct intake in = { .text = arena_fmt(&f->arena, "楼道堆物 %lld", (long long)f->made),
        .category = category, .origin = STR("resident"), .reporter = true,
        .place_text = STR("小区南门"), .lon = g->lon + (rand_unit(&f->rand) - 0.5) * 0.002,
        .lat = g->lat + (rand_unit(&f->rand) - 0.5) * 0.002 };
    CHECK(catalogue_place_of_grid(f->cat, g->code, &in.place));
    (void)snprintf(key, sizeof(key), "%08llx-%04llx-7000-8000-%012llx",
        (unsigned long long)at_ms >> 16, (unsigned long long)at_ms & 0xffff,
        (unsigned long long)f->made);
    f->cx.key = str_c(key);
    in.id = cx_next_id(&f->cx);
    f->settled = false;
    f->answered_round = 0;
    TRY(command_claim(&f->cx, in.place.area, in.id, 1, &again, &id, &seq));
    TRY(matter_open(&f->cx, &in, ret));
    f->words = (struct feed_row){ .area = ret->area, .matter = ret->id, .seq = 1,
        .number = ret->number, .text = in.text, .place_text = in.place_text };
    return index_put(f->search, &f->arena, &f->words);
}

static enum err settle(struct fill *f, const struct matter *m)
{
    f->settled = true;
    TRY(matter_insert(&f->cx, m));
    if (++f->made % BATCH == 0) {
        TRY(db_commit(f->search));
        TRY(db_begin(f->search));
    }
    return put(f, &REPORTER, ARGS(I(m->area), I(m->id), I(1), I(0), I(0), I(m->created_ms),
        I(f->answered_round)));
}

static enum err answer(struct fill *f, struct matter *m)
{
    struct step_args args = step_args_for("solve");
    if (str_is(m->state, "received"))
        TRY(step(f, m, owner_of(f, m), step_args_for("take")));
    args.reply = STR("已到现场处理完毕。");
    TRY(step(f, m, owner_of(f, m), args));
    TRY(step(f, m, desk_of(f, m), step_args_for("verify")));
    return step(f, m, desk_of(f, m), step_args_for("close"));
}

static enum err refuse(struct fill *f, struct matter *m)
{
    struct step_args args = step_args_for("not_accept");
    args.reason = STR("in_court");
    args.reply = STR("法院已受理。");
    return step(f, m, desk_of(f, m), args);
}

static enum err closed_one(struct fill *f, int64_t at_ms, const struct grid *g)
{
    struct matter m;
    struct list all = catalogue_categories(f->cat);
    const struct category *c = all.p;
    uint64_t dice = rand_below(&f->rand, 100);
    TRY(report(f, at_ms, g, c[rand_below(&f->rand, all.n)].code, &m));
    struct actor reporter = { .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER, .area = m.area,
        .matter = m.id, .no = 1 };
    if (dice < 7)
        TRY(answer(f, &m));
    else if (dice < 10 && str_is(m.state, "received"))
        TRY(refuse(f, &m));
    else
        TRY(step(f, &m, reporter, step_args_for("withdraw")));
    return settle(f, &m);
}

/* Of the kinds that take weeks, so that no deadline passes while somebody measures. */
static enum err open_one(struct fill *f, int64_t at_ms, const struct grid *g)
{
    struct matter m;
    TRY(report(f, at_ms, g, rand_below(&f->rand, 2) ? STR("0201") : STR("0202"), &m));
    TRY(step(f, &m, owner_of(f, &m), step_args_for("take")));
    return settle(f, &m);
}

/* Of this process: what others do on the machine changes it little. */
static double processor_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void tell(struct fill *f, int64_t total)
{
    double seconds = (double)(clock_monotonic_us() - f->begun_us) / 1e6;
    if (f->made % TOLD_EVERY == 0)
        fprintf(stderr, "%lld of %lld, %.0f a second, %.0f a second of processor\n",
            (long long)f->made, (long long)total, (double)f->made / seconds,
            (double)f->made / processor_s());
}

/* Closed ones first. No more than three in four stay open: where that is too few for all grids, the
 * last ones by code have none. */
static enum err all_matters(struct fill *f, int64_t total, int64_t open_in_grid)
{
    struct list grids = catalogue_grids(f->cat);
    const struct grid *g = grids.p;
    int64_t n = (int64_t)grids.n;
    while (n && n * open_in_grid > total / 4 * 3)
        n--;
    int64_t open = n * open_in_grid, closed = total - open;
    int64_t last = f->now_ms - OPEN_DAYS * (int64_t)CLOCK_DAY_MS;
    int64_t span = f->days * (int64_t)CLOCK_DAY_MS;
    for (int64_t i = 0; i < closed; i++, tell(f, total))
        TRY(closed_one(f, last - span + (int64_t)((double)span * (double)i / (double)closed),
            &g[rand_below(&f->rand, grids.n)]));
    for (int64_t i = 0; i < open; i++, tell(f, total))
        TRY(open_one(f, last + (f->now_ms - last) / 2 / open * i, &g[i % n]));
    return log_write(f);
}

/* Beginning and end --------------------------------------------------------------------------- */

static enum err read_all(struct fill *f)
{
    struct db *db = NULL;
    struct err_info info = { .e = OK };
    int64_t matters = 0;
    TRY(node_keys_for(&f->site, NULL, &f->rand, &f->keys, &info));
    TRY(db_open(f->site.db, DB_OVERSEER, &db));
    enum err e = catalogue_load(db, &f->cat, &info);
    if (e == OK)
        e = db_rows(db, &f->kept, &MEMBERS, NO_ARGS, &member_record, 1 << 16, &f->members);
    if (e == OK)
        e = db_number(db, &MATTERS, NO_ARGS, &matters);
    if (e == OK)
        e = db_number(db, &NEXT, NO_ARGS, &f->ids.first);
    f->ids.last = f->ids.first - 1;
    db_close(db);
    return e == OK && matters ? E_CONFLICT : e;
}

/* All ids came from one block, and the log has all of it. */
static enum err ids_given(struct fill *f)
{
    struct db *db = NULL;
    TRY(db_open(f->site.db, DB_WRITER, &db));
    enum err e = db_exec(db, &GIVEN, ARGS(I(f->ids.first), I(f->ids.last + 1), I(f->ids.last)),
        NULL);
    db_close(db);
    return e;
}

/* Sorts more words at once than a server would: fewer pieces to put together afterwards. */
static enum err search_begin(struct fill *f)
{
    char path[4200];
    struct db *db = NULL;
    (void)snprintf(path, sizeof(path), "%s.search", f->site.beside);
    TRY(db_open(f->site.db, DB_OVERSEER, &db));
    enum err e = db_open(path, DB_SEARCH, &f->search);
    if (e == OK)
        e = index_open(f->search, db);
    if (e == OK)
        e = db_exec(f->search, &SORTED, ARGS(I(SORTED_BYTES)), NULL);
    db_close(db);
    return e == OK ? db_begin(f->search) : e;
}

static enum err search_end(struct fill *f)
{
    TRY(db_exec(f->search, &FOLLOWS, ARGS(I((int64_t)f->log.after.tree.size)), NULL));
    TRY(db_exec(f->search, &SORTED, ARGS(I(SORTED_USUAL)), NULL));
    return db_commit(f->search);
}

static enum err fill(struct fill *f, int64_t total, int64_t open_in_grid)
{
    enum { NODES = (BATCH >> (LOG_LEVEL_MIN - 1)) + MERKLE_LEVELS };
    TRY(read_all(f));
    TRY(search_begin(f));
    if (!bulk_open(f->site.db, &f->bulk))
        return E_DB;
    f->log.leaves = NEW_N(&f->kept, struct log_leaf, BATCH);
    f->log.nodes = NEW_N(&f->kept, struct log_node, NODES);
    f->cx = (struct cx){ .db = &f->db, .a = &f->arena, .cat = f->cat, .keys = &f->keys,
        .rand = &f->rand, .ids = &f->ids, .lang = LANG_ZH, .request = "fill",
        .path = STR("/api/reports"), .body = STR("{}") };
    f->begun_us = clock_monotonic_us();
    TRY(all_matters(f, total, open_in_grid));
    TRY(search_end(f));
    double rows_s = (double)(clock_monotonic_us() - f->begun_us) / 1e6;
    double rows_processor_s = processor_s();
    if (!bulk_finish(f->bulk))
        return E_DB;
    double all_s = (double)(clock_monotonic_us() - f->begun_us) / 1e6;
    printf("{\"matters\":%lld,\"entries\":%llu,\"rows_s\":%.1f,\"indexes_s\":%.1f,"
        "\"per_second\":%.0f,\"rows_processor_s\":%.1f,\"processor_s\":%.1f}\n",
        (long long)f->made, (unsigned long long)f->log.after.tree.size, rows_s, all_s - rows_s,
        (double)f->made / all_s, rows_processor_s, processor_s());
    return ids_given(f);
}

int main(int argc, char **argv)
{
    int64_t total = 0, open_in_grid = 0, days = YEARS * 365;
    if ((argc != 5 && argc != 6) || (argc == 6 && !str_to_i64(str_c(argv[5]), &days)) || days < 1
        || !str_to_i64(str_c(argv[3]), &total)
        || !str_to_i64(str_c(argv[4]), &open_in_grid) || total < 1 || open_in_grid < 0) {
        fprintf(stderr, "usage: fill DB DATA MATTERS OPEN-IN-A-GRID [DAYS]\n");
        return 2;
    }
    struct fill *f = heap_alloc(sizeof(*f));
    *f = (struct fill){ .db = { .driver = &fill_driver, .mode = DB_WRITER },
        .ids = { .end = INT64_MAX }, .rand = rand_seeded(1),
        .now_ms = clock_now_ms(clock_system()), .days = days };
    arena_init(&f->kept, 64 << 20);
    arena_init(&f->arena, 16 << 20);
    arena_init(&f->notes, 1 << 20);
    site_at(argv[1], strcmp(argv[2], "-") == 0 ? NULL : argv[2], &f->site);
    enum err e = fill(f, total, open_in_grid);
    if (e == E_CONFLICT)
        fprintf(stderr, "fill: there are matters already; make the city with --matters 0\n");
    else if (e != OK)
        fprintf(stderr, "fill: %s\n", err_code(e));
    db_close(f->search);
    if (f->cat)
        catalogue_drop(f->cat);
    arena_free(&f->notes);
    arena_free(&f->arena);
    arena_free(&f->kept);
    keys_wipe(&f->keys);
    heap_free(f);
    return e != OK;
}
