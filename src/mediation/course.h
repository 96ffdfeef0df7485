/* course.h: the parts that the course of a mediation is made of: what forbids a step, what it
 * changes, what it writes beside the matter. */
#pragma once
#include "mediation/mediation.h"

struct msg guard_parties(const struct taking *t);
struct msg guard_accepting(const struct taking *t);
struct msg guard_naming(const struct taking *t);
struct msg guard_sitting(const struct taking *t);
struct msg guard_caucus(const struct taking *t);
struct msg guard_lengthen(const struct taking *t);
struct msg guard_agreement(const struct taking *t);
struct msg guard_oral(const struct taking *t);
struct msg guard_own_signature(const struct taking *t);
struct msg guard_seal(const struct taking *t);
struct msg guard_again(const struct taking *t);
struct msg guard_confirm(const struct taking *t);
struct msg guard_decision(const struct taking *t);
struct msg guard_own_consent(const struct taking *t);

enum err apply_parties(struct taking *t);
enum err apply_consent(struct taking *t);
enum err apply_refusal(struct taking *t);
enum err apply_told(struct taking *t);
enum err apply_naming(struct taking *t);
enum err apply_sitting(struct taking *t);
enum err apply_caucus(struct taking *t);
enum err apply_pause(struct taking *t);
enum err apply_go_on(struct taking *t);
enum err apply_lengthen(struct taking *t);
enum err apply_agreement(struct taking *t);
enum err apply_signature(struct taking *t);
enum err apply_kept(struct taking *t);
enum err apply_broken(struct taking *t);
enum err apply_again(struct taking *t);
enum err apply_climb(struct taking *t);
enum err apply_confirm(struct taking *t);
enum err apply_ending(struct taking *t);
enum err apply_visit(struct taking *t);
enum err apply_late(struct taking *t);

enum err store_beside(struct taking *t);
enum err store_parties(struct taking *t);
enum err store_naming(struct taking *t);
enum err store_sitting(struct taking *t);
enum err store_caucus(struct taking *t);
enum err store_agreement(struct taking *t);

/* What is beside the dispute, as the step leaves it: apply changes it, store writes it. */
static inline struct beside *beside_of(const struct taking *t)
{
    return t->side;
}
/* NULL when the dispute has no such party. */
struct party *party_numbered(const struct beside *b, int64_t no);
struct mediator *mediator_of(const struct beside *b, int64_t account);
struct promise_row *promise_numbered(const struct beside *b, int64_t no);
/* Whether everybody whose word counts has given it: each party, or who acts for them; for a minor
 * the guardian. */
bool all_consent(const struct beside *b);
/* The last word that was given; sessions count from then on. */
int64_t consent_since(const struct beside *b);
bool all_told(const struct beside *b);
bool all_signed(const struct beside *b);
bool both_sides(const struct beside *b);
/* When the agreement binds: the last of all signatures and the seal; I64_NONE while one is missing. */
int64_t binds_since(const struct beside *b);
/* The next promise that is neither kept nor found broken; I64_NONE when there is none. */
int64_t next_promise_ms(const struct beside *b);
