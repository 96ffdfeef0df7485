/* own.c: what everybody may do with their own account: password, second factor, sessions. */
#include "account/account.h"
#include "crypto/bytes.h"
#include "crypto/password.h"
#include "crypto/totp.h"
#include "spine/command.h"
#include <qrencode.h>

RECORD_DEFINE(own_account, OWN_ACCOUNT)
RECORD_DEFINE(own_password_in, OWN_PASSWORD_IN)
RECORD_DEFINE(factor_begin, FACTOR_BEGIN)
RECORD_DEFINE(factor_in, FACTOR_IN)
RECORD_DEFINE(confirm_in, CONFIRM_IN)
RECORD_DEFINE(codes_out, CODES_OUT)
RECORD_DEFINE(sessions_end_in, SESSIONS_END_IN)

SQL_READS(PASSWORD, "own.password",
    "SELECT id, username, name, password, phone, lang, disabled, once_ms, unlocked FROM account"
    " WHERE id = $1");
SQL_WRITES(PASSWORD_SET, "own.password_set",
    "UPDATE account SET password = $2, once_ms = NULL WHERE id = $1 AND password = $3");
SQL_READS(NEEDS_FACTOR, "own.roles", "SELECT role FROM membership WHERE account = $1 LIMIT 8");
const struct sql *const account_own_statements[] = { &PASSWORD, &PASSWORD_SET, &NEEDS_FACTOR };
const size_t account_own_statements_n = COUNT_OF(account_own_statements);

#define ROLE_ROW(X, R) X(R, STR, role, 0, 0, 0, NULL, "")
RECORD(role_held, ROLE_ROW)
RECORD_DEFINE(role_held, ROLE_ROW)

/* Also of somebody who has no rights before they have set it up. */
static enum err factor_wanted(struct cx *cx, bool *ret)
{
    struct list rows;
    unsigned needed = access_factor_roles(cx->cat);
    TRY(db_rows(cx->db, cx->a, &NEEDS_FACTOR, ARGS(I(cx->actor.account)), &role_held_record,
        MEMBERSHIPS_MAX, &rows));
    const struct role_held *r = rows.p;
    *ret = false;
    for (size_t i = 0; i < rows.n; i++) {
        const struct role_row *role = role_by_word(r[i].role);
        *ret |= role && (role->role & needed);
    }
    return OK;
}

static enum err me_read(struct cx *cx, struct account *ret)
{
    return db_one(cx->db, cx->a, &PASSWORD, ARGS(I(cx->actor.account)), &account_record, ret);
}

enum err own_show(struct cx *cx, const void *in, struct buf *out)
{
    struct own_account r;
    struct account me;
    struct factor_row factor;
    (void)in;
    record_clear(&own_account_record, &r);
    TRY(me_read(cx, &me));
    r.username = me.username;
    r.once_ms = me.once_ms;
    enum err e = factor_read(cx, me.id, &factor);
    if (e != OK && e != E_MISSING)
        return e;
    r.factor_ms = e == OK ? factor.made_ms : I64_NONE;
    TRY(factor_wanted(cx, &r.factor_wanted));
    TRY(factor_codes_left(cx, me.id, &r.codes_left));
    TRY(access_sessions(cx, me.id, &r.sessions));
    record_to_json(out, &own_account_record, &r);
    return OK;
}

/* What was found out off the writer: whether the password fits, and what is to be written. */
struct own { bool right; struct str before, hash, secret; int64_t step; };

static enum err confirm(struct cx *cx, struct str current, struct account *ret_me, struct own **ret)
{
    struct own *own = NEW(cx->a, struct own);
    TRY(me_read(cx, ret_me));
    enum err e = password_verify(cx->keys, ret_me->password, current);
    if (e != OK && e != E_LOGIN)
        return e;
    own->right = e == OK;
    own->before = ret_me->password;
    own->step = -1;
    cx->prepared = *ret = own;
    return OK;
}

/* The same call again, which was carried out, is told so: by then the password may be another. */
static enum err begin(struct cx *cx, bool *ret_again)
{
    const struct own *own = cx->prepared;
    int64_t matter, no;
    TRY(command_claim(cx, 0, 0, 0, ret_again, &matter, &no));
    if (*ret_again || own == NULL || own->right)
        return OK;
    return cx_fail(cx, E_INPUT, "current", MSG("现在的密码不对，请重新输入",
        "This is not your present password; enter it again"));
}

enum err own_password_prepare(struct cx *cx, const void *in)
{
    const struct own_password_in *q = in;
    struct account me;
    struct own *own;
    TRY(password_check_rules(q->password, cx->actor.username, &cx->info));
    TRY(confirm(cx, q->current, &me, &own));
    if (str_eq(q->current, q->password))
        return cx_fail(cx, E_INPUT, "password", MSG("新密码不能和现在的一样",
            "The new password must differ from the present one"));
    return own->right ? password_hash(cx->a, cx->keys, cx->rand, q->password, &own->hash) : OK;
}

enum err own_password(struct cx *cx, const void *in, struct buf *out)
{
    const struct own *own = cx->prepared;
    int64_t changed = 0, account = cx->actor.account;
    bool again;
    (void)in;
    TRY(begin(cx, &again));
    buf_add(out, STR("{}"));
    if (again)
        return OK;
    TRY(db_exec(cx->db, &PASSWORD_SET, ARGS(I(account), S(own->hash), S(own->before)), &changed));
    if (changed == 0)
        return E_CONFLICT;
    TRY(access_sessions_end(cx, account, cx->actor.session));
    return account_note(cx, account, "own_password", STR(""), STR("{}"));
}

