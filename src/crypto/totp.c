/* totp.c: RFC 4226 and 6238 over OpenSSL's HMAC; base32. */
#include "crypto/totp.h"
#include "base/buf.h"
#include "crypto/bytes.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

enum { SHA1_BYTES = 20, WINDOW = 1, BASE32_BITS = 5 };
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* RFC 4226, section 5.3. */
static uint32_t hotp(struct str secret, uint64_t counter, uint32_t modulus)
{
    unsigned char moving[8], mac[SHA1_BYTES];
    unsigned n = 0;
    bytes_put_u64(moving, counter);
    CHECK(HMAC(EVP_sha1(), secret.p, (int)secret.n, moving, sizeof(moving), mac, &n) != NULL);
    CHECK(n == SHA1_BYTES);
    uint32_t word = bytes_get_u32(mac + (mac[SHA1_BYTES - 1] & 0xF)) & 0x7FFFFFFF;
    sodium_memzero(mac, sizeof(mac));
    return word % modulus;
}

uint32_t totp_code(struct str secret, int64_t step)
{
    return hotp(secret, (uint64_t)step, 1000000);
}

static bool code_read(struct str text, uint32_t *ret)
{
    size_t digits = 0;
    *ret = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ')
            continue;
        if (text.p[i] < '0' || text.p[i] > '9' || ++digits > TOTP_DIGITS)
            return false;
        *ret = *ret * 10 + (uint32_t)(text.p[i] - '0');
    }
    return digits == TOTP_DIGITS;
}

int64_t totp_step(struct str secret, struct str code, int64_t now_ms, int64_t used_step)
{
    int64_t now = now_ms / TOTP_STEP_MS, found = -1;
    uint32_t given;
    if (!code_read(code, &given))
        return -1;
    for (int64_t step = now + WINDOW; step >= now - WINDOW; step--)
        if (totp_code(secret, step) == given && step > used_step)
            found = step;
    return found;
}

struct str totp_text(struct arena *a, struct str secret)
{
    struct buf b = buf_in(a, 2 * secret.n + 8);
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < secret.n; i++) {
        bits = bits << 8 | (unsigned char)secret.p[i];
        for (held += 8; held >= BASE32_BITS; held -= BASE32_BITS)
            buf_byte(&b, letters[bits >> (held - BASE32_BITS) & 31]);
    }
    if (held > 0)
        buf_byte(&b, letters[bits << (BASE32_BITS - held) & 31]);
    return buf_str(&b);
}

static int letter_value(char c)
{
    char big = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    const char *at = strchr(letters, big);
    return big && at ? (int)(at - letters) : -1;
}

bool totp_secret(struct arena *a, struct str text, struct str *ret)
{
    struct buf b = buf_in(a, text.n + 8);
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < text.n; i++) {
        int value = letter_value(text.p[i]);
        if (text.p[i] == ' ' || text.p[i] == '-')
            continue;
        if (value < 0)
            return false;
        bits = bits << BASE32_BITS | (uint32_t)value;
        held += BASE32_BITS;
        if (held >= 8) {
            held -= 8;
            buf_byte(&b, (char)(bits >> held & 0xFF));
        }
    }
    *ret = buf_str(&b);
    return ret->n == TOTP_SECRET_BYTES && held == 0;
}

static void percent_add(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || strchr("-._~", c);
        if (c && plain)
            buf_byte(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

struct str totp_uri(struct arena *a, struct str issuer, struct str name, struct str secret)
{
    struct buf b = buf_in(a, 4096);
    buf_add(&b, STR("otpauth://totp/"));
    percent_add(&b, issuer);
    buf_byte(&b, ':');
    percent_add(&b, name);
    buf_add(&b, STR("?secret="));
    buf_add(&b, totp_text(a, secret));
    buf_add(&b, STR("&issuer="));
    percent_add(&b, issuer);
    return buf_str(&b);
}
