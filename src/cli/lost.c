/* lost.c: see lost.h. One look at the name of each file: a folder that was not copied, or of which
 * a part is gone, shows in that; content is read where photos are copied. */
#include "cli/lost.h"
#include "attach/store.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_EACH = 1024 };

#define SHOT(X, R) \
    X(R, STR, number, REQUIRED, 0, 0, NULL, "") X(R, STR, hash, REQUIRED, 0, 0, NULL, "")
RECORD(shot, SHOT)
RECORD_DEFINE(shot, SHOT)

SQL_SCANS(COUNT, "lost.count", "SELECT count(*) FROM attachment");
SQL_SCANS(ALL, "lost.photos", "SELECT m.number, t.hash FROM attachment t JOIN matter m"
    " ON m.area = t.area AND m.id = t.matter");
const struct sql *const lost_statements[] = { &COUNT, &ALL };
const size_t lost_statements_n = COUNT_OF(lost_statements);

struct search_of {
    int folder;                 /* of the photos; -1: there is none */
    struct progress *bar;
    int64_t total;
    struct lost_photos found;
};

static bool is_there(int folder, struct str hash)
{
    struct store_name name;
    struct stat st;
    char path[STORE_NAME_CHARS + 8];
    if (folder < 0 || !store_name_parse(hash, &name))
        return false;
    (void)snprintf(path, sizeof(path), "%.2s/%.2s/%s", name.hex, name.hex + 2, name.hex);
    return fstatat(folder, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static enum err on_photo(void *ctx, struct arena *row_arena, const void *rec)
{
    struct search_of *s = ctx;
    const struct shot *photo = rec;
    (void)row_arena;
    if (!is_there(s->folder, photo->hash) && s->found.lost++ == 0)
        (void)snprintf(s->found.matter, sizeof(s->found.matter), "%.*s", STR_FMT(photo->number));
    if (++s->found.photos % SHOWN_EACH == 0 && s->bar)
        progress_show(s->bar, s->found.photos, s->total, STR_NONE);
    return OK;
}

enum err photos_lost(struct db *db, const char *photos, struct progress *bar,
    struct lost_photos *ret)
{
    struct search_of s = { .bar = bar };
    TRY(db_number(db, &COUNT, NO_ARGS, &s.total));
    if (bar && s.total)
        progress_part(bar, MSG("核对照片", "looking for photos"));
    s.folder = open(photos, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = db_each(db, &ALL, NO_ARGS, &shot_record, on_photo, &s);
    if (s.folder >= 0)
        (void)close(s.folder);
    if (bar)
        progress_end(bar);
    *ret = s.found;
    return e;
}

struct str photos_lost_text(struct arena *a, const struct lost_photos *found, enum lang lang)
{
    return found->lost == 0 ? STR_NONE : arena_fmt(a, lang == LANG_EN
        ? "Of %lld photos of matters %lld are not there, such as of matter %s"
        : "事项的 %lld 张照片中有 %lld 张不在，例如事项 %s 的照片", (long long)found->photos,
        (long long)found->lost, found->matter);
}
