/* dossier.h: the documents of a dispute: what its record knows as facts for templates, scans that
 * go with documents, what the dossier still lacks, and its filing. No document is stored: each is
 * set anew from the record, so that names stay sealed where the record seals them. */
#pragma once
#include "desk/desk.h"
#include "mediation/register.h"
#include "paper/paper.h"

#define SCAN_VIEW(X, R) \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "number, to take it off by") \
    X(R, STR, paper, REQUIRED, 0, 0, NULL, "document it goes with, or signature") \
    X(R, I64, party, OPTIONAL, 0, 0, NULL, "party it is of") \
    X(R, STR, caption, REQUIRED, 0, 0, NULL, "what it is") \
    X(R, TIME, at_ms, REQUIRED, 0, 0, NULL, "when") \
    X(R, LIST, photos, REQUIRED, 0, 6, &photo_view_record, "pictures; none: looked at only")
RECORD(scan_view, SCAN_VIEW)

#define PAPER_VIEW(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "of its template") \
    X(R, STR, title, REQUIRED, 0, 0, NULL, "title") \
    X(R, I64, place, REQUIRED, 0, 0, NULL, "order in the dossier") \
    X(R, BOOL, must, REQUIRED, 0, 0, NULL, "this dispute's dossier is not complete without it") \
    X(R, BOOL, ready, REQUIRED, 0, 0, NULL, "the record has what it is made of") \
    X(R, STR, lacking, REQUIRED, 0, 0, NULL, "what is missing of it, or empty") \
    X(R, I64, scans, REQUIRED, 0, 0, NULL, "pictures that go with it") \
    X(R, BOOL, takes, REQUIRED, 0, 0, NULL, "scans may be attached to it")
RECORD(paper_view, PAPER_VIEW)

#define PAPERS(X, R) \
    X(R, LIST, items, REQUIRED, 0, 60, &paper_view_record, "documents in the dossier's order") \
    X(R, LIST, scans, REQUIRED, 0, 200, &scan_view_record, "what goes with them; for the committee") \
    X(R, BOOL, complete, REQUIRED, 0, 0, NULL, "nothing that must be there is missing") \
    X(R, BOOL, can_file, REQUIRED, 0, 0, NULL, "it has ended and is not filed yet") \
    X(R, TIME, filed_ms, OPTIONAL, 0, 0, NULL, "filed in the archive") \
    X(R, STR, keeper, OPTIONAL, 0, 0, NULL, "who filed it") \
    X(R, STR, retention, OPTIONAL, 0, 0, NULL, "how long it is kept: short, long or ever") \
    X(R, STR, note, OPTIONAL, 0, 0, NULL, "what was said of it when it was filed")
RECORD(papers, PAPERS)

#define PAPER_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, STR, name, REQUIRED | IN_PATH, 1, 40, NULL, "of the template, or dossier")
RECORD(paper_in, PAPER_IN)
#define PAPER_NAME(X, R) X(R, STR, name, REQUIRED | IN_PATH, 1, 40, NULL, "of the template")
RECORD(paper_name, PAPER_NAME)
#define LETTER_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, ID, id, REQUIRED | IN_PATH, 0, 0, NULL, "number of the hand-over")
RECORD(letter_in, LETTER_IN)
#define SCAN_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, STR, paper, REQUIRED, 1, 40, NULL, "document it goes with, or signature") \
    X(R, I64, party, OPTIONAL, 1, 40, NULL, "number of the party it is of") \
    X(R, STR, caption, OPTIONAL, 1, 100, NULL, "what it is; evidence wants it") \
    X(R, WORDS, uploads, OPTIONAL, 0, 6, NULL, "tokens of uploaded pictures") \
    X(R, I64, photo, OPTIONAL, 1, 1000, NULL, "number of a picture that the matter has already")
RECORD(scan_in, SCAN_IN)
#define SCAN_OFF(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, I64, id, REQUIRED | IN_PATH, 1, 100000, NULL, "number of the scan") \
    X(R, STR, note, REQUIRED, 2, 200, NULL, "why it is taken off")
RECORD(scan_off, SCAN_OFF)
extern const char *const retention_words[];
#define FILE_IN(X, R) \
    X(R, STR, number, REQUIRED | IN_PATH, 8, 24, NULL, "number of the dispute") \
    X(R, STR, retention, REQUIRED, 4, 5, retention_words, "how long it is kept: short, long or ever") \
    X(R, STR, note, OPTIONAL | MULTILINE, 4, 1000, NULL, "statement on the dossier; wanted when something is missing")
RECORD(file_in, FILE_IN)

