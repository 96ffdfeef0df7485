/* A packed layer, read back: the same outlines, shared vertices still shared. */
#include "geo/pack.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;
static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

struct reader { struct str bytes; size_t at; };

static uint64_t number(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert_true(r->at < r->bytes.n);
        unsigned char c = (unsigned char)r->bytes.p[r->at++];
        v |= (uint64_t)(c & 127) << shift;
        if (c < 128)
            return v;
    }
}

static int64_t difference(struct reader *r)
{
    uint64_t v = number(r);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static struct str packed(const struct geo_item *items, size_t n, int64_t steps)
{
    struct geo_index *ix;
    struct buf b = buf_in(&arena, 1 << 20);
    assert_int_equal(geo_index_build(items, n, &ix, NULL), OK);
    geo_index_pack(ix, &b, steps);
    geo_index_free(ix);
    return buf_str(&b);
}

static struct geo_item item(int64_t id, const char *wkt)
{
    struct shape s;
    struct err_info info = { .e = OK };
    assert_int_equal(shape_read(&arena, SHAPE_WKT, str_c(wkt), &info, &s), OK);
    return (struct geo_item){ id, shape_wkb(&arena, &s) };
}

static struct reader opened(struct str bytes, uint64_t steps, uint64_t areas)
{
    struct reader r = { bytes, 4 };
    assert_memory_equal(bytes.p, "FQ1\n", 4);
    assert_int_equal(number(&r), steps);
    assert_int_equal(number(&r), areas);
    return r;
}

static void ring_is(struct reader *r, struct spot *last, uint64_t head, size_t n,
    const struct spot *wanted)
{
    assert_int_equal(number(r), head);
    for (size_t i = 0; i < n; i++) {
        last->x += difference(r);
        last->y += difference(r);
        assert_int_equal(last->x, wanted[i].x);
        assert_int_equal(last->y, wanted[i].y);
    }
}

/* Two neighbours with a crooked border, one with a hole, far from each other in their codes. */
static void rings_and_codes_come_back(void **state)
{
    (void)state;
    struct geo_item items[] = {
        item(320508018023001, "POLYGON((120 31,120.001 31,120.0013 31.0004,120.001 31.001,120 31.001,120 31),"
            "(120.0002 31.0002,120.0002 31.0004,120.0004 31.0004,120.0002 31.0002))"),
        item(-5, "POLYGON((120.001 31,120.002 31,120.001 31.001,120.0013 31.0004,120.001 31))"),
    };
    struct spot last = { 0, 0 };
    struct reader r = opened(packed(items, 2, 10000), 10000, 2);
    assert_int_equal(difference(&r), 320508018023001);
    assert_int_equal(number(&r), 2);
    ring_is(&r, &last, 2 * 5 + 1, 5, (struct spot[]){ { 1200010, 310000 }, { 1200013, 310004 },
        { 1200010, 310010 }, { 1200000, 310010 }, { 1200000, 310000 } });
    ring_is(&r, &last, 2 * 3, 3, (struct spot[]){ { 1200002, 310004 }, { 1200004, 310004 },
        { 1200002, 310002 } });
    assert_int_equal(difference(&r), -5 - 320508018023001);
    assert_int_equal(number(&r), 1);
    ring_is(&r, &last, 2 * 4 + 1, 4, (struct spot[]){ { 1200020, 310000 }, { 1200010, 310010 },
        { 1200013, 310004 }, { 1200010, 310000 } });
    assert_int_equal(r.at, r.bytes.n);
}

/* On a coarse lattice what is too small goes, a spike goes, and a hole without its ring goes too. */
static void what_is_too_small_goes(void **state)
{
    (void)state;
    struct geo_item items[] = {
        item(7, "POLYGON((120.2 31.2,120.203 31.2,120.203 31.203,120.2 31.203,120.2 31.2),"
            "(120.201 31.201,120.201 31.202,120.202 31.202,120.201 31.201))"),
        item(8, "POLYGON((120 31,120.5 31,121 31,120.51 31.01,120.5 32,120 32,120 31))"),
    };
    struct spot last = { 0, 0 };
    struct reader r = opened(packed(items, 2, 10), 10, 2);
    assert_int_equal(difference(&r), 7);
    assert_int_equal(number(&r), 0);
    assert_int_equal(difference(&r), 1);
    assert_int_equal(number(&r), 1);
    ring_is(&r, &last, 2 * 4 + 1, 4, (struct spot[]){ { 1205, 310 }, { 1205, 320 }, { 1200, 320 },
        { 1200, 310 } });
    assert_int_equal(r.at, r.bytes.n);
}

static void no_areas_are_a_layer_too(void **state)
{
    (void)state;
    struct reader r = opened(packed(NULL, 0, 1000000), 1000000, 0);
    assert_int_equal(r.at, r.bytes.n);
}

/* The border between two neighbours is one of the first of them; each runs on where it was left. */
static void a_border_is_there_once(void **state)
{
    (void)state;
    struct geo_item items[] = {
        item(7, "POLYGON((120 31,121 31,121 32,120 32,120 31))"),
        item(8, "POLYGON((121 31,122 31,122 32,121 32,121 31))"),
    };
    struct geo_index *ix;
    struct buf b = buf_in(&arena, 1 << 20);
    assert_int_equal(geo_index_build(items, 2, &ix, NULL), OK);
    geo_index_pack_borders(ix, &b, 10);
    geo_index_free(ix);
    struct reader r = { buf_str(&b), 4 };
    struct spot last = { 0, 0 };
    assert_memory_equal(b.p, "FQB1", 4);
    assert_int_equal(number(&r), 10);
    assert_int_equal(number(&r), 2);
    assert_int_equal(difference(&r), 7);
    assert_int_equal(number(&r), 1);
    ring_is(&r, &last, 2 * 5 + 1, 5, (struct spot[]){ { 1210, 310 }, { 1210, 320 }, { 1200, 320 },
        { 1200, 310 }, { 1210, 310 } });
    assert_int_equal(difference(&r), 1);
    assert_int_equal(number(&r), 2);
    ring_is(&r, &last, 2 * 3 + 1, 3, (struct spot[]){ { 1220, 310 }, { 1220, 320 },
        { 1210, 320 } });
    ring_is(&r, &last, 2 * 2 + 1, 2, (struct spot[]){ { 1210, 310 }, { 1220, 310 } });
    assert_int_equal(r.at, r.bytes.n);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_and_codes_come_back),
        cmocka_unit_test(what_is_too_small_goes),
        cmocka_unit_test(no_areas_are_a_layer_too),
        cmocka_unit_test(a_border_is_there_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
