/* rotate.c: `fengqiao rotate-key`: turns the key that seals, while servers serve. Each step leaves
 * things in a state from which any run goes on, and what is sealed can be read in every one:
 *
 *   database  key file
 *   A         A         a fresh key goes into the file
 *   A         B A       and into the database
 *   A B       B A       everybody has it; it becomes the one that seals
 *   B A       B A       nobody seals with the old one any more; what it sealed is sealed anew,
 *                       until a pass over everything finds nothing of it
 *   B         B A       the old one goes out of the file
 *   B         B
 *
 * Only the data keys of persons, requests, guests, talks and second factors are sealed by it
 * (crypto/seal.h); the fields under these stay as they are. */
#include "cli/rotate.h"
#include "access/sealing.h"
#include "cli/commands.h"
#include "cli/bundle.h"
#include "cli/database.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "crypto/seal.h"
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writers wait for one batch at most, and get REST_TIMES as long for themselves. */
enum { BATCH = 100, REST_TIMES = 4, REST_MS_MAX = 500, LOOK_MS = 50, PATIENCE_MS = 60000 };

#define SEALED_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, no, 0, 0, 0, NULL, "") X(R, BYTES, data_key, 0, 0, 0, NULL, "")
RECORD(sealed_row, SEALED_ROW)
RECORD_DEFINE(sealed_row, SEALED_ROW)

SQL_READS(PERSONS, "rotate.persons", "SELECT area, id, 0 AS no, data_key FROM person"
    " WHERE (area, id) > ($1, $2) AND CAST($3 AS BIGINT) IS NOT NULL ORDER BY area, id LIMIT 100");
SQL_READS(REQUESTS, "rotate.requests", "SELECT area, id, 0 AS no, data_key FROM request"
    " WHERE (area, id) > ($1, $2) AND CAST($3 AS BIGINT) IS NOT NULL ORDER BY area, id LIMIT 100");
SQL_READS(GUESTS, "rotate.guests", "SELECT area, matter, no, data_key FROM guest"
    " WHERE (area, matter, no) > ($1, $2, $3) ORDER BY area, matter, no LIMIT 100");
SQL_READS(STATEMENTS, "rotate.statements", "SELECT area, matter, no, data_key FROM statement"
    " WHERE (area, matter, no) > ($1, $2, $3) ORDER BY area, matter, no LIMIT 100");
SQL_READS(FACTORS, "rotate.factors",
    "SELECT 0 AS area, account, 0 AS no, data_key FROM second_factor"
    " WHERE account > $2 AND CAST($1 AS BIGINT) IS NOT NULL AND CAST($3 AS BIGINT) IS NOT NULL"
    " ORDER BY account LIMIT 100");
/* Only while it is the key that was read: what was erased meanwhile stays erased. */
SQL_WRITES(PERSON, "rotate.person", "UPDATE person SET data_key = $5 WHERE area = $1 AND id = $2"
    " AND CAST($3 AS BIGINT) IS NOT NULL AND data_key = $4");
SQL_WRITES(REQUEST, "rotate.request", "UPDATE request SET data_key = $5 WHERE area = $1 AND id = $2"
    " AND CAST($3 AS BIGINT) IS NOT NULL AND data_key = $4");
SQL_WRITES(GUEST, "rotate.guest", "UPDATE guest SET data_key = $5 WHERE area = $1 AND matter = $2"
    " AND no = $3 AND data_key = $4");
SQL_WRITES(STATEMENT, "rotate.statement", "UPDATE statement SET data_key = $5 WHERE area = $1"
    " AND matter = $2 AND no = $3 AND data_key = $4");
SQL_WRITES(FACTOR, "rotate.factor", "UPDATE second_factor SET data_key = $5 WHERE account = $2"
    " AND CAST($1 AS BIGINT) IS NOT NULL AND CAST($3 AS BIGINT) IS NOT NULL AND data_key = $4");
SQL_SCANS(ALL, "rotate.all", "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM guest)"
    " + (SELECT count(*) FROM request) + (SELECT count(*) FROM statement) + (SELECT count(*) FROM second_factor) AS n");
const struct sql *const rotate_statements[] = { &PERSONS, &REQUESTS, &GUESTS, &STATEMENTS, &FACTORS,
    &PERSON, &REQUEST, &GUEST, &STATEMENT, &FACTOR, &ALL };
