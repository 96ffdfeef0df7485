/* duty.c: the roster as this server holds it, rights over it, and the routes of the feature. */
#include "duty/duty.h"
#include "base/log.h"
#include "crypto/hash.h"
#include <pthread.h>

RECORD_DEFINE(duty_view, DUTY_VIEW)
RECORD_DEFINE(duty_in, DUTY_IN)
RECORD_DEFINE(duty_unit_view, DUTY_UNIT_VIEW)
RECORD_DEFINE(duty_person, DUTY_PERSON)
RECORD_DEFINE(duty_turn, DUTY_TURN)
RECORD_DEFINE(duty_span_view, DUTY_SPAN_VIEW)
RECORD_DEFINE(duty_zone, DUTY_ZONE)
RECORD_DEFINE(absence_view, ABSENCE_VIEW)
RECORD_DEFINE(duty_week, DUTY_WEEK)
RECORD_DEFINE(gap, GAP)
RECORD_DEFINE(gaps_in, GAPS_IN)
RECORD_DEFINE(gaps, GAPS)
RECORD_DEFINE(duty_note, DUTY_NOTE)
RECORD_DEFINE(my_turn, MY_TURN)
RECORD_DEFINE(called, CALLED)
RECORD_DEFINE(my_duty, MY_DUTY)
RECORD_DEFINE(zone_set, ZONE_SET)
RECORD_DEFINE(absence_in, ABSENCE_IN)
RECORD_DEFINE(absence_end, ABSENCE_END)
RECORD_DEFINE(handover_in, HANDOVER_IN)
RECORD_DEFINE(kept, KEPT)
RECORD_DEFINE(handover_out, HANDOVER_OUT)
RECORD_DEFINE(changed, CHANGED)

enum { LOOK_US = 500000 };

struct duty_keeper {
    pthread_mutex_t lock;
    const struct duty_book *book;
    int64_t looked_us;
    bool looking;
};

enum err duty_keeper_make(struct db *db, struct duty_keeper **ret)
{
    struct duty_book *book;
    TRY(duty_book_load(db, &book));
    struct duty_keeper *k = heap_alloc(sizeof(*k));
    CHECK(pthread_mutex_init(&k->lock, NULL) == 0);
    k->book = book;
    k->looked_us = -LOOK_US;
    *ret = k;
    return OK;
}

void duty_keeper_free(struct duty_keeper *k)
{
    if (k == NULL)
        return;
    duty_book_drop(k->book);
    (void)pthread_mutex_destroy(&k->lock);
    heap_free(k);
}

/* The newer roster, or NULL when the one at hand is the newest to be had. A database that follows
 * another may be behind; the roster never goes back. */
static const struct duty_book *newer(struct db *db, const struct duty_book *has)
{
    int64_t stamp;
    struct duty_book *book = NULL;
    enum err e = duty_stamp_stored(db, &stamp);
    if (e == OK && stamp <= duty_book_stamp(has))
        return NULL;
    if (e == OK)
        e = duty_book_load(db, &book);
    if (e != OK)
        log_line(LOG_WARN, "duty.load", "the roster is not read: %s", err_code(e));
    return e == OK ? book : NULL;
}

/* What a writer reads may still be undone, so only readers look. */
static void look(struct duty_keeper *k, struct cx *cx)
{
    const struct duty_book *has = NULL, *got;
    CHECK(pthread_mutex_lock(&k->lock) == 0);
    bool due = !k->looking && cx->ids == NULL && clock_monotonic_us() - k->looked_us >= LOOK_US;
    k->looking = k->looking || due;
    if (due)
        has = duty_book_hold(k->book);
    CHECK(pthread_mutex_unlock(&k->lock) == 0);
    if (!due)
        return;
    got = newer(cx->db, has);
    CHECK(pthread_mutex_lock(&k->lock) == 0);
    k->looking = false;
    k->looked_us = clock_monotonic_us();
    if (got) {
        duty_book_drop(k->book);
        k->book = got;
    }
    CHECK(pthread_mutex_unlock(&k->lock) == 0);
    duty_book_drop(has);
}

const struct duty_book *duty_hold(struct cx *cx)
{
    struct duty_keeper *k = cx->services.duty;
    if (k == NULL)
        return NULL;
    look(k, cx);
    CHECK(pthread_mutex_lock(&k->lock) == 0);
    const struct duty_book *b = duty_book_hold(k->book);
    CHECK(pthread_mutex_unlock(&k->lock) == 0);
    return b;
}

