/* record.h: one description of a record, many uses: the C struct, reading database rows, JSON in
 * and out, URL parameters, CSV rows, the OpenAPI schema and the TypeScript type.
 *
 * A record is an X-list; every line is  X(R, TYPE, name, flags, min, max, sub, "meaning"):
 *   #define PLACE(X, R) \
 *       X(R, F64, lon, REQUIRED, 73, 136, NULL, "longitude, degrees, WGS-84") \
 *       X(R, F64, lat, REQUIRED, 3, 54, NULL, "latitude, degrees, WGS-84")
 *   RECORD(place, PLACE)             in a header: struct place and place_record
 *   RECORD_DEFINE(place, PLACE)      in one .c file
 * TYPE   C type          JSON
 * I64    int64_t         number within 2^53
 * ID     int64_t         string of decimal digits (64 bits do not fit a JavaScript number)
 * TIME   int64_t         number: milliseconds since 1970 UTC
 * F64    double          number
 * BOOL   bool            true or false
 * STR    struct str      string; min and max count code points, min only visible ones if MULTILINE;
 *                        sub = array of allowed words
 * BYTES  struct str      base64 string
 * RAW    struct str      JSON text, written as it is; not read from input
 * OBJ    const void *    object; sub = its record
 * LIST   struct list     array of objects; sub = the record of one; max counts items
 * WORDS  struct list     array of strings (struct str); max counts items
 * "No value" is I64_NONE, NaN, {NULL,0} or NULL; it is null in JSON and NULL in SQL. */
#pragma once
#include "base/clock.h"
#include "base/err.h"

enum field_type {
    F_I64, F_ID, F_TIME, F_F64, F_BOOL, F_STR, F_BYTES, F_RAW, F_OBJ, F_LIST, F_WORDS
};

enum field_flag {
    OPTIONAL = 0,
    REQUIRED = 1,       /* input must have it; output always has it */
    IN_PATH = 2,        /* input comes from the address, never from a body */
    MULTILINE = 4,      /* text may hold line breaks */
    PERSONAL = 8,       /* data class L3: personal */
    SENSITIVE = 16,     /* data class L4: sensitive personal */
    TABLED = 32,        /* its words are checked with the whole table, which tells all faults */
};

#define I64_NONE INT64_MIN
struct list { void *p; size_t n; };
/* In place of n, for writing JSON only: p is a struct str, the array as it is to be written. */
#define LIST_WRITTEN SIZE_MAX

struct field {
    const char *name;
    enum field_type type;
    unsigned flags;
    double min, max;
    const void *sub;
    size_t offset;
    const char *meaning;
};
struct record { const char *name; const struct field *fields; size_t n, size; };

#define RECORD_C_I64 int64_t
#define RECORD_C_ID int64_t
#define RECORD_C_TIME int64_t
#define RECORD_C_F64 double
#define RECORD_C_BOOL bool
#define RECORD_C_STR struct str
#define RECORD_C_BYTES struct str
#define RECORD_C_RAW struct str
#define RECORD_C_OBJ const void *
#define RECORD_C_LIST struct list
#define RECORD_C_WORDS struct list
#define RECORD_MEMBER_(R, type, name, flags, min, max, sub, meaning) RECORD_C_##type name;
#define RECORD_FIELD_(R, type, name, flags, min, max, sub, meaning) \
    { #name, F_##type, (flags), (min), (max), (sub), offsetof(struct R, name), meaning },
#define RECORD(rec, LIST) \
    struct rec { LIST(RECORD_MEMBER_, rec) }; \
    extern const struct record rec##_record;
#define RECORD_DEFINE(rec, LIST) \
    static const struct field rec##_fields_[] = { LIST(RECORD_FIELD_, rec) }; \
    const struct record rec##_record = \
        { #rec, rec##_fields_, COUNT_OF(rec##_fields_), sizeof(struct rec) };

/* Sets every field to "no value". */
void record_clear(const struct record *r, void *rec);
/* NULL: it has no such field. */
const struct field *record_field_named(const struct record *r, struct str name);

/* Writes rec as a JSON object; optional fields without value are left out. */
void record_to_json(struct buf *b, const struct record *r, const void *rec);
/* Writes n records lying one after another as a JSON array. */
void record_list_to_json(struct buf *b, const struct record *r, const void *recs, size_t n);

/* Reads a JSON object into rec (texts in the arena) and checks it against the description.
 * Errors: E_SYNTAX malformed JSON, duplicate keys, invalid UTF-8; E_INPUT unknown, missing or
 * out-of-range field, with info naming it. An empty text counts as {}. */
enum err record_from_json(struct arena *a, const struct record *r, struct str json, void *ret_rec,
    struct err_info *info) MUST_USE;
/* Sets one field from text (URL parameter, path part, CSV cell); same checks. */
enum err record_set_text(struct arena *a, const struct record *r, void *rec, struct str name,
    struct str value, struct err_info *info) MUST_USE;
/* E_INPUT, noted with what may be written instead, when v is none of the field's words. */
enum err record_check_words(const struct field *f, struct str v, struct err_info *info) MUST_USE;
/* Said of a text that str_is_turned() finds, whatever it came in. */
#define TURNED_TEXT MSG("含有看不见的、改变文字方向的字符，请删去；从别处粘贴来的，请直接输入", \
    "Contains invisible characters that turn the direction of writing; remove them, or type the text" \
    " instead of pasting it")
/* Checks ranges and required fields of a filled record; IN_PATH fields count only if with_path. */
enum err record_check(const struct record *r, const void *rec, bool with_path,
    struct err_info *info) MUST_USE;
/* The same for its field i alone. */
enum err record_check_field(const struct record *r, size_t i, const void *rec,
    struct err_info *info) MUST_USE;

/* The cells of the line of CSV at *at, which moves behind it. E_SYNTAX, noted. */
enum { CSV_COLUMNS_MAX = 64 };
enum err record_csv_line(struct arena *a, struct str csv, size_t *at, struct str *ret_cells,
    size_t *ret_n, struct err_info *info) MUST_USE;
/* Reads CSV with a header line naming fields (RFC 4180; a BOM is skipped) into an array of
 * records. Errors name line and column in info. */
enum err record_from_csv(struct arena *a, const struct record *r, struct str csv,
    struct list *ret_recs, struct err_info *info) MUST_USE;

/* Schema of r as an OpenAPI 3.1 object, or as the body of a TypeScript interface. in says
 * whether it is input (only REQUIRED is required, IN_PATH left out) or output. */
void record_to_openapi(struct buf *b, const struct record *r, bool in);
void record_to_typescript(struct buf *b, const struct record *r, bool in);
/* matter_row -> MatterRow, the name of a record in TypeScript. */
void record_typescript_name(struct buf *b, const struct record *r);

static inline void *record_at(const struct field *f, void *rec)
{
    return (char *)rec + f->offset;
}
static inline const void *record_in(const struct field *f, const void *rec)
{
    return (const char *)rec + f->offset;
}
