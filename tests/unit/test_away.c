/* test_away.c: when storage lets whoever asks it wait, requests are refused at once and ask it no
 * more; the ticker asks, and when it is answered all may ask again. */
#define clock_monotonic_us clock_of_test
#define db_open open_of_test
#define db_is_lost lost_of_test
#define catalogue_stamp_stored stamp_of_test
#define catalogue_stamp same_stamp
#define catalogue_hold same_catalogue
#define catalogue_drop drop_nothing
#include "../../src/http/server.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* The storage of the test: how long it takes, and how it ends. */
static int64_t now_us, takes_ms;
static bool works, lost;
static unsigned opened;

int64_t clock_of_test(void)
{
    return now_us;
}

enum err open_of_test(const char *url, enum db_mode mode, struct db **ret)
{
    assert_string_equal(url, "somewhere");
    assert_int_equal(mode, DB_READER);
    opened++;
    now_us += takes_ms * 1000;
    *ret = NULL;
    return works ? OK : E_DB;
}

bool lost_of_test(const struct db *db)
{
    (void)db;
    return lost;
}

enum err stamp_of_test(struct db *db, int64_t now_ms, int64_t *ret)
{
    (void)db, (void)now_ms;
    now_us += takes_ms * 1000;
    lost = !works;
    *ret = 7;
    return works ? OK : E_DB;
}

int64_t same_stamp(const struct catalogue *cat)
{
    (void)cat;
    return 7;
}

const struct catalogue *same_catalogue(const struct catalogue *cat)
{
    return cat;
}

void drop_nothing(const struct catalogue *cat)
{
    (void)cat;
}

static const struct server_options options = { .db_url = "somewhere" };

static void begin(struct server *s)
{
    *s = (struct server){ .options = &options };
    assert_int_equal(pthread_mutex_init(&s->lock, NULL), 0);
    works = true;
    lost = false;
    takes_ms = 0;
    opened = 0;
}

static void end(struct server *s)
{
    for (struct reader *r = s->readers, *next; r; r = next) {
        next = r->next;
        heap_free(r);
    }
    (void)pthread_mutex_destroy(&s->lock);
}

/* Takes a reader and gives it back so long after, with its connection lost or not. */
static void use(struct server *s, int64_t after_ms, bool is_lost)
{
    struct reader *r = reader_take(s);
    assert_non_null(r);
    now_us += after_ms * 1000;
    lost = is_lost;
    reader_give(s, r);
}

static void what_is_slow_or_breaks_at_once_is_no_reason(void **state)
{
    struct server s;
    (void)state;
    begin(&s);
    use(&s, 10 * SLOW_LOSS_MS, false);
    use(&s, 0, true);
    assert_false(atomic_load(&s.away));
    use(&s, 0, false);
    assert_int_equal(opened, 1);        /* the same connection all along */
    works = false;
    struct reader *held = reader_take(&s);
    assert_non_null(held);
    assert_null(reader_take(&s));       /* no second one can be opened, but that is known at once */
    assert_int_equal(opened, 2);
    assert_null(reader_take(&s));
    assert_int_equal(opened, 3);
    reader_give(&s, held);
    assert_false(atomic_load(&s.away));
    end(&s);
}

static void after_one_has_waited_in_vain_nobody_asks(void **state)
{
    struct server s;
    (void)state;
    begin(&s);
    use(&s, SLOW_LOSS_MS + 1, true);
    assert_true(atomic_load(&s.away));
    assert_null(reader_take(&s));
    assert_int_equal(opened, 1);
    end(&s);
    begin(&s);
    works = false;
    takes_ms = SLOW_LOSS_MS + 1;
    assert_null(reader_take(&s));
    assert_null(reader_take(&s));
    assert_int_equal(opened, 1);
    end(&s);
}

static void the_ticker_asks_and_lets_all_ask_again(void **state)
{
    struct server s;
    (void)state;
    begin(&s);
    works = false;
    takes_ms = SLOW_LOSS_MS + 1;
    assert_null(reader_take(&s));
    catalogue_follow(&s, 0);
    assert_int_equal(opened, 2);
    assert_null(reader_take(&s));
    works = true;
    lost = false;
    catalogue_follow(&s, 0);
    assert_false(atomic_load(&s.away));
    use(&s, 0, false);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_slow_or_breaks_at_once_is_no_reason),
        cmocka_unit_test(after_one_has_waited_in_vain_nobody_asks),
        cmocka_unit_test(the_ticker_asks_and_lets_all_ask_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
