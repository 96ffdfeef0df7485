/* life.h: the parts the step table is made of: what forbids a step, what it changes, what it writes. */
#pragma once
#include "matter/step.h"

struct msg guard_no_ask(const struct taking *t);
struct msg guard_take(const struct taking *t);
struct msg guard_reply(const struct taking *t);
struct msg guard_extension(const struct taking *t);
struct msg guard_assign(const struct taking *t);
struct msg guard_pass(const struct taking *t);
struct msg guard_return(const struct taking *t);
struct msg guard_decide(const struct taking *t);
struct msg guard_escalate(const struct taking *t);
struct msg guard_cohandle(const struct taking *t);
struct msg guard_verify(const struct taking *t);
struct msg guard_close(const struct taking *t);
struct msg guard_reopen(const struct taking *t);
struct msg guard_object(const struct taking *t);
struct msg guard_withdraw(const struct taking *t);
struct msg guard_urge(const struct taking *t);
struct msg guard_message(const struct taking *t);
struct msg guard_rate(const struct taking *t);
struct msg guard_supervise(const struct taking *t);
struct msg guard_due(const struct taking *t);
struct msg guard_overdue(const struct taking *t);
struct msg guard_undecided(const struct taking *t);
struct msg guard_merge(const struct taking *t);
struct msg guard_held(const struct taking *t);
struct msg guard_tell(const struct taking *t);
struct msg guard_not_accept(const struct taking *t);
struct msg guard_regrid(const struct taking *t);

enum err apply_assign(struct taking *t);
enum err apply_take(struct taking *t);
enum err apply_release(struct taking *t);
enum err apply_hand_over(struct taking *t);
enum err apply_escalate(struct taking *t);
enum err apply_cohandle(struct taking *t);
enum err apply_part_done(struct taking *t);
enum err apply_reply(struct taking *t);
enum err apply_ask(struct taking *t);
enum err apply_approve(struct taking *t);
enum err apply_refuse(struct taking *t);
enum err apply_resume(struct taking *t);
enum err apply_rework(struct taking *t);
enum err apply_rate(struct taking *t);
enum err apply_object(struct taking *t);
enum err apply_reopen(struct taking *t);
enum err apply_withdraw(struct taking *t);
enum err apply_supervise(struct taking *t);
enum err apply_overdue(struct taking *t);
enum err apply_undecided(struct taking *t);
enum err apply_not_accept(struct taking *t);
enum err apply_merge(struct taking *t);
enum err apply_number2(struct taking *t);
enum err apply_recategorise(struct taking *t);
enum err apply_regrid(struct taking *t);
enum err apply_note(struct taking *t);
enum err apply_tell(struct taking *t);

enum err store_hand_over(struct taking *t);
enum err store_cohandle(struct taking *t);
enum err store_part(struct taking *t);
enum err store_photos(struct taking *t);
enum err store_rate(struct taking *t);
enum err store_rework(struct taking *t);
enum err store_merge(struct taking *t);
enum err store_split(struct taking *t);
enum err store_link(struct taking *t);
enum err store_regrid(struct taking *t);
/* m shows other as kind, and other shows m as back; E_INPUT when it does already. */
enum err matter_link(struct cx *cx, const struct matter *m, struct str kind,
    const struct matter *other, struct str back) MUST_USE;
extern const struct sql *const life_statements[];
extern const size_t life_statements_n;

/* The third time in a round that a unit hands a matter on, the desk above decides. */
enum { HANDOVERS_MAX = 3 };
/* How long after closing a reporter may object or reopen, and how often. */
enum { OBJECT_DAYS = 15, REOPEN_DAYS = 90, REOPEN_MAX = 3, EXTENSIONS_MAX = 2 };
/* Entries after which reporters no longer add messages, ratings and reminders. */
enum { TALK_MAX = 800 };
