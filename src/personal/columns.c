/* columns.c: the columns, table by table, in the order of the migrations. */
#include "personal/columns.h"

#define X(name, word, zh, en) [name] = { word, { zh, en } },
const struct keeping_rule_row kept_table[KEPT_COUNT] = { KEPT_TABLE(X) };
#undef X

#define IDS MSG("指明是哪一件、哪一条", "Say which matter or line it is")
#define WHO MSG("谁做的，供审计和追问", "Who did it, for audit and for asking back")

const struct column_group column_groups[] = {
    { "catalogue", "name version valid_from_ms made_ms body", L1, KEPT_DEPLOYER,
        MSG("类别、期限、规则等表的各个版本", "Versions of the deployer's tables") },
    { "catalogue", "made_by", L2, KEPT_DEPLOYER, WHO },
    { "setting", "name value", L2, KEPT_DEPLOYER, MSG("本系统的设置", "Settings of this installation") },
    { "unit", "id code name name_en kind level region parent desk functions", L1, KEPT_DEPLOYER,
        MSG("承办单位", "Organisations that handle matters") },
    { "account", "id username lang disabled once_ms unlocked", L2, KEPT_ACCOUNT,
        MSG("登录和停用", "Signing in, and stopping that") },
    { "account", "name phone", L3, KEPT_ACCOUNT,
        MSG("同事和居民知道找谁；值班电话依法公开", "Colleagues and residents know whom to ask; duty numbers are public by law") },
    { "account", "password", L4, KEPT_ACCOUNT, MSG("核对密码（只存摘要）", "Checking the password (only its digest)") },
    { "membership", "account unit role", L2, KEPT_ACCOUNT, MSG("职务决定能看什么、办什么", "Roles decide who may see and do what") },
    { "session", "token csrf", L4, KEPT_SESSION, MSG("认出已登录的人（只存摘要）", "Knowing who is signed in") },
    { "session", "account made_ms expires_ms", L2, KEPT_SESSION, MSG("登录何时失效", "When a sign-in ends") },
    { "session", "address device", L3, KEPT_SESSION,
        MSG("本人认出自己的登录", "For its owner to recognise a sign-in") },
    { "matter", "area id number", L2, KEPT_MATTER, IDS },
    { "matter", "kind state category tier origin confidential", L2, KEPT_MATTER,
        MSG("办什么、办到哪一步", "What is to be done and how far it is") },
    { "matter", "text", L3, KEPT_WORDS, MSG("知道是什么事", "Knowing what it is about") },
    { "matter", "salt", L3, KEPT_WORDS, MSG("核验文字与账本一致；文字删除时一并换掉",
        "Checking words against the record; replaced when they are erased") },
    { "matter", "place_text", L3, KEPT_WORDS, MSG("找到地方", "Finding the place") },
    { "matter", "lon lat cell", L3, KEPT_POINT, MSG("找到地方，落到网格", "Finding the place and its grid") },
    { "matter", "town community grid police_grid micro_grid", L2, KEPT_MATTER,
        MSG("归谁管辖；按地方统计", "Whose ground it is; figures by place") },
    { "matter", "owner_unit holder route route_version about_unit max_level returned_by handovers decider",
        L2, KEPT_MATTER, MSG("谁负责，为什么", "Who answers for it, and why") },
    { "matter", "clock clock_from_ms due_ms alarm_ms paused_ms provisional ask_due_ms extended", L2,
        KEPT_MATTER, MSG("期限", "Deadlines") },
    { "matter", "ask ask_by ask_unit ask_days", L2, KEPT_MATTER, MSG("待审批的申请", "A request that waits") },
    { "matter", "ask_reason", L3, KEPT_WORDS, MSG("为什么申请；决定后清空", "Why it is asked; emptied when decided") },
    { "matter", "supervised round objected reporters unanswered cohandling open created_ms closed_ms"
        " merged_into", L2, KEPT_MATTER, MSG("办理经过和统计", "Its course, and figures") },
    { "matter", "seq head", L2, KEPT_RECORD, MSG("接上账本", "Joining it to the record") },
    { "matter", "held erased", L2, KEPT_MATTER, MSG("是否封存，删了什么", "Whether it is kept, and what was erased") },
    { "entry", "area matter seq id at_ms from_state to_state owner_unit due_ms action prev hash", L2,
        KEPT_RECORD, MSG("谁也改不了的办理记录", "A record that nobody can rewrite") },
    { "entry", "actor account unit holder", L2, KEPT_RECORD, WHO },
    { "entry", "data", L2, KEPT_RECORD, MSG("办理的事实；文字只有加盐摘要，没有姓名",
        "Facts; of words only salted digests, and no names") },
    { "note", "area matter seq audience", L2, KEPT_WORDS, IDS },
    { "note", "salt text", L3, KEPT_WORDS, MSG("往来和内部的话", "What was written to each other") },
    { "person", "area id purpose made_ms erased_ms", L2, KEPT_MATTER,
        MSG("为什么收集，何时删除", "Why it was collected, and when erased") },
    { "person", "data_key name phone details", L4, KEPT_CONTACT,
        MSG("联系报事人、当事人（密封保存）", "Reaching reporters and parties (sealed)") },
    { "person", "lang", L2, KEPT_MATTER, MSG("用哪种语言告知", "In which language to tell them") },
    { "reporter", "area matter no person confidential joined_ms answered_round turn", L2, KEPT_MATTER,
        MSG("人人有答复", "That everybody is answered") },
    { "reporter", "score rated_ms", L2, KEPT_MATTER, MSG("对答复是否满意", "Whether the answer satisfied") },
    { "reporter", "rating", L3, KEPT_WORDS, MSG("评价的话", "What was said of the answer") },
    { "merged", "area matter into_matter added", L2, KEPT_MATTER, MSG("并单去了哪里", "Where merged reports went") },
    { "cohandler", "area matter unit state due_ms since_ms", L2, KEPT_MATTER, MSG("联办", "Handling together") },
    { "cohandler", "task reply", L3, KEPT_WORDS, MSG("请办什么，办得怎样", "What was asked and done") },
    { "involved", "area matter unit", L2, KEPT_MATTER, MSG("谁还可以看", "Who may still read it") },
    { "matter_link", "area matter kind other", L2, KEPT_MATTER, MSG("关联的事项", "Related matters") },
    { "attachment", "area matter no seq phase width height", L2, KEPT_PHOTOS, IDS },
    { "attachment", "hash thumb", L3, KEPT_PHOTOS, MSG("照片在哪个文件", "Which file the photo is") },
    { "upload", "token hash thumb width height made_ms", L3, KEPT_DAY,
        MSG("刚上传、还没有用的照片", "Photos just sent and not used yet") },
    { "command_key", "area key body matter no at_ms", L2, KEPT_RECORD,
        MSG("同一请求不办两次（只存摘要）", "The same request is not carried out twice (digests)") },
    { "access_log", "area id at_ms account unit role matter no fields purpose", L2, KEPT_RECORD,
        MSG("谁为什么看了联系方式", "Who read contact details, and why") },
    { "leaf", "position entry_id hash", L1, KEPT_RECORD, MSG("公开可验的账本", "The log that anyone can check") },
    { "tree_node", "level position hash", L1, KEPT_RECORD, MSG("账本的中间摘要", "Hashes within the log") },
    { "checkpoint", "size at_ms entry_id note", L1, KEPT_RECORD, MSG("签名的检查点", "Signed checkpoints") },
    { "id_block", "first upto logged", L1, KEPT_DAY, MSG("编号分段", "Blocks of numbers") },
    { "zone", "layer code valid_from_ms valid_to_ms parent level kind name lon lat shape", L1,
        KEPT_DEPLOYER, MSG("区划和网格", "Divisions and grids") },
    { "duty", "layer zone position account", L2, KEPT_ACCOUNT, MSG("网格由谁负责", "Who has charge of a grid") },
    { "draft", "id kind name body made_ms changed_ms region version valid_from_ms faults", L2,
        KEPT_DEPLOYER, MSG("规则和边界的草案", "Drafts of rules and boundaries") },
    { "draft", "made_by", L2, KEPT_DEPLOYER, WHO },
    { "rehearsal", "id draft name days lang state done total matters made_ms beat_ms result", L2,
        KEPT_DEPLOYER, MSG("规则试算", "Rehearsals of rules") },
    { "rehearsal", "made_by", L2, KEPT_DEPLOYER, WHO },
    { "shift", "layer zone position day from_min to_min account", L2, KEPT_ROSTER, MSG("值班表", "The roster") },
    { "absence", "id account from_ms to_ms substitute", L3, KEPT_ROSTER, MSG("不在时找谁（不记原因）",
        "Whom to ask meanwhile (never why)") },
    { "handover", "id unit from_account to_account at_ms numbers", L2, KEPT_ROSTER, MSG("交班", "Handing over") },
    { "handover", "note", L3, KEPT_ROSTER, MSG("交班的话", "What is said at a hand-over") },
    { "node_key", "one verifier sealing", L1, KEPT_DEPLOYER, MSG("这个数据库用哪一把密钥签名、封存（只有名字）", "Whose key signs here, and which one seals (names only)") },
    { "roster_stamp", "one stamp", L1, KEPT_ROSTER, MSG("值班表是否变了", "Whether the roster has changed") },
    { "place", "code kind name address lon lat", L1, KEPT_DEPLOYER, MSG("地址和场所（不记谁住）",
        "Addresses and sites (never who lives there)") },
    { "place_word", "word code", L1, KEPT_DEPLOYER, MSG("找地址", "Finding an address") },
    { "taken_back", "name version back_ms back_why", L2, KEPT_DEPLOYER, MSG("撤回的版本", "Versions taken back") },
    { "taken_back", "back_by", L2, KEPT_DEPLOYER, WHO },
    { "dispute", "area matter unit type kind source status class docket open_door written form amount_fen"
        " accepted_ms sealed_ms effective_ms confirm confirm_ms studio party_last", L2, KEPT_MATTER,
        MSG("调解办到哪一步；统计", "How far the mediation is; figures") },
    { "dispute", "came_from", L2, KEPT_MATTER, MSG("由哪件事转来", "Which matter it came from") },
    { "docket", "area unit year last", L2, KEPT_MATTER, MSG("调解案号", "Numbers of a committee's book") },
    { "party", "area matter no side kind role stands_for scope consent consent_how consent_ms told_ms"
        " signed_how signed_ms court_ms stop_ms described title_ms title_how since_ms spoken_ms", L2, KEPT_MATTER, MSG("各方的权利和意思表示",
        "Each side's rights and word") },
    { "party", "minor", L4, KEPT_MATTER, MSG("保护未成年人", "Protecting those under age") },
    { "mediator", "area matter account chosen since_ms left_ms signed_ms", L2, KEPT_MATTER,
        MSG("谁调解", "Who mediates") },
    { "mediator", "disclosure", L3, KEPT_FILE, MSG("利害关系", "What ties them to a party") },
    { "guest", "area matter no kind agreed admitted_ms", L2, KEPT_FILE, MSG("邀请谁参与", "Who is invited") },
    { "guest", "data_key name", L4, KEPT_FILE, MSG("受邀人姓名（密封保存）", "Name of a guest (sealed)") },
    { "sitting", "area matter no planned_ms minutes open_door at_ms seq result", L2, KEPT_MATTER,
        MSG("调解时间和结果", "Sessions and what came of them") },
    { "sitting", "place", L2, KEPT_FILE, MSG("在哪里调解", "Where sessions are") },
    { "statement", "area matter no kind at_ms account side signed", L2, KEPT_STATEMENT, IDS },
    { "statement", "data_key text", L4, KEPT_STATEMENT, MSG("单独谈话和无争议事实（密封保存）",
        "Talks with one side, facts not in dispute (sealed)") },
    { "promise", "area matter no round party amount_fen due_ms kept_ms broken_ms", L2, KEPT_MATTER,
        MSG("履行和统计", "Performance, and figures") },
    { "promise", "what way place", L4, KEPT_FILE, MSG("约定了什么，怎样履行", "What was promised, and in what way") },
    { "transfer", "area id matter number from_unit from_name to_unit to_name document consents sent_ms"
        " due_ms state answered_ms result_ms shared at_unit ground"
        " said_unit", L2, KEPT_MATTER, MSG("移送、委托", "Hand-overs to others") },
    { "transfer", "reason answer result", L3, KEPT_FILE, MSG("移送的话", "What was said at a hand-over") },
    { "outbox", "area id matter seq kind no person account lang quiet state at_ms tries next_ms why", L2, KEPT_MATTER,
        MSG("等待推送的消息（不含电话和内容）", "Messages that wait to be pushed, without telephone or words") },
    { "committee", "unit short_name kind term_from_ms term_to_ms", L1, KEPT_DEPLOYER, MSG("调委会名册",
        "The register of committees") },
    { "committee_member", "unit no account post woman", L2, KEPT_UNTIL_LEFT,
        MSG("调委会组成（人民调解法第八条）", "Who sits on a committee (article 8)") },
    { "committee_member", "name", L1, KEPT_UNTIL_LEFT, MSG("依法公开的姓名（第十条）", "Names that are public by law (article 10)") },
    { "tally_count", "area unit quarter word n made_ms", L2, KEPT_MATTER, MSG("季度统计", "Quarterly figures") },
    { "tally_count", "made_by", L2, KEPT_MATTER, WHO },
    { "layer_import", "id layer name extent crs region made_ms checked_ms valid_from_ms version body"
        " outcome outcome_en", L2, KEPT_DEPLOYER, MSG("上传的边界文件", "Files of outlines") },
    { "layer_import", "made_by", L2, KEPT_DEPLOYER, WHO },
    { "studio", "id code unit name about hours place phone households ended", L1, KEPT_DEPLOYER,
        MSG("调解工作室的公示", "Studios, as shown to the public") },
    { "studio_quarter", "studio quarter households made_ms", L2, KEPT_DEPLOYER, MSG("服务户数", "Households served") },
    { "studio_quarter", "made_by", L2, KEPT_DEPLOYER, WHO },
    { "registered", "id unit account kind skills since_ms to_ms studio published", L2, KEPT_UNTIL_LEFT,
        MSG("调解员名册", "The register of mediators") },
    { "registered", "name", L1, KEPT_UNTIL_LEFT, MSG("依法公开的姓名（第十条）", "Names that are public by law (article 10)") },
    { "register_change", "id unit at_ms account what about sent", L2, KEPT_RECORD,
        MSG("名册怎样改过", "How the register was changed") },
    { "agreement", "area matter round unit studio form amount_fen effective_ms confirm confirm_ms ended_ms docket",
        L2, KEPT_MATTER, MSG("未履行的前次协议；统计", "Agreements that were not kept; figures") },
    { "handed_up", "area matter unit at_ms docket accepted_ms", L2, KEPT_MATTER,
        MSG("由哪个调委会提交上级", "Committees that a dispute was handed up from") },
    { "membership_term", "account unit role from_ms to_ms", L2, KEPT_ACCOUNT, MSG("任职期限", "Terms of roles") },
    { "second_factor", "account step made_ms", L2, KEPT_ACCOUNT, MSG("第二因素", "The second factor") },
    { "second_factor", "data_key secret", L4, KEPT_ACCOUNT, MSG("第二因素的密钥（密封保存）", "Its secret (sealed)") },
    { "recovery_code", "account code used_ms", L4, KEPT_ACCOUNT, MSG("恢复码（只存摘要）", "Recovery codes (digests)") },
    { "known_place", "account token seen_ms", L3, KEPT_SIGN_IN,
        MSG("别人输错密码不锁住本人", "That others' failures lock nobody out of their own browser") },
    { "account_change", "account seq at_ms by_account act why facts prev hash", L2, KEPT_RECORD,
        MSG("账号怎样管理过", "What was done to accounts") },
    { "past", "area source number matter", L2, KEPT_MATTER, MSG("原系统的编号，不重复导入",
        "Numbers of the former system, so that nothing comes twice") },
    { "deletion", "seq at_ms county what days version matters things prev hash", L1, KEPT_RECORD,
        MSG("删除了多少、依哪条期限（没有内容）", "How much was erased and by which term (never what)") },
    { "request", "area id matter no account kind field state unit how reason asked_ms due_ms late ended_ms"
        " entered_by", L2, KEPT_RECORD, MSG("本人对个人信息的请求办到哪一步",
        "What people asked about their own data, and how far it is") },
    { "request", "data_key wish value answer", L4, KEPT_CONTACT,
        MSG("请求和答复的话、更正成什么（密封保存）", "What was asked and answered, and what is corrected (sealed)") },
    { "export_step", "export no at_ms account unit region act facts prev hash", L2, KEPT_RECORD,
        MSG("谁要过、谁批准、谁取走了未脱敏的文件", "Who asked for, approved and fetched unmasked files") },
    { "export_step", "why", L3, KEPT_RECORD, MSG("为什么要，为什么批准或不批准",
        "Why it was asked for, and why approved or refused") },
    { "night", "day begun_ms ended_ms", L1, KEPT_RECORD, MSG("每夜的到期检查", "The nightly look for what is due") },
};
const size_t column_groups_n = COUNT_OF(column_groups);

const struct column_group *column_group_of(struct str table, struct str column)
{
    for (size_t i = 0; i < column_groups_n; i++)
        if (str_is(table, column_groups[i].table)
            && str_has_word(str_c(column_groups[i].columns), column))
            return &column_groups[i];
    return NULL;
}

void columns_write(struct buf *b)
{
    buf_add(b, STR("| 表 table | 列 columns | 级 class | 用途 purpose | 保存 kept |\n|---|---|---|---|---|\n"));
    for (size_t i = 0; i < column_groups_n; i++) {
        const struct column_group *g = &column_groups[i];
        buf_fmt(b, "| `%s` | `%s` | L%d | %s. %s | %s |\n", g->table, g->columns, (int)g->class,
            g->purpose.zh, g->purpose.en, kept_table[g->kept].word);
    }
    buf_add(b, STR("\n| 保存 kept | 意思 meaning |\n|---|---|\n"));
    for (size_t i = 0; i < KEPT_COUNT; i++)
        buf_fmt(b, "| %s | %s. %s |\n", kept_table[i].word, kept_table[i].meaning.zh,
            kept_table[i].meaning.en);
}
