/* proof.c: whether whoever holds a code is who gave the telephone number. A receipt that was found
 * on the street does not tell it; and as its last digits are seen by those at work, tries that go
 * wrong are few: by receipt and address, so that whoever tries at a receipt locks themselves out
 * and not its owner, and by receipt alone, against tries from many places. */
#include "access/limit.h"
#include "personal/request.h"

struct tries { struct str by_place, by_receipt; };

static struct tries tries_at(struct cx *cx, const struct matter *m, int64_t no)
{
    const int64_t receipt[] = { m->area, m->id, no };
    struct buf b = buf_in(cx->a, 256);
    buf_add(&b, (struct str){ (const char *)receipt, sizeof(receipt) });
    buf_add(&b, cx->from);
    struct str all = buf_str(&b);
    return (struct tries){ all, { all.p, sizeof(receipt) } };
}

typedef enum err limiter_call(struct limiter *l, const char *kind, struct str key,
    const struct limiter_rate *rate, int64_t now_ms, int64_t *ret_wait_ms);

static enum err too_many(struct cx *cx)
{
    struct str minutes = arena_fmt(cx->a, "%lld", (long long)(cx->wait_ms + 59999) / 60000);
    return cx_fail_with(cx, E_LIMIT, "proof", MSG("电话填错的次数太多，请 %s 分钟后再试；也可以不填，由工作人员核实是您本人后办理、打印",
        "The number was wrong too often; try again in %s minutes, or leave it out: a colleague makes"
        " sure that it is you, and prints what you asked for"), minutes);
}

static enum err count(struct cx *cx, const struct tries *t, limiter_call *call)
{
    const struct services *s = &cx->services;
    if (s->limiter == NULL)
        return OK;
    enum err e = call(s->limiter, "proof", t->by_place, s->proof_rate, cx->now_ms, &cx->wait_ms);
    if (e == OK)
        e = call(s->limiter, "proofs", t->by_receipt, s->proofs_rate, cx->now_ms, &cx->wait_ms);
    return e == OK ? OK : too_many(cx);
}

/* People write numbers with blanks and hyphens, or without. */
static struct str digits_of(struct cx *cx, struct str text)
{
    struct buf b = buf_in(cx->a, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9')
            buf_add(&b, (struct str){ text.p + i, 1 });
    return buf_str(&b);
}

enum err proof_prepare(struct cx *cx, const void *in)
{
    bool *counted = NEW(cx->a, bool);
    (void)in;
    *counted = false;
    cx->prepared = counted;
    return OK;
}

enum err proof_check(struct cx *cx, const struct matter *m, int64_t no, struct str given)
{
    bool *counted = cx->prepared;
    CHECK(counted != NULL);
    struct tries t = tries_at(cx, m, no);
    struct contact c;
    TRY(desk_contact(cx, m, no, &c));
    if (c.phone.n == 0)
        return cx_fail(cx, E_INPUT, "proof", MSG("没有登记电话，请不填这一项，由工作人员核实",
            "No telephone is on file; leave this out, and a colleague will make sure that it is you"));
    if (!*counted)
        TRY(count(cx, &t, limiter_peek));
    if (str_eq(digits_of(cx, given), digits_of(cx, c.phone)))
        return OK;
    if (!*counted)
        TRY(count(cx, &t, limiter_take));
    *counted = true;
    return cx_fail(cx, E_INPUT, "proof", MSG("与登记的电话不一致，请核对；记不清就不填，由工作人员核实",
        "This is not the number on file; check it, or leave it out and a colleague will make sure"));
}

enum err proof_to_see(struct cx *cx, const struct matter *m, int64_t no, struct str given)
{
    struct contact c;
    TRY(desk_contact(cx, m, no, &c));
    if (c.phone.n == 0 && c.name.n)
        return cx_fail(cx, E_STEP, NULL, MSG("没有登记电话，网上无法核实是您本人；请到办理单位当面核实后打印",
            "No telephone is on file by which it could be seen that it is you; have it printed at the"
            " unit that answered"));
    if (c.phone.n && str_trim(given).n == 0)
        return cx_fail(cx, E_INPUT, "proof", MSG("请填写登记的电话：回执可能被别人捡到，每次查看都要核实是您本人",
            "Give the telephone number on file: somebody may have found the receipt, so each look"
            " needs it"));
    return c.phone.n ? proof_check(cx, m, no, given) : OK;
}
