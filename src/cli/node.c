/* node.c: putting the rooms together into one running node. */
#include "cli/node.h"
#include "access/sealing.h"
#include "attach/box.h"
#include "attach/helper.h"
#include "attach/press.h"
#include "base/keep.h"
#include "base/log.h"
#include "cli/grants.h"
#include "db/move.h"
#include "duty/decider.h"
#include "http/server.h"
#include "job/courier.h"
#include "job/timer.h"
#include "matter/offer.h"
#include "paper/paper.h"
#include "proof/sequencer.h"
#include "rules/rehearser.h"
#include "search/search.h"
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_USUAL "fengqiao.local"
enum { PHOTO_WORKERS = 2, ROWS_KEPT_MAX = 32768, ROWS_KEPT_BYTES_MAX = 24 << 20,
    LISTS_KEPT_MAX = 1024, LISTS_KEPT_BYTES_MAX = 8 << 20,
    PAGES_KEPT_MAX = 16384, PAGES_KEPT_BYTES_MAX = 24 << 20,
    GONE_TRIES = 20, GONE_STEP_MS = 100 };
struct node {
    char data_dir[4200], key_path[4200];
    struct node_keys keys;
    struct writer *writer;
    struct box *box;
    struct arena own;               /* of what follows */
    const struct helper *media, *press, *sift;
    struct forms *forms;
    struct duty_keeper *duty;
    struct sequencer *sequencer;
    struct search *search;
    struct keep *rows, *lists, *pages;
    struct offers *offers;
    struct timer *timer;
    struct webhook *webhook;        /* NULL: nothing is pushed */
    struct outbox outbox;
    struct courier *courier;
    struct rehearser *rehearser;
    struct server *server;
    struct server_options server_options;
};

SQL_SCANS(ANY_ACCOUNT, "node.any_account", "SELECT count(*) FROM (SELECT 1 FROM account LIMIT 1) AS counted");
SQL_READS(OWNER, "node.owner", "SELECT verifier FROM node_key WHERE one = 1");
SQL_WRITES(CLAIM, "node.claim", "INSERT INTO node_key (one, verifier, sealing) VALUES (1, $1, $2)"
    " ON CONFLICT (one) DO UPDATE SET sealing = excluded.sealing WHERE node_key.sealing = ''");
#define OWNER_ROW(X, R) X(R, STR, verifier, 0, 0, 0, NULL, "")
RECORD(owner_row, OWNER_ROW)
RECORD_DEFINE(owner_row, OWNER_ROW)
const struct sql *const node_statements[] = { &ANY_ACCOUNT, &OWNER, &CLAIM };
const size_t node_statements_n = COUNT_OF(node_statements);

enum err node_keys_for(const struct site *site, const char *name, struct rand *r,
    struct node_keys *ret, struct err_info *info)
{
    char path[4200];
    (void)snprintf(path, sizeof(path), "%s.key", site->beside);
    if (name == NULL && access(path, F_OK) != 0 && site_has_directory_beside(site))
        return err_note(info, E_MISSING, "data", MSG("缺少数据库的密钥文件 %s；旁边有 node.key，请加上 --data 和它所在的目录",
            "The database's key file is missing: %s; node.key lies beside it: give --data and the"
            " directory of that"), str_c(path));
    if (name == NULL && access(path, F_OK) != 0)
        return err_note(info, E_MISSING, "data", MSG("缺少数据库的密钥文件 %s",
            "The database's key file is missing: %s"), str_c(path));
    if (name)
        TRY(site_make(site, info));
    return keys_load_or_create(path, name, r, ret, info);
}

/* Half a database looks like a whole one, and would soon be another one than its source. */
enum err node_moved_check(struct db *db, struct err_info *info)
{
    bool begun;
    TRY(move_is_begun(db, &begun));
    return !begun ? OK : err_note(info, E_CONFLICT, "db", MSG("数据库还没有搬迁完，请再次运行 fengqiao"
        " migrate --from … --to …", "This database has not been moved as a whole; run fengqiao migrate"
        " --from … --to … again"), STR_NONE);
}

