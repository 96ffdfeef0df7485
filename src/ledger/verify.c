/* verify.c: offline check of a receipt's proof. The input comes from strangers: it is bounded,
 * every member must be of its type, nothing unknown is accepted. */
#include "ledger/verify.h"
#include <jansson.h>

static const char format_name[] = "fengqiao-receipt-1";

const char *verify_code(enum verify_fault f)
{
#define X(name, code, zh, en) [name] = code,
    static const char *const codes[VERIFY_FAULT_COUNT] = { VERIFY_TABLE(X) };
#undef X
    CHECK(f < VERIFY_FAULT_COUNT);
    return codes[f];
}

const char *verify_text(enum verify_fault f, enum lang lang)
{
#define X(name, code, zh, en) [name] = { zh, en },
    static const struct msg texts[VERIFY_FAULT_COUNT] = { VERIFY_TABLE(X) };
#undef X
    CHECK(f < VERIFY_FAULT_COUNT);
    return lang == LANG_ZH ? texts[f].zh : texts[f].en;
}

static void member_base64(struct buf *b, const char *name, struct str bytes)
{
    buf_fmt(b, ",\"%s\":\"", name);
    buf_base64(b, bytes);
    buf_byte(b, '"');
}

static void member_text(struct buf *b, const char *name, struct str text)
{
    buf_fmt(b, ",\"%s\":", name);
    buf_json_str(b, text);
}

void verify_bundle_write(struct buf *b, const struct verify_bundle *v)
{
    buf_fmt(b, "{\"format\":\"%s\"", format_name);
    member_text(b, "number", v->number);
    member_base64(b, "entry", v->entry);
    member_base64(b, "prev", hash_str(&v->prev));
    member_base64(b, "hash", hash_str(&v->hash));
    if (v->promise.n)
        member_text(b, "promise", v->promise);
    member_text(b, "key", v->key);
    if (v->text.p) {
        member_text(b, "text", v->text);
        member_base64(b, "salt", v->salt);
    }
    if (v->logged) {
        buf_add(b, STR(",\"index\":"));
        buf_i64(b, (int64_t)v->index);
        buf_add(b, STR(",\"path\":["));
        for (size_t i = 0; i < v->path.n; i++) {
            buf_add(b, i ? STR(",\"") : STR("\""));
            buf_base64(b, hash_str(&v->path.h[i]));
            buf_byte(b, '"');
        }
        buf_byte(b, ']');
        member_text(b, "checkpoint", v->checkpoint);
    }
    buf_byte(b, '}');
}

static bool text_of(struct arena *a, json_t *j, struct str *ret)
{
    if (!json_is_string(j))
        return false;
    *ret = arena_dup(a, json_string_value(j), json_string_length(j));
    return true;
}

static bool bytes_of(struct arena *a, json_t *j, struct str *ret)
{
    struct str text;
    return text_of(a, j, &text) && base64_decode(a, text, ret);
}

static bool hash_of(struct arena *a, json_t *j, struct hash *ret)
{
    struct str bytes;
    if (!bytes_of(a, j, &bytes) || bytes.n != HASH_BYTES)
        return false;
    memcpy(ret->b, bytes.p, HASH_BYTES);
    return true;
}

static bool path_of(struct arena *a, json_t *j, struct merkle_proof *ret)
{
    if (!json_is_array(j) || json_array_size(j) > MERKLE_PROOF_MAX)
        return false;
    ret->n = json_array_size(j);
    for (size_t i = 0; i < ret->n; i++)
        if (!hash_of(a, json_array_get(j, i), &ret->h[i]))
            return false;
    return true;
}

static bool log_place_of(struct arena *a, json_t *root, struct verify_bundle *v)
{
    json_t *index = json_object_get(root, "index");
    if (!json_is_integer(index) || json_integer_value(index) < 0)
        return false;
    v->index = (uint64_t)json_integer_value(index);
    return path_of(a, json_object_get(root, "path"), &v->path)
        && text_of(a, json_object_get(root, "checkpoint"), &v->checkpoint);
}

