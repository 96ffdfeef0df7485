/* shifts.c: turns in words and as rows. */
#include "duty/shifts.h"

RECORD_DEFINE(turn, TURN)

SQL_WRITES(CLEAR, "turns.clear", "DELETE FROM shift WHERE layer = $1 AND zone = $2");
SQL_WRITES(PUT, "turns.put",
    "INSERT INTO shift (layer, zone, position, day, from_min, to_min, account)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
const struct sql *const turns_statements[] = { &CLEAR, &PUT };
const size_t turns_statements_n = COUNT_OF(turns_statements);

static const char *const day_words[] = { "", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "work",
    "free", "daily" };
enum { DAYS_A_ROW_MAX = 40 };

const struct unit *duty_unit_of(const struct catalogue *c, enum duty_layer layer, int64_t zone)
{
    const struct micro_grid *m;
    const struct police_grid *p;
    const struct grid *g;
    switch (layer) {
    case DUTY_MICRO:
        m = micro_grid_find(c, zone);
        return m ? duty_unit_of(c, DUTY_GRID, m->grid) : NULL;
    case DUTY_GRID:
        g = grid_find(c, zone);
        return g ? catalogue_desk(c, g->community) : NULL;
    case DUTY_POLICE:
        p = police_grid_find(c, zone);
        return p ? unit_find(c, p->station) : NULL;
    case DUTY_UNIT: return unit_find(c, zone);
    case DUTY_LAYERS: break;
    }
    return NULL;
}

static bool day_read(struct str word, int64_t *ret)
{
    int64_t at_ms;
    for (int64_t i = 1; i <= DAY_ANY; i++)
        if (str_is(word, day_words[i])) {
            *ret = i;
            return true;
        }
    if (word.n != strlen("yyyy-mm-dd") || !clock_parse(word, &at_ms))
        return false;
    struct civil d = clock_civil(at_ms);
    *ret = d.year * 10000 + d.month * 100 + d.day;
    return *ret >= DAY_DATE_LEAST;
}

bool duty_days_read(struct str days, int64_t *ret, size_t max, size_t *ret_n, struct str *ret_bad)
{
    *ret_n = 0;
    *ret_bad = str_trim(days);
    for (struct str rest = days; rest.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        if (word.n == 0)
            continue;
        *ret_bad = word;
        if (*ret_n == max || !day_read(word, &ret[*ret_n]))
            return false;
        (*ret_n)++;
    }
    return *ret_n > 0;
}

void duty_day_write(struct buf *b, int64_t day)
{
    if (day >= DAY_DATE_LEAST)
        buf_fmt(b, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));
    else
        buf_add(b, str_c(day_words[day > 0 && day <= DAY_ANY ? day : 0]));
}

bool duty_minute_read(struct str s, bool is_end, int64_t *ret)
{
    struct str minutes, hours = str_cut(s, ':', &minutes);
    int64_t h, m;
    if (hours.n == 0 || hours.n > 2 || minutes.n != 2 || !str_to_i64(hours, &h)
        || !str_to_i64(minutes, &m) || h < 0 || m < 0 || m > 59)
        return false;
    *ret = h * 60 + m;
    return *ret < MINUTES_A_DAY || (is_end && *ret == MINUTES_A_DAY);
}

