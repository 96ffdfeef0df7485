/* sifter.c: one run of fengqiao-sift: file in, rows out, both through descriptors. What it writes
 * is checked like any input, since it reads strangers' bytes. */
#include "attach/sifter.h"
#include "base/log.h"
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIFT_MS_MAX = 60000 };

static const char *word_of(struct arena *a, struct str s)
{
    return arena_fmt(a, "%.*s", STR_FMT(s)).p;
}

/* True when it ended by itself and well; killed when it takes too long. Its words name nothing on
 * this machine. */
static bool helper_done(struct helper_run *run, bool *ret_late)
{
    *ret_late = !helper_wait(run, SIFT_MS_MAX);
    int status = helper_end(run, *ret_late);
    if (WIFSIGNALED(status))
        log_line(LOG_WARN, "import.helper", "ended by signal %d", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum err converse(const struct helper *helper, struct arena *a, const struct sifting *s,
    int rows, struct str *ret, struct err_info *info)
{
    struct helper_run run;
    struct helper_call call = { .n_words = 3, .words = { word_of(a, s->name),
        word_of(a, s->encoding), word_of(a, s->map) },
        .fds = { s->fd, rows, STDERR_FILENO } };
    bool late = false;
    if (lseek(s->fd, 0, SEEK_SET) != 0 || !helper_start(helper, &call, &run)) {
        log_line(LOG_ERROR, "import.helper", "%s does not start: errno %d", helper->path, errno);
        return E_IO;
    }
    if (!helper_done(&run, &late))
        return late ? err_note(info, E_TOO_LARGE, "file", MSG("文件读了一分钟还没有读完，已停止，请按区县分成几个文件",
                "Reading the file took more than a minute and was stopped; split it by county"), STR_NONE)
            : err_note(info, E_MEDIA, "file", MSG("文件读不出来：已损坏，或展开后太大；请重新导出，或按区县分成几个文件",
                "The file cannot be read: it is damaged, or too large when unpacked; export it again, or"
                " split it by county"), STR_NONE);
    return helper_output(a, rows, s->rows_bytes_max, ret);
}

enum err sift_file(const struct helper *helper, struct arena *a, const struct sifting *s,
    struct str *ret, struct err_info *info)
{
    if (helper == NULL)
        return err_note(info, E_IO, NULL, MSG("本机没有安装读取文件的程序 fengqiao-sift，请管理员安装，或用命令行导入",
            "The program fengqiao-sift, which reads files, is not installed here; have it installed, or"
            " import on the command line"), STR_NONE);
    int rows = memfd_create("rows", MFD_CLOEXEC);
    enum err e = rows < 0 ? E_IO : converse(helper, a, s, rows, ret, info);
    if (rows >= 0)
        (void)close(rows);
    return e;
}
