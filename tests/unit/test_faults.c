/* test_faults.c: the n-th failure. Each writing command of the program, and each step of all step
 * tables, is carried out with its first database call failing, then its second, until none fails:
 * every failure is told as one and leaves the database as it was, byte for byte, and the next
 * attempt works. What is carried out leaves its line in the record, as docs/access.md says. A route or a step that the story below leaves out fails the test. */
#include "report/receipt.c"
#include "base/log.h"
#include "crypto/totp.h"
#include "duty/duty.h"
#include "job/timer.h"
#include "layer/rows.h"
#include "mediation/mediation.h"
#include "personal/personal.h"
#include "policy.h"
#include "town.h"
#include "zoning/imports.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PUBLIC = -1, TIMER = -2, CODE_A = -10, CALLS_MAX = 400, SLOTS = 26 };
/* The reporter of the matter in this slot. */
#define CODE(letter) (CODE_A - ((letter) - 'a'))

/* In paths and bodies $a .. $z stand for the numbers of matters and the tokens of uploads that
 * earlier lines left in these slots, $# for when a draft was last changed, $@ for the code that
 * SECRET makes now. */
struct line_told { int who; const char *path, *json; char slot; };

#define REPORTS "/api/reports"
#define LAMP "{\"text\":\"路灯不亮\",\"category\":\"02\",\"lon\":120.005,\"lat\":31.005," \
    "\"phone\":\"13800001111\"}"
#define QUARREL "{\"text\":\"邻居吵架\",\"category\":\"03\",\"lon\":120.005,\"lat\":31.005}"
#define STEP(letter) "/api/matters/$" letter "/step"
#define ACT(action, more) "{\"action\":\"" action "\"" more "}"
#define NOTE ",\"note\":\"已核实\""
/* The version of a zone for which there is no roster. */
#define NO_TURNS "e3b0c44298fc1c14"
#define RULES(name, more) "{\"kind\":\"rule\",\"name\":\"" name "\",\"body\":\"code,category,tier_min," \
    "origin,level,function,why,why_en\\nall,,0,,community,desk,就地,here\\n\"" more "}"
#define GRID_FILE(name) "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"," \
    "\"properties\":{\"code\":\"320508001001002\",\"name\":\"" name "\"},\"geometry\":{\"type\":" \
    "\"Polygon\",\"coordinates\":[[[120.01,31],[120.02,31],[120.02,31.01],[120.01,31.01],[120.01,31]]]}}]}"
#define WHY "\"why\":\"新入职\""
#define CURRENT "\"current\":\"correct horse battery\""
#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define REPLY ",\"reply\":\"已经修好了\""

#define GRANT(more) "{\"answer\":\"grant\",\"text\":\"已按您的请求办理\"" more "}"

/* A quarrel registered by its committee, and what is promised in it, due before the next long wait
 * is over. */
#define DISPUTES "/api/disputes"
#define QUARREL_OF_TWO "{\"type\":\"neighbour\",\"source\":\"apply\",\"text\":\"邻居吵架\"," \
    "\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"王甲\"," \
    "\"phone\":\"13800002222\"},{\"side\":\"respondent\",\"name\":\"李乙\"}]}"
#define QUARREL_OF_A_CHILD "{\"type\":\"neighbour\",\"source\":\"apply\",\"text\":\"抢了玩具\"," \
    "\"grid\":\"320508001001001\",\"parties\":[{\"side\":\"applicant\",\"name\":\"小甲\"," \
    "\"minor\":true},{\"side\":\"respondent\",\"name\":\"李乙\"},{\"side\":\"applicant\"," \
    "\"name\":\"王甲\",\"role\":\"guardian\",\"stands_for\":1}]}"
#define PROMISED(action) ACT(action, ",\"text\":\"修好\",\"promises\":[{\"party\":2,\"what\":\"修水管\"," \
    "\"due_ms\":1776500000000,\"way\":\"请人上门\"}]")

