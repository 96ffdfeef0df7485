/* totp.h: codes of the second factor (RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds), as
 * the usual programs on telephones make them. The step before and the one after count too, because
 * clocks differ. */
#pragma once
#include "base/arena.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_STEP_MS = 30000, TOTP_TEXT_CHARS = 32 };

/* The code of a step, counted from 1970. */
uint32_t totp_code(struct str secret, int64_t step);
/* The step near now_ms that has this code (spaces within are passed over), if it comes after the
 * step used last; otherwise -1. */
int64_t totp_step(struct str secret, struct str code, int64_t now_ms, int64_t used_step);

/* A secret in base32 (RFC 4648, without padding), as programs take it; and back: small letters,
 * spaces and hyphens are taken too. False unless it is TOTP_SECRET_BYTES. */
struct str totp_text(struct arena *a, struct str secret);
bool totp_secret(struct arena *a, struct str text, struct str *ret);
/* "otpauth://totp/ISSUER:NAME?secret=..."; issuer and name are any text. */
struct str totp_uri(struct arena *a, struct str issuer, struct str name, struct str secret);
