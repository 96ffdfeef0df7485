/* outbox.h: messages to people that are pushed through the deployer's gateway (SMS, WeChat). A row
 * is written in the transaction of the step that causes it, so there is one exactly if the step was
 * taken; whoever sends takes rows under a lease, hands them over, and takes them away. Killed in
 * between, the row is there still, and the same message goes out again under the same id. Rows hold
 * no telephone and no words: the one is sealed beside the person and opened when it is sent, the
 * others follow from kind and matter. */
#pragma once
#include "access/access.h"
#include <stdatomic.h>

/* word, to people of the authorities, Chinese, English; %s: the matter's number */
#define OUTBOX_KINDS(X) \
    X(TOLD_REPLY, "reply", false, "事项 %s 已有答复，请凭回执编码查看。", \
        "There is an answer to matter %s. Your receipt code shows it.") \
    X(TOLD_ASKED, "asked", false, "办理单位就事项 %s 给您留了言，请凭回执编码查看、回复。", \
        "The unit in charge of matter %s has written to you. Your receipt code shows it.") \
    X(TOLD_SITTING, "sitting", false, "事项 %s 的调解已安排，时间地点请凭回执编码查看。", \
        "A session on matter %s is planned. Your receipt code shows when and where.") \
    X(TOLD_SITTING_OFF, "sitting_off", false, "事项 %s 的一次调解已取消，详情请凭回执编码查看。", \
        "A session on matter %s is called off. Your receipt code shows more.") \
    X(TOLD_PROMISE, "promise", false, "事项 %s 的协议有一项即将到期，请凭回执编码查看。", \
        "Something agreed on in matter %s is due soon. Your receipt code shows what.") \
    X(TOLD_LATE, "late", true, "事项 %s 已超过时限，由贵单位承办，请督促办理。", \
        "Matter %s, which is with your unit, is past its deadline.") \
    X(TOLD_CAME_UP, "came_up", true, "事项 %s 已上报到贵单位，请及时处理。", \
        "Matter %s was escalated to your unit.") \
    X(TOLD_UNDECIDED, "undecided", true, "事项 %s 的一项申请逾期未批，转由贵单位审批。", \
        "A request on matter %s was not decided in time and is now for your unit.") \
    X(TOLD_DATA, "data", true, "事项 %s 有一件个人信息请求，请贵单位按期答复。", \
        "Somebody asks about their personal data in matter %s; your unit is to answer in time.")
#define X(name, word, staff, zh, en) name,
enum told { OUTBOX_KINDS(X) TOLD_COUNT };
#undef X
struct told_row { const char *word; bool staff; struct msg text; };
extern const struct told_row told_table[TOLD_COUNT];

/* What operators read of it; kept by whoever sends. While a process has none, nothing is pushed
 * from it and no row is written (cx->services.outbox). */
struct outbox { atomic_llong waiting, oldest_ms, failed, sent, tries; };

/* To everybody who gave a telephone for answers and does not want to stay unknown, but the actor.
 * urgent: at night, too. Nothing when cx->services.outbox is NULL. */
struct outbox_cause { int64_t area, matter, seq; enum told kind; bool urgent; };
enum err outbox_tell_reporters(struct cx *cx, const struct outbox_cause *c) MUST_USE;
/* To those who lead the unit, and at a desk without them to those who dispatch there. */
enum err outbox_tell_unit(struct cx *cx, const struct outbox_cause *c, int64_t unit) MUST_USE;

/* Sending ----------------------------------------------------------------------------------- */

#define OUTBOX_ROW(X, R) \
    X(R, I64, area, 0, 0, 0, NULL, "") X(R, I64, id, 0, 0, 0, NULL, "") \
    X(R, I64, matter, 0, 0, 0, NULL, "") X(R, I64, seq, 0, 0, 0, NULL, "entry that causes it") \
    X(R, STR, kind, 0, 0, 0, NULL, "word of told_table") \
    X(R, I64, no, 0, 0, 0, NULL, "reporter") \
    X(R, I64, person, 0, 0, 0, NULL, "or 0") X(R, I64, account, 0, 0, 0, NULL, "or 0") \
    X(R, STR, lang, 0, 0, 0, NULL, "zh-CN or en") X(R, I64, at_ms, 0, 0, 0, NULL, "made") \
    X(R, I64, tries, 0, 0, 0, NULL, "so far") X(R, STR, why, 0, 0, 0, NULL, "what stood in the way")
