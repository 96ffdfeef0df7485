/* ledger_dump.c: speaks for the program's ledger code to the independent implementation in
 * tests/api: grows a log of SIZE made-up entries and answers requests, one JSON line each.
 *   r SIZE         root and checkpoint            i INDEX SIZE   inclusion path
 *   c OLD SIZE     consistency proof              b INDEX SIZE   a reporter's proof (verify.h)
 * Entry i is the (1 + i / 7)th of matter 1 + i % 7; tests/api/merkle.test.mjs makes the same. */
#include "ledger/verify.h"
#include "../unit/ledger_nodes.h"
#include <stdio.h>

enum { LOG_SIZE = 1025, MATTERS = 7, AREA = 320508 };
static const int64_t start_ms = 1700000000000;

struct log {
    struct arena keep, work;
    struct node_keys keys;
    struct nodes nodes;
    struct str canonical[LOG_SIZE];
    struct hash hash[LOG_SIZE];
};

static void log_grow(struct log *l)
{
    struct merkle_tree t = { .size = 0 };
    struct merkle_sink to = nodes_sink(&l->nodes);
    for (int i = 0; i < LOG_SIZE; i++) {
        struct entry e = {
            .area = AREA, .matter_id = 1 + i % MATTERS, .seq = 1 + i / MATTERS,
            .at_ms = start_ms + i, .account_id = i % 3, .role = STR("grid_worker"),
            .action = STR("note"), .from = STR("handling"), .to = STR("handling"),
            .data = arena_fmt(&l->keep, "{\"text\":\"第%d条\"}", i),
        };
        l->canonical[i] = entry_canonical(&l->keep, &e);
        l->hash[i] = entry_hash(l->canonical[i], i < MATTERS ? NULL : &l->hash[i - MATTERS]);
        struct hash leaf = entry_leaf(&l->hash[i]);
        CHECK(merkle_append(&t, &leaf, &to) == OK);
    }
}

static struct str checkpoint_at(struct log *l, uint64_t size)
{
    struct merkle_source from = nodes_source(&l->nodes);
    struct merkle_tree t;
    CHECK(merkle_tree_load(&from, size, &t) == OK);
    struct checkpoint c = { .size = size, .root = merkle_root(&t) };
    return checkpoint_sign(&l->work, &l->keys, &c);
}

static void root_write(struct log *l, struct buf *b, uint64_t size)
{
    struct merkle_source from = nodes_source(&l->nodes);
    struct merkle_tree t;
    CHECK(merkle_tree_load(&from, size, &t) == OK);
    struct hash root = merkle_root(&t);
    buf_add(b, STR("{\"root\":\""));
    buf_hex(b, hash_str(&root));
    buf_add(b, STR("\",\"checkpoint\":"));
    buf_json_str(b, checkpoint_at(l, size));
    buf_byte(b, '}');
}

static void proof_write(struct buf *b, const struct merkle_proof *p)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < p->n; i++) {
        buf_add(b, i ? STR(",\"") : STR("\""));
        buf_hex(b, hash_str(&p->h[i]));
        buf_byte(b, '"');
    }
    buf_byte(b, ']');
}

static void bundle_write(struct log *l, struct buf *b, uint64_t index, uint64_t size)
{
    struct merkle_source from = nodes_source(&l->nodes);
    struct note_key key = note_key_of(&l->keys);
    struct verify_bundle v = { .number = STR("320508-K7M2-QX4T"), .entry = l->canonical[index],
                               .hash = l->hash[index], .logged = true, .index = index };
    if (index >= MATTERS)
        v.prev = l->hash[index - MATTERS];
    struct promise p = { v.number, v.hash, start_ms, start_ms + 60000 };
    v.promise = promise_make(&l->work, &l->keys, &p);
    v.key = note_key_text(&l->work, &key);
    v.checkpoint = checkpoint_at(l, size);
    CHECK(merkle_inclusion(&from, index, size, &v.path) == OK);
    verify_bundle_write(b, &v);
}

static bool request_answer(struct log *l, struct buf *b, struct str line)
{
    struct merkle_source from = nodes_source(&l->nodes);
    struct str rest, what = str_cut(line, ' ', &rest), first = str_cut(rest, ' ', &rest);
    int64_t m = 0, n = 0;
    if (!str_to_i64(first, &m) || (rest.n && !str_to_i64(rest, &n)) || m < 0 || n < 0
        || m > LOG_SIZE || n > LOG_SIZE)
        return false;
    struct merkle_proof p;
    if (str_is(what, "r")) {
        root_write(l, b, (uint64_t)m);
    } else if (str_is(what, "i") && m < n) {
        CHECK(merkle_inclusion(&from, (uint64_t)m, (uint64_t)n, &p) == OK);
        proof_write(b, &p);
    } else if (str_is(what, "c") && m <= n) {
        CHECK(merkle_consistency(&from, (uint64_t)m, (uint64_t)n, &p) == OK);
        proof_write(b, &p);
    } else if (str_is(what, "b") && m < n) {
        bundle_write(l, b, (uint64_t)m, (uint64_t)n);
    } else {
        return false;
    }
    return true;
}

int main(void)
{
    struct log *l = heap_alloc(sizeof(*l));
    arena_init(&l->keep, 1 << 20);
    arena_init(&l->work, 1 << 20);
    keys_derive(1, "demo.example/su", &l->keys);
    log_grow(l);
    char line[64];
    bool good = true;
    while (good && fgets(line, sizeof(line), stdin)) {
        struct buf b = buf_in(&l->work, 1 << 18);
        good = request_answer(l, &b, str_trim(str_c(line)));
        (void)printf("%.*s\n", STR_FMT(buf_str(&b)));
        arena_reset(&l->work);
    }
    nodes_free(&l->nodes);
    arena_free(&l->work);
    arena_free(&l->keep);
    heap_free(l);
    return good ? 0 : 2;
}
