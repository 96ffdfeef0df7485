/* test_dispute_walk.c: disputes in random orders of steps. Whatever people try, six sentences hold
 * of what is then stored; none of them is asked of the program's own guards:
 *   1 there is no session without everybody's consent;
 *   2 no agreement has effect before its last signature or seal, and nothing is signed but with
 *     everybody's consent, when all know their rights;
 *   3 no confirmation is asked for after thirty days, of a blocked kind, or by one side alone;
 *   4 nobody but the mediators of a case reads its talks with one side, and each reading is noted;
 *   5 a consent withdrawn stops everything within one step;
 *   6 what bound and was broken or dismissed stays readable, as it was, whatever comes after it.
 * Each has a count of the occasions on which it could have been broken, so that none holds for want
 * of them. Each was seen to fail with its guard taken out, and no other with it (besides what
 * town_check() knows of the database):
 *   1 all_consent() (party.c) answering true;
 *   2 binds_since() (agree.c) not asking all_signed(), or guard_signature() forbidding nothing
 *     where signed_check() (correct.c) lets names change during signing;
 *   3 guard_confirm() (keep.c) not asking for the day, or not for the kind; apply_confirm() not
 *     asking all_applied();
 *   4 mediated_by_actor() (file.c) letting in whoever sees the dispute, or the reading not noted;
 *   5 the step "withdraw" (course.c) leading nowhere;
 *   6 agreement_ends() (keep.c) not called. */
#include "town_dispute.h"

enum sentence { NO_SESSION_WITHOUT_CONSENT, NO_EFFECT_BEFORE_SIGNATURES, NO_LATE_CONFIRMATION,
    NO_READER_OUTSIDE, WITHDRAWAL_STOPS, NOTHING_AGREED_IS_LOST, SENTENCES };
struct kept { int occasions, broken; char how[300]; };
/* What bound when mediation began again. */
struct bound { int64_t effective_ms, amount_fen, promises, broken; bool oral, dismissed; };
enum { BOUND_MAX = 8 };
struct walks { struct fixture f; struct kept kept[SENTENCES]; int taken, walks;
    struct bound bound[BOUND_MAX]; size_t n_bound; };

static void looked(struct walks *w, enum sentence s, bool holds, const char *how)
{
    struct kept *k = &w->kept[s];
    k->occasions++;
    if (holds)
        return;
    if (k->broken++ == 0)
        (void)snprintf(k->how, sizeof(k->how), "%.*s: %s", STR_FMT(w->f.number), how);
}

static bool everybody_consents(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (!str_is(p[i].consent, "given"))
            return false;
    return b->parties.n > 1;
}

static bool everybody_knows(const struct beside *b)
{
    const struct party *p = b->parties.p;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].told_ms == I64_NONE)
            return false;
    return everybody_consents(b);
}

static bool everybody_signed(const struct beside *b)
{
    const struct party *p = b->parties.p;
    const struct mediator *m = b->mediators.p;
    bool mediator_signed = false;
    for (size_t i = 0; i < b->mediators.n; i++)
        mediator_signed |= m[i].signed_ms != I64_NONE && m[i].signed_ms <= b->dispute.effective_ms;
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].signed_ms == I64_NONE || p[i].signed_ms > b->dispute.effective_ms)
            return false;
    return mediator_signed && b->dispute.sealed_ms != I64_NONE
        && b->dispute.sealed_ms <= b->dispute.effective_ms;
}

static bool everybody_asked_the_court(const struct beside *b, const struct catalogue *c)
{
    const struct party *p = b->parties.p;
    int64_t last_ms = confirm_until(c, b->dispute.effective_ms);
    for (size_t i = 0; i < b->parties.n; i++)
        if (p[i].court_ms == I64_NONE || p[i].court_ms > last_ms)
            return false;
    return b->dispute.confirm_ms <= last_ms;
}

/* Sentences 1 to 3, of what is stored after a step that was taken. */
static void step_looked(struct walks *w, const char *did)
{
    static const char *const with_consent[] = { "accept", "plan_sitting", "sitting", "caucus", "facts",
        "cohandle", "agree_written", "agree_oral", "lengthen" };
    const struct beside *b = beside_now(&w->f);
    const struct dispute *d = &b->dispute;
    for (size_t i = 0; i < COUNT_OF(with_consent); i++)
        if (is_step(did, with_consent[i]))
            looked(w, NO_SESSION_WITHOUT_CONSENT, everybody_consents(b), did);
    static const char *const signatures[] = { "sign", "sign_mediator", "seal" };
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (is_step(did, signatures[i]))
            looked(w, NO_EFFECT_BEFORE_SIGNATURES, everybody_knows(b), did);
    if (d->effective_ms != I64_NONE && str_is(d->form, "written"))
        looked(w, NO_EFFECT_BEFORE_SIGNATURES, everybody_signed(b), did);
    if (d->confirm.n)
        looked(w, NO_LATE_CONFIRMATION, everybody_asked_the_court(b, w->f.t.cat)
            && !str_is(d->type, "family") && str_is(d->form, "written"), did);
}

