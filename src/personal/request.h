/* request.h: what people ask about their own data (personal information protection law, articles 44
 * to 50): to see it, to correct it, to have it erased. Whoever reported, or is a party, asks by the
 * code that opens their matter; who has no telephone asks a colleague to enter it; colleagues ask
 * about their own account. Each request has a number, a limit in working days, and a unit that
 * answers: of a report the centre of its territory, of a dispute the committee that has it, of an
 * account whoever administers it. */
#pragma once
#include "desk/desk.h"
#include "personal/columns.h"
#include "personal/personal.h"

/* word, Chinese, English */
#define REQUEST_KINDS(X) \
    X(REQUEST_SEE, "see", "查阅、复制", "See and copy") \
    X(REQUEST_CORRECT, "correct", "更正", "Correct") \
    X(REQUEST_ERASE, "erase", "删除", "Erase")
#define REQUEST_STATES(X) \
    X(REQUEST_OPEN, "open", "待答复", "To be answered") \
    X(REQUEST_GRANTED, "granted", "已办理", "Carried out") \
    X(REQUEST_REFUSED, "refused", "未予办理", "Refused") \
    X(REQUEST_WITHDRAWN, "withdrawn", "已撤回", "Withdrawn")
#define REQUEST_FIELDS(X) \
    X(FIELD_NAME, "name", "称呼、姓名", "Name") \
    X(FIELD_PHONE, "phone", "电话", "Telephone")
/* How it was made sure that the person is who the data is about. proof: they gave the telephone
 * number that is on file; account: they signed in. */
#define REQUEST_HOWS(X) \
    X(HOW_IN_PERSON, "in_person", "当面核对证件", "In person, with an identity document") \
    X(HOW_PHONE, "phone", "回拨登记的电话", "By calling the number on file") \
    X(HOW_WRITTEN, "written", "书面材料", "By documents in writing") \
    X(HOW_PROOF, "proof", "本人填对了登记的电话", "They knew the number on file") \
    X(HOW_ACCOUNT, "account", "本人登录", "They signed in")
/* Why a request may be refused, and no other reasons. */
#define REQUEST_REASONS(X) \
    X(REASON_OPEN, "open_matter", "事项还没有办结，办理需要这些信息（第四十七条第一款第一项）", \
        "The matter is not settled, and needs the data (article 47)") \
    X(REASON_LAW, "kept_by_law", "法律、行政法规规定的保存期限未满（第四十七条第二款）", \
        "The law wants it kept for longer (article 47)") \
    X(REASON_HELD, "held", "为诉讼、复议等程序封存", "It is kept for a proceeding") \
    X(REASON_OTHERS, "others", "涉及他人的信息", "It is about others, too") \
    X(REASON_UNPROVEN, "not_proven", "无法核实是本人", "It could not be made sure that it is them") \
    X(REASON_RIGHT, "is_right", "经核实，登记的信息无误（第四十六条）", "What is on file was found right (article 46)") \
    X(REASON_NOTHING, "nothing", "没有保存所指的信息", "Nothing such is kept")

struct request_word { const char *word, *zh, *en; };
extern const char *const request_kinds[], *const request_fields[], *const request_states[],
    *const request_proofs[], *const request_reasons[];

#define REQUEST(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, matter, 0, 0, 0, NULL, "0: about an account") \
    X(R, I64, no, 0, 0, 0, NULL, "reporter or party") X(R, I64, account, 0, 0, 0, NULL, "or 0") \
    X(R, STR, kind, 0, 0, 0, NULL, "") X(R, STR, field, 0, 0, 0, NULL, "to be corrected, or empty") \
    X(R, STR, state, 0, 0, 0, NULL, "") X(R, I64, unit, 0, 0, 0, NULL, "who answers") \
    X(R, STR, how, 0, 0, 0, NULL, "") X(R, STR, reason, 0, 0, 0, NULL, "why refused, or empty") \
    X(R, I64, asked_ms, 0, 0, 0, NULL, "") X(R, I64, due_ms, 0, 0, 0, NULL, "") \
    X(R, I64, late, 0, 0, 0, NULL, "") X(R, I64, ended_ms, 0, 0, 0, NULL, "") \
    X(R, I64, entered_by, 0, 0, 0, NULL, "colleague who entered it, or 0") \
    X(R, BYTES, data_key, 0, 0, 0, NULL, "") X(R, BYTES, wish, 0, 0, 0, NULL, "") \
    X(R, BYTES, value, 0, 0, 0, NULL, "") X(R, BYTES, answer, 0, 0, 0, NULL, "")
