/* imports.c: the routes of imports. Reading and checking a file takes seconds and much memory, so
 * both happen before the writer's transaction, on the thread of heavy requests, one at a time; the
 * transaction makes sure that nothing has changed since. */
#include "zoning/imports.h"
#include "attach/sifter.h"
#include "layer/rows.h"
#include "spine/command.h"
#include "crypto/hash.h"
#include <unistd.h>

RECORD_DEFINE(import_in, IMPORT_IN)
RECORD_DEFINE(import_id_in, IMPORT_ID_IN)
RECORD_DEFINE(import_publish_in, IMPORT_PUBLISH_IN)
RECORD_DEFINE(import_row, IMPORT_ROW)
RECORD_DEFINE(import_list_view, IMPORT_LIST)
RECORD_DEFINE(import_gone, IMPORT_GONE)

const char *const import_extents[] = { "part", "whole", "replace", NULL };
const char *const import_systems[] = { "wgs84", "gcj02", "bd09", NULL };

/* Whose it is ------------------------------------------------------------------------------- */

static enum err no_such(struct cx *cx)
{
    return cx_fail(cx, E_MISSING, "id", MSG("没有这次导入", "There is no such import"));
}

/* Foreign ones are not there. */
static enum err find_mine(struct cx *cx, int64_t id, struct layer_import *ret)
{
    struct region r;
    int64_t code = 0;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    enum err e = import_find(cx->db, cx->a, id, ret);
    if (e == E_MISSING || (e == OK && !region_has(r, ret->region)))
        return no_such(cx);
    return e;
}

/* Its rows are gone once it has become a version, even one that is taken back later. */
static enum err still_open(struct cx *cx, const struct layer_import *m)
{
    if (m->version == I64_NONE)
        return OK;
    if (m->version == 0)
        return cx_fail(cx, E_CONFLICT, "id", MSG("这次导入与现状相同，没有写入；有改动请重新上传文件",
            "This import was the same as what is in force, so nothing was stored; if the file has"
            " changed, upload it again"));
    if (m->back_ms == I64_NONE)
        return cx_fail(cx, E_CONFLICT, "id",
            MSG("这次导入已经发布", "This import has been put in force already"));
    struct civil day = clock_civil(m->back_ms);
    return cx_fail_with(cx, E_CONFLICT, "id", MSG("由这次导入发布的版本已于 %s 撤回；请重新上传文件，再发布",
        "The version that this import became was taken back on %s; upload the file again and put it"
        " in force anew"), arena_fmt(cx->a, "%04d-%02d-%02d", day.year, day.month, day.day));
}

static enum err row_of(struct cx *cx, const struct layer_import *m, struct import_row *ret)
{
    *ret = (struct import_row){ .id = m->id, .layer = m->layer, .name = m->name,
        .extent = m->extent, .made = m->made_ms, .checked = m->checked_ms,
        .valid_from = m->valid_from_ms, .version = m->version, .back = m->back_ms };
    return access_account_name(cx, m->made_by, &ret->made_by);
}

static enum err row_write(struct cx *cx, const struct layer_import *m, struct buf *out)
{
    struct import_row row;
    TRY(row_of(cx, m, &row));
    record_to_json(out, &import_row_record, &row);
    return OK;
}

/* Looking ----------------------------------------------------------------------------------- */

