/* town.c: the invented city's data and the people in it. */
#include "town.h"
#include "catalogue/zone.h"
#include "crypto/password.h"
#include "db/driver.h"
#include "geo/shape.h"
#include "matter/intake.h"
#include "paper/paper.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

SQL_WRITES(PUT_DIVISION, "town.division", "INSERT INTO zone (layer, code, parent, level, kind,"
    " name, valid_from_ms) VALUES ('division', $1, $2, $3, 'x', $4, 0)");
SQL_WRITES(PUT_GRID, "town.grid", "INSERT INTO zone (layer, code, parent, name, lon, lat, shape,"
    " level, kind, valid_from_ms) VALUES ('grid', $1, $2, $3, $4, $5, $6, 6, 'base', 0)");
SQL_WRITES(PUT_POLICE_GRID, "town.police",
    "INSERT INTO zone (layer, code, parent, name, shape, level, kind, valid_from_ms)"
    " VALUES ('police', $1, $2, $3, $4, 8, 'police', 0)");
SQL_WRITES(PUT_UNIT, "town.unit", "INSERT INTO unit (id, code, name, name_en, kind, level, region,"
    " parent, desk, functions) VALUES ($1, $2, $3, $2, 'x', $4, $5, 0, $6, $7)");
SQL_WRITES(PUT_SMALL, "town.small", "INSERT INTO catalogue (name, version, valid_from_ms, made_ms,"
    " made_by, body) VALUES ($1, 1, 0, 0, 0, $2)");
SQL_WRITES(PUT_ACCOUNT, "town.account", "INSERT INTO account (id, username, name, password, phone,"
    " lang, disabled) VALUES ($1, $2, $2, '', '', 'zh-CN', 0)");
SQL_WRITES(PUT_MEMBER, "town.member",
    "INSERT INTO membership (account, unit, role) VALUES ($1, $2, $3)");
SQL_WRITES(PUT_SESSION, "town.session", "INSERT INTO session (token, account, csrf, made_ms,"
    " expires_ms) VALUES ($1, $2, 'csrf', 0, $3)");
SQL_WRITES(PUT_DUTY, "town.duty",
    "INSERT INTO duty (layer, zone, position, account) VALUES ('grid', $1, 0, $2)");
SQL_WRITES(PUT_PASSWORD, "town.password", "UPDATE account SET password = $2 WHERE id = $1");

#define X(name, unit, role) { #name, unit, role },
static const struct { const char *name; int64_t unit; unsigned role; } people[] = {
    TOWN_PEOPLE(X)
};
#undef X

static const struct { int64_t code, parent, level; const char *name; } divisions[] = {
    { CITY, INT64_C(320000000000), LEVEL_CITY, "溪州市" },
    { COUNTY, CITY, LEVEL_COUNTY, "枫江区" },
    { TOWN_A, COUNTY, LEVEL_TOWN, "桥东街道" }, { TOWN_B, COUNTY, LEVEL_TOWN, "桥西街道" },
    { COMMUNITY_A1, TOWN_A, LEVEL_COMMUNITY, "东一社区" },
    { COMMUNITY_A2, TOWN_A, LEVEL_COMMUNITY, "东二社区" },
    { COMMUNITY_B1, TOWN_B, LEVEL_COMMUNITY, "西一社区" },
    { COMMUNITY_B2, TOWN_B, LEVEL_COMMUNITY, "西二社区" },
};

static const struct { int64_t id, level, region, desk; const char *code, *name, *functions; }
units[] = {
    { UNIT_CITY, LEVEL_CITY, CITY, 1, "city", "市综治中心", "" },
    { UNIT_COUNTY, LEVEL_COUNTY, COUNTY, 1, "county", "枫江区综治中心", "" },
    { UNIT_TOWN_A, LEVEL_TOWN, TOWN_A, 1, "town-a", "桥东街道综治中心", "" },
    { UNIT_TOWN_B, LEVEL_TOWN, TOWN_B, 1, "town-b", "桥西街道综治中心", "" },
    { UNIT_A1, LEVEL_COMMUNITY, COMMUNITY_A1, 1, "a1", "东一社区居委会", "" },
    { UNIT_A2, LEVEL_COMMUNITY, COMMUNITY_A2, 1, "a2", "东二社区居委会", "" },
    { UNIT_B1, LEVEL_COMMUNITY, COMMUNITY_B1, 1, "b1", "西一社区居委会", "" },
    { UNIT_B2, LEVEL_COMMUNITY, COMMUNITY_B2, 1, "b2", "西二社区居委会", "" },
    { UNIT_LAMPS, LEVEL_COUNTY, COUNTY, 0, "lamps", "枫江区路灯所", "lamps roads" },
    { UNIT_FIRE, LEVEL_COUNTY, COUNTY, 0, "fire", "枫江区消防大队", "fire" },
    { UNIT_POLICE, LEVEL_TOWN, TOWN_A, 0, "police", "桥东派出所", "station" },
    { UNIT_MEDIATION, LEVEL_COMMUNITY, COMMUNITY_A1, 0, "m1", "东一社区调委会",
        "mediation_committee" },
    { UNIT_MEDIATION_TOWN, LEVEL_TOWN, TOWN_A, 0, "mt", "桥东街道调委会", "mediation_committee" },
    { UNIT_MEDIATION_COUNTY, LEVEL_COUNTY, COUNTY, 0, "mc", "枫江区调委会", "mediation_committee" },
    { UNIT_MEDIATION_WAGES, LEVEL_COUNTY, COUNTY, 0, "mw", "枫江区劳动争议调委会",
        "industry_committee" },
};

