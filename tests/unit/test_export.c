/* test_export.c: what leaves as a file is masked by its class; the rest needs somebody else's
 * approval, once, for what was asked for; and the record of it is a chain. */
#include "export/column.c"
#include "personal/columns.h"
#include "spine/command.h"
#include "town_life.h"

static void every_personal_column_is_masked(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXPORT_COLUMNS; i++) {
        const struct export_column *c = &export_columns[i];
        const struct column_group *g = column_group_of(str_c(c->table), str_c(c->column));
        if (g == NULL)
            fail_msg("%s: there is no column %s of %s", c->word, c->column, c->table);
        if ((g->class >= L3) != (c->mask != MASK_NONE))
            fail_msg("%s is of class L%d", c->word, (int)g->class);
    }
}

/* A lamp that is out, reported by somebody who said how to be reached. */
static struct matter lamp(struct town *t, const char *name, const char *phone, bool confidential)
{
    struct intake in = intake_at(t, "02", GRID_A1);
    in.text = STR("=cmd|'/c calc'!A1 王阿姨家门口路灯不亮");
    in.place_text = STR("玉山路12号3幢502室");
    in.name = str_c(name);
    in.phone = str_c(phone);
    in.consent = true;
    in.confidential = confidential;
    struct matter m = open_matter(t, &in);
    assert_int_equal(step(t, CLERK, &m, "take"), OK);
    return m;
}

static struct str masked_csv(struct town *t, enum town_person who)
{
    struct command c = { .cx = town_staff(t, who) };
    assert_int_equal(town_prepare(&c, "GET",
        "/api/exports/masked?list=matters&view=unit&format=csv", STR_NONE), OK);
    assert_int_equal(command_read(&c), OK);
    return buf_str(&c.out);
}

#define HAS(text, what) assert_true(str_find(text, STR(what)) >= 0)
#define HAS_NOT(text, what) assert_true(str_find(text, STR(what)) < 0)

static void a_masked_list_tells_nobody(void **state)
{
    struct town *t = *state;
    (void)lamp(t, "欧阳文静", "13812345678", false);
    (void)lamp(t, "王小明", "13912345678", true);
    struct str csv = masked_csv(t, CLERK);
    HAS(csv, "欧**");
    HAS(csv, "138****5678");
    HAS(csv, "玉山路12号3幢***");
    HAS(csv, "略去");
    HAS_NOT(csv, "欧阳");
    HAS_NOT(csv, "1234");
    HAS_NOT(csv, "502");
    HAS_NOT(csv, "calc");
    HAS_NOT(csv, "王**");               /* asked for confidence: for desks only */
    HAS(masked_csv(t, CHIEF), "欧**");
}

/* Of two people, one without a telephone, each has the same place in both cells. */
static void two_people_keep_their_places(void **state)
{
    struct town *t = *state;
    struct matter m;
    struct command c;
    assert_int_equal(town_command(&c, town_staff(t, MEDIATOR), "/api/disputes",
        "{\"type\":\"neighbour\",\"source\":\"apply\",\"text\":\"为过道吵架\","
        "\"grid\":\"320508001001002\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"},"
        "{\"side\":\"respondent\",\"name\":\"李乙\",\"phone\":\"13912345678\"}]}"), OK);
    struct cx cx = town_staff(t, MEDIATOR);
    struct str number = town_member(t, &c.out, "number");
    struct export_content all;
    assert_int_equal(desk_matter(&cx, number, &m), OK);
    assert_int_equal(export_read_rows(&cx, (struct list){ &number, 1 }, 1u << NAME, &all), OK);
    assert_true(str_is(all.rows[0].cells[NAME], "王甲、李乙"));
    assert_true(str_is(all.rows[0].cells[PHONE], "—、139****5678"));
    assert_int_equal(all.n_reads, 2);
    HAS(masked_csv(t, MEDIATOR), "王**、李**");
    cx = town_staff(t, SUPERVISOR);     /* a closed circle: not even its number */
    assert_int_equal(export_read_rows(&cx, (struct list){ &number, 1 }, 1u << NAME, &all), OK);
    assert_int_equal(all.n, 0);
}

#define ASK "{\"list\":\"matters\",\"view\":\"unit\",\"format\":\"csv\",\"open\":[\"name\",\"phone\",\"text\"]," \
    "\"reason\":\"call_back\",\"why\":\"集中回访，需要逐一打电话\",\"purpose\":\"集中回访\"}"