static const struct line_told story[] = {
    { PUBLIC, "/api/uploads", "", 'u' },
    { PUBLIC, "/api/uploads", "", 'v' },
    { PUBLIC, REPORTS, "{\"text\":\"路灯不亮\",\"category\":\"02\",\"lon\":120.005,\"lat\":31.005,"
        "\"name\":\"陆晓\",\"phone\":\"19900000001\",\"uploads\":[\"$u\"]}", 'a' },
    { PUBLIC, REPORTS, "{\"text\":\"我也看到了\",\"join\":\"$a\",\"phone\":\"19900000002\"}", 0 },
    { CODE('a'), "/api/receipt/message", "{\"text\":\"还在吗\",\"uploads\":[\"$v\"]}", 0 },
    { CODE('a'), "/api/receipt/data/requests", "{\"kind\":\"correct\",\"field\":\"phone\","
        "\"value\":\"19900000003\",\"text\":\"换号了\"}", 'u' },
    { DISPATCHER, "/api/personal/requests/$u/open", "{}", 0 },
    { DISPATCHER, "/api/personal/requests/$u/answer", GRANT(",\"how\":\"phone\""), 0 },
    { CODE('a'), "/api/receipt/data/requests", "{\"kind\":\"see\",\"proof\":\"19900000003\"}", 'u' },
    { CODE('a'), "/api/receipt/data/requests/$u/copy", "{\"proof\":\"19900000003\"}", 0 },
    { CODE('a'), "/api/receipt/data/requests", "{\"kind\":\"erase\"}", 'u' },
    { CODE('a'), "/api/receipt/data/requests/$u/withdraw", "{}", 0 },
    { CLERK, "/api/matters/$a/requests", "{\"reporter\":2,\"kind\":\"see\",\"how\":\"in_person\"}",
        'u' },
    { DISPATCHER, "/api/personal/requests/$u/answer", GRANT(""), 0 },
    { DISPATCHER, "/api/personal/requests/$u/copy", "{}", 0 },
    { CLERK, "/api/account/requests", "{\"kind\":\"correct\",\"field\":\"phone\","
        "\"value\":\"19900000009\"}", 0 },
    { CLERK, STEP("a"), ACT("take", ""), 0 },
    { CLERK, STEP("a"), ACT("release", NOTE), 0 },
    { CLERK, STEP("a"), ACT("take", NOTE), 0 },
    { CLERK, STEP("a"), ACT("hand_over", ",\"person\":\"107\"" NOTE), 0 },
    { CLERK_2, "/api/duty/handover", "{\"to\":\"106\",\"note\":\"灯杆已约好吊车\"}", 0 },
    { LEAD, "/api/duty/zone", "{\"layer\":\"grid\",\"zone\":\"320508001001001\","
        "\"version\":\"" NO_TURNS "\",\"turns\":[{\"days\":\"work free\",\"from\":\"08:30\","
        "\"to\":\"17:30\",\"account\":\"100\"}]}", 0 },
    { WORKER, "/api/duty/absence", "{\"from_ms\":1772413000000,\"to_ms\":1772500000000,"
        "\"substitute\":\"101\"}", 'w' },
    { WORKER, "/api/duty/absence/$w/end", "{}", 0 },
    { CLERK, "/api/duty/absence", "{\"from_ms\":1772413000000,\"to_ms\":1772500000000,"
        "\"substitute\":\"107\"}", 'x' },
    { TIMER, "away", "", 0 },
    { CLERK, "/api/duty/absence/$x/end", "{}", 0 },
    { CLERK_2, "/api/duty/handover", "{\"to\":\"106\",\"note\":\"你回来了\"}", 0 },
    { CHIEF, STEP("a"), ACT("cohandle", ",\"units\":[{\"unit\":\"10\",\"task\":\"去看\"},"
        "{\"unit\":\"5\",\"task\":\"拉线\",\"days\":2}]"), 0 },
    { FIREMAN, STEP("a"), ACT("cohandle_done", NOTE), 0 },
    { WORKER, STEP("a"), ACT("cohandle_decline", NOTE), 0 },
    { CLERK, STEP("a"), ACT("ask_extension", ",\"days\":3" NOTE), 0 },
    { CHIEF, STEP("a"), ACT("approve", ""), 0 },
    { CLERK, STEP("a"), ACT("ask_deferral", ",\"days\":5" NOTE), 0 },
    { CHIEF, STEP("a"), ACT("approve", NOTE), 0 },
    { CLERK, STEP("a"), ACT("resume", ""), 0 },
    { CLERK, STEP("a"), ACT("ask_return", ",\"reason\":\"not_duty\"" NOTE), 0 },
    { DISPATCHER_COUNTY, STEP("a"), ACT("refuse", NOTE), 0 },
    { CLERK, STEP("a"), ACT("tell", ",\"text\":\"今天去修\""), 0 },
    { CLERK, STEP("a"), ACT("note", NOTE), 0 },
    { DISPATCHER, STEP("a"), ACT("supervise", NOTE), 0 },
    { CLERK, STEP("a"), ACT("reply", REPLY), 0 },
    { DISPATCHER, STEP("a"), ACT("rework", NOTE), 0 },
    { CLERK, STEP("a"), ACT("reply", REPLY), 0 },
    { DISPATCHER, STEP("a"), ACT("verify", ""), 0 },
    { CODE('a'), "/api/receipt/rate", "{\"score\":4,\"text\":\"还行\"}", 0 },
    { CODE('a'), "/api/receipt/object", "{\"text\":\"又坏了\"}", 0 },
    { DISPATCHER_COUNTY, STEP("a"), ACT("assign", ",\"unit\":\"9\""), 0 },
    { CLERK, STEP("a"), ACT("solve", REPLY), 0 },
    { DISPATCHER, STEP("a"), ACT("verify", ""), 0 },
    { DISPATCHER, STEP("a"), ACT("close", ""), 0 },
    { CODE('a'), "/api/receipt/data/requests", "{\"kind\":\"erase\"}", 'u' },
    { DISPATCHER, "/api/personal/requests/$u/answer", GRANT(",\"how\":\"phone\""), 0 },
    { CODE('a'), "/api/receipt/reopen", "{\"text\":\"还是坏的\"}", 0 },
    { PUBLIC, REPORTS, QUARREL, 'b' },
    { PUBLIC, REPORTS, QUARREL, 'c' },
    { PUBLIC, REPORTS, QUARREL, 'd' },
    { PUBLIC, REPORTS, LAMP, 'e' },
    { DISPATCHER, STEP("b"), ACT("link", ",\"number2\":\"$e\""), 0 },
    { DISPATCHER, STEP("b"), ACT("split", ",\"text\":\"还有灯\",\"category\":\"02\""), 0 },
    { DISPATCHER, STEP("b"), ACT("recategorise", ",\"category\":\"01\""), 0 },
    { DISPATCHER, STEP("b"), ACT("merge", ",\"number2\":\"$c\""), 0 },
    { DISPATCHER, STEP("c"), ACT("escalate", NOTE), 0 },
    { DISPATCHER, STEP("d"), ACT("not_accept", ",\"reason\":\"in_court\"" REPLY), 0 },
    { CODE('e'), "/api/receipt/withdraw", "{}", 0 },
    { PUBLIC, REPORTS, LAMP, 'f' },
    { TIMER, "later", "", 0 },
    { CODE('f'), "/api/receipt/urge", "{}", 0 },
    { PUBLIC, REPORTS, LAMP, 'i' },
    { CLERK, STEP("i"), ACT("ask_return", ",\"reason\":\"not_duty\"" NOTE), 0 },
    { TIMER, "rings", "", 0 },
    { TIMER, "sends", "", 0 },
    { WORKER, "/api/matters", "{\"text\":\"楼道有杂物\",\"category\":\"99\",\"origin\":\"patrol\","
        "\"lon\":120.005,\"lat\":31.005,\"solved\":true,\"reply\":\"已经清走了\"}", 'g' },
    { FIREMAN, "/api/matters", "{\"text\":\"吵架\",\"category\":\"99\",\"origin\":\"phone\","
        "\"lon\":120.005,\"lat\":31.005,\"name\":\"王先生\"}", 'h' },
    { WORKER, STEP("h"), ACT("pass", ",\"unit\":\"3\"" NOTE), 0 },
    { DISPATCHER, "/api/matters/bulk", "{\"numbers\":[\"$f\",\"$h\",\"$g\"],\"action\":\"note\","
        "\"note\":\"一起办\"}", 0 },
    { DISPATCHER, "/api/matters/$h/reveal", "{\"reporter\":1,\"purpose\":\"约时间上门\"}", 0 },
    { DISPATCHER_CITY, "/api/drafts", RULES("一", ""), 'i' },
    { DISPATCHER_CITY, "/api/drafts", RULES("二", ",\"id\":\"$i\",\"changed\":$#"), 0 },
    { ADMIN, "/api/rehearsals", "{\"draft\":\"$i\",\"days\":30}", 0 },
    { ADMIN, "/api/rehearsals/1/cancel", "", 0 },
    { ADMIN, "/api/drafts/$i/publish", "{\"changed\":$#}", 0 },
    { DISPATCHER_CITY, "/api/drafts", RULES("三", ""), 'k' },
    { ADMIN, "/api/drafts/$k/publish", "{\"changed\":$#,\"valid_from\":4000000000000}", 0 },
    { ADMIN, "/api/versions/rule/3/take_back", "{\"why\":\"弄错了\"}", 0 },
    { DISPATCHER_COUNTY, "/api/drafts", "{\"kind\":\"grid\",\"name\":\"x\",\"body\":\"{\\\"type\\\":"
        "\\\"Feature\\\"}\"}", 'j' },
    { DISPATCHER_COUNTY, "/api/drafts/$j/remove", "", 0 },
    { DISPATCHER, "/api/fusion/merge", "{\"grid\":\"320508001001001\",\"police\":\"502\"}", 0 },
    { DISPATCHER, "/api/disputes", "{\"type\":\"neighbour\",\"source\":\"police\",\"text\":\"邻居吵架\","
        "\"document\":\"公调1号\",\"reason\":\"双方愿意\","
        "\"grid\":\"320508001001002\",\"came_from\":\"$f\",\"parties\":[{\"side\":\"applicant\","
        "\"name\":\"王甲\"},{\"side\":\"respondent\",\"name\":\"李乙\"}]}", 'q' },
    { MEDIATOR, "/api/matters/$q/reveal", "{\"reporter\":1,\"purpose\":\"交给本人\"}", 0 },
    { MEDIATOR, STEP("q"), ACT("consent", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("q"), ACT("consent", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("q"), ACT("tell_rights", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("q"), ACT("tell_rights", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("q"), ACT("accept", ""), 0 },
    { MEDIATOR, STEP("q"), ACT("name_mediator", ",\"mediator\":\"103\",\"how\":\"parties\""), 0 },
    { MEDIATOR, STEP("q"), ACT("caucus", ",\"party\":1,\"text\":\"底线\""), 0 },
    { MEDIATOR, STEP("q"), ACT("refer", ",\"unit\":\"9\",\"consents\":[{\"party\":1,\"how\":\"phone\"},"
        "{\"party\":2,\"how\":\"phone\"}]" NOTE), 't' },
    { CLERK, "/api/disputes/$q/transfers/$t", "{\"answer\":\"accepted\"}", 0 },
    { CLERK, "/api/disputes/$q/transfers/$t/letter", "{}", 0 },
    { MEDIATOR, STEP("q"), ACT("agree_oral", ",\"text\":\"和好\",\"promises\":[{\"party\":2,"
        "\"what\":\"赔钱\",\"amount\":9,\"due_ms\":1790000000000}]"), 0 },
    { CODE('q'), "/api/receipt/message", "{\"text\":\"钱什么时候到\"}", 0 },
    { MEDIATOR, STEP("q"), ACT("tell", ",\"text\":\"约定的是九月\""), 0 },
    { MEDIATOR, STEP("q"), ACT("note", NOTE), 0 },
    { MEDIATOR, STEP("q"), ACT("visit", ",\"text\":\"上门看过，都还好\""), 0 },
    { MEDIATOR, STEP("q"), ACT("kept", ",\"promise\":1"), 0 },
    { MEDIATOR, STEP("q"), ACT("unkept", ",\"promise\":1,\"note\":\"记错了一笔\""), 0 },
    { MEDIATOR, STEP("q"), ACT("kept", ",\"promise\":1"), 0 },
    { MEDIATOR, STEP("q"), ACT("feed_back", ",\"transfer\":\"$s\",\"reply\":\"已经了结了\""), 0 },
    { MEDIATOR, STEP("q"), ACT("call_back", ",\"reply\":\"双方都满意\""), 0 },
    { MEDIATOR, "/api/disputes/$q/scans", "{\"paper\":\"identity\",\"party\":1,"
        "\"caption\":\"证件已核对\"}", 'z' },
    { MEDIATOR, "/api/disputes/$q/scans/$z/off", "{\"note\":\"登错了\"}", 0 },
    { MEDIATOR, "/api/disputes/$q/papers/oral", "{}", 0 },
    { MEDIATOR, "/api/disputes/$q/zip", "{}", 0 },
    { CODE('q'), "/api/receipt/papers/oral", "{}", 0 },
    { MEDIATOR, "/api/disputes/$q/archive", "{\"retention\":\"long\"}", 0 },
    { ADMIN, "/api/committees/12/studios", "{\"name\":\"老王工作室\",\"about\":\"邻里\","
        "\"hours\":\"周一\",\"place\":\"一楼\",\"households\":900}", 'o' },
    { ADMIN, "/api/committees/12/people", "{\"account\":\"103\",\"name\":\"王\",\"kind\":\"expert\","
        "\"since_ms\":1000,\"to_ms\":3900000000000,\"studio\":\"$o\"}", 0 },
    { DIRECTOR, "/api/committees/12/households", "{\"studio\":\"$o\",\"year\":2026,\"quarter\":1,"
        "\"households\":30}", 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_TWO, 'l' },
    { MEDIATOR, STEP("l"), ACT("add_parties", ",\"parties\":[{\"side\":\"respondent\",\"name\":\"律师\","
        "\"role\":\"agent\",\"stands_for\":2,\"scope\":\"evidence\"}]"), 0 },
    { CODE('l'), "/api/receipt/agree", "{}", 0 },
    { MEDIATOR, STEP("l"), ACT("consent", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("l"), ACT("tell_rights", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("l"), ACT("tell_rights", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("l"), ACT("accept", ""), 0 },
    { MEDIATOR, STEP("l"), ACT("name_mediator", ",\"mediator\":\"103\",\"how\":\"parties\""), 0 },
    { MEDIATOR, STEP("l"), ACT("disclose", ",\"note\":\"同村\""), 0 },
    { MEDIATOR, STEP("l"), ACT("consent", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("l"), ACT("consent", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("l"), ACT("invite", ",\"who\":\"王大伯\",\"how\":\"relative\""), 0 },
    { MEDIATOR, STEP("l"), ACT("admit", ",\"guest\":1,\"party\":1"), 0 },
    { MEDIATOR, STEP("l"), ACT("choose_door", ",\"how\":\"open\""), 0 },
    { MEDIATOR, STEP("l"), ACT("to_studio", ",\"studio\":\"$o\""), 0 },
    { MEDIATOR, STEP("l"), ACT("cohandle", ",\"units\":[{\"unit\":\"9\",\"task\":\"看\"},"
        "{\"unit\":\"10\",\"task\":\"看\"}],\"consents\":[{\"party\":1,\"how\":\"phone\"},"
        "{\"party\":2,\"how\":\"phone\"}]"), 0 },
    { CLERK, STEP("l"), ACT("cohandle_done", NOTE), 0 },
    { FIREMAN, STEP("l"), ACT("cohandle_decline", NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("add_parties", ",\"parties\":[{\"side\":\"respondent\",\"name\":\"物业\","
        "\"kind\":\"organisation\",\"role\":\"agent\",\"stands_for\":2,\"scope\":\"evidence\"}]"), 0 },
    { MEDIATOR, STEP("l"), ACT("describe_party", ",\"party\":4,\"credit_code\":\"91320508MA1MABCD2H\","
        "\"seat\":\"平江路1号\",\"head\":\"周明\""), 0 },
    { MEDIATOR, STEP("l"), ACT("correct_party", ",\"party\":4,\"reason\":\"person\",\"name\":\"和美物业\",\"phone\":"
        "\"051212345678\""), 0 },
    { MEDIATOR, STEP("l"), ACT("add_parties", ",\"parties\":[{\"side\":\"respondent\",\"name\":\"误登\"}]"),
        0 },
    { MEDIATOR, STEP("l"), ACT("drop_party", ",\"party\":5" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("classify", ",\"result\":\"hard\""), 0 },
    { MEDIATOR, STEP("l"), ACT("plan_sitting", ",\"at_ms\":1790000000000,\"place\":\"一号\""), 0 },
    { MEDIATOR, STEP("l"), ACT("cancel_sitting", ",\"sitting\":1" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("pause", ",\"days\":5" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("resume", ""), 0 },
    { MEDIATOR, STEP("l"), ACT("lengthen", ",\"days\":5" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("sitting", ",\"text\":\"双方到场\",\"result\":\"agreed\""), 0 },
    { MEDIATOR, STEP("l"), ACT("caucus", ",\"party\":1,\"text\":\"底线\""), 0 },
    { MEDIATOR, "/api/disputes/$l/caucus", "{}", 0 },
    { MEDIATOR, STEP("l"), ACT("facts", ",\"text\":\"都承认漏水\""), 0 },
    { MEDIATOR, STEP("l"), ACT("sign_facts", ",\"party\":1,\"how\":\"signature\""), 0 },
    { MEDIATOR, STEP("l"), ACT("ask_written", ",\"party\":1"), 0 },
    { MEDIATOR, STEP("l"), PROMISED("agree_written"), 0 },
    { MEDIATOR, STEP("l"), ACT("not_signed", NOTE), 0 },
    { MEDIATOR, STEP("l"), PROMISED("agree_written"), 0 },
    { MEDIATOR, STEP("l"), ACT("sign", ",\"party\":1,\"how\":\"signature\""), 0 },
    { MEDIATOR, STEP("l"), ACT("sign", ",\"party\":2,\"how\":\"seal\""), 0 },
    { MEDIATOR, STEP("l"), ACT("sign_mediator", ""), 0 },
    { MEDIATOR, STEP("l"), ACT("seal", ""), 0 },
    { MEDIATOR, STEP("l"), ACT("apply_confirm", ",\"party\":2,\"how\":\"written\",\"ownership\":\"no\""), 0 },
    { CODE('l'), "/api/receipt/ask_court", "{\"ownership\":\"no\"}", 0 },
    { MEDIATOR, STEP("l"), ACT("court_decided", ",\"result\":\"dismissed\""), 0 },
    { MEDIATOR, STEP("l"), ACT("correct_ruling", ",\"result\":\"confirmed\"" NOTE), 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_TWO, 'm' },
    { MEDIATOR, STEP("m"), ACT("not_accept", ",\"reason\":\"in_court\"" REPLY), 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_A_CHILD, 'm' },
    { CODE('m'), "/api/receipt/ask_stop", "{}", 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_TWO, 'p' },
    { CODE('p'), "/api/receipt/withdraw", "{}", 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_TWO, 'r' },
    { MEDIATOR, STEP("r"), ACT("consent", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("r"), ACT("consent", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("r"), ACT("tell_rights", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("r"), ACT("tell_rights", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("r"), ACT("accept", ""), 0 },
    { MEDIATOR, STEP("r"), ACT("name_mediator", ",\"mediator\":\"103\",\"how\":\"parties\""), 0 },
    { MEDIATOR, STEP("r"), PROMISED("agree_oral"), 0 },
    { TIMER, "rings", "", 0 },
    { MEDIATOR, STEP("r"), ACT("broken", ",\"promise\":1" NOTE), 0 },
    { MEDIATOR, STEP("r"), ACT("to_court", REPLY), 0 },
    { MEDIATOR, STEP("l"), ACT("broken", ",\"promise\":101" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("mediate_again", NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("release_mediator", ",\"mediator\":\"103\"" NOTE), 0 },
    { MEDIATOR, STEP("l"), ACT("escalate", NOTE), 0 },
    { MEDIATOR_TOWN, STEP("l"), ACT("consent_refused", ",\"party\":2,\"how\":\"phone\"" REPLY), 0 },
    { MEDIATOR, DISPUTES, QUARREL_OF_TWO, 'y' },
    { MEDIATOR, STEP("y"), ACT("consent", ",\"party\":1,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("y"), ACT("consent", ",\"party\":2,\"how\":\"phone\""), 0 },
    { MEDIATOR, STEP("y"), ACT("accept", ""), 0 },
    { MEDIATOR, STEP("y"), ACT("end", ",\"reason\":\"no_agreement\"" REPLY), 0 },
    { ADMIN, "/api/committees/12", "{\"short_name\":\"东一\",\"kind\":\"community\","
        "\"term_from_ms\":1772413000000,\"members\":[{\"name\":\"王\",\"post\":\"director\"}]}", 0 },
    { MEDIATOR, "/api/statistics/disputes/counts", "{\"unit\":\"12\",\"year\":2026,\"quarter\":1,"
        "\"counts\":[{\"figure\":\"looked_for\",\"n\":2}]}", 0 },
    { PUBLIC, REPORTS, "{\"text\":\"灯不亮\",\"category\":\"99\",\"place_text\":\"枫江区\"}", 'k' },
    { SUPERVISOR, STEP("k"), ACT("regrid", ",\"grid\":\"320508001001002\"" NOTE), 0 },
    { SUPERVISOR, STEP("k"), ACT("hold", NOTE), 0 },
    { SUPERVISOR, STEP("k"), ACT("release_hold", NOTE), 0 },
    { MEDIATOR, STEP("y"), ACT("hold", NOTE), 0 },
    { MEDIATOR, STEP("y"), ACT("release_hold", NOTE), 0 },
    { DISPATCHER, "/api/exports", "{\"list\":\"matters\",\"view\":\"region\",\"order\":\"new\","
        "\"format\":\"csv\",\"open\":[\"name\"],\"reason\":\"call_back\",\"purpose\":\"回访\","
        "\"why\":\"要逐个打电话回访\"}", 'j' },
    { SUPERVISOR, "/api/exports/$j/decide", "{\"approve\":true," WHY "}", 0 },
    { DISPATCHER, "/api/exports/$j/file", "", 0 },
    { TIMER, "redrawn", "", 0 },
    { SUPERVISOR, "/api/regrid", "{\"note\":\"网格已撤销\"}", 0 },
    { ADMIN, "/api/imports", GRID_FILE("东头"), 'p' },
    { ADMIN, "/api/imports/$p/check", "", 0 },
    { ADMIN, "/api/imports/$p/publish", "{\"good_rows\":true}", 0 },
    { ADMIN, "/api/imports", GRID_FILE("西头"), 'q' },
    { ADMIN, "/api/imports/$q/discard", "", 0 },
    { PUBLIC, "/api/login", "{\"username\":\"ADMIN\",\"password\":\"correct horse battery\"}", 0 },
    { ADMIN, "/api/tables/calendar", "{\"csv\":\"date,work,name\\n2027-01-01,false,元旦\\n\","
        "\"moves\":1}", 0 },
    { ADMIN, "/api/accounts", "{\"username\":\"new.one\",\"name\":\"新来\",\"memberships\":["
        "{\"unit\":\"3\",\"role\":\"clerk\"},{\"unit\":\"4\",\"role\":\"chief\","
        "\"from_ms\":4000000000000}]," WHY "}", 'n' },
    { ADMIN, "/api/accounts/$n", "{\"name\":\"新人\",\"phone\":\"13800001111\"," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/memberships", "{\"memberships\":[{\"unit\":\"3\","
        "\"role\":\"dispatcher\"}]," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/act", "{\"act\":\"password\"," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/act", "{\"act\":\"second_factor\"," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/act", "{\"act\":\"disable\"," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/act", "{\"act\":\"enable\"," WHY "}", 0 },
    { ADMIN, "/api/accounts/$n/act", "{\"act\":\"unlock\"," WHY "}", 0 },
    { ADMIN, "/api/account/second-factor", "{" CURRENT ",\"secret\":\"" SECRET "\","
        "\"code\":\"$@\"}", 0 },
    { ADMIN, "/api/account/recovery-codes", "{" CURRENT "}", 0 },
    { ADMIN, "/api/account/second-factor/off", "{" CURRENT "}", 0 },
    { ADMIN, "/api/account/sessions/end", "{\"which\":\"others\"}", 0 },
    { ADMIN, "/api/account/password", "{" CURRENT ",\"password\":\"oak lamp ferry quilt\"}",
        0 },
    { ADMIN, "/api/logout", "", 0 },
    { TIMER, "night", "", 0 },
};

SQL_WRITES(PHONES, "test.phones", "UPDATE account SET phone = '051212345' WHERE id > 0");

struct tale {
    struct town town;
    struct str slots[SLOTS], codes[SLOTS];
    int64_t changed_ms;     /* of a draft, before this line */
    bool dispute[SLOTS];    /* what is in this slot is one */
    bool done[STEP_TABLES_MAX][128];    /* steps taken, by their places in the tables */
    const struct route *routes[512];
    size_t n_routes;
    struct arena policy_own;
    const struct policy *policy;
    struct hash digest;     /* of the database after the last attempt, if any was told */
    bool told;
};

static struct str filled(struct tale *tale, const char *text)
{
    struct buf b = buf_in(&tale->town.a, 4000);
    for (const char *p = text; *p; p++)
        if (*p != '$')
            buf_byte(&b, *p);
        else if (*++p == '#')
            buf_fmt(&b, "%lld", (long long)tale->changed_ms);
        else if (*p == '@')
            buf_fmt(&b, "%06u", totp_code(STR("12345678901234567890"),
                tale->town.now_ms / TOTP_STEP_MS));
        else
            buf_add(&b, tale->slots[*p - 'a']);
    buf_byte(&b, '\0');
    return (struct str){ b.p, b.n - 1 };
}

/* The photo helper's part is played here: what it would have left for the command. */
static enum err uploaded(struct command *c)
{
    struct upload_made *made = NEW(c->cx.a, struct upload_made);
    struct params none = { .n = 0 };
    TRY(route_find(STR("POST"), STR("/api/uploads"), &c->route, &none));
    TRY(command_decode(c, STR(""), &none, &none));
    record_clear(&upload_record, &made->answer);
    made->answer = (struct upload){ .width = 4, .height = 3, .bytes = 5 };
    (void)snprintf(made->main.hex, sizeof(made->main.hex), "aa");
    (void)snprintf(made->thumb.hex, sizeof(made->thumb.hex), "bb");
    c->cx.prepared = made;
    c->out = buf_in(c->cx.a, 4000);
    return OK;
}

/* So is that of the helper for files. */
static enum err imported(struct command *c, struct str file)
{
    struct params none = { .n = 0 }, said = { .n = 3,
        .names = { STR("layer"), STR("name"), STR("extent") },
        .values = { STR("grid"), STR("x.geojson"), STR("part") } };
    struct source source = { .name = STR("x.geojson"), .bytes = file };
    struct features f;
    struct str rows;
    TRY(route_find(STR("POST"), STR("/api/imports"), &c->route, &none));
    TRY(command_decode(c, STR(""), &said, &none));
    TRY(source_read(c->cx.a, &source, &f, &c->cx.info));
    TRY(rows_write(c->cx.a, &f, &rows, &c->cx.info));
    c->cx.body = file;
    c->out = buf_in(c->cx.a, 1 << 20);
    return import_prepare_rows(&c->cx, c->in, rows);
}

/* What the courier writes: taken, then every other one handed over. */
static enum err send(struct cx *cx)
{
    struct list due;
    bool got = false;
    TRY(outbox_due(cx->db, cx->a, cx->now_ms, false, 50, &due));
    struct outbox_row *rows = due.p;
    for (size_t i = 0; i < due.n; i++) {
        TRY(outbox_take(cx, &rows[i], &got));
        struct outbox_end end = { i % 2 ? OUTCOME_AGAIN : OUTCOME_SENT, "no connection", 0 };
        TRY(outbox_settle(cx, &rows[i], &end));
    }
    return OK;
}

/* One round of the timer: deadlines, or work of people who are away; or of the courier. */
static enum err ring(struct command *c, const char *what)
{
    size_t done = 0;
    enum err e = db_begin(c->cx.db);
    if (e == OK && strcmp(what, "away") == 0)
        e = duty_round(&c->cx, 50);
    else if (e == OK && strcmp(what, "sends") == 0)
        e = send(&c->cx);
    else if (e == OK)
        e = timer_round(&c->cx, 50, &done);
    if (e == OK)
        e = db_commit(c->cx.db);
    if (e != OK)
        db_rollback(c->cx.db);
    return e;
}

/* A night of one matter for each term. */
static enum err night_parts(struct cx *cx)
{
    struct keepings terms;
    bool mine;
    TRY(night_begin(cx, &mine));
    TRY(keepings_read(cx->db, cx->a, cx->now_ms, &terms));
    TRY(due_sign_ins(cx, &terms));
    for (int what = 0; what <= KEEP_MATTERS_LAST; what++) {
        struct due_walk w = { .what = (enum term)what };
        struct list due;
        int64_t n = 0;
        TRY(due_next(cx->db, cx->a, &terms, cx->now_ms, &w, &due));
        assert_true(due.n > 0 || what == KEEP_PHOTOS || what == KEEP_FILE_LONG);
        if (due.n)
            TRY(due_erase(cx, &terms, w.what, due.p, 1, &n));
    }
    return night_end(cx);
}

static enum err pass_night(struct command *c)
{
    enum err e = db_begin(c->cx.db);
    if (e == OK)
        e = night_parts(&c->cx);
    if (e == OK)
        e = db_commit(c->cx.db);
    if (e != OK)
        db_rollback(c->cx.db);
    return e;
}

static enum err attempt(struct tale *tale, const struct line_told *l, struct command *c)
{
    struct town *t = &tale->town;
    const char *path = filled(tale, l->path).p;
    *c = (struct command){ .cx = l->who >= 0 ? town_staff(t, (enum town_person)l->who)
        : l->who == TIMER ? town_system(t) : town_public(t) };
    c->cx.key = arena_fmt(&t->a, "key-of-line-%03d", (int)(l - story));
    if (l->who == TIMER && strcmp(l->path, "night") == 0)
        return pass_night(c);
    if (l->who == TIMER)
        return ring(c, l->path);
    if (l->who <= CODE_A)
        TRY(access_by_code(&c->cx, tale->codes[CODE_A - l->who]));
    if (strcmp(path, "/api/uploads") == 0)
        TRY(uploaded(c));
    else if (strcmp(path, "/api/imports") == 0)
        TRY(imported(c, filled(tale, l->json)));
    else
        TRY(town_prepare(c, "POST", path, filled(tale, l->json)));
    return town_commit(c);
}

/* The first receipt code that an answer hands out. */
static struct str code_in(struct tale *tale, struct str answer)
{
    struct str name = STR("\"code\":\""), rest;
    ptrdiff_t at = str_find(answer, name);
    if (at < 0)
        return STR_NONE;
    rest = (struct str){ answer.p + at + name.n, answer.n - (size_t)at - name.n };
    return arena_str(&tale->town.a, str_cut(rest, '"', &rest));
}

/* The line's matter: of the slot in its path, or whose code it is. */
static bool is_of_dispute(const struct tale *tale, const struct line_told *l)
{
    const char *at = strchr(l->path, '$');
    return at ? tale->dispute[at[1] - 'a'] : l->who <= CODE_A && tale->dispute[CODE_A - l->who];
}

static void steps_note(struct tale *tale, const struct line_told *l)
{
    for (size_t k = 0; k < step_tables_n; k++) {
        const struct step_table *table = step_tables[k];
        if ((table == &dispute_table) != is_of_dispute(tale, l))
            continue;
        for (size_t i = 0; i < table->n; i++)
            if (strstr(l->json, arena_fmt(&tale->town.a, "\"action\":\"%s\"",
                table->steps[i].action).p) || (strncmp(l->path, "/api/receipt/", 13) == 0
                && strcmp(l->path + 13, table->steps[i].action) == 0))
                tale->done[k][i] = true;
    }
}

/* Numbers that an answer does not tell: of a studio, of a scan, of a hand-over. */
static struct str newest(struct tale *tale, char slot)
{
    int64_t id = slot == 'o' ? town_count(&tale->town, "SELECT max(id) FROM studio")
        : slot == 'z' ? town_count(&tale->town, "SELECT max(seq) FROM entry WHERE action = 'scanned'")
        : town_count(&tale->town, "SELECT coalesce(max(id), 0) FROM transfer");
    return arena_fmt(&tale->town.a, "%lld", (long long)id);
}

/* A dispute's registration may have sent a hand-over too. */
static void dispute_noted(struct tale *tale, const struct line_told *l)
{
    tale->dispute[l->slot - 'a'] = true;
    tale->slots['s' - 'a'] = newest(tale, 's');
}

static void note_done(struct tale *tale, const struct line_told *l, struct command *c)
{
    if (l->slot) {
        const char *member = strcmp(l->path, "/api/uploads") == 0 ? "upload"
            : strstr(l->path, "absence") || strcmp(l->path, "/api/drafts") == 0
            || strcmp(l->path, "/api/imports") == 0 || strcmp(l->path, "/api/accounts") == 0
            || strcmp(l->path, "/api/exports") == 0
            ? "id" : "number";
        int i = l->slot - 'a';
        tale->slots[i] = strchr("toz", l->slot) ? newest(tale, l->slot)
            : town_member(&tale->town, &c->out, member);
        tale->codes[i] = code_in(tale, buf_str(&c->out));
        tale->dispute[i] = strcmp(l->path, DISPUTES) == 0;
        if (tale->dispute[i])
            dispute_noted(tale, l);
        assert_true(tale->slots[i].n > 0);
    }
    if (strstr(l->path, "reveal") && code_in(tale, buf_str(&c->out)).n)
        tale->codes[strchr(l->path, '$')[1] - 'a'] = code_in(tale, buf_str(&c->out));
    steps_note(tale, l);
    if (c->route)
        tale->routes[tale->n_routes++ % COUNT_OF(tale->routes)] = c->route;
}

/* One line with its n-th call failing. True when it was carried out. */
static bool with_fault(struct tale *tale, const struct line_told *l, unsigned n)
{
    struct town *t = &tale->town;
    struct command c;
    struct hash before = tale->told ? tale->digest : town_digest(t);
    db_fault_at(t->db, n);
    enum err e = attempt(tale, l, &c);
    bool fired = db_fault_fired(t->db);
    db_fault_at(t->db, 0);
    struct hash after = tale->digest = town_digest(t);
    tale->told = true;
    bool same = hash_eq(&before, &after);
    if (!fired) {
        if (e != OK)
            fail_msg("line %d %s %s: %s %s %s", (int)(l - story), l->path, l->json, err_code(e),
                c.cx.info.field, c.cx.info.en);
        note_done(tale, l, &c);
        return true;
    }
    if (e != E_DB && e != E_UNKNOWN)
        fail_msg("%s %s, call %u fails: %s", l->path, l->json, n, err_code(e));
    if (e == E_DB && !same)
        fail_msg("%s %s, call %u fails and leaves something behind", l->path, l->json, n);
    if (e == E_DB || same)
        return false;
    assert_int_equal(attempt(tale, l, &c), OK);     /* it had been committed: asked again */
    struct hash again = tale->digest = town_digest(t);
    if (l->who != TIMER && strstr(l->path, "matters") && !strstr(l->path, "reveal"))
        assert_true(hash_eq(&after, &again));
    note_done(tale, l, &c);
    return true;
}

/* Where calls leave their lines, and how many there are; and the entries that matters count. */
enum { ENTRIES, RECORDS = 7 };
static const char *const records[RECORDS] = { "entry", "access_log", "account_change",
    "register_change", "catalogue", "taken_back", "export_step" };
struct recorded { int64_t n[RECORDS], counted; };

static struct recorded recorded_now(struct town *t)
{
    return (struct recorded){ { town_count(t, "SELECT COUNT(*) FROM entry"),
        town_count(t, "SELECT COUNT(*) FROM access_log"),
        town_count(t, "SELECT COUNT(*) FROM account_change"),
        town_count(t, "SELECT COUNT(*) FROM register_change"),
        town_count(t, "SELECT COUNT(*) FROM catalogue"),
        town_count(t, "SELECT COUNT(*) FROM taken_back"),
        town_count(t, "SELECT COUNT(*) FROM export_step") },
        town_count(t, "SELECT CAST(coalesce(sum(seq), 0) AS BIGINT) FROM matter") };
}

/* Steps that change a second matter beside their own, and so leave a second entry. */
static bool changes_two(const struct line_told *l)
{
    return strstr(l->json, "\"merge\"") || strstr(l->json, "\"split\"");
}

/* The line is in its table and in no other; a step leaves one entry for each matter it changes. */
static void line_is_recorded(struct tale *tale, const struct line_told *l,
    const struct recorded *was)
{
    struct recorded is = recorded_now(&tale->town);
    const struct route *r = tale->n_routes ? tale->routes[(tale->n_routes - 1)
        % COUNT_OF(tale->routes)] : NULL;
    struct str leaves = l->who == TIMER || r == NULL ? STR("entry")
        : policy_leaves(tale->policy, str_c(r->name));
    if (leaves.n == 0)
        fail_msg("where does %s leave its line?", r ? r->name : "");
    for (size_t i = 0; i < RECORDS; i++) {
        int64_t more = is.n[i] - was->n[i];
        bool due = r == NULL ? str_is(leaves, records[i])
            : policy_leaves_in(tale->policy, str_c(r->name), records[i]);
        if (l->who != TIMER && (more > 0) != due)
            fail_msg("%s %s leaves %lld in %s", l->path, l->json, (long long)more, records[i]);
        if (i > ENTRIES && r && l->who != TIMER && r->lane != LANE_READ && strstr(r->name, "paper") == NULL
            && strcmp(r->name, "dossier_zip") != 0 && strcmp(r->name, "export_file") != 0
            && strcmp(r->name, "letter") != 0 && more > 1)
            fail_msg("%s %s leaves %lld lines in %s", l->path, l->json, (long long)more, records[i]);
    }
    assert_int_equal(is.counted - was->counted, is.n[ENTRIES] - was->n[ENTRIES]);
    if (r && l->who != TIMER && strcmp(r->name, "step") == 0)
        assert_int_equal(is.n[ENTRIES] - was->n[ENTRIES], changes_two(l) ? 2 : 1);
}

static void tell(struct tale *tale, const struct line_told *l)
{
    struct town *t = &tale->town;
    struct recorded was = recorded_now(t);
    if (strcmp(l->path, "later") == 0)
        t->now_ms += 20 * (int64_t)3600000;
    else if (strcmp(l->path, "rings") == 0)
        t->now_ms += 40 * (int64_t)CLOCK_DAY_MS;
    else if (strcmp(l->path, "night") == 0)
        t->now_ms += 2000 * (int64_t)CLOCK_DAY_MS;
    else
        t->now_ms += 60000;
    if (strcmp(l->path, "redrawn") == 0) {
        town_merge_grids(t);
        tale->told = false;
        return;
    }
    if (l->json && strstr(l->json, "$#"))
        tale->changed_ms = town_count(t, "SELECT max(changed_ms) FROM draft");
    /* To a file each fifth call, to a server, which takes longer over it, each twentieth, from
     * another one on in each line; with CALLS set each. */
    unsigned each = getenv("CALLS") ? 1 : t->on_server ? 20 : 5;
    unsigned n = 1 + (unsigned)(l - story) % each, first = n;
    while (n < CALLS_MAX && !with_fault(tale, l, n))
        n += each;
    assert_true((n > first || each > 1) && n < CALLS_MAX);
    line_is_recorded(tale, l, &was);
}

static int setup(void **state)
{
    struct tale *tale = heap_alloc(sizeof(*tale));
    town_open(&tale->town, 3, NULL);
    tale->town.pushes = true;
    if (db_exec(tale->town.db, &PHONES, NO_ARGS, NULL) != OK)
        return -1;
    town_password(&tale->town, ADMIN, STR("correct horse battery"));
    log_level_set((enum log_level)(LOG_ERROR + 1));
    arena_init(&tale->policy_own, 16 << 20);
    tale->policy = policy_of_document(&tale->policy_own);
    *state = tale;
    return 0;
}

static int teardown(void **state)
{
    struct tale *tale = *state;
    town_close(&tale->town);
    arena_free(&tale->policy_own);
    heap_free(tale);
    return 0;
}

static void every_failure_leaves_nothing_and_the_next_attempt_works(void **state)
{
    struct tale *tale = *state;
    for (size_t i = 0; i < COUNT_OF(story); i++)
        tell(tale, &story[i]);
    const char *broken = town_check(&tale->town);
    if (broken)
        fail_msg("%s", broken);
    assert_true(town_count(&tale->town, "SELECT count(*) FROM access_log WHERE account = 0"
        " AND fields = 'phone'") > 3);
    assert_true(town_count(&tale->town, "SELECT count(*) FROM outbox WHERE tries = 1") > 1);
}

static void every_writing_route_has_its_line(void **state)
{
    const struct tale *tale = *state;
    for (size_t m = 0; m < modules_n; m++)
        for (size_t i = 0; i < modules[m]->n_routes; i++) {
            const struct route *r = &modules[m]->routes[i];
            bool told = r->lane == LANE_READ;
            for (size_t k = 0; k < tale->n_routes && k < COUNT_OF(tale->routes); k++)
                told = told || tale->routes[k] == r;
            if (!told)
                fail_msg("%s %s is not in the story", r->method, r->path);
        }
}

static void every_step_has_its_line(void **state)
{
    const struct tale *tale = *state;
    for (size_t k = 0; k < step_tables_n; k++)
        for (size_t i = 0; i < step_tables[k]->n; i++)
            if (!tale->done[k][i] && step_tables[k]->steps[i].who != REL_SYSTEM)
                fail_msg("%s of a %s is not in the story", step_tables[k]->steps[i].action,
                    step_tables[k]->kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_leaves_nothing_and_the_next_attempt_works),
        cmocka_unit_test(every_writing_route_has_its_line),
        cmocka_unit_test(every_step_has_its_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
