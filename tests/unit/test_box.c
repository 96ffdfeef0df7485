/* test_box.c: the photo helper from the server's side: good photos, hostile ones, workers that
 * die or hang, and what its sandbox refuses. The program under test is the first argument. */
#include "attach/box.c"
#include "attach/helper.h"
#include "photo_fixture.h"
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ARENA_BYTES = 256 << 20 };
static struct helper helper = { HELPER_MEDIA, NULL, HELPER_ALONE };

struct fixture { struct box *box; struct arena a; };

static int fixture_make(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    arena_init(&f->a, ARENA_BYTES);
    *state = f;
    return box_start(&helper, 2, &f->box) != OK;
}

static int fixture_drop(void **state)
{
    struct fixture *f = *state;
    box_stop(f->box);
    arena_free(&f->a);
    heap_free(f);
    return 0;
}

static enum err decode(struct fixture *f, struct str image, struct box_image *ret)
{
    struct err_info info = { 0 };
    enum err e = box_decode(f->box, &f->a, image, false, ret, &info);
    assert_int_equal(info.e, e);
    if (e != OK) {
        assert_string_equal(info.field, "photo");
        assert_true(info.zh[0] != '\0' && info.en[0] != '\0');
    }
    return e;
}

/* The parent in "pid (name) state parent ..." of /proc/PID/stat; 0 when it has ended. */
static int64_t parent_of(const char *pid)
{
    char path[300], line[512] = "";
    int64_t parent = 0;
    (void)snprintf(path, sizeof(path), "/proc/%s/stat", pid);
    FILE *stat = fopen(path, "r");
    if (stat && fgets(line, sizeof(line), stat)) {
        struct str rest, all = str_c(line);
        ptrdiff_t name_end = str_find(all, STR(") "));
        size_t at = name_end < 0 ? 0 : (size_t)name_end + 4;
        (void)str_to_i64(str_cut((struct str){ all.p + at, all.n - at }, ' ', &rest), &parent);
    }
    if (stat)
        (void)fclose(stat);
    return parent;
}

/* Process ids whose parent is `parent`, from /proc; at most max. */
static size_t children_of(pid_t parent, pid_t *ret, size_t max)
{
    size_t n = 0;
    int64_t pid;
    DIR *d = opendir("/proc");
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL && n < max;)
        if (str_to_i64(str_c(e->d_name), &pid) && parent_of(e->d_name) == parent)
            ret[n++] = (pid_t)pid;
    (void)closedir(d);
    return n;
}

static pid_t worker_wait(struct box *b)
{
    for (int i = 0; i < 2000; i++) {
        pid_t pid;
        if (children_of(b->run.pid, &pid, 1) == 1)
            return pid;
        (void)usleep(500);
    }
    fail_msg("no worker appeared");
    return 0;
}

static void workers_gone(struct box *b)
{
    pid_t pid;
    for (int i = 0; i < 4000 && children_of(b->run.pid, &pid, 1); i++)
        (void)usleep(500);
    assert_int_equal(children_of(b->run.pid, &pid, 1), 0);
}

static size_t descriptors_open(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d))
        n++;
    (void)closedir(d);
    return n;
}

static void test_a_photo_comes_back_clean(void **state)
{
    struct fixture *f = *state;
    struct box_image i;
    struct err_info info = { 0 };
    struct str file = fixture_jpeg_with_exif(&f->a, fixture_jpeg(&f->a, 3000, 2000),
        fixture_exif(&f->a, 6, true));
    assert_int_equal(decode(f, file, &i), OK);
    assert_int_equal(i.width, 1067);
    assert_int_equal(i.height, 1600);
    assert_int_equal(i.thumb_width, 213);
    assert_int_equal(i.thumb_height, 320);
    assert_true(fixture_is_bare_jpeg(i.main) && fixture_is_bare_jpeg(i.thumb));
    assert_string_equal(fixture_corners(&f->a, i.main).p, "BRWG");
    assert_false(i.has_position);
    assert_int_equal(box_decode(f->box, &f->a, file, true, &i, &info), OK);
    assert_true(i.has_position);
    assert_true(fabs(i.lat - 31.301458) < 1e-6 && fabs(i.lon - 120.585139) < 1e-6);
}