const size_t rotate_statements_n = COUNT_OF(rotate_statements);

static const struct sealed_table { const struct sql *rows, *put; } sealed_tables[] = {
    { &PERSONS, &PERSON }, { &REQUESTS, &REQUEST },
    { &GUESTS, &GUEST }, { &STATEMENTS, &STATEMENT }, { &FACTORS, &FACTOR },
};

struct turning {
    const struct cli_args *args;
    struct site site;
    char path[4200];                /* of the key file */
    struct arena a;                 /* of a step, or a batch */
    struct db *db;
    struct rand rand;
    struct node_keys keys, now, before;     /* as in the file; the newest alone; the other alone */
    struct progress bar;
    int64_t done, total, turned, strange;
    bool over;
    struct err_info info;
};

/* Sealing anew ------------------------------------------------------------------------------- */

/* In *ret_wrapped; *ret_is_old: it was under the old key. */
static void wrap_anew(struct turning *t, const struct sealed_row *row,
    unsigned char ret_wrapped[SEAL_WRAPPED_BYTES], bool *ret_is_old)
{
    struct seal_key key;
    enum err e = seal_key_open(&t->now, row->id, row->data_key, &key);
    *ret_is_old = e == E_BUG && seal_key_open(&t->before, row->id, row->data_key, &key) == OK;
    t->strange += e == E_BUG && !*ret_is_old;
    if (*ret_is_old)
        seal_key_wrap(&t->now, &t->rand, &key, ret_wrapped);
    seal_key_wipe(&key);
}

static enum err rows_put(struct turning *t, const struct sealed_table *table,
    const struct sealed_row *rows, size_t n, int64_t *ret_changed)
{
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    bool begun = false, is_old;
    for (size_t i = 0; i < n; i++) {
        const struct sealed_row *r = &rows[i];
        wrap_anew(t, r, wrapped, &is_old);
        if (!is_old)
            continue;
        if (!begun)
            TRY(db_begin(t->db));
        begun = true;
        TRY(db_exec(t->db, table->put, ARGS(I(r->area), I(r->id), I(r->no), B(r->data_key),
            B(((struct str){ (const char *)wrapped, sizeof(wrapped) }))), NULL));
        ++*ret_changed;
    }
    return begun ? db_commit(t->db) : OK;
}

/* Others write meanwhile. */
static enum err batch_put(struct turning *t, const struct sealed_table *table,
    const struct list *rows, int64_t *ret_changed)
{
    int64_t began_us = clock_monotonic_us(), before = *ret_changed;
    enum err e = rows_put(t, table, rows->p, rows->n, ret_changed);
    if (e != OK)
        db_rollback(t->db);
    int64_t rest_ms = (clock_monotonic_us() - began_us) * REST_TIMES / 1000 + 1;
    if (e == OK && *ret_changed > before)
        (void)poll(NULL, 0, (int)(rest_ms < REST_MS_MAX ? rest_ms : REST_MS_MAX));
    return e;
}

static enum err table_pass(struct turning *t, const struct sealed_table *table,
    int64_t *ret_changed)
{
    struct sealed_row at = { .area = -1, .id = -1, .no = -1 };
    struct list rows = { NULL, 0 };
    do {
        arena_reset(&t->a);
        TRY(db_rows(t->db, &t->a, table->rows, ARGS(I(at.area), I(at.id), I(at.no)),
            &sealed_row_record, BATCH, &rows));
        if (rows.n == 0)
            break;
        TRY(batch_put(t, table, &rows, ret_changed));
        at = ((const struct sealed_row *)rows.p)[rows.n - 1];
        t->done += (int64_t)rows.n;
        progress_show(&t->bar, t->done < t->total ? t->done : t->total, t->total, STR_NONE);
    } while (rows.n == BATCH);
    return OK;
}

/* The last pass finds nothing: it is the proof. */
static enum err seal_anew(struct turning *t)
{
    int64_t changed;
    do {
        changed = t->done = t->strange = 0;
        TRY(db_number(t->db, &ALL, NO_ARGS, &t->total));
        for (size_t i = 0; i < COUNT_OF(sealed_tables); i++)
            TRY(table_pass(t, &sealed_tables[i], &changed));
        t->turned += changed;
        progress_part(&t->bar, MSG("逐条核对", "looking through all"));
    } while (changed);
    return OK;
}

