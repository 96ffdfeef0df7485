/* town_life.h: what tests of a matter's life in the town have in common: opening a matter, and
 * taking steps as somebody. */
#pragma once
#include "town.h"
#include "matter/intake.h"
#include "matter/life.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define AT(t, m) ARGS(I((m)->area), I((m)->id))
#define NUMBER_OF(t, m, text) \
    ({ static const struct sql q_ = { "test.number", text, SQL_READ, true }; int64_t n_ = -1; \
        assert_int_equal(db_number((t)->db, &q_, AT(t, m), &n_), OK); n_; })

static inline int setup(void **state)
{
    struct town *t = heap_alloc(sizeof(*t));
    town_open(t, 7, NULL);
    *state = t;
    return 0;
}

/* Whatever a test did, the database must be sound afterwards. */
static inline int teardown(void **state)
{
    struct town *t = *state;
    const char *broken = town_check(t);
    if (broken)
        print_error("%s\n", broken);
    town_close(t);
    heap_free(t);
    return broken ? -1 : 0;
}

static inline struct matter open_matter(struct town *t, const struct intake *in)
{
    struct cx cx = town_public(t);
    struct matter m;
    assert_int_equal(db_begin(t->db), OK);
    assert_int_equal(matter_open(&cx, in, &m), OK);
    assert_int_equal(db_commit(t->db), OK);
    return m;
}

static inline struct intake intake_at(struct town *t, const char *category, int64_t grid)
{
    struct intake in = { .text = STR("东西坏了"), .category = str_c(category),
        .origin = STR("resident"), .reporter = true, .lon = 120.005, .lat = 31.005 };
    assert_true(catalogue_place_of_grid(t->cat, grid, &in.place));
    return in;
}

#define GRID_A1 (COMMUNITY_A1 * 1000 + 1)

/* "02" goes to the lamps department, "03" to the town's desk, "99" to the community. */
static inline struct matter report(struct town *t, const char *category)
{
    struct intake in = intake_at(t, category, GRID_A1);
    return open_matter(t, &in);
}

static inline enum err step_as(struct town *t, struct cx cx, struct matter *m,
    const struct step_args *args)
{
    assert_int_equal(db_begin(t->db), OK);
    enum err e = matter_step(&cx, m, args, m);
    if (e == OK)
        assert_int_equal(db_commit(t->db), OK);
    else
        db_rollback(t->db);
    return e;
}

/* A step with the arguments that most of them take; others are filled in by the caller. */
static inline struct step_args args_for(const char *action)
{
    struct step_args a = step_args_for(action);
    const struct step *s = step_find(&life_table, a.action);
    assert_true(s != NULL);
    const char *needs = s ? s->needs : "";
    if (strstr(needs, "note"))
        a.note = STR("已核实");
    if (strstr(needs, "reply"))
        a.reply = STR("已经修好了");
    if (strstr(needs, "text"))
        a.text = STR("补充一句");
    if (strstr(needs, "days"))
        a.days = 3;
    if (strstr(needs, "score"))
        a.score = 4;
    return a;
}

static inline enum err step(struct town *t, enum town_person who, struct matter *m,
    const char *action)
{
    struct step_args a = args_for(action);
    return step_as(t, town_staff(t, who), m, &a);
}

static inline enum err assign(struct town *t, enum town_person who, struct matter *m, int64_t unit)
{
    struct step_args a = args_for("assign");
    a.unit = unit;
    return step_as(t, town_staff(t, who), m, &a);
}

static inline enum err by_reporter(struct town *t, struct matter *m, int64_t no,
    const char *action)
{
    struct step_args a = args_for(action);
    return step_as(t, town_reporter(t, m->area, m->id, no), m, &a);
}

static inline enum err by_clock(struct town *t, struct matter *m, const char *action)
{
    struct step_args a = step_args_for(action);
    return step_as(t, town_system(t), m, &a);
}

static inline enum err ask_return(struct town *t, enum town_person who, struct matter *m,
    const char *reason)
{
    struct step_args a = args_for("ask_return");
    a.reason = str_c(reason);
    return step_as(t, town_staff(t, who), m, &a);
}

static inline void state_is(const struct matter *m, const char *state, int64_t unit)
{
    assert_string_equal(m->state.p, state);
    assert_int_equal(m->owner_unit, unit);
}