static struct str ask(struct town *t, enum town_person who)
{
    struct command c;
    assert_int_equal(town_command(&c, town_staff(t, who), "/api/exports", ASK), OK);
    return town_member(t, &c.out, "id");
}

static enum err call(struct town *t, enum town_person who, struct str id, const char *what,
    const char *json, struct str *ret)
{
    struct command c;
    enum err e = town_command(&c, town_staff(t, who), arena_fmt(&t->a, "/api/exports/%.*s/%s",
        STR_FMT(id), what).p, json);
    if (ret)
        *ret = buf_str(&c.out);
    return e;
}

static enum err decide(struct town *t, enum town_person who, struct str id, bool approve)
{
    return call(t, who, id, "decide", approve ? "{\"approve\":true,\"why\":\"同意\"}"
        : "{\"approve\":false,\"why\":\"用脱敏的即可\"}", NULL);
}

static enum err fetch(struct town *t, enum town_person who, struct str id, struct str *ret)
{
    return call(t, who, id, "file", "{}", ret);
}

static void assert_record_fits(struct town *t)
{
    struct chain_run c = { .no = 0 };
    assert_int_equal(exports_check(t->db, &c), OK);
    assert_true(c.lines > 0 && c.bad_no == 0);
}

static void an_unmasked_list_needs_somebody_else(void **state)
{
    struct town *t = *state;
    struct str file;
    struct matter m = lamp(t, "欧阳文静", "13812345678", false);
    (void)lamp(t, "王小明", "13912345678", true);
    struct str id = ask(t, CLERK);
    assert_int_equal(fetch(t, CLERK, id, NULL), E_STEP);
    assert_int_equal(decide(t, CLERK, id, true), E_DENIED);
    assert_int_equal(decide(t, SUPERVISOR_CITY, id, true), OK);
    assert_int_equal(decide(t, CHIEF, id, false), E_STEP);
    assert_int_equal(fetch(t, CLERK_2, id, NULL), E_MISSING);
    (void)lamp(t, "赵晓", "13712345678", false);       /* came afterwards */
    assert_int_equal(fetch(t, CLERK, id, &file), OK);
    HAS(file, "欧阳文静");
    HAS(file, "13812345678");
    HAS(file, "玉山路12号3幢***");      /* was not asked for */
    HAS(file, "\"'=cmd|");              /* no formula */
    HAS(file, "# 未脱敏");
    HAS(file, "仅用于：集中回访");
    HAS_NOT(file, "王小明");
    HAS_NOT(file, "赵");
    assert_int_equal(fetch(t, CLERK, id, NULL), E_STEP);
    assert_int_equal(NUMBER_OF(t, &m, "SELECT count(*) FROM access_log WHERE area = $1"
        " AND matter = $2 AND no = 1 AND fields = 'name,phone,text,exported'"), 1);
    assert_int_equal(town_count(t, "SELECT count(*) FROM export_step"), 3);
    assert_record_fits(t);
}

static void what_was_refused_or_has_lapsed_is_not_made(void **state)
{
    struct town *t = *state;
    (void)lamp(t, "欧阳文静", "13812345678", false);
    struct str refused = ask(t, CLERK), late = ask(t, CLERK), waits = ask(t, CLERK);
    assert_int_equal(decide(t, CHIEF, refused, false), OK);
    assert_int_equal(decide(t, CHIEF, late, true), OK);
    assert_int_equal(fetch(t, CLERK, refused, NULL), E_STEP);
    t->now_ms += EXPORT_HOURS * (int64_t)3600000;
    assert_int_equal(fetch(t, CLERK, late, NULL), E_STEP);
    assert_int_equal(decide(t, CHIEF, waits, true), OK);
    assert_int_equal(fetch(t, CLERK, waits, NULL), OK);
    struct str old = ask(t, CLERK);
    t->now_ms += EXPORT_WAIT_DAYS * (int64_t)CLOCK_DAY_MS;
    assert_int_equal(decide(t, CHIEF, old, true), E_STEP);
    assert_record_fits(t);
}

/* The chief of another unit, a supervisor of another territory, and whoever decides nothing. */
static void others_do_not_decide(void **state)
{
    struct town *t = *state;
    (void)lamp(t, "欧阳文静", "13812345678", false);
    struct str id = ask(t, CLERK), own = ask(t, CHIEF);
    assert_int_equal(decide(t, DIRECTOR, id, true), E_MISSING);
    assert_int_equal(decide(t, CLERK_2, id, true), E_DENIED);
    assert_int_equal(decide(t, DISPATCHER_CITY, id, true), E_DENIED);
    assert_int_equal(decide(t, CHIEF, own, true), E_DENIED);
    assert_int_equal(decide(t, SUPERVISOR, own, true), OK);
}

