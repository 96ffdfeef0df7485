/* note.h: the C2SP signed-note format, in which checkpoints and promises are signed: UTF-8 text
 * that ends with a newline, an empty line, and lines "— NAME BASE64(key hash || Ed25519
 * signature)". Ed25519 is deterministic: the same text and key give the same note. */
#pragma once
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/key.h"

enum { NOTE_BYTES_MAX = 16384, NOTE_KEY_HASH_BYTES = 4, NOTE_SIGNATURE_BYTES = 64 };

/* Who may have signed: a node's public key under its name. */
struct note_key { struct str name; unsigned char public_key[KEY_BYTES]; };

struct note_key note_key_of(const struct node_keys *k);
/* First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key), big-endian. */
uint32_t note_key_hash(const struct note_key *key);
/* "NAME+HHHHHHHH+BASE64(0x01 || public key)": what others keep to check this node. */
struct str note_key_text(struct arena *a, const struct note_key *key);
/* The name points into text. False when malformed or when the hash in it does not fit. */
bool note_key_parse(struct arena *a, struct str text, struct note_key *ret);

/* text: not empty, ends with a newline, without control characters. */
struct str note_sign(struct arena *a, const struct node_keys *k, struct str text);
/* True when note is well-formed and key signed it; ret_text is the signed text, within note.
 * Signatures by other keys are passed over (witnesses add theirs); a signature line that names
 * this key and does not verify makes it false. */
bool note_open(struct arena *a, struct str note, const struct note_key *key, struct str *ret_text);
