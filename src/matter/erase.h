/* erase.h: taking away what a matter says of people, once its term is over, and keeping all of it
 * while a proceeding needs it. Entries hold salted digests of what people wrote, and no names; so
 * the words go, the salt goes with them, and the chain and every proof stay as they were. What was
 * taken away is an entry itself, "erase", and from then on the row says so in its column erased. */
#pragma once
#include "matter/step.h"

/* bit, word, what it takes away (Chinese, English), of a dispute */
#define ERASE_TABLE(X) \
    X(ERASE_CONTACT, 1, "contact", "报事人的姓名和电话", "Names and telephones of reporters", false) \
    X(ERASE_WORDS, 2, "words", "经过、地点和往来的文字", "The words: what, where, and what was said", false) \
    X(ERASE_PHOTOS, 4, "photos", "照片", "Photos", false) \
    X(ERASE_CAUCUS, 8, "caucus", "调解中的单独谈话", "What one side said alone in mediation", true) \
    X(ERASE_FILE, 16, "file", "调解案卷", "The file of a mediation", true)
#define X(name, bit, word, zh, en, dispute) name = bit,
enum erase_bit { ERASE_TABLE(X) };
#undef X
struct erase_row { enum erase_bit bit; const char *word; struct msg name; bool dispute; };
extern const struct erase_row erase_table[];
extern const size_t erase_table_n;
const struct erase_row *erase_by_word(struct str word);     /* NULL: there is none */

/* The words of m are gone. */
bool matter_is_wordless(const struct matter *m);
/* What m is about, in its reporter's words, or that they are gone. */
struct str matter_words(const struct cx *cx, const struct matter *m);
/* The same for a text that may be of such a matter. */
struct str words_or_gone(const struct cx *cx, struct str text);

/* Degrees, to about ten metres: which house, not which door. */
double erase_round(double degrees);

struct msg guard_erase(const struct taking *t);
struct msg guard_hold(const struct taking *t);
struct msg guard_release_hold(const struct taking *t);
enum err apply_erase(struct taking *t);
enum err apply_hold(struct taking *t);
enum err store_erase(struct taking *t);
/* Parts of it, for a file that holds more: each adds a fact that counts what was there. */
enum err erase_contacts(struct taking *t, int64_t no);      /* 0: of all */
enum err erase_words(struct taking *t);
enum err erase_photos(struct taking *t);
extern const struct sql *const erase_statements[];
extern const size_t erase_statements_n;
