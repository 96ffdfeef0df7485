/* seed.c: the demo city written into an empty database. */
#include "demo/seed.h"
#include "catalogue/catalogue.h"
#include "catalogue/zone.h"
#include "crypto/password.h"
#include "demo/geography.h"
#include "demo/roster.h"
#include "demo/tables.h"
#include "mediation/mediation.h"

SQL_SCANS(any_division, "demo.any", "SELECT COUNT(*) FROM (SELECT code FROM zone LIMIT 1) d");
SQL_WRITES(put_setting, "demo.setting", "INSERT INTO setting (name, value) VALUES ($1, $2)");
SQL_WRITES(put_unit, "demo.unit",
    "INSERT INTO unit (id, code, name, name_en, kind, level, region, parent, desk, functions)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
SQL_WRITES(put_catalogue, "demo.catalogue",
    "INSERT INTO catalogue (name, version, valid_from_ms, made_ms, made_by, body)"
    " VALUES ($1, 1, 0, $2, 0, $3)");
SQL_WRITES(put_account, "demo.account",
    "INSERT INTO account (id, username, name, password, phone, lang, disabled)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL_WRITES(put_membership, "demo.membership",
    "INSERT INTO membership (account, unit, role) VALUES ($1, $2, $3)");
SQL_WRITES(put_duty, "demo.duty",
    "INSERT INTO duty (layer, zone, position, account)"
    " SELECT $1, $2, COUNT(*), $3 FROM duty WHERE layer = $1 AND zone = $2");
SQL_READS(unit_by_code, "demo.unit_by_code", "SELECT id FROM unit WHERE code = $1");
SQL_READS(duty_count, "demo.duty_count",
    "SELECT COUNT(*) FROM duty WHERE layer = 'grid' AND zone = $1");
SQL_READS(leads_of, "demo.leads",
    "SELECT COUNT(*) FROM membership WHERE unit = $1 AND role = 'grid_lead'");
SQL_READS(signs_in, "demo.signs_in",
    "SELECT COALESCE(MIN(m.account), 0) FROM membership m JOIN account a ON a.id = m.account"
    " WHERE m.unit = $1 AND m.role = 'clerk' AND a.disabled = 0");
SQL_WRITES(put_committee, "demo.committee",
    "INSERT INTO committee (unit, short_name, kind, term_from_ms, term_to_ms)"
    " VALUES ($1, $2, $3, $4, $5)");
SQL_WRITES(put_member, "demo.committee_member",
    "INSERT INTO committee_member (unit, no, account, name, post, woman)"
    " SELECT $1, $2, COALESCE((SELECT id FROM account WHERE username = $3), 0), $4, $5, $6");
SQL_WRITES(put_studio, "demo.studio",
    "INSERT INTO studio (id, code, unit, name, about, hours, place, phone, households, ended)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)");
SQL_WRITES(put_registered, "demo.registered",
    "INSERT INTO registered (id, unit, account, name, kind, skills, since_ms, to_ms, studio, published)"
    " SELECT $1, $2, COALESCE((SELECT id FROM account WHERE username = $3), 0), $4, $5, $6, $7, $8, $9,"
    " $10");
SQL_SCANS(units_empty, "demo.units_empty",
    "SELECT id, CASE WHEN kind = 'mediation' THEN 'mediator' WHEN desk = 1 THEN 'dispatcher'"
    " ELSE 'clerk' END AS role FROM unit WHERE id NOT IN (SELECT unit FROM membership) ORDER BY id");
const struct sql *const demo_statements[] = {
    &any_division, &put_setting, &put_unit, &put_catalogue, &put_account, &put_membership,
    &put_duty, &unit_by_code, &duty_count, &leads_of, &signs_in, &put_committee, &put_member,
    &put_studio, &put_registered, &units_empty,
};
const size_t demo_statements_n = COUNT_OF(demo_statements);

enum err demo_unit(struct db *db, struct str code, int64_t *ret)
{
    return db_number(db, &unit_by_code, ARGS(S(code)), ret);
}

/* A department of the city; branch: what the counties call theirs, empty when they have none. */
#define DEPARTMENT(X, R) \
    X(R, STR, code, REQUIRED, 1, 20, NULL, "code") \
    X(R, STR, name, REQUIRED, 1, 30, NULL, "name behind the city's, Chinese") \
    X(R, STR, branch, OPTIONAL, 0, 30, NULL, "name behind the county's, Chinese") \
    X(R, STR, name_en, REQUIRED, 1, 60, NULL, "name, English") \
    X(R, STR, functions, REQUIRED, 1, 100, NULL, "functions, spaces between")
RECORD(department, DEPARTMENT)
RECORD_DEFINE(department, DEPARTMENT)

/* A line of accounts: one membership, and the grids of its community: serials or * for all. */
#define STAFF(X, R) \
    X(R, STR, username, REQUIRED, 2, 40, NULL, "login name") \
    X(R, STR, name, REQUIRED, 1, 40, NULL, "name") \
    X(R, STR, phone, OPTIONAL, 0, 20, NULL, "duty phone") \
    X(R, STR, lang, REQUIRED, 2, 5, NULL, "zh-CN or en") \
    X(R, STR, unit, REQUIRED, 1, 30, NULL, "code of the unit") \
    X(R, STR, role, REQUIRED, 1, 20, NULL, "role") \
    X(R, STR, grids, OPTIONAL, 0, 200, NULL, "serials of grids, or *")
RECORD(staff, STAFF)
RECORD_DEFINE(staff, STAFF)

#define NAME_EN(X, R) \
    X(R, ID, code, REQUIRED, 0, 0, NULL, "12-digit code") \
    X(R, STR, name_en, REQUIRED, 1, 80, NULL, "name, English")
RECORD(name_en, NAME_EN)
RECORD_DEFINE(name_en, NAME_EN)

struct work {
    const struct demo_seed *s;
    struct db *db;
    struct arena *a;
    struct geography city;
    struct list names_en, departments;
    struct ids ids;
    struct str password;
    size_t done, total;
};

static int64_t number(struct str digits)
{
    int64_t v = 0;
    CHECK(str_to_i64(digits, &v));
    return v;
}

static void tell(struct work *w, size_t more)
{
    w->done += more;
    if (w->s->progress.tell)
        w->s->progress.tell(w->s->progress.ctx, w->done, w->total);
}

static struct str name_en(const struct work *w, int64_t code)
{
    const struct name_en *rows = w->names_en.p;
    for (size_t i = 0; i < w->names_en.n; i++)
        if (rows[i].code == code)
            return rows[i].name_en;
    return STR("Unnamed");
}

/* Settings --------------------------------------------------------------------------------- */

static enum err put_settings(struct work *w)
{
    static const char *const settings[][2] = {
        { "city", "苏州市" }, { "city_en", "Suzhou" }, { "demo", "1" },
        { "notice", "演示系统：人物、事件均为虚构，网格边界为示意" },
        { "notice_en", "Demonstration: people and matters are invented, grid outlines illustrative" },
        { "origin", "fengqiao.example/demo" }, { "center", "[120.6196,31.3172]" },
        { "bounds", "[119.92,30.76,121.33,32.05]" },
        { "review_no", "" }, { "quiet_hours", "22:00-07:00" },
        { "boundary_notice", "边界为示意，不作为划界依据" },
        { "boundary_notice_en", "Outlines are illustrative and not a basis for any demarcation" },
    };
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        TRY(db_exec(w->db, &put_setting, ARGS(S(str_c(settings[i][0])), S(str_c(settings[i][1]))),
            NULL));
    return OK;
}

/* Places ----------------------------------------------------------------------------------- */

static enum err put_divisions(struct work *w)
{
    for (size_t i = 0; i < w->city.division_count; i++) {
        const struct demo_division *d = &w->city.divisions[i];
        TRY(zone_put(w->db, &(struct zone){ .layer = STR("division"), .code = number(d->code12),
            .valid_to_ms = I64_NONE, .parent = number(d->parent12), .level = d->level,
            .kind = d->kind, .name = d->name, .lon = d->centre.lon, .lat = d->centre.lat,
            .shape = d->wkb }));
    }
    tell(w, w->city.division_count);
    return OK;
}

static enum err put_grids(struct work *w)
{
    for (size_t i = 0; i < w->city.grid_count; i++) {
        const struct demo_grid *g = &w->city.grids[i];
        const char *kind = g->kind == DEMO_GRID_BASE ? "base" : "dedicated";
        TRY(zone_put(w->db, &(struct zone){ .layer = STR("grid"), .code = number(g->code15),
            .valid_to_ms = I64_NONE, .parent = number(g->community12), .level = LEVEL_GRID,
            .kind = str_c(kind), .name = g->name_zh, .lon = g->centre.lon, .lat = g->centre.lat,
            .shape = g->wkb }));
    }
    for (size_t i = 0; i < w->city.micro_count; i++) {
        const struct demo_micro *g = &w->city.micros[i];
        TRY(zone_put(w->db, &(struct zone){ .layer = STR("micro"), .code = number(g->code17),
            .valid_to_ms = I64_NONE, .parent = number(g->grid15), .level = LEVEL_MICRO,
            .kind = STR("micro"), .name = g->name_zh, .lon = g->centre.lon, .lat = g->centre.lat,
            .shape = g->wkb }));
    }
    for (size_t i = 0; i < w->city.police_count; i++) {
        const struct demo_police_grid *g = &w->city.police[i];
        TRY(zone_put(w->db, &(struct zone){ .layer = STR("police"), .code = number(g->code12),
            .valid_to_ms = I64_NONE, .parent = demo_station_id(number(g->township9) * 1000),
            .level = LEVEL_POLICE, .kind = STR("police"), .name = g->name_zh,
            .lon = g->centre.lon, .lat = g->centre.lat, .shape = g->wkb }));
    }
    tell(w, w->city.grid_count + w->city.micro_count + w->city.police_count);
    return OK;
}

/* Organisations ---------------------------------------------------------------------------- */

static enum err unit_insert(struct work *w, const struct unit *u)
{
    return db_exec(w->db, &put_unit, ARGS(I(u->id), S(u->code), S(u->name), S(u->name_en),
        S(u->kind), I(u->level), I(u->region), I(u->parent), I(u->desk), S(u->functions)), NULL);
}

static enum err put_desk(struct work *w, const struct demo_division *d)
{
    int64_t code = number(d->code12);
    bool community = d->level == LEVEL_COMMUNITY;
    const char *kind = community ? "committee" : "centre";
    struct str en = name_en(w, code);
    return unit_insert(w, &(struct unit){ .id = code, .code = d->code12,
        .name = community ? d->name : arena_fmt(w->a, "%.*s综治中心", STR_FMT(d->name)),
        .name_en = arena_fmt(w->a, community ? "%.*s Committee" : "%.*s Governance Centre",
            STR_FMT(en)),
        .kind = str_c(kind), .level = d->level, .region = code,
        .parent = d->level == LEVEL_CITY ? 0 : number(d->parent12), .desk = true,
        .functions = d->level == LEVEL_TOWN ? STR("mediation") : STR("") });
}

/* 虎丘街道 has 虎丘派出所. */
static struct str station_name(struct arena *a, const struct demo_division *town)
{
    return arena_fmt(a, "%.*s派出所", STR_FMT(town->short_name));
}

static enum err put_station(struct work *w, const struct demo_division *town)
{
    int64_t code = number(town->code12), county = number(town->parent12);
    struct str en = name_en(w, code);
    return unit_insert(w, &(struct unit){ .id = demo_station_id(code),
        .code = arena_fmt(w->a, "%lld-police", (long long)(code / 1000)),
        .name = station_name(w->a, town),
        .name_en = arena_fmt(w->a, "%.*s Police Station", STR_FMT(en)),
        .kind = STR("station"), .level = LEVEL_TOWN, .region = code,
        .parent = demo_department_id(county, 1), .desk = false,
        .functions = STR("station police") });
}

static enum err put_departments(struct work *w, const struct demo_division *d)
{
    const struct department *deps = w->departments.p;
    int64_t region = number(d->code12), above = d->level == LEVEL_CITY ? 0 : number(d->parent12);
    struct str en = name_en(w, region);
    for (size_t i = 0; i < w->departments.n; i++) {
        struct str title = above ? deps[i].branch : deps[i].name;
        if (title.n == 0)
            continue;
        int64_t nth = (int64_t)i + 1;
        TRY(unit_insert(w, &(struct unit){ .id = demo_department_id(region, nth),
            .code = arena_fmt(w->a, "%lld-%.*s", (long long)division_area(region),
                STR_FMT(deps[i].code)),
            .name = arena_fmt(w->a, "%.*s%.*s", STR_FMT(d->name), STR_FMT(title)),
            .name_en = arena_fmt(w->a, "%.*s %.*s", STR_FMT(en), STR_FMT(deps[i].name_en)),
            .kind = STR("department"), .level = d->level, .region = region,
            .parent = above ? demo_department_id(above, nth) : 0, .desk = false,
            .functions = deps[i].functions }));
    }
    return OK;
}

/* Townships where the demo's people work have committees in every community too. */
static bool is_home(const struct demo_division *d)
{
    return str_starts(d->code12, STR("320508018")) || str_starts(d->code12, STR("320581006"));
}

static enum err put_mediation(struct work *w, const struct demo_division *d, bool industry)
{
    int64_t code = number(d->code12), digits = d->level == LEVEL_COUNTY ? 1000000
        : d->level == LEVEL_TOWN ? 1000 : 1;
    struct str en = name_en(w, code);
    return unit_insert(w, &(struct unit){ .id = demo_committee_id(code, industry),
        .code = arena_fmt(w->a, "%lld-mediation%s", (long long)(code / digits),
            industry ? "-labour" : ""),
        .name = arena_fmt(w->a, industry ? "%.*s劳动争议人民调解委员会" : "%.*s人民调解委员会",
            STR_FMT(d->name)),
        .name_en = arena_fmt(w->a, industry ? "%.*s Labour Mediation Committee"
            : "%.*s Mediation Committee", STR_FMT(en)),
        .kind = STR("mediation"), .level = d->level, .region = code, .parent = code,
        .desk = false, .functions = industry ? STR(INDUSTRY_FUNCTION)
            : STR(MEDIATION_FUNCTION) });
}

static enum err put_committees(struct work *w, const struct demo_division *d)
{
    if (d->level == LEVEL_CITY || (d->level == LEVEL_COMMUNITY && !is_home(d)))
        return OK;
    if (d->level == LEVEL_COUNTY)
        TRY(put_mediation(w, d, true));
    return put_mediation(w, d, false);
}

static enum err put_units(struct work *w)
{
    for (size_t i = 0; i < w->city.division_count; i++) {
        const struct demo_division *d = &w->city.divisions[i];
        TRY(put_desk(w, d));
        if (d->level == LEVEL_TOWN)
            TRY(put_station(w, d));
        if (d->level <= LEVEL_COUNTY)
            TRY(put_departments(w, d));
        TRY(put_committees(w, d));
    }
    tell(w, w->city.division_count);
    return OK;
}

static enum err put_catalogues(struct work *w)
{
    static const char *const names[] = { "category", "limit", "rule", "calendar", "template",
        "deputy", "subsidy" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        TRY(db_exec(w->db, &put_catalogue, ARGS(S(str_c(names[i])), I(w->s->now_ms),
            S(demo_table(names[i]))), NULL));
    return OK;
}

/* People ----------------------------------------------------------------------------------- */

static bool names_serial(struct str grids, int64_t serial)
{
    while (grids.n) {
        struct str word = str_cut(grids, ' ', &grids);
        if (str_is(word, "*") || number(word) == serial)
            return true;
    }
    return false;
}

/* The grids of a community lie together, ordered by code. */
static enum err put_duties(struct work *w, int64_t account, int64_t community, struct str serials)
{
    for (size_t i = 0; i < w->city.grid_count && serials.n; i++) {
        int64_t code = number(w->city.grids[i].code15);
        if (code / 1000 == community && names_serial(serials, code % 1000))
            TRY(db_exec(w->db, &put_duty, ARGS(S(STR("grid")), I(code), I(account)), NULL));
    }
    return OK;
}

static enum err put_staff(struct work *w)
{
    struct list rows;
    struct err_info info = { .e = OK };
    CHECK(record_from_csv(w->a, &staff_record, demo_table("account"), &rows, &info) == OK);
    const struct staff *staff = rows.p;
    int64_t id = 0;
    for (size_t i = 0; i < rows.n; i++) {
        int64_t unit = 0;
        if (i == 0 || !str_eq(staff[i].username, staff[i - 1].username)) {
            TRY(db_exec(w->db, &put_account, ARGS(I(++id), S(staff[i].username), S(staff[i].name),
                S(w->password), S(staff[i].phone.p ? staff[i].phone : STR("")), S(staff[i].lang),
                I(0)), NULL));
        }
        TRY(demo_unit(w->db, staff[i].unit, &unit));
        TRY(db_exec(w->db, &put_membership, ARGS(I(id), I(unit), S(staff[i].role)), NULL));
        TRY(put_duties(w, id, unit, staff[i].grids));
    }
    return OK;
}

/* The register of the home township's committee, whose term ends soon, and of its county's. */
static enum err put_members(struct work *w)
{
    static const struct { int64_t unit; const char *short_name, *kind; int days_left; } bodies[] = {
        { INT64_C(32050801800080), "平江", "street", 45 },
        { INT64_C(32050800000080), "姑苏", "other", 700 },
    };
    static const struct { const char *username, *name, *post; bool woman; } members[] = {
        { "mediator1", "金巧云", "director", true }, { "mediator2", "丁守义", "deputy", false },
        { "", "吴根生", "member", false }, { "", "顾阿妹", "member", true },
    };
    enum { TERM_DAYS = 3 * 365 + 1 };
    for (size_t b = 0; b < COUNT_OF(bodies); b++) {
        int64_t to = w->s->now_ms + bodies[b].days_left * (int64_t)CLOCK_DAY_MS;
        TRY(db_exec(w->db, &put_committee, ARGS(I(bodies[b].unit), S(str_c(bodies[b].short_name)),
            S(str_c(bodies[b].kind)), I(to - TERM_DAYS * (int64_t)CLOCK_DAY_MS), I(to)), NULL));
        for (size_t i = 0; i < COUNT_OF(members); i++)
            TRY(db_exec(w->db, &put_member, ARGS(I(bodies[b].unit), I((int64_t)i + 1),
                S(str_c(members[i].username)), S(str_c(members[i].name)), S(str_c(members[i].post)),
                I(members[i].woman)), NULL));
    }
    return OK;
}

/* Who mediates in the home township, its county and a community, two experts, and a studio. */
static enum err put_register(struct work *w)
{
    enum { YEAR_DAYS = 365 };
    static const struct { int64_t unit; const char *username, *name, *kind, *skills; bool studio; }
    people[] = {
        { INT64_C(32050801800080), "mediator1", "金巧云", "full_time", "family neighbour wages", true },
        { INT64_C(32050801800080), "", "苏文远", "expert", "contract business", false },
        { INT64_C(32050801800080), "", "程瑞芝", "expert", "medical", false },
        { INT64_C(32050801800080), "", "吴根生", "volunteer", "neighbour property", true },
        { INT64_C(32050800000080), "mediator2", "丁守义", "full_time", "land expropriation", false },
        { INT64_C(32050801802380), "mediator3", "沈月娥", "part_time", "neighbour", false },
    };
    const int64_t since = w->s->now_ms - YEAR_DAYS * (int64_t)CLOCK_DAY_MS;
    const int64_t to = w->s->now_ms + 2 * YEAR_DAYS * (int64_t)CLOCK_DAY_MS;
    TRY(db_exec(w->db, &put_studio, ARGS(I(DEMO_STUDIO), S(STR("pj8jdj2026")),
        I(INT64_C(32050801800080)), S(STR("金大姐调解工作室")),
        S(STR("平江街道调委会的工作室，调解邻里、家庭和小额欠薪纠纷，上门也可以。")),
        S(STR("周一至周五 9:00–11:30，13:30–17:00；周六上午")), S(STR("平江街道便民服务中心一楼 105 室")),
        S(STR("0512-00000105")), I(6200)), NULL));
    for (size_t i = 0; i < COUNT_OF(people); i++)
        TRY(db_exec(w->db, &put_registered, ARGS(I(DEMO_STUDIO + 1 + (int64_t)i), I(people[i].unit),
            S(str_c(people[i].username)), S(str_c(people[i].name)), S(str_c(people[i].kind)),
            S(str_c(people[i].skills)), I(since), I(to), I(people[i].studio ? DEMO_STUDIO : 0),
            I(people[i].studio)), NULL));
    return OK;
}

static struct str person_name(struct work *w, struct rand *r)
{
    static const char *const surnames[] = { "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯",
        "陈", "沈", "韩", "杨", "朱", "秦", "许", "何", "吕", "张", "曹", "严", "金", "陶", "姜",
        "戚", "邹", "苏", "潘", "范", "彭", "陆", "顾", "徐", "费", "薛", "夏", "欧阳", "尤" };
    static const char *const given[] = { "建国", "秀英", "晓梅", "志强", "文杰", "丽华", "雪芳",
        "国平", "雨桐", "思远", "一鸣", "佳怡", "子涵", "明", "静", "敏", "磊", "洁", "琳", "昇",
        "喆", "堃", "玥", "珺", "瑄", "月娥", "根生", "云珍", "海燕", "春生", "玉兰", "立群" };
    return arena_fmt(w->a, "%s%s", surnames[rand_below(r, COUNT_OF(surnames))],
        given[rand_below(r, COUNT_OF(given))]);
}

/* Where everybody may sign in, so that there is a whole town to be on duty. */
static bool in_demo_town(int64_t division)
{
    return division / 1000 == DEMO_TOWN;
}

static enum err put_person(struct work *w, int64_t id, struct str name, int phone, bool may_sign_in)
{
    return db_exec(w->db, &put_account, ARGS(I(id),
        S(arena_fmt(w->a, "duty-%lld", (long long)id)), S(name),
        S(may_sign_in ? w->password : STR("")), S(arena_fmt(w->a, "1990000%04d", phone)),
        S(STR("zh-CN")), I(!may_sign_in)), NULL);
}

/* Communities of the demo town have a lead besides, who answers when the workers are off. */
static enum err put_leads(struct work *w)
{
    struct rand r = rand_seeded(w->s->seed ^ 0x6c6561);
    int64_t has_lead;
    int phone = 3000;
    for (size_t i = 0; i < w->city.division_count; i++) {
        int64_t community = number(w->city.divisions[i].code12), account = community * 10 + 5;
        if (w->city.divisions[i].level != LEVEL_COMMUNITY || !in_demo_town(community))
            continue;
        TRY(db_number(w->db, &leads_of, ARGS(I(community)), &has_lead));
        if (has_lead)
            continue;
        TRY(put_person(w, account, person_name(w, &r), phone++, true));
        TRY(db_exec(w->db, &put_membership, ARGS(I(account), I(community), S(STR("grid_lead"))),
            NULL));
    }
    return OK;
}

/* Whoever works in the other communities is known by name and telephone; outside of the demo town
 * they do not sign in. */
static enum err put_workers(struct work *w)
{
    struct rand r = rand_seeded(w->s->seed ^ 0x77726b);
    int64_t account = 0, on_duty = 0, community = 0;
    int phone = 1000;
    for (size_t i = 0; i < w->city.grid_count; i++) {
        int64_t code = number(w->city.grids[i].code15);
        TRY(db_number(w->db, &duty_count, ARGS(I(code)), &on_duty));
        if (on_duty)
            continue;
        if (code / 1000 != community) {
            community = code / 1000;
            account = community;
            TRY(put_person(w, account, person_name(w, &r), phone++, in_demo_town(community)));
            TRY(db_exec(w->db, &put_membership, ARGS(I(account), I(community),
                S(STR("grid_worker"))), NULL));
        }
        TRY(db_exec(w->db, &put_duty, ARGS(S(STR("grid")), I(code), I(account)), NULL));
    }
    tell(w, w->city.grid_count);
    return OK;
}

enum { UNITS_MAX = 8192 };
#define UNIT_EMPTY(X, R) X(R, ID, id, 0, 0, 0, NULL, "") X(R, STR, role, 0, 0, 0, NULL, "")
RECORD(unit_empty, UNIT_EMPTY)
RECORD_DEFINE(unit_empty, UNIT_EMPTY)

/* Every other unit has somebody too, so that what it did has a name; they do not sign in either. */
static enum err put_colleagues(struct work *w)
{
    struct rand r = rand_seeded(w->s->seed ^ 0x636f6c);
    struct list rows;
    TRY(db_rows(w->db, w->a, &units_empty, NULL, 0, &unit_empty_record, UNITS_MAX, &rows));
    const struct unit_empty *u = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        TRY(db_exec(w->db, &put_account, ARGS(I(u[i].id),
            S(arena_fmt(w->a, "duty-%lld", (long long)u[i].id)), S(person_name(w, &r)),
            S(STR("")), S(STR("")), S(STR("zh-CN")), I(1)), NULL));
        TRY(db_exec(w->db, &put_membership, ARGS(I(u[i].id), I(u[i].id),
            S(u[i].role)), NULL));
    }
    return OK;
}

static enum err put_officer(struct work *w, struct rand *r, int64_t account, int64_t station,
    int phone)
{
    TRY(put_person(w, account, person_name(w, r), phone, in_demo_town(station / 100)));
    return db_exec(w->db, &put_membership, ARGS(I(account), I(station), S(STR("clerk"))), NULL);
}

/* Every police grid has its officer: where somebody of the station signs in, that person has the
 * first two; now and then one has two or none, as happens, so that there is something to find. */
static enum err put_officers(struct work *w)
{
    enum { VACANT_EVERY = 180, TWO_EVERY = 140, FIRST_PHONE = 4000 };
    struct rand r = rand_seeded(w->s->seed ^ 0x6f6666);
    int64_t account = 0, station = 0, known = 0;
    int of_station = 0;
    for (size_t i = 0; i < w->city.police_count; i++) {
        const struct demo_police_grid *g = &w->city.police[i];
        int64_t code = number(g->code12), own = demo_station_id(number(g->township9) * 1000);
        of_station = own == station ? of_station + 1 : 1;
        station = own;
        if (of_station == 1)
            TRY(db_number(w->db, &signs_in, ARGS(I(station)), &known));
        if (i % VACANT_EVERY == VACANT_EVERY - 1)
            continue;
        if (known && of_station <= 2) {
            account = known;
        } else if (of_station == 1 || i % TWO_EVERY != TWO_EVERY - 1) {
            account = code * 10 + 1;
            TRY(put_officer(w, &r, account, station, FIRST_PHONE + (int)i));
        }
        TRY(db_exec(w->db, &put_duty, ARGS(S(STR("police")), I(code), I(account)), NULL));
    }
    tell(w, w->city.police_count);
    return OK;
}

static enum err put_everything(struct work *w)
{
    TRY(put_settings(w));
    TRY(put_divisions(w));
    TRY(put_units(w));
    TRY(put_grids(w));
    TRY(put_catalogues(w));
    TRY(put_staff(w));
    TRY(put_members(w));
    TRY(put_register(w));
    TRY(put_workers(w));
    TRY(put_colleagues(w));
    TRY(put_leads(w));
    TRY(put_officers(w));
    return demo_roster(&(struct demo_roster){ w->db, w->a, &w->city, &w->ids, w->s->now_ms });
}

static enum err prepare(struct work *w)
{
    struct err_info info = { .e = OK };
    CHECK(record_from_csv(w->a, &name_en_record, demo_table("division_en"), &w->names_en, &info)
        == OK);
    CHECK(record_from_csv(w->a, &department_record, demo_table("department"), &w->departments,
        &info) == OK);
    TRY(password_hash(w->a, w->s->keys, w->s->rand, STR(DEMO_PASSWORD), &w->password));
    demo_geography(w->a, w->s->seed, &w->city);
    w->total = w->city.division_count * 2 + w->city.grid_count * 2 + w->city.micro_count
        + w->city.police_count * 2;
    return OK;
}

static enum err seed_all(struct work *w)
{
    TRY(prepare(w));
    TRY(ids_ensure(w->db, &w->ids, DEMO_ROSTER_IDS));
    TRY(db_begin(w->db));
    enum err e = put_everything(w);
    if (e != OK) {
        db_rollback(w->db);
        return e;
    }
    return db_commit(w->db);
}

enum err demo_seed(const struct demo_seed *s, struct err_info *info)
{
    struct arena a;
    int64_t any = 0;
    TRY(db_number(s->db, &any_division, NO_ARGS, &any));
    if (any)
        return err_note(info, E_CONFLICT, NULL, MSG("数据库不是空的，不能写入演示数据",
            "The database is not empty: the demo city is not written into it"), STR_NONE);
    arena_init(&a, DEMO_ARENA_BYTES + (64u << 20));
    struct work w = { .s = s, .db = s->db, .a = &a };
    enum err e = seed_all(&w);
    arena_free(&a);
    return e;
}
