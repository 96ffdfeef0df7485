/* offer.c: each step's JSON in both languages, cut where the reason goes. */
#include "matter/offer.h"

enum { LANGS = 2, BYTES_MAX = 1 << 20 };
struct words { struct str possible, before_why, after_why; };
struct offers { struct arena arena; struct words *words[LANGS][STEP_TABLES_MAX]; };

static struct str written(struct cx *cx, const struct step *s, struct msg why)
{
    struct buf b = buf_in(cx->a, 1 << 14);
    struct action_row row = action_of_offer(cx, &(struct offer){ s, why });
    record_to_json(&b, &action_row_record, &row);
    return buf_str(&b);
}

/* A control character stands for the reason: no other text holds one. */
static struct words words_of_step(struct cx *cx, const struct step *s)
{
    struct str mark = STR("\"\\u0001\""), impossible = written(cx, s, MSG("\x01", "\x01"));
    ptrdiff_t at = str_find(impossible, mark);
    CHECK(at >= 0);
    size_t end = (size_t)at + mark.n;
    return (struct words){ written(cx, s, NOTHING_FORBIDS), { impossible.p, (size_t)at },
        { impossible.p + end, impossible.n - end } };
}

static struct words *words_of_table(struct cx *cx, const struct step_table *table)
{
    struct words *words = NEW_N(cx->a, struct words, table->n);
    for (size_t i = 0; i < table->n; i++)
        words[i] = words_of_step(cx, &table->steps[i]);
    return words;
}

struct offers *offers_make(void)
{
    struct offers *o = heap_alloc(sizeof(*o));
    struct cx *cx = heap_alloc(sizeof(*cx));
    CHECK(step_tables_n <= STEP_TABLES_MAX);
    arena_init(&o->arena, BYTES_MAX);
    cx->a = &o->arena;
    for (size_t l = 0; l < LANGS; l++) {
        cx->lang = l ? LANG_EN : LANG_ZH;
        for (size_t t = 0; t < step_tables_n; t++)
            o->words[l][t] = words_of_table(cx, step_tables[t]);
    }
    heap_free(cx);
    return o;
}

void offers_free(struct offers *o)
{
    if (o == NULL)
        return;
    arena_free(&o->arena);
    heap_free(o);
}

static void offer_write(struct cx *cx, const struct words *w, struct msg why, struct buf *out)
{
    if (why.zh == NULL) {
        buf_add(out, w->possible);
        return;
    }
    buf_add(out, w->before_why);
    buf_json_str(out, cx_text(cx, why.zh, why.en));
    buf_add(out, w->after_why);
}

enum err offers_write(struct cx *cx, const struct offers *o, const struct matter *m,
    struct buf *out)
{
    struct list found;
    if (o == NULL) {
        TRY(matter_actions(cx, m, &found));
        record_list_to_json(out, &action_row_record, found.p, found.n);
        return OK;
    }
    TRY(matter_offers(cx, m, &found));
    const struct offer *offers = found.p;
    const struct step_table *table = step_table_of(m->kind);
    const struct words *words = NULL;
    for (size_t t = 0; t < step_tables_n; t++)
        words = step_tables[t] == table ? o->words[cx->lang == LANG_EN][t] : words;
    CHECK(words != NULL);
    buf_byte(out, '[');
    for (size_t i = 0; i < found.n; i++) {
        if (i)
            buf_byte(out, ',');
        offer_write(cx, &words[offers[i].step - table->steps], offers[i].why, out);
    }
    buf_byte(out, ']');
    return OK;
}
