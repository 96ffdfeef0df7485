/* log.c: leaves, nodes and checkpoints of the Merkle log as rows. */
#include "ledger/log.h"

enum { CATCH_UP_BATCH = 10000, BLOCKS_MAX = 4096 };

#define LOG_NEXT(X, R) \
    X(R, I64, id, 0, 0, 0, NULL, "entry") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "its hash")
RECORD(log_next, LOG_NEXT)
RECORD_DEFINE(log_next, LOG_NEXT)
#define LOG_HASH(X, R) X(R, BYTES, hash, 0, 0, 0, NULL, "hash")
RECORD(log_hash, LOG_HASH)
RECORD_DEFINE(log_hash, LOG_HASH)
RECORD_DEFINE(log_checkpoint, LOG_CHECKPOINT)
#define LOG_BLOCK(X, R) \
    X(R, I64, first, 0, 0, 0, NULL, "") X(R, I64, upto, 0, 0, 0, NULL, "") \
    X(R, I64, logged, 0, 0, 0, NULL, "last entry taken in")
RECORD(log_block, LOG_BLOCK)
RECORD_DEFINE(log_block, LOG_BLOCK)

SQL_READS(NEWEST, "log.newest",
    "SELECT size, at_ms, entry_id, note FROM checkpoint ORDER BY size DESC LIMIT 1");
SQL_SCANS(BLOCKS, "log.blocks", "SELECT first, upto, logged FROM id_block ORDER BY first");
SQL_READS(NEXT, "log.next",
    "SELECT id, hash FROM entry WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3");
SQL_READS(POSITION, "log.position", "SELECT position FROM leaf WHERE entry_id = $1");
SQL_READS(LEAVES, "log.leaves",
    "SELECT hash FROM leaf WHERE position >= $1 AND position < $2 ORDER BY position");
SQL_READS(NODE, "log.node", "SELECT hash FROM tree_node WHERE level = $1 AND position = $2");
SQL_WRITES(LEAF_INSERT, "log.leaf_insert",
    "INSERT INTO leaf (position, entry_id, hash) VALUES ($1, $2, $3)");
SQL_WRITES(NODE_INSERT, "log.node_insert",
    "INSERT INTO tree_node (level, position, hash) VALUES ($1, $2, $3)");
SQL_WRITES(CHECKPOINT_INSERT, "log.checkpoint_insert",
    "INSERT INTO checkpoint (size, at_ms, entry_id, note) VALUES ($1, $2, $3, $4)");
SQL_WRITES(BLOCK_MOVE, "log.block_move", "UPDATE id_block SET logged = $2 WHERE first = $1");
SQL_WRITES(BLOCK_DROP, "log.block_drop", "DELETE FROM id_block WHERE first = $1");
const struct sql *const log_statements[] = { &NEWEST, &BLOCKS, &NEXT, &BLOCK_MOVE, &BLOCK_DROP,
    &POSITION, &LEAVES, &NODE, &LEAF_INSERT, &NODE_INSERT, &CHECKPOINT_INSERT };
const size_t log_statements_n = COUNT_OF(log_statements);

static bool hash_from(struct str bytes, struct hash *ret)
{
    if (bytes.n != HASH_BYTES)
        return false;
    memcpy(ret->b, bytes.p, HASH_BYTES);
    return true;
}

/* A subtree below the stored levels, from its leaves. */
struct small { struct merkle_tree tree; };
static enum err small_add(void *ctx, struct arena *row, const void *rec)
{
    struct small *s = ctx;
    struct hash h;
    (void)row;
    if (!hash_from(((const struct log_hash *)rec)->hash, &h))
        return E_DB;
    struct hash leaf = merkle_leaf(hash_str(&h));
    return merkle_append(&s->tree, &leaf, NULL);
}

static enum err small_get(struct db *db, unsigned level, uint64_t position, struct hash *ret)
{
    struct small s = { .tree = { .size = 0 } };
    uint64_t from = position << level, to = (position + 1) << level;
    TRY(db_each(db, &LEAVES, ARGS(I((int64_t)from), I((int64_t)to)), &log_hash_record, small_add,
        &s));
    if (s.tree.size != to - from)
        return E_DB;
    *ret = merkle_root(&s.tree);
    return OK;
}

