/* rows.c: see rows.h. "FQR1", then one byte: R rows, or F a fault. Numbers have eight bytes, in the
 * order of this machine, for both ends are always on one. A text is its length, ABSENT for none,
 * and its bytes. */
#include "layer/rows.h"

static const char mark[] = "FQR1";
enum { MARK_BYTES = 4, NUMBER_BYTES = 8, KIND_ROWS = 'R', KIND_FAULT = 'F' };
static const uint64_t absent = UINT64_MAX;

/* Writing ---------------------------------------------------------------------------------- */

static void put_number(struct buf *b, uint64_t v)
{
    buf_add(b, (struct str){ (const char *)&v, sizeof(v) });
}

static void put_text(struct buf *b, struct str s)
{
    put_number(b, s.p ? s.n : absent);
    buf_add(b, s);
}

static void put_fault(struct buf *b, const struct err_info *info)
{
    put_number(b, (uint64_t)info->e);
    put_text(b, str_c(info->field));
    put_text(b, str_c(info->zh));
    put_text(b, str_c(info->en));
}

static void put_rough(struct buf *b, const struct rough *r)
{
    put_number(b, (uint64_t)r->kind | (r->loose ? 4u : 0u) | (r->left ? 8u : 0u));
    put_number(b, r->ring_count);
    for (size_t i = 0; i < r->ring_count; i++) {
        put_number(b, r->rings[i].first);
        put_number(b, r->rings[i].n * 2 + r->rings[i].outer);
    }
    put_number(b, r->point_count);
    buf_add(b, (struct str){ (const char *)r->at, r->point_count * sizeof(*r->at) });
}

/* At most so many bytes. */
static size_t size_of(const struct feature *f)
{
    size_t n = 8 * NUMBER_BYTES + sizeof(struct err_info);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        n += NUMBER_BYTES + f->values[i].n;
    return n + f->rough.ring_count * 2 * NUMBER_BYTES + f->rough.point_count * sizeof(*f->rough.at);
}

static void put_feature(struct buf *b, const struct feature *f)
{
    put_number(b, f->row);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        put_text(b, i == FIELD_SHAPE ? STR_NONE : f->values[i]);
    put_number(b, f->fault != NULL);
    if (f->fault)
        put_fault(b, f->fault);
    put_rough(b, &f->rough);
}

static struct buf begin(struct arena *a, char kind, size_t room)
{
    struct buf b = buf_in(a, room + 64);
    buf_reserve(&b, room);
    buf_add(&b, STR("FQR1"));
    buf_byte(&b, kind);
    return b;
}

enum err rows_write(struct arena *a, const struct features *f, struct str *ret,
    struct err_info *info)
{
    size_t room = MARK_BYTES + 3 * NUMBER_BYTES + f->crs.n;
    for (size_t i = 0; i < f->n; i++)
        room += size_of(&f->at[i]);
    if (room > ROWS_BYTES_MAX)
        return err_note(info, E_TOO_LARGE, "file", MSG("文件里的点太多，请按区县分成几个文件",
            "The file has too many points; split it by county"), STR_NONE);
    struct buf b = begin(a, KIND_ROWS, room);
    put_text(&b, f->crs);
    put_number(&b, f->n);
    for (size_t i = 0; i < f->n; i++)
        put_feature(&b, &f->at[i]);
    *ret = buf_str(&b);
    return OK;
}

struct str rows_write_fault(struct arena *a, const struct err_info *info)
{
    struct buf b = begin(a, KIND_FAULT, 2 * sizeof(*info));
    put_fault(&b, info);
    return buf_str(&b);
}

/* Reading ---------------------------------------------------------------------------------- */

/* bad: nothing that follows means anything. */
struct reading { struct arena *a; struct str rest; bool bad; };

static struct str take(struct reading *r, size_t n)
{
    if (r->bad || n > r->rest.n) {
        r->bad = true;
        return STR_NONE;
    }
    struct str taken = { r->rest.p, n };
    r->rest = (struct str){ r->rest.p + n, r->rest.n - n };
    return taken;
}

static uint64_t take_number(struct reading *r)
{
    uint64_t v = 0;
    struct str bytes = take(r, sizeof(v));
    if (bytes.p)
        memcpy(&v, bytes.p, sizeof(v));
    return v;
}