static const struct { const char *name, *body; } smalls[] = {
    { "category", "code,name,name_en,icon,words,function,tier,hotline\n"
        "01,消防,Fire,fire,,fire,2,\n"
        "0101,消防通道,Fire exits,fire,消防通道 堵,fire,2,\n"
        "02,路灯,Lamps,lamp,路灯 灯不亮,lamps,1,\n"
        "03,纠纷,Disputes,people,吵架 纠纷,,1,\n"
        "04,治安,Police,heart,小偷,,2,110\n"
        "05,险情,Danger,fire,爆炸 塌,,4,119\n"
        "06,作风,Conduct,people,,,1,\n"
        "07,食品,Food,shop,,,1,\n"
        "99,其他,Other,pencil,,,1,\n" },
    { "rule", "code,category,tier_min,origin,level,function,max_level,avoid,why,why_en,basis\n"
        "major,,3,,county,desk,,,重大,major,\n"
        "lamps,02,0,,county,owner,,,属主,owner,\n"
        "police,04,0,,town,station,,,警务,police,\n"
        "dispute,03,0,,town,desk,,,纠纷,dispute,\n"
        "conduct,06,0,,town,desk,,named,作风,conduct,\n"
        "food,07,0,,county,desk,county,,食品,food,条例第二十四条\n"
        "patrol,,0,patrol,town,desk,,,巡查,patrol,\n"
        "local,,0,,community,desk,,,属地,local,\n" },
    { "limit", "category,tier,stage,amount,unit\n"
        ",4,dispatch,1,EH\n,0,dispatch,4,WH\n,4,sign,1,EH\n,0,sign,1,WD\n,4,handle,24,EH\n"
        "01,0,handle,2,WD\n,0,handle,5,WD\n,0,review,1,WD\n,0,object,5,WD\n" },
    { "calendar", "date,work,name\n2026-05-01,false,劳动节\n2026-05-09,true,\n" },
    { "template", "code,category,title,title_en,text\nt,,题,T,您反映的问题已经解决\n" },
};

static void put(struct town *t, const struct sql *sql, const struct arg *args, size_t n)
{
    CHECK(db_exec(t->db, sql, args, n, NULL) == OK);
}

static struct str square(struct arena *a, double lon, double lat, double size)
{
    struct geo_point p[5] = { { lon, lat }, { lon + size, lat }, { lon + size, lat + size },
        { lon, lat + size }, { lon, lat } };
    struct ring r = { 0, 5, true };
    struct shape s = { p, &r, 5, 1, { lon, lat, lon + size, lat + size } };
    return shape_wkb(a, &s);
}

/* Two grids a community, in a row from west to east. */
static void put_grids(struct town *t)
{
    static const int64_t communities[] =
        { COMMUNITY_A1, COMMUNITY_A2, COMMUNITY_B1, COMMUNITY_B2 };
    for (int i = 0; i < GRIDS; i++) {
        int64_t community = communities[i / 2];
        put(t, &PUT_GRID, ARGS(I(community * 1000 + i % 2 + 1), I(community), S(STR("网格")),
            F(120.005 + 0.01 * i), F(31.005), B(square(&t->a, 120 + 0.01 * i, 31, 0.01))));
    }
    put(t, &PUT_POLICE_GRID, ARGS(I(501), I(UNIT_POLICE), S(STR("警格")),
        B(square(&t->a, 120, 31, 0.04))));
    put(t, &PUT_POLICE_GRID, ARGS(I(502), I(UNIT_POLICE), S(STR("角")),
        B(square(&t->a, 120.0098, 31, 0.0004))));       /* a corner of two grids, twice claimed */
}