static void test_refusals_say_what_is_wrong(void **state)
{
    struct fixture *f = *state;
    struct box_image i;
    struct str heavy = { NEW_N(&f->a, char, BOX_IMAGE_BYTES_MAX + 1), BOX_IMAGE_BYTES_MAX + 1 };
    assert_int_equal(decode(f, STR(""), &i), E_MEDIA);
    assert_int_equal(decode(f, STR("\xff\xd8\xff\xe0 in truth a text"), &i), E_MEDIA);
    assert_int_equal(decode(f, STR("%PDF-1.7"), &i), E_MEDIA);
    assert_int_equal(decode(f, heavy, &i), E_TOO_LARGE);
    heavy.n--;
    assert_int_equal(decode(f, heavy, &i), E_MEDIA);
    assert_int_equal(decode(f, fixture_png_header(&f->a, 30000, 30000), &i), E_TOO_LARGE);
    struct str small = fixture_jpeg_progressive(&f->a, 64, 64);
    assert_int_equal(decode(f, fixture_scan_bomb(&f->a, small, 2000), &i), E_TOO_LARGE);
}

static void test_a_file_cut_at_each_kilobyte_is_refused(void **state)
{
    struct fixture *f = *state;
    struct box_image i;
    struct str file = fixture_jpeg_noise(&f->a, 250, 200);
    assert_true(file.n > 32 * 1024);
    for (size_t n = 0; n < file.n; n += 1024)
        assert_int_equal(decode(f, (struct str){ file.p, n }, &i), E_MEDIA);
    assert_int_equal(decode(f, file, &i), OK);
}

/* The largest lawful pictures pass; what would need more than the memory limit does not, and the
 * next photo is served as ever. */
static void test_memory_stays_within_its_limit(void **state)
{
    struct fixture *f = *state;
    struct box_image i;
    assert_int_equal(decode(f, fixture_png(&f->a, 6300, 6300, true), &i), OK);
    assert_int_equal(decode(f, fixture_jpeg(&f->a, 8000, 5000), &i), OK);
    assert_int_equal(decode(f, fixture_jpeg_progressive_cmyk(&f->a, 8000, 5000), &i),
        E_TOO_LARGE);
    assert_int_equal(decode(f, fixture_jpeg(&f->a, 64, 64), &i), OK);
}

struct call { struct fixture *f; struct str image; struct box_image i; enum err e; };

static void *call_run(void *p)
{
    struct call *c = p;
    struct arena a;
    struct err_info info = { 0 };
    arena_init(&a, BOX_REPLY_BYTES_MAX);
    c->e = box_decode(c->f->box, &a, c->image, false, &c->i, &info);
    arena_free(&a);
    return NULL;
}

static pthread_t call_begin(struct call *c)
{
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, call_run, c), 0);
    return t;
}

static void test_a_killed_worker_is_replaced(void **state)
{
    struct fixture *f = *state;
    struct call c = { .f = f, .image = fixture_png(&f->a, 3000, 3000, true) };
    pthread_t t = call_begin(&c);
    pid_t first = worker_wait(f->box);
    assert_int_equal(kill(first, SIGKILL), 0);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_int_equal(c.e, OK);

    workers_gone(f->box);
    t = call_begin(&c);
    first = worker_wait(f->box);
    assert_int_equal(kill(first, SIGKILL), 0);
    pid_t second = first;
    while (second == first)
        second = worker_wait(f->box);
    assert_int_equal(kill(second, SIGKILL), 0);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_int_equal(c.e, E_MEDIA);
    c.image = fixture_jpeg(&f->a, 64, 64);
    (void)call_run(&c);
    assert_int_equal(c.e, OK);
}