/* The steps ---------------------------------------------------------------------------------- */

static struct str words_of(struct turning *t, size_t first, size_t second)
{
    return arena_fmt(&t->a, "%s %s", keys_seal_name(&t->keys, first).hex,
        keys_seal_name(&t->keys, second).hex);
}

static struct str word_of(struct turning *t, size_t i)
{
    return arena_str(&t->a, str_c(keys_seal_name(&t->keys, i).hex));
}

/* Until nobody writes by these words any more. */
static enum err all_left(struct turning *t, struct str words)
{
    progress_part(&t->bar, MSG("等各个服务换过来", "waiting for the servers to follow"));
    bool held = true;
    for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
        progress_show(&t->bar, waited / 1000, PATIENCE_MS / 1000, STR_NONE);
        TRY(db_is_held(t->db, sealing_number(words), &held));
        if (!held)
            return OK;
        (void)poll(NULL, 0, LOOK_MS);
    }
    return err_note(&t->info, E_BUSY, "db", MSG("有一个服务一分钟没有跟上；两把密钥都有效，什么也没有丢。"
        "各用一份密钥文件的机器，请把 %s 复制过去；再运行一次即接着进行", "A server has not followed for"
        " a minute; both keys are valid and nothing is lost. Where a machine has a key file of its own,"
        " copy %s there; running this again goes on from here"), str_c(t->path));
}

static enum err swap(struct turning *t, struct str from, struct str to)
{
    bool done;
    TRY(db_begin(t->db));
    enum err e = sealing_swap(t->db, from, to, &done);
    if (e == OK)
        return db_commit(t->db);
    db_rollback(t->db);
    return e;
}

/* While the row is locked, so that of two runs one makes the key. */
static enum err key_make(struct turning *t)
{
    bool mine = false;
    struct str now = word_of(t, atomic_load(&t->keys.n_seal) - 1);
    TRY(sealing_swap(t->db, now, now, &mine));
    if (!mine)
        return OK;
    TRY(keys_turn(t->path, &t->rand, &t->keys, &t->info));
    return sealing_swap(t->db, now, words_of(t, 1, 0), &mine);
}

static enum err begin(struct turning *t)
{
    TRY(db_begin(t->db));
    enum err e = key_make(t);
    if (e == OK)
        return db_commit(t->db);
    db_rollback(t->db);
    return e;
}

static enum err take_over(struct turning *t)
{
    TRY(all_left(t, word_of(t, 1)));
    return swap(t, words_of(t, 1, 0), words_of(t, 0, 1));
}

static enum err turn(struct turning *t)
{
    TRY(all_left(t, words_of(t, 1, 0)));
    keys_only(&t->keys, 0, &t->now);
    keys_only(&t->keys, 1, &t->before);
    progress_part(&t->bar, MSG("重新封存", "sealing anew"));
    TRY(seal_anew(t));
    return swap(t, words_of(t, 0, 1), word_of(t, 0));
}

static enum err retire(struct turning *t)
{
    const char *keep = cli_value(t->args, "keep");
    t->over = true;
    if (keep)
        TRY(keys_copy(t->path, keep, &t->info));
    return keys_retire(t->path, word_of(t, 0), &t->info);
}

/* Which step is next follows from what database and file say. */
static enum err step(struct turning *t)
{
    struct str words = STR(""), first, second = STR("");
    arena_reset(&t->a);
    TRY(node_keys_for(&t->site, NULL, &t->rand, &t->keys, &t->info));
    TRY(node_keys_check(t->db, &t->site, &t->keys, &t->info));
    TRY(sealing_read(t->db, &t->a, &words));
    first = str_cut(words, ' ', &second);
    bool sealing = str_eq(first, word_of(t, 0)), both = atomic_load(&t->keys.n_seal) == 2;
    if (second.n == 0)
        return sealing && both ? retire(t) : begin(t);
    return sealing ? turn(t) : take_over(t);
}