enum err node_migrate(const struct site *site, bool *ret_fresh, struct err_info *info)
{
    struct db *db;
    int64_t accounts = 0;
    TRY(site_make_around_file(site, info));
    TRY(site_file_writable(site, info));
    enum err e = db_open(site->db, DB_WRITER, &db);
    if (e != OK)
        return err_note(info, e, "db", MSG("打不开数据库 %s", "Cannot open the database %s"),
            str_c(site_shown(site)));
    e = db_migrate(db, info);
    if (e == OK && db_is_server(site->db))
        e = grants_check(db, GRANT_SERVE, "db", info);
    if (e == OK)
        e = node_moved_check(db, info);
    if (e == OK)
        e = db_number(db, &ANY_ACCOUNT, NO_ARGS, &accounts);
    *ret_fresh = accounts == 0;
    db_close(db);
    return e;
}

/* What the database says of whose it is; a database from before it said so has a signed log. */
static enum err is_of_key(struct db *db, struct arena *a, const struct note_key *key, bool *ret)
{
    struct owner_row owner;
    struct log_checkpoint newest;
    struct checkpoint c;
    struct err_info old = { .e = OK };
    enum err e = db_is_current(db, &old) != OK ? E_MISSING
        : db_one(db, a, &OWNER, NO_ARGS, &owner_row_record, &owner);
    *ret = e != OK || str_eq(owner.verifier, note_key_text(a, key));
    if (e == E_MISSING) {
        e = log_newest(db, a, &newest);
        *ret = e != OK || checkpoint_open(a, newest.note, key, &c);
    }
    return e == E_MISSING ? OK : e;
}

enum err node_sealing(struct db *db, struct arena *a, struct str *ret)
{
    struct err_info old = { .e = OK };
    *ret = STR("");
    return db_is_current(db, &old) == OK ? sealing_read(db, a, ret) : OK;
}

enum err node_keys_check(struct db *db, const struct site *site, const struct node_keys *keys,
    struct err_info *info)
{
    struct arena a;
    struct note_key key = note_key_of(keys);
    struct str words = STR("");
    bool fits = true;
    arena_init(&a, 1 << 16);
    enum err e = is_of_key(db, &a, &key, &fits);
    if (e == OK && fits)
        e = node_sealing(db, &a, &words);
    bool seals = sealing_fits(keys, words);
    arena_free(&a);
    if (e == OK && fits && !seals)
        return err_note(info, E_CONFLICT, "data", MSG("密钥文件 %s.key 打不开这个数据库里封存的内容：封存密钥已轮换过，"
            "请用同一时期的密钥文件", "The key file %s.key does not open what is sealed in this database: the"
            " sealing key has been turned; give the key file of the same time"), str_c(site->beside));
    return e != OK || fits ? e : err_note(info, E_CONFLICT, "data",
        MSG("密钥文件 %s.key 属于另一个数据库；同一数据库的各个服务用同一份密钥文件",
            "The key file %s.key is of another database; all servers of one database have the same"
            " key file"), str_c(site->beside));
}

enum err node_keys_claim(struct db *db, const struct site *site, const struct node_keys *keys,
    struct err_info *info)
{
    struct arena a;
    struct owner_row owner;
    struct note_key key = note_key_of(keys);
    TRY(node_keys_check(db, site, keys, info));
    arena_init(&a, 1 << 16);
    enum err e = db_one(db, &a, &OWNER, NO_ARGS, &owner_row_record, &owner);
    if (e != E_MISSING) {               /* it is this key's already */
        arena_free(&a);
        return e;
    }
    e = db_begin(db);
    if (e == OK)
        e = db_exec(db, &CLAIM, ARGS(S(note_key_text(&a, &key)),
            S(str_c(keys_seal_name(keys, 0).hex))), NULL);
    if (e == OK)
        e = db_commit(db);
    arena_free(&a);
    return e == OK ? node_keys_check(db, site, keys, info) : e;
}

static enum err keys_fit(const struct site *site, const struct node_keys *keys,
    struct err_info *info)
{
    struct db *db;
    TRY(db_open(site->db, DB_WRITER, &db));
    enum err e = node_keys_claim(db, site, keys, info);
    db_close(db);
    return e;
}

static bool key_is_there(const struct site *site)
{
    char path[4200];
    (void)snprintf(path, sizeof(path), "%s.key", site->beside);
    return access(path, F_OK) == 0;
}

