/* Kept sessions: believed for a moment only, never under another token, and never after they
 * ended, even when somebody was just reading them. */
#include "access/session.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { NOW_MS = 1000000, LATER_MS = NOW_MS + 12 * 3600 * 1000 };
static const char one[HASH_BYTES + 1] = "11111111111111111111111111111111";
static const char two[HASH_BYTES + 1] = "22222222222222222222222222222222";

static struct actor actor_of(const char *token)
{
    return (struct actor){ .kind = ACTOR_STAFF, .roles = ROLE_CLERK, .account = 7,
        .name = STR("沈敏"), .username = STR("clerk1"), .csrf = STR("csrf"),
        .session = { token, HASH_BYTES }, .memberships = { { 320508, ROLE_CLERK } },
        .n_memberships = 1 };
}

static bool is_kept_at(struct sessions *s, const char *token, int64_t now_ms)
{
    struct arena a;
    struct actor found;
    uint64_t moment;
    arena_init(&a, 1 << 16);
    bool kept = sessions_get(s, &a, (struct str){ token, HASH_BYTES }, now_ms, &found, &moment);
    if (kept) {
        assert_int_equal(found.account, 7);
        assert_true(str_is(found.name, "沈敏") && str_is(found.username, "clerk1"));
        assert_true(str_is(found.csrf, "csrf"));
        assert_memory_equal(found.session.p, token, HASH_BYTES);
        assert_int_equal(found.n_memberships, 1);
        assert_int_equal(found.memberships[0].unit, 320508);
    }
    arena_free(&a);
    return kept;
}

static void put(struct sessions *s, const char *token, int64_t expires_ms, uint64_t moment)
{
    struct actor a = actor_of(token);
    sessions_put(s, &a, expires_ms, NOW_MS, moment);
}

static void a_session_is_believed_for_a_moment(void **state)
{
    struct sessions *s = sessions_make(8);
    (void)state;
    assert_false(is_kept_at(s, one, NOW_MS));
    put(s, one, LATER_MS, 0);
    assert_true(is_kept_at(s, one, NOW_MS));
    assert_true(is_kept_at(s, one, NOW_MS + SESSION_KEPT_MS - 1));
    assert_false(is_kept_at(s, one, NOW_MS + SESSION_KEPT_MS));
    assert_false(is_kept_at(s, one, NOW_MS - 1));       /* the clock was set back */
    assert_false(is_kept_at(s, two, NOW_MS));
    sessions_free(s);
}

static void a_session_ends_when_it_expires(void **state)
{
    struct sessions *s = sessions_make(8);
    (void)state;
    put(s, one, NOW_MS + 10, 0);
    assert_true(is_kept_at(s, one, NOW_MS + 9));
    assert_false(is_kept_at(s, one, NOW_MS + 10));
    sessions_free(s);
}

static void what_is_forgotten_does_not_come_back(void **state)
{
    struct sessions *s = sessions_make(1);
    (void)state;
    put(s, one, LATER_MS, 0);
    sessions_forget(s, (struct str){ two, HASH_BYTES });
    assert_true(is_kept_at(s, one, NOW_MS));
    sessions_forget(s, (struct str){ one, HASH_BYTES });
    assert_false(is_kept_at(s, one, NOW_MS));
    put(s, one, LATER_MS, 1);       /* by one who had read it before the second was forgotten */
    assert_false(is_kept_at(s, one, NOW_MS));
    put(s, one, LATER_MS, 2);
    assert_true(is_kept_at(s, one, NOW_MS));
    sessions_free(s);
}

static void two_in_one_place_displace_each_other(void **state)
{
    struct sessions *s = sessions_make(1);
    (void)state;
    put(s, one, LATER_MS, 0);
    put(s, two, LATER_MS, 0);
    assert_false(is_kept_at(s, one, NOW_MS));
    assert_true(is_kept_at(s, two, NOW_MS));
    sessions_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_believed_for_a_moment),
        cmocka_unit_test(a_session_ends_when_it_expires),
        cmocka_unit_test(what_is_forgotten_does_not_come_back),
        cmocka_unit_test(two_in_one_place_displace_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
