/* test_steward.c: what the supervisor does with messages of a server: it starts the programs it
 * knows, tells how they ended, ends them when nobody waits, and starts nothing else. */
#include "guard/steward.c"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>

static const struct helper shell = { HELPER_PRINT, "/bin/sh", HELPER_ALONE };

struct fixture { struct steward s; struct helper asked; };

static int fixture_make(void **state)
{
    struct fixture *f = heap_alloc(sizeof(*f));
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    f->s = (struct steward){ .control = pair[0], .helpers = { [HELPER_PRINT] = &shell } };
    f->asked = (struct helper){ HELPER_PRINT, "/nowhere", pair[1] };
    *state = f;
    return 0;
}

static int fixture_drop(void **state)
{
    struct fixture *f = *state;
    steward_clear(&f->s);
    (void)close(f->asked.steward);
    heap_free(f);
    return 0;
}

/* Turns until nothing has happened for so long. */
static void turns(struct steward *s, int ms)
{
    struct pollfd fds[STEWARD_FDS_MAX];
    while (poll(fds, (nfds_t)steward_fds(s, fds), ms) > 0)
        steward_turn(s, fds);
}

static struct helper_call call_of(const char *script)
{
    return (struct helper_call){ .words = { "-c", script }, .n_words = 2, .fds = { 0, 1, 2 } };
}

static void a_known_program_runs_and_its_end_is_told(void **state)
{
    struct fixture *f = *state;
    struct helper_call call = call_of("exit 7");
    struct helper_run run;
    assert_true(helper_start(&f->asked, &call, &run));
    turns(&f->s, 1000);
    int status = helper_end(&run, false);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_int_equal(f->s.n, 0);
}

static void one_that_nobody_waits_for_is_ended(void **state)
{
    struct fixture *f = *state;
    struct helper_call call = call_of("read forever </dev/zero");
    struct helper_run run;
    assert_true(helper_start(&f->asked, &call, &run));
    turns(&f->s, 100);
    assert_int_equal(f->s.n, 1);
    assert_int_equal(close(run.fd), 0);
    turns(&f->s, 1000);
    assert_int_equal(f->s.n, 0);
}

static void what_is_not_known_is_not_started(void **state)
{
    struct fixture *f = *state;
    struct helper_call call = call_of("exit 0");
    struct helper_run run;
    const enum helper_kind kinds[] = { HELPER_SIFT, HELPER_KINDS, (enum helper_kind)255 };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct helper other = { kinds[i], "/bin/sh", f->asked.steward };
        assert_true(helper_start(&other, &call, &run));
        turns(&f->s, 50);
        assert_int_equal(f->s.n, 0);
        assert_int_equal(helper_end(&run, false), -1);
    }
}

/* A taken-over server sends what it likes. */
static void messages_that_are_none_change_nothing(void **state)
{
    struct fixture *f = *state;
    static const char five[] = "\1a\0b\0c\0d\0e";
    struct helper_call call = call_of("exit 3");
    struct helper_run run;
    assert_true(send(f->asked.steward, "\1", 1, 0) == 1);               /* without descriptors */
    assert_true(send(f->asked.steward, five, sizeof(five), 0) > 0);
    turns(&f->s, 50);
    assert_int_equal(f->s.n, 0);
    call = (struct helper_call){ .n_words = 0 };
    assert_false(words_of("\1no end", 7, &call));
    call = (struct helper_call){ .n_words = 0 };
    assert_false(words_of(five, sizeof(five), &call));
    call = call_of("exit 3");
    assert_true(helper_start(&f->asked, &call, &run));                  /* and it still serves */
    turns(&f->s, 500);
    assert_int_equal(WEXITSTATUS(helper_end(&run, false)), 3);
}

static void so_many_at_once_and_no_more(void **state)
{
    struct fixture *f = *state;
    struct helper_call call = call_of("read forever </dev/zero");
    struct helper_run runs[STEWARD_RUNS_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(runs); i++)
        assert_true(helper_start(&f->asked, &call, &runs[i]));
    turns(&f->s, 100);
    assert_int_equal(f->s.n, STEWARD_RUNS_MAX);
    steward_clear(&f->s);
    assert_int_equal(f->s.n, 0);
    for (size_t i = 0; i < COUNT_OF(runs); i++)
        (void)close(runs[i].fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_program_runs_and_its_end_is_told,
            fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(one_that_nobody_waits_for_is_ended,
            fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_not_started,
            fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(messages_that_are_none_change_nothing,
            fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(so_many_at_once_and_no_more,
            fixture_make, fixture_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