static void told(const struct turning *t)
{
    bool en = t->args->lang == LANG_EN;
    printf(en ? "The sealing key has been turned: %lld sealed anew in %.0f s, and nothing is left under"
            " the old key, which is out of %s\n"
        : "封存密钥已轮换：重新封存 %lld 条，用时 %.0f 秒；已没有旧密钥封存的内容，旧密钥已从 %s 移除\n",
        (long long)t->turned, (double)(clock_monotonic_us() - t->bar.started_us) / 1e6, t->path);
    if (t->strange)
        printf(en ? "Note: %lld open with neither key; they could not be read before either\n"
            : "注意：有 %lld 条用哪把密钥都打不开，此前也读不出\n", (long long)t->strange);
    printf("%s\n", en ? "Keep a copy of this file elsewhere; backups made before can be restored only with the"
            " file as it was"
        : "请把这个文件另存一份；此前的备份只能用原来的密钥文件恢复");
}

/* A copy that an earlier run made before it was broken off. */
static bool is_kept(const struct turning *t, const char *keep)
{
    struct node_keys there;
    struct err_info unread = { .e = OK };
    struct rand rand = t->rand;
    if (keys_load_or_create(keep, NULL, &rand, &there, &unread) != OK)
        return false;
    bool same = atomic_load(&there.n_seal) == 2 && atomic_load(&t->keys.n_seal) == 2;
    for (size_t i = 0; same && i < 2; i++)
        same = strcmp(keys_seal_name(&there, i).hex, keys_seal_name(&t->keys, i).hex) == 0;
    keys_wipe(&there);
    return same;
}

/* Before anything is turned: the copy can be written where it is wanted. */
static enum err keep_check(struct turning *t)
{
    const char *keep = cli_value(t->args, "keep");
    struct stat is, own;
    if (keep == NULL)
        return OK;
    const char *folder = path_folder(&t->a, keep);
    if (lstat(keep, &is) != 0)
        return access(folder, W_OK | X_OK) == 0 ? OK : err_note(&t->info, E_IO, "keep",
            MSG("文件夹 %s 不存在或不能写入；没有轮换，请换一个", "The folder %s is not there or cannot be"
                " written to; nothing was turned, name another"), str_c(folder));
    if (stat(keep, &is) == 0 && stat(t->path, &own) == 0 && is.st_dev == own.st_dev
        && is.st_ino == own.st_ino)
        return err_note(&t->info, E_CONFLICT, "keep", MSG("%s 就是正在使用的密钥文件；没有轮换，请另写一个新文件名",
            "%s is the key file in use itself; nothing was turned, name a new file"), str_c(keep));
    return is_kept(t, keep) ? OK : err_note(&t->info, E_CONFLICT, "keep", MSG("已有 %s，没有覆盖它；没有轮换，"
        "请另写一个新文件名", "There is a %s, which was left alone; nothing was turned, name a new file"),
        str_c(keep));
}

static int run(const struct cli_args *args)
{
    struct turning t = { .args = args, .bar = progress_of(args->lang), .rand = rand_system() };
    site_at(cli_value(args, "db"), cli_value(args, "data"), &t.site);
    (void)snprintf(t.path, sizeof(t.path), "%s.key", t.site.beside);
    arena_init(&t.a, 1 << 20);
    enum err e = cli_database_open(args, DB_WRITER, &t.db, &t.info);
    if (e == OK)
        e = node_keys_for(&t.site, NULL, &t.rand, &t.keys, &t.info);
    if (e == OK)
        e = node_keys_claim(t.db, &t.site, &t.keys, &t.info);
    if (e == OK)
        e = keep_check(&t);
    while (e == OK && !t.over)
        e = step(&t);
    progress_end(&t.bar);
    db_close(t.db);
    keys_wipe(&t.keys);
    keys_wipe(&t.now);
    keys_wipe(&t.before);
    arena_free(&t.a);
    if (e != OK)
        return cli_fail(args, &t.info, e);
    told(&t);
    return CLI_DONE;
}

static const struct cli_option options[] = {
    { "db", "FILE|URL", "fengqiao.db", MSG("数据库文件，或 postgres:// 地址，可以正在服务",
        "database file, or postgres:// address, which may be serving") },
    { "data", "DIR", NULL, MSG("密钥所在的目录，同 serve", "directory of the key file, as for serve") },
    { "keep", "FILE", NULL, MSG("另存一份还含旧密钥的密钥文件，用来恢复此前的备份",
        "keep a copy of the key file with the old key still in it, to restore earlier backups with") },
};
const struct cli_command cli_rotate_key = { "rotate-key", "",
    MSG("在服务运行时轮换封存密钥；中断后再运行即接着进行",
        "Turn the sealing key while serving; after an interruption run it again, it goes on"),
    options, COUNT_OF(options), run };
