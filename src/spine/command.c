/* command.c: decode, authorise, run, settle. */
#include "spine/command.h"
#include "access/access.h"
#include "crypto/hash.h"

enum { KEY_HEAD_CHARS = 13, KEY_DIGEST_BYTES = 16 };
#define KEY_ROW(X, R) \
    X(R, BYTES, body, REQUIRED, 0, 0, NULL, "") \
    X(R, ID, matter, REQUIRED, 0, 0, NULL, "") \
    X(R, I64, no, REQUIRED, 0, 0, NULL, "")
RECORD(key_row, KEY_ROW)
RECORD_DEFINE(key_row, KEY_ROW)

SQL_WRITES(KEY_CLAIM, "command.claim",
    "INSERT INTO command_key (area, key, body, matter, no, at_ms) VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT DO NOTHING");
SQL_WRITES(KEY_CLAIM_NEW, "command.claim_new",
    "INSERT INTO command_key (area, key, body, matter, no, at_ms) VALUES ($1, $2, $3, $4, $5, $6)");
SQL_READS(KEY_READ, "command.key",
    "SELECT body, matter, no FROM command_key WHERE area = $1 AND key = $2");
const struct sql *const command_statements[] = { &KEY_CLAIM, &KEY_CLAIM_NEW, &KEY_READ };
const size_t command_statements_n = COUNT_OF(command_statements);

/* Content comes in the body, where nobody logs it and retries are compared; a place in the path
 * comes only from there. */
static enum err query_check(struct command *c, const struct params *query, bool has_json)
{
    const struct record *r = c->route->in;
    struct err_info *info = &c->cx.info;
    if (query->n && (r == NULL || has_json))
        return err_note(info, E_INPUT, "query", MSG("此地址没有参数",
            "This address takes no parameters"), STR_NONE);
    for (size_t i = 0; i < query->n; i++)
        for (size_t k = 0; k < r->n; k++)
            if ((r->fields[k].flags & IN_PATH) && str_is(query->names[i], r->fields[k].name))
                return err_note(info, E_INPUT, r->fields[k].name, MSG("这一项写在地址里，不作参数",
                    "This is part of the address, not a parameter"), STR_NONE);
    return OK;
}

enum err command_decode(struct command *c, struct str body, const struct params *query,
    const struct params *path)
{
    const struct record *r = c->route->in;
    struct err_info *info = &c->cx.info;
    c->start.kept = false;
    bool has_json = c->route->lane != LANE_UPLOAD && c->route->lane != LANE_FILE
        && strcmp(c->route->method, "GET") != 0;
    TRY(query_check(c, query, has_json));
    if (r == NULL)
        return OK;
    c->in = arena_alloc(c->cx.a, r->size, alignof(max_align_t), 1);
    if (!has_json)
        record_clear(r, c->in);     /* everything comes from the address */
    else
        TRY(record_from_json(c->cx.a, r, body, c->in, info));
    for (size_t i = 0; i < query->n; i++)
        TRY(record_set_text(c->cx.a, r, c->in, query->names[i], query->values[i], info));
    for (size_t i = 0; i < path->n; i++)
        TRY(record_set_text(c->cx.a, r, c->in, path->names[i], path->values[i], info));
    return record_check(r, c->in, true, info);
}

enum err command_authorise(struct cx *cx, const struct route *route)
{
    if ((route->roles & ROLE_PUBLIC) || (cx->actor.roles & route->roles))
        return OK;
    if (cx->actor.must & MUST_PASSWORD)
        return cx_fail(cx, E_DENIED, "password", MSG("请先在“我的账号”改掉一次性密码",
            "Change your one-time password first, on the page of your account"));
    if (cx->actor.must & MUST_FACTOR)
        return cx_fail(cx, E_DENIED, "second_factor", MSG("您的职务要求第二因素，请先在“我的账号”设置",
            "Your role needs a second factor; set it up first, on the page of your account"));
    return cx->actor.kind == ACTOR_PUBLIC ? E_LOGIN : E_DENIED;
}

/* As it was queued, if it ran before and was undone. */
static void begin_afresh(struct command *c)
{
    struct cx *cx = &c->cx;
    cx->n_events = 0;
    if (!c->start.kept) {
        c->start.kept = true;
        c->start.actor = cx->actor;
        c->start.prepared = cx->prepared;
        return;
    }
    cx->actor = c->start.actor;
    cx->prepared = c->start.prepared;
    cx->cookie = cx->new_place = STR_NONE;
    cx->ended = (struct list){ NULL, 0 };
    cx->info = (struct err_info){ .e = OK };
    c->out.n = 0;
}

enum err command_run(struct command *c)
{
    CHECK(c->route->lane != LANE_READ);
    begin_afresh(c);
    TRY(access_refresh(&c->cx));
    TRY(command_authorise(&c->cx, c->route));
    return c->route->run(&c->cx, c->in, &c->out);
}

enum err command_read(struct command *c)
{
    CHECK(c->route->lane == LANE_READ);
    TRY(command_authorise(&c->cx, c->route));
    return c->route->run(&c->cx, c->in, &c->out);
}

/* Keys are private to their sender: the same words from two people are two keys. A reporter is
 * known by what the code was made for, which stays when the matter is merged into another. The
 * beginning of the key stays in front: where that is the time, as in a UUID of version 7, the keys
 * of one group of commands lie side by side and cost one page instead of one each. */
static struct str key_stored(struct cx *cx)
{
    const struct actor *a = &cx->actor;
    struct buf who = buf_in(cx->a, 200), key = buf_in(cx->a, 200);
    if (a->kind == ACTOR_STAFF)
        buf_fmt(&who, "staff %lld ", (long long)a->account);
    else
        buf_fmt(&who, "reporter %lld %lld %lld ", (long long)a->area, (long long)a->code.matter,
            (long long)a->code.no);
    struct hash h = hash_sha256_2(buf_str(&who), cx->key);
    buf_add(&key, str_head(cx->key, KEY_HEAD_CHARS));
    buf_add(&key, (struct str){ (const char *)h.b, KEY_DIGEST_BYTES });
    return buf_str(&key);
}

enum err command_claim(struct cx *cx, int64_t area, int64_t matter, int64_t no, bool *ret_again,
    int64_t *ret_matter, int64_t *ret_no)
{
    struct key_row row;
    int64_t changed = 0;
    *ret_again = false;
    if (cx->key.n == 0)
        return OK;
    struct hash body_hash = hash_sha256_2(cx->path, cx->body);
    struct str key = key_stored(cx), body = { (const char *)body_hash.b, KEY_DIGEST_BYTES };
    const struct arg args[] = { I(area), B(key), B(body), I(matter), I(no), I(cx->now_ms) };
    if (db_trusts(cx->db))      /* that it is new; if not, the whole group is run again */
        return db_exec(cx->db, &KEY_CLAIM_NEW, args, COUNT_OF(args), NULL);
    TRY(db_exec(cx->db, &KEY_CLAIM, args, COUNT_OF(args), &changed));
    if (changed == 1)
        return OK;
    TRY(db_one(cx->db, cx->a, &KEY_READ, ARGS(I(area), B(key)), &key_row_record, &row));
    if (!str_eq(row.body, body))
        return E_KEY_REUSED;
    *ret_again = true;
    *ret_matter = row.matter;
    *ret_no = row.no;
    return OK;
}
