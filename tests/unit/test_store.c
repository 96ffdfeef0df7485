/* test_store.c: files under the name of their content: complete or absent, never named by a user,
 * swept only when nobody needs them. */
#include "attach/store.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

enum { DAY_MS = 24 * 3600 * 1000 };
struct fixture { char dir[32]; struct arena a; };

static int fixture_make(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    arena_init(&f->a, 64 << 20);
    memcpy(f->dir, "/tmp/store-XXXXXX", 18);
    *state = f;
    return mkdtemp(f->dir) == NULL;
}

static int fixture_drop(void **state)
{
    struct fixture *f = *state;
    int rc = system(arena_fmt(&f->a, "rm -rf '%s'", f->dir).p);
    arena_free(&f->a);
    heap_free(f);
    return rc;
}

static const char *path_of(struct fixture *f, const struct store_name *n)
{
    return arena_fmt(&f->a, "%s/%.2s/%.2s/%s", f->dir, n->hex, n->hex + 2, n->hex).p;
}

static void age(const char *path, int64_t ms)
{
    struct timespec t[2];
    CHECK(clock_gettime(CLOCK_REALTIME, &t[0]) == 0);
    t[0].tv_sec -= ms / 1000;
    t[1] = t[0];
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static int64_t now_ms(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_REALTIME, &t) == 0);
    return (int64_t)t.tv_sec * 1000;
}

static bool refers_to(void *ctx, const struct store_name *name)
{
    const struct store_name *kept = ctx;
    return strcmp(kept->hex, name->hex) == 0;
}