enum err duty_answer(struct cx *cx, const struct record *r, const void *rec)
{
    struct buf *b = NEW(cx->a, struct buf);
    *b = buf_in(cx->a, 1 << 20);
    record_to_json(b, r, rec);
    cx->prepared = b;
    return OK;
}

void duty_finish(struct cx *cx, struct buf *out)
{
    struct duty_keeper *k = cx->services.duty;
    const struct buf *b = cx->prepared;
    buf_add(out, buf_str(b));
    if (k == NULL)
        return;
    CHECK(pthread_mutex_lock(&k->lock) == 0);
    k->looked_us = -LOOK_US;
    CHECK(pthread_mutex_unlock(&k->lock) == 0);
}

/* Whom a matter is called to ------------------------------------------------------------------ */

static const struct colleague *copy_of(struct arena *a, const struct colleague *c)
{
    struct colleague *copy = NEW(a, struct colleague);
    if (c == NULL)
        return NULL;
    *copy = *c;
    copy->username = arena_str(a, c->username);
    copy->name = arena_str(a, c->name);
    copy->phone = arena_str(a, c->phone);
    return copy;
}

struct duty_call duty_call_for(struct cx *cx, const struct matter *m)
{
    const struct duty_book *b = duty_hold(cx);
    struct duty_matter about = { m->owner_unit, m->tier, matter_place(m) };
    struct duty_call call = duty_call_of(b, cx->cat, &about, cx->now_ms);
    call.on.who = copy_of(cx->a, call.on.who);
    call.on.instead_of = copy_of(cx->a, call.on.instead_of);
    duty_book_drop(b);
    return call;
}

const struct colleague *duty_in_zone(struct cx *cx, enum duty_layer layer, int64_t zone)
{
    const struct duty_book *b = duty_hold(cx);
    if (b == NULL)
        return NULL;
    struct duty_on on = duty_at(b, cx->cat, layer, zone, 0, cx->now_ms);
    const struct colleague *who = copy_of(cx->a, on.who);
    duty_book_drop(b);
    return who;
}

struct duty_view duty_view_of(struct cx *cx, const struct matter *m)
{
    struct duty_call call = duty_call_for(cx, m);
    struct duty_view v;
    record_clear(&duty_view_record, &v);
    switch (call.why) {
    case DUTY_CALLED:
        v.why = STR("called");
        v.text = cx_text(cx, "正在值班，由其签收", "On duty now and asked to take it");
        v.name = call.on.who->name;
        v.phone = call.on.who->phone.n ? call.on.who->phone : STR_NONE;
        v.instead_of = call.on.instead_of ? call.on.instead_of->name : STR_NONE;
        break;
    case DUTY_QUIET:
        v.why = STR("quiet");
        v.text = cx_text(cx, "夜间不打扰，在单位待签收队列中等候，时限照算",
            "Quiet hours: it waits in the unit's queue, and its time runs");
        v.until_ms = call.until_ms;
        break;
    case DUTY_GAP:
        v.why = STR("gap");
        v.text = cx_text(cx, "此刻无人值班，在单位待签收队列中，单位的人都能签收",
            "Nobody is on duty now: it is in the unit's queue, where all of the unit can take it");
        break;
    }
    return v;
}

/* Rights -------------------------------------------------------------------------------------- */

bool duty_may_edit(const struct cx *cx, const struct unit *u)
{
    for (size_t i = 0; i < cx->actor.n_memberships; i++) {
        const struct membership *m = &cx->actor.memberships[i];
        const struct unit *own = unit_find(cx->cat, m->unit);
        if (m->unit == u->id && (m->role & (ROLE_GRID_LEAD | ROLE_CHIEF | ROLE_DISPATCHER)))
            return true;
        if (own && own->desk && (m->role & ROLE_DISPATCHER) && own->level <= u->level
            && region_has(region_of(own->region), u->region))
            return true;
    }
    return false;
}

bool duty_may_see(const struct cx *cx, const struct unit *u)
{
    struct region region;
    const struct unit *own;
    return access_is_member(&cx->actor, u->id)
        || (access_region(cx, &region, &own) && region_has(region, u->region)
            && own->level <= u->level);
}

struct str duty_version(struct arena *a, struct list shifts)
{
    const struct shift *s = shifts.p;
    struct buf b = buf_in(a, 4096 + shifts.n * 128);
    for (size_t i = 0; i < shifts.n; i++)
        buf_fmt(&b, "%lld %lld %lld %lld\n", (long long)s[i].day, (long long)s[i].from_min,
            (long long)s[i].to_min, (long long)s[i].account);
    struct hash h = hash_sha256(buf_str(&b));
    struct buf hex = buf_in(a, 64);
    buf_hex(&hex, (struct str){ (const char *)h.b, 8 });
    return buf_str(&hex);
}