/* What else holds after every step, whatever the sentences say. */
static void all_is_sound(struct fixture *f, const struct matter *before)
{
    const struct beside *b = beside_now(f);
    bool binding = str_is(f->m.state, "performing") || str_is(f->m.state, "performed");
    assert_int_equal(binding, b->dispute.effective_ms != I64_NONE && f->m.open);
    assert_true(!f->m.open || f->m.due_ms != I64_NONE);
    assert_true(f->m.open || (f->m.unanswered == 0 && f->m.cohandling == 0));
    assert_true(f->m.seq == before->seq + 1);
}

/* Promises of a round, or of them those found broken. */
static int64_t number_of(struct fixture *f, int64_t round, bool broken)
{
    struct cx cx = town_system(&f->t);
    struct list all;
    int64_t n = 0;
    assert_int_equal(promises_read(&cx, &f->m, &all), OK);
    const struct promise_row *p = all.p;
    for (size_t i = 0; i < all.n; i++)
        n += p[i].round == round && (!broken || p[i].broken_ms != I64_NONE);
    return n;
}

/* What bound before the step and no longer does. */
static void remembered(struct walks *w, const struct dispute *was, int64_t round)
{
    struct fixture *f = &w->f;
    if (was->effective_ms == I64_NONE || beside_now(f)->dispute.effective_ms != I64_NONE)
        return;
    assert_true(w->n_bound < BOUND_MAX);
    w->bound[w->n_bound++] = (struct bound){ was->effective_ms, was->amount_fen,
        number_of(f, round, false), number_of(f, round, true),
        str_is(was->form, "oral"), str_is(was->confirm, "dismissed") };
}

/* Sentence 6, of what is stored and of what the page of a party says. */
static void agreements_looked(struct walks *w, const char *did)
{
    struct fixture *f = &w->f;
    const struct beside *b = beside_now(f);
    const struct agreement *g = b->earlier.p;
    struct buf out;
    if (w->n_bound == 0)
        return;
    bool same = b->earlier.n == w->n_bound;
    for (size_t i = 0; same && i < w->n_bound; i++)
        same = g[i].effective_ms == w->bound[i].effective_ms
            && (w->bound[i].broken > 0 || w->bound[i].dismissed)
            && g[i].amount_fen == w->bound[i].amount_fen
            && str_is(g[i].form, "oral") == w->bound[i].oral
            && number_of(f, g[i].round, false) == w->bound[i].promises
            && number_of(f, g[i].round, true) == w->bound[i].broken;
    assert_int_equal(say(town_reporter(&f->t, f->m.area, f->m.id, 2), "/api/receipt/dispute", NULL,
        &out), OK);
    looked(w, NOTHING_AGREED_IS_LOST, same
        && str_find(buf_str(&out), STR("\"earlier\":[{\"no\":1,")) >= 0, did);
}

static bool takes_consent_back(const char *json)
{
    return is_step(json, "consent_refused") || is_step(json, "withdraw");
}

static bool leads_nowhere_else(const char *json)
{
    return takes_consent_back(json) || is_step(json, "end") || is_step(json, "to_court");
}

/* Sentence 5: it has ended, and nothing that anybody tries is possible any more. */
static void withdrawal_looked(struct walks *w, const char *did, bool try_all)
{
    struct fixture *f = &w->f;
    bool over = str_is(f->m.state, "ended") && !f->m.open;
    for (size_t i = 0; try_all && over && i < COUNT_OF(everything); i++)
        over = try_it(f, everything[i].json) != OK;
    looked(w, WITHDRAWAL_STOPS, over, did);
}

/* Sentence 4: who is not of the case's mediators now finds no talks; nor do its parties, on any
 * page of theirs. Whoever reads them leaves a row. */