static void test_what_is_put_comes_back(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    struct str got;
    assert_int_equal(store_put(f->dir, STR("abc"), &n), OK);
    assert_string_equal(n.hex,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(store_get(f->dir, &n, &f->a, 3, &got), OK);
    assert_true(str_is(got, "abc"));
    assert_int_equal(access(path_of(f, &n), F_OK), 0);
    assert_int_equal(store_put(f->dir, STR(""), &n), OK);
    assert_int_equal(store_get(f->dir, &n, &f->a, 3, &got), OK);
    assert_int_equal(got.n, 0);
    struct str large = { NEW_N(&f->a, char, 5 << 20), 5 << 20 };
    assert_int_equal(store_put(f->dir, large, &n), OK);
    assert_int_equal(store_get(f->dir, &n, &f->a, large.n, &got), OK);
    assert_true(str_eq(got, large));
}

static void test_limits_and_absence(void **state)
{
    struct fixture *f = *state;
    struct store_name n, other;
    struct str got;
    assert_int_equal(store_put(f->dir, STR("four"), &n), OK);
    assert_int_equal(store_get(f->dir, &n, &f->a, 3, &got), E_TOO_LARGE);
    other = n;
    other.hex[63] = other.hex[63] == '0' ? '1' : '0';
    assert_int_equal(store_get(f->dir, &other, &f->a, 9, &got), E_MISSING);
    other.hex[0] = other.hex[0] == '0' ? '1' : '0';
    assert_int_equal(store_get(f->dir, &other, &f->a, 9, &got), E_MISSING);
    assert_int_equal(store_put("/nowhere/at/all", STR("x"), &n), E_IO);
}

static void test_names_are_hashes_only(void **state)
{
    static const char *const bad[] = {
        "", "../../../../etc/passwd", "ba7816bf",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a/",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
        "../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };
    struct store_name n;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(store_name_parse(str_c(bad[i]), &n));
    assert_true(store_name_parse(
        STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &n));
}

static void test_damage_is_noticed_and_healed_by_another_put(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    struct str got;
    assert_int_equal(store_put(f->dir, STR("content"), &n), OK);
    FILE *file = fopen(path_of(f, &n), "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(store_get(f->dir, &n, &f->a, 99, &got), E_IO);
    assert_int_equal(store_put(f->dir, STR("content"), &n), OK);
    assert_int_equal(store_get(f->dir, &n, &f->a, 99, &got), OK);
}

static void test_links_are_not_followed(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    struct str got;
    assert_int_equal(store_put(f->dir, STR("secret"), &n), OK);
    assert_int_equal(unlink(path_of(f, &n)), 0);
    assert_int_equal(symlink("/etc/passwd", path_of(f, &n)), 0);
    assert_int_equal(store_get(f->dir, &n, &f->a, 1 << 20, &got), E_IO);
}

static void test_a_failed_put_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    assert_int_equal(store_put(f->dir, STR("first"), &n), OK);
    const char *path = path_of(f, &n);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_put(f->dir, STR("first"), &n), E_IO);
    assert_int_equal(rmdir(path), 0);
    CLEANUP(fd_close) int leaf = leaf_open(f->dir, &n, false);
    DIR *d = fdopendir(dup(leaf));
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        assert_true(e->d_name[0] == '.');
    assert_int_equal(closedir(d), 0);
}

static void test_sweep_takes_only_old_and_unreferenced(void **state)
{
    struct fixture *f = *state;
    struct store_name kept, old, young;
    int64_t removed;
    assert_int_equal(store_put(f->dir, STR("kept"), &kept), OK);
    assert_int_equal(store_put(f->dir, STR("old"), &old), OK);
    assert_int_equal(store_put(f->dir, STR("young"), &young), OK);
    age(path_of(f, &kept), 2 * DAY_MS);
    age(path_of(f, &old), 2 * DAY_MS);
    const char *temp = arena_fmt(&f->a, "%s/%.2s/%.2s/tmp-0123456789abcdef", f->dir, old.hex,
        old.hex + 2).p;
    const char *foreign = arena_fmt(&f->a, "%s/%.2s/%.2s/README", f->dir, old.hex, old.hex + 2).p;
    const char *const extra[] = { temp, foreign };
    for (size_t i = 0; i < COUNT_OF(extra); i++) {
        FILE *file = fopen(extra[i], "w");
        assert_non_null(file);
        assert_int_equal(fclose(file), 0);
        age(extra[i], 2 * DAY_MS);
    }
    struct store_sweep s = { refers_to, &kept, now_ms() };
    assert_int_equal(store_sweep(f->dir, &s, &removed), OK);
    assert_int_equal(removed, 2);
    assert_int_equal(access(path_of(f, &kept), F_OK), 0);
    assert_int_equal(access(path_of(f, &young), F_OK), 0);
    assert_int_equal(access(foreign, F_OK), 0);
    assert_int_not_equal(access(path_of(f, &old), F_OK), 0);
    assert_int_not_equal(access(temp, F_OK), 0);
    assert_int_equal(store_sweep("/nowhere/at/all", &s, &removed), E_IO);
}

static void test_putting_again_makes_a_file_young(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    int64_t removed;
    struct store_name none = { 0 };
    struct store_sweep s = { refers_to, &none, now_ms() };
    assert_int_equal(store_put(f->dir, STR("again"), &n), OK);
    age(path_of(f, &n), 2 * DAY_MS);
    assert_int_equal(store_put(f->dir, STR("again"), &n), OK);
    assert_int_equal(store_sweep(f->dir, &s, &removed), OK);
    assert_int_equal(removed, 0);
}

struct seen { size_t n, stop_at; };
static enum err see(void *ctx, const struct store_name *name, int folder)
{
    struct seen *s = ctx;
    assert_int_equal(faccessat(folder, name->hex, F_OK, 0), 0);
    return ++s->n == s->stop_at ? E_BUSY : OK;
}

static void test_each_file_is_told_once_until_somebody_has_enough(void **state)
{
    struct fixture *f = *state;
    struct store_name n;
    struct seen all = { 0 }, some = { .stop_at = 2 };
    for (int i = 0; i < 5; i++)
        assert_int_equal(store_put(f->dir, arena_fmt(&f->a, "%d", i), &n), OK);
    const char *foreign = arena_fmt(&f->a, "%s/%.2s/%.2s/note.txt", f->dir, n.hex, n.hex + 2).p;
    assert_int_equal(close(open(foreign, O_WRONLY | O_CREAT, 0600)), 0);
    assert_int_equal(store_each(f->dir, see, &all), OK);
    assert_int_equal(all.n, 5);
    assert_int_equal(store_each(f->dir, see, &some), E_BUSY);
    assert_int_equal(some.n, 2);
    assert_int_equal(store_each(arena_fmt(&f->a, "%s/none", f->dir).p, see, &all), E_IO);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, fixture_make, fixture_drop)
    const struct CMUnitTest tests[] = {
        T(test_what_is_put_comes_back), T(test_limits_and_absence), T(test_names_are_hashes_only),
        T(test_damage_is_noticed_and_healed_by_another_put), T(test_links_are_not_followed),
        T(test_a_failed_put_leaves_nothing), T(test_sweep_takes_only_old_and_unreferenced),
        T(test_putting_again_makes_a_file_young),
        T(test_each_file_is_told_once_until_somebody_has_enough),
    };
#undef T
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