static bool bundle_of(struct arena *a, json_t *root, struct verify_bundle *v)
{
    struct str format;
    json_t *promise = json_object_get(root, "promise");
    v->logged = json_object_get(root, "checkpoint") != NULL;
    json_t *text = json_object_get(root, "text");
    size_t want = 6u + (promise ? 1u : 0u) + (text ? 2u : 0u) + (v->logged ? 3u : 0u);
    if (!json_is_object(root) || json_object_size(root) != want
        || !text_of(a, json_object_get(root, "format"), &format) || !str_is(format, format_name))
        return false;
    if (promise && !text_of(a, promise, &v->promise))
        return false;
    if (text && (!text_of(a, text, &v->text) || !bytes_of(a, json_object_get(root, "salt"), &v->salt)))
        return false;
    if (v->logged && !log_place_of(a, root, v))
        return false;
    return text_of(a, json_object_get(root, "number"), &v->number)
        && bytes_of(a, json_object_get(root, "entry"), &v->entry)
        && hash_of(a, json_object_get(root, "prev"), &v->prev)
        && hash_of(a, json_object_get(root, "hash"), &v->hash)
        && text_of(a, json_object_get(root, "key"), &v->key);
}

static bool bundle_read(struct arena *a, struct str json, struct verify_bundle *ret)
{
    if (json.n > VERIFY_BYTES_MAX)
        return false;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    bool good = root && bundle_of(a, root, ret);
    json_decref(root);
    return good;
}

/* The text that comes along is the one whose digest the entry holds. */
static bool text_fits(const struct verify_bundle *v, const struct entry *e)
{
    struct hash h = hash_sha256_2(v->salt, v->text);
    json_t *data = json_loadb(e->data.p, e->data.n, 0, NULL);
    const json_t *digest = json_object_get(data, "text_sha256");
    bool fits = json_is_string(digest) && hash_is_hex(&h, str_c(json_string_value(digest)));
    json_decref(data);
    return fits;
}

static enum verify_fault promise_check(struct arena *a, const struct verify_bundle *v,
                                       const struct note_key *key, struct verify_result *r)
{
    struct promise p;
    if (!promise_open(a, v->promise, key, &p) || !str_eq(p.number, v->number)
        || !hash_eq(&p.entry_hash, &v->hash))
        return VERIFY_PROMISE;
    r->log_by_ms = p.log_by_ms;
    return VERIFY_OK;
}

static enum verify_fault log_check(struct arena *a, const struct verify_bundle *v,
                                   const struct note_key *key, struct verify_result *r)
{
    struct checkpoint c;
    if (!checkpoint_open(a, v->checkpoint, key, &c))
        return VERIFY_CHECKPOINT;
    struct hash leaf = entry_leaf(&v->hash);
    if (!merkle_verify_inclusion(&leaf, v->index, c.size, &v->path, &c.root))
        return VERIFY_PATH;
    r->logged = true;
    r->index = v->index;
    r->size = c.size;
    return VERIFY_OK;
}

/* The first entry of a matter has no hash before it, and only the first. */
static bool prev_fits(const struct entry *e, const struct hash *prev)
{
    static const struct hash none;
    return (e->seq == 1) == hash_eq(prev, &none);
}

enum verify_fault verify_bundle(struct arena *a, struct str json, struct str known_key,
                                int64_t now_ms, struct verify_result *ret)
{
    struct verify_bundle v = { .logged = false };
    struct verify_result r = { .logged = false };
    struct note_key key;
    if (!bundle_read(a, json, &v) || (!v.logged && v.promise.n == 0))
        return VERIFY_FORMAT;
    if (!note_key_parse(a, v.key, &key) || (known_key.n && !str_eq(known_key, v.key)))
        return VERIFY_KEY;
    if (!entry_parse(v.entry, &r.entry))
        return VERIFY_ENTRY;
    struct hash h = entry_hash(v.entry, &v.prev);
    if (!hash_eq(&h, &v.hash) || !prev_fits(&r.entry, &v.prev))
        return VERIFY_HASH;
    if (v.text.p && !text_fits(&v, &r.entry))
        return VERIFY_TEXT;
    enum verify_fault f = v.promise.n ? promise_check(a, &v, &key, &r) : VERIFY_OK;
    if (f == VERIFY_OK && v.logged)
        f = log_check(a, &v, &key, &r);
    if (f == VERIFY_OK && !v.logged && now_ms > r.log_by_ms)
        f = VERIFY_OVERDUE;
    r.number = v.promise.n ? v.number : STR_NONE;
    r.node = key.name;
    if (f == VERIFY_OK)
        *ret = r;
    return f;
}
