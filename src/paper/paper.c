/* paper.c: see paper.h. */
#include "paper/paper.h"
#include "paper/fill.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <zip.h>

enum { JOB_TEXT_BYTES_MAX = 96 << 20 };

/* Templates --------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const struct paper_form *x = a, *y = b;
    return x->place != y->place ? (x->place > y->place) - (x->place < y->place)
        : str_cmp(x->name, y->name);
}

static void template_put(struct arena *a, struct forms *t, struct str name, struct str text,
    struct faults *f)
{
    struct faults own = faults_in(a);
    struct paper_form read = form_read(a, name, text, &own);
    for (size_t i = 0; i < own.n; i++)
        fault_add(f, own.at[i].line, arena_fmt(a, "%.*s.txt", STR_FMT(name)).p,
            (struct msg){ own.at[i].zh, own.at[i].en }, STR_NONE);
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->at[i].name, name)) {
            t->at[i] = read;
            return;
        }
    if (t->n < TEMPLATES_MAX)
        t->at[t->n++] = read;
    else
        fault_add(f, 0, NULL, MSG("模板太多", "Too many templates"), STR_NONE);
}

static enum err file_read(struct arena *a, const char *path, struct str *ret, struct err_info *info)
{
    FILE *in = fopen(path, "rb");
    char *p = arena_bytes(a, TEMPLATE_BYTES_MAX + 1);
    size_t n = in ? fread(p, 1, TEMPLATE_BYTES_MAX + 1, in) : 0;
    bool good = in && !ferror(in) && n <= TEMPLATE_BYTES_MAX;
    if (in)
        (void)fclose(in);
    *ret = (struct str){ p, n };
    return good ? OK : err_note(info, E_IO, "templates", MSG("读不了模板 %s(至多 64 KiB)",
        "Cannot read the template %s (of at most 64 KiB)"), str_c(path));
}

static enum err folder_read(struct arena *a, const char *folder, struct forms *t,
    struct faults *f, struct err_info *info)
{
    DIR *d = opendir(folder);
    enum err e = OK;
    if (d == NULL)
        return err_note(info, E_IO, "templates", MSG("打不开模板目录 %s",
            "Cannot open the folder of templates %s"), str_c(folder));
    for (const struct dirent *at; e == OK && (at = readdir(d));) {
        struct str name = arena_str(a, str_c(at->d_name)), text;
        if (name.n <= 4 || !str_is((struct str){ name.p + name.n - 4, 4 }, ".txt"))
            continue;
        e = file_read(a, arena_fmt(a, "%s/%s", folder, name.p).p, &text, info);
        if (e == OK)
            template_put(a, t, (struct str){ name.p, name.n - 4 }, text, f);
    }
    (void)closedir(d);
    return e;
}

enum err paper_templates(struct arena *a, const char *folder, struct faults *f,
    struct forms **ret, struct err_info *info)
{
    struct forms *t = NEW(a, struct forms);
    for (size_t i = 0; i < form_files_n; i++)
        template_put(a, t, str_c(form_files[i].name), str_c(form_files[i].text), f);
    if (folder)
        TRY(folder_read(a, folder, t, f, info));
    qsort(t->at, t->n, sizeof(t->at[0]), by_place);
    *ret = t;
    return OK;
}

size_t paper_dossier(const struct forms *t, const struct facts *facts, struct paper_part *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (form_wanted(&t->at[i], facts))
            ret[n++] = (struct paper_part){ &t->at[i], facts, STR_NONE };
    return n;
}

/* Making ------------------------------------------------------------------------------------ */

struct files { struct arena *a; size_t at, n, bytes[JOB_DOCS_MAX + 1]; };

static void file_made(void *ctx, size_t bytes)
{
    struct files *f = ctx;
    if (f->n < COUNT_OF(f->bytes))
        f->bytes[f->n++] = bytes;
}

/* Titles of the documents in the job, in order; the whole goes first. */
static struct str title_next(struct str *job, struct str whole, size_t i)
{
    while (i && job->n) {
        struct str text, line = str_cut(*job, '\n', job);
        if (str_is(str_cut(line, '\t', &text), "doc")) {
            (void)str_cut(text, '\t', &text);
            return str_cut(text, '\t', &text);
        }
    }
    return whole;
}

