/* webhook.h: the deployer's gateway: one address that messages are posted to as JSON, signed after
 * the published scheme "Standard Webhooks", so that a receiver may check them with a library of its
 * own: webhook-id, webhook-timestamp and webhook-signature: v1,BASE64(HMAC-SHA-256(key,
 * id.timestamp.body)). Nothing else is ever called: no redirect is followed, no proxy asked. */
#pragma once
#include "base/err.h"
#include "base/arena.h"

struct webhook;
/* url: https, or http to this machine itself. key_file: one line "whsec_" and base64 of 24 to 64
 * bytes, readable by this user only. ca_file: certificates to believe instead of the system's, or
 * NULL. Errors are noted. */
enum err webhook_open(const char *url, const char *key_file, const char *ca_file,
    struct webhook **ret, struct err_info *info) MUST_USE;
void webhook_close(struct webhook *w);
/* The TCP port of such an address; 0 when it is none. */
uint16_t webhook_port(const char *url);

/* One message. status: as answered; 0: no answer, and why says so in this program's own words. */
struct webhook_call {
    struct str id, body;
    int status;
    int64_t retry_after_s;      /* as asked for, or 0 */
    const char *why;
    void *transfer;             /* the sender's own */
};
/* Posts them side by side and waits for the answers, each for at most timeout_ms. go_on is asked
 * several times a second; when it says no, what has no answer yet is given up. */
enum { WEBHOOK_CALLS_MAX = 16 };
void webhook_send(struct webhook *w, struct webhook_call *calls, size_t n, int64_t now_ms,
    long timeout_ms, bool (*go_on)(void *ctx), void *ctx);
