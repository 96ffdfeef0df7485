/* verify.h: the proof a reporter can download, and the check of it, which needs nothing but the
 * text: no server, no database, no keys. JSON with these members (hashes and bytes in base64):
 *   format      "fengqiao-receipt-1"
 *   number      matter number
 *   entry       canonical entry (entry.h)
 *   prev        hash of the matter's entry before; 32 zero bytes for the first
 *   hash        hash of the entry
 *   promise     signed promise (promise.h), or absent; it alone ties the number to the entry. It
 *               can be made again at any time from what is stored, the same to the byte
 *   key         verifier key of the node, "NAME+HASH+KEY"
 *   text, salt  what was reported, and the salt of its digest: SHA-256(salt || text) in hexadecimal
 *               is text_sha256 of the entry's data; both absent once the text has been erased
 * and, once the log has taken the entry:
 *   index       number of the leaf
 *   path        inclusion path, hashes from the leaf upwards
 *   checkpoint  signed checkpoint (checkpoint.h) of the tree the path leads to
 * A proof holds its own key, so it shows no more than that somebody signed: whoever checks should
 * give the key he knows to be the node's. */
#pragma once
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/promise.h"

enum { VERIFY_BYTES_MAX = 2 << 20 };

/* name, stable code for programs, Chinese, English */
#define VERIFY_TABLE(X)                                                                           \
    X(VERIFY_OK, "ok", "凭证有效", "The receipt is valid")                                        \
    X(VERIFY_FORMAT, "format", "凭证文件不完整或格式不对",                                        \
      "The receipt is incomplete or malformed")                                                   \
    X(VERIFY_KEY, "key", "凭证不是用给定的公钥签发的",                                            \
      "The receipt was not issued under the given key")                                           \
    X(VERIFY_ENTRY, "entry", "记录内容不符合规定格式",                                            \
      "The entry is not in its canonical form")                                                   \
    X(VERIFY_HASH, "hash", "记录内容与其摘要不符，内容可能被改动",                                 \
      "The entry does not match its hash: it was changed")                                        \
    X(VERIFY_TEXT, "text", "报事文字与记录中的摘要不符，文字可能被改动",                           \
      "The text does not match the digest in the entry: it was changed")                          \
    X(VERIFY_PROMISE, "promise", "签收承诺的签名或内容不符",                                      \
      "The signed promise does not match")                                                        \
    X(VERIFY_CHECKPOINT, "checkpoint", "检查点的签名不符",                                        \
      "The signature of the checkpoint does not match")                                           \
    X(VERIFY_PATH, "path", "记录不在检查点所代表的账本中",                                        \
      "The entry is not in the log that the checkpoint stands for")                               \
    X(VERIFY_OVERDUE, "overdue", "已过承诺时限仍未入账",                                          \
      "The promised time has passed and the entry is not in the log")

#define X(name, code, zh, en) name,
enum verify_fault { VERIFY_TABLE(X) VERIFY_FAULT_COUNT };
#undef X

const char *verify_code(enum verify_fault f);
const char *verify_text(enum verify_fault f, enum lang lang);

/* What a proof is made of. */
struct verify_bundle {
    struct str number, entry, promise, key, checkpoint;     /* promise may be STR_NONE */
    struct str text, salt;          /* or both STR_NONE */
    struct hash prev, hash;
    bool logged;                    /* index, path and checkpoint are present */
    uint64_t index;
    struct merkle_proof path;
};
/* What a valid proof says. Texts live in the arena. */
struct verify_result {
    struct str number;              /* STR_NONE without a promise: nothing vouches for it */
    struct str node;
    struct entry entry;
    bool logged;
    uint64_t index, size;           /* when logged */
    int64_t log_by_ms;              /* when promised, else 0 */
};

void verify_bundle_write(struct buf *b, const struct verify_bundle *v);
/* Checks everything, in the order of the table, and says what failed first. known_key is the
 * verifier key that the caller trusts, or STR_NONE. A proof without checkpoint is valid as a
 * promise until log_by, judged at now_ms. ret is written only on VERIFY_OK. */
enum verify_fault verify_bundle(struct arena *a, struct str json, struct str known_key,
                                int64_t now_ms, struct verify_result *ret);