static enum err stored_get(struct db *db, unsigned level, uint64_t position, struct hash *ret)
{
    struct arena a;
    struct log_hash row;
    arena_init(&a, 1 << 16);
    enum err e = db_one(db, &a, &NODE, ARGS(I((int64_t)level), I((int64_t)position)),
        &log_hash_record, &row);
    if (e == E_MISSING || (e == OK && !hash_from(row.hash, ret)))
        e = E_DB;
    arena_free(&a);
    return e;
}

static enum err node_get(void *ctx, unsigned level, uint64_t position, struct hash *ret)
{
    return level < LOG_LEVEL_MIN ? small_get(ctx, level, position, ret)
        : stored_get(ctx, level, position, ret);
}

static struct merkle_source source(struct db *db)
{
    return (struct merkle_source){ node_get, db };
}

enum err log_newest(struct db *db, struct arena *a, struct log_checkpoint *ret)
{
    return db_one(db, a, &NEWEST, NO_ARGS, &log_checkpoint_record, ret);
}

enum err log_head_load(struct db *db, struct log_head *ret)
{
    struct arena a;
    struct log_checkpoint c;
    struct log_head head = { .entry_id = 0 };
    arena_init(&a, 1 << 16);
    enum err e = log_newest(db, &a, &c);
    arena_free(&a);
    if (e == OK) {
        struct merkle_source from = source(db);
        head.entry_id = c.entry_id;
        e = merkle_tree_load(&from, (uint64_t)c.size, &head.tree);
    } else if (e == E_MISSING) {
        e = OK;
    }
    if (e == OK)
        *ret = head;
    return e;
}

enum err log_head_follow(struct db *db, struct log_head *head)
{
    struct arena a;
    struct log_checkpoint c = { .size = 0 };
    arena_init(&a, 1 << 16);
    enum err e = log_newest(db, &a, &c);
    arena_free(&a);
    if (e != OK && e != E_MISSING)
        return e;
    return (uint64_t)c.size == head->tree.size ? OK : log_head_load(db, head);
}

static enum err node_keep(void *ctx, unsigned level, uint64_t position, const struct hash *h)
{
    struct log_batch *b = ctx;
    if (level >= LOG_LEVEL_MIN)
        b->nodes[b->n_nodes++] = (struct log_node){ level, position, *h };
    return OK;
}

static enum err leaf_take(void *ctx, struct arena *row, const void *rec)
{
    struct log_batch *b = ctx;
    const struct log_next *next = rec;
    struct log_leaf *leaf = &b->leaves[b->n_leaves];
    (void)row;
    if (!hash_from(next->hash, &leaf->hash))
        return E_DB;
    struct hash h = merkle_leaf(hash_str(&leaf->hash));
    TRY(merkle_append(&b->after.tree, &h, &(struct merkle_sink){ node_keep, b }));
    leaf->entry_id = b->after.entry_id = next->id;
    b->n_leaves++;
    return OK;
}

/* Its writer is asked for before its entries are read: when nobody holds the block then, all that
 * will ever be in it is seen. The newest one may not be held yet, and stays. */
static enum err block_take(struct db *db, const struct log_block *block, bool is_newest,
    size_t leaves_max, struct log_batch *b)
{
    bool open = true;
    size_t before = b->n_leaves;
    int64_t room = (int64_t)(leaves_max - b->n_leaves);
    if (!is_newest)
        TRY(db_is_held(db, block->first, &open));
    TRY(db_each(db, &NEXT, ARGS(I(block->logged), I(block->upto), I(room)), &log_next_record,
        leaf_take, b));
    bool moved = b->n_leaves > before, through = !open && b->n_leaves < leaves_max;
    if (moved || through)
        b->marks[b->n_marks++] = (struct log_mark){ block->first,
            moved ? b->after.entry_id : block->logged, through };
    return OK;
}

static enum err blocks_take(struct db *db, struct arena *a, size_t leaves_max, struct log_batch *b)
{
    struct list list;
    TRY(db_rows(db, a, &BLOCKS, NO_ARGS, &log_block_record, BLOCKS_MAX, &list));
    const struct log_block *blocks = list.p;
    b->marks = NEW_N(a, struct log_mark, list.n);
    for (size_t i = 0; i < list.n && b->n_leaves < leaves_max; i++)
        TRY(block_take(db, &blocks[i], i + 1 == list.n, leaves_max, b));
    return OK;
}

