/* fuzz_form.c: templates of documents, the deployer's own text, and facts to fill them with: what
 * is wrong has its line and remedy, what is right is filled within bounds, blank too. The template
 * ends at the first NUL; facts as JSON follow. */
#include "paper/fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill_check(struct arena *a, const struct paper_form *t, const struct facts *facts)
{
    struct buf b = buf_in(a, 64 << 20);
    form_fill(a, t, facts, STR_NONE, &b);
    CHECK(str_is_text(buf_str(&b)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err_info info = { .e = OK };
    struct facts *facts;
    struct arena a;
    if (size > 1 << 13)
        return 0;
    arena_init(&a, 512 << 20);
    struct faults f = faults_in(&a);
    struct str all = arena_dup(&a, data, size), json, text = str_cut(all, '\0', &json);
    struct paper_form t = form_read(&a, STR("t"), text, &f);
    for (size_t i = 0; i < f.n; i++)
        CHECK(f.at[i].zh[0] && f.at[i].en[0]);
    if (f.total == 0)
        fill_check(&a, &t, NULL);
    if (facts_of_json(&a, json, &facts, &info) != OK)
        CHECK(info.zh[0] && info.en[0]);
    else if (f.total == 0) {
        (void)form_wanted(&t, facts);
        fill_check(&a, &t, facts);
    }
    arena_free(&a);
    return 0;
}
