/* corporate_party.c: what is known of a party that is an organisation, as applications to the court
 * and agreements name it: code, seat, who represents it. It lies sealed (matter/corporate.h); here
 * is what may be said and when. */
#include "mediation/course.h"

static struct str or_nothing(struct str s)
{
    return s.n ? str_trim(s) : STR("");
}

struct corporate corporate_of_party(struct arena *a, const struct step_party *p)
{
    return (struct corporate){ credit_code_plain(a, or_nothing(p->credit_code)),
        or_nothing(p->seat), or_nothing(p->head), or_nothing(p->head_post) };
}

struct corporate corporate_of_step(struct arena *a, const struct step_args *args)
{
    return (struct corporate){ credit_code_plain(a, or_nothing(args->credit_code)),
        or_nothing(args->seat), or_nothing(args->head), or_nothing(args->head_post) };
}

bool corporate_whole(const struct corporate *of)
{
    return of->credit_code.n && of->seat.n && of->head.n;
}

bool corporate_known(const struct corporate *of)
{
    return of->credit_code.n || of->seat.n || of->head.n || of->head_post.n;
}

enum err corporate_check(struct taking *t, const char *field, const char *code_field,
    struct str kind, const struct corporate *of)
{
    if (corporate_known(of) && !str_is(kind, "organisation"))
        return cx_fail(t->cx, E_INPUT, field, MSG("信用代码、住所、法定代表人只填单位当事人的，请改为单位或删去",
            "Code, seat and legal representative are of organisations; mark the party as one or leave"
            " them out"));
    return of->credit_code.n ? credit_code_check(t->cx, code_field, of->credit_code) : OK;
}

struct msg guard_describing(const struct taking *t)
{
    const struct party *p = beside_of(t)->parties.p;
    for (size_t i = 0; i < beside_of(t)->parties.n; i++)
        if (str_is(p[i].kind, "organisation"))
            return NOTHING_FORBIDS;
    return MSG("没有单位当事人", "No party is an organisation");
}

enum err apply_describing(struct taking *t)
{
    struct corporate of = corporate_of_step(t->cx->a, t->args);
    struct party *p;
    TRY(the_party(t, &p));
    if (!str_is(p->kind, "organisation"))
        return cx_fail(t->cx, E_INPUT, "party", MSG("这一位登记为个人：是单位的，请先更正当事人信息",
            "This party is noted as a person; if it is an organisation, correct that first"));
    if (!corporate_known(&of))
        return cx_fail(t->cx, E_INPUT, "credit_code", MSG("信用代码、住所、法定代表人、职务至少填一项",
            "Give at least one of code, seat, legal representative and post"));
    return corporate_check(t, "party", "credit_code", p->kind, &of);
}
