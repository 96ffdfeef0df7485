/* audit.h: is everything in this database as it was when it was acknowledged? Reads the whole
 * ledger once: each matter's chain from the entries themselves, texts and photos against their
 * digests, the rows against what the entries say, every leaf, node and checkpoint of the log, and
 * the promises of the workflow (an owner and a deadline until closed, an answer for everybody).
 *
 * What it cannot see by itself: a log whose end was cut off with all its checkpoints. Give a
 * checkpoint kept elsewhere to find that. */
#pragma once
#include "db/db.h"
#include "ledger/note.h"

/* name, stable code for programs, Chinese, English */
#define AUDIT_TABLE(X) \
    X(AUDIT_HASH, "hash", "记录内容与其摘要不符", "The entry does not match its hash") \
    X(AUDIT_CHAIN, "chain", "记录前后不相连，有缺失或顺序被改", \
      "Entries do not follow each other: one is missing or out of order") \
    X(AUDIT_COLUMNS, "columns", "记录的承办单位、承办人或期限与记录内容不符", \
      "Owner, holder or deadline beside the entry differ from what it says") \
    X(AUDIT_TEXT, "text", "文字与记录中的摘要不符", "The text does not match its digest") \
    X(AUDIT_TEXT_GONE, "text_gone", "记录有摘要，文字却不在了", \
      "The entry has a digest, but the text is gone") \
    X(AUDIT_PHOTOS, "photos", "照片与记录中的摘要不符", \
      "Photos were changed, added or taken away: they differ from what the entry says") \
    X(AUDIT_AUDIENCE, "audience", "文字的可见范围与记录不符", \
      "Who may read a text differs from what the entry says") \
    X(AUDIT_PLACE, "place", "地点与记录中的摘要不符", "The place does not match its digest") \
    X(AUDIT_HEAD, "head", "事项的最后一条记录与事项不符，可能被截去", \
      "The matter's last entry is not the one it names: the end may be cut off") \
    X(AUDIT_ROW, "row", "事项的状态、承办单位、承办人或期限与最后一条记录不符", \
      "State, owner, holder or deadline differ from the last entry") \
    X(AUDIT_FACTS, "facts", "事项的编号、类别、级别、网格、派单规则、来源、时间、并入或督办与记录不符", \
      "Number, category, tier, grid, rule, origin, time, merger or supervision differ from entries") \
    X(AUDIT_NO_MATTER, "no_matter", "有记录而没有事项", "Entries without a matter") \
    X(AUDIT_NO_ENTRY, "no_entry", "有事项而没有记录", "A matter without entries") \
    X(AUDIT_NOT_LOGGED, "not_logged", "记录不在账本中", "The entry is not in the log") \
    X(AUDIT_LEAF, "leaf", "账本中的记录已不存在或被替换", \
      "An entry that the log holds is gone or was replaced") \
    X(AUDIT_LEAF_ORDER, "leaf_order", "账本缺页或顺序被改", \
      "A leaf of the log is missing or out of order") \
    X(AUDIT_NODE, "node", "账本的中间摘要不符", "A stored hash of the log is wrong") \
    X(AUDIT_ROOT, "root", "检查点与账本不符", "A checkpoint does not fit the log") \
    X(AUDIT_SIGNATURE, "signature", "检查点的签名不符", "The signature of a checkpoint is wrong") \
    X(AUDIT_CUT, "cut", "账本比检查点短，末尾被截去", "The log is shorter than a checkpoint says") \
    X(AUDIT_OWNER, "owner", "未办结的事项没有承办单位或期限", \
      "An open matter without owner or deadline") \
    X(AUDIT_UNANSWERED, "unanswered", "事项已结束而有报事人没有得到答复", \
      "A matter ended with a reporter unanswered") \
    X(AUDIT_REPORTERS, "reporters", "报事人数与事项不符", \
      "The number of reporters differs from what the matter says") \
    X(AUDIT_ACCOUNT, "account", "账号的管理记录与其摘要不符，或有缺失", \
      "A line of an account's record does not match its hash, or one is missing") \
    X(AUDIT_DELETION, "deletion", "删除记录与其摘要不符，或有缺失", \
      "A line of the record of what was erased does not match its hash, or one is missing") \
    X(AUDIT_EXPORT, "export", "导出申请的记录与其摘要不符，或有缺失", \
      "A line of the record of unmasked files does not match its hash, or one is missing")

#define X(name, code, zh, en) name,
enum audit_fault { AUDIT_TABLE(X) AUDIT_FAULT_COUNT };
#undef X

const char *audit_code(enum audit_fault f);
const char *audit_text(enum audit_fault f, enum lang lang);

struct audit_finding {
    enum audit_fault fault;
    struct str number;      /* of the matter, or none; lives until the callback returns */
    int64_t seq;            /* entry of the matter, or 0 */
    int64_t position;       /* leaf, node or size in the log, or -1 */
};

struct audit_options {
    const struct note_key *key;     /* who signs checkpoints; NULL: signatures are not checked */
    struct str checkpoint;          /* signed note kept elsewhere, or none */
    struct db *beside;              /* a connection that sees the same, to work on both at once, or NULL */
    int64_t now_ms, log_within_ms;  /* younger entries may still be on their way into the log */
    /* Not called at the same time as each other. */
    void (*found)(void *ctx, const struct audit_finding *f);
    void (*progress)(void *ctx, int64_t done, int64_t total);   /* may be NULL */
    void *ctx;
};
struct audit_figures { int64_t matters, entries, texts, leaves, nodes, checkpoints, findings; };

/* db is a reading connection; inside one transaction of it, everything is seen at one moment.
 * E_INPUT: options->checkpoint is not a checkpoint signed by key. */
enum err audit_run(struct db *db, const struct audit_options *options,
    struct audit_figures *ret) MUST_USE;

extern const struct sql *const audit_statements[];
extern const size_t audit_statements_n;
extern const struct sql *const audit_log_statements[];
extern const size_t audit_log_statements_n;
