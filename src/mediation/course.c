/* course.c: the course of a mediation as a table of steps, after the law of 2010 (articles in
 * brackets): registered, accepted with everybody's consent (3, 17), mediated (20-24), agreed in
 * writing or orally (28-30), performed under the committee's eye (31), confirmed by the court if
 * the parties wish (33), or ended with the other ways named (26). */
#include "mediation/course.h"
#include "matter/erase.h"

#define HELPERS (ROLE_COMMITTEE | ROLE_CLERK | ROLE_DISPATCHER | ROLE_GRID_LEAD | ROLE_GRID_WORKER)
#define AT_START FROM(ST_REGISTERED)
#define UNTIL_AGREED (AT_START | FROM(ST_MEDIATING))
#define GOING_ON (FROM(ST_MEDIATING) | FROM(ST_SIGNING) | FROM(ST_DEFERRED))
#define BEFORE_EFFECT (AT_START | GOING_ON)
#define BINDING (FROM(ST_PERFORMING) | FROM(ST_PERFORMED))
#define OPEN (BEFORE_EFFECT | BINDING)
/* An agreement binds on when its case has been closed, and when the parties were told of the court. */
#define BOUND (BINDING | FROM(ST_CLOSED) | FROM(ST_ENDED))
#define EVER (OPEN | BOUND | FROM(ST_REJECTED))
#define HAS_ENDED (FROM(ST_CLOSED) | FROM(ST_ENDED) | FROM(ST_REJECTED))
/* action, names, from, to, and what is said of it; the committee takes it */
#define BY_COMMITTEE(action, zh, en, from, to, needs, guard, apply, store) \
    { action, zh, en, from, to, ROLE_COMMITTEE, REL_OWNER, NULL, needs, false, false, guard, \
        apply, store }
/* the same for a step that ends it with an answer to all parties */
#define ENDING(action, zh, en, from, to, needs, guard, apply, store) \
    { action, zh, en, from, to, ROLE_COMMITTEE, REL_OWNER, NULL, needs, true, true, guard, \
        apply, store }

