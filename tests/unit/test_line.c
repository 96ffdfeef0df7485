/* test_line.c: when places become few, whoever comes takes that of the connection that has been
 * without a request for longest; what is late is cut, and nobody else. */
#define MHD_get_connection_info info_of
#include "../../src/http/line.c"
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

struct MHD_Connection { union MHD_ConnectionInfo socket, context; int peer; void *held; };

const union MHD_ConnectionInfo *info_of(struct MHD_Connection *c,
    enum MHD_ConnectionInfoType type, ...)
{
    c->context.socket_context = c->held;
    return type == MHD_CONNECTION_INFO_SOCKET_CONTEXT ? &c->context : &c->socket;
}

static void come(struct lines *l, struct MHD_Connection *c)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *c = (struct MHD_Connection){ .socket.connect_fd = ends[0], .peer = ends[1] };
    lines_notice(l, c, &c->held, MHD_CONNECTION_NOTIFY_STARTED);
}

static bool is_cut(const struct MHD_Connection *c)
{
    char byte;
    return recv(c->peer, &byte, 1, MSG_DONTWAIT) == 0;
}

static void go(struct lines *l, struct MHD_Connection *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        lines_notice(l, &c[i], &c[i].held, MHD_CONNECTION_NOTIFY_CLOSED);
        assert_null(c[i].held);
        (void)close(c[i].socket.connect_fd);
        (void)close(c[i].peer);
    }
}

static void the_longest_idle_gives_its_place(void **state)
{
    struct lines *l = lines_make(0, 3);
    struct MHD_Connection c[5];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        come(l, &c[i]);
    for (size_t i = 0; i < 3; i++)
        assert_false(is_cut(&c[i]));
    come(l, &c[3]);
    assert_true(is_cut(&c[0]));
    for (size_t i = 1; i < 4; i++)
        assert_false(is_cut(&c[i]));
    come(l, &c[4]);         /* the first has not gone yet; it is not taken for idle again */
    assert_true(is_cut(&c[1]));
    assert_false(is_cut(&c[2]));
    go(l, c, 5);
    lines_free(l);
}

static void who_is_busy_keeps_its_place_and_begins_anew_afterwards(void **state)
{
    struct lines *l = lines_make(0, 3);
    struct MHD_Connection c[6];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        come(l, &c[i]);
    line_expect(l, &c[0], 0);
    come(l, &c[3]);
    assert_false(is_cut(&c[0]));
    assert_true(is_cut(&c[1]));
    line_idle(l, &c[0]);    /* its request is done: it has been idle for the shortest time */
    come(l, &c[4]);
    assert_true(is_cut(&c[2]));
    come(l, &c[5]);
    assert_true(is_cut(&c[3]));
    assert_false(is_cut(&c[0]));
    go(l, c, 6);
    lines_free(l);
}

static void where_all_are_busy_nobody_is_cut(void **state)
{
    enum { MANY = LOOKED_AT_MAX + 1 };
    struct lines *l = lines_make(0, 1);
    struct MHD_Connection c[MANY + 2];
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        come(l, &c[i]);
        line_expect(l, &c[i], 0);
    }
    come(l, &c[MANY]);
    come(l, &c[MANY + 1]);  /* an idle one, but in front of more busy ones than are looked at */
    for (size_t i = 0; i < MANY + 2; i++)
        assert_false(is_cut(&c[i]));
    go(l, c, MANY + 2);
    lines_free(l);
}

static void who_is_late_is_cut_and_who_waits_for_us_is_not(void **state)
{
    struct lines *l = lines_make(0, 10);
    struct MHD_Connection c[3];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        come(l, &c[i]);
    for (size_t i = 0; i < 2; i++)
        ((struct line *)c[i].held)->due_ms = 0;
    line_relax(&c[1]);
    lines_cut(l);
    assert_true(is_cut(&c[0]));
    assert_false(is_cut(&c[1]));
    assert_false(is_cut(&c[2]));
    go(l, c, 3);
    lines_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_idle_gives_its_place),
        cmocka_unit_test(who_is_busy_keeps_its_place_and_begins_anew_afterwards),
        cmocka_unit_test(where_all_are_busy_nobody_is_cut),
        cmocka_unit_test(who_is_late_is_cut_and_who_waits_for_us_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
