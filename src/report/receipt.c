/* receipt.c: following a report with its code, and answering back. */
#include "report/receipt.h"
#include "attach/box.h"
#include "attach/store.h"
#include "matter/erase.h"
#include "matter/explain.h"
#include "spine/command.h"

RECORD_DEFINE(stage, STAGE)
RECORD_DEFINE(public_matter, PUBLIC_MATTER)
RECORD_DEFINE(receipt_act_in, RECEIPT_ACT)
RECORD_DEFINE(photo_in, PHOTO_IN)
RECORD_DEFINE(upload_in, UPLOAD_IN)
RECORD_DEFINE(upload, UPLOAD)
const char *const receipt_actions[] = { "message", "rate", "object", "reopen", "withdraw", "urge",
    "agree", "ask_court", "ask_stop", NULL };
const char *const photo_sizes[] = { "full", "thumb", NULL };

#define RATING_ROW(X, R) \
    X(R, I64, score, 0, 0, 0, NULL, "") X(R, STR, rating, 0, 0, 0, NULL, "")
RECORD(rating_row, RATING_ROW)
RECORD_DEFINE(rating_row, RATING_ROW)

SQL_READS(RATING, "receipt.rating",
    "SELECT score, rating FROM reporter WHERE area = $1 AND matter = $2 AND no = $3");
const struct sql *const receipt_statements[] = { &RATING };
const size_t receipt_statements_n = COUNT_OF(receipt_statements);

/* When a state of the group was first entered in this round; I64_NONE when not yet. */
static int64_t reached(struct list lines, unsigned states)
{
    const struct line *l = lines.p;
    int64_t at = I64_NONE;
    for (size_t i = 0; i < lines.n; i++) {
        if (str_is(l[i].action, "reopen") || str_is(l[i].action, "object"))
            at = I64_NONE;
        if (at == I64_NONE && (states & FROM(state_by_word(l[i].to_state))))
            at = l[i].at_ms;
    }
    return at;
}

static struct list stages_of(struct cx *cx, struct list lines)
{
    static const struct { const char *key, *zh, *en; unsigned states; } defs[] = {
        { "received", "已收到", "Received", ~0u },
        { "routed", "已派到单位", "With a unit", ~FROM(ST_RECEIVED) },
        { "working", "办理中", "In progress", ~(FROM(ST_RECEIVED) | FROM(ST_ASSIGNED)) },
        { "answered", "已答复", "Answered", FROM(ST_ANSWERED) | FROM(ST_VERIFIED)
            | FROM(ST_CLOSED) | FROM(ST_REJECTED) },
        { "closed", "已办结", "Closed", FROM(ST_CLOSED) | FROM(ST_REJECTED) | FROM(ST_WITHDRAWN) },
    };
    struct stage *rows = NEW_N(cx->a, struct stage, COUNT_OF(defs));
    for (size_t i = 0; i < COUNT_OF(defs); i++) {
        int64_t at = reached(lines, defs[i].states);
        rows[i] = (struct stage){ str_c(defs[i].key), cx_text(cx, defs[i].zh, defs[i].en),
            at != I64_NONE, at };
    }
    return (struct list){ rows, COUNT_OF(defs) };
}

/* The reporter's own words: the report, or what was written when joining it. */
static void fill_words(struct cx *cx, const struct matter *m, struct list lines,
    struct public_matter *v)
{
    const struct line *l = lines.p;
    bool found_by_staff = str_is(m->origin, "patrol") || str_is(m->origin, "split");
    v->text = cx_text(cx, "您反映的情况已与他人反映的同一事项一并办理",
        "Your report is handled together with others about the same");
    v->place_text = STR("");
    if (matter_is_closed_circle(m) || (cx->actor.no == 1 && !found_by_staff)) {
        v->text = matter_words(cx, m);
        v->place_text = m->place_text;
    }
    for (size_t i = 0; i < lines.n; i++)
        if (str_is(l[i].action, "join") && l[i].text.p
            && view_line_reporter(&l[i]) == cx->actor.no)
            v->text = l[i].text;
}

static bool photo_is_for(const struct cx *cx, struct list lines, const struct photo *p)
{
    const struct line *l = lines.p;
    for (size_t i = 0; i < lines.n; i++)
        if (l[i].seq == p->seq)
            return view_line_is_for(cx, &l[i]);
    return false;
}

/* Lines and photos that the actor may see. */
static enum err lines_and_photos(struct cx *cx, const struct matter *m, struct list *ret_lines,
    struct list *ret_photos)
{
    struct list all;
    TRY(view_lines(cx, m, ret_lines));
    TRY(photos_of(cx, m, &all));
    const struct photo *p = all.p;
    struct photo *shown = NEW_N(cx->a, struct photo, all.n + 1);
    *ret_photos = (struct list){ shown, 0 };
    for (size_t i = 0; i < all.n; i++)
        if (photo_is_shown(cx, m, &p[i]) && photo_is_for(cx, *ret_lines, &p[i]))
            shown[ret_photos->n++] = p[i];
    return OK;
}

