/* course.c: the course of a mediation as a table of steps, after the law of 2010 (articles in
 * brackets): registered, accepted with everybody's consent (3, 17), mediated (20-24), agreed in
 * writing or orally (28-30), performed under the committee's eye (31), confirmed by the court if
 * the parties wish (33), or ended with the other ways named (26). */
#include "mediation/course.h"

#define COMMITTEE (ROLE_MEDIATOR | ROLE_CHIEF | ROLE_DISPATCHER)
#define AT_START FROM(ST_REGISTERED)
#define GOING_ON (FROM(ST_MEDIATING) | FROM(ST_SIGNING) | FROM(ST_DEFERRED))
#define BEFORE_EFFECT (AT_START | GOING_ON)
#define BINDING (FROM(ST_PERFORMING) | FROM(ST_PERFORMED))
#define OPEN (BEFORE_EFFECT | BINDING)

static const struct step course[] = {
    { "add_parties", "增加当事人", "Add parties", AT_START | FROM(ST_MEDIATING), TO_SAME, COMMITTEE,
        REL_OWNER, NULL, "parties", false, false, guard_parties, apply_parties, store_parties },
    { "consent", "记录同意调解", "Record consent", AT_START | FROM(ST_MEDIATING), TO_SAME, COMMITTEE,
        REL_OWNER, NULL, "party how at_ms?", false, false, NULL, apply_consent, store_beside },
    { "consent_refused", "记录不同意调解", "Record refusal", BEFORE_EFFECT, ST_ENDED, COMMITTEE,
        REL_OWNER, NULL, "party how at_ms? reply", true, true, NULL, apply_refusal, store_beside },
    { "tell_rights", "告知权利义务", "Tell rights and duties", AT_START | FROM(ST_MEDIATING), TO_SAME,
        COMMITTEE, REL_OWNER, NULL, "party how at_ms?", false, false, NULL, apply_told,
        store_beside },
    { "accept", "受理", "Accept", AT_START, ST_MEDIATING, COMMITTEE, REL_OWNER, "mediate", "note?",
        false, false, guard_accepting, apply_note, NULL },
    { "not_accept", "不予受理", "Not accept", AT_START, ST_REJECTED, COMMITTEE, REL_OWNER, NULL,
        "reason reply", true, true, NULL, apply_not_accept, NULL },
    { "name_mediator", "确定调解员", "Name a mediator", AT_START | FROM(ST_MEDIATING), TO_SAME,
        COMMITTEE, REL_OWNER, NULL, "mediator how note?", false, false, guard_naming, apply_naming,
        store_naming },
    { "sitting", "记录调解", "Record a session", FROM(ST_MEDIATING), TO_SAME, COMMITTEE, REL_OWNER,
        NULL, "at_ms? text result uploads?", false, false, guard_sitting, apply_sitting,
        store_sitting },
    { "caucus", "记录单独谈话", "Record a talk with one side", FROM(ST_MEDIATING), TO_SAME, COMMITTEE,
        REL_OWNER, NULL, "party text", false, false, guard_caucus, apply_caucus, store_caucus },
    { "pause", "中止（鉴定、评估）", "Pause for an appraisal", FROM(ST_MEDIATING), ST_DEFERRED,
        COMMITTEE, REL_OWNER, NULL, "days note", false, false, NULL, apply_pause, NULL },
    { "resume", "恢复调解", "Resume", FROM(ST_DEFERRED), ST_MEDIATING, COMMITTEE | ROLE_SYSTEM,
        REL_OWNER, NULL, "note?", false, false, guard_due, apply_go_on, NULL },
    { "lengthen", "各方同意延长", "Lengthen, all agreeing", FROM(ST_MEDIATING), TO_SAME, COMMITTEE,
        REL_OWNER, NULL, "days note", false, false, guard_lengthen, apply_lengthen, NULL },
    { "agree_written", "达成书面协议", "Agree in writing", FROM(ST_MEDIATING), ST_SIGNING, COMMITTEE,
        REL_OWNER, "settle", "text promises", false, false, guard_agreement, apply_agreement,
        store_agreement },
    { "agree_oral", "达成口头协议", "Agree orally", FROM(ST_MEDIATING), TO_SET, COMMITTEE, REL_OWNER,
        NULL, "text promises?", false, false, guard_oral, apply_agreement, store_agreement },
    { "ask_written", "当事人要求书面协议", "A party asks for writing", FROM(ST_MEDIATING), TO_SAME,
        COMMITTEE, REL_OWNER, NULL, "party", false, false, NULL, apply_consent, store_beside },
    { "sign", "当事人签署", "A party signs", FROM(ST_SIGNING), TO_SET, COMMITTEE, REL_OWNER, NULL,
        "party how at_ms?", false, false, NULL, apply_signature, store_beside },
    { "sign_mediator", "调解员签名", "Sign as mediator", FROM(ST_SIGNING), TO_SET, COMMITTEE,
        REL_OWNER, NULL, "", false, false, guard_own_signature, apply_signature, store_beside },
    { "seal", "调委会盖章", "Seal for the committee", FROM(ST_SIGNING), TO_SET, COMMITTEE, REL_OWNER,
        NULL, "", false, false, guard_seal, apply_signature, store_beside },
    { "not_signed", "未签署，恢复调解", "Not signed, mediate on", FROM(ST_SIGNING), ST_MEDIATING,
        COMMITTEE, REL_OWNER, "mediate", "note", false, false, NULL, apply_again, store_beside },
    { "kept", "已履行", "Kept", FROM(ST_PERFORMING), TO_SET, COMMITTEE, REL_OWNER, NULL,
        "promise at_ms? note? uploads?", false, false, NULL, apply_kept, store_beside },
    { "broken", "未履行", "Not kept", FROM(ST_PERFORMING), TO_SAME, COMMITTEE, REL_OWNER, NULL,
        "promise note", false, false, NULL, apply_broken, store_beside },
    { "mediate_again", "再次调解", "Mediate again", FROM(ST_PERFORMING), ST_REGISTERED, COMMITTEE,
        REL_OWNER, "accept", "note", false, false, guard_again, apply_again, store_beside },
    { "call_back", "回访结案", "Call on the parties and close", FROM(ST_PERFORMED), ST_CLOSED,
        COMMITTEE, REL_OWNER, NULL, "reply", true, false, NULL, apply_visit, NULL },
    { "apply_confirm", "申请司法确认", "Apply for the court's confirmation", BINDING, TO_SAME,
        COMMITTEE, REL_OWNER, NULL, "note?", false, false, guard_confirm, apply_confirm,
        store_beside },
    { "court_decided", "记录法院裁定", "Record the court's decision", BINDING, TO_SAME, COMMITTEE,
        REL_OWNER, NULL, "result note?", false, false, guard_decision, apply_confirm, store_beside },
    { "end", "终止调解", "End the mediation", GOING_ON, ST_ENDED, COMMITTEE, REL_OWNER, NULL,
        "reason reply", true, true, NULL, apply_ending, NULL },
    { "escalate", "提交上级调解组织", "Hand up", AT_START | FROM(ST_MEDIATING), ST_REGISTERED,
        COMMITTEE, REL_OWNER, "accept", "note", false, true, guard_escalate, apply_climb,
        store_beside },
    { "tell", "与当事人沟通", "Write to the parties", OPEN, TO_SAME, COMMITTEE, REL_OWNER, NULL, "text",
        false, false, guard_tell, apply_tell, NULL },
    { "note", "内部记录", "Internal note", OPEN, TO_SAME, COMMITTEE, REL_OWNER, NULL,
        "note uploads?", false, false, NULL, apply_note, store_photos },

    { "agree", "同意调解", "Agree to mediation", AT_START | FROM(ST_MEDIATING), TO_SAME,
        ROLE_REPORTER, REL_REPORTER, NULL, "", false, false, guard_own_consent, apply_consent,
        store_beside },
    { "withdraw", "不同意或退出调解", "Refuse or leave mediation", BEFORE_EFFECT, ST_ENDED,
        ROLE_REPORTER, REL_REPORTER, NULL, "text?", true, true, NULL, apply_refusal, store_beside },
    { "message", "补充说明", "Add a message", OPEN, TO_SAME, ROLE_REPORTER, REL_REPORTER, NULL,
        "text uploads?", false, false, guard_message, apply_tell, store_photos },

    { "overdue", "超期处理", "Overdue", OPEN & ~FROM(ST_DEFERRED), TO_SAME, ROLE_SYSTEM, REL_SYSTEM,
        NULL, "", false, false, guard_due, apply_late, NULL },
};

const struct step_table dispute_table = { "dispute", course, COUNT_OF(course), dispute_load };