/* Second factor ----------------------------------------------------------------------------- */

enum { QR_QUIET = 4 };

/* One path of unit squares, run by run. */
static enum err qr_svg(struct cx *cx, struct str text, struct str *ret)
{
    struct buf b = buf_in(cx->a, 1 << 18);
    struct str z = arena_str(cx->a, text);
    QRcode *q = QRcode_encodeString8bit(z.p, 0, QR_ECLEVEL_M);
    if (q == NULL)
        return E_BUSY;
    int side = q->width + 2 * QR_QUIET;
    buf_fmt(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
        " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", side,
        side, side, side);
    for (int y = 0; y < q->width; y++)
        for (int x = 0; x < q->width; x++)
            if (q->data[y * q->width + x] & 1)
                buf_fmt(&b, "M%d %dh1v1h-1z", x + QR_QUIET, y + QR_QUIET);
    buf_add(&b, STR("\"/></svg>"));
    QRcode_free(q);
    *ret = buf_str(&b);
    return OK;
}

/* Nothing is stored: the secret comes back with a code that it made. */
enum err own_factor_begin(struct cx *cx, const void *in, struct buf *out)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    struct factor_begin r;
    (void)in;
    rand_bytes(cx->rand, bytes, sizeof(bytes));
    struct str secret = bytes_str(bytes, sizeof(bytes)), city = catalogue_setting(cx->cat, "city");
    r.secret = totp_text(cx->a, secret);
    r.uri = totp_uri(cx->a, arena_fmt(cx->a, "枫桥 %.*s", STR_FMT(city)), cx->actor.username, secret);
    TRY(qr_svg(cx, r.uri, &r.svg));
    record_to_json(out, &factor_begin_record, &r);
    return OK;
}

enum err own_factor_prepare(struct cx *cx, const void *in)
{
    const struct factor_in *q = in;
    struct account me;
    struct own *own;
    TRY(confirm(cx, q->current, &me, &own));
    if (!totp_secret(cx->a, q->secret, &own->secret))
        return cx_fail(cx, E_INPUT, "secret", MSG("密钥不对，请重新开始设置",
            "This is no secret; begin again"));
    own->step = totp_step(own->secret, q->code, cx->now_ms, -1);
    return OK;
}

static enum err codes_write(struct cx *cx, struct buf *out, bool again)
{
    struct codes_out r = { { NULL, 0 } };
    if (!again)
        TRY(factor_codes_make(cx, cx->actor.account, &r.codes));
    record_to_json(out, &codes_out_record, &r);
    return OK;
}

enum err own_factor(struct cx *cx, const void *in, struct buf *out)
{
    const struct own *own = cx->prepared;
    int64_t account = cx->actor.account;
    bool again;
    (void)in;
    TRY(begin(cx, &again));
    if (again)
        return codes_write(cx, out, true);
    if (own->step < 0)
        return cx_fail(cx, E_INPUT, "code", MSG("验证码不对：请核对手机时间，再输入新的 6 位数字",
            "The code does not fit: check the telephone's clock and enter the next six digits"));
    TRY(factor_put(cx, account, own->secret, own->step));
    TRY(account_note(cx, account, "factor_set", STR(""), STR("{}")));
    TRY(access_sessions_end(cx, account, cx->actor.session));
    return codes_write(cx, out, false);
}

enum err own_confirm_prepare(struct cx *cx, const void *in)
{
    const struct confirm_in *q = in;
    struct account me;
    struct own *own;
    return confirm(cx, q->current, &me, &own);
}

enum err own_factor_off(struct cx *cx, const void *in, struct buf *out)
{
    bool again, wanted;
    (void)in;
    TRY(begin(cx, &again));
    buf_add(out, STR("{}"));
    if (again)
        return OK;
    TRY(factor_wanted(cx, &wanted));
    if (wanted)
        return cx_fail(cx, E_DENIED, "second_factor", MSG("您的职务要求第二因素，不能停用；换手机请重新设置",
            "Your role needs a second factor; for another telephone set it up anew"));
    TRY(factor_drop(cx, cx->actor.account));
    return account_note(cx, cx->actor.account, "factor_off", STR(""), STR("{}"));
}

enum err own_codes(struct cx *cx, const void *in, struct buf *out)
{
    struct factor_row factor;
    bool again;
    (void)in;
    TRY(begin(cx, &again));
    if (again)
        return codes_write(cx, out, true);
    enum err e = factor_read(cx, cx->actor.account, &factor);
    if (e == E_MISSING)
        return cx_fail(cx, E_STEP, "second_factor", MSG("还没有第二因素，请先设置",
            "There is no second factor yet; set one up first"));
    TRY(e);
    TRY(account_note(cx, cx->actor.account, "codes", STR(""), STR("{}")));
    return codes_write(cx, out, false);
}

enum err own_sessions_end(struct cx *cx, const void *in, struct buf *out)
{
    const struct sessions_end_in *q = in;
    bool again;
    TRY(begin(cx, &again));
    enum err e = again ? OK
        : str_is(q->which, "others") ? access_sessions_end(cx, cx->actor.account, cx->actor.session)
        : access_session_end_one(cx, cx->actor.account, q->which);
    if (e == E_MISSING)
        return cx_fail(cx, E_INPUT, "which", MSG("没有这个登录，或已结束；请刷新",
            "There is no such session, or it has ended; reload"));
    TRY(e);
    return own_show(cx, in, out);
}
