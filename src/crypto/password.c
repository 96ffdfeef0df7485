/* password.c: argon2id by libsodium. The salt comes from the caller's randomness, so that a seeded
 * run gives the same rows again; hence the string form is written here and not by libsodium. */
#include "crypto/password.h"
#include "base/buf.h"
#include "crypto/common.h"
#include "crypto/hash.h"
#include <sodium.h>

enum {
    SALT_BYTES = 16,
    PASSES = 2,
    MEMORY_KIB = 19456,
    BASE64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
    SALT_CHARS = sodium_base64_ENCODED_LEN(SALT_BYTES, BASE64) - 1,
    HASH_CHARS = sodium_base64_ENCODED_LEN(HASH_BYTES, BASE64) - 1,
    DISTINCT_CHARS_MIN = 5,
    GUESSES_MIN = 8,        /* common words and other characters a password is made of, at least */
};
_Static_assert(crypto_pwhash_argon2id_SALTBYTES == SALT_BYTES, "salt");

static const char stored_head[] = "$argon2id$v=19$m=19456,t=2,p=1$";

/* How many characters are new and do not just follow the one before ("aaaa", "1234", "4321"). */
static size_t password_fresh_chars(struct str s)
{
    uint32_t seen[PASSWORD_CHARS_MAX], before = 0;
    size_t n = 0, fresh = 0;
    for (size_t at = 0; at < s.n && n < PASSWORD_CHARS_MAX; n++) {
        uint32_t c = str_next(s, &at);
        bool known = n > 0 && (c - before + 1) <= 2;
        for (size_t i = 0; i < n && !known; i++)
            known = seen[i] == c;
        fresh += !known;
        seen[n] = before = c;
    }
    return fresh;
}

enum err password_check_rules(struct str password, struct str login, struct err_info *info)
{
    size_t n = str_is_text(password) ? str_chars(password) : 0;
    if (n < PASSWORD_CHARS_MIN || n > PASSWORD_CHARS_MAX)
        return err_note(info, E_INPUT, "password",
            MSG("密码应为 12 至 128 个字符", "The password must have 12 to 128 characters"), STR_NONE);
    if (password_fresh_chars(password) < DISTINCT_CHARS_MIN)
        return err_note(info, E_INPUT, "password",
            MSG("密码不能由少数重复或连续的字符组成",
                "A few repeated or counting characters are too easy to guess"), STR_NONE);
    if (common_length(password) < GUESSES_MIN)
        return err_note(info, E_INPUT, "password",
            MSG("密码由常见的词、键盘顺序或年份组成，容易被猜到；请换几个不相干的词",
                "Common words, keyboard rows and years are guessed first; take some unrelated words"),
            STR_NONE);
    if (login.n >= 3 && str_find(password, login) >= 0)
        return err_note(info, E_INPUT, "password",
            MSG("密码不能包含登录名", "The password must not contain the login name"), STR_NONE);
    return OK;
}

struct str password_random(struct arena *a, struct rand *r, int groups)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct buf b = buf_in(a, 80);
    CHECK(groups > 0 && groups <= 8);
    for (int i = 0; i < 4 * groups; i++) {
        if (i && i % 4 == 0)
            buf_byte(&b, '-');
        buf_byte(&b, letters[rand_below(r, sizeof(letters) - 1)]);
    }
    return buf_str(&b);
}

struct str password_plain(struct arena *a, struct str typed)
{
    struct buf b = buf_in(a, typed.n + 8);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (c != ' ' && c != '-')
            buf_byte(&b, c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c);
    }
    return buf_str(&b);
}

static enum err password_argon(const struct node_keys *k, struct str password,
                               const unsigned char salt[SALT_BYTES], struct hash *ret)
{
    struct hash pepper = hash_hmac(k->token_key, "fengqiao password v1", password);
    int failed = crypto_pwhash(ret->b, HASH_BYTES, (const char *)pepper.b, HASH_BYTES, salt, PASSES,
                               (size_t)MEMORY_KIB * 1024, crypto_pwhash_ALG_ARGON2ID13);
    sodium_memzero(&pepper, sizeof(pepper));
    return failed ? E_BUSY : OK;    /* its only failure is memory */
}

enum err password_hash(struct arena *a, const struct node_keys *k, struct rand *r,
                       struct str password, struct str *ret)
{
    unsigned char salt[SALT_BYTES];
    char salt_text[SALT_CHARS + 1], hash_text[HASH_CHARS + 1];
    struct hash h;
    rand_bytes(r, salt, SALT_BYTES);
    TRY(password_argon(k, password, salt, &h));
    sodium_bin2base64(salt_text, sizeof(salt_text), salt, SALT_BYTES, BASE64);
    sodium_bin2base64(hash_text, sizeof(hash_text), h.b, HASH_BYTES, BASE64);
    *ret = arena_fmt(a, "%s%s$%s", stored_head, salt_text, hash_text);
    return OK;
}

static bool part_decode(struct str text, unsigned char *ret, size_t bytes)
{
    size_t n = 0;
    return sodium_base642bin(ret, bytes, text.p, text.n, NULL, &n, NULL, BASE64) == 0
        && n == bytes;
}

static bool stored_parse(struct str stored, unsigned char salt[SALT_BYTES], struct hash *ret)
{
    size_t n = sizeof(stored_head) - 1;
    if (stored.n != n + SALT_CHARS + 1 + HASH_CHARS || !str_starts(stored, str_c(stored_head)))
        return false;
    struct str hash_text = STR_NONE;
    struct str salt_text = str_cut((struct str){ stored.p + n, stored.n - n }, '$', &hash_text);
    return salt_text.n == SALT_CHARS && part_decode(salt_text, salt, SALT_BYTES)
        && part_decode(hash_text, ret->b, HASH_BYTES);
}

enum err password_verify(const struct node_keys *k, struct str stored, struct str password)
{
    unsigned char salt[SALT_BYTES] = { 0 };
    struct hash want = { { 0 } }, got;
    bool known = stored_parse(stored, salt, &want);
    TRY(password_argon(k, password, salt, &got));
    return hash_eq(&got, &want) && known ? OK : E_LOGIN;
}
