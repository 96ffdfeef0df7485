/* columns.h: what every column of the schema holds, seen as data about people: its class, what it
 * is for, and how long it is kept. A test compares it with the schema, so no column comes
 * without. */
#pragma once
#include "base/err.h"

/* Classes: L1 public, L2 internal, L3 personal, L4 sensitive personal (complaints' identity,
 * minors, what is said in mediation, secrets of accounts). */
enum data_class { L1 = 1, L2, L3, L4 };

/* How long: word, Chinese, English. Those that keepings (catalogue/keeping.h) name have a term that
 * the deployer sets; the others follow from what the column is for. */
#define KEPT_TABLE(X) \
    X(KEPT_CONTACT, "contact", "按保存期限表 contact：办结后到期删除", \
        "term \"contact\" after the end, then erased") \
    X(KEPT_WORDS, "words", "按保存期限表 words（调解为 file）：办结后到期删除", \
        "term \"words\" (in mediation \"file\") after the end, then erased") \
    X(KEPT_POINT, "point", "按保存期限表 words（调解为 file）：到期后只留到约十米", \
        "term \"words\" (in mediation \"file\") after the end, then rounded to about ten metres") \
    X(KEPT_PHOTOS, "photos", "按保存期限表 photos（调解为 file）：办结后到期删除", \
        "term \"photos\" (in mediation \"file\") after the end, then erased") \
    X(KEPT_FILE, "file", "按保存期限表 file：办结后到期删除", \
        "term \"file\" after the end, then erased") \
    X(KEPT_STATEMENT, "caucus", "单独谈话按保存期限表 caucus，其余按 file：办结后到期删除", \
        "talks with one side by term \"caucus\", the rest by \"file\", then erased") \
    X(KEPT_SESSION, "session", "按保存期限表 session：登录失效后到期删除", \
        "term \"session\" after it has expired, then deleted") \
    X(KEPT_SIGN_IN, "sign_in", "按保存期限表 sign_in：最后一次使用后到期删除", \
        "term \"sign_in\" after its last use, then deleted") \
    X(KEPT_DAY, "day", "一天", "a day") \
    X(KEPT_ROSTER, "roster", "过后 30 天", "30 days after it is past") \
    X(KEPT_MATTER, "matter", "与事项同在：删除个人信息后不再指向个人，供统计和核验", \
        "as long as the matter: once personal data is erased it points to nobody; for figures and proofs") \
    X(KEPT_RECORD, "record", "账本和审计记录只增不改，长期保存", \
        "the record and its audit are only added to") \
    X(KEPT_ACCOUNT, "account", "与账号同在；停用后保留，以便说明谁办过什么", \
        "as long as the account; stays when it is disabled, to tell who did what") \
    X(KEPT_DEPLOYER, "deployer", "由部署单位维护，旧版本保留以便解释过去的办理", \
        "the deployer's; old versions explain what was done in their time") \
    X(KEPT_UNTIL_LEFT, "until_left", "在册期间；离任后改名册时删去", \
        "while registered; goes when the register is changed")
#define X(name, word, zh, en) name,
enum keeping_rule { KEPT_TABLE(X) KEPT_COUNT };
#undef X
struct keeping_rule_row { const char *word; struct msg meaning; };
extern const struct keeping_rule_row kept_table[KEPT_COUNT];

/* Columns of one table, spaces between, that are alike in this. */
struct column_group {
    const char *table, *columns;
    enum data_class class;
    enum keeping_rule kept;
    struct msg purpose;
};
extern const struct column_group column_groups[];
extern const size_t column_groups_n;
/* NULL when nothing is said of it. */
const struct column_group *column_group_of(struct str table, struct str column);
/* The page docs/personal-data.md holds: one table each for what is said of every column. */
void columns_write(struct buf *b);
