/* life.c: the step table of a matter. It follows the seven stages of GB/T 30428.8 (collect, file,
 * dispatch, handle, feed back, check and close, evaluate) with the sub-states that practice needs:
 * returns, extensions, deferral, rework, call-back, objection, reopening. */
#include "matter/life.h"
#include "matter/erase.h"

#define AT_DESK FROM(ST_RECEIVED)
#define WITH_UNIT (FROM(ST_ASSIGNED) | FROM(ST_WORKING))
#define BEFORE_ANSWER (AT_DESK | WITH_UNIT | FROM(ST_DEFERRED))
#define AFTER_ANSWER (FROM(ST_ANSWERED) | FROM(ST_VERIFIED))
#define IS_OPEN (BEFORE_ANSWER | AFTER_ANSWER)
#define HAS_ENDED (FROM(ST_CLOSED) | FROM(ST_REJECTED) | FROM(ST_MERGED) | FROM(ST_WITHDRAWN))
#define HANDLERS \
    (ROLE_GRID_WORKER | ROLE_GRID_LEAD | ROLE_CLERK | ROLE_CHIEF | ROLE_MEDIATOR | ROLE_DISPATCHER)
#define DESKS (ROLE_DISPATCHER | ROLE_SUPERVISOR)

static const struct step life_steps[] = {
    { "take", "签收", "Take", AT_DESK | FROM(ST_ASSIGNED), ST_WORKING, HANDLERS, REL_OWNER,
        "handle", "note?", false, false, guard_take, apply_take, NULL },
    { "release", "放回", "Put back", FROM(ST_WORKING), ST_ASSIGNED, HANDLERS, REL_HOLDER,
        NULL, "note", false, false, guard_no_ask, apply_release, NULL },
    { "hand_over", "交班移交", "Hand over", AT_DESK | FROM(ST_WORKING) | FROM(ST_DEFERRED), TO_SET,
        HANDLERS | ROLE_SYSTEM, REL_HOLDER, NULL, "person? note?", false, false, guard_held,
        apply_hand_over, store_hand_over },
    { "solve", "当场解决", "Solved on the spot", WITH_UNIT, ST_ANSWERED, HANDLERS, REL_OWNER,
        "review", "reply uploads?", true, false, guard_reply, apply_reply, store_photos },
    { "reply", "答复", "Answer", FROM(ST_WORKING), ST_ANSWERED, HANDLERS, REL_OWNER,
        "review", "reply uploads?", true, false, guard_reply, apply_reply, store_photos },
    { "pass", "移交", "Pass on", WITH_UNIT, ST_ASSIGNED, ROLE_GRID_WORKER | ROLE_GRID_LEAD,
        REL_OWNER, "sign", "unit note", false, false, guard_pass, apply_assign, NULL },
    { "assign", "派单", "Assign", AT_DESK | WITH_UNIT, ST_ASSIGNED,
        ROLE_DISPATCHER | ROLE_GRID_LEAD | ROLE_CHIEF, REL_DESK,
        "sign", "unit note?", false, false, guard_assign, apply_assign, NULL },
    { "cohandle", "联办", "Ask others to help", AT_DESK | WITH_UNIT, TO_SAME,
        DESKS | ROLE_CHIEF | ROLE_GRID_LEAD, REL_STAFF,
        NULL, "units note?", false, false, guard_cohandle, apply_cohandle, store_cohandle },
    { "cohandle_done", "协办反馈", "Report own part done", IS_OPEN, TO_SAME, HANDLERS,
        REL_COHANDLER, NULL, "note", false, false, NULL, apply_part_done, store_part },
    { "cohandle_decline", "不能协办", "Decline own part", IS_OPEN, TO_SAME, HANDLERS,
        REL_COHANDLER, NULL, "note", false, true, NULL, apply_part_done, store_part },
    { "ask_extension", "申请延期", "Ask for more time", FROM(ST_WORKING), TO_SAME, HANDLERS,
        REL_HOLDER, NULL, "days note", false, false, guard_extension, apply_ask, NULL },
    { "ask_deferral", "申请挂账", "Ask to defer", FROM(ST_WORKING), TO_SAME, HANDLERS,
        REL_HOLDER, NULL, "days note", false, false, guard_no_ask, apply_ask, NULL },
    { "ask_return", "退单", "Return as not ours", WITH_UNIT, TO_SAME, HANDLERS, REL_OWNER,
        NULL, "reason note", false, false, guard_return, apply_ask, NULL },
    { "approve", "同意申请", "Approve the request", WITH_UNIT, TO_SET,
        DESKS | ROLE_CHIEF, REL_ASKED, NULL, "note?", false, false, guard_decide, apply_approve,
        NULL },
    { "refuse", "不同意申请", "Refuse the request", WITH_UNIT, TO_SAME,
        DESKS | ROLE_CHIEF, REL_ASKED, NULL, "note", false, false, guard_decide, apply_refuse,
        NULL },
    { "resume", "恢复办理", "Resume", FROM(ST_DEFERRED), ST_WORKING, HANDLERS | ROLE_SYSTEM,
        REL_OWNER, NULL, "note?", false, false, guard_due, apply_resume, NULL },
    { "escalate", "上报", "Escalate", BEFORE_ANSWER, ST_RECEIVED, HANDLERS, REL_OWNER,
        "dispatch", "note", false, true, guard_escalate, apply_escalate, NULL },
    { "verify", "核查通过", "Check passed", FROM(ST_ANSWERED), ST_VERIFIED,
        DESKS | ROLE_GRID_LEAD, REL_DESK, "object", "note?", false, false, guard_verify, apply_note,
        NULL },
    { "rework", "核查不通过", "Check failed, rework", AFTER_ANSWER, ST_WORKING, DESKS,
        REL_DESK, "handle", "note", false, false, NULL, apply_rework, store_rework },
    { "close", "结案", "Close", FROM(ST_VERIFIED), ST_CLOSED, DESKS | ROLE_SYSTEM, REL_DESK,
        NULL, "note?", false, false, guard_close, apply_note, NULL },
    { "supervise", "督办", "Supervise", IS_OPEN, TO_SAME, DESKS, REL_DESK,
        NULL, "note", false, false, guard_supervise, apply_supervise, NULL },
    { "not_accept", "不予受理", "Not accept", AT_DESK, ST_REJECTED, ROLE_DISPATCHER, REL_DESK,
        NULL, "reason reply", true, true, guard_not_accept, apply_not_accept, NULL },
    { "merge", "并单", "Merge", AT_DESK | WITH_UNIT, ST_MERGED, ROLE_DISPATCHER | ROLE_GRID_LEAD,
        REL_DESK, NULL, "number2 note?", false, true, guard_merge, apply_merge, store_merge },
    { "split", "拆单", "Split off", BEFORE_ANSWER, TO_SAME, ROLE_DISPATCHER, REL_DESK,
        NULL, "text category note?", false, false, NULL, apply_note, store_split },
    { "link", "关联", "Link", IS_OPEN, TO_SAME, DESKS | HANDLERS, REL_STAFF,
        NULL, "number2 note?", false, false, NULL, apply_number2, store_link },
    { "recategorise", "改类", "Change category", AT_DESK | WITH_UNIT, TO_SAME,
        ROLE_DISPATCHER | ROLE_GRID_LEAD, REL_DESK,
        NULL, "category note?", false, false, NULL, apply_recategorise, NULL },
    { "regrid", "调整网格", "Move to another grid", IS_OPEN, TO_SET, ROLE_SUPERVISOR, REL_STAFF,
        NULL, "grid note", false, false, guard_regrid, apply_regrid, store_regrid },
    { "tell", "与报事人沟通", "Write to the reporter", IS_OPEN, TO_SAME, HANDLERS, REL_STAFF,
        NULL, "text uploads?", false, false, guard_tell, apply_tell, store_photos },
    { "note", "内部记录", "Internal note", IS_OPEN, TO_SAME, HANDLERS | DESKS, REL_STAFF,
        NULL, "note uploads?", false, false, NULL, apply_note, store_photos },

    { "message", "补充说明", "Add a message", IS_OPEN, TO_SAME, ROLE_REPORTER, REL_REPORTER,
        NULL, "text uploads?", false, false, guard_message, apply_tell, store_photos },
    { "urge", "催办", "Remind", BEFORE_ANSWER, TO_SAME, ROLE_REPORTER, REL_REPORTER,
        NULL, "", false, false, guard_urge, apply_note, NULL },
    { "rate", "评价", "Rate the answer", AFTER_ANSWER | FROM(ST_CLOSED), TO_SAME, ROLE_REPORTER,
        REL_REPORTER, NULL, "score text?", false, false, guard_rate, apply_rate, store_rate },
    { "object", "提出异议", "Object", AFTER_ANSWER | FROM(ST_CLOSED), ST_RECEIVED, ROLE_REPORTER,
        REL_REPORTER, "dispatch", "text", false, false, guard_object, apply_object, NULL },
    { "reopen", "再次要求办理", "Reopen", FROM(ST_CLOSED), ST_RECEIVED, ROLE_REPORTER,
        REL_REPORTER, "dispatch", "text", false, false, guard_reopen, apply_reopen, NULL },
    { "withdraw", "撤回", "Withdraw", BEFORE_ANSWER, ST_WITHDRAWN, ROLE_REPORTER, REL_REPORTER,
        NULL, "text?", true, true, guard_withdraw, apply_withdraw, NULL },

    { "overdue", "超期处理", "Overdue", IS_OPEN & ~FROM(ST_DEFERRED) & ~FROM(ST_VERIFIED), TO_SET,
        ROLE_SYSTEM, REL_SYSTEM, NULL, "", false, false, guard_overdue, apply_overdue, NULL },
    { "undecided", "逾期未批，转上级审批", "Undecided in time, passed up", WITH_UNIT, TO_SAME,
        ROLE_SYSTEM, REL_SYSTEM, NULL, "", false, false, guard_undecided, apply_undecided, NULL },

    { "hold", "封存", "Keep for a proceeding", IS_OPEN | HAS_ENDED, TO_SAME, ROLE_SUPERVISOR,
        REL_STAFF, NULL, "note", false, false, guard_hold, apply_hold, NULL },
    { "release_hold", "解除封存", "No longer keep", IS_OPEN | HAS_ENDED, TO_SAME, ROLE_SUPERVISOR,
        REL_STAFF, NULL, "note", false, false, guard_release_hold, apply_hold, NULL },
    { "erase", "按规定删除", "Erase what is due", HAS_ENDED, TO_SAME, ROLE_SYSTEM, REL_SYSTEM,
        NULL, "reason party? days?", false, false, guard_erase, apply_erase, store_erase },
};

const struct step_table life_table = { "matter", life_steps, COUNT_OF(life_steps) };
