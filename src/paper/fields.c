/* fields.c: the names that templates may ask for, and how much room they have on blank forms. What
 * forms of the ministry ask for but this system never keeps (such as ethnic group) has no name: the
 * cell is left to the pen. */
#include "paper/facts.h"

#define TEXT(list, name, room, zh, en) { list, name, FIELD_TEXT, room, MSG(zh, en) }
#define LONG(list, name, room, zh, en) { list, name, FIELD_LONG, room, MSG(zh, en) }
#define FLAG(list, name, zh, en) { list, name, FIELD_FLAG, 0, MSG(zh, en) }
#define SCAN(list, name, zh, en) { list, name, FIELD_SCAN, 0, MSG(zh, en) }
#define LIST(list, name, room, zh, en) { list, name, FIELD_LIST, room, MSG(zh, en) }

#define PERSON(list) \
    TEXT(list, "name", 6, "姓名或名称", "name"), \
    FLAG(list, "person", "是个人", "is a person"), \
    FLAG(list, "organisation", "是单位", "is an organisation"), \
    FLAG(list, "principal", "是当事人本人，不是代理人", "a party itself, nobody who acts for one"), \
    FLAG(list, "addressed", "文书写给本人：法定代理人写在被代理人后面", "is addressed itself: guardians stand behind whom they act for"), \
    TEXT(list, "called", 12, "称呼：姓名，未成年人后面有法定代理人", "how a document addresses them: with the guardians"), \
    TEXT(list, "credit_code", 18, "统一社会信用代码", "unified social credit code"), \
    TEXT(list, "seat", 20, "单位住所", "seat of the organisation"), \
    TEXT(list, "head", 6, "法定代表人或负责人", "who represents the organisation"), \
    TEXT(list, "head_post", 6, "法定代表人的职务", "that one's post"), \
    LIST(list, "guardians", 1, "未成年人的法定代理人", "guardians, of somebody under age"), \
    TEXT(list, "sex", 2, "性别", "sex"), \
    TEXT(list, "age", 3, "年龄", "age"), \
    TEXT(list, "occupation", 8, "职业或职务", "occupation or post"), \
    TEXT(list, "contact", 10, "联系方式", "telephone or other contact"), \
    TEXT(list, "address", 20, "单位或住址", "address"), \
    TEXT(list, "id_no", 18, "证件号码", "number of the identity document"), \
    TEXT(list, "service_address", 20, "送达地址", "address for service"), \
    TEXT(list, "side", 4, "申请人或被申请人", "applicant or respondent"), \
    TEXT(list, "agent", 6, "委托代理人或法定代理人", "agent or guardian"), \
    TEXT(list, "signed_how", 4, "签字方式", "how it was signed"), \
    TEXT(list, "signed", 12, "签署记录：姓名、方式、日期", "who signed, how and when, as recorded"), \
    SCAN(list, "signature", "扫描的签名", "scanned signature")

