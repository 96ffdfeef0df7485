/* fuzz_request.c: whatever a client writes into its address and headers: what is let through is
 * text, in one form, within bounds. The first byte chooses what the rest is. */
#include "http/address.h"
#include "http/header.h"
#include "http/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void path_check(struct str path)
{
    CHECK(path.n > 0 && path.p[0] == '/' && str_is_text(path));
    CHECK(str_find(path, STR("//")) < 0 && str_find(path, STR("/../")) < 0);
    for (struct str rest = { path.p + 1, path.n - 1 }, segment; rest.p;) {
        segment = str_cut(rest, '/', &rest);
        CHECK(!str_is(segment, "..") && !str_is(segment, "."));
    }
}

static void url_check(struct arena *a, struct str text)
{
    struct err_info info = { .e = OK };
    struct url u;
    enum err e = url_parse(a, text, &u, &info);
    CHECK(e == OK || e == E_SYNTAX);
    if (e != OK)
        return;
    path_check(u.path);
    CHECK(u.query.n <= PARAMS_MAX);
    for (size_t i = 0; i < u.query.n; i++)
        CHECK(u.query.names[i].n && str_is_text(u.query.names[i])
            && str_is_text(u.query.values[i]));
}

static bool within(struct str part, struct str whole)
{
    return part.p == NULL || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void headers_check(struct str text)
{
    struct address peer = { { [15] = 1 } };
    struct network all = { .bits = 0 }, parsed;
    CHECK(within(header_cookie(text, "fq_session"), text));
    CHECK(within(header_credentials(text, "Receipt"), text));
    CHECK(header_lang(text) <= LANG_EN);
    (void)(header_accepts(text, "br") && header_has_tag(text, "\"x\"")
        && header_type_is(text, "application/json") && header_origin_is(text, STR("a")));
    CHECK(!header_key_good(text) || (text.n >= 16 && text.n <= 64 && str_is_text(text)));
    CHECK(!header_host_good(text) || str_is_text(text));
    (void)address_client(peer, text, &all, 1);
    CHECK(!network_parse(text, &parsed) || (parsed.bits >= 0 && parsed.bits <= 128));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    if (size == 0)
        return 0;
    arena_init(&a, 1 << 20);
    struct str text = arena_dup(&a, data + 1, size - 1);
    if (data[0] % 2)
        url_check(&a, text);
    else
        headers_check(text);
    arena_free(&a);
    return 0;
}
