/* test_crypto.c: hashes against published answers; the key file; passwords; tokens. */
#include "../../src/crypto/key.c"
#include "crypto/password.h"
#include "crypto/token.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void hex_is(struct hash h, const char *want)
{
    struct arena a;
    arena_init(&a, 4096);
    struct buf b = buf_in(&a, 100);
    buf_hex(&b, hash_str(&h));
    assert_true(str_is(buf_str(&b), want));
    arena_free(&a);
}

static void test_hashes(void **state)
{
    (void)state;
    /* FIPS 180-4 examples */
    hex_is(hash_sha256(STR_NONE),
           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hex_is(hash_sha256(STR("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct hash_run *pieces = hash_begin();
    hash_add(pieces, STR("a"));
    hash_add(pieces, STR_NONE);
    hash_add(pieces, STR("bc"));
    struct hash whole = hash_sha256(STR("abc")), together = hash_end(pieces);
    assert_true(hash_eq(&whole, &together));
    hex_is(hash_sha256_2(STR("abcdbcdecdefdefgefghfghighij"), STR("hijkijkljklmklmnlmnomnopnopq")),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    hex_is(hash_sha256_tagged('a', STR("b"), STR("c")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    unsigned char key[HASH_BYTES];
    for (unsigned char i = 0; i < HASH_BYTES; i++)
        key[i] = i;
    hex_is(hash_hmac(key, "label", STR("data")),
           "31c2ade211eb680eb6fb5c89ce2bd31f2207cb1ad558af5b4e0f1c5748b73bc8");
    struct hash a = hash_sha256(STR("a")), b = a;
    assert_true(hash_eq(&a, &b));
    b.b[31] ^= 1;
    assert_false(hash_eq(&a, &b));
}

/* A folder for key files, and what is in it. */
struct place { char folder[64], path[96]; struct rand r; struct err_info info; };

static struct place place_make(void)
{
    struct place p = { .folder = "/tmp/fengqiao-keys-XXXXXX", .r = rand_seeded(1) };
    assert_non_null(mkdtemp(p.folder));
    (void)snprintf(p.path, sizeof(p.path), "%s/node.key", p.folder);
    return p;
}

static void place_remove(const struct place *p)
{
    (void)unlink(p->path);
    assert_int_equal(rmdir(p->folder), 0);      /* nothing else was left behind */
}

static enum err load(struct place *p, const char *name, struct node_keys *ret)
{
    p->info = (struct err_info){ .e = OK };
    return keys_load_or_create(p->path, name, &p->r, ret, &p->info);
}

static void test_key_file_is_made_once(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys first, again;
    struct stat st;
    assert_int_equal(load(&p, NULL, &first), E_INPUT);
    assert_int_equal(load(&p, "has space", &first), E_INPUT);
    assert_int_equal(load(&p, "demo.example/su", &first), OK);
    assert_int_equal(stat(p.path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(load(&p, "demo.example/su", &again), OK);
    assert_memory_equal(&first, &again, sizeof(first));
    assert_int_equal(load(&p, NULL, &again), OK);
    assert_string_equal(again.name, "demo.example/su");
    assert_int_equal(load(&p, "other.example", &again), E_CONFLICT);
    assert_true(strlen(p.info.zh) > 0 && strlen(p.info.en) > 0);
    place_remove(&p);
}

static void test_key_file_others_can_read_is_refused(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys k;
    assert_int_equal(load(&p, "demo.example/su", &k), OK);
    static const mode_t modes[] = { 0640, 0604, 0620, 0610, 0601 };
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(chmod(p.path, modes[i]), 0);
        assert_int_equal(load(&p, NULL, &k), E_DENIED);
    }
    assert_int_equal(chmod(p.path, 0600), 0);
    if (geteuid() == 0) {               /* only root can give a file away */
        assert_int_equal(chown(p.path, 65534, 65534), 0);
        assert_int_equal(load(&p, NULL, &k), E_DENIED);
        assert_int_equal(chown(p.path, 0, 0), 0);
    }
    char real[112];
    (void)snprintf(real, sizeof(real), "%s.real", p.path);
    assert_int_equal(rename(p.path, real), 0);
    assert_int_equal(symlink(real, p.path), 0);
    assert_int_equal(load(&p, "demo.example/su", &k), E_DENIED);
    assert_int_equal(unlink(real) | unlink(p.path), 0);
    assert_int_equal(mkdir(p.path, 0700), 0);
    assert_int_equal(load(&p, "demo.example/su", &k), E_DENIED);
    assert_int_equal(rmdir(p.path), 0);
    place_remove(&p);
}

static void file_write(const char *path, struct str text)
{
    CLEANUP(fd_close) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && fd_write_all(fd, text));
}

/* Two processes that start together end with the same keys: who comes second keeps the first's. */
static void test_two_starts_at_once(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys first, second;
    struct arena a;
    arena_init(&a, KEY_ARENA_BYTES);
    assert_int_equal(load(&p, "demo.example/su", &first), OK);
    assert_int_equal(keys_create(&a, p.path, "demo.example/su", &p.r, &p.info), OK);
    assert_int_equal(load(&p, "demo.example/su", &second), OK);
    assert_memory_equal(&first, &second, sizeof(first));
    arena_free(&a);
    place_remove(&p);
}

/* Each byte of the file changed, and the file cut after each byte. */
static void test_damaged_key_file_is_noticed(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys k;
    assert_int_equal(load(&p, "demo.example/su", &k), OK);
    char text[KEY_FILE_BYTES_MAX];
    int fd = open(p.path, O_RDONLY | O_CLOEXEC);
    ssize_t got = read(fd, text, sizeof(text));
    (void)close(fd);
    assert_true(got > 200);
    size_t n = (size_t)got;
    struct key_seeds s;
    struct str name;
    for (size_t i = 0; i < n; i++) {
        struct arena a;
        arena_init(&a, KEY_ARENA_BYTES);
        text[i] ^= 1;
        assert_false(key_file_parse(&a, (struct str){ text, n }, &s, &name));
        text[i] ^= 1;
        assert_false(key_file_parse(&a, (struct str){ text, i }, &s, &name));
        assert_true(key_file_parse(&a, (struct str){ text, n }, &s, &name));
        arena_free(&a);
    }
    file_write(p.path, (struct str){ text, n - 1 });
    assert_int_equal(load(&p, NULL, &k), E_INPUT);
    file_write(p.path, STR(""));
    assert_int_equal(load(&p, NULL, &k), E_INPUT);
    static const char big[KEY_FILE_BYTES_MAX * 3];
    file_write(p.path, (struct str){ big, sizeof(big) });
    assert_int_equal(load(&p, NULL, &k), E_INPUT);
    place_remove(&p);
}

static void test_the_sealing_key_is_turned(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys first, both, again, last;
    assert_int_equal(load(&p, "demo.example/su", &first), OK);
    struct seal_name old = keys_seal_name(&first, 0);
    assert_int_equal(keys_turn(p.path, &p.r, &both, &p.info), OK);
    assert_int_equal(atomic_load(&both.n_seal), 2);
    assert_int_equal(keys_find(&both, str_c(old.hex)), 1);
    struct seal_name new = keys_seal_name(&both, 0);
    assert_int_equal(keys_turn(p.path, &p.r, &again, &p.info), OK);     /* goes on, makes no third */
    assert_memory_equal(&both, &again, sizeof(both));
    assert_int_equal(load(&p, NULL, &again), OK);
    assert_memory_equal(&both, &again, sizeof(both));
    /* a server that has been running since before */
    assert_int_equal(keys_find(&first, str_c(new.hex)), -1);
    assert_int_equal(keys_learn(&first, p.path, &p.info), OK);
    assert_int_equal(keys_learn(&first, p.path, &p.info), OK);
    assert_int_equal(keys_find(&first, str_c(old.hex)), 0);
    assert_int_equal(keys_find(&first, str_c(new.hex)), 1);
    assert_int_equal(atomic_load(&first.n_seal), 2);
    /* only what is known to be the newest stays */
    assert_int_equal(keys_retire(p.path, str_c(old.hex), &p.info), OK);
    assert_int_equal(load(&p, NULL, &last), OK);
    assert_int_equal(atomic_load(&last.n_seal), 2);
    assert_int_equal(keys_retire(p.path, str_c(new.hex), &p.info), OK);
    assert_int_equal(load(&p, NULL, &last), OK);
    assert_int_equal(atomic_load(&last.n_seal), 1);
    assert_int_equal(keys_find(&last, str_c(new.hex)), 0);
    /* the rest is as it was */
    assert_memory_equal(last.sign_secret, first.sign_secret, KEY_SIGN_BYTES);
    assert_memory_equal(last.code_key, first.code_key, KEY_BYTES);
    assert_memory_equal(last.token_key, first.token_key, KEY_BYTES);
    place_remove(&p);
}

static void test_key_file_in_a_missing_folder(void **state)
{
    (void)state;
    struct place p = place_make();
    struct node_keys k;
    (void)snprintf(p.path, sizeof(p.path), "%s/none/node.key", p.folder);
    assert_int_equal(load(&p, "demo.example/su", &k), E_IO);
    assert_int_equal(rmdir(p.folder), 0);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = { "a", "demo.example/su", "枫桥.example" };
    static const char *const bad[] = { "", "a b", "a+b", "a\tb", "a\u3000b", "a\u00a0b", "a\nb", "\xff" };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(keys_name_ok(str_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(keys_name_ok(str_c(bad[i])));
    char text[KEY_NAME_BYTES_MAX + 1];
    memset(text, 'a', sizeof(text));
    assert_true(keys_name_ok((struct str){ text, KEY_NAME_BYTES_MAX }));
    assert_false(keys_name_ok((struct str){ text, KEY_NAME_BYTES_MAX + 1 }));
}

static void test_derived_keys_are_stable_and_distinct(void **state)
{
    (void)state;
    struct node_keys a, b, c;
    keys_derive(1, "demo.example/su", &a);
    keys_derive(1, "demo.example/su", &b);
    keys_derive(2, "demo.example/su", &c);
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(a.seal_master, c.seal_master, KEY_BYTES);
    assert_memory_not_equal(a.seal_master, a.code_key, KEY_BYTES);
    assert_memory_not_equal(a.code_key, a.token_key, KEY_BYTES);
    keys_wipe(&a);
    struct node_keys zero;
    memset(&zero, 0, sizeof(zero));
    assert_memory_equal(&a, &zero, sizeof(a));
}

static void test_password_rules(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "abababababab", "123456789012",
        "1234567812345678", "abcdefghijklmnop", "zyxwvutsrqponmlk", "wang.xiuying-2026-wang",
        "hello\x01world-twelve", "bad\xffutf8-password-here",
        "password2024!", "Woaini1314520", "1qaz2wsx3edc4rfv", "Zhangwei19900101", "QWERTYuiop12",
        "admin@123456", "mima12345678", "zhongguo2026!!", "fengqiao-demo-2026",
    };
    struct str login = STR("wang.xiuying");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct err_info info = { .e = OK };
        assert_int_equal(password_check_rules(str_c(bad[i]), login, &info), E_INPUT);
        assert_string_equal(info.field, "password");
    }
    static const char *const good[] = { "correct horse battery", "枫桥镇上有一棵古老的银杏树", "Tr0ub4dor&3xyz",
        "k3fq-9xzt-m2vd-8wpr", "oak lamp ferry quilt", "xue hua piao piao bei feng" };
    struct err_info info = { .e = OK };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_int_equal(password_check_rules(str_c(good[i]), login, &info), OK);
    char text[129];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "kqzpwx7m"[i % 8];
    assert_int_equal(password_check_rules((struct str){ text, 128 }, login, &info), OK);
    assert_int_equal(password_check_rules((struct str){ text, 129 }, login, &info), E_INPUT);
}

static void test_passwords(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct node_keys k, other;
    keys_derive(1, "demo.example/su", &k);
    keys_derive(2, "demo.example/su", &other);
    struct rand r = rand_seeded(1);
    struct str stored = STR_NONE, again = STR_NONE, good = STR("correct horse battery");
    assert_int_equal(password_hash(&a, &k, &r, good, &stored), OK);
    assert_int_equal(password_hash(&a, &k, &r, good, &again), OK);
    assert_false(str_eq(stored, again));
    assert_true(str_starts(stored, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(&k, stored, good), OK);
    assert_int_equal(password_verify(&k, stored, STR("correct horse batterz")), E_LOGIN);
    assert_int_equal(password_verify(&k, stored, STR_NONE), E_LOGIN);
    assert_int_equal(password_verify(&other, stored, good), E_LOGIN);      /* the pepper */
    assert_int_equal(password_verify(&k, STR_NONE, good), E_LOGIN);
    assert_int_equal(password_verify(&k, (struct str){ stored.p, stored.n - 1 }, good), E_LOGIN);
    arena_free(&a);
}

static void test_tokens(void **state)
{
    (void)state;
    struct node_keys k, other;
    keys_derive(1, "demo.example/su", &k);
    keys_derive(2, "demo.example/su", &other);
    struct rand r = rand_system();
    struct token t = token_new(&r), u = token_new(&r);
    assert_int_equal(strlen(t.text), TOKEN_CHARS);
    assert_int_equal(strspn(t.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     TOKEN_CHARS);
    assert_string_not_equal(t.text, u.text);
    struct hash h = token_hash(&k, str_c(t.text)), same = token_hash(&k, str_c(t.text));
    struct hash next = token_hash(&k, str_c(u.text)), foreign = token_hash(&other, str_c(t.text));
    assert_true(hash_eq(&h, &same));
    assert_false(hash_eq(&h, &next));
    assert_false(hash_eq(&h, &foreign));
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* A million sessions: no two alike, not even in their first ten letters, and each letter as often
 * as any other in every place. */
static void test_a_million_tokens_are_all_different(void **state)
{
    enum { TOKENS = 1000000, LETTERS = 64, HEAD = 10, LEEWAY = TOKENS / LETTERS / 20 };
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (void)state;
    unsigned char value[256] = { 0 };
    for (unsigned char i = 0; i < LETTERS; i++)
        value[(unsigned char)letters[i]] = i;
    struct rand r = rand_system();
    uint64_t *heads = heap_alloc(TOKENS * sizeof(*heads));
    uint32_t (*seen)[256] = heap_alloc((TOKEN_CHARS - 1) * sizeof(*seen));
    memset(seen, 0, (TOKEN_CHARS - 1) * sizeof(*seen));
    for (size_t i = 0; i < TOKENS; i++) {
        struct token t = token_new(&r);
        heads[i] = 0;
        for (size_t k = 0; k < HEAD; k++)
            heads[i] = heads[i] << 6 | value[(unsigned char)t.text[k]];
        for (size_t k = 0; k < TOKEN_CHARS - 1; k++)    /* the last one holds fewer bits */
            seen[k][(unsigned char)t.text[k]]++;
    }
    qsort(heads, TOKENS, sizeof(*heads), by_value);
    for (size_t i = 1; i < TOKENS; i++)
        assert_true(heads[i] != heads[i - 1]);
    for (size_t k = 0; k < TOKEN_CHARS - 1; k++)
        for (size_t c = 0; c < LETTERS; c++)
            assert_in_range(seen[k][(unsigned char)letters[c]], TOKENS / LETTERS - LEEWAY,
                TOKENS / LETTERS + LEEWAY);
    heap_free(heads);
    heap_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_million_tokens_are_all_different),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_key_file_is_made_once),
        cmocka_unit_test(test_key_file_others_can_read_is_refused),
        cmocka_unit_test(test_two_starts_at_once),
        cmocka_unit_test(test_damaged_key_file_is_noticed),
        cmocka_unit_test(test_the_sealing_key_is_turned),
        cmocka_unit_test(test_key_file_in_a_missing_folder),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_derived_keys_are_stable_and_distinct),
        cmocka_unit_test(test_password_rules),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