const struct fact_field fact_fields[] = {
    TEXT(NULL, "committee", 12, "人民调解委员会名称", "name of the committee"),
    TEXT(NULL, "accepted_by", 12, "受理的人民调解委员会", "committee that accepted it"),
    TEXT(NULL, "docket", 14, "编号，如（2026）甪直人调字第12号", "number in the committee's book"),
    TEXT(NULL, "file_no", 10, "卷号", "number of the file"),
    TEXT(NULL, "file_title", 16, "卷名", "title of the file"),
    TEXT(NULL, "type", 8, "纠纷类型", "type of dispute"),
    TEXT(NULL, "names", 20, "全部当事人，如：申请人甲、被申请人乙", "all parties in a line"),
    TEXT(NULL, "source", 8, "案件来源：applied、found 或 transferred",
        "where it came from: applied, found or transferred"),
    TEXT(NULL, "source_from", 10, "移送单位", "who transferred it"),
    TEXT(NULL, "mediators", 12, "人民调解员", "mediators' names"),
    TEXT(NULL, "recorder", 6, "记录人", "who took the record"),
    TEXT(NULL, "registrar", 6, "登记人", "who registered it"),
    TEXT(NULL, "register_date", 10, "登记日期", "registered on"),
    TEXT(NULL, "apply_date", 10, "申请日期", "applied on"),
    TEXT(NULL, "accept_date", 10, "受理日期", "accepted on"),
    TEXT(NULL, "told_date", 10, "告知日期", "rights and duties told on"),
    TEXT(NULL, "start_date", 10, "调解开始日期", "mediation began on"),
    TEXT(NULL, "end_date", 10, "调解结束日期", "mediation ended on"),
    TEXT(NULL, "agreement_date", 10, "协议日期", "agreement reached on"),
    TEXT(NULL, "effective_date", 10, "协议生效日期", "agreement binds from"),
    TEXT(NULL, "close_date", 10, "结案日期", "closed on"),
    LONG(NULL, "summary", 6, "纠纷简要情况", "the dispute in short"),
    LIST(NULL, "requests", 3, "申请事项", "what is applied for"),
    LONG("requests", "text", 1, "事项", "what"),
    LIST(NULL, "parties", 2, "全部当事人", "all parties"), PERSON("parties"),
    LIST(NULL, "applicants", 1, "申请人", "applicants"), PERSON("applicants"),
    LIST(NULL, "respondents", 1, "被申请人", "respondents"), PERSON("respondents"),
    TEXT("guardians", "name", 6, "姓名", "name"),
    TEXT("guardians", "contact", 10, "联系方式", "telephone or other contact"),
    TEXT("guardians", "relation", 6, "与当事人的关系", "relation to the party"),
    TEXT("guardians", "address", 20, "住址", "address"),
    TEXT("guardians", "id_no", 18, "证件号码", "number of the identity document"),
    TEXT("guardians", "signed", 12, "签署记录：姓名、方式、日期", "who signed, how and when, as recorded"),
    SCAN("guardians", "signature", "扫描的签名", "scanned signature"),
    LIST(NULL, "team", 1, "调解员名单", "mediators one by one"),
    TEXT("team", "name", 6, "姓名", "name"),
    TEXT("team", "signed", 12, "签署记录：姓名、方式、日期", "who signed, how and when, as recorded"),
    TEXT("team", "post", 8, "职务", "post"),
    SCAN("team", "signature", "扫描的签名", "scanned signature"),
    LONG(NULL, "dispute_facts", 8, "纠纷主要事实、争议事项", "main facts and what is in dispute"),
    TEXT(NULL, "form", 4, "协议形式：written 或 oral", "form of the agreement: written or oral"),
    LIST(NULL, "agreements", 1, "协议，达成一次一份", "agreements, one for each time"),
    TEXT("agreements", "form", 4, "协议形式：written 或 oral", "written or oral"),
    TEXT("agreements", "nth", 2, "第几次协议；只有一次的没有", "the how manieth; none when it is the only one"),
    TEXT("agreements", "agreement_date", 10, "协议日期", "agreement reached on"),
    TEXT("agreements", "effective_date", 10, "协议生效日期", "agreement binds from"),
    TEXT("agreements", "amount", 8, "协议涉及金额", "amount the agreement is about"),
    TEXT("agreements", "copies", 2, "协议份数", "copies of the agreement"),
    TEXT("agreements", "recorder", 6, "记录人", "who took the record"),
    TEXT("agreements", "result", 4, "调解结果", "result"),
    LONG("agreements", "performance", 3, "履行方式、时限", "way and time of performance"),
    LONG("agreements", "performed", 3, "履行情况", "how it was performed"),
    LIST("agreements", "terms", 4, "协议内容，逐条", "terms of the agreement"),
    LIST("agreements", "promises", 3, "履行安排", "what is to be performed"),
    LIST(NULL, "terms", 4, "协议内容，逐条", "terms of the agreement"),
    LONG("terms", "text", 2, "条款", "term"),
    LIST(NULL, "promises", 3, "履行安排", "what is to be performed"),
    TEXT("promises", "who", 6, "履行人", "who"),
    TEXT("promises", "what", 10, "履行内容", "what"),
    TEXT("promises", "amount", 6, "金额", "how much"),
    TEXT("promises", "due", 8, "时限", "by when"),
    TEXT("promises", "way", 6, "方式和地点", "in what way and where"),
    LONG(NULL, "performance", 3, "履行方式、时限", "way and time of performance"),
    TEXT(NULL, "copies", 2, "协议份数", "copies of the agreement"),
    TEXT(NULL, "amount", 8, "协议涉及金额", "amount the agreement is about"),
    FLAG(NULL, "across", "跨调委会", "across committees"),
    TEXT(NULL, "place", 12, "调解地点", "place of mediation"),
    TEXT(NULL, "result", 4, "调解结果：agreed、continue 或 failed", "result: agreed, continue or failed"),
    LONG(NULL, "performed", 3, "履行情况", "how it was performed"),
    LIST(NULL, "sessions", 1, "调解", "sessions"),
    TEXT("sessions", "time", 14, "时间", "time"),
    TEXT("sessions", "place", 12, "地点", "place"),
    TEXT("sessions", "present", 12, "参加人", "who else was there"),
    FLAG("sessions", "open", "公开调解", "open to others"),
    LONG("sessions", "record", 14, "调解记录", "record"),
    TEXT("sessions", "result", 4, "结果：agreed、continue 或 failed", "agreed, continue or failed"),
    TEXT("sessions", "recorder", 6, "记录人", "who took the record"),
    TEXT("sessions", "date", 10, "日期", "date"),
    LIST(NULL, "undisputed", 1, "无争议事实", "facts not in dispute, as noted last"),
    LONG("undisputed", "text", 7, "事实", "the facts"),
    TEXT("undisputed", "recorder", 6, "记录的调解员", "mediator who noted them"),
    TEXT("undisputed", "date", 10, "日期", "noted on"),
    LIST(NULL, "inquiries", 1, "调查", "inquiries"),
    TEXT("inquiries", "time", 14, "时间", "time"),
    TEXT("inquiries", "place", 12, "地点", "place"),
    TEXT("inquiries", "present", 12, "参加人", "who else was there"),
    TEXT("inquiries", "name", 6, "被调查人", "who was asked"),
    TEXT("inquiries", "sex", 2, "性别", "sex"),
    TEXT("inquiries", "age", 3, "年龄", "age"),
    TEXT("inquiries", "contact", 10, "联系方式", "contact"),
    TEXT("inquiries", "address", 20, "单位或住址", "address"),
    LONG("inquiries", "record", 14, "调查记录", "record"),
    TEXT("inquiries", "investigator", 6, "调查人", "who asked"),
    TEXT("inquiries", "recorder", 6, "记录人", "who took the record"),
    LIST(NULL, "evidence", 8, "证据", "evidence"),
    TEXT("evidence", "name", 8, "名称", "what it is"),
    TEXT("evidence", "kind", 4, "种类", "kind"),
    TEXT("evidence", "from", 4, "提供人", "who gave it"),
    TEXT("evidence", "proves", 8, "证明事项", "what it shows"),
    TEXT("evidence", "sheets", 2, "页数", "sheets"),
    LIST(NULL, "scans", 2, "身份证明", "proofs of identity"),
    TEXT("scans", "caption", 10, "说明", "what it is"),
    TEXT("scans", "name", 6, "姓名或名称", "whose"),
    TEXT("scans", "side", 4, "申请人或被申请人", "applicant or respondent"),
    TEXT("scans", "date", 10, "日期", "date"),
    LIST(NULL, "attached", 0, "附在文书后面的扫描件", "scans, each a page behind the document it goes with"),
    TEXT("attached", "paper", 10, "文书的模板名", "name of the document's template"),
    TEXT("attached", "name", 6, "谁的", "whose"),
    TEXT("attached", "side", 4, "申请人或被申请人", "applicant or respondent"),
    TEXT("attached", "caption", 10, "说明", "what it is"),
    TEXT("attached", "date", 10, "日期", "date"),
    SCAN("attached", "image", "图像", "the picture"),
    LIST(NULL, "powers", 1, "授权委托", "powers of attorney"),
    TEXT("powers", "principal", 8, "委托人", "who gives the power"),
    TEXT("powers", "principal_contact", 10, "委托人联系方式", "contact of who gives it"),
    TEXT("powers", "name", 6, "受委托人", "who is empowered"),
    TEXT("powers", "sex", 2, "性别", "sex"),
    TEXT("powers", "age", 3, "年龄", "age"),
    TEXT("powers", "contact", 10, "联系方式", "contact"),
    TEXT("powers", "address", 20, "单位或住址", "address"),
    TEXT("powers", "relation", 8, "与委托人的关系", "relation to who gives it"),
    FLAG("powers", "may_apply", "代为申请、终止", "may apply and end"),
    FLAG("powers", "may_prove", "代为举证", "may give evidence"),
    FLAG("powers", "may_choose", "代为选择调解员", "may choose mediators"),
    FLAG("powers", "may_settle", "代为承认、变更、放弃请求", "may admit, change, waive"),
    FLAG("powers", "may_sign", "代为签署文书", "may sign"),
    FLAG("powers", "may_receive", "代为领取文书", "may receive papers"),
    TEXT("powers", "may_other", 8, "其他权限", "what else"),
    TEXT("powers", "until", 10, "委托期限", "until when"),
    TEXT("powers", "date", 10, "日期", "date"),
    LIST(NULL, "receipts", 1, "履行凭证", "receipts"),
    TEXT("receipts", "from", 8, "交付人", "who gave"),
    TEXT("receipts", "to", 8, "收取人", "who got"),
    TEXT("receipts", "what", 16, "款物", "what"),
    TEXT("receipts", "amount", 8, "金额(小写)", "amount in figures"),
    TEXT("receipts", "words", 14, "金额(大写)", "amount in words"),
    TEXT("receipts", "way", 8, "方式", "in what way"),
    TEXT("receipts", "date", 10, "日期", "date"),
    LIST(NULL, "visits", 1, "回访", "call-backs"),
    TEXT("visits", "who", 10, "被回访人", "who was asked"),
    TEXT("visits", "reason", 16, "回访事由", "why"),
    LONG("visits", "performed", 2, "协议履行情况", "how the agreement is kept"),
    LONG("visits", "content", 2, "当事人是否满意", "whether parties are content"),
    LONG("visits", "disputed", 2, "有无新的争议或诉讼", "new dispute or lawsuit"),
    LONG("visits", "danger", 2, "有无激化隐患", "whether it may grow worse"),
    LONG("visits", "measures", 2, "采取的措施", "what was done"),
    TEXT("visits", "by", 6, "回访人", "who called"),
    TEXT("visits", "date", 10, "日期", "date"),
    TEXT(NULL, "court", 12, "人民法院", "court"),
    TEXT(NULL, "confirm_date", 10, "申请司法确认日期", "applied to the court on"),
    LIST(NULL, "materials", 6, "司法确认材料", "materials for the court"),
    TEXT("materials", "name", 12, "名称", "what"),
    TEXT("materials", "copies", 2, "份数", "copies"),
    TEXT("materials", "note", 4, "备注", "note"),
    LONG(NULL, "statement", 8, "卷宗情况说明", "statement on the dossier"),
    TEXT(NULL, "keeper", 6, "立卷人", "who made up the file"),
    TEXT(NULL, "checker", 6, "检查人", "who checked it"),
    TEXT(NULL, "filed_date", 10, "立卷日期", "file made up on"),
    TEXT(NULL, "retention", 4, "保管期限：short、long 或 ever", "kept: short, long or ever"),
    TEXT(NULL, "note", 10, "备注", "note"),
    TEXT(NULL, "handler", 6, "承办人", "who had charge of it"),
    LONG(NULL, "outcome", 4, "处理结果", "outcome"),
    TEXT(NULL, "end_reason", 6, "终止原因：refused、no_agreement、unreachable、time_over 或 other",
        "why it ended: refused, no_agreement, unreachable, time_over or other"),
    LONG(NULL, "end_words", 3, "终止原因说明", "why it ended, in words"),
    TEXT(NULL, "ended_date", 10, "终止日期", "ended on"),
    LONG(NULL, "refuse_words", 3, "不予受理的理由", "why it is not accepted"),
    TEXT(NULL, "refused_date", 10, "不予受理日期", "refused on"),
    LIST(NULL, "transfers", 1, "委托、移送和反馈", "hand-overs"),
    TEXT("transfers", "from", 12, "委托单位", "who hands over"),
    TEXT("transfers", "to", 12, "受委托单位", "to whom"),
    TEXT("transfers", "dispute", 10, "纠纷编号", "number of the dispute"),
    TEXT("transfers", "consents", 20, "已同意委托的当事人", "parties that agreed to it"),
    TEXT("transfers", "number", 10, "函号", "number of the letter"),
    LONG("transfers", "reason", 4, "委托事由", "why"),
    FLAG("transfers", "delegated", "经当事人同意委托", "delegated with the parties' consent"),
    FLAG("transfers", "reported", "依法报告，不附纠纷内容", "reported by law, without what it is about"),
    TEXT("transfers", "due", 10, "答复期限", "to be answered by"),
    TEXT("transfers", "sent_date", 10, "发函日期", "sent on"),
    TEXT("transfers", "answer", 4, "答复：accepted 或 refused", "answer: accepted or refused"),
    LONG("transfers", "answer_words", 2, "答复说明", "the answer in words"),
    LONG("transfers", "result", 4, "办理结果", "what came of it"),
    TEXT("transfers", "result_date", 10, "反馈日期", "fed back on"),
};
const size_t fact_fields_n = COUNT_OF(fact_fields);

const struct fact_field *fact_field_find(struct str list, struct str name)
{
    for (size_t i = 0; i < fact_fields_n; i++)
        if (str_is(name, fact_fields[i].name) && str_eq(list, str_c(fact_fields[i].list)))
            return &fact_fields[i];
    return NULL;
}
