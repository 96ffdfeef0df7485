/* row.c: one row of the other system's table, checked. */
#include "past/past.h"
#include <math.h>
#include <stdio.h>

enum { TEXT_BYTES_MAX = 6000, PLACE_BYTES_MAX = 300, NUMBER_BYTES_MAX = 80, CELLS_MAX = 256,
    YEAR_FIRST = 1990, GRID_CODE_FIRST = 1000000 };
static const int64_t grid_code_least = INT64_C(100000000000000);

/* The row that is being checked: its cells by field, and what becomes of it. */
struct checking {
    struct past_file *f;
    struct arena *a;
    struct str cells[PAST_FIELDS];
    struct past_row *row;
    bool fits;          /* it has as many cells as the heading */
};

static void wrong(struct checking *k, enum past_field field, struct msg m, struct str arg)
{
    const struct past_sink *s = k->f->sink;
    k->row->is = PAST_BAD;
    s->found(s->ctx, k->row->line, k->cells[PAST_NUMBER], past_field_names[field], m, arg);
}

static struct str meaning(const struct past_words *words, struct str from)
{
    for (size_t i = 0; i < words->n; i++)
        if (str_eq(words->at[i].from, from))
            return words->at[i].to;
    return from;
}

/* Times ------------------------------------------------------------------------------------- */

/* As clock_read() and spreadsheets have it, but of no year before there were such systems. */
static bool time_read(struct str s, int64_t *ret)
{
    return (clock_read(s, ret) || clock_read_serial(s, ret))
        && clock_civil(*ret).year >= YEAR_FIRST;
}

static void check_times(struct checking *k)
{
    struct intake_past *p = &k->row->past;
    struct str reported = k->cells[PAST_REPORTED], ended = k->cells[PAST_ENDED];
    static const struct msg form = { "时间 %s 读不懂，请写作 2025-03-01 08:05",
        "The time %s cannot be read; write it like 2025-03-01 08:05" };
    bool good = time_read(reported, &p->reported_ms);
    p->ended_ms = I64_NONE;
    if (!good)
        wrong(k, PAST_REPORTED, form, reported);
    else if (p->reported_ms > k->f->now_ms)
        wrong(k, PAST_REPORTED, MSG("时间 %s 在将来，请核对", "The time %s lies in the future; check it"),
            reported);
    if (ended.n == 0)
        return;
    if (!time_read(ended, &p->ended_ms))
        wrong(k, PAST_ENDED, form, ended);
    else if (p->ended_ms > k->f->now_ms)
        wrong(k, PAST_ENDED, MSG("时间 %s 在将来，请核对", "The time %s lies in the future; check it"),
            ended);
    else if (good && p->ended_ms < p->reported_ms)
        wrong(k, PAST_ENDED, MSG("办结时间 %s 早于上报时间，请核对",
            "The end, %s, lies before the report; check both"), ended);
}

/* States ------------------------------------------------------------------------------------ */

static bool is_end(enum state s)
{
    return s == ST_CLOSED || s == ST_REJECTED || s == ST_WITHDRAWN;
}

/* Our words and names for states, and "open"; an empty cell: as the end says. */
static void check_state(struct checking *k)
{
    struct past_row *row = k->row;
    struct str word = meaning(&k->f->map->states, k->cells[PAST_STATE]);
    bool ended = k->cells[PAST_ENDED].n > 0;
    size_t i = 0;
    if (word.n == 0)
        word = ended ? STR("closed") : STR("open");
    while (i < STATE_COUNT && !str_is(word, state_table[i].word)
        && !str_is(word, state_table[i].zh))
        i++;
    bool open = str_is(word, "open") || (i < STATE_COUNT && state_table[i].open);
    if (!open && (i == STATE_COUNT || !is_end((enum state)i))) {
        wrong(k, PAST_STATE, MSG("不认识状态 %s，请在对照文件的 states 里写明它是 open、closed、rejected 还是"
            " withdrawn", "The state %s is not known; say under \"states\" in the map whether it is open,"
            " closed, rejected or withdrawn"), word);
        return;
    }
    row->past.state = open ? ST_RECEIVED : (enum state)i;
    if (open && ended)
        wrong(k, PAST_STATE, MSG("状态 %s 是未办结，却有办结时间，请核对", "The state %s is an open one, but there"
            " is an end; check both"), k->cells[PAST_STATE]);
    if (!open && !ended)
        wrong(k, PAST_ENDED, MSG("已办结的事项没有办结时间，请补上", "It is over, but there is no end; fill it in"),
            STR_NONE);
}

/* Kind and unit ----------------------------------------------------------------------------- */