static enum err imports_show(struct cx *cx, const void *in, struct buf *out)
{
    struct region r;
    int64_t code = 0;
    struct list all = { NULL, 0 };
    (void)in;
    if (zoning_territory(cx, PUBLISHERS, &r, &code))
        TRY(import_list(cx->db, cx->a, r.from, r.to, &all));
    struct import_row *rows = NEW_N(cx->a, struct import_row, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        TRY(row_of(cx, &((const struct layer_import *)all.p)[i], &rows[i]));
    record_to_json(out, &import_list_view_record, &(struct import_list_view){ { rows, all.n } });
    return OK;
}

static enum err import_show(struct cx *cx, const void *in, struct buf *out)
{
    struct layer_import m;
    struct str text;
    TRY(find_mine(cx, ((const struct import_id_in *)in)->id, &m));
    TRY(import_outcome(cx->db, cx->a, m.id, cx->lang, &text));
    buf_add(out, text);
    return OK;
}

/* Checking ---------------------------------------------------------------------------------- */

/* What prepare found, for the transaction. */
struct checking {
    struct layer_import import;
    struct str rows;
    struct features features;
    struct layer_plan plan;
    struct effects effects;
    struct import_outcome_text outcome;
    int64_t moves;
};

static enum err check(struct cx *cx, struct checking *k, int64_t at_ms, bool good_rows)
{
    const struct layer_import *m = &k->import;
    struct layer_want want = { .layer = layer_by_name(m->layer), .good_rows = good_rows,
        .part = str_is(m->extent, "part"), .crs = m->crs, .at_ms = at_ms };
    TRY(edition_moves(cx->db, m->layer, &k->moves));
    TRY(layer_check(cx->db, cx->cat, cx->a, &want, &k->features, &k->plan, &cx->info));
    if (!str_is(m->extent, "replace"))
        layer_refuse_to_empty(cx->a, &k->plan);
    zoning_check_region(cx, m->region, &k->plan);
    return OK;
}

static enum err check_and_tell(struct cx *cx, struct checking *k)
{
    int64_t at_ms = k->import.valid_from_ms;
    if (at_ms == I64_NONE || at_ms < cx->now_ms)
        at_ms = cx->now_ms;
    TRY(check(cx, k, at_ms, false));
    TRY(layer_effects(cx->db, cx->cat, cx->a, &k->plan, &k->effects));
    k->import.checked_ms = cx->now_ms;
    k->outcome = (struct import_outcome_text){
        imports_outcome_text(cx, &k->plan, &k->effects, k->features.n, LANG_ZH),
        imports_outcome_text(cx, &k->plan, &k->effects, k->features.n, LANG_EN) };
    return OK;
}

/* The whole of a layer is the city's, and so are divisions: a county has a part of both. */
static enum err extent_check(struct cx *cx, const struct import_in *q, int64_t region)
{
    if (zoning_is_city(cx, region))
        return OK;
    if (str_is(q->layer, "division"))
        return cx_fail(cx, E_DENIED, "layer", MSG("区划由市里导入", "Divisions are imported by the city"));
    return str_is(q->extent, "part") ? OK : cx_fail(cx, E_DENIED, "extent",
        MSG("整个图层由市里导入，区县请选“部分”", "A whole layer is imported by the city; choose \"part\""));
}

/* Stands for the body where repeated commands are compared. */
static enum err file_named(struct cx *cx, const struct import_in *q)
{
    enum { STEP = 1 << 20 };
    char *bytes = arena_bytes(cx->a, STEP);
    struct hash h = hash_sha256_2(q->name, q->layer);
    for (size_t at = 0; at < cx->file.bytes;) {
        ssize_t got = pread(cx->file.fd, bytes, STEP, (off_t)at);
        if (got <= 0)
            return E_IO;
        h = hash_sha256_2(hash_str(&h), (struct str){ bytes, (size_t)got });
        at += (size_t)got;
    }
    cx->body = arena_dup(cx->a, h.b, sizeof(h.b));
    return OK;
}

enum err import_prepare_rows(struct cx *cx, const struct import_in *q, struct str rows)
{
    struct checking *k = NEW(cx->a, struct checking);
    struct region r;
    int64_t code = 0, at_ms = q->valid_from;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    if (at_ms != I64_NONE)
        TRY(edition_day(q->layer, &at_ms, cx->now_ms, &cx->info));
    k->rows = rows;
    k->import = (struct layer_import){ .layer = q->layer, .name = q->name, .extent = q->extent,
        .crs = q->crs.p ? q->crs : STR(""), .region = code, .made_ms = cx->now_ms,
        .made_by = cx->actor.account, .valid_from_ms = at_ms, .version = I64_NONE,
        .back_ms = I64_NONE };
    TRY(rows_read(cx->a, k->rows, &k->features, &cx->info));
    cx->prepared = k;
    return check_and_tell(cx, k);
}

static enum err import_prepare(struct cx *cx, const void *in)
{
    const struct import_in *q = in;
    struct sifting s = { q->name, q->encoding, q->map, cx->file.fd, ROWS_BYTES_MAX };
    struct region r;
    struct str rows;
    int64_t code = 0, at_ms = q->valid_from;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    TRY(extent_check(cx, q, code));
    if (at_ms != I64_NONE)
        TRY(edition_day(q->layer, &at_ms, cx->now_ms, &cx->info));
    if (cx->file.bytes == 0)
        return cx_fail(cx, E_INPUT, "file", MSG("文件是空的，请重新选择", "The file is empty; choose it again"));
    TRY(file_named(cx, q));
    TRY(sift_file(cx->services.sift, cx->a, &s, &rows, &cx->info));
    return import_prepare_rows(cx, q, rows);
}

static enum err import_run(struct cx *cx, const void *in, struct buf *out)
{
    struct checking *k = cx->prepared;
    struct layer_import m = k->import;
    struct region r;
    int64_t code = 0, none = 0, open = 0;
    bool again = false;
    (void)in;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    if (code != m.region)
        return E_DENIED;
    m.id = cx_next_id(cx);
    TRY(command_claim(cx, division_area(code), 0, m.id, &again, &none, &m.id));
    if (again) {
        TRY(find_mine(cx, m.id, &m));
        return row_write(cx, &m, out);
    }
    TRY(import_count_open(cx->db, code, &open));
    if (open >= IMPORTS_OPEN_MAX)
        return cx_fail(cx, E_CONFLICT, NULL, MSG("待发布的导入已有 20 个，请先发布或丢弃一些",
            "Twenty imports wait to be put in force; do that or discard some first"));
    TRY(import_add(cx->db, &m, k->rows, &k->outcome));
    return row_write(cx, &m, out);
}

/* The rows as they were kept, and whose they are. */
static enum err checking_of(struct cx *cx, int64_t id, struct checking **ret)
{
    struct checking *k = NEW(cx->a, struct checking);
    *ret = k;
    TRY(find_mine(cx, id, &k->import));
    if (k->import.version != I64_NONE)
        return OK;      /* the same command again, or a late one: the transaction knows */
    TRY(import_rows(cx->db, cx->a, id, &k->rows));
    return rows_read(cx->a, k->rows, &k->features, &cx->info);
}

static enum err recheck_prepare(struct cx *cx, const void *in)
{
    struct checking *k;
    TRY(checking_of(cx, ((const struct import_id_in *)in)->id, &k));
    cx->prepared = k;
    TRY(still_open(cx, &k->import));
    return check_and_tell(cx, k);
}

static enum err recheck_run(struct cx *cx, const void *in, struct buf *out)
{
    const struct checking *k = cx->prepared;
    struct layer_import m;
    int64_t id = ((const struct import_id_in *)in)->id, none = 0;
    bool again = false;
    TRY(find_mine(cx, id, &m));
    TRY(command_claim(cx, division_area(m.region), 0, id, &again, &none, &id));
    TRY(still_open(cx, &m));
    if (!again)
        TRY(import_checked_again(cx->db, id, cx->now_ms, &k->outcome));
    m.checked_ms = again ? m.checked_ms : cx->now_ms;
    return row_write(cx, &m, out);
}

/* Putting in force -------------------------------------------------------------------------- */

static enum err publish_prepare(struct cx *cx, const void *in)
{
    const struct import_publish_in *q = in;
    struct checking *k;
    int64_t at_ms = q->valid_from;
    TRY(checking_of(cx, q->id, &k));
    cx->prepared = k;
    if (k->import.version != I64_NONE)
        return OK;
    TRY(edition_day(k->import.layer, &at_ms, cx->now_ms, &cx->info));
    TRY(check(cx, k, at_ms, q->good_rows));
    if (!layer_may_store(&k->plan))
        return zoning_faulty(cx, "file", &k->plan);
    const size_t *n = k->plan.n_change;
    if (k->plan.faults.total && n[ZONE_ADDED] + n[ZONE_CHANGED] + n[ZONE_REMOVED] == 0)
        return cx_fail(cx, E_INPUT, "good_rows", MSG("没有问题的行里没有任何变化，无可发布；请改正文件后重新上传",
            "No row without faults changes anything, so there is nothing to put in force; correct the"
            " file and upload it again"));
    return OK;
}

static enum err put_in_force(struct cx *cx, const struct checking *k, struct layer_import *m,
    int64_t checked)
{
    int64_t moves = 0;
    TRY(still_open(cx, m));
    if (checked != I64_NONE && m->checked_ms != checked)
        return cx_fail(cx, E_CONFLICT, "checked", MSG("已有人重新检查过，请看过结果再发布",
            "It has been checked again meanwhile; look at that first"));
    TRY(edition_moves(cx->db, m->layer, &moves));
    if (moves != k->moves)
        return cx_fail(cx, E_CONFLICT, NULL, MSG("刚有一版发布或撤回，请重新检查后再发布",
            "A version has just been published or taken back; check again first"));
    TRY(layer_day_is_free(cx->db, k->plan.want.layer, k->plan.want.at_ms, &cx->info));
    m->valid_from_ms = k->plan.want.at_ms;
    TRY(layer_store(cx->db, cx->a, &k->plan, m->name, cx->now_ms, cx->actor.account, &m->version));
    return import_become(cx->db, m->id, m->version, m->valid_from_ms);
}

static enum err publish_run(struct cx *cx, const void *in, struct buf *out)
{
    const struct import_publish_in *q = in;
    struct layer_import m;
    int64_t id = q->id, none = 0;
    bool again = false;
    TRY(find_mine(cx, q->id, &m));
    TRY(command_claim(cx, division_area(m.region), 0, q->id, &again, &none, &id));
    if (!again)
        TRY(put_in_force(cx, cx->prepared, &m, q->checked));
    return row_write(cx, &m, out);
}

static enum err import_discard(struct cx *cx, const void *in, struct buf *out)
{
    int64_t id = ((const struct import_id_in *)in)->id, code = 0, none = 0;
    struct region r;
    struct layer_import m;
    bool again = false;
    TRY(zoning_my_territory(cx, PUBLISHERS, &r, &code));
    TRY(command_claim(cx, division_area(code), 0, id, &again, &none, &id));
    if (!again) {
        TRY(find_mine(cx, id, &m));
        TRY(still_open(cx, &m));
        TRY(import_drop(cx->db, id));
    }
    record_to_json(out, &import_gone_record, &(struct import_gone){ id });
    return OK;
}

static const struct route routes[] = {
    { .method = "GET", .path = "/api/imports", .name = "imports", .roles = PUBLISHERS,
        .lane = LANE_READ, .out = &import_list_view_record, .run = imports_show,
        .meaning = "Files of layers that were uploaded in your territory" },
    { .method = "POST", .path = "/api/imports", .name = "import_upload", .roles = PUBLISHERS,
        .lane = LANE_FILE, .in = &import_in_record, .out = &import_row_record,
        .prepare = import_prepare, .run = import_run,
        .meaning = "Upload a file of a layer and check it; nothing of it is in force" },
    { .method = "GET", .path = "/api/imports/:id/outcome", .name = "import_outcome",
        .roles = PUBLISHERS, .lane = LANE_READ, .in = &import_id_in_record,
        .out = &import_outcome_view_record, .run = import_show,
        .meaning = "What the check found: faults by row, gaps and overlaps, pictures of them" },
    { .method = "POST", .path = "/api/imports/:id/check", .name = "import_check",
        .roles = PUBLISHERS, .lane = LANE_STAFF, .heavy = true, .in = &import_id_in_record,
        .out = &import_row_record, .prepare = recheck_prepare, .run = recheck_run,
        .meaning = "Check an uploaded file again, beside what is in force now" },
    { .method = "POST", .path = "/api/imports/:id/publish", .name = "import_publish",
        .roles = PUBLISHERS, .lane = LANE_STAFF, .heavy = true, .in = &import_publish_in_record,
        .out = &import_row_record, .prepare = publish_prepare, .run = publish_run,
        .meaning = "Put an uploaded file in force, whole or its good rows, at once or from a moment on" },
    { .method = "POST", .path = "/api/imports/:id/discard", .name = "import_discard",
        .roles = PUBLISHERS, .lane = LANE_STAFF, .in = &import_id_in_record,
        .out = &import_gone_record, .run = import_discard,
        .meaning = "Throw an uploaded file away" },
};

const struct module module_imports = { .name = "imports", .routes = routes,
    .n_routes = COUNT_OF(routes) };