static struct str session_hash(struct town *t, enum town_person who)
{
    char bytes[HASH_BYTES] = { 's', (char)who };
    return arena_dup(&t->a, bytes, sizeof(bytes));
}

int64_t town_account(enum town_person who)
{
    return 100 + (int64_t)who;
}

const char *town_person_name(enum town_person who)
{
    return people[who].name;
}

static void put_people(struct town *t)
{
    for (int i = 0; i < TOWN_PEOPLE_COUNT; i++) {
        const struct role_row *role = role_by_bit(people[i].role);
        CHECK(role != NULL);
        int64_t id = town_account((enum town_person)i);
        put(t, &PUT_ACCOUNT, ARGS(I(id), S(str_c(people[i].name))));
        put(t, &PUT_MEMBER, ARGS(I(id), I(people[i].unit), S(str_c(role->word))));
        put(t, &PUT_SESSION, ARGS(B(session_hash(t, (enum town_person)i)), I(id),
            I(INT64_C(4000000000000))));
    }
    put(t, &PUT_DUTY, ARGS(I(COMMUNITY_A1 * 1000 + 1), I(town_account(WORKER))));
}

static void put_all(struct town *t)
{
    for (size_t i = 0; i < COUNT_OF(divisions); i++)
        put(t, &PUT_DIVISION, ARGS(I(divisions[i].code), I(divisions[i].parent),
            I(divisions[i].level), S(str_c(divisions[i].name))));
    for (size_t i = 0; i < COUNT_OF(units); i++)
        put(t, &PUT_UNIT, ARGS(I(units[i].id), S(str_c(units[i].code)), S(str_c(units[i].name)),
            I(units[i].level), I(units[i].region), I(units[i].desk),
            S(str_c(units[i].functions))));
    for (size_t i = 0; i < COUNT_OF(smalls); i++)
        put(t, &PUT_SMALL, ARGS(S(str_c(smalls[i].name)), S(str_c(smalls[i].body))));
    put_grids(t);
    put_people(t);
}

/* In memory, or a schema of its own on the server that tests/tools/postgres.mjs has started. */
static void database_open(struct town *t)
{
    const char *which = getenv("DB");
    t->on_server = which && strcmp(which, "postgres") == 0;
    CHECK(db_open(t->on_server ? "postgres:///postgres" : ":memory:", DB_WRITER, &t->db) == OK);
    if (!t->on_server)
        return;
    long long name = clock_monotonic_us();
    CHECK(t->db->driver->script(t->db, arena_fmt(&t->a,
        "CREATE SCHEMA town%lld; SET search_path = town%lld", name, name).p) == OK);
}

void town_open(struct town *t, uint64_t seed, const struct catalogue *cat)
{
    struct err_info info = { .e = OK };
    struct catalogue *read = NULL;
    *t = (struct town){ .rand = rand_seeded(seed), .ids = { .end = 1 << 20 },
        .now_ms = clock_from_civil(2026, 3, 2, 9, 30, 0) };
    struct faults faults;
    arena_init(&t->a, (size_t)1 << 30);
    arena_init(&t->forms_own, 16 << 20);
    faults = faults_in(&t->forms_own);
    CHECK(paper_templates(&t->forms_own, NULL, &faults, &t->forms, &info) == OK);
    t->press = (struct helper){ HELPER_PRINT, "tests/unit/press.sh", HELPER_ALONE };
    keys_derive(seed, "town.example", &t->keys);
    database_open(t);
    CHECK(db_migrate(t->db, &info) == OK);
    CHECK(db_begin(t->db) == OK);
    put_all(t);
    CHECK(db_commit(t->db) == OK);
    if (cat == NULL)
        CHECK(catalogue_load(t->db, &read, &info) == OK);
    t->cat = cat ? catalogue_hold(cat) : read;
    arena_reset(&t->a);
}

