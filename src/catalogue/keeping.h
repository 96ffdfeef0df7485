/* keeping.h: how long personal data is kept: the deployer's table "keeping", one row a kind, with
 * the usual term of the program behind each that is not in it. */
#pragma once
#include "record/record.h"

/* What is kept: name, word, usual days, fewest days, from when on (Chinese, English). Words of
 * matters are those of matter/erase.h. A matter may be taken up again for 90 days, so what that
 * needs stays as long; files of mediation are kept for five years at least, or ten when they
 * were filed for a long time; those filed for good stay. */
#define KEEPING_TABLE(X) \
    X(KEEP_CONTACT, "contact", 1095, 90, "办结", "it has ended") \
    X(KEEP_WORDS, "words", 1095, 90, "办结", "it has ended") \
    X(KEEP_PHOTOS, "photos", 1095, 90, "办结", "it has ended") \
    X(KEEP_CAUCUS, "caucus", 180, 40, "调解结束", "the mediation has ended") \
    X(KEEP_FILE, "file", 1825, 1825, "调解结束", "the mediation has ended") \
    X(KEEP_FILE_LONG, "file_long", 3650, 3650, "调解结束", "the mediation has ended") \
    X(KEEP_SESSION, "session", 1, 0, "登录失效", "the sign-in has expired") \
    X(KEEP_SIGN_IN, "sign_in", 400, 1, "最后一次使用", "its last use")
#define X(name, word, usual, least, zh, en) name,
enum term { KEEPING_TABLE(X) KEEP_COUNT };
#undef X
extern const char *const keep_words[];      /* NULL-terminated */

/* A row of the table; no days: kept for good. */
#define KEEPING(X, R) \
    X(R, STR, what, REQUIRED, 4, 12, keep_words, "contact, words, photos, caucus, file (of short" \
        " retention), file_long, session or sign_in") \
    X(R, I64, days, OPTIONAL, 0, 36500, NULL, "days after it has ended; empty: for good") \
    X(R, STR, basis, OPTIONAL, 0, 200, NULL, "what the term rests on, Chinese") \
    X(R, STR, basis_en, OPTIONAL, 0, 200, NULL, "what the term rests on, English")
RECORD(keeping, KEEPING)

struct keepings {
    int64_t version;                /* of the table; 0: there is none, all terms are the usual ones */
    int64_t days[KEEP_COUNT];       /* I64_NONE: for good */
};
/* Those in force at now_ms. */
struct db;
enum err keepings_read(struct db *db, struct arena *a, int64_t now_ms, struct keepings *ret)
    MUST_USE;
/* The usual terms as the table would hold them: what is in force where there is none. In a. */
struct str keepings_usual_csv(struct arena *a);
int64_t keep_least_days(enum term k);
struct msg keep_since(enum term k);
/* KEEP_COUNT when it is none. */
enum term keep_by_word(struct str word);
