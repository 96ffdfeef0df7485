/* test_live.c: who hears of what, and what happens to those who do not keep up. */
#include "../../src/http/live.c"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct event event_at(int64_t owner, int64_t place)
{
    return (struct event){ .area = place / 1000000, .owner_unit = owner, .place = place,
        .due_ms = 1700000000000, .number = "K7M2-QX4T", .state = "working" };
}

static void test_members_and_territories(void **state)
{
    (void)state;
    struct subscriber clerk = { .n_memberships = 2, .memberships = { { 7, 0 }, { 9, 0 } } };
    struct subscriber town = { .has_region = true, .region = region_of(320508006000) };
    struct subscriber wall = { .n_memberships = 0 };
    struct event own = event_at(9, 320508006001), in_town = event_at(1, 320508006001),
        at_town = event_at(1, 320508006000), elsewhere = event_at(1, 320508007001),
        county = event_at(1, 320508000000);
    assert_true(may_see(&clerk, &own));
    assert_false(may_see(&clerk, &in_town));
    assert_true(may_see(&town, &in_town));
    assert_true(may_see(&town, &at_town));
    assert_false(may_see(&town, &elsewhere));
    assert_false(may_see(&town, &county));
    assert_false(may_see(&wall, &own));
}

static void test_text_of_an_event(void **state)
{
    (void)state;
    char line[EVENT_BYTES_MAX];
    struct event e = event_at(INT64_MAX, 320508006001);
    struct str text = event_text(&e, line, sizeof(line));
    assert_true(str_is(text, "event: matter\ndata: {\"number\":\"K7M2-QX4T\","
        "\"owner_unit\":\"9223372036854775807\",\"state\":\"working\","
        "\"due_ms\":1700000000000}\n\n"));
    e.due_ms = I64_NONE;
    text = event_text(&e, line, sizeof(line));
    assert_true(str_find(text, STR("due_ms")) < 0);
}

static void test_who_does_not_keep_up_is_told_to_load_afresh(void **state)
{
    (void)state;
    struct live *l = live_make();
    struct subscriber s = { .live = l };
    char to[SUBSCRIBER_BYTES];
    for (int i = 0; i < 1000; i++)
        say(&s, STR("event: matter\ndata: {}\n\n"));
    ssize_t n = stream_read(&s, 0, to, sizeof(to));
    assert_true(n > 0 && n <= SUBSCRIBER_BYTES);
    struct str said = { to, (size_t)n };
    ptrdiff_t at = str_find(said, STR("event: reload\ndata: {}\n\n"));
    assert_int_equal(at, n - 24);
    say(&s, STR("x"));
    assert_int_equal(stream_read(&s, 0, to, sizeof(to)), 1);
    live_free(l);
}

static void test_more_than_the_ring_holds_is_a_reload_for_all(void **state)
{
    (void)state;
    struct live *l = live_make();
    struct subscriber s = { .live = l };
    struct event e = event_at(1, 320508006001);
    char to[SUBSCRIBER_BYTES];
    l->first = &s;
    l->n_subscribers = 1;
    for (int i = 0; i < RING + 1; i++)
        live_publish(l, &e, 1);
    live_work(l, 0, 1);
    assert_int_equal(stream_read(&s, 0, to, sizeof(to)), 24);
    assert_int_equal(l->n_ring, 0);
    live_free(l);
}

