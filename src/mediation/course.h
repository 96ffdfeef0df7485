/* course.h: the parts that the course of a mediation is made of: what forbids a step, what it
 * changes, what it writes beside the matter. One file each for its subjects. */
#pragma once
#include "matter/corporate.h"
#include "matter/view.h"
#include "mediation/mediation.h"

/* party.c: parties, their word, their rights. */
struct msg guard_parties(const struct taking *t);
struct msg guard_accepting(const struct taking *t);
struct msg guard_own_consent(const struct taking *t);
struct msg guard_leaving(const struct taking *t);
struct msg guard_stop(const struct taking *t);
enum err apply_parties(struct taking *t);
enum err apply_consent(struct taking *t);
enum err apply_refusal(struct taking *t);
enum err apply_stop(struct taking *t);
enum err apply_told(struct taking *t);
enum err apply_accept(struct taking *t);

/* correct.c: what was noted of a party by mistake. */
struct msg guard_correcting(const struct taking *t);
struct msg guard_dropping(const struct taking *t);
enum err apply_correcting(struct taking *t);
enum err apply_dropping(struct taking *t);

/* corporate_party.c: what is known of a party that is an organisation. */
struct msg guard_describing(const struct taking *t);
enum err apply_describing(struct taking *t);
enum err corporate_check(struct taking *t, const char *field, const char *code_field,
    struct str kind, const struct corporate *of) MUST_USE;
struct corporate corporate_of_party(struct arena *a, const struct step_party *p);
struct corporate corporate_of_step(struct arena *a, const struct step_args *args);
/* Whether all is known that an application to the court names. */
bool corporate_whole(const struct corporate *of);
bool corporate_known(const struct corporate *of);

/* team.c: who mediates, who is invited, who helps. */
struct msg guard_naming(const struct taking *t);
struct msg guard_disclosing(const struct taking *t);
struct msg guard_guests(const struct taking *t);
struct msg guard_joint(const struct taking *t);
enum err apply_joint(struct taking *t);
enum err apply_naming(struct taking *t);
enum err apply_disclosing(struct taking *t);
enum err apply_studio(struct taking *t);
enum err apply_leaving(struct taking *t);
enum err apply_invite(struct taking *t);
enum err apply_admit(struct taking *t);

/* sitting.c: sessions, talks with one side, facts not in dispute. */
struct msg guard_sitting(const struct taking *t);
struct msg guard_caucus(const struct taking *t);
struct msg guard_facts_signed(const struct taking *t);
enum err apply_door(struct taking *t);
enum err apply_plan(struct taking *t);
enum err apply_cancel(struct taking *t);
enum err apply_sitting(struct taking *t);
enum err apply_caucus(struct taking *t);
enum err apply_facts(struct taking *t);
enum err apply_facts_signed(struct taking *t);

/* pace.c: pauses, more time, lateness. */
struct msg guard_pause(const struct taking *t);
struct msg guard_lengthen(const struct taking *t);
enum err apply_pause(struct taking *t);
enum err apply_go_on(struct taking *t);
enum err apply_lengthen(struct taking *t);
enum err apply_late(struct taking *t);
enum err apply_remind(struct taking *t);
enum err apply_class(struct taking *t);

/* agree.c: agreement, its clarity, signatures. */
struct msg guard_agreement(const struct taking *t);
struct msg guard_oral(const struct taking *t);
struct msg guard_signature(const struct taking *t);
struct msg guard_own_signature(const struct taking *t);
struct msg guard_seal(const struct taking *t);
enum err apply_agreement(struct taking *t);
enum err apply_written(struct taking *t);
enum err apply_signature(struct taking *t);

/* keep.c: promises kept or broken, the court, the end. */
struct msg guard_unkept(const struct taking *t);
struct msg guard_again(const struct taking *t);
struct msg guard_anew(const struct taking *t);
struct msg guard_confirm(const struct taking *t);
struct msg guard_own_court(const struct taking *t);
struct msg guard_decision(const struct taking *t);
struct msg guard_ruling(const struct taking *t);
enum err apply_kept(struct taking *t);
enum err apply_unkept(struct taking *t);
enum err apply_broken(struct taking *t);
enum err apply_again(struct taking *t);
enum err apply_confirm(struct taking *t);
enum err apply_decision(struct taking *t);
enum err apply_ruling(struct taking *t);
/* Who said that the agreement decides title; NULL: nobody. */
const struct party *says_title(const struct beside *b, const struct party *but);
enum err apply_visit(struct taking *t);

