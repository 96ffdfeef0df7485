/* fuzz_typed.c: what people type or scan: receipt codes and matter numbers, codes and secrets of
 * the second factor, times, numbers, base64, words to search for, settings. What is taken is in one
 * form, and that form is taken as itself. */
#include "base/clock.h"
#include "catalogue/setting.h"
#include "crypto/code.h"
#include "crypto/totp.h"
#include "search/query.h"
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void codes_check(const struct node_keys *k, struct str text)
{
    struct code c, again;
    struct code_number n, n_again;
    enum code_fault f = code_parse(text, &c);
    CHECK(f == CODE_OK || code_fault_text(f).zh[0]);
    if (f == CODE_OK) {
        struct code_shown shown = code_show(&c);
        struct code_opens o = code_open(k, &c);
        CHECK(code_parse(str_c(shown.text), &again) == CODE_OK);
        CHECK(strcmp(c.text, again.text) == 0 && o.area <= CODE_AREA_MAX);
        again = code_make(k, o.area, o.matter_id, o.reporter_no);
        CHECK(strcmp(c.text, again.text) == 0);
    }
    if (code_number_parse(text, &n) == CODE_OK) {
        CHECK(code_number_parse(str_c(n.text), &n_again) == CODE_OK);
        CHECK(strcmp(n.text, n_again.text) == 0);
        CHECK(code_number_open(k, &n).matter_id <= CODE_MATTER_MAX);
    }
}

static void factor_check(struct arena *a, struct str text)
{
    struct str secret, again;
    static const char fixed[TOTP_SECRET_BYTES] = "12345678901234567890";
    const int64_t now_ms = 1772415000000, step = now_ms / TOTP_STEP_MS;
    int64_t found = totp_step((struct str){ fixed, sizeof(fixed) }, text, now_ms, step - 1);
    CHECK(found == -1 || (found >= step && found <= step + 1));
    if (totp_secret(a, text, &secret)) {
        CHECK(secret.n == TOTP_SECRET_BYTES);
        CHECK(totp_secret(a, totp_text(a, secret), &again) && str_eq(secret, again));
    }
    if (text.n < 200)
        CHECK(str_is_text(totp_uri(a, text, text, (struct str){ fixed, sizeof(fixed) })));
}

static void values_check(struct arena *a, struct str text)
{
    struct err_info info = { .e = OK };
    struct buf b = buf_in(a, 1 << 20);
    struct str bytes;
    int64_t n, ms, ms_again;
    double f;
    if (clock_parse(text, &ms)) {
        clock_write_iso(&b, ms);
        CHECK(clock_parse(buf_str(&b), &ms_again) && ms == ms_again);
        b = buf_in(a, 1 << 20);
    }
    if (base64_decode(a, text, &bytes)) {
        buf_base64(&b, bytes);
        CHECK(str_eq(buf_str(&b), text));
    }
    CHECK(!str_to_f64(text, &f) || isfinite(f));
    (void)(str_to_i64(text, &n) && hex_decode(a, text, &bytes));
    for (size_t i = 0; text.n && i < setting_table_n; i++)
        CHECK(setting_table[i].check(text, "x", &info) == OK || info.zh[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node_keys k;
    struct arena a;
    if (size > 4096)
        return 0;
    keys_derive(1, "demo.example/su", &k);
    arena_init(&a, 16 << 20);
    struct str text = arena_dup(&a, data, size);
    codes_check(&k, text);
    factor_check(&a, text);
    values_check(&a, text);
    CHECK(str_is_text(query_fold(&a, text)) || !str_is_text(text));
    (void)query_expression(&a, text);
    arena_free(&a);
    return 0;
}