static void test_a_killed_helper_is_started_again(void **state)
{
    struct fixture *f = *state;
    struct box_image i;
    struct str file = fixture_jpeg(&f->a, 64, 64);
    pid_t before = f->box->run.pid;
    assert_int_equal(kill(before, SIGKILL), 0);
    (void)usleep(50000);
    assert_int_equal(decode(f, file, &i), OK);
    assert_int_not_equal(f->box->run.pid, before);
    const struct helper none = { HELPER_MEDIA, "/nowhere/at/all", HELPER_ALONE };
    f->box->helper = &none;
    assert_int_equal(kill(f->box->run.pid, SIGKILL), 0);
    (void)usleep(50000);
    assert_int_equal(decode(f, file, &i), E_IO);
    f->box->helper = &helper;
    assert_int_equal(decode(f, file, &i), OK);
}

static void test_a_hanging_worker_is_given_up_and_ended(void **state)
{
    struct fixture *f = *state;
    struct call c[3];
    pthread_t t[3];
    struct str file = fixture_png(&f->a, 6300, 6300, true);
    pid_t left[4];
    for (int i = 0; i < 2; i++) {
        c[i] = (struct call){ .f = f, .image = file };
        t[i] = call_begin(&c[i]);
    }
    while (children_of(f->box->run.pid, left, 4) < 2)
        (void)usleep(500);
    assert_int_equal(kill(left[0], SIGSTOP) | kill(left[1], SIGSTOP), 0);
    int64_t began_us = clock_monotonic_us();
    c[2] = (struct call){ .f = f, .image = file };
    (void)call_run(&c[2]);
    int64_t waited_us = clock_monotonic_us() - began_us;
    assert_int_equal(c[2].e, E_BUSY);
    assert_in_range(waited_us, 1900000, 3500000);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(t[i], NULL), 0);
        assert_int_equal(c[i].e, E_MEDIA);
    }
    assert_in_range(clock_monotonic_us() - began_us, 4000000, 8000000);
    workers_gone(f->box);
    struct box_image i;
    assert_int_equal(decode(f, fixture_jpeg(&f->a, 64, 64), &i), OK);
}

static void test_many_at_once_are_all_served(void **state)
{
    enum { CALLS = 12 };
    struct fixture *f = *state;
    struct call c[CALLS];
    pthread_t t[CALLS];
    size_t before = descriptors_open();
    for (size_t i = 0; i < CALLS; i++) {
        c[i] = (struct call){ .f = f, .image = i & 1 ? STR("no photo")
            : fixture_jpeg(&f->a, 100 + (unsigned)i, 50) };
        t[i] = call_begin(&c[i]);
    }
    for (size_t i = 0; i < CALLS; i++) {
        assert_int_equal(pthread_join(t[i], NULL), 0);
        assert_int_equal(c[i].e, i & 1 ? E_MEDIA : OK);
        if (!(i & 1))
            assert_int_equal(c[i].i.width, 100 + i);
    }
    assert_int_equal(descriptors_open(), before);
}

