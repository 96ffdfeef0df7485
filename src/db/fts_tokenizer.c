/* fts_tokenizer.c: the tokenizer "cjk" for SQLite's FTS5. */
#include "db/fts_tokenizer.h"
#include "base/arena.h"
#include <sqlite3.h>

enum fts_class fts_class_of(uint32_t c)
{
    static const struct { uint32_t from, to; enum fts_class class; } ranges[] = {
        { '0', '9', FTS_WORD }, { 'A', 'Z', FTS_WORD }, { 'a', 'z', FTS_WORD },
        { 0xC0, 0x1FFF, FTS_WORD }, { 0x2C00, 0x2DFF, FTS_WORD }, { 0x3005, 0x3007, FTS_CJK },
        { 0x3021, 0x3029, FTS_CJK }, { 0x3040, 0x30FF, FTS_CJK }, { 0x3100, 0x31BF, FTS_CJK },
        { 0x3400, 0x4DBF, FTS_CJK }, { 0x4E00, 0x9FFF, FTS_CJK }, { 0xA000, 0xA4CF, FTS_WORD },
        { 0xAC00, 0xD7A3, FTS_CJK }, { 0xF900, 0xFAFF, FTS_CJK }, { 0xFF66, 0xFF9F, FTS_CJK },
        { 0x10000, 0x1FFFF, FTS_WORD }, { 0x20000, 0x3FFFF, FTS_CJK },
    };
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return ranges[i].class;
    return FTS_GAP;
}

typedef int token_fn(void *ctx, int flags, const char *token, int n, int from, int to);
struct cutting { struct str text; token_fn *token; void *ctx; bool query; };

static int give(const struct cutting *c, size_t from, size_t to)
{
    return c->token(c->ctx, 0, c->text.p + from, (int)(to - from), (int)from, (int)to);
}

/* The word that begins at *at. */
static int cut_word(const struct cutting *c, size_t *at)
{
    size_t from = *at, end = *at, kept = *at, chars = 0;
    while (end < c->text.n) {
        size_t next = end;
        if (fts_class_of(str_next(c->text, &next)) != FTS_WORD)
            break;
        end = next;
        if (++chars <= FTS_WORD_CHARS_MAX)
            kept = end;
    }
    *at = end;
    return give(c, from, kept);
}

/* The run of CJK characters that begins at *at. A query needs the last one alone only when more
 * follows or nothing came before: otherwise the pair has it. */
static int cut_run(const struct cutting *c, size_t *at)
{
    size_t from = *at, second = *at, end;
    bool pair = false;
    (void)str_next(c->text, &second);
    while (second < c->text.n) {
        end = second;
        if (fts_class_of(str_next(c->text, &end)) != FTS_CJK)
            break;
        int rc = give(c, from, end);
        if (rc != SQLITE_OK)
            return rc;
        pair = true;
        from = second;
        second = end;
    }
    *at = second;
    return c->query && pair && second == c->text.n ? SQLITE_OK : give(c, from, second);
}

static int cut(Fts5Tokenizer *t, void *ctx, int flags, const char *p, int n, token_fn *token)
{
    struct cutting c = { { p, p && n > 0 ? (size_t)n : 0 }, token, ctx,
        (flags & FTS5_TOKENIZE_QUERY) != 0 };
    (void)t;
    int rc = SQLITE_OK;
    for (size_t at = 0; at < c.text.n && rc == SQLITE_OK;) {
        size_t next = at;
        enum fts_class class = fts_class_of(str_next(c.text, &next));
        if (class == FTS_GAP)
            at = next;
        else
            rc = class == FTS_WORD ? cut_word(&c, &at) : cut_run(&c, &at);
    }
    return rc;
}

/* It keeps nothing; SQLite only wants to see a pointer. */
static int made(void *ctx, const char **args, int n, Fts5Tokenizer **ret)
{
    (void)ctx, (void)args, (void)n;
    *ret = heap_alloc(1);
    return SQLITE_OK;
}

static void ended(Fts5Tokenizer *t)
{
    heap_free(t);
}

bool fts_tokenizer_register(void *handle)
{
    sqlite3 *h = handle;
    sqlite3_stmt *st = NULL;
    fts5_api *api = NULL;
    fts5_tokenizer cjk = { made, ended, cut };
    if (sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &st, NULL) == SQLITE_OK
        && sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
        (void)sqlite3_step(st);
    (void)sqlite3_finalize(st);
    return api && api->xCreateTokenizer(api, "cjk", NULL, &cjk, NULL) == SQLITE_OK;
}
