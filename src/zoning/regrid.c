/* regrid.c: open matters that a version of grids has left behind: their grid is taken away, or was
 * redrawn and no longer holds their place. They are found before the writer's transaction, which
 * moves a hundred of them, each by a step of its own; whoever wants more asks again. What is left
 * follows from the matters themselves, so breaking off loses nothing. */
#include "zoning/zoning.h"
#include "catalogue/zone.h"
#include "layer/moves.h"
#include "matter/step.h"

RECORD_DEFINE(regrid_row, REGRID_ROW)
RECORD_DEFINE(regrid_left, REGRID_LEFT)
RECORD_DEFINE(regrid_in, REGRID_IN)
RECORD_DEFINE(regrid_out, REGRID_OUT)

#define ENDED_GRID(X, R) X(R, I64, code, 0, 0, 0, NULL, "")
RECORD(ended_grid, ENDED_GRID)
RECORD_DEFINE(ended_grid, ENDED_GRID)
#define LAST_GRID(X, R) \
    X(R, STR, name, 0, 0, 0, NULL, "") X(R, F64, lon, 0, 0, 0, NULL, "") \
    X(R, F64, lat, 0, 0, 0, NULL, "")
RECORD(last_grid, LAST_GRID)
RECORD_DEFINE(last_grid, LAST_GRID)

/* A grid that nothing has ended has not been redrawn. */
SQL_READS(ENDED, "regrid.ended",
    "SELECT DISTINCT code FROM zone WHERE layer = 'grid' AND code >= $1 AND code <= $2"
    " AND valid_to_ms <= $3 ORDER BY code");
SQL_READS(LAST, "regrid.last", "SELECT name, lon, lat FROM zone WHERE layer = 'grid' AND code = $1"
    " AND valid_from_ms <= $2 ORDER BY valid_from_ms DESC LIMIT 1");
const struct sql *const regrid_statements[] = { &ENDED, &LAST };
const size_t regrid_statements_n = COUNT_OF(regrid_statements);

enum { GRIDS_MAX = 1000000, CODE_COMMUNITY = 1000 };

struct ready { int64_t area, id, into; };
struct finding_left {
    struct cx *cx;
    struct regrid_row *rows;
    size_t n_rows;
    int64_t n_ready, n_stuck;
    struct ready batch[REGRID_BATCH];
    size_t n_batch;
};

/* Among the rows of its grid, from begin on. Those beyond the list are still counted. */
static void count(struct finding_left *f, size_t begin, const struct regrid_row *like)
{
    size_t i = begin;
    while (i < f->n_rows && f->rows[i].into != like->into)
        i++;
    if (i == REGRID_ROWS_MAX)
        return;
    if (i == f->n_rows)
        f->rows[f->n_rows++] = *like;
    f->rows[i].matters++;
}

static void look_at_matter(struct finding_left *f, size_t begin, int64_t grid,
    const struct last_grid *last, const struct open_in_grid *m)
{
    const struct catalogue *c = f->cx->cat;
    bool gone = grid_find(c, grid) == NULL, known = m->lon == m->lon;
    struct place at = { 0 };
    if (known || gone)
        (void)catalogue_locate(c, known ? m->lon : last->lon, known ? m->lat : last->lat, &at);
    if (at.grid == grid || (!gone && at.grid == 0))
        return;
    bool ready = at.grid && at.area == grid_area(grid);
    struct regrid_row row = { .grid = grid, .grid_name = last->name, .gone = gone,
        .into = ready ? at.grid : I64_NONE,
        .into_name = ready ? grid_find(c, at.grid)->name : STR_NONE };
    count(f, begin, &row);
    f->n_ready += ready;
    f->n_stuck += !ready;
    if (ready && f->n_batch < REGRID_BATCH)
        f->batch[f->n_batch++] = (struct ready){ at.area, m->id, at.grid };
}

static enum err look_at_grid(struct finding_left *f, int64_t grid)
{
    struct cx *cx = f->cx;
    struct list list;
    struct last_grid last;
    size_t begin = f->n_rows;
    TRY(open_in_grid(cx->db, cx->a, grid, &list));
    if (list.n == 0)
        return OK;
    TRY(db_one(cx->db, cx->a, &LAST, ARGS(I(grid), I(cx->now_ms)), &last_grid_record, &last));
    const struct open_in_grid *m = list.p;
    for (size_t i = 0; i < list.n; i++)
        look_at_matter(f, begin, grid, &last, &m[i]);
    return OK;
}

static enum err find_left(struct cx *cx, struct finding_left *f)
{
    struct region r;
    struct list list;
    int64_t code = 0;
    *f = (struct finding_left){ .cx = cx,
        .rows = NEW_N(cx->a, struct regrid_row, REGRID_ROWS_MAX) };
    TRY(zoning_my_territory(cx, ROLE_SUPERVISOR, &r, &code));
    TRY(db_rows(cx->db, cx->a, &ENDED, ARGS(I(r.from * CODE_COMMUNITY),
        I(r.to * CODE_COMMUNITY + CODE_COMMUNITY - 1), I(cx->now_ms)), &ended_grid_record,
        GRIDS_MAX, &list));
    const struct ended_grid *grids = list.p;
    for (size_t i = 0; i < list.n; i++)
        TRY(look_at_grid(f, grids[i].code));
    return OK;
}

enum err regrid_show(struct cx *cx, const void *in, struct buf *out)
{
    struct finding_left *f = NEW(cx->a, struct finding_left);
    (void)in;
    TRY(find_left(cx, f));
    record_to_json(out, &regrid_left_record, &(struct regrid_left){ { f->rows, f->n_rows },
        f->n_ready, f->n_stuck });
    return OK;
}

enum err regrid_prepare(struct cx *cx, const void *in)
{
    (void)in;
    cx->prepared = NEW(cx->a, struct finding_left);
    return find_left(cx, cx->prepared);
}

enum err regrid_move(struct cx *cx, const void *in, struct buf *out)
{
    const struct regrid_in *q = in;
    const struct finding_left *f = cx->prepared;
    struct kept *kept = NEW_N(cx->a, struct kept, REGRID_BATCH);
    size_t n_kept = 0;
    for (size_t i = 0; i < f->n_batch; i++) {
        struct step_args args = step_args_for("regrid");
        struct matter m;
        struct str why;
        TRY(matter_by_id(cx, f->batch[i].area, f->batch[i].id, &m));
        args.grid = f->batch[i].into;
        args.note = q->note;
        TRY(matter_try_step(cx, &m, &args, &why));
        if (why.p)
            kept[n_kept++] = (struct kept){ m.number, why };
    }
    int64_t moved = (int64_t)(f->n_batch - n_kept);
    record_to_json(out, &regrid_out_record, &(struct regrid_out){ moved, { kept, n_kept },
        f->n_ready - moved });
    return OK;
}
