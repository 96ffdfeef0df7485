/* sifter.c: one run of fengqiao-sift: file in, rows out, both through descriptors. What it writes
 * is checked like any input, since it reads strangers' bytes. */
#include "attach/sifter.h"
#include "attach/helper.h"
#include "base/clock.h"
#include "base/log.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIFT_MS_MAX = 60000 };

static char *word_of(struct arena *a, struct str s)
{
    char *word = arena_bytes(a, s.n + 1);
    if (s.n)
        memcpy(word, s.p, s.n);
    word[s.n] = '\0';
    return word;
}

/* Its arguments are words to it and name nothing on this machine. */
static int helper_start(const char *path, struct arena *a, const struct sifting *s, int rows,
    pid_t *ret_pid)
{
    char program[] = "fengqiao-sift";
    char *const argv[] = { program, word_of(a, s->name), word_of(a, s->encoding),
        word_of(a, s->map), NULL };
    char *const env[] = { NULL };
    posix_spawn_file_actions_t actions;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc != 0)
        return rc;
    rc = posix_spawn_file_actions_adddup2(&actions, s->fd, STDIN_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, rows, STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn(ret_pid, path, &actions, NULL, argv, env);
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* True when it ended by itself and well; killed when it takes too long. */
static bool helper_wait(pid_t pid, bool *ret_late)
{
    int64_t due_us = clock_monotonic_us() + (int64_t)SIFT_MS_MAX * 1000;
    int pidfd = pidfd_open(pid, 0), ready = 0, status = 0;
    for (int64_t left_ms; pidfd >= 0 && ready <= 0;) {
        struct pollfd p = { .fd = pidfd, .events = POLLIN };
        left_ms = (due_us - clock_monotonic_us() + 999) / 1000;
        ready = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (ready == 0 || (ready < 0 && errno != EINTR))
            break;
    }
    *ret_late = ready <= 0;
    if (ready <= 0)
        (void)kill(pid, SIGKILL);
    if (pidfd >= 0)
        (void)close(pidfd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        log_line(LOG_WARN, "import.helper", "ended by signal %d", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum err converse(const char *path, struct arena *a, const struct sifting *s, int rows,
    struct str *ret, struct err_info *info)
{
    pid_t pid;
    bool late = false;
    int rc = lseek(s->fd, 0, SEEK_SET) == 0 ? helper_start(path, a, s, rows, &pid) : errno;
    if (rc != 0) {
        log_line(LOG_ERROR, "import.helper", "%s does not start: errno %d", path, rc);
        return E_IO;
    }
    if (!helper_wait(pid, &late))
        return late ? err_note(info, E_TOO_LARGE, "file", MSG("文件读了一分钟还没有读完，已停止，请按区县分成几个文件",
                "Reading the file took more than a minute and was stopped; split it by county"), STR_NONE)
            : err_note(info, E_MEDIA, "file", MSG("文件读不出来：已损坏，或展开后太大；请重新导出，或按区县分成几个文件",
                "The file cannot be read: it is damaged, or too large when unpacked; export it again, or"
                " split it by county"), STR_NONE);
    return helper_output(a, rows, s->rows_bytes_max, ret);
}

enum err sift_file(const char *path, struct arena *a, const struct sifting *s, struct str *ret,
    struct err_info *info)
{
    if (path == NULL)
        return err_note(info, E_IO, NULL, MSG("本机没有安装读取文件的程序 fengqiao-sift，请管理员安装，或用命令行导入",
            "The program fengqiao-sift, which reads files, is not installed here; have it installed, or"
            " import on the command line"), STR_NONE);
    int rows = memfd_create("rows", MFD_CLOEXEC);
    enum err e = rows < 0 ? E_IO : converse(path, a, s, rows, ret, info);
    if (rows >= 0)
        (void)close(rows);
    return e;
}