void town_merge_grids(struct town *t)
{
    enum { THEN_MS = 1000 };
    const int64_t one = COMMUNITY_A1 * 1000 + 1, two = one + 1;
    struct err_info info = { .e = OK };
    struct catalogue *read = NULL;
    CHECK(db_begin(t->db) == OK);
    CHECK(zone_end(t->db, STR("grid"), one, THEN_MS) == OK);
    CHECK(zone_end(t->db, STR("grid"), two, THEN_MS) == OK);
    CHECK(zone_put(t->db, &(struct zone){ .layer = STR("grid"), .code = two,
        .valid_from_ms = THEN_MS, .valid_to_ms = I64_NONE, .parent = COMMUNITY_A1,
        .level = LEVEL_GRID, .kind = STR("base"), .name = STR("合并网格"), .lon = 120.01,
        .lat = 31.005, .shape = square(&t->a, 120, 31, 0.02) }) == OK);
    CHECK(db_commit(t->db) == OK);
    CHECK(catalogue_load(t->db, &read, &info) == OK);
    t->was = t->cat;
    t->cat = read;
}

void town_close(struct town *t)
{
    catalogue_drop(t->cat);
    catalogue_drop(t->was);
    db_close(t->db);
    arena_free(&t->forms_own);
    arena_free(&t->a);
    keys_wipe(&t->keys);
}

void town_forget(struct town *t)
{
    arena_reset(&t->a);
}

struct cx town_public(struct town *t)
{
    return (struct cx){ .db = t->db, .a = &t->a, .cat = t->cat, .keys = &t->keys,
        .rand = &t->rand, .ids = &t->ids, .now_ms = t->now_ms, .request = "test",
        .services = { .press = &t->press, .forms = t->forms,
            .outbox = t->pushes ? &t->outbox : NULL },
        .actor = { .kind = ACTOR_PUBLIC, .roles = ROLE_PUBLIC } };
}

struct cx town_staff(struct town *t, enum town_person who)
{
    struct cx cx = town_public(t);
    cx.actor = (struct actor){ .kind = ACTOR_STAFF, .roles = people[who].role,
        .account = town_account(who), .name = str_c(people[who].name),
        .username = str_c(people[who].name), .csrf = STR("csrf"),
        .session = session_hash(t, who),
        .memberships = { { people[who].unit, people[who].role } }, .n_memberships = 1 };
    return cx;
}

struct cx town_reporter(struct town *t, int64_t area, int64_t matter, int64_t no)
{
    struct cx cx = town_public(t);
    cx.actor = (struct actor){ .kind = ACTOR_REPORTER, .roles = ROLE_REPORTER, .area = area,
        .matter = matter, .no = no };
    return cx;
}

struct cx town_system(struct town *t)
{
    struct cx cx = town_public(t);
    cx.actor = (struct actor){ .kind = ACTOR_SYSTEM, .roles = ROLE_SYSTEM };
    return cx;
}

void town_password(struct town *t, enum town_person who, struct str password)
{
    struct str stored;
    CHECK(password_hash(&t->a, &t->keys, &t->rand, password, &stored) == OK);
    put(t, &PUT_PASSWORD, ARGS(I(town_account(who)), S(stored)));
}

/* "a=1&b=2", without escapes. */
static struct params query_of(struct str text)
{
    struct params q = { .n = 0 };
    while (text.n) {
        struct str value, name = str_cut(str_cut(text, '&', &text), '=', &value);
        CHECK(q.n < PARAMS_MAX);
        q.names[q.n] = name;
        q.values[q.n++] = value;
    }
    return q;
}

enum err town_prepare(struct command *c, const char *method, const char *path, struct str body)
{
    struct params names, query;
    struct str text, target = str_cut(str_c(path), '?', &text);
    query = query_of(text);
    TRY(route_find(str_c(method), target, &c->route, &names));
    TRY(command_authorise(&c->cx, c->route));
    c->cx.body = body;
    c->out = buf_in(c->cx.a, 4 << 20);
    TRY(command_decode(c, body, &query, &names));
    return c->route->prepare ? c->route->prepare(&c->cx, c->in) : OK;
}

enum err town_commit(struct command *c)
{
    struct db *db = c->cx.db;
    enum err e = db_begin(db);
    if (e == OK)
        e = command_run(c);
    if (e == OK)
        e = db_commit(db);
    if (e != OK)
        db_rollback(db);
    else if (c->route->finish)
        c->route->finish(&c->cx, &c->out);
    return e;
}

enum err town_command(struct command *c, struct cx cx, const char *path, const char *json)
{
    *c = (struct command){ .cx = cx };
    TRY(town_prepare(c, "POST", path, str_c(json)));
    return town_commit(c);
}

struct str town_member(struct town *t, const struct buf *answer, const char *name)
{
    json_t *root = json_loadb(answer->p, answer->n, 0, NULL);
    const char *text = json_string_value(json_object_get(root, name));
    struct str ret = text ? arena_str(&t->a, str_c(text)) : STR_NONE;
    json_decref(root);
    return ret;
}