static void what_stays_in_sight_is_all_that_is_made(void **state)
{
    static const struct sql moved = { "test.moved",
        "UPDATE matter SET owner_unit = $3 WHERE area = $1 AND id = $2", SQL_WRITE, false };
    struct town *t = *state;
    struct str file;
    struct matter m = lamp(t, "欧阳文静", "13812345678", false);
    (void)lamp(t, "赵晓", "13712345678", false);
    struct str id = ask(t, CLERK);
    assert_int_equal(decide(t, CHIEF, id, true), OK);
    assert_int_equal(db_exec(t->db, &moved, ARGS(I(m.area), I(m.id), I(UNIT_FIRE)), NULL), OK);
    assert_int_equal(fetch(t, CLERK, id, &file), OK);
    HAS_NOT(file, "欧阳");
    HAS(file, "赵晓");
    assert_int_equal(db_exec(t->db, &moved, ARGS(I(m.area), I(m.id), I(m.owner_unit)), NULL), OK);
}

static void a_line_that_was_changed_is_found(void **state)
{
    struct town *t = *state;
    (void)lamp(t, "欧阳文静", "13812345678", false);
    struct str id = ask(t, CLERK);
    struct export_line forged = { .act = STR("approve"), .why = STR("同意"), .facts = STR("{}") };
    assert_true(str_to_i64(id, &forged.export));
    struct cx cx = town_staff(t, CLERK);
    assert_int_equal(export_note(&cx, &(struct export_line){ .no = 1, .hash = STR("x") },
        &forged), OK);
    struct chain_run c = { .no = 0 };
    assert_int_equal(exports_check(t->db, &c), OK);
    assert_int_equal(c.bad_of, forged.export);
    assert_int_equal(c.bad_no, 2);
    assert_int_equal(export_note(&cx, &(struct export_line){ .no = 1, .hash = STR("x") },
        &forged), E_STEP);
}

static void wrong_input_names_its_field(void **state)
{
    static const struct { const char *json, *field; } wrong[] = {
        { "{\"list\":\"matters\",\"format\":\"csv\",\"open\":[\"number\"],\"reason\":\"other\","
          "\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "open" },
        { "{\"list\":\"matters\",\"format\":\"csv\",\"open\":[],\"reason\":\"other\","
          "\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "open" },
        { "{\"list\":\"matters\",\"format\":\"pdf\",\"open\":[\"name\"],\"reason\":\"other\","
          "\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "format" },
        { "{\"list\":\"matters\",\"format\":\"csv\",\"open\":[\"name\"],\"reason\":\"fun\","
          "\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "reason" },
        { "{\"list\":\"matters\",\"format\":\"csv\",\"open\":[\"name\"],\"reason\":\"other\","
          "\"why\":\"   \",\"purpose\":\"用途\"}", "why" },
        { "{\"list\":\"matters\",\"format\":\"csv\",\"view\":\"archive\",\"open\":[\"name\"],"
          "\"reason\":\"other\",\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "view" },
        { "{\"list\":\"matters\",\"format\":\"csv\",\"tier\":4,\"open\":[\"name\"],"
          "\"reason\":\"other\",\"why\":\"要用要用要用\",\"purpose\":\"用途\"}", "list" },
    };
    struct town *t = *state;
    (void)lamp(t, "欧阳文静", "13812345678", false);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct command c;
        assert_int_equal(town_command(&c, town_staff(t, CLERK), "/api/exports", wrong[i].json),
            E_INPUT);
        assert_string_equal(c.cx.info.field, wrong[i].field);
    }
    assert_int_equal(town_count(t, "SELECT count(*) FROM export_step"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_personal_column_is_masked),
        TEST(a_masked_list_tells_nobody),
        TEST(two_people_keep_their_places),
        TEST(an_unmasked_list_needs_somebody_else),
        TEST(what_was_refused_or_has_lapsed_is_not_made),
        TEST(others_do_not_decide),
        TEST(what_stays_in_sight_is_all_that_is_made),
        TEST(a_line_that_was_changed_is_found),
        TEST(wrong_input_names_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