void duty_minute_write(struct buf *b, int64_t minute)
{
    buf_fmt(b, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

/* Checking ---------------------------------------------------------------------------------- */

struct check {
    const struct catalogue *c;
    const struct duty_book *b;
    struct faults *f;
    size_t line;
};

static bool zone_read(const struct check *k, const struct turn *t, int64_t *ret)
{
    enum duty_layer layer = duty_layer_by_word(t->layer);
    const struct unit *u = unit_find_code(k->c, t->zone);
    *ret = 0;
    if (layer != DUTY_UNIT)
        return str_to_i64(t->zone, ret) && duty_unit_of(k->c, layer, *ret) != NULL;
    *ret = u ? u->id : 0;
    return u != NULL;
}

static void person_check(const struct check *k, const struct turn *t, struct shift *s)
{
    const struct colleague *who = t->person.n ? duty_colleague_named(k->b, t->person) : NULL;
    const struct unit *u = duty_unit_of(k->c, duty_layer_by_word(t->layer), s->zone);
    s->account = who ? who->account : 0;
    if (t->person.n == 0)
        return;
    if (who == NULL || who->disabled)
        fault_add(k->f, k->line, "person", MSG("没有账号 %s，请核对或先导入账号",
            "There is no account %s; check it or import accounts first"), t->person);
    else if (u && !duty_handles(k->b, who->account, u->id))
        fault_add(k->f, k->line, "person", MSG("%s 不在这个区域的承办单位，不能在这里值班",
            "%s does not work in the unit of this zone and cannot be on duty here"), t->person);
}

static void times_check(const struct check *k, const struct turn *t, struct shift *s)
{
    if (!duty_minute_read(t->from, false, &s->from_min))
        fault_add(k->f, k->line, "from", MSG("“%s”不是时间，应如 08:30", "\"%s\" is no time such as 08:30"),
            t->from);
    if (!duty_minute_read(t->to, true, &s->to_min))
        fault_add(k->f, k->line, "to", MSG("“%s”不是时间，应如 17:30，至多 24:00",
            "\"%s\" is no time such as 17:30, 24:00 at most"), t->to);
}

/* One row a day named; those after the first are copies of it. */
static size_t turn_check(const struct check *k, const struct turn *t, struct shift *ret, size_t max)
{
    int64_t days[DAYS_A_ROW_MAX];
    size_t n = 0;
    struct str bad;
    struct shift s = { .layer = str_c(duty_layers[duty_layer_by_word(t->layer)]) };
    if (!zone_read(k, t, &s.zone))
        fault_add(k->f, k->line, "zone", MSG("没有代码为 %s 的区域或单位", "There is no zone or unit with the code %s"),
            t->zone);
    else
        person_check(k, t, &s);
    times_check(k, t, &s);
    if (!duty_days_read(t->days, days, COUNT_OF(days), &n, &bad))
        fault_add(k->f, k->line, "days", MSG("“%s”不是日子，可用 mon tue wed thu fri sat sun work free daily"
            " 或 yyyy-mm-dd", "\"%s\" is no day; use mon tue wed thu fri sat sun work free daily or"
            " yyyy-mm-dd"), bad);
    if (t->person.n == 0 && n && days[0] < DAY_DATE_LEAST)
        fault_add(k->f, k->line, "person", MSG("请选择值班的人；只有具体某一天可以写明无人值班",
            "Say who is on duty; only for a single date may it say that nobody is"), STR_NONE);
    for (size_t i = 0; i < n && i < max; i++) {
        ret[i] = s;
        ret[i].day = days[i];
    }
    return n < max ? n : max;
}

static size_t rows_before(const struct shift *s, size_t n)
{
    size_t same = 0;
    for (size_t i = 0; i < n; i++)
        same += s[i].zone == s[n].zone && str_eq(s[i].layer, s[n].layer);
    return same;
}

struct turns turns_check(const struct catalogue *c, const struct duty_book *b, struct arena *a,
    struct str csv, struct faults *f)
{
    struct sheet sheet = sheet_read(a, &turn_record, csv, f);
    const struct turn *t = sheet.rows.p;
    size_t most = sheet.rows.n * DAYS_A_ROW_MAX, n = 0;
    struct shift *s = NEW_N(a, struct shift, most + 1);
    for (size_t i = 0; i < sheet.rows.n; i++) {
        struct check k = { c, b, f, sheet.lines[i] };
        size_t more = turn_check(&k, &t[i], s + n, most - n);
        for (size_t j = 0; j < more; j++, n++)
            s[n].position = (int64_t)rows_before(s, n);
    }
    return (struct turns){ { s, n }, sheet.rows.n };
}

/* Storing ----------------------------------------------------------------------------------- */

enum err turns_clear(struct db *db, enum duty_layer layer, int64_t zone)
{
    return db_exec(db, &CLEAR, ARGS(S(str_c(duty_layers[layer])), I(zone)), NULL);
}

enum err turns_store(struct db *db, struct list shifts)
{
    const struct shift *s = shifts.p;
    for (size_t i = 0; i < shifts.n; i++)
        if (s[i].position == 0)
            TRY(turns_clear(db, duty_layer_by_word(s[i].layer), s[i].zone));
    for (size_t i = 0; i < shifts.n; i++)
        TRY(db_exec(db, &PUT, ARGS(S(s[i].layer), I(s[i].zone), I(s[i].position), I(s[i].day),
            I(s[i].from_min), I(s[i].to_min), I(s[i].account)), NULL));
    return duty_stamp_move(db);
}

static bool same_turn(const struct shift *a, const struct shift *b)
{
    return a->zone == b->zone && str_eq(a->layer, b->layer) && a->from_min == b->from_min
        && a->to_min == b->to_min && a->account == b->account;
}

struct str turns_csv(const struct catalogue *c, const struct duty_book *b, struct arena *a)
{
    struct list all = duty_shifts_all(b);
    const struct shift *s = all.p;
    struct buf out = buf_in(a, 4096 + all.n * 256);
    buf_add(&out, STR("layer,zone,days,from,to,person\n"));
    for (size_t i = 0; i < all.n;) {
        const struct unit *u = str_is(s[i].layer, "unit") ? unit_find(c, s[i].zone) : NULL;
        const struct colleague *who = duty_colleague(b, s[i].account);
        size_t first = i;
        buf_fmt(&out, "%.*s,", STR_FMT(s[i].layer));
        if (u)
            sheet_cell(&out, u->code);
        else
            buf_i64(&out, s[i].zone);
        for (; i < all.n && same_turn(&s[first], &s[i]); i++) {
            buf_byte(&out, i == first ? ',' : ' ');
            duty_day_write(&out, s[i].day);
        }
        buf_byte(&out, ',');
        duty_minute_write(&out, s[first].from_min);
        buf_byte(&out, ',');
        duty_minute_write(&out, s[first].to_min);
        buf_fmt(&out, ",%.*s\n", who ? (int)who->username.n : 0, who ? who->username.p : "");
    }
    return buf_str(&out);
}
