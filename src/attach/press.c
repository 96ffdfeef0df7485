/* press.c: one conversation with fengqiao-print. The job waits in memory before the helper starts,
 * so that neither side ever waits for the other; what is read are lines about how far it is. */
#include "attach/press.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_BYTES_MAX = 4096, PDF_BYTES_MAX = 128 << 20 };

/* One run: what the helper said last, and what is still incomplete of its lines. */
struct running {
    const struct press_job *job;
    int said_fd;
    char line[SAID_BYTES_MAX];
    size_t n;
    char last[SAID_BYTES_MAX];
    bool late;
};

/* The job as job.h describes it. */
static struct str job_text(struct arena *a, const struct press_job *j)
{
    if (j->text.n)
        return j->text;
    size_t most = 4096 + j->n * (PLATE_URL_BYTES_MAX + 3 * PLATE_TEXT_CHARS_MAX * 4 + 8);
    struct buf b = buf_in(a, most < JOB_BYTES_MAX ? most : JOB_BYTES_MAX - 1);
    buf_fmt(&b, "%s\t%s\t%s\n", j->layout, j->hint.zh, j->hint.en);
    for (size_t i = 0; i < j->n; i++) {
        const struct plate *p = &j->plates[i];
        buf_fmt(&b, "%.*s\t%.*s\t%.*s\t%.*s\n", STR_FMT(p->url), STR_FMT(p->name),
            STR_FMT(p->name_en), STR_FMT(p->code));
    }
    return buf_str(&b);
}

/* Takes the lines that are complete. */
static void lines_take(struct running *r)
{
    struct str rest = { r->line, r->n };
    while (memchr(rest.p, '\n', rest.n)) {
        struct str line = str_cut(rest, '\n', &rest), number, pages;
        int64_t plates;
        memcpy(r->last, line.p, line.n);
        r->last[line.n] = '\0';
        if (str_is(str_cut(line, ' ', &number), PRINT_DONE) && str_to_i64(number, &plates)
            && r->job->done)
            r->job->done(r->job->ctx, (size_t)plates);
        if (str_is(str_cut(line, ' ', &number), PRINT_FILE)
            && str_to_i64(str_cut(number, ' ', &pages), &plates) && r->job->file)
            r->job->file(r->job->ctx, (size_t)plates);
        if (rest.n == 0)
            break;
    }
    memmove(r->line, rest.p, rest.n);
    r->n = rest.n < sizeof(r->line) - 1 ? rest.n : 0;
}

/* Until it says no more, or its time is up. */
static void listen_to(struct running *r)
{
    int64_t due_us = clock_monotonic_us() + (int64_t)r->job->time_ms * 1000;
    for (;;) {
        int64_t left_ms = (due_us - clock_monotonic_us() + 999) / 1000;
        struct pollfd p = { .fd = r->said_fd, .events = POLLIN };
        int ready = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            r->late = true;
            return;
        }
        ssize_t got = read(r->said_fd, r->line + r->n, sizeof(r->line) - 1 - r->n);
        if (got <= 0)
            return;
        r->n += (size_t)got;
        lines_take(r);
    }
}

static enum err outcome_of(const struct running *r, int status, struct err_info *info)
{
    struct str text, word = str_cut(str_c(r->last), ' ', &text);
    if (r->late)
        return err_note(info, E_IO, NULL, MSG("制作时间过长，已停止，请减少张数",
            "Printing took too long and was stopped; print fewer at a time"), STR_NONE);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return OK;
    if (str_is(word, PRINT_FONT))
        return err_note(info, E_IO, NULL, MSG("本机没有中文字体，请安装 fonts-noto-cjk 后重试",
            "No font here has Chinese characters; install fonts-noto-cjk and try again"), STR_NONE);
    if (r->job->text.n && str_is(word, PRINT_GLYPH))
        return err_note(info, E_INPUT, NULL, MSG("没有字体含有这个字：%s；请安装含生僻字的字体(fonts-noto-cjk)，或修改",
            "No font has this character: %s; install a font with rare ones (fonts-noto-cjk), or change it"), text);
    if (r->job->text.n && str_is(word, PRINT_BAD) && text.n)
        return err_note(info, E_INPUT, NULL, MSG("这一项不能印出：%s(图像应为 JPEG)",
            "This cannot be printed: %s (pictures are JPEG)"), text);
    if (str_is(word, PRINT_GLYPH))
        return err_note(info, E_INPUT, "name", MSG("没有字体能显示“%s”中的全部字符，请修改，或安装含生僻字的字体",
            "No font has all characters of \"%s\"; change it, or install a font with rare ones"), text);
    if (str_is(word, PRINT_LONG))
        return err_note(info, E_INPUT, "layout", MSG("“%s”的地址太长，这个尺寸的二维码印不清，请选大一号",
            "The address of \"%s\" is too long for a code of this size; choose a larger one"), text);
    log_line(LOG_ERROR, "print.helper", "ended with status %d", status);
    return E_IO;
}

static enum err converse(const struct helper *helper, const struct press_job *job,
    const int fds[3], int said_fd, struct err_info *info)
{
    struct running r = { .job = job, .said_fd = said_fd };
    struct helper_call call = { .fonts = job->fonts, .fds = { fds[0], fds[1], fds[2] } };
    struct helper_run run;
    bool started = helper_start(helper, &call, &run);
    int why = errno;
    (void)close(fds[2]);
    if (!started) {
        log_line(LOG_ERROR, "print.helper", "%s does not start: errno %d", helper->path, why);
        return E_IO;
    }
    listen_to(&r);
    return outcome_of(&r, helper_end(&run, r.late), info);
}

enum err press_run(const struct helper *helper, struct arena *a, const struct press_job *job,
    int fd, struct err_info *info)
{
    int said[2], text = memfd_create("plates", MFD_CLOEXEC);
    enum err e = text >= 0 && fd_write_all(text, job_text(a, job)) ? OK : E_IO;
    if (e == OK && (lseek(text, 0, SEEK_SET) != 0 || pipe2(said, O_CLOEXEC) != 0))
        e = E_IO;
    if (e == OK) {
        const int fds[3] = { text, fd, said[1] };
        e = converse(helper, job, fds, said[0], info);
        (void)close(said[0]);
    }
    if (text >= 0)
        (void)close(text);
    return e;
}

enum err press_bytes(const struct helper *helper, struct arena *a, const struct press_job *job,
    struct str *ret, struct err_info *info)
{
    int fd = memfd_create("pdf", MFD_CLOEXEC);
    enum err e = fd < 0 ? E_IO : press_run(helper, a, job, fd, info);
    if (e == OK)
        e = helper_output(a, fd, PDF_BYTES_MAX, ret);
    if (fd >= 0)
        (void)close(fd);
    return e;
}