/* All that the record has of a dispute. */
struct case_file {
    struct cx *cx;
    const struct matter *m;
    struct beside *b;
    struct list lines, photos, promises;    /* promises: of all rounds */
    struct list scans;                      /* struct scan_view; those taken off are left out */
    struct list contacts;                   /* none: names stay sealed */
    int64_t names_of;       /* only the names of this party and of whoever acts with it; 0: of all */
    bool names_across;      /* with names_of: those of the other side too */
    int64_t phones_of;      /* as names_of, for telephones */
    const struct line *filed;               /* NULL: not filed yet */
};
/* With the names sealed, and opened. */
enum err dossier_read(struct cx *cx, const struct matter *m, struct case_file *ret) MUST_USE;
enum err dossier_open(struct case_file *d) MUST_USE;
/* paper: with pictures, of this document or, "", of all; none: without. E_TOO_LARGE: more of them
 * than fits into a file. */
enum err dossier_facts(const struct case_file *d, struct str paper, struct facts **ret) MUST_USE;

/* The number that an agreement of this round has, or will have: that of the committee that made it. */
struct str docket_of_round(const struct case_file *d, int64_t round);
/* How the agreement of a round was kept; none while nothing is said of it. */
struct str round_performed(const struct case_file *d, int64_t round);
/* Parts of the facts. */
enum err facts_of_people(const struct case_file *d, struct facts *f) MUST_USE;
enum err facts_of_course(const struct case_file *d, struct facts *f) MUST_USE;
enum err facts_of_agreements(const struct case_file *d, struct facts *f) MUST_USE;
enum err facts_of_undisputed(const struct case_file *d, struct facts *f) MUST_USE;
enum err facts_of_scans(const struct case_file *d, struct facts *f, struct str paper) MUST_USE;
/* Who mediates, for which committee: when the entry was written, or now (NULL). */
/* Parties, and what is recorded of their signing behind this entry. */
void facts_of_parties(const struct case_file *d, struct facts *f, const struct line *at);
enum err facts_of_team(const struct case_file *d, struct facts *f, const struct line *at) MUST_USE;
/* The last entry of this action; NULL: none. */
const struct line *line_last(const struct case_file *d, const char *action);
void facts_of_transfer(const struct case_file *d, struct facts *f, const struct transfer *t);
/* 申请人甲、被申请人乙, as far as names are open: of all (STR_NONE), or of those who agreed to be handed
 * over, by the row's consents. */
struct str parties_named(const struct case_file *d, struct str consents);
struct str dispute_called(const struct case_file *d);
/* As documents write them; none for I64_NONE. Amounts as they are written out in words. */
struct str paper_day(struct arena *a, int64_t at_ms);
struct str paper_moment(struct arena *a, int64_t at_ms);
struct str paper_yuan(struct arena *a, int64_t fen);
struct str paper_capitals(struct arena *a, int64_t fen);
/* What the document calls a party; its name, as far as it is open. */
struct str party_title(const struct case_file *d, const struct party *p);
struct str party_name(const struct case_file *d, int64_t no);
/* The number or word of an entry's data. */
int64_t line_number(const struct line *l, const char *name);
struct str line_word(const struct line *l, const char *name);
const struct line *line_at(const struct case_file *d, int64_t seq);

/* What is missing of this document in this dispute's record; NOTHING_FORBIDS when nothing is. */
struct msg paper_lacks(const struct case_file *d, const struct paper_form *t,
    const struct facts *f);
bool paper_must(const struct case_file *d, const struct paper_form *t);
/* Titles of what is missing, with a mark between; none when the dossier is complete. */
struct str dossier_lacks(const struct case_file *d, const struct forms *t, const struct facts *f);

handler papers_show, papers_own, paper_blank, paper_made, scan_add, scan_take_off,
    dossier_file;
enum err paper_prepare(struct cx *cx, const void *in) MUST_USE;
enum err letter_prepare(struct cx *cx, const void *in) MUST_USE;
enum err paper_own_prepare(struct cx *cx, const void *in) MUST_USE;
enum err dossier_zip_prepare(struct cx *cx, const void *in) MUST_USE;
/* Whether scans may go with documents of this name. */
bool takes_scans(const struct cx *cx, struct str paper);
/* The dispute for those who keep its dossier: mediators and heads of the committee that has it. */
enum err dossier_of(struct cx *cx, struct str number, struct matter *ret) MUST_USE;
/* The answer to whoever changed something about it. */
enum err papers_write(struct cx *cx, const struct matter *m, struct buf *out) MUST_USE;