static void readers_looked(struct walks *w)
{
    static const enum town_person people[] = { LEAD, WORKER, DISPATCHER, SUPERVISOR, DIRECTOR,
        MEDIATOR, MEDIATOR_TOWN, MEDIATOR_COUNTY, CLERK, AUDITOR };
    struct fixture *f = &w->f;
    struct buf out;
    char path[80];
    const struct beside *b = beside_now(f);
    int64_t has = town_count(&f->t, "SELECT COUNT(*) FROM access_log"), reads = 0;
    (void)snprintf(path, sizeof(path), "/api/disputes/%.*s/caucus", STR_FMT(f->number));
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        const struct mediator *m = mediator_of(b, town_account(people[i]));
        bool may = m && people[i] == mediator_now(f);
        enum err e = say(town_staff(&f->t, people[i]), path, "{}", &out);
        reads += e == OK;
        looked(w, NO_READER_OUTSIDE, may ? e == OK : e == E_MISSING || e == E_DENIED,
            town_person_name(people[i]));
    }
    looked(w, NO_READER_OUTSIDE,
        town_count(&f->t, "SELECT COUNT(*) FROM access_log") == has + reads, "not recorded");
    static const char *const own[] = { "/api/receipt", "/api/receipt/dispute", "/api/receipt/facts" };
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        assert_int_equal(say(town_reporter(&f->t, f->m.area, f->m.id, 2), own[i], NULL, &out), OK);
        looked(w, NO_READER_OUTSIDE, str_find(buf_str(&out), STR("底线两千")) < 0, own[i]);
    }
}

/* The usual order; half of all tries follow it, so that walks get somewhere. */
static const char *const usual[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
    "{\"action\":\"name_mediator\",\"mediator\":\"@\",\"how\":\"parties\"}", HOLD, AGREE_WRITTEN,
    SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL, APPLY_1, APPLY_2,
    "{\"action\":\"court_decided\",\"result\":\"confirmed\"}",
    "{\"action\":\"kept\",\"promise\":1}", "{\"action\":\"call_back\",\"reply\":\"双方满意，已履行\"}" };

/* The order of one that is not kept, and then of its parties asked again. */
#define BROKEN "{\"action\":\"broken\",\"promise\":1,\"note\":\"没有搬\"}"
#define AGAIN "{\"action\":\"mediate_again\",\"note\":\"再谈\"}"
static const char *const not_kept[] = { CONSENT_1, CONSENT_2, TELL_1, TELL_2, ACCEPT,
    "{\"action\":\"name_mediator\",\"mediator\":\"@\",\"how\":\"parties\"}", AGREE_SOON, BROKEN, AGAIN,
    CONSENT_1, CONSENT_2, ACCEPT, HOLD, AGREE_WRITTEN, SIGN_1, SIGN_2, SIGN_MEDIATOR, SEAL };

/* One of the steps, drawn by weight; those that end it only from the given try on. */
static const char *drawn(struct rand *r, bool may_end)
{
    int sum = 0;
    for (size_t i = 0; i < COUNT_OF(everything); i++)
        sum += may_end || !leads_nowhere_else(everything[i].json) ? everything[i].weight : 0;
    int at = (int)rand_below(r, (uint32_t)sum);
    for (size_t i = 0; i < COUNT_OF(everything); i++) {
        at -= may_end || !leads_nowhere_else(everything[i].json) ? everything[i].weight : 0;
        if (at < 0)
            return everything[i].json;
    }
    return NULL;
}

static void tried(struct walks *w, const char *json, bool look_at_all)
{
    struct fixture *f = &w->f;
    struct matter before = f->m;
    struct dispute was = beside_now(f)->dispute;
    enum err e = try_it(f, json);
    if (e == OK) {
        w->taken++;
        step_looked(w, json);
        remembered(w, &was, before.round);
        agreements_looked(w, json);
        if (takes_consent_back(json))
            withdrawal_looked(w, json, look_at_all);
        else
            all_is_sound(f, &before);
        return;
    }
    assert_true(e == E_STEP || e == E_INPUT || e == E_DENIED);
    assert_int_equal(f->m.seq, before.seq);
}

/* Minutes or days; and when an agreement has just taken effect often more than the court waits. */
static void time_passes(struct fixture *f, struct rand *r, bool took_effect)
{
    if (took_effect && rand_below(r, 3) == 0)
        f->t.now_ms += (CONFIRM_DAYS + 1 + (int64_t)rand_below(r, 9)) * CLOCK_DAY_MS;
    else
        f->t.now_ms += rand_below(r, 6) ? 60000 : (int64_t)rand_below(r, 9) * CLOCK_DAY_MS;
}

