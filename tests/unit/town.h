/* town.h: a small invented city for tests: one county, two towns, four communities with two grids
 * each, their centres, two departments and a police station, and people in every role; on a
 * database in memory, with a clock and randomness of its own, so that every run is the same. */
#pragma once
#include "crypto/hash.h"
#include "attach/helper.h"
#include "matter/step.h"
#include "spine/command.h"

/* Divisions and units. */
#define CITY INT64_C(320500000000)
#define COUNTY INT64_C(320508000000)
#define TOWN_A INT64_C(320508001000)
#define TOWN_B INT64_C(320508002000)
#define COMMUNITY_A1 INT64_C(320508001001)
#define COMMUNITY_A2 INT64_C(320508001002)
#define COMMUNITY_B1 INT64_C(320508002001)
#define COMMUNITY_B2 INT64_C(320508002002)
enum {
    UNIT_CITY = 1, UNIT_COUNTY, UNIT_TOWN_A, UNIT_TOWN_B, UNIT_A1, UNIT_A2, UNIT_B1, UNIT_B2,
    UNIT_LAMPS, UNIT_FIRE, UNIT_POLICE, UNIT_MEDIATION, UNIT_MEDIATION_TOWN, UNIT_MEDIATION_COUNTY,
    UNIT_MEDIATION_WAGES,
    GRIDS = 8, AREA = 320508, AREA_CITY = 320500,
};

/* name, unit, role */
#define TOWN_PEOPLE(X) \
    X(WORKER, UNIT_A1, ROLE_GRID_WORKER) X(WORKER_2, UNIT_A1, ROLE_GRID_WORKER) \
    X(LEAD, UNIT_A1, ROLE_GRID_LEAD) X(MEDIATOR, UNIT_MEDIATION, ROLE_MEDIATOR) \
    X(WORKER_B, UNIT_B1, ROLE_GRID_WORKER) X(LEAD_B, UNIT_B1, ROLE_GRID_LEAD) \
    X(CLERK, UNIT_LAMPS, ROLE_CLERK) X(CLERK_2, UNIT_LAMPS, ROLE_CLERK) \
    X(CHIEF, UNIT_LAMPS, ROLE_CHIEF) X(FIREMAN, UNIT_FIRE, ROLE_CLERK) \
    X(OFFICER, UNIT_POLICE, ROLE_CLERK) \
    X(DISPATCHER, UNIT_TOWN_A, ROLE_DISPATCHER) X(DISPATCHER_2, UNIT_TOWN_A, ROLE_DISPATCHER) \
    X(DISPATCHER_B, UNIT_TOWN_B, ROLE_DISPATCHER) \
    X(DISPATCHER_COUNTY, UNIT_COUNTY, ROLE_DISPATCHER) \
    X(SUPERVISOR, UNIT_COUNTY, ROLE_SUPERVISOR) \
    X(DISPATCHER_CITY, UNIT_CITY, ROLE_DISPATCHER) \
    X(SUPERVISOR_CITY, UNIT_CITY, ROLE_SUPERVISOR) X(AUDITOR, UNIT_COUNTY, ROLE_AUDITOR) \
    X(ADMIN, UNIT_CITY, ROLE_ADMIN) X(WALL, UNIT_CITY, ROLE_WALL) \
    X(DIRECTOR, UNIT_MEDIATION, ROLE_CHIEF) \
    X(MEDIATOR_TOWN, UNIT_MEDIATION_TOWN, ROLE_MEDIATOR) \
    X(MEDIATOR_COUNTY, UNIT_MEDIATION_COUNTY, ROLE_MEDIATOR)
#define X(name, unit, role) name,
enum town_person { TOWN_PEOPLE(X) TOWN_PEOPLE_COUNT };
#undef X

struct town {
    struct db *db;
    bool on_server;             /* and not in memory */
    const struct catalogue *cat, *was;  /* was: before town_merge_grids(), held for its texts */
    struct node_keys keys;
    struct rand rand;
    struct ids ids;
    struct arena forms_own;
    struct forms *forms;        /* templates of documents */
    bool pushes;                /* people are told by message */
    struct outbox outbox;
    struct helper press;        /* a stand-in: a document is the job that asks for it */
    struct arena a;             /* of everything a test asks for; town_forget() empties it */
    int64_t now_ms;             /* starts on Monday 2026-03-02, 09:30 */
};

/* cat: a snapshot from an earlier town, to save reading it again, or NULL. */
void town_open(struct town *t, uint64_t seed, const struct catalogue *cat);
/* From long ago on the first grid of community A1 is taken away, and the second has its ground too. */
void town_merge_grids(struct town *t);
void town_close(struct town *t);
void town_forget(struct town *t);
int64_t town_account(enum town_person who);
const char *town_person_name(enum town_person who);

struct cx town_public(struct town *t);
struct cx town_staff(struct town *t, enum town_person who);
struct cx town_reporter(struct town *t, int64_t area, int64_t matter, int64_t no);
struct cx town_system(struct town *t);
/* Gives the person this password, so that they can sign in. */
void town_password(struct town *t, enum town_person who, struct str password);

/* One command the way the server takes it, up to the writer: route found, rights, input read,
 * prepared. path may hold a query. */
enum err town_prepare(struct command *c, const char *method, const char *path, struct str body)
    MUST_USE;
/* The rest: in a transaction of its own, and the answer after the commit. */
enum err town_commit(struct command *c) MUST_USE;
/* Both; the answer is in c->out. */
enum err town_command(struct command *c, struct cx cx, const char *path, const char *json)
    MUST_USE;
/* Text of a member of a JSON answer, in the town's arena; STR_NONE when there is none. */
struct str town_member(struct town *t, const struct buf *answer, const char *name);

/* What must hold of every database at any time: owners, clocks, ledger chains, counts. NULL, or
 * what does not. */
const char *town_check(struct town *t);
/* The same bytes of the same tables give the same digest. */
struct hash town_digest(struct town *t);
int64_t town_number(struct town *t, const struct sql *sql);
struct str town_value(struct town *t, const struct sql *sql);
/* The number that a constant text of SQL selects. */
#define town_count(t, text) \
    ({ static const struct sql count_ = { "town.count", text, SQL_READ, true }; \
        town_number(t, &count_); })
/* The bytes that it selects first. */
#define town_bytes(t, text) \
    ({ static const struct sql bytes_ = { "town.bytes", text, SQL_READ, true }; \
        town_value(t, &bytes_); })