static struct str name_of(const struct duty_book *b, struct arena *a, int64_t account)
{
    const struct colleague *c = account ? duty_colleague(b, account) : NULL;
    return c ? arena_str(a, c->name) : STR("");
}

struct absence_view duty_absence_view(const struct duty_book *b, struct arena *a,
    const struct absence *x)
{
    return (struct absence_view){ x->id, x->account, name_of(b, a, x->account), x->from_ms,
        x->to_ms, x->substitute, name_of(b, a, x->substitute) };
}

struct str duty_zone_name(struct cx *cx, enum duty_layer layer, int64_t zone)
{
    static const int64_t levels[] = { LEVEL_GRID, LEVEL_MICRO, LEVEL_POLICE };
    return layer == DUTY_UNIT ? unit_name(unit_find(cx->cat, zone), cx->lang)
        : catalogue_zone_name(cx->cat, levels[layer], zone);
}

struct list duty_people(struct cx *cx, const struct duty_book *b, const int64_t *units, size_t n)
{
    struct list all = duty_colleagues(b);
    const struct colleague *c = all.p;
    struct duty_person *people = NEW_N(cx->a, struct duty_person, 2000);
    size_t found = 0;
    for (size_t i = 0; i < all.n && found < 2000; i++) {
        bool handles = false;
        for (size_t k = 0; k < n && !handles; k++)
            handles = duty_handles(b, c[i].account, units[k]);
        if (handles)
            people[found++] = (struct duty_person){ c[i].account, arena_str(cx->a, c[i].name) };
    }
    return (struct list){ people, found };
}

/* Routes -------------------------------------------------------------------------------------- */

#define ON_DUTY (ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CLERK | ROLE_CHIEF | ROLE_MEDIATOR \
    | ROLE_DISPATCHER)
#define LEADS (ROLE_GRID_LEAD | ROLE_CHIEF | ROLE_DISPATCHER)

static const struct route routes[] = {
    { .method = "GET", .path = "/api/duty", .name = "duty", .roles = ON_DUTY | ROLE_SUPERVISOR,
        .lane = LANE_READ, .in = &duty_in_record, .out = &duty_week_record,
        .run = duty_week_read, .meaning = "The roster of a unit and its zones, one week" },
    { .method = "GET", .path = "/api/duty/gaps", .name = "duty_gaps",
        .roles = LEADS | ROLE_SUPERVISOR, .lane = LANE_READ, .in = &gaps_in_record,
        .out = &gaps_record, .run = duty_gaps_read,
        .meaning = "When nobody is on duty in zones of my territory" },
    { .method = "GET", .path = "/api/duty/mine", .name = "duty_mine", .roles = ON_DUTY,
        .lane = LANE_READ, .out = &my_duty_record, .run = duty_mine_read,
        .meaning = "My turns, what is called to me, and what was left for me" },
    { .method = "POST", .path = "/api/duty/zone", .name = "duty_zone_set", .roles = LEADS,
        .lane = LANE_STAFF, .in = &zone_set_record, .out = &changed_record, .run = duty_zone_set,
        .finish = duty_finish, .meaning = "Replace the turns of a zone" },
    { .method = "POST", .path = "/api/duty/absence", .name = "duty_absence", .roles = ON_DUTY,
        .lane = LANE_STAFF, .in = &absence_in_record, .out = &absence_view_record,
        .run = duty_absence_put, .finish = duty_finish,
        .meaning = "I am not there, or a colleague is not; and who stands in" },
    { .method = "POST", .path = "/api/duty/absence/:id/end", .name = "duty_absence_end",
        .roles = ON_DUTY, .lane = LANE_STAFF, .in = &absence_end_record,
        .out = &absence_view_record, .run = duty_absence_stop, .finish = duty_finish,
        .meaning = "Back from now on; one that has not begun is taken back" },
    { .method = "POST", .path = "/api/duty/handover", .name = "duty_handover", .roles = ON_DUTY,
        .lane = LANE_STAFF, .in = &handover_in_record, .out = &handover_out_record,
        .run = duty_handover, .finish = duty_finish,
        .meaning = "Hand over what I have taken, with a note" },
};

extern const struct module module_duty;
const struct module module_duty = { .name = "duty", .routes = routes,
    .n_routes = COUNT_OF(routes) };
