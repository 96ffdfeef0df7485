/* tell.c: who is told of a step by message. */
#include "matter/step.h"

enum whom { REPORTERS, OWNER, OWNER_IF_NEW, ASKED_IF_NEW };
/* Besides, reporters are told of every step that answers them. */
static const struct telling { const char *action; enum told kind; enum whom whom; } tellings[] = {
    { "tell", TOLD_ASKED, REPORTERS },
    { "plan_sitting", TOLD_SITTING, REPORTERS },
    { "cancel_sitting", TOLD_SITTING_OFF, REPORTERS },
    { "remind", TOLD_PROMISE, REPORTERS },
    { "overdue", TOLD_CAME_UP, OWNER_IF_NEW },
    { "overdue", TOLD_LATE, OWNER },
    { "escalate", TOLD_CAME_UP, OWNER_IF_NEW },
    { "undecided", TOLD_UNDECIDED, ASKED_IF_NEW },
};

static struct outbox_cause cause_of(const struct taking *t, enum told kind)
{
    return (struct outbox_cause){ .area = t->m.area, .matter = t->m.id, .seq = t->m.seq,
        .kind = kind, .urgent = t->m.tier >= TIER_EMERGENCY };
}

enum err step_tell_reporters(struct taking *t, enum told kind)
{
    struct outbox_cause c = cause_of(t, kind);
    return t->m.reporters ? outbox_tell_reporters(t->cx, &c) : OK;
}

static enum err tell(struct taking *t, const struct telling *told)
{
    struct outbox_cause c = cause_of(t, told->kind);
    bool moved = t->m.owner_unit != t->before->owner_unit;
    switch (told->whom) {
    case REPORTERS: return step_tell_reporters(t, told->kind);
    case OWNER: return moved ? OK : outbox_tell_unit(t->cx, &c, t->m.owner_unit);
    case OWNER_IF_NEW: return moved ? outbox_tell_unit(t->cx, &c, t->m.owner_unit) : OK;
    case ASKED_IF_NEW:
        return t->m.ask_unit != t->before->ask_unit
            ? outbox_tell_unit(t->cx, &c, t->m.ask_unit) : OK;
    }
    return OK;
}

enum err step_tell(struct taking *t)
{
    if (t->cx->services.outbox == NULL)
        return OK;
    for (size_t i = 0; i < COUNT_OF(tellings); i++)
        if (strcmp(tellings[i].action, t->step->action) == 0)
            TRY(tell(t, &tellings[i]));
    return t->step->answers ? step_tell_reporters(t, TOLD_REPLY) : OK;
}
