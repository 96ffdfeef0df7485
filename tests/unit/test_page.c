/* Pages and lists from what is kept are those made anew, byte by byte: for every reader, in both
 * languages, at every stage of a matter's life, and as time goes by. */
#include "town.h"
#include "base/keep.h"
#include "desk/desk.h"
#include "http/request.h"
#include "matter/intake.h"
#include "matter/offer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define GRID_A1 (COMMUNITY_A1 * 1000 + 1)
enum { HOUR_MS = 3600 * 1000, OUT_BYTES_MAX = 1 << 20 };

struct desk {
    struct town town;
    struct offers *offers;
    struct services kept;
    struct arena a;                     /* of one answer after another */
    struct matter m, other;
};

static int setup(void **state)
{
    struct desk *d = heap_alloc(sizeof(*d));
    town_open(&d->town, 7, NULL);
    arena_init(&d->a, 64 << 20);
    d->offers = offers_make();
    d->kept = (struct services){ .rows = keep_make(100, 1 << 20), .lists = keep_make(100, 1 << 20),
        .pages = keep_make(1000, 1 << 24), .offers = d->offers };
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct desk *d = *state;
    keep_free(d->kept.rows);
    keep_free(d->kept.lists);
    keep_free(d->kept.pages);
    offers_free(d->offers);
    arena_free(&d->a);
    town_close(&d->town);
    heap_free(d);
    return 0;
}

static struct str answer(struct desk *d, struct cx cx, const struct services *s, handler *run,
    const void *in, enum err *ret)
{
    struct buf out = buf_in(&d->a, OUT_BYTES_MAX);
    cx.a = &d->a;
    cx.ids = NULL;
    cx.services = *s;
    *ret = run(&cx, in, &out);
    return buf_str(&out);
}

/* Without anything kept, then kept for the first and for the second time. */
static void same(struct desk *d, struct cx cx, handler *run, const void *in)
{
    static const struct services none;
    enum err fresh_e, kept_e;
    struct str fresh = answer(d, cx, &none, run, in, &fresh_e);
    for (size_t i = 0; i < 2; i++) {
        struct str kept = answer(d, cx, &d->kept, run, in, &kept_e);
        assert_int_equal(kept_e, fresh_e);
        if (!str_eq(kept, fresh))
            print_error("%.*s\n%.*s\n", STR_FMT(fresh), STR_FMT(kept));
        assert_true(str_eq(kept, fresh));
    }
    arena_reset(&d->a);
}

static struct list_in grid_list(void)
{
    struct list_in in;
    record_clear(&list_in_record, &in);
    in.view = STR("region");
    in.grid = GRID_A1;
    return in;
}

static void same_for_all(struct desk *d)
{
    struct town *t = &d->town;
    struct list_in list = grid_list();
    struct number_in numbers[] = { { d->m.number }, { d->other.number } };
    for (size_t who = 0; who < TOWN_PEOPLE_COUNT; who++)
        for (size_t l = 0; l < 2; l++) {
            struct cx cx = town_staff(t, (enum town_person)who);
            cx.lang = l ? LANG_EN : LANG_ZH;
            same(d, cx, desk_detail, &numbers[0]);
            same(d, cx, desk_detail, &numbers[1]);
            same(d, cx, desk_list, &list);
        }
}

/* Now, and at moments at which clocks run on and deadlines have passed. */
static void same_as_time_goes_by(struct desk *d)
{
    static const int64_t hours[] = { 0, 1, 24, 24 * 7, 24 * 100 };
    int64_t now_ms = d->town.now_ms;
    for (size_t i = 0; i < COUNT_OF(hours); i++) {
        d->town.now_ms = now_ms + hours[i] * HOUR_MS;
        same_for_all(d);
    }
    d->town.now_ms = now_ms;
    same_for_all(d);
}

static struct matter report(struct desk *d, const char *name)
{
    struct town *t = &d->town;
    struct cx cx = town_public(t);
    struct matter m;
    struct intake in = { .text = STR("路灯不亮"), .category = STR("02"), .origin = STR("resident"),
        .reporter = true, .lon = 120.005, .lat = 31.005, .name = str_c(name),
        .phone = str_c(name ? "19900000001" : NULL) };
    assert_true(catalogue_place_of_grid(t->cat, GRID_A1, &in.place));
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(matter_open(&cx, &in, &m), OK);
    assert_int_equal(db_commit(t->db), OK);
    return m;
}