RECORD(outbox_row, OUTBOX_ROW)

enum {
    OUTBOX_SEND_MS = 8000,          /* handing over takes at most so long */
    OUTBOX_LEASE_MS = 20000,        /* for so long it is whose who took it; then anybody's again */
    OUTBOX_TRIES_MAX = 24,          /* about two days */
    OUTBOX_WAIT_FIRST_MS = 10000, OUTBOX_WAIT_MS_MAX = 3 * 3600 * 1000,
    OUTBOX_FAILED_DAYS = 90,        /* then a failed one is forgotten */
};

/* The name under which the gateway knows a message: the same each time it is sent, and a name that
 * tells nothing to who does not have the node's keys. 32 hexadecimal digits. */
struct outbox_id { char text[33]; };
struct outbox_id outbox_id_of(const struct node_keys *k, int64_t area, int64_t id);

/* What is due, the longest waiting first, wherever it lies and without locks; at most max. night:
 * what may wait until morning stays out. */
enum err outbox_due(struct db *db, struct arena *a, int64_t now_ms, bool night, size_t max,
    struct list *ret) MUST_USE;
/* On a writing connection, within its transaction: from now on the row is the caller's until the
 * lease ends. *ret_got is false when somebody else has it in hand or has sent it. The first time it
 * is written down that a sealed telephone is about to be opened, and why. row->tries, as it was
 * found, tells later whether the lease still was the caller's. */
enum err outbox_take(struct cx *cx, struct outbox_row *row, bool *ret_got) MUST_USE;

/* What became of it. */
enum outcome {
    OUTCOME_SENT,       /* handed over, or there is nobody to tell any more: taken away */
    OUTCOME_AGAIN,      /* not handed over: later again, at last given up */
    OUTCOME_NEVER,      /* the gateway will never take it: given up, and the operator is told */
};
/* why: a few words of this program's own. wait_ms: what the gateway asked for, or 0. */
struct outbox_end { enum outcome outcome; const char *why; int64_t wait_ms; };
enum err outbox_settle(struct cx *cx, const struct outbox_row *row, const struct outbox_end *end)
    MUST_USE;
/* How long to wait after so many tries: twice as long each time up to a bound, and by chance down
 * to half of it, so that not all come again at once. */
int64_t outbox_wait_ms(struct rand *r, int64_t tries);

/* The telephone it goes to, in the arena: opened for this. E_MISSING: nobody is to be told any more
 * (erased, disabled, without a number). */
enum err outbox_telephone(struct db *db, struct arena *a, const struct node_keys *k,
    const struct outbox_row *row, struct str *ret) MUST_USE;
/* In the row's language; site: where people reach this site, or NULL. None for a kind of message
 * that only a newer program knows. */
struct str outbox_text(struct arena *a, const struct node_keys *k, const struct outbox_row *row,
    const char *site);

/* For operators --------------------------------------------------------------------------- */

enum err outbox_count(struct db *db, struct outbox *o) MUST_USE;
enum { OUTBOX_FAILED_SHOWN = 200 };
/* Those that were given up and made before then, the oldest first, at most OUTBOX_FAILED_SHOWN. */
enum err outbox_failed(struct db *db, struct arena *a, int64_t before_ms, struct list *ret)
    MUST_USE;
/* One of them: once more from the start; or taken away. */
enum err outbox_retry(struct db *db, const struct outbox_row *row, int64_t now_ms) MUST_USE;
enum err outbox_drop(struct db *db, const struct outbox_row *row) MUST_USE;
/* Takes away what was given up and is older than OUTBOX_FAILED_DAYS. */
enum err outbox_forget(struct cx *cx) MUST_USE;

extern const struct sql *const outbox_statements[];
extern const size_t outbox_statements_n;
extern const struct sql *const outbox_words_statements[];
extern const size_t outbox_words_statements_n;
