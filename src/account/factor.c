/* factor.c: second factors as they are kept: the secret sealed under a key of its own, which the
 * node's key file wraps; recovery codes as keyed hashes. */
#include "account/account.h"
#include "crypto/password.h"
#include "crypto/seal.h"
#include "crypto/token.h"
#include "crypto/totp.h"

RECORD_DEFINE(factor_row, FACTOR_ROW)

SQL_READS(READ, "factor.read",
    "SELECT data_key, secret, step, made_ms FROM second_factor WHERE account = $1");
SQL_WRITES(PUT, "factor.put",
    "INSERT INTO second_factor (account, data_key, secret, step, made_ms) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (account) DO UPDATE SET data_key = excluded.data_key, secret = excluded.secret,"
    " step = excluded.step, made_ms = excluded.made_ms");
SQL_WRITES(DROP, "factor.drop", "DELETE FROM second_factor WHERE account = $1");
SQL_WRITES(STEP, "factor.step",
    "UPDATE second_factor SET step = $2 WHERE account = $1 AND step < $2");
SQL_READS(CODE_LEFT, "factor.code_left",
    "SELECT COUNT(*) FROM recovery_code WHERE account = $1 AND code = $2 AND used_ms IS NULL");
SQL_WRITES(CODE_USE, "factor.code_use",
    "UPDATE recovery_code SET used_ms = $3 WHERE account = $1 AND code = $2 AND used_ms IS NULL");
SQL_READS(CODES_LEFT, "factor.codes_left",
    "SELECT COUNT(*) FROM recovery_code WHERE account = $1 AND used_ms IS NULL");
SQL_WRITES(CODE_PUT, "factor.code_put",
    "INSERT INTO recovery_code (account, code) VALUES ($1, $2)");
SQL_WRITES(CODES_DROP, "factor.codes_drop", "DELETE FROM recovery_code WHERE account = $1");
const struct sql *const account_factor_statements[] = { &READ, &PUT, &DROP, &STEP, &CODE_LEFT,
    &CODE_USE, &CODES_LEFT, &CODE_PUT, &CODES_DROP };
const size_t account_factor_statements_n = COUNT_OF(account_factor_statements);

static const char field[] = "account.second_factor";

enum err factor_read(struct cx *cx, int64_t account, struct factor_row *ret)
{
    return db_one(cx->db, cx->a, &READ, ARGS(I(account)), &factor_row_record, ret);
}

enum err factor_put(struct cx *cx, int64_t account, struct str secret, int64_t step)
{
    unsigned char wrapped[SEAL_WRAPPED_BYTES];
    struct seal_key key;
    seal_key_new(cx->keys, cx->rand, account, wrapped, &key);
    struct str sealed = seal_field(cx->a, cx->rand, &key, field, secret);
    seal_key_wipe(&key);
    return db_exec(cx->db, &PUT, ARGS(I(account), B(bytes_str(wrapped, sizeof(wrapped))),
        B(sealed), I(step), I(cx->now_ms)), NULL);
}

enum err factor_drop(struct cx *cx, int64_t account)
{
    TRY(db_exec(cx->db, &CODES_DROP, ARGS(I(account)), NULL));
    return db_exec(cx->db, &DROP, ARGS(I(account)), NULL);
}

static struct str code_hash(struct cx *cx, struct str code)
{
    struct hash h = token_hash(cx->keys, password_plain(cx->a, code));
    return arena_str(cx->a, hash_str(&h));
}

static enum err secret_open(struct cx *cx, int64_t account, const struct factor_row *row,
    struct str *ret)
{
    struct seal_key key;
    TRY(seal_key_open(cx->keys, account, row->data_key, &key));
    enum err e = seal_open(cx->a, &key, field, row->secret, ret);
    seal_key_wipe(&key);
    return e;
}

static enum err code_wrong(struct cx *cx)
{
    return cx_fail(cx, E_LOGIN, "code", MSG("验证码不对或已用过；请等下一个，或输入一个恢复码",
        "The code is wrong or was used before; wait for the next one, or enter a recovery code"));
}

enum err factor_check(struct cx *cx, int64_t account, struct str code, struct factor_use *ret)
{
    struct factor_row row;
    struct str secret;
    int64_t left;
    *ret = (struct factor_use){ .step = -1 };
    enum err e = factor_read(cx, account, &row);
    if (e != OK)
        return e == E_MISSING ? OK : e;
    if (code.n == 0)
        return cx_fail(cx, E_LOGIN, "code", MSG("请输入手机上的 6 位验证码，或一个恢复码",
            "Enter the six digits that your telephone shows, or a recovery code"));
    TRY(secret_open(cx, account, &row, &secret));
    ret->step = totp_step(secret, code, cx->now_ms, row.step);
    if (ret->step >= 0)
        return OK;
    ret->recovery = code_hash(cx, code);
    TRY(db_number(cx->db, &CODE_LEFT, ARGS(I(account), B(ret->recovery)), &left));
    return left ? OK : code_wrong(cx);
}

enum err factor_take(struct cx *cx, int64_t account, const struct factor_use *u)
{
    int64_t changed = 0;
    if (u->step < 0 && u->recovery.n == 0)
        return OK;
    if (u->step >= 0)
        TRY(db_exec(cx->db, &STEP, ARGS(I(account), I(u->step)), &changed));
    else
        TRY(db_exec(cx->db, &CODE_USE, ARGS(I(account), B(u->recovery), I(cx->now_ms)), &changed));
    return changed == 1 ? OK : code_wrong(cx);
}

enum err factor_codes_left(struct cx *cx, int64_t account, int64_t *ret)
{
    return db_number(cx->db, &CODES_LEFT, ARGS(I(account)), ret);
}

enum err factor_codes_make(struct cx *cx, int64_t account, struct list *ret)
{
    struct str *codes = NEW_N(cx->a, struct str, CODES);
    TRY(db_exec(cx->db, &CODES_DROP, ARGS(I(account)), NULL));
    for (size_t i = 0; i < CODES; i++) {
        codes[i] = password_random(cx->a, cx->rand, RECOVERY_GROUPS);
        TRY(db_exec(cx->db, &CODE_PUT, ARGS(I(account), B(code_hash(cx, codes[i]))), NULL));
    }
    *ret = (struct list){ codes, CODES };
    return OK;
}