static void check_category(struct checking *k)
{
    const struct past_map *map = k->f->map;
    struct str word = meaning(&map->categories, k->cells[PAST_CATEGORY]);
    struct list all = catalogue_categories(k->f->cat);
    const struct category *c = all.p;
    if (word.n == 0)
        word = map->category;
    k->row->intake.category = word;
    if (word.n == 0 || category_find(k->f->cat, word))
        return;                         /* none: found by the words of the text */
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(word, c[i].name) || str_eq(word, c[i].name_en)) {
            k->row->intake.category = c[i].code;
            return;
        }
    wrong(k, PAST_CATEGORY, MSG("不认识类别 %s，请在对照文件的 categories 里写明它是哪个类别编码",
        "The category %s is not known; say under \"categories\" in the map which code it is"), word);
}

static void check_unit(struct checking *k)
{
    const struct past_map *map = k->f->map;
    struct str word = meaning(&map->units, k->cells[PAST_UNIT]);
    struct list all = catalogue_units(k->f->cat);
    const struct unit *u = all.p, *found = NULL;
    size_t named = 0;
    if (word.n == 0)
        word = map->unit;
    if (word.n == 0)
        return;                         /* none: routed */
    found = unit_find_code(k->f->cat, word);
    for (size_t i = 0; i < all.n && found == NULL; i++)
        if (str_eq(word, u[i].name) || str_eq(word, u[i].name_en)) {
            k->row->intake.owner_unit = u[i].id;
            named++;
        }
    if (found)
        k->row->intake.owner_unit = found->id;
    else if (named != 1)
        wrong(k, PAST_UNIT, named ? MSG("有几个单位叫 %s，请在对照文件的 units 里写明单位编码",
                "Several units are called %s; say under \"units\" in the map which code it is")
            : MSG("不认识单位 %s，请在对照文件的 units 里写明单位编码",
                "The unit %s is not known; say under \"units\" in the map which code it is"), word);
}

/* Place ------------------------------------------------------------------------------------- */

static void check_point(struct checking *k)
{
    struct intake *in = &k->row->intake;
    struct geo_point p;
    if (!str_to_f64(k->cells[PAST_LON], &p.lon) || !str_to_f64(k->cells[PAST_LAT], &p.lat)) {
        wrong(k, PAST_LON, MSG("经纬度应为两个数字，如 120.585 和 31.3",
            "Longitude and latitude are two numbers, such as 120.585 and 31.3"), STR_NONE);
        return;
    }
    if (!geo_point_ok(p)) {
        wrong(k, PAST_LON, MSG("经纬度超出范围；经度与纬度是否写反了？",
            "This is no longitude and latitude; have they changed places?"), STR_NONE);
        return;
    }
    p = geo_convert(p, k->f->map->crs, CRS_WGS84);
    if (!catalogue_place_of_point(k->f->cat, p.lon, p.lat, &in->place)) {
        struct place other;
        bool swapped = catalogue_locate(k->f->cat, p.lat, p.lon, &other);
        wrong(k, PAST_LON, swapped ? MSG("经度与纬度写反了，请在对照文件里对调两列",
                "Longitude and latitude have changed places; exchange the columns in the map")
            : MSG("这个位置不在本市任何区划内；请核对坐标和坐标系(crs)，或去掉坐标改填区划",
                "The place lies in no division of the city; check the coordinates and their system (crs), or give a"
                " division instead of them"), STR_NONE);
        return;
    }
    in->lon = p.lon;
    in->lat = p.lat;
}

/* By a code or a name of a division, by the names in the words of the place, or as usual. */
static bool place_by_words(const struct checking *k, struct place *ret)
{
    const struct catalogue *c = k->f->cat;
    struct str division = k->cells[PAST_DIVISION], place = k->cells[PAST_PLACE];
    int64_t code;
    struct place city;
    if (str_to_i64(division, &code)) {
        if (code >= grid_code_least)
            return catalogue_place_of_grid(c, code, ret);
        if (division_find(c, code) == NULL)
            return false;
        catalogue_place_of_division(c, code, ret);
        return true;
    }
    catalogue_place_of_text(c, STR(""), &city);
    catalogue_place_of_text(c, arena_fmt(k->a, "%.*s %.*s", STR_FMT(division), STR_FMT(place)), ret);
    if (ret->town || ret->area != city.area)
        return true;
    if (k->f->map->division.n && str_to_i64(k->f->map->division, &code)) {
        catalogue_place_of_division(c, code, ret);
        return true;
    }
    return false;
}

static void check_place(struct checking *k)
{
    struct intake *in = &k->row->intake;
    in->lon = in->lat = NAN;
    in->place_text = k->cells[PAST_PLACE];
    if (in->place_text.n > PLACE_BYTES_MAX)
        wrong(k, PAST_PLACE, MSG("地点太长，请不超过 300 字节", "The place is longer than 300 bytes"),
            STR_NONE);
    if (k->cells[PAST_LON].n || k->cells[PAST_LAT].n)
        check_point(k);
    else if (!place_by_words(k, &in->place))
        wrong(k, PAST_DIVISION, MSG("不知道在哪里：请填坐标、区划，或在对照文件的 usual 里写明 division",
            "It is not known where this is: fill in coordinates or a division, or say which division"
            " is usual in the map"), STR_NONE);
}