/* climb.c: to the committee above, and to others. */
struct msg guard_climb(const struct taking *t);
struct msg guard_feed_back(const struct taking *t);
enum err apply_climb(struct taking *t);
enum err apply_refer(struct taking *t);
enum err apply_feed_back(struct taking *t);

/* A hand-over to this committee, or to one that it was handed up from: not one to others. */
bool lies_here(const struct taking *t, const struct transfer *r);
/* What came of a hand-over, said by this unit (0: an office outside): the row holds the last, the
 * entry each. E_INPUT, this field: the same as before. */
enum err result_put(struct cx *cx, struct transfer *r, const char *field, struct str result,
    int64_t by, struct entry_make *entry) MUST_USE;

/* handing.c: who agreed to a hand-over. Checked, and written as the row keeps it: number:how:when. */
enum err consents_take(struct cx *cx, const struct beside *b, const struct matter *m,
    struct list given, struct str *ret) MUST_USE;
/* The next of them; false behind the last. how is none, at_ms I64_NONE in rows of before. */
struct consented { int64_t party, at_ms; struct str how; };
bool consent_cut(struct str *rest, struct consented *ret);
/* Whether this party agreed, or somebody who acts for it. */
bool consents_name(const struct beside *b, struct str consents, const struct party *p);
/* Whether each party agreed, or who speaks for it. */
bool consents_cover(struct arena *a, const struct beside *b, struct str consents);
/* E_INPUT, field consents: text, and the names of those whose word is missing. */
enum err consents_of_all(const struct taking *t, struct str consents, struct msg text) MUST_USE;

/* beside.c: rows. */
enum err store_beside(struct taking *t);
enum err store_parties(struct taking *t);
enum err store_described(struct taking *t);
enum err store_corrected(struct taking *t);
enum err store_dropped(struct taking *t);
enum err store_accept(struct taking *t);
/* Parts of departments still open end, and those of this state (%: any) no longer read the file. */
enum err parts_end(struct taking *t, struct str of_state) MUST_USE;
enum err store_not_accept(struct taking *t);
enum err store_naming(struct taking *t);
enum err store_studio(struct taking *t);
enum err store_plan(struct taking *t);
enum err store_sitting(struct taking *t);
enum err store_beside_photos(struct taking *t);
enum err store_caucus(struct taking *t);
enum err store_facts(struct taking *t);
enum err store_invite(struct taking *t);
enum err store_joint(struct taking *t);
enum err store_climb(struct taking *t);
/* erase.c: what is due to go. */
enum err store_dispute_erase(struct taking *t);
enum err transfer_put(struct cx *cx, const struct matter *m, const struct transfer *r) MUST_USE;

/* What is beside the dispute, as the step leaves it: apply changes it, store writes it. */
static inline struct beside *beside_of(const struct taking *t)
{
    return t->side;
}

/* The party that speaks by its code, or that the committee records, with the manner. */
enum err speaker(struct taking *t, struct party **ret, struct str *ret_how) MUST_USE;
/* When it happened, at most now, and not before the day of this moment; one of the words; a party of the dispute: E_INPUT when not. */
enum err happened(struct taking *t, int64_t since_ms, struct msg too_early, int64_t *ret) MUST_USE;
enum err one_of(struct taking *t, const char *field, struct str word, const char *const *words,
    struct msg m) MUST_USE;
enum err the_party(struct taking *t, struct party **ret) MUST_USE;
extern const char *const manners[];
#define MANNERS MSG("方式是 in_person、phone、written 或 online", \
    "The way is in_person, phone, written or online")

