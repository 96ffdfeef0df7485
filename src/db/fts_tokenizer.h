/* fts_tokenizer.h: how text is cut for full-text search. Chinese has no spaces and most words are
 * two characters: a run of CJK characters becomes its overlapping pairs
 * (人民路: 人民 民路 路), the last one also alone, so that every character begins a token. Other
 * letters and digits are words. Text is expected folded (case, width) by the caller; the same cut
 * serves index and query. */
#pragma once
#include "base/str.h"

enum fts_class { FTS_GAP, FTS_WORD, FTS_CJK };
enum { FTS_WORD_CHARS_MAX = 40 };       /* longer words are known by their beginning */
enum fts_class fts_class_of(uint32_t code_point);

/* Tells SQLite about the tokenizer "cjk"; handle is a sqlite3. False when FTS5 is missing. */
bool fts_tokenizer_register(void *handle);
