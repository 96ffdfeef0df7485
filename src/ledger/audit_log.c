/* audit_log.c: the whole log again from its leaves: order, subtrees, checkpoints. */
#include "ledger/audit_run.h"
#include "ledger/entry.h"
#include "ledger/log.h"

#define AUDIT_LEAF_ROW(X, R) \
    X(R, I64, position, 0, 0, 0, NULL, "") X(R, I64, entry_id, 0, 0, 0, NULL, "") \
    X(R, BYTES, hash, 0, 0, 0, NULL, "") X(R, BYTES, entry_hash, 0, 0, 0, NULL, "")
RECORD(audit_leaf_row, AUDIT_LEAF_ROW)
RECORD_DEFINE(audit_leaf_row, AUDIT_LEAF_ROW)
#define AUDIT_NODE_ROW(X, R) X(R, BYTES, hash, 0, 0, 0, NULL, "")
RECORD(audit_node_row, AUDIT_NODE_ROW)
RECORD_DEFINE(audit_node_row, AUDIT_NODE_ROW)

SQL_SCANS(LEAVES, "audit.leaves",
    "SELECT l.position, l.entry_id, l.hash, e.hash FROM leaf l"
    " LEFT JOIN entry e ON e.id = l.entry_id ORDER BY l.position");
SQL_READS(NODE, "audit.node", "SELECT hash FROM tree_node WHERE level = $1 AND position = $2");
SQL_SCANS(NODES, "audit.nodes", "SELECT count(*) FROM tree_node");
SQL_READS(CHECKPOINT, "audit.checkpoint",
    "SELECT size, at_ms, entry_id, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT 1");
const struct sql *const audit_log_statements[] = { &LEAVES, &NODE, &NODES, &CHECKPOINT };
const size_t audit_log_statements_n = COUNT_OF(audit_log_statements);

struct relog {
    struct audit *audit;
    struct arena keep;              /* the checkpoint that comes next */
    struct merkle_tree tree;
    struct log_checkpoint next;
    bool has_next;
    int64_t entry_id, position;
    struct checkpoint known;        /* from elsewhere; size 0 for none */
};

static void relog_note(struct relog *r, enum audit_fault f, int64_t position)
{
    audit_note(r->audit, f, STR_NONE, 0, position);
}

static enum err next_load(struct relog *r, int64_t size)
{
    arena_reset(&r->keep);
    enum err e = db_one(r->audit->db, &r->keep, &CHECKPOINT, ARGS(I(size)),
        &log_checkpoint_record, &r->next);
    r->has_next = e == OK;
    return e == E_MISSING ? OK : e;
}

/* The checkpoint in a note; its signature counts only when the key is known. */
static bool note_read(struct relog *r, struct arena *a, struct str note, struct checkpoint *ret)
{
    const struct note_key *key = r->audit->options->key;
    if (key)
        return checkpoint_open(a, note, key, ret);
    ptrdiff_t end = str_find(note, STR("\n\n"));
    return end >= 0 && checkpoint_parse(a, (struct str){ note.p, (size_t)end + 1 }, ret);
}

static void checkpoint_check(struct relog *r, struct arena *a)
{
    struct checkpoint c;
    struct hash root = merkle_root(&r->tree);
    r->audit->figures.checkpoints++;
    if (!note_read(r, a, r->next.note, &c))
        relog_note(r, AUDIT_SIGNATURE, r->next.size);
    else if (c.size != r->tree.size || !hash_eq(&c.root, &root)
        || r->next.entry_id != r->entry_id)
        relog_note(r, AUDIT_ROOT, r->next.size);
}

static enum err node_check(void *ctx, unsigned level, uint64_t position, const struct hash *h)
{
    struct relog *r = ctx;
    struct arena a;
    struct audit_node_row row;
    if (level < LOG_LEVEL_MIN)
        return OK;
    arena_init(&a, 1 << 12);
    enum err e = db_one(r->audit->db, &a, &NODE, ARGS(I((int64_t)level), I((int64_t)position)),
        &audit_node_row_record, &row);
    if (e == E_MISSING || (e == OK && !str_eq(row.hash, hash_str(h))))
        relog_note(r, AUDIT_NODE, (int64_t)position);
    arena_free(&a);
    r->audit->figures.nodes++;
    return e == E_MISSING ? OK : e;
}

static enum err leaf_check(void *ctx, struct arena *row, const void *rec)
{
    struct relog *r = ctx;
    const struct audit_leaf_row *l = rec;
    struct hash entry = { { 0 } };
    if (l->position != r->position)
        relog_note(r, AUDIT_LEAF_ORDER, l->position);
    if (l->hash.n != HASH_BYTES || !str_eq(l->hash, l->entry_hash))
        relog_note(r, AUDIT_LEAF, l->position);
    if (l->hash.n == HASH_BYTES)
        memcpy(entry.b, l->hash.p, HASH_BYTES);
    struct hash leaf = entry_leaf(&entry);
    TRY(merkle_append(&r->tree, &leaf, &(struct merkle_sink){ node_check, r }));
    r->position = l->position + 1;
    r->entry_id = l->entry_id;
    r->audit->figures.leaves++;
    audit_tick(r->audit);
    if (r->known.size == r->tree.size) {        /* a root takes many hashes: only where it counts */
        struct hash root = merkle_root(&r->tree);
        if (!hash_eq(&r->known.root, &root))
            relog_note(r, AUDIT_ROOT, (int64_t)r->known.size);
    }
    while (r->has_next && (uint64_t)r->next.size <= r->tree.size) {
        checkpoint_check(r, row);
        TRY(next_load(r, r->next.size));
    }
    return OK;
}

/* What is left over when the leaves are through. */
static enum err relog_end(struct relog *r)
{
    int64_t size = (int64_t)r->tree.size, stored = 0;
    if (r->known.size > r->tree.size)
        relog_note(r, AUDIT_CUT, (int64_t)r->known.size);
    for (; r->has_next; r->audit->figures.checkpoints++) {
        relog_note(r, AUDIT_CUT, r->next.size);
        TRY(next_load(r, r->next.size));
    }
    enum err e = db_one(r->audit->db, &r->keep, &CHECKPOINT, ARGS(I(size - 1)),
        &log_checkpoint_record, &r->next);
    if (e == E_MISSING && size > 0)
        relog_note(r, AUDIT_ROOT, size);    /* leaves that no checkpoint covers */
    if (e != E_MISSING)
        TRY(e);
    TRY(db_number(r->audit->db, &NODES, NO_ARGS, &stored));
    if (stored > r->audit->figures.nodes)
        relog_note(r, AUDIT_NODE, stored);
    return OK;
}

enum err audit_log(struct audit *a)
{
    struct relog *r = heap_alloc(sizeof(*r));
    struct arena known;
    r->audit = a;
    arena_init(&r->keep, 1 << 20);
    arena_init(&known, 1 << 16);
    enum err e = OK;
    if (a->options->checkpoint.n && !note_read(r, &known, a->options->checkpoint, &r->known))
        e = E_INPUT;
    if (e == OK)
        e = next_load(r, 0);
    if (e == OK)
        e = db_each(a->db, &LEAVES, NO_ARGS, &audit_leaf_row_record, leaf_check, r);
    if (e == OK)
        e = relog_end(r);
    arena_free(&known);
    arena_free(&r->keep);
    heap_free(r);
    return e;
}
