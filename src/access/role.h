/* role.h: what people do here. A person holds a role in a unit (membership); the role says which
 * steps they may take, the unit says where. */
#pragma once
#include "base/err.h"

/* name, word, Chinese, English, sees: what of a unit's territory the role may read
 *   OWN     matters the unit owns, helps with or was involved in
 *   REGION  besides, everything inside the unit's division */
#define ROLE_TABLE(X) \
    X(ROLE_GRID_WORKER, "grid_worker", "网格员", "Grid worker", SEES_REGION) \
    X(ROLE_GRID_LEAD, "grid_lead", "网格长", "Grid lead", SEES_REGION) \
    X(ROLE_CLERK, "clerk", "承办人", "Clerk", SEES_OWN) \
    X(ROLE_CHIEF, "chief", "部门负责人", "Head of unit", SEES_OWN) \
    X(ROLE_DISPATCHER, "dispatcher", "调度员", "Dispatcher", SEES_REGION) \
    X(ROLE_SUPERVISOR, "supervisor", "督办员", "Supervisor", SEES_REGION) \
    X(ROLE_MEDIATOR, "mediator", "调解员", "Mediator", SEES_OWN) \
    X(ROLE_AUDITOR, "auditor", "审计员", "Auditor", SEES_REGION) \
    X(ROLE_ADMIN, "admin", "管理员", "Administrator", SEES_OWN) \
    X(ROLE_WALL, "wall", "指挥大屏", "Wall display", SEES_NOTHING)

enum sees { SEES_NOTHING, SEES_OWN, SEES_REGION };
#define X(name, word, zh, en, sees) name##_AT_,
enum { ROLE_TABLE(X) ROLE_COUNT };
#undef X
#define X(name, word, zh, en, sees) name = 1u << name##_AT_,
enum role {
    ROLE_TABLE(X)
    ROLE_SIGNED_IN = 1u << 27,  /* any account, whatever else it may do */
    ROLE_REPORTER = 1u << 28,   /* holder of a receipt code */
    ROLE_SYSTEM = 1u << 29,     /* timers and rules */
    ROLE_PUBLIC = 1u << 30,     /* anybody */
};
#undef X
#define ROLE_STAFF ((1u << ROLE_COUNT) - 1u)
/* Everybody who signs in, also with no role now, or before they have done what they must first. */
#define ROLE_ANYONE (ROLE_STAFF | ROLE_SIGNED_IN)
/* Those who work on matters, and those who may read them. */
#define ROLE_HANDS (ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CLERK | ROLE_CHIEF | ROLE_DISPATCHER \
    | ROLE_SUPERVISOR | ROLE_MEDIATOR)
/* Whoever belongs to a mediation committee. */
#define ROLE_COMMITTEE (ROLE_MEDIATOR | ROLE_CHIEF)
#define ROLE_READERS (ROLE_HANDS | ROLE_AUDITOR)
/* In statements: roles whose people may have a matter in hand, and those who say whose it is. */
#define ROLES_HOLDING "('grid_worker', 'grid_lead', 'clerk', 'chief', 'mediator', 'dispatcher')"
#define ROLES_DECIDING "('chief', 'dispatcher')"

struct role_row { enum role role; const char *word, *zh, *en; enum sees sees; };
extern const struct role_row role_table[ROLE_COUNT];
/* NULL for an unknown word. */
const struct role_row *role_by_word(struct str word);
const struct role_row *role_by_bit(unsigned role);
