/* workbook.c: what all workbooks that leave here have in common. */
#include "tally/workbook.h"
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { A4 = 9, CELL_BYTES_MAX = 512, TITLE_POINTS = 16 };

void cell_str(lxw_worksheet *s, uint32_t row, uint16_t col, struct str v, lxw_format *f)
{
    char text[CELL_BYTES_MAX];
    size_t n = v.n < sizeof(text) - 1 ? v.n : sizeof(text) - 1;
    while (n < v.n && n > 0 && ((unsigned char)v.p[n] & 0xc0) == 0x80)
        n--;
    if (n)
        memcpy(text, v.p, n);
    text[n] = '\0';
    (void)worksheet_write_string(s, row, col, text, f);
}

struct str day_of(struct arena *a, int64_t ms)
{
    struct civil c = clock_civil(ms);
    return ms == I64_NONE ? STR("") : arena_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static enum err nameless_make(struct nameless *f)
{
    f->fd = memfd_create("book", MFD_CLOEXEC);
    if (f->fd < 0)
        return E_IO;
    (void)snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
    return OK;
}

static enum err nameless_take(struct nameless *f, struct buf *out)
{
    struct stat st;
    enum err e = fstat(f->fd, &st) == 0 && st.st_size > 0 ? OK : E_IO;
    void *p = MAP_FAILED;
    if (e == OK)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, f->fd, 0);
    if (p != MAP_FAILED) {
        buf_add(out, (struct str){ p, (size_t)st.st_size });
        (void)munmap(p, (size_t)st.st_size);
    }
    (void)close(f->fd);
    return p == MAP_FAILED ? E_IO : OK;
}

lxw_format *framed(lxw_workbook *wb, uint8_t align)
{
    lxw_format *f = workbook_add_format(wb);
    format_set_border(f, LXW_BORDER_THIN);
    format_set_align(f, align);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    return f;
}

void page_set(lxw_worksheet *s, uint32_t head, uint16_t fixed)
{
    worksheet_set_landscape(s);
    worksheet_set_paper(s, A4);
    worksheet_fit_to_pages(s, 1, 0);
    worksheet_freeze_panes(s, head, fixed);
    (void)worksheet_repeat_rows(s, 0, head - 1);
    (void)worksheet_set_footer(s, "&C&P / &N");
}

lxw_format *titled(lxw_workbook *wb)
{
    lxw_format *f = workbook_add_format(wb);
    format_set_bold(f);
    format_set_font_size(f, TITLE_POINTS);
    format_set_align(f, LXW_ALIGN_CENTER);
    return f;
}

enum err book_begin(struct nameless *f, lxw_workbook **ret)
{
    TRY(nameless_make(f));
    *ret = workbook_new(f->path);
    if (*ret)
        return OK;
    (void)close(f->fd);
    return E_IO;
}

enum err book_end(lxw_workbook *wb, struct nameless *f, struct buf *out)
{
    lxw_error wrong = workbook_close(wb);
    enum err e = nameless_take(f, out);
    return wrong == LXW_NO_ERROR ? e : E_IO;
}