static void test_what_a_replica_has_not_is_held_back(void **state)
{
    (void)state;
    struct live *l = live_make();
    struct subscriber s = { .live = l, .has_region = true, .region = region_of(320508006000) };
    struct event e = event_at(1, 320508006001);
    char to[SUBSCRIBER_BYTES];
    l->first = &s;
    l->n_subscribers = 1;
    live_publish(l, &e, 1);
    live_settled(l, clock_monotonic_us());
    e.place = 320508006002;
    for (int i = 0; i < RING; i++)
        live_publish(l, &e, 1);
    l->ring[1].at_us = l->lost_us = l->lost_last_us = l->settled_us + 1000;
    live_work(l, 0, 1);
    assert_int_equal(l->n_ring, RING - 1);
    assert_int_equal(l->ring[0].event.place, 320508006002);
    assert_true(stream_read(&s, 0, to, sizeof(to)) > 24);
    assert_int_equal(s.n, 0);
    live_settled(l, INT64_MAX);
    live_work(l, 0, 1);
    assert_int_equal(l->n_ring, 0);
    assert_true(s.lost);
    assert_int_equal(l->lost_us, 0);
    live_free(l);
}

static void test_heartbeat_and_end_of_stream(void **state)
{
    (void)state;
    struct live *l = live_make();
    struct subscriber s = { .live = l, .end_ms = BEAT_MS * 2 };
    char to[SUBSCRIBER_BYTES];
    l->first = &s;
    live_work(l, 0, 1);
    live_work(l, 0, BEAT_MS);
    assert_int_equal(s.n, 0);
    live_work(l, 0, BEAT_MS + 1);
    assert_true(stream_read(&s, 0, to, sizeof(to)) > 0);
    assert_false(s.ended);
    live_work(l, 0, BEAT_MS * 2 + 1);
    assert_true(stream_read(&s, 0, to, sizeof(to)) > 0);
    assert_int_equal(stream_read(&s, 0, to, sizeof(to)), MHD_CONTENT_READER_END_OF_STREAM);
    live_free(l);
}

static void test_a_session_that_ends_takes_its_streams_along(void **state)
{
    (void)state;
    struct live *l = live_make();
    char token[HASH_BYTES] = { 1 }, other[HASH_BYTES] = { 2 }, to[SUBSCRIBER_BYTES];
    struct subscriber out = { .live = l, .has_region = true, .region = region_of(320508006000) };
    struct subscriber stays = out;
    struct event e = event_at(1, 320508006001);
    memcpy(out.session, token, sizeof(token));
    memcpy(stays.session, other, sizeof(other));
    uint64_t moment = live_moment(l);
    assert_true(list_join(l, &out, moment));
    assert_true(list_join(l, &stays, moment));
    live_publish(l, &e, 1);
    live_end_session(l, (struct str){ token, sizeof(token) });
    live_work(l, 0, 1);
    assert_int_equal(stream_read(&out, 0, to, sizeof(to)), MHD_CONTENT_READER_END_OF_STREAM);
    assert_true(stream_read(&stays, 0, to, sizeof(to)) > 0);
    assert_false(stays.ended);
    live_free(l);
}

static void test_who_signs_out_while_subscribing_hears_nothing(void **state)
{
    (void)state;
    struct live *l = live_make();
    char token[HASH_BYTES] = { 1 }, to[SUBSCRIBER_BYTES];
    struct subscriber s = { .live = l, .has_region = true, .region = region_of(320508006000) };
    struct event e = event_at(1, 320508006001);
    uint64_t moment = live_moment(l);
    live_end_session(l, (struct str){ token, sizeof(token) });
    assert_true(list_join(l, &s, moment));
    live_publish(l, &e, 1);
    live_work(l, 0, 1);
    assert_int_equal(stream_read(&s, 0, to, sizeof(to)), MHD_CONTENT_READER_END_OF_STREAM);
    live_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_and_territories),
        cmocka_unit_test(test_text_of_an_event),
        cmocka_unit_test(test_who_does_not_keep_up_is_told_to_load_afresh),
        cmocka_unit_test(test_more_than_the_ring_holds_is_a_reload_for_all),
        cmocka_unit_test(test_what_a_replica_has_not_is_held_back),
        cmocka_unit_test(test_heartbeat_and_end_of_stream),
        cmocka_unit_test(test_a_session_that_ends_takes_its_streams_along),
        cmocka_unit_test(test_who_signs_out_while_subscribing_hears_nothing),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