static void test_lies_of_a_captured_worker_are_refused(void **state)
{
    struct fixture *f = *state;
    static const uint32_t good[FRAME_WORDS] = { MEDIA_OK, 100, 50, 100, 50, 30, 30, 0, 0, 0 };
    static const struct { enum frame_word at; uint32_t value; } lies[] = {
        { FRAME_STATUS, 77 }, { FRAME_WIDTH, 0 }, { FRAME_WIDTH, 1601 },
        { FRAME_HEIGHT, UINT32_MAX }, { FRAME_THUMB_WIDTH, 321 }, { FRAME_THUMB_HEIGHT, 0 },
        { FRAME_MAIN_BYTES, UINT32_MAX }, { FRAME_MAIN_BYTES, 31 }, { FRAME_MAIN_BYTES, 0 },
        { FRAME_THUMB_BYTES, FRAME_THUMB_BYTES_MAX + 1 }, { FRAME_HAS_POSITION, 2 },
        { FRAME_LAT_E7, 900000001 }, { FRAME_LON_E7, 0x80000000 }, { FRAME_WORDS, 0 },
    };
    char jpeg[] = "\xff\xd8\xff\xe0\0\x10JFIF\0__________________\xff\xd9";
    jpeg[28] = (char)0xff;
    jpeg[29] = (char)0xd9;
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        uint8_t head[FRAME_WORDS * 4];
        int pair[2];
        struct box_image image;
        struct err_info info = { 0 };
        struct talk t = { f->box, &f->a, STR_NONE, true, deadline_us(100), &info };
        for (size_t w = 0; w < FRAME_WORDS; w++)
            frame_put(head + w * 4, lies[i].at == w ? lies[i].value : good[w]);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(write(pair[1], jpeg, 30) + write(pair[1], jpeg, 30), 60);
        assert_int_equal(reply_read(&t, pair[0], head, &image),
            lies[i].at == FRAME_WORDS ? OK : E_MEDIA);
        (void)close(pair[0]);
        (void)close(pair[1]);
    }
}

static void test_a_helper_that_does_not_start_is_reported(void **state)
{
    struct box *b;
    const struct helper none = { HELPER_MEDIA, "/nowhere/at/all", HELPER_ALONE };
    const struct helper other = { HELPER_MEDIA, "/bin/true", HELPER_ALONE };
    (void)state;
    assert_int_equal(box_start(&none, 2, &b), E_IO);
    assert_int_equal(box_start(&other, 2, &b), E_IO);
}

/* This test runs from DIR/tests/unit, the helper lies in DIR: neither place it may be found in. */
static void test_the_helper_is_found_beside_the_program(void **state)
{
    struct fixture *f = *state;
    char self[4096];
    const struct helper *found;
    assert_int_equal(helper_find(&f->a, HELPER_MEDIA, HELPER_ALONE, &found), E_IO);
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
    while (n > 0 && self[n - 1] != '/')
        n--;
    const char *beside = arena_fmt(&f->a, "%.*sfengqiao-media", (int)n, self).p;
    assert_int_equal(symlink("/bin/true", beside), 0);
    enum err e = helper_find(&f->a, HELPER_MEDIA, HELPER_ALONE, &found);
    assert_int_equal(unlink(beside), 0);
    assert_int_equal(e, OK);
    assert_string_equal(found->path, beside);
}

static void test_the_sandbox_refuses(void **state)
{
    struct fixture *f = *state;
    char line[80];
    int n = 0;
    FILE *p = popen(arena_fmt(&f->a, "'%s' --probe all", helper.path).p, "r");
    assert_non_null(p);
    while (fgets(line, sizeof(line), p)) {
        n++;
        if (strstr(line, ": refused\n") == NULL)
            fail_msg("%s", line);
    }
    (void)pclose(p);
    assert_int_equal(n, 14);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    helper.path = argv[1];
#define T(f) cmocka_unit_test_setup_teardown(f, fixture_make, fixture_drop)
    const struct CMUnitTest tests[] = {
        T(test_a_photo_comes_back_clean), T(test_refusals_say_what_is_wrong),
        T(test_a_file_cut_at_each_kilobyte_is_refused), T(test_memory_stays_within_its_limit),
        T(test_a_killed_worker_is_replaced), T(test_a_killed_helper_is_started_again),
        T(test_a_hanging_worker_is_given_up_and_ended), T(test_many_at_once_are_all_served),
        T(test_lies_of_a_captured_worker_are_refused), T(test_the_sandbox_refuses),
        T(test_the_helper_is_found_beside_the_program),
        cmocka_unit_test(test_a_helper_that_does_not_start_is_reported),
    };
#undef T
    return cmocka_run_group_tests_name("box", tests, NULL, NULL);
}