static bool archive_add(zip_t *z, struct arena *a, struct str name, struct str bytes)
{
    zip_source_t *s = zip_source_buffer(z, bytes.p, bytes.n, 0);
    if (s && zip_file_add(z, arena_str(a, name).p, s, ZIP_FL_ENC_UTF_8) >= 0)
        return true;
    zip_source_free(s);
    return false;
}

static bool archive_fill(zip_t *z, const struct files *f, struct str pdfs, struct str title,
    struct str job)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->bytes[i] > pdfs.n)
            return false;
        struct str name = title_next(&job, title, i);
        name = arena_fmt(f->a, "%02zu %.*s.pdf", i, STR_FMT(name));
        if (!archive_add(z, f->a, name, (struct str){ pdfs.p, f->bytes[i] }))
            return false;
        pdfs = (struct str){ pdfs.p + f->bytes[i], pdfs.n - f->bytes[i] };
    }
    return true;
}

static bool source_bytes(zip_source_t *s, struct arena *a, struct str *ret)
{
    zip_stat_t st;
    if (zip_source_stat(s, &st) != 0 || zip_source_open(s) != 0)
        return false;
    char *p = arena_bytes(a, (size_t)st.size + 1);
    zip_int64_t n = zip_source_read(s, p, st.size);
    (void)zip_source_close(s);
    *ret = (struct str){ p, (size_t)st.size };
    return n == (zip_int64_t)st.size;
}

static enum err archive_make(const struct files *f, struct str pdfs, struct str title,
    struct str job, struct str *ret)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *z = s ? zip_open_from_source(s, ZIP_TRUNCATE, &why) : NULL;
    enum err e = E_IO;
    if (z) {
        zip_source_keep(s);
        if (!archive_fill(z, f, pdfs, title, job))
            zip_discard(z);
        else if (zip_close(z) == 0)
            e = source_bytes(s, f->a, ret) ? OK : E_IO;
        else
            zip_discard(z);
    }
    zip_source_free(s);
    zip_error_fini(&why);
    return e;
}

static struct str one_line(struct arena *a, struct str s)
{
    struct buf b = buf_in(a, 4096);
    for (size_t i = 0; i < s.n && i < 400; i++)
        buf_byte(&b, s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '/' ? ' ' : s.p[i]);
    return buf_str(&b);
}

enum err paper_make(const struct helper *press, struct arena *a, const struct paper_order *order,
    enum paper_what what, struct str *ret, struct err_info *info)
{
    struct buf job = buf_in(a, JOB_TEXT_BYTES_MAX);
    struct files files = { .a = a };
    struct str title = one_line(a, order->title), printed = one_line(a, order->printed), pdfs;
    buf_fmt(&job, "%s\t%s\t%.*s%s%.*s\n", order->marked ? JOB_MARKED : JOB_DOSSIER,
        what == PAPER_PDF ? "whole" : "both", STR_FMT(title), printed.n ? "\t" : "",
        STR_FMT(printed));
    size_t first = job.n;
    for (size_t i = 0; i < order->n; i++)
        form_fill(a, order->parts[i].template, order->parts[i].facts, order->parts[i].note, &job);
    struct str text = buf_str(&job), docs = { text.p + first, text.n - first };
    struct press_job print = { .text = text, .time_ms = PAPER_TIME_MS_MAX, .file = file_made,
        .ctx = &files };
    if (press == NULL)
        return err_note(info, E_IO, NULL, MSG("没有找到制作程序 fengqiao-print，请管理员检查安装",
            "The program fengqiao-print is not installed here; tell the operator"), STR_NONE);
    TRY(press_bytes(press, a, &print, &pdfs, info));
    if (what == PAPER_ZIP)
        return archive_make(&files, pdfs, title, docs, ret);
    *ret = pdfs;
    return OK;
}

enum err paper_render(struct cx *cx, const struct paper_order *order, enum paper_what what,
    struct str *ret)
{
    struct paper_order marked = *order;
    marked.marked = true;
    return paper_make(cx->services.press, cx->a, &marked, what, ret, &cx->info);
}