/* Numbers ----------------------------------------------------------------------------------- */

/* The first of this number, which is the one that is here already if there is such a one. */
static const struct past_number *number_first(const struct past_file *f, struct str number)
{
    size_t low = 0, high = f->n_numbers;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(f->numbers[mid].number, number) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < f->n_numbers && str_eq(f->numbers[low].number, number) ? &f->numbers[low] : NULL;
}

static void check_number(struct checking *k)
{
    struct str number = k->cells[PAST_NUMBER];
    if (number.n == 0) {
        wrong(k, PAST_NUMBER, MSG("没有编号，请补上", "There is no number; fill it in"), STR_NONE);
        return;
    }
    if (number.n > NUMBER_BYTES_MAX) {
        wrong(k, PAST_NUMBER, MSG("编号太长，请不超过 80 字节", "The number is longer than 80 bytes"),
            STR_NONE);
        return;
    }
    const struct past_number *first = number_first(k->f, number);
    if (first && first->line == 0)
        k->row->is = PAST_KNOWN;
    else if (first && first->line != k->row->line)
        wrong(k, PAST_NUMBER, MSG("与第 %s 行编号相同，请去掉一行", "Line %s has the same number; leave one"
            " of them out"), arena_fmt(k->a, "%zu", first->line));
}

static void check_text(struct checking *k)
{
    struct str text = k->cells[PAST_TEXT];
    k->row->intake.text = text;
    if (text.n == 0)
        wrong(k, PAST_TEXT, MSG("没有事项内容，请补上", "It does not say what is wrong; fill it in"),
            STR_NONE);
    if (text.n > TEXT_BYTES_MAX)
        wrong(k, PAST_TEXT, MSG("内容太长，请不超过 2000 字", "The text is longer than 6000 bytes"),
            STR_NONE);
    if (k->cells[PAST_REPLY].n > TEXT_BYTES_MAX)
        wrong(k, PAST_REPLY, MSG("答复太长，请不超过 2000 字", "The reply is longer than 6000 bytes"),
            STR_NONE);
}

/* Number, state and reply as the other system had them, in the words of a city's language. */
static struct str record_of(const struct checking *k)
{
    struct str reply = k->cells[PAST_REPLY], state = k->cells[PAST_STATE];
    return arena_fmt(k->a, "%.*s %.*s%s%.*s%s%.*s", STR_FMT(k->f->map->source),
        STR_FMT(k->cells[PAST_NUMBER]), state.n ? " " : "", STR_FMT(state), reply.n ? "\n" : "",
        STR_FMT(reply));
}

static bool is_number(enum past_field field)
{
    return field == PAST_LON || field == PAST_LAT || field == PAST_DIVISION;
}

static bool cells_take(struct checking *k)
{
    struct past_file *f = k->f;
    bool last = false, any = false;
    size_t i = 0;
    k->row->line = f->at.line;
    k->fits = true;
    for (; !last; i++) {
        struct str cell = str_trim(csv_cell(k->a, &f->at, &last));
        any |= cell.n > 0;
        if (i < f->n_columns && f->columns[i] != PAST_FIELDS)
            k->cells[f->columns[i]] = is_number(f->columns[i]) ? str_narrow(k->a, cell) : cell;
        k->fits &= i < f->n_columns || cell.n == 0;
    }
    k->fits &= i >= f->n_columns;
    return any;
}

/* Columns that are missing or too many: who knows which cell is which? */
static bool check_columns(struct checking *k)
{
    const struct past_sink *s = k->f->sink;
    if (k->fits)
        return true;
    k->row->is = PAST_BAD;
    s->found(s->ctx, k->row->line, k->cells[PAST_NUMBER], "row", MSG("列数与表头(%s 列)不符，请核对这一行的逗号和引号",
        "The heading has %s columns and this row has not; check its commas and quotes"),
        arena_fmt(k->a, "%zu", k->f->n_columns));
    return false;
}

static void check_characters(struct checking *k)
{
    for (size_t i = 0; i < PAST_FIELDS; i++)
        if (str_is_turned(k->cells[i]))
            wrong(k, (enum past_field)i, TURNED_TEXT, STR_NONE);
}

bool past_next(struct past_file *f, struct arena *row, struct past_row *ret)
{
    struct checking k = { .f = f, .a = row, .row = ret };
    *ret = (struct past_row){ .is = PAST_GOOD };
    do {
        if (f->at.rest.n == 0)
            return false;
    } while (!cells_take(&k));
    if (!check_columns(&k))
        return true;
    check_number(&k);
    if (ret->is == PAST_KNOWN)
        return true;
    check_characters(&k);
    check_text(&k);
    check_times(&k);
    check_state(&k);
    check_category(&k);
    check_unit(&k);
    check_place(&k);
    ret->intake.origin = STR("import");
    ret->past.source = f->map->source;
    ret->past.number = k.cells[PAST_NUMBER];
    ret->past.record = record_of(&k);
    return true;
}
