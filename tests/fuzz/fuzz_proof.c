/* fuzz_proof.c: what strangers hand back to be believed: receipts, checkpoints, promises, entries,
 * keys. Each ends with yes or no; what is taken apart and put together again is the same bytes, and
 * nothing made up here is valid under a key of ours. The first byte chooses what the rest is. */
#include "ledger/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void bundle_check(struct arena *a, const struct node_keys *k, struct str text)
{
    struct note_key key = note_key_of(k);
    struct verify_result r;
    enum verify_fault f = verify_bundle(a, text, STR_NONE, 1795422000000, &r);
    CHECK(f < VERIFY_FAULT_COUNT && verify_text(f, LANG_ZH)[0] && verify_text(f, LANG_EN)[0]);
    CHECK(f != VERIFY_OK || r.node.n > 0);
    (void)verify_bundle(a, text, note_key_text(a, &key), 0, &r);
}

static void entry_check(struct arena *a, struct str text)
{
    struct entry e;
    if (text.n <= ENTRY_BYTES_MAX && entry_parse(text, &e))
        CHECK(str_eq(entry_canonical(a, &e), text));
}

static void note_check(struct arena *a, const struct node_keys *k, struct str text)
{
    struct note_key key = note_key_of(k), other;
    struct checkpoint c;
    struct promise p;
    struct str signed_text;
    (void)note_open(a, text, &key, &signed_text);
    (void)checkpoint_open(a, text, &key, &c);
    (void)promise_open(a, text, &key, &p);
    if (checkpoint_parse(a, text, &c))
        CHECK(str_eq(checkpoint_body(a, &c), text));
    if (note_key_parse(a, text, &other))
        CHECK(str_eq(note_key_text(a, &other), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node_keys k;
    struct arena a;
    if (size == 0)
        return 0;
    keys_derive(1, "demo.example/su", &k);
    arena_init(&a, 64 << 20);
    struct str text = arena_dup(&a, data + 1, size - 1);
    switch (data[0] % 3) {
    case 0: bundle_check(&a, &k, text); break;
    case 1: entry_check(&a, text); break;
    default: note_check(&a, &k, text); break;
    }
    arena_free(&a);
    return 0;
}