RECORD(request, REQUEST)
#define REQUEST_COLUMNS "area, id, matter, no, account, kind, field, state, unit, how, reason, asked_ms," \
    " due_ms, late, ended_ms, entered_by, data_key, wish, value, answer"

/* Asking -------------------------------------------------------------------------------------- */

#define ASK_FIELDS(X, R) \
    X(R, STR, kind, REQUIRED, 3, 7, request_kinds, "see, correct or erase") \
    X(R, STR, field, OPTIONAL, 4, 5, request_fields, "to correct: name or phone") \
    X(R, STR, value, PERSONAL, 1, 60, NULL, "to correct: what it should be") \
    X(R, STR, text, MULTILINE, 1, 1000, NULL, "in their own words")
#define OWN_ASK(X, R) ASK_FIELDS(X, R) \
    X(R, STR, proof, PERSONAL, 5, 20, NULL, "the telephone number on file; shows that it is them")
RECORD(own_ask_in, OWN_ASK)
#define ASK_FOR(X, R) ASK_FIELDS(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "matter") \
    X(R, I64, reporter, REQUIRED, 1, 100000, NULL, "number of the reporter or party who asks") \
    X(R, STR, how, REQUIRED, 5, 9, request_proofs, "how it was made sure that it is them")
RECORD(ask_for_in, ASK_FOR)
#define ACCOUNT_ASK(X, R) ASK_FIELDS(X, R)
RECORD(account_ask_in, ACCOUNT_ASK)
#define REQUEST_IN(X, R) X(R, STR, request, REQUIRED | IN_PATH, 8, 24, NULL, "number of the request")
RECORD(request_in, REQUEST_IN)
#define OWN_COPY_IN(X, R) REQUEST_IN(X, R) \
    X(R, STR, proof, PERSONAL, 5, 20, NULL, "the telephone number on file; asked for each time, if there is one")
RECORD(own_copy_in, OWN_COPY_IN)

/* Answering ----------------------------------------------------------------------------------- */

#define REQUESTS_IN(X, R) \
    X(R, STR, state, OPTIONAL, 4, 9, request_states, "open unless given") \
    X(R, I64, after_ms, OPTIONAL, 0, 4e12, NULL, "cursor: next_ms of the page before") \
    X(R, ID, after, OPTIONAL, 0, 0, NULL, "cursor: next of the page before")
RECORD(requests_in, REQUESTS_IN)
extern const char *const request_answers[];
#define REQUEST_ANSWER(X, R) \
    X(R, STR, request, REQUIRED | IN_PATH, 8, 24, NULL, "number of the request") \
    X(R, STR, answer, REQUIRED, 5, 6, request_answers, "grant or refuse") \
    X(R, STR, reason, OPTIONAL, 4, 12, request_reasons, "why it is refused") \
    X(R, STR, how, OPTIONAL, 5, 9, request_proofs, "how it was made sure that it is them, unless that is known") \
    X(R, STR, text, REQUIRED | MULTILINE, 5, 1000, NULL, "what the person reads")
RECORD(request_answer_in, REQUEST_ANSWER)

#define REQUEST_VIEW(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "number of the request") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "see, correct or erase") \
    X(R, STR, kind_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, field_name, OPTIONAL, 0, 0, NULL, "what is to be corrected") \
    X(R, STR, state, REQUIRED, 0, 0, NULL, "open, granted, refused or withdrawn") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, unit_name, REQUIRED, 0, 0, NULL, "who answers") \
    X(R, TIME, asked_ms, REQUIRED, 0, 0, NULL, "made") \
    X(R, TIME, due_ms, REQUIRED, 0, 0, NULL, "to be answered by") \
    X(R, BOOL, overdue, REQUIRED, 0, 0, NULL, "past that") \
    X(R, TIME, ended_ms, OPTIONAL, 0, 0, NULL, "answered or withdrawn") \
    X(R, STR, how_name, OPTIONAL, 0, 0, NULL, "how it was made sure that it is them") \
    X(R, STR, reason_name, OPTIONAL, 0, 0, NULL, "why it was refused") \
    X(R, STR, answer, OPTIONAL, 0, 0, NULL, "what the person is told; for them") \
    X(R, TIME, copy_until_ms, OPTIONAL, 0, 0, NULL, "until then a full copy can be had") \
    X(R, STR, about, REQUIRED, 0, 0, NULL, "number of the matter, or login name") \
    X(R, BOOL, entered, REQUIRED, 0, 0, NULL, "entered by a colleague for somebody")