static void step(struct desk *d, enum town_person who, struct step_args args)
{
    struct town *t = &d->town;
    struct cx cx = town_staff(t, who);
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(matter_step(&cx, &d->m, &args, &d->m), OK);
    assert_int_equal(db_commit(t->db), OK);
    t->now_ms += HOUR_MS;
    same_as_time_goes_by(d);
}

static struct step_args noted(const char *action)
{
    struct step_args a = step_args_for(action);
    a.note = STR("看过现场");
    return a;
}

static void a_kept_page_is_the_page(void **state)
{
    struct desk *d = *state;
    struct step_args a;
    struct step_unit fire = { UNIT_FIRE, STR("一起看看"), I64_NONE };
    d->m = report(d, NULL);
    d->other = report(d, "陆晓");
    same_as_time_goes_by(d);
    step(d, CLERK, step_args_for("take"));
    a = noted("cohandle");
    a.units = (struct list){ &fire, 1 };
    step(d, CHIEF, a);
    a = step_args_for("link");          /* the other matter's version stays as it is */
    a.number2 = d->other.number;
    step(d, DISPATCHER, a);
    a = noted("ask_extension");
    a.days = 3;
    step(d, FIREMAN, noted("cohandle_done"));
    step(d, CLERK, a);
    step(d, CHIEF, noted("approve"));
    a = step_args_for("reply");
    a.reply = STR("已经修好了");
    step(d, CLERK, a);
    step(d, DISPATCHER, noted("rework"));
    step(d, CLERK, a);
    step(d, DISPATCHER, noted("verify"));
    d->town.now_ms += 30 * 24 * (int64_t)HOUR_MS;
    step(d, DISPATCHER, step_args_for("close"));
}

/* What a writer sees may still be undone: nothing of it may be kept under the same version. */
static void what_is_undone_is_not_kept(void **state)
{
    struct desk *d = *state;
    struct town *t = &d->town;
    struct step_args one = noted("note"), two = noted("note");
    struct matter after;
    struct buf out = buf_in(&t->a, OUT_BYTES_MAX);
    d->m = d->other = report(d, NULL);
    two.note = STR("另一句话");
    struct cx cx = town_staff(t, CLERK);
    cx.services = d->kept;
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(matter_step(&cx, &d->m, &one, &after), OK);
    assert_int_equal(desk_write_detail(&cx, &after, &out), OK);
    assert_true(str_find(buf_str(&out), one.note) >= 0);
    db_rollback(t->db);
    step(d, CLERK, two);
}

/* Residents and staff may write so much over time; the page must not meet a ceiling, which would
 * end the program. Each '<' takes six bytes in JSON. */
static void a_matter_of_many_long_messages_can_be_read(void **state)
{
    struct desk *d = *state;
    struct town *t = &d->town;
    struct step_args a = step_args_for("tell");
    static char text[2000];
    memset(text, '<', sizeof(text));
    a.text = (struct str){ text, sizeof(text) };
    d->m = report(d, NULL);
    for (size_t i = 0; i < 1000; i++) {
        struct cx cx = town_staff(t, CLERK);
        struct matter m;
        arena_reset(&d->a);
        cx.a = &d->a;
        assert_int_equal(db_begin(t->db), OK);
        assert_int_equal(matter_by_id(&cx, d->m.area, d->m.id, &m), OK);
        assert_int_equal(matter_step(&cx, &m, &a, NULL), OK);
        assert_int_equal(db_commit(t->db), OK);
    }
    struct cx cx = town_staff(t, CLERK);
    struct number_in in = { d->m.number };
    arena_free(&d->a);
    arena_init(&d->a, ARENA_BYTES_MAX);
    struct buf out = buf_in(&d->a, ARENA_BYTES_MAX / 4);
    cx.a = &d->a;
    cx.ids = NULL;
    assert_int_equal(desk_detail(&cx, &in, &out), OK);
    assert_true(out.n > 1000 * sizeof(text) * 6 * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_kept_page_is_the_page, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_undone_is_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(a_matter_of_many_long_messages_can_be_read, setup,
            teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
