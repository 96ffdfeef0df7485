/* note.c: signed notes, as https://c2sp.org/signed-note defines them. */
#include "ledger/note.h"
#include "crypto/bytes.h"
#include <sodium.h>

enum { TYPE_ED25519 = 1, SIGNATURES_MAX = 100 };
static const struct str signature_mark = { "\xe2\x80\x94 ", 4 };     /* em dash, space */

struct note_key note_key_of(const struct node_keys *k)
{
    struct note_key key = { .name = str_c(k->name) };
    memcpy(key.public_key, k->sign_public, KEY_BYTES);
    return key;
}

uint32_t note_key_hash(const struct note_key *key)
{
    unsigned char tail[2 + KEY_BYTES] = { '\n', TYPE_ED25519 };
    memcpy(tail + 2, key->public_key, KEY_BYTES);
    struct hash h = hash_sha256_2(key->name, bytes_str(tail, sizeof(tail)));
    return bytes_get_u32(h.b);
}

struct str note_key_text(struct arena *a, const struct note_key *key)
{
    unsigned char typed[1 + KEY_BYTES] = { TYPE_ED25519 };
    memcpy(typed + 1, key->public_key, KEY_BYTES);
    struct buf b = buf_in(a, 256);
    buf_fmt(&b, "%.*s+%08x+", STR_FMT(key->name), note_key_hash(key));
    buf_base64(&b, bytes_str(typed, sizeof(typed)));
    return buf_str(&b);
}

bool note_key_parse(struct arena *a, struct str text, struct note_key *ret)
{
    struct str rest, base64, bytes, hash;
    struct note_key key = { .name = str_cut(text, '+', &rest) };
    struct str hex = str_cut(rest, '+', &base64);
    if (!keys_name_ok(key.name) || hex.n != 8 || !hex_decode(a, hex, &hash))
        return false;
    if (!base64_decode(a, base64, &bytes) || bytes.n != 1 + KEY_BYTES || bytes.p[0] != TYPE_ED25519)
        return false;
    memcpy(key.public_key, bytes.p + 1, KEY_BYTES);
    if (bytes_get_u32((const unsigned char *)hash.p) != note_key_hash(&key))
        return false;
    *ret = key;
    return true;
}

/* A note's text: UTF-8, whole lines, no control characters but the newline. */
static bool note_text_ok(struct str text)
{
    if (text.n == 0 || text.n > NOTE_BYTES_MAX || text.p[text.n - 1] != '\n' || !str_is_text(text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 && text.p[i] != '\n')
            return false;
    return true;
}

struct str note_sign(struct arena *a, const struct node_keys *k, struct str text)
{
    unsigned char raw[NOTE_KEY_HASH_BYTES + NOTE_SIGNATURE_BYTES];
    struct note_key key = note_key_of(k);
    CHECK(note_text_ok(text));
    bytes_put_u32(raw, note_key_hash(&key));
    const unsigned char *p = (const unsigned char *)text.p;
    CHECK(crypto_sign_detached(raw + NOTE_KEY_HASH_BYTES, NULL, p, text.n, k->sign_secret) == 0);
    struct buf b = buf_in(a, NOTE_BYTES_MAX + 512);
    buf_add(&b, text);
    buf_byte(&b, '\n');
    buf_add(&b, signature_mark);
    buf_fmt(&b, "%s ", k->name);
    buf_base64(&b, bytes_str(raw, sizeof(raw)));
    buf_byte(&b, '\n');
    return buf_str(&b);
}

/* Splits at the last empty line. */
static bool note_split(struct str note, struct str *ret_text, struct str *ret_signatures)
{
    for (size_t i = note.n; i >= 2; i--) {
        if (note.p[i - 1] == '\n' && note.p[i - 2] == '\n') {
            *ret_text = (struct str){ note.p, i - 1 };
            *ret_signatures = (struct str){ note.p + i, note.n - i };
            return true;
        }
    }
    return false;
}

enum line { LINE_OTHER, LINE_GOOD, LINE_BAD };

static enum line signature_line(struct arena *a, struct str line, const struct note_key *key,
                                struct str text)
{
    struct str base64, raw;
    if (!str_starts(line, signature_mark))
        return LINE_BAD;
    struct str name = str_cut((struct str){ line.p + signature_mark.n, line.n - signature_mark.n },
                              ' ', &base64);
    if (name.n == 0 || memchr(name.p, '+', name.n) || !base64_decode(a, base64, &raw)
        || raw.n <= NOTE_KEY_HASH_BYTES)
        return LINE_BAD;
    const unsigned char *p = (const unsigned char *)raw.p, *t = (const unsigned char *)text.p;
    if (!str_eq(name, key->name) || bytes_get_u32(p) != note_key_hash(key))
        return LINE_OTHER;
    bool good = raw.n == NOTE_KEY_HASH_BYTES + NOTE_SIGNATURE_BYTES
        && crypto_sign_verify_detached(p + NOTE_KEY_HASH_BYTES, t, text.n, key->public_key) == 0;
    return good ? LINE_GOOD : LINE_BAD;
}

bool note_open(struct arena *a, struct str note, const struct note_key *key, struct str *ret_text)
{
    struct str text, rest;
    bool signed_by_key = false;
    if (note.n > NOTE_BYTES_MAX || !note_split(note, &text, &rest) || !note_text_ok(text))
        return false;
    if (rest.n == 0 || rest.p[rest.n - 1] != '\n')
        return false;
    for (int i = 0; rest.n; i++) {
        enum line l = signature_line(a, str_cut(rest, '\n', &rest), key, text);
        if (l == LINE_BAD || i >= SIGNATURES_MAX)
            return false;
        signed_by_key = signed_by_key || l == LINE_GOOD;
    }
    if (signed_by_key)
        *ret_text = text;
    return signed_by_key;
}