enum err node_prepare(const struct site *site, const char *name, struct err_info *info)
{
    bool fresh;
    struct node_keys keys;
    struct rand rand = rand_system();
    TRY(node_migrate(site, &fresh, info));
    bool makes = fresh && !key_is_there(site);
    enum err e = node_keys_for(site, !makes ? NULL : name ? name : NAME_USUAL, &rand, &keys, info);
    if (e == OK && name && strcmp(name, keys.name) != 0)     /* no reason to leave a town unserved */
        log_line(LOG_WARN, "node.name", "--name says %s, the key file %s, which is for good and"
            " signs receipts and the log: correct --name or leave it out", name, keys.name);
    keys_wipe(&keys);
    return e;
}

enum err node_log_catch_up(struct db *db, const struct node_keys *keys)
{
    return log_catch_up(db, keys, clock_now_ms(clock_system()));
}

static const struct catalogue *node_catalogue(void *ctx)
{
    const struct node *n = ctx;
    return server_catalogue(n->server);
}

static void node_publish(void *ctx, const struct event *events, size_t count)
{
    const struct node *n = ctx;
    server_publish(n->server, events, count);
}

/* Without the helper everything works but photos. */
static void start_photos(struct node *n, int steward)
{
    enum err e = helper_find(&n->own, HELPER_MEDIA, steward, &n->media);
    if (e == OK)
        e = box_start(n->media, PHOTO_WORKERS, &n->box);
    if (e != OK)
        log_line(LOG_WARN, "node.photos", "the photo helper does not start; photos are refused");
}

/* Without them everything works but printing, or importing layers at a desk. */
static const struct helper *find(struct node *n, enum helper_kind kind, int steward)
{
    const struct helper *found;
    return helper_find(&n->own, kind, steward, &found) == OK ? found : NULL;
}

/* The deployer's templates in place of the program's: with faults in them there is no start. */
static enum err read_templates(struct node *n, const char *folder, struct err_info *info)
{
    struct faults faults = faults_in(&n->own);
    TRY(paper_templates(&n->own, folder, &faults, &n->forms, info));
    if (faults.total == 0)
        return OK;
    const struct fault *f = &faults.at[0];
    return err_note(info, E_INPUT, "templates", MSG("文书模板有误：%s；fengqiao paper check 列出全部",
        "A template has a fault: %s; fengqiao paper check lists all"), arena_fmt(&n->own,
        "%s:%zu", f->field, f->line));
}

/* Without its file everything works but finding by words. */
static void start_search(struct node *n, const struct site *site)
{
    char path[4200];
    (void)snprintf(path, sizeof(path), "%s.search", site->beside);
    if (search_start(site->db, path, &n->search) != OK)
        log_line(LOG_WARN, "node.search", "the search file does not open; search is refused");
}

/* A server that was killed takes a moment to be gone. */
static enum err start_writer(struct node *n, const struct node_options *o, struct err_info *info)
{
    enum err e = writer_start(o->site.db, o->queue_max, &n->keys, n->key_path, &n->writer);
    for (int i = 0; i < GONE_TRIES && e == E_BUSY; i++) {
        (void)poll(NULL, 0, GONE_STEP_MS);
        e = writer_start(o->site.db, o->queue_max, &n->keys, n->key_path, &n->writer);
    }
    return e == E_BUSY ? err_note(info, e, "db", MSG("另一个服务正在使用数据库 %s",
        "Another server is running on the database %s"), str_c(site_shown(&o->site))) : e;
}

static enum err start_duty(struct node *n, const char *db_url)
{
    struct db *db;
    TRY(db_open(db_url, DB_OVERSEER, &db));
    enum err e = duty_keeper_make(db, &n->duty);
    db_close(db);
    return e;
}

static struct outbox *outbox_of(struct node *n)
{
    return n->webhook ? &n->outbox : NULL;
}

static enum err start_courier(struct node *n, const struct node_options *o)
{
    struct courier_options courier = { .db_url = o->site.db, .writer = n->writer,
        .keys = &n->keys, .clock = clock_system(), .webhook = n->webhook, .outbox = &n->outbox,
        .site = o->url, .catalogue = node_catalogue, .ctx = n };
    return n->webhook ? courier_start(&courier, &n->courier) : OK;
}

