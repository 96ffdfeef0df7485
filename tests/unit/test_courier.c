/* test_courier.c: what leaves for the gateway, how it is signed, which addresses and keys are
 * taken, and what an answer means. */
#include "job/webhook.c"
#include "job/courier.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct outbox_row reply = { .area = 320508, .id = 77, .matter = 5, .seq = 3,
    .kind = { "reply", 5 }, .no = 1, .person = 9, .lang = { "zh-CN", 5 }, .at_ms = 1772413000000 };

static enum outcome outcome_of(int status)
{
    struct webhook_call call = { .status = status, .why = "" };
    return courier_end(&call).outcome;
}

static void only_success_counts_as_sent(void **state)
{
    (void)state;
    assert_int_equal(outcome_of(200), OUTCOME_SENT);
    assert_int_equal(outcome_of(204), OUTCOME_SENT);
    for (int status = 0; status < 600; status++)
        if (status < 200 || status > 299)
            assert_int_equal(outcome_of(status), status == 410 || status == 422 ? OUTCOME_NEVER
                : OUTCOME_AGAIN);
    struct webhook_call slower = { .status = 429, .why = "", .retry_after_s = 90 };
    assert_int_equal(courier_end(&slower).wait_ms, 90000);
}

static void a_message_tells_what_a_gateway_needs(void **state)
{
    struct arena a;
    struct node_keys k;
    (void)state;
    arena_init(&a, 1 << 20);
    keys_derive(1, "town.example", &k);
    struct str body = courier_body(&a, &k, &reply, STR("138\"1"), STR("有答复"));
    json_t *root = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const struct { const char *name, *text; } wanted[] = { { "kind", "reply" }, { "to", "138\"1" },
        { "lang", "zh-CN" }, { "text", "有答复" }, { "node", "town.example" },
        { "id", outbox_id_of(&k, 320508, 77).text }, { "at", "2026-03-02T08:56:40+08:00" } };
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        assert_string_equal(json_string_value(json_object_get(root, wanted[i].name)),
            wanted[i].text);
    assert_int_equal(json_integer_value(json_object_get(root, "try")), 1);
    json_decref(root);
    keys_wipe(&k);
    arena_free(&a);
}

/* The example that the scheme's specification gives. */
static void signatures_are_those_of_the_published_scheme(void **state)
{
    struct webhook w = { .url = "" };
    struct transfer t = { .headers = NULL };
    struct webhook_call c = { .id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
        .body = STR("{\"test\": 2432232314}") };
    bool found = false;
    (void)state;
    arena_init(&w.own, 1 << 16);
    assert_true(base64_decode(&w.own, STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &w.key));
    sign(&w, &c, INT64_C(1614265330000), &t);
    for (const struct curl_slist *h = t.headers; h; h = h->next)
        found = found || strcmp(h->data, "webhook-signature: v1,"
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") == 0;
    curl_slist_free_all(t.headers);
    arena_free(&w.own);
    assert_true(found);
}

static void only_encrypted_or_local_addresses_are_taken(void **state)
{
    static const char *const good[] = { "https://sms.example/in", "https://10.1.2.3:8443/x?y=1",
        "http://127.0.0.1:9000/", "http://localhost/a", "http://[::1]:1/" };
    static const char *const bad[] = { "http://sms.example/", "ftp://sms.example/", "", "sms",
        "https://user@sms.example/", "https://", "file:///etc/passwd", "http://127.0.0.1.example/" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct err_info info = { .e = OK };
        assert_int_equal(url_check(good[i], &info), OK);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct err_info info = { .e = OK };
        assert_int_equal(url_check(bad[i], &info), E_INPUT);
        assert_string_equal(info.field, "webhook");
    }
}

static enum err opened(const char *line, mode_t mode)
{
    char path[] = "/tmp/fengqiao-webhook-XXXXXX";
    struct err_info info = { .e = OK };
    struct webhook *w;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && fd_write_all(fd, str_c(line)) && fchmod(fd, mode) == 0);
    (void)close(fd);
    enum err e = webhook_open("https://sms.example/", path, NULL, &w, &info);
    (void)unlink(path);
    if (e == OK)
        webhook_close(w);
    else
        assert_true(info.en[0] != '\0' && strcmp(info.field, "webhook-key-file") == 0);
    return e;
}

static void keys_are_long_and_nobody_elses(void **state)
{
    (void)state;
    assert_int_equal(opened("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0600), OK);
    assert_int_equal(opened("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0640), E_DENIED);
    assert_int_equal(opened("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0600), E_INPUT);
    assert_int_equal(opened("whsec_MfKQ\n", 0600), E_INPUT);
    assert_int_equal(opened("", 0600), E_INPUT);
}

static bool stop_after_one(void *ctx)
{
    int *asked = ctx;
    return (*asked)++ < 3;
}

static void without_an_answer_there_is_no_success(void **state)
{
    struct webhook w = { .url = "http://127.0.0.1:1/", .multi = curl_multi_init() };
    struct webhook_call calls[2] = { { .id = STR("a"), .body = STR("{}") },
        { .id = STR("b"), .body = STR("{}") } };
    int asked = -1000;
    (void)state;
    webhook_send(&w, calls, 2, 0, 5000, stop_after_one, &asked);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        assert_int_equal(calls[i].status, 0);
        assert_string_equal(calls[i].why, "no connection");
    }
    asked = 3;                  /* told to stop before anything was done */
    webhook_send(&w, calls, 2, 0, 5000, stop_after_one, &asked);
    assert_int_equal(calls[1].status, 0);
    assert_null(calls[1].transfer);
    assert_int_equal(curl_multi_cleanup(w.multi), CURLM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_success_counts_as_sent),
        cmocka_unit_test(a_message_tells_what_a_gateway_needs),
        cmocka_unit_test(signatures_are_those_of_the_published_scheme),
        cmocka_unit_test(only_encrypted_or_local_addresses_are_taken),
        cmocka_unit_test(keys_are_long_and_nobody_elses),
        cmocka_unit_test(without_an_answer_there_is_no_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
