/* fuzz_json.c: whatever a body holds, reading it as a record ends with a record or with a reason in
 * both languages, and what was read is written as JSON that reads the same again. The reader that
 * only finds where values end (json_cut.h) finds the same members as the one that parses. */
#include "base/json_cut.h"
#include "record/record.h"
#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const colours[] = { "red", "green", NULL };
#define FUZZ_ITEM(X, R) \
    X(R, STR, name, REQUIRED, 1, 8, NULL, "text") \
    X(R, F64, lon, OPTIONAL, -180, 180, NULL, "number")
RECORD(fuzz_item, FUZZ_ITEM)
RECORD_DEFINE(fuzz_item, FUZZ_ITEM)
#define FUZZ_BODY(X, R) \
    X(R, I64, n, OPTIONAL, -9, 1e15, NULL, "whole number") \
    X(R, ID, id, OPTIONAL, 0, 0, NULL, "number in quotes") \
    X(R, TIME, at, OPTIONAL, 0, 4102444800000.0, NULL, "time") \
    X(R, BOOL, yes, OPTIONAL, 0, 0, NULL, "truth") \
    X(R, STR, text, OPTIONAL | MULTILINE, 2, 40, NULL, "text of several lines") \
    X(R, STR, colour, OPTIONAL, 0, 9, colours, "word") \
    X(R, BYTES, bytes, OPTIONAL, 0, 30, NULL, "bytes") \
    X(R, OBJ, one, OPTIONAL, 0, 0, &fuzz_item_record, "object") \
    X(R, LIST, many, OPTIONAL, 0, 4, &fuzz_item_record, "objects") \
    X(R, WORDS, words, OPTIONAL, 0, 4, NULL, "texts")
RECORD(fuzz_body, FUZZ_BODY)
RECORD_DEFINE(fuzz_body, FUZZ_BODY)

static struct str written(struct arena *a, const struct fuzz_body *r)
{
    struct buf b = buf_in(a, 4 << 20);
    record_to_json(&b, &fuzz_body_record, r);
    return buf_str(&b);
}

static void record_check_json(struct arena *a, struct str text)
{
    struct err_info info = { .e = OK };
    struct fuzz_body r, again;
    enum err e = record_from_json(a, &fuzz_body_record, text, &r, &info);
    if (e != OK) {
        CHECK((e == E_SYNTAX || e == E_INPUT) && info.zh[0] && info.en[0]);
        return;
    }
    struct str first = written(a, &r);
    CHECK(record_from_json(a, &fuzz_body_record, first, &again, &info) == OK);
    CHECK(str_eq(first, written(a, &again)));
}

static void cut_check(struct str text)
{
    json_error_t why;
    bool has_nul = memchr(text.p, '\0', text.n) != NULL;  /* the library passes over some */
    json_t *root = has_nul ? NULL : json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    struct str rest = text, name, value;
    size_t n = 0;
    for (; json_cut_member(&rest, &name, &value); n++) {
        json_t *part = root ? json_loadb(value.p, value.n, JSON_DECODE_ANY, &why) : NULL;
        CHECK(value.n > 0 && value.p >= text.p && value.p + value.n <= text.p + text.n);
        CHECK(!json_is_object(root) || part != NULL);
        json_decref(part);
    }
    CHECK(!json_is_object(root) || (rest.p != NULL && n == json_object_size(root)));
    json_decref(root);
    for (rest = text; json_cut_element(&rest, &value);)
        CHECK(value.n > 0 && value.p >= text.p && value.p + value.n <= text.p + text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 64 << 20);
    struct str text = arena_dup(&a, data, size);
    record_check_json(&a, text);
    cut_check(text);
    arena_free(&a);
    return 0;
}