/* The stage's clock ends at due_ms; or by what is laid down for this kind of dispute. */
void clock_until(struct taking *t, const char *stage, int64_t due_ms);
void clock_of_kind(struct taking *t, const char *stage);
/* Everybody is asked for consent anew, from now on; or one alone, who may be somebody else. */
void ask_anew(struct taking *t);
void ask_this_one_anew(struct taking *t, struct party *p);
/* This party said a word, of whatever kind: it is not taken out any more. */
void has_spoken_now(const struct taking *t, struct party *p);

/* NULL when the dispute has none such. */
struct party *party_numbered(const struct beside *b, int64_t no);
struct mediator *mediator_of(const struct beside *b, int64_t account);
struct promise_row *promise_numbered(const struct beside *b, int64_t no);
/* A party itself, and not one that acts for another. */
bool is_principal(const struct party *p);
/* Whether everybody whose word counts has given it: each party, or who acts for them; for a minor
 * the guardian. */
bool all_consent(const struct beside *b);
bool all_told(const struct beside *b);
/* Whether this one's word on mediation is given, by itself or by whoever speaks for it. */
bool word_on_mediation(const struct beside *b, const struct party *p);
/* Who has not consented, or was not told their rights, by name. */
struct msg consent_lacks(const struct taking *t);
struct msg word_lacks(const struct taking *t, struct msg text);
struct msg rights_lack(const struct taking *t);
bool is_guardian_of(const struct party *p, const struct party *of);
/* The first of somebody under age; NULL while there is none. */
const struct party *guardian_of(const struct beside *b, const struct party *of);
/* 申请人1, 申请人1的监护人: as lists call a party, beside its name or in its place. */
struct str party_label(struct cx *cx, const struct beside *b, const struct party *p,
    enum lang lang);
/* E_INPUT, field party: somebody under age, for whom the guardian speaks. */
enum err word_of_own(struct taking *t, const struct party *p) MUST_USE;
bool all_signed(const struct beside *b);
/* For the court's confirmation, which they ask for together. */
bool all_applied(const struct beside *b);
bool both_sides(const struct beside *b);
/* The last word that was given; sessions count from then on. */
int64_t consent_since(const struct beside *b);
int64_t sittings_held(const struct beside *b);
size_t mediators_now(const struct beside *b);
bool number_in(struct str numbers, int64_t no);
struct str number_added(struct cx *cx, struct str numbers, int64_t no);
struct str number_removed(struct cx *cx, struct str numbers, int64_t no);
/* When the agreement binds: the last of all signatures and the seal; I64_NONE while one is missing. */
int64_t binds_since(const struct beside *b);
/* The next promise that is neither kept nor found broken; I64_NONE when there is none. */
int64_t next_promise_ms(const struct beside *b);
/* Until when a promise may be kept without being late: what was due on the day of effect or before
 * is late from the next day on, for it binds since that day only. */
int64_t promise_until(int64_t due_ms, int64_t effective_ms);
/* The entry of the ledger with the words of what was agreed in this round; NULL: none. */
const struct line *words_agreed(struct list lines, int64_t round);
/* Waits for the next promise, with a reminder before it; or for the call when all is kept. */
void wait_for_promise(struct taking *t);
/* Sessions still to come are called off when mediation is over or starts anew, and the parties read
 * it; before the entry of the step. */
enum err call_off_sittings(struct taking *t) MUST_USE;

/* The clarity of what is promised: who, what, how much, by when, in what way, where. Hard findings
 * keep an agreement from being written. */
struct remark { int64_t promise; const char *code; bool hard; struct msg m; };
enum { FINDINGS_MAX = 256 };
size_t clarity_findings(const struct beside *b, const struct promise_row *p, size_t n,
    struct remark *ret, size_t max);
/* What a written agreement promises for a day before it binds, or before the last day to sign it:
 * it may be wished so, and whoever signs is to know. */
size_t early_findings(const struct beside *b, int64_t now_ms, int64_t sign_by_ms,
    struct remark *ret, size_t max);
/* What speaks for handing it up or for a harder class; a person decides. */
size_t hardness_findings(const struct beside *b, struct remark *ret, size_t max);