enum err log_batch_make(struct db *db, struct arena *a, const struct node_keys *keys,
    const struct log_head *head, size_t leaves_max, int64_t now_ms, struct log_batch *ret)
{
    /* n leaves complete fewer than 2n / 2^LOG_LEVEL_MIN nodes of the stored levels, and a few. */
    size_t nodes_max = (leaves_max >> (LOG_LEVEL_MIN - 1)) + MERKLE_LEVELS;
    struct log_batch b = { .leaves = NEW_N(a, struct log_leaf, leaves_max),
        .nodes = NEW_N(a, struct log_node, nodes_max), .after = *head, .at_ms = now_ms };
    TRY(blocks_take(db, a, leaves_max, &b));
    CHECK(b.n_nodes <= nodes_max);
    if (b.n_leaves) {
        struct checkpoint c = { .size = b.after.tree.size, .root = merkle_root(&b.after.tree) };
        b.checkpoint = checkpoint_sign(a, keys, &c);
    }
    *ret = b;
    return OK;
}

static enum err mark_write(struct db *db, const struct log_mark *m)
{
    return m->through ? db_exec(db, &BLOCK_DROP, ARGS(I(m->first)), NULL)
        : db_exec(db, &BLOCK_MOVE, ARGS(I(m->first), I(m->logged)), NULL);
}

enum err log_batch_write(struct db *db, const struct log_batch *b)
{
    int64_t position = (int64_t)(b->after.tree.size - b->n_leaves);
    for (size_t i = 0; i < b->n_leaves; i++)
        TRY(db_exec(db, &LEAF_INSERT, ARGS(I(position + (int64_t)i), I(b->leaves[i].entry_id),
            B(hash_str(&b->leaves[i].hash))), NULL));
    for (size_t i = 0; i < b->n_nodes; i++)
        TRY(db_exec(db, &NODE_INSERT, ARGS(I((int64_t)b->nodes[i].level),
            I((int64_t)b->nodes[i].position), B(hash_str(&b->nodes[i].hash))), NULL));
    for (size_t i = 0; i < b->n_marks; i++)
        TRY(mark_write(db, &b->marks[i]));
    if (b->n_leaves == 0)
        return OK;
    return db_exec(db, &CHECKPOINT_INSERT, ARGS(I((int64_t)b->after.tree.size), I(b->at_ms),
        I(b->after.entry_id), S(b->checkpoint)), NULL);
}

static enum err batch_commit(struct db *db, const struct log_batch *b)
{
    TRY(db_begin(db));
    enum err e = log_batch_write(db, b);
    if (e == OK)
        return db_commit(db);
    db_rollback(db);
    return e;
}

enum err log_catch_up(struct db *db, const struct node_keys *keys, int64_t now_ms)
{
    struct arena a;
    struct log_head head;
    struct log_batch b = { .n_leaves = 1 };
    TRY(log_head_load(db, &head));
    arena_init(&a, 16 << 20);
    enum err e = OK;
    while (e == OK && b.n_leaves) {
        arena_reset(&a);
        e = log_batch_make(db, &a, keys, &head, CATCH_UP_BATCH, now_ms, &b);
        if (e == OK && (b.n_leaves || b.n_marks))
            e = batch_commit(db, &b);
        if (e == OK)
            head = b.after;
    }
    arena_free(&a);
    return e;
}

enum err log_position(struct db *db, int64_t entry_id, int64_t *ret)
{
    return db_number(db, &POSITION, ARGS(I(entry_id)), ret);
}

enum err log_inclusion(struct db *db, uint64_t index, uint64_t size, struct merkle_proof *ret)
{
    struct merkle_source from = source(db);
    return merkle_inclusion(&from, index, size, ret);
}

enum err log_consistency(struct db *db, uint64_t old, uint64_t size, struct merkle_proof *ret)
{
    struct merkle_source from = source(db);
    return merkle_consistency(&from, old, size, ret);
}
