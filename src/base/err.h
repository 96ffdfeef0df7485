/* err.h: every way an operation can fail, as one table, and the messages people read.
 * Operating errors are values; details go once into struct err_info, the first wins. */
#pragma once
#include "base/buf.h"

/* name, HTTP status, stable code for programs, Chinese, English */
#define ERR_TABLE(X)                                                                              \
    X(OK, 200, "ok", "成功", "Done")                                                              \
    X(E_SYNTAX, 400, "syntax", "请求格式不对，请检查后重试", "The request is malformed; correct it and send it again") \
    X(E_INPUT, 422, "input", "有一项内容需要更正", "One field needs correcting")                  \
    X(E_LOGIN, 401, "login", "请先登录", "Please sign in first")                                  \
    X(E_DENIED, 403, "denied", "您没有办理这一步的权限", "You may not do this")                   \
    X(E_MISSING, 404, "missing", "没有找到，请核对编号", "Not found; check the number")            \
    X(E_METHOD, 405, "method", "此地址不支持这种操作", "This address does not take that method")  \
    X(E_CONFLICT, 409, "conflict", "事项已有新变化，请刷新后再办", "This has changed meanwhile; reload and try again") \
    X(E_KEY_REUSED, 409, "key_reused", "同一提交标识已用于不同内容，请重新提交", "This idempotency key was used for other content; submit afresh") \
    X(E_TOO_LARGE, 413, "too_large", "内容超过大小限制", "The content is too large")              \
    X(E_MEDIA, 415, "media", "不支持这种文件或内容格式", "This kind of content is not supported") \
    X(E_STEP, 409, "step", "当前状态不能办理这一步", "This step is not possible now")             \
    X(E_LIMIT, 429, "limit", "操作太频繁，请稍后再试", "Too many requests; try again shortly")     \
    X(E_BUSY, 503, "busy", "系统正忙，请稍后自动重试，内容不会丢失", "Busy; retry shortly, nothing is lost") \
    X(E_DB, 503, "storage", "暂时无法保存，请稍后再试", "Storage is unavailable; try again shortly") \
    X(E_UNKNOWN, 503, "unknown", "结果尚不确定，请用同一提交标识重试", "The outcome is not known; retry with the same idempotency key") \
    X(E_IO, 503, "io", "读写文件失败，请稍后再试", "Reading or writing failed; try again shortly") \
    X(E_BUG, 500, "internal", "系统内部错误，已记录", "Internal error; it has been recorded")

#define X(name, status, code, zh, en) name,
enum err { ERR_TABLE(X) ERR_COUNT };
#undef X

#define TRY(call) do { enum err try_ = (call); if (try_ != OK) return try_; } while (0)

enum lang { LANG_ZH, LANG_EN };

int err_status(enum err e);
const char *err_code(enum err e);
const char *err_text(enum err e, enum lang lang);

/* A message in both languages; made where the failure is noticed, read in the reader's language. */
struct msg { const char *zh, *en; };
#define MSG(zh_text, en_text) ((struct msg){ zh_text, en_text })

struct err_info {
    enum err e;                 /* OK while nothing was noted */
    char field[64];             /* JSON field or option at fault, or empty */
    char zh[640], en[640];      /* remedy; empty means the table's text */
};

/* Notes the first failure and returns e, so that `return err_note(...)` reads well.
 * field may be NULL. The texts may hold one %s, filled from arg, which is what somebody wrote:
 * UTF-8, cut at 40 characters so that the remedy is not. */
enum err err_note(struct err_info *info, enum err e, const char *field, struct msg m,
    struct str arg);
const char *err_info_text(const struct err_info *info, enum err e, enum lang lang);