static enum err fill_lists(struct cx *cx, const struct matter *m, struct public_matter *v)
{
    struct list lines, photos;
    struct rating_row rating;
    TRY(lines_and_photos(cx, m, &lines, &photos));
    fill_words(cx, m, lines, v);
    const struct line *first = lines.p;
    TRY(matter_owner_why(cx, m, lines.n && first->seq == 1 ? first->owner_unit : 0,
        &v->owner_why));
    TRY(view_timeline(cx, m, lines, false, &v->timeline));
    TRY(view_messages(cx, m, lines, photos, false, &v->messages));
    v->stages = stages_of(cx, lines);
    v->photos = view_photos(cx, photos);
    TRY(db_one(cx->db, cx->a, &RATING, ARGS(I(m->area), I(m->id), I(cx->actor.no)),
        &rating_row_record, &rating));
    v->rating = rating.score;
    v->rating_text = rating.rating.n ? rating.rating : STR_NONE;
    return matter_actions(cx, m, &v->can);
}

static enum err public_write(struct cx *cx, const struct matter *m, struct buf *out)
{
    struct public_matter v;
    const struct state_row *state = &state_table[state_by_word(m->state)];
    record_clear(&public_matter_record, &v);
    v.number = m->number;
    v.kind = m->kind;
    TRY(view_category_name(cx, m->kind, m->area, m->id, m->category, &v.category_name));
    v.state = m->state;
    v.state_name = cx_text(cx, state->zh, state->en);
    v.state_text = cx_text(cx, state->plain_zh, state->plain_en);
    TRY(view_place_name(cx, m, &v.place_name));
    v.owner_name = unit_name(unit_find(cx->cat, m->owner_unit), cx->lang);
    v.due_ms = m->due_ms;
    v.due_reason = view_due_reason(cx, m);
    v.overdue = m->open && cx->now_ms > m->due_ms;
    v.provisional = m->provisional;
    v.created_ms = m->created_ms;
    v.closed_ms = m->closed_ms;
    v.round = m->round;
    v.seq = m->seq;
    if (!m->open && !m->objected && str_is(m->state, "closed"))
        v.object_until_ms = m->closed_ms + 15 * (int64_t)CLOCK_DAY_MS;
    TRY(fill_lists(cx, m, &v));
    record_to_json(out, &public_matter_record, &v);
    return OK;
}

enum err receipt_view(struct cx *cx, const void *in, struct buf *out)
{
    struct matter m;
    (void)in;
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, &m));
    return public_write(cx, &m, out);
}

enum err receipt_act(struct cx *cx, const void *in, struct buf *out)
{
    const struct receipt_act_in *q = in;
    struct matter m;
    bool again;
    int64_t id, seq;
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, &m));
    TRY(command_claim(cx, m.area, m.id, m.seq + 1, &again, &id, &seq));
    if (!again) {
        struct step_args args = step_args_for("");
        args.action = q->action;
        args.text = q->text;
        args.score = q->score;
        args.uploads = q->uploads;
        args.ownership = q->ownership;
        TRY(matter_step(cx, &m, &args, &m));
    }
    return public_write(cx, &m, out);
}

enum err photo_send(struct cx *cx, const struct matter *m, const struct photo_in *q,
    struct buf *out)
{
    struct photo p;
    struct store_name name;
    struct str bytes;
    TRY(photo_one(cx, m, q->id, &p));
    if (!photo_is_shown(cx, m, &p))
        return E_MISSING;
    CHECK(store_name_parse(str_is(q->size, "thumb") ? p.thumb : p.hash, &name));
    TRY(store_get(cx->data_dir, &name, cx->a, 3 << 20, &bytes));
    buf_add(out, bytes);
    return OK;
}

enum err receipt_photo(struct cx *cx, const void *in, struct buf *out)
{
    const struct photo_in *q = in;
    struct matter m;
    struct list lines, photos;
    TRY(matter_by_id(cx, cx->actor.area, cx->actor.matter, &m));
    TRY(lines_and_photos(cx, &m, &lines, &photos));
    const struct photo *p = photos.p;
    for (size_t i = 0; i < photos.n; i++)
        if (p[i].no == q->id)
            return photo_send(cx, &m, q, out);
    return E_MISSING;
}

struct upload_made { struct upload answer; struct store_name main, thumb; };

/* Decodes in the sandbox and stores the clean files; the body is the image as sent. */
enum err upload_prepare(struct cx *cx, const void *in)
{
    const struct upload_in *q = in;
    struct upload_made *made = NEW(cx->a, struct upload_made);
    struct box_image image;
    if (cx->services.box == NULL)
        return E_BUSY;
    TRY(box_decode(cx->services.box, cx->a, cx->body, q->keep_position, &image, &cx->info));
    TRY(store_put(cx->data_dir, image.main, &made->main));
    TRY(store_put(cx->data_dir, image.thumb, &made->thumb));
    record_clear(&upload_record, &made->answer);
    made->answer.width = image.width;
    made->answer.height = image.height;
    made->answer.bytes = (int64_t)image.main.n;
    if (image.has_position) {
        made->answer.lon = image.lon;
        made->answer.lat = image.lat;
    }
    cx->prepared = made;
    return OK;
}

enum err report_upload(struct cx *cx, const void *in, struct buf *out)
{
    struct upload_made *made = cx->prepared;
    (void)in;
    TRY(photo_upload(cx, str_c(made->main.hex), str_c(made->thumb.hex), made->answer.width,
        made->answer.height, &made->answer.upload));
    record_to_json(out, &upload_record, &made->answer);
    return OK;
}