static enum err start_parts(struct node *n, const struct node_options *o, struct err_info *info)
{
    struct rand rand = rand_system();
    const char *url = o->site.db;
    TRY(node_keys_for(&o->site, NULL, &rand, &n->keys, info));
    TRY(keys_fit(&o->site, &n->keys, info));
    if (mkdir(n->data_dir, 0700) != 0 && access(n->data_dir, W_OK) != 0)
        return err_note(info, E_IO, "db", MSG("不能写入照片目录 %s",
            "Cannot write to the photo directory %s"), str_c(n->data_dir));
    TRY(read_templates(n, o->templates, info));
    if (o->webhook)
        TRY(webhook_open(o->webhook, o->webhook_key, o->webhook_ca, &n->webhook, info));
    start_photos(n, o->steward);
    n->press = find(n, HELPER_PRINT, o->steward);
    n->sift = find(n, HELPER_SIFT, o->steward);
    TRY(start_duty(n, url));
    n->rows = keep_make(ROWS_KEPT_MAX, ROWS_KEPT_BYTES_MAX);
    if (!db_is_server(url))             /* with several writers entries appear out of order */
        n->lists = keep_make(LISTS_KEPT_MAX, LISTS_KEPT_BYTES_MAX);
    n->pages = keep_make(PAGES_KEPT_MAX, PAGES_KEPT_BYTES_MAX);
    n->offers = offers_make();
    TRY(start_writer(n, o, info));
    TRY(sequencer_start(n->writer, url, &n->keys, clock_system(), &n->sequencer));
    start_search(n, &o->site);
    n->server_options = (struct server_options){ .listen = o->listen, .bound = o->bound,
        .restarts = o->restarts, .db_url = url,
        .data_dir = n->data_dir, .writer = n->writer, .keys = &n->keys, .clock = clock_system(),
        .services = { .box = n->box, .search = n->search,
            .outbox = outbox_of(n), .rows = n->rows,
            .lists = n->lists, .pages = n->pages, .offers = n->offers, .press = n->press,
            .sift = n->sift, .forms = n->forms, .duty = n->duty, .decider = duty_names_decider,
            .url = o->url }, .threads = o->threads,
        .proxies = o->proxies, .hosts = o->hosts, .behind_tls = o->behind_tls,
        .replica_url = o->read_db, .replica_lag_s = o->read_lag_s };
    if (!o->no_limits)
        n->server_options.limits = server_limits_usual;
    TRY(server_start(&n->server_options, &n->server, info));
    struct timer_options timer = { .db_url = url, .writer = n->writer, .keys = &n->keys,
        .clock = clock_system(), .catalogue = node_catalogue, .publish = node_publish, .ctx = n,
        .outbox = outbox_of(n), .photos = n->data_dir };
    TRY(timer_start(&timer, &n->timer));
    TRY(start_courier(n, o));
    struct rehearser_options rehearser = { .db_url = url, .writer = n->writer,
        .clock = clock_system(), .catalogue = node_catalogue, .ctx = n };
    return rehearser_start(&rehearser, &n->rehearser);
}

enum err node_start(const struct node_options *options, struct node **ret, struct err_info *info)
{
    struct node *n = heap_alloc(sizeof(*n));
    arena_init(&n->own, (1 << 14) + TEMPLATES_MAX * 3 * (size_t)TEMPLATE_BYTES_MAX);
    (void)snprintf(n->data_dir, sizeof(n->data_dir), "%s.photos", options->site.beside);
    (void)snprintf(n->key_path, sizeof(n->key_path), "%s.key", options->site.beside);
    enum err e = start_parts(n, options, info);
    if (e != OK) {
        node_stop(n);
        return e;
    }
    *ret = n;
    return OK;
}

unsigned node_port(const struct node *n)
{
    return server_port(n->server);
}

void node_drain(struct node *n)
{
    server_drain(n->server);
}

void node_stop(struct node *n)
{
    if (n->rehearser)
        rehearser_stop(n->rehearser);
    if (n->courier)
        courier_stop(n->courier);
    if (n->timer)
        timer_stop(n->timer);
    if (n->server)
        server_stop(n->server);
    if (n->search)
        search_stop(n->search);
    if (n->sequencer)
        sequencer_stop(n->sequencer);
    if (n->writer)
        writer_stop(n->writer);
    if (n->box)
        box_stop(n->box);
    if (n->webhook)
        webhook_close(n->webhook);
    duty_keeper_free(n->duty);
    keep_free(n->rows);
    keep_free(n->lists);
    keep_free(n->pages);
    offers_free(n->offers);
    keys_wipe(&n->keys);
    arena_free(&n->own);
    heap_free(n);
}