RECORD(request_view, REQUEST_VIEW)
enum { REQUESTS_SHOWN = 50, REQUESTS_OF_ONE = 100 };
#define REQUESTS_OUT(X, R) \
    X(R, LIST, items, REQUIRED, 0, 500, &request_view_record, "by deadline") \
    X(R, TIME, next_ms, OPTIONAL, 0, 0, NULL, "cursor of the next page") \
    X(R, ID, next, OPTIONAL, 0, 0, NULL, "cursor of the next page")
RECORD(requests_out, REQUESTS_OUT)

/* What could be erased, and what must stay for now. */
#define ERASABLE(X, R) \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "kind of data") \
    X(R, STR, what_name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, BOOL, now, REQUIRED, 0, 0, NULL, "goes as soon as a request is granted") \
    X(R, STR, why, OPTIONAL, 0, 0, NULL, "why not now") \
    X(R, TIME, earliest_ms, OPTIONAL, 0, 0, NULL, "when it could go at the earliest") \
    X(R, TIME, due_ms, OPTIONAL, 0, 0, NULL, "when it goes by itself")
RECORD(erasable, ERASABLE)
#define REQUEST_ONE(X, R) \
    X(R, OBJ, request, REQUIRED, 0, 0, &request_view_record, "the request") \
    X(R, LIST, erasable, REQUIRED, 0, 8, &erasable_record, "what erasing would take away") \
    X(R, LIST, reasons, REQUIRED, 0, 10, &reason_row_record, "for refusing") \
    X(R, LIST, proofs, REQUIRED, 0, 10, &reason_row_record, "ways to make sure that it is them; none: it is known") \
    X(R, STR, why_not, OPTIONAL, 0, 0, NULL, "why it cannot be granted now")
RECORD(request_one, REQUEST_ONE)
#define REQUEST_OPENED(X, R) \
    X(R, STR, text, REQUIRED, 0, 0, NULL, "what they wrote") \
    X(R, STR, value, OPTIONAL, 0, 0, NULL, "what the field should be") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name on file") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "telephone on file")
RECORD(request_opened, REQUEST_OPENED)

/* What is held -------------------------------------------------------------------------------- */

#define HELD_ITEM(X, R) \
    X(R, STR, key, REQUIRED, 0, 0, NULL, "table and column") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, value, OPTIONAL, 0, 0, NULL, "what is held; none: only in a full copy") \
    X(R, I64, class, REQUIRED, 1, 4, NULL, "1 public .. 4 sensitive personal") \
    X(R, STR, purpose, REQUIRED, 0, 0, NULL, "what for") \
    X(R, STR, kept, REQUIRED, 0, 0, NULL, "how long, as a rule") \
    X(R, TIME, until_ms, OPTIONAL, 0, 0, NULL, "when it goes, if that is known")
RECORD(held_item, HELD_ITEM)
#define HANDED_TO(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "unit or office") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "why it has or had it") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "since when")
RECORD(handed_to, HANDED_TO)
enum { HELD_MAX = 1200, HANDED_MAX = 400 };
#define DATA_HELD(X, R) \
    X(R, STR, about, REQUIRED, 0, 0, NULL, "number of the matter, or login name") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "now") \
    X(R, BOOL, whole, REQUIRED, 0, 0, NULL, "contact details are shown") \
    X(R, LIST, items, REQUIRED, 0, HELD_MAX, &held_item_record, "what is held") \
    X(R, LIST, handed, REQUIRED, 0, HANDED_MAX, &handed_to_record, "who has or had it") \
    X(R, LIST, erasable, REQUIRED, 0, 8, &erasable_record, "what could be erased") \
    X(R, WORDS, stays, REQUIRED, 0, 8, NULL, "what stays in any case, and why") \
    X(R, WORDS, fields, REQUIRED, 0, 4, NULL, "what can be corrected") \
    X(R, BOOL, provable, REQUIRED, 0, 0, NULL, "a telephone number is on file, by which they can show that it is them") \
    X(R, STR, limit, REQUIRED, 0, 0, NULL, "within what time a request is answered, and by what rule") \
    X(R, LIST, requests, REQUIRED, 0, REQUESTS_OF_ONE, &request_view_record, "made so far, newest first")
RECORD(data_held, DATA_HELD)