static const struct step course[] = {
    BY_COMMITTEE("add_parties", "增加当事人", "Add parties", UNTIL_AGREED, TO_SAME, "parties",
        guard_parties, apply_parties, store_parties),
    BY_COMMITTEE("describe_party", "登记单位信息", "Note what an organisation is", EVER, TO_SAME,
        "party credit_code? seat? head? head_post?", guard_describing, apply_describing,
        store_described),
    BY_COMMITTEE("correct_party", "更正当事人信息", "Correct a party", OPEN, TO_SAME,
        "party name? reason? phone? kind? note?", guard_correcting, apply_correcting, store_corrected),
    BY_COMMITTEE("drop_party", "删去登错的当事人", "Take out a party noted by mistake", UNTIL_AGREED,
        TO_SAME, "party note", guard_dropping, apply_dropping, store_dropped),
    BY_COMMITTEE("consent", "记录同意调解", "Record consent", UNTIL_AGREED, TO_SAME,
        "party how at_ms?", NULL, apply_consent, store_beside),
    ENDING("consent_refused", "记录不同意调解", "Record refusal", BEFORE_EFFECT, ST_ENDED,
        "party how at_ms? reply", NULL, apply_refusal, store_not_accept),
    BY_COMMITTEE("tell_rights", "告知权利义务", "Tell rights and duties", UNTIL_AGREED, TO_SAME,
        "party how at_ms?", NULL, apply_told, store_beside),                            /* 23, 24 */
    BY_COMMITTEE("accept", "受理", "Accept", AT_START, ST_MEDIATING, "note?", guard_accepting,
        apply_accept, store_accept),
    ENDING("not_accept", "不予受理", "Not accept", AT_START, ST_REJECTED, "reason reply", NULL,
        apply_not_accept, store_not_accept),

    BY_COMMITTEE("name_mediator", "确定调解员", "Name a mediator", UNTIL_AGREED, TO_SAME,
        "mediator how note?", guard_naming, apply_naming, store_naming),                /* 19 */
    BY_COMMITTEE("disclose", "披露利害关系", "Disclose an interest", UNTIL_AGREED, TO_SAME, "note",
        guard_disclosing, apply_disclosing, store_beside),
    BY_COMMITTEE("release_mediator", "更换调解员", "Release a mediator", UNTIL_AGREED, TO_SAME,
        "mediator note", NULL, apply_leaving, store_beside),
    BY_COMMITTEE("to_studio", "交工作室调解", "Give to a studio", UNTIL_AGREED, TO_SAME,
        "studio note?", NULL, apply_studio, store_studio),
    BY_COMMITTEE("invite", "邀请参与调解", "Invite somebody", UNTIL_AGREED, TO_SAME, "who how note?",
        guard_guests, apply_invite, store_invite),                                      /* 20 */
    BY_COMMITTEE("admit", "当事人同意邀请", "A party agrees to a guest", UNTIL_AGREED, TO_SAME,
        "guest party", NULL, apply_admit, store_beside),
    BY_COMMITTEE("cohandle", "联合调解", "Ask others to mediate with us", UNTIL_AGREED, TO_SAME,
        "units consents note?", guard_joint, apply_joint, store_joint),
    { "cohandle_done", "联合调解反馈", "Report own part done", OPEN, TO_SAME, HELPERS, REL_COHANDLER,
        NULL, "note", false, false, NULL, apply_part_done, store_part },
    { "cohandle_decline", "不能参加联合调解", "Decline own part", OPEN, TO_SAME, HELPERS,
        REL_COHANDLER, NULL, "note", false, true, NULL, apply_part_done, store_part },

    BY_COMMITTEE("choose_door", "选择是否公开", "Choose open or closed", UNTIL_AGREED, TO_SAME,
        "how note?", NULL, apply_door, store_beside),                                   /* 23 */
    BY_COMMITTEE("plan_sitting", "安排调解", "Plan a session", FROM(ST_MEDIATING), TO_SAME,
        "at_ms minutes? place", guard_sitting, apply_plan, store_plan),
    BY_COMMITTEE("cancel_sitting", "取消安排", "Cancel a session", GOING_ON, TO_SAME, "sitting note",
        NULL, apply_cancel, store_beside),
    BY_COMMITTEE("sitting", "记录调解", "Record a session", FROM(ST_MEDIATING), TO_SAME,
        "sitting? at_ms? text result uploads?", guard_sitting, apply_sitting, store_sitting), /* 27 */
    BY_COMMITTEE("caucus", "记录单独谈话", "Record a talk with one side", FROM(ST_MEDIATING), TO_SAME,
        "party text", guard_caucus, apply_caucus, store_caucus),
    BY_COMMITTEE("facts", "记载无争议事实", "Note facts not in dispute", FROM(ST_MEDIATING), TO_SAME,
        "text", guard_agreement, apply_facts, store_facts),
    BY_COMMITTEE("sign_facts", "签署无争议事实", "Sign the facts", GOING_ON, TO_SAME, "party how",
        guard_facts_signed, apply_facts_signed, store_beside),
    BY_COMMITTEE("classify", "确定难易", "Say how hard it is", OPEN, TO_SAME, "result note?", NULL,
        apply_class, store_beside),

    BY_COMMITTEE("pause", "中止（鉴定、评估）", "Pause for an appraisal", FROM(ST_MEDIATING),
        ST_DEFERRED, "days note", guard_pause, apply_pause, store_beside),
    { "resume", "恢复调解", "Resume", FROM(ST_DEFERRED), ST_MEDIATING, ROLE_COMMITTEE | ROLE_SYSTEM,
        REL_OWNER, NULL, "note?", false, false, guard_due, apply_go_on, store_beside },
    BY_COMMITTEE("lengthen", "各方同意延长", "Lengthen, all agreeing", FROM(ST_MEDIATING), TO_SAME,
        "days note", guard_lengthen, apply_lengthen, store_beside),

    BY_COMMITTEE("agree_written", "达成书面协议", "Agree in writing", FROM(ST_MEDIATING), ST_SIGNING,
        "text promises", guard_agreement, apply_agreement, store_beside),               /* 29 */
    BY_COMMITTEE("agree_oral", "达成口头协议", "Agree orally", FROM(ST_MEDIATING), TO_SET,
        "text promises?", guard_oral, apply_agreement, store_beside),                   /* 28, 30 */
    BY_COMMITTEE("ask_written", "当事人要求书面协议", "A party asks for writing", FROM(ST_MEDIATING),
        TO_SAME, "party", NULL, apply_written, store_beside),
    BY_COMMITTEE("sign", "当事人签署", "A party signs", FROM(ST_SIGNING), TO_SET,
        "party how at_ms? uploads?", guard_signature, apply_signature, store_beside_photos),
    BY_COMMITTEE("sign_mediator", "调解员签名", "Sign as mediator", FROM(ST_SIGNING), TO_SET, "",
        guard_own_signature, apply_signature, store_beside),
    BY_COMMITTEE("seal", "调委会盖章", "Seal for the committee", FROM(ST_SIGNING), TO_SET, "",
        guard_seal, apply_signature, store_beside),
    BY_COMMITTEE("not_signed", "未签署，恢复调解", "Not signed, mediate on", FROM(ST_SIGNING),
        ST_MEDIATING, "note", NULL, apply_again, store_beside),

    BY_COMMITTEE("kept", "已履行", "Kept", FROM(ST_PERFORMING), TO_SET,
        "promise at_ms? note? uploads?", NULL, apply_kept, store_beside_photos),        /* 31 */
    BY_COMMITTEE("unkept", "撤销履行记录", "Take back that it was kept", BINDING, TO_SET,
        "promise note", guard_unkept, apply_unkept, store_beside),
    BY_COMMITTEE("broken", "未履行", "Not kept", FROM(ST_PERFORMING), TO_SAME, "promise note", NULL,
        apply_broken, store_beside),
    BY_COMMITTEE("visit", "回访", "Call on the parties", FROM(ST_PERFORMING), TO_SAME, "text", NULL,
        apply_tell, NULL),
    BY_COMMITTEE("mediate_again", "再次调解", "Mediate again", BINDING, ST_REGISTERED,
        "note", guard_anew, apply_again, store_beside),
    ENDING("to_court", "告知起诉", "Tell of the court", BINDING, ST_ENDED,
        "reply", guard_again, apply_visit, store_beside),                               /* 32 */
    { "call_back", "回访结案", "Call on the parties and close", FROM(ST_PERFORMED), ST_CLOSED,
        ROLE_COMMITTEE, REL_OWNER, NULL, "reply", true, false, NULL, apply_visit, store_beside },
    BY_COMMITTEE("apply_confirm", "申请司法确认", "Apply for the court's confirmation", BOUND,
        TO_SAME, "party how ownership? note?", guard_confirm, apply_confirm, store_beside),        /* 33 */
    BY_COMMITTEE("court_decided", "记录法院裁定", "Record the court's decision", EVER, TO_SAME,
        "agreement? result note?", guard_decision, apply_decision, store_beside),
    BY_COMMITTEE("correct_ruling", "更正法院裁定的记录", "Correct the record of a decision", EVER, TO_SAME,
        "agreement? result note", guard_ruling, apply_ruling, store_beside),

    ENDING("end", "终止调解", "End the mediation", GOING_ON, ST_ENDED, "reason reply", NULL,
        apply_not_accept, store_beside),                                                    /* 26 */
    { "escalate", "提交上级调解组织", "Hand up", UNTIL_AGREED, ST_REGISTERED, ROLE_COMMITTEE, REL_OWNER,
        NULL, "unit? note", false, true, guard_climb, apply_climb, store_climb },
    BY_COMMITTEE("refer", "移送、委托", "Refer to others", BEFORE_EFFECT, TO_SAME,
        "unit? office? consents? reason? document? days? note", NULL, apply_refer, store_beside),
    BY_COMMITTEE("feed_back", "反馈结果", "Feed the result back", EVER, TO_SAME, "transfer reply",
        guard_feed_back, apply_feed_back, store_beside),
    BY_COMMITTEE("tell", "与当事人沟通", "Write to the parties", OPEN, TO_SAME, "text", guard_tell,
        apply_tell, NULL),
    BY_COMMITTEE("note", "内部记录", "Internal note", OPEN, TO_SAME, "note uploads?", NULL,
        apply_note, store_photos),

    { "agree", "同意调解", "Agree to mediation", UNTIL_AGREED, TO_SAME, ROLE_REPORTER, REL_REPORTER,
        NULL, "", false, false, guard_own_consent, apply_consent, store_beside },
    { "withdraw", "不同意或退出调解", "Refuse or leave mediation", BEFORE_EFFECT, ST_ENDED,
        ROLE_REPORTER, REL_REPORTER, NULL, "text?", true, true, guard_leaving, apply_refusal,
        store_not_accept },
    { "ask_stop", "未成年当事人想停止调解", "Somebody under age wants to stop", BEFORE_EFFECT, TO_SAME,
        ROLE_REPORTER, REL_REPORTER, NULL, "", false, false, guard_stop, apply_stop, store_beside },
    { "ask_court", "申请司法确认", "Ask for the court's confirmation", BOUND, TO_SAME,
        ROLE_REPORTER, REL_REPORTER, NULL, "ownership?", false, false, guard_own_court, apply_confirm,
        store_beside },
    { "message", "补充说明", "Add a message", OPEN, TO_SAME, ROLE_REPORTER, REL_REPORTER, NULL,
        "text uploads?", false, false, guard_message, apply_tell, store_photos },

    { "remind", "提醒履行", "Remind of a promise", FROM(ST_PERFORMING), TO_SAME, ROLE_SYSTEM,
        REL_SYSTEM, NULL, "", false, false, guard_due, apply_remind, NULL },
    { "overdue", "超期处理", "Overdue", OPEN & ~FROM(ST_DEFERRED), TO_SAME, ROLE_SYSTEM, REL_SYSTEM,
        NULL, "", false, false, guard_due, apply_late, NULL },

    BY_COMMITTEE("hold", "封存", "Keep for a proceeding", EVER, TO_SAME, "note", guard_hold,
        apply_hold, store_beside),
    BY_COMMITTEE("release_hold", "解除封存", "No longer keep", EVER, TO_SAME, "note",
        guard_release_hold, apply_hold, store_beside),
    { "erase", "按规定删除", "Erase what is due", HAS_ENDED, TO_SAME, ROLE_SYSTEM, REL_SYSTEM, NULL,
        "reason days?", false, false, guard_erase, apply_erase, store_dispute_erase },
};

const struct step_table dispute_table = { "dispute", course, COUNT_OF(course), dispute_load,
    dispute_name };