/* A count of things that take so many bytes each. */
static size_t take_count(struct reading *r, size_t bytes_each)
{
    uint64_t n = take_number(r);
    if (n > r->rest.n / bytes_each)
        r->bad = true;
    return r->bad ? 0 : (size_t)n;
}

static struct str take_text(struct reading *r)
{
    uint64_t n = take_number(r);
    if (n == absent)
        return STR_NONE;
    struct str text = take(r, n > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)n);
    if (text.p && !str_is_text(text))
        r->bad = true;
    return text;
}

static void take_into(struct reading *r, char *to, size_t size)
{
    struct str text = take_text(r);
    if (text.n >= size)
        r->bad = true;
    else if (text.n)
        memcpy(to, text.p, text.n);
}

static void take_fault(struct reading *r, struct err_info *ret)
{
    uint64_t e = take_number(r);
    *ret = (struct err_info){ .e = e > OK && e < ERR_COUNT ? (enum err)e : E_INPUT };
    take_into(r, ret->field, sizeof(ret->field));
    take_into(r, ret->zh, sizeof(ret->zh));
    take_into(r, ret->en, sizeof(ret->en));
}

static void take_rings(struct reading *r, struct rough *to)
{
    to->ring_count = take_count(r, 2 * NUMBER_BYTES);
    to->rings = NEW_N(r->a, struct rough_ring, to->ring_count + 1);
    for (size_t i = 0; i < to->ring_count; i++) {
        uint64_t first = take_number(r), n = take_number(r);
        to->rings[i] = (struct rough_ring){ (size_t)first, (size_t)(n / 2), n % 2 };
    }
    to->point_count = take_count(r, sizeof(*to->at));
    for (size_t i = 0; i < to->ring_count; i++)
        if (to->rings[i].first > to->point_count
            || to->rings[i].n > to->point_count - to->rings[i].first)
            r->bad = true;
}

static void take_rough(struct reading *r, struct rough *to)
{
    uint64_t flags = take_number(r), kind = flags & 3;
    to->kind = kind <= ROUGH_AREA ? (enum rough_kind)kind : ROUGH_NONE;
    to->loose = flags & 4;
    to->left = flags & 8;
    take_rings(r, to);
    struct str points = take(r, to->point_count * sizeof(*to->at));
    to->at = NEW_N(r->a, struct geo_point, to->point_count + 1);
    if (points.n)
        memcpy(to->at, points.p, points.n);
    r->bad |= kind > ROUGH_AREA || (kind == ROUGH_POINT && to->point_count == 0)
        || (kind == ROUGH_AREA && to->ring_count == 0 && to->point_count != 0);
}

static void take_feature(struct reading *r, struct feature *f)
{
    f->row = (size_t)take_number(r);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        f->values[i] = take_text(r);
    if (take_number(r)) {
        struct err_info *fault = NEW(r->a, struct err_info);
        take_fault(r, fault);
        f->fault = fault;
    }
    take_rough(r, &f->rough);
}

static enum err not_rows(struct err_info *info)
{
    return err_note(info, E_INPUT, "file", MSG("文件读不出来，请重新导出后再试",
        "The file could not be read; export it again"), STR_NONE);
}

enum err rows_read(struct arena *a, struct str bytes, struct features *ret, struct err_info *info)
{
    enum { FEATURE_BYTES_LEAST = (FIELD_COUNT + 5) * NUMBER_BYTES };
    struct reading r = { a, bytes, !str_starts(bytes, str_c(mark)) };
    struct err_info fault;
    (void)take(&r, MARK_BYTES);
    struct str kind = take(&r, 1);
    if (!r.bad && *kind.p == KIND_FAULT) {
        take_fault(&r, &fault);
        if (!r.bad)
            return err_note(info, fault.e, fault.field, (struct msg){ fault.zh, fault.en },
                STR_NONE);
    }
    struct features f = { .crs = take_text(&r) };
    f.n = take_count(&r, FEATURE_BYTES_LEAST);
    f.at = NEW_N(a, struct feature, f.n + 1);
    for (size_t i = 0; i < f.n && !r.bad; i++)
        take_feature(&r, &f.at[i]);
    if (r.bad || r.rest.n || *kind.p != KIND_ROWS || f.n > FEATURES_MAX)
        return not_rows(info);
    *ret = f;
    return OK;
}
