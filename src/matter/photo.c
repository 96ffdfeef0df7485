/* photo.c: uploads and the photos of a matter. */
#include "matter/photo.h"
#include "ledger/entry.h"
#include "crypto/token.h"

RECORD_DEFINE(photo, PHOTO)

SQL_WRITES(UPLOAD_INSERT, "photo.upload",
    "INSERT INTO upload (token, hash, thumb, width, height, made_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6)");
SQL_READS(UPLOAD_GET, "photo.upload_get",
    "SELECT 0, 0, hash, thumb, width, height, 'upload' FROM upload"
    " WHERE token = $1 AND made_ms > $2");
SQL_WRITES(UPLOAD_USED, "photo.upload_used", "DELETE FROM upload WHERE token = $1");
SQL_READS(LAST_NO, "photo.last",
    "SELECT coalesce(max(no), 0) FROM attachment WHERE area = $1 AND matter = $2");
SQL_WRITES(INSERT, "photo.insert",
    "INSERT INTO attachment (area, matter, no, seq, hash, thumb, width, height, phase)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL_READS(OF, "photo.of",
    "SELECT no, seq, hash, thumb, width, height, phase FROM attachment"
    " WHERE area = $1 AND matter = $2 ORDER BY no");
SQL_READS(ONE, "photo.one",
    "SELECT no, seq, hash, thumb, width, height, phase FROM attachment"
    " WHERE area = $1 AND matter = $2 AND no = $3");
const struct sql *const photo_statements[] = { &UPLOAD_INSERT, &UPLOAD_GET, &UPLOAD_USED, &LAST_NO,
    &INSERT, &OF, &ONE };
const size_t photo_statements_n = COUNT_OF(photo_statements);

enum err photo_upload(struct cx *cx, struct str hash, struct str thumb, int64_t width,
    int64_t height, struct str *ret_token)
{
    struct token token = token_new(cx->rand);
    struct hash key = token_hash(cx->keys, str_c(token.text));
    *ret_token = arena_dup(cx->a, token.text, TOKEN_CHARS);
    return db_exec(cx->db, &UPLOAD_INSERT, ARGS(B(hash_str(&key)), S(hash), S(thumb), I(width),
        I(height), I(cx->now_ms)), NULL);
}

static enum err upload_take(struct cx *cx, struct str token, struct photo *ret)
{
    struct hash key = token_hash(cx->keys, token);
    enum err e = db_one(cx->db, cx->a, &UPLOAD_GET,
        ARGS(B(hash_str(&key)), I(cx->now_ms - CLOCK_DAY_MS)), &photo_record, ret);
    if (e == E_MISSING)
        return cx_fail(cx, E_INPUT, "uploads", MSG("照片已失效，请重新上传",
            "A photo has expired; upload it again"));
    TRY(e);
    return db_exec(cx->db, &UPLOAD_USED, ARGS(B(hash_str(&key))), NULL);
}

enum err photos_take(struct cx *cx, const struct matter *m, struct entry_make *e,
    struct list tokens, const char *phase)
{
    const struct str *token = tokens.p;
    struct buf named = buf_in(cx->a, 1 << 16);
    int64_t no = 0;
    if (tokens.n == 0)
        return OK;
    TRY(db_number(cx->db, &LAST_NO, ARGS(I(m->area), I(m->id)), &no));
    if (no + (int64_t)tokens.n > PHOTOS_MAX)
        return cx_fail(cx, E_INPUT, "uploads", MSG("这件事的照片已满，请只写文字",
            "This matter holds as many photos as it can; please send words only"));
    for (size_t i = 0; i < tokens.n; i++) {
        struct photo p;
        TRY(upload_take(cx, token[i], &p));
        TRY(db_exec(cx->db, &INSERT, ARGS(I(m->area), I(m->id), I(++no), I(m->seq + 1), S(p.hash),
            S(p.thumb), I(p.width), I(p.height), S(str_c(phase))), NULL));
        entry_photo_name(&named, p.hash, p.thumb);
    }
    entry_fact_hash(cx, e, "photos_sha256", hash_sha256(buf_str(&named)));
    return OK;
}

bool photo_is_shown(const struct cx *cx, const struct matter *m, const struct photo *p)
{
    return !str_is(p->phase, PHASE_PAPER)
        || (cx->actor.kind == ACTOR_STAFF && access_is_member(&cx->actor, m->owner_unit));
}

enum err photos_of(struct cx *cx, const struct matter *m, struct list *ret)
{
    return db_rows(cx->db, cx->a, &OF, ARGS(I(m->area), I(m->id)), &photo_record, PHOTOS_MAX,
        ret);
}

enum err photo_one(struct cx *cx, const struct matter *m, int64_t no, struct photo *ret)
{
    return db_one(cx->db, cx->a, &ONE, ARGS(I(m->area), I(m->id), I(no)), &photo_record, ret);
}