#define OWN_READ(X, R) \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, STR, by, REQUIRED, 0, 0, NULL, "which unit") \
    X(R, STR, role, REQUIRED, 0, 0, NULL, "in which role") \
    X(R, STR, what, REQUIRED, 0, 0, NULL, "what was read") \
    X(R, STR, why, REQUIRED, 0, 0, NULL, "what for") \
    X(R, I64, times, REQUIRED, 0, 0, NULL, "how often the same person did, within the hour before")
RECORD(own_read, OWN_READ)
enum { OWN_READS_SHOWN = 200, OWN_READS_READ = 2000 };
#define OWN_READS(X, R) \
    X(R, LIST, items, REQUIRED, 0, OWN_READS_SHOWN, &own_read_record, "newest first")
RECORD(own_reads, OWN_READS)

/* request.c: the one way to change a request ------------------------------------------------------ */

/* Whose data it is about: of a matter (m, no), or an account (m NULL). */
struct whose { const struct matter *m; int64_t no, account; };
struct ask { struct str kind, field, value, text, how; };

/* Within a transaction. m moves on by one entry. */
enum err request_begin(struct cx *cx, struct matter *m, const struct whose *w,
    const struct ask *ask, int64_t id, struct request *ret) MUST_USE;
/* action: withdraw, grant, refuse or late. m: of the request, NULL for an account's. E_STEP when it
 * is not possible now (info says why). */
struct request_act { const char *action; struct str how, reason, text; };
enum err request_step(struct cx *cx, struct matter *m, struct request *r,
    const struct request_act *act) MUST_USE;
/* Why it cannot be granted now; none when it can. */
enum err request_refusal(struct cx *cx, const struct matter *m, const struct request *r,
    struct msg *ret) MUST_USE;
enum err request_read(struct cx *cx, int64_t area, int64_t id, struct request *ret) MUST_USE;
/* Its number as people write it. In the arena. */
struct str request_number(struct cx *cx, const struct request *r);
/* Newest first (struct request). */
enum err requests_of(struct cx *cx, const struct whose *w, struct list *ret) MUST_USE;
/* One of a row's sealed texts; "" when it was erased. */
enum err request_text(struct cx *cx, const struct request *r, const char *field, struct str sealed,
    struct str *ret) MUST_USE;
/* Until when a full copy can be had by it; I64_NONE: not. */
int64_t request_copy_until(const struct cx *cx, const struct request *r);
const struct limit *request_limit(const struct cx *cx);
const struct request_word *request_word_of(const struct request_word *all, struct str word);
extern const struct request_word request_kind_words[], request_state_words[], request_field_words[],
    request_how_words[], request_reason_words[];
/* For the timer: tells who has to answer that a limit has passed, and gives it to the centre above. */
enum err requests_round(struct cx *cx) MUST_USE;
extern const struct sql *const request_statements[];
extern const size_t request_statements_n;

/* held.c */
/* What is held of a reporter or party; contact NULL: without name and telephone. */
enum err held_of(struct cx *cx, const struct matter *m, int64_t no, const struct contact *contact,
    struct data_held *ret) MUST_USE;
enum err held_of_account(struct cx *cx, int64_t account, struct data_held *ret) MUST_USE;
/* struct erasable. */
enum err erasable_of(struct cx *cx, const struct matter *m, int64_t no, struct list *ret) MUST_USE;
/* Erases what can go now. */
enum err erase_asked(struct cx *cx, struct matter *m, int64_t no) MUST_USE;
extern const struct sql *const held_statements[];
extern const size_t held_statements_n;

/* proof.c */
/* Of routes that call the next two: the writer may run a command again, and a try that goes wrong
 * counts once. There, because no reader sees names and telephones for who has a code. */
enum err proof_prepare(struct cx *cx, const void *in) MUST_USE;
/* OK when given is the telephone number on file. E_INPUT (proof): it is another, or there is none;
 * E_LIMIT: it was wrong too often. */
enum err proof_check(struct cx *cx, const struct matter *m, int64_t no, struct str given) MUST_USE;
/* The same before name and telephone are shown, where anything is on file to be shown. */
enum err proof_to_see(struct cx *cx, const struct matter *m, int64_t no, struct str given) MUST_USE;

/* request_api.c */
extern const struct sql *const request_api_statements[];
extern const size_t request_api_statements_n;
handler own_data, own_copy, own_ask, own_withdraw, own_reads_list, ask_for, requests_list,
    request_show, request_open, request_answer, request_copy, account_data, account_ask;