/* A walk of tries in any order; early ones are not those that end it. */
static void walk(struct walks *w, struct rand *r, int tries)
{
    struct fixture *f = &w->f;
    size_t at = 0;
    bool keeps = rand_below(r, 3) > 0;
    w->n_bound = 0;
    begin_of(f, rand_below(r, 4) ? "neighbour" : "family");
    for (int i = 0; i < tries && f->m.open; i++) {
        bool bound = str_is(f->m.state, "performing");
        const char *next = keeps ? usual[at % COUNT_OF(usual)] : not_kept[at % COUNT_OF(not_kept)];
        bool in_order = rand_below(r, 2);
        at += in_order;
        tried(w, in_order ? next : drawn(r, i > tries / 2), rand_below(r, 10) == 0);
        time_passes(f, r, !bound && str_is(f->m.state, "performing"));
    }
    if (rand_below(r, 20) == 0)
        readers_looked(w);
    town_forget(&f->t);
}

static int walk_all(void **state)
{
    enum { WALKS = 500, WALKS_ON_SERVER = 120, TRIES = 50 };
    struct walks *w = heap_alloc(sizeof(*w));
    struct rand r = rand_seeded(20260301);
    memset(w, 0, sizeof(*w));
    town_open(&w->f.t, 7, NULL);
    int64_t start_ms = w->f.t.now_ms;
    const int walks = w->f.t.on_server ? WALKS_ON_SERVER : WALKS;
    for (w->walks = 0; w->walks < walks; w->walks++) {
        w->f.t.now_ms = start_ms;
        walk(w, &r, TRIES);
    }
    *state = w;
    return 0;
}

static int walks_end(void **state)
{
    struct walks *w = *state;
    town_close(&w->f.t);
    heap_free(w);
    return 0;
}

/* per_hundred: how often at least it was looked at in a hundred walks. */
static void holds(void **state, enum sentence s, int per_hundred)
{
    const struct walks *w = *state;
    const struct kept *k = &w->kept[s];
    if (k->broken)
        fail_msg("broken %d times of %d, first by %s", k->broken, k->occasions, k->how);
    if (k->occasions < per_hundred * w->walks / 100)
        fail_msg("looked at %d times only", k->occasions);
}

static void there_is_no_session_without_everybodys_consent(void **state)
{
    holds(state, NO_SESSION_WITHOUT_CONSENT, 100);
}

static void no_agreement_has_effect_before_its_last_signature(void **state)
{
    holds(state, NO_EFFECT_BEFORE_SIGNATURES, 25);
}

static void no_confirmation_is_late_or_of_a_blocked_kind_or_of_one_side(void **state)
{
    holds(state, NO_LATE_CONFIRMATION, 3);
}

static void nobody_outside_reads_talks_with_one_side(void **state)
{
    holds(state, NO_READER_OUTSIDE, 25);
}

static void a_consent_withdrawn_stops_everything_within_one_step(void **state)
{
    holds(state, WITHDRAWAL_STOPS, 2);
}

static void what_bound_and_was_broken_stays_readable(void **state)
{
    holds(state, NOTHING_AGREED_IS_LOST, 5);
}

static void walks_lead_to_every_end(void **state)
{
    struct walks *w = *state;
    struct town *t = &w->f.t;
    assert_null(town_check(t));
    assert_true(w->taken > 10 * w->walks);
    assert_true(town_count(t, "SELECT COUNT(*) FROM matter WHERE state = 'closed'") > w->walks / 100);
    assert_true(town_count(t, "SELECT COUNT(*) FROM dispute WHERE form = 'written'"
        " AND effective_ms IS NOT NULL") > w->walks / 20);
    assert_true(town_count(t, "SELECT COUNT(*) FROM dispute WHERE confirm = 'confirmed'")
        > w->walks / 100);
    assert_true(town_count(t, "SELECT COUNT(*) FROM matter WHERE round > 0") > w->walks / 100);
    assert_int_equal(town_count(t, "SELECT COUNT(*) FROM note WHERE text LIKE '%底线%'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_no_session_without_everybodys_consent),
        cmocka_unit_test(no_agreement_has_effect_before_its_last_signature),
        cmocka_unit_test(no_confirmation_is_late_or_of_a_blocked_kind_or_of_one_side),
        cmocka_unit_test(nobody_outside_reads_talks_with_one_side),
        cmocka_unit_test(a_consent_withdrawn_stops_everything_within_one_step),
        cmocka_unit_test(what_bound_and_was_broken_stays_readable),
        cmocka_unit_test(walks_lead_to_every_end),
    };
    return cmocka_run_group_tests(tests, walk_all, walks_end);
}
