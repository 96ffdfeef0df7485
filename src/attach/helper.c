/* helper.c: finding the helper programs, running them, and taking what they made. */
#include "attach/helper.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *helper_name(enum helper_kind kind)
{
    static const char *const names[] = { "fengqiao-media", "fengqiao-print", "fengqiao-sift" };
    _Static_assert(COUNT_OF(names) == HELPER_KINDS, "a name each");
    return names[kind];
}

enum err helper_find(struct arena *a, enum helper_kind kind, int steward,
    const struct helper **ret)
{
    static const char *const places[] = { "", "../libexec/fengqiao/" };
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
    while (n > 0 && self[n - 1] != '/')
        n--;
    for (size_t i = 0; n > 0 && i < COUNT_OF(places); i++) {
        const char *path = arena_fmt(a, "%.*s%s%s", (int)n, self, places[i], helper_name(kind)).p;
        if (access(path, X_OK) == 0) {
            struct helper *h = NEW(a, struct helper);
            *h = (struct helper){ kind, path, steward };
            *ret = h;
            return OK;
        }
    }
    log_line(LOG_ERROR, "helper.find", "%s is not installed beside this program",
        helper_name(kind));
    return E_IO;
}

int helper_spawn(const char *path, const struct helper_call *call, pid_t *ret)
{
    char *words = heap_alloc(HELPER_WORDS_BYTES_MAX + 256), fonts[4200];
    char *argv[HELPER_WORDS_MAX + 2] = { NULL }, *at = words;
    const char *slash = strrchr(path, '/');
    (void)snprintf(fonts, sizeof(fonts), "FONTCONFIG_FILE=%s", call->fonts ? call->fonts : "");
    char *const env[] = { call->fonts ? fonts : NULL, NULL };
    for (size_t i = 0; i <= call->n_words; i++) {
        const char *word = i ? call->words[i - 1] : slash ? slash + 1 : path;
        size_t n = strlen(word) + 1;
        argv[i] = memcpy(at, word, n);
        at += n;
    }
    posix_spawn_file_actions_t actions;
    int rc = posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = posix_spawn_file_actions_adddup2(&actions, call->fds[i], i);
    if (rc == 0)
        rc = posix_spawn(ret, path, &actions, NULL, argv, env);
    (void)posix_spawn_file_actions_destroy(&actions);
    heap_free(words);
    return rc;
}

/* The message to the supervisor; the words' length has been checked. */
static bool steward_tell(const struct helper *h, const struct helper_call *call, int run)
{
    const int fds[HELPER_MESSAGE_FDS] = { run, call->fds[0], call->fds[1], call->fds[2] };
    uint8_t kind = (uint8_t)h->kind;
    struct iovec parts[HELPER_WORDS_MAX + 1] = { { &kind, 1 } };
    union { struct cmsghdr align; char p[CMSG_SPACE(sizeof(fds))]; } space = { 0 };
    struct msghdr m = { .msg_iov = parts, .msg_iovlen = call->n_words + 1,
        .msg_control = space.p, .msg_controllen = sizeof(space.p) };
    for (size_t i = 0; i < call->n_words; i++) {
        memcpy(&parts[i + 1].iov_base, &call->words[i], sizeof(void *));
        parts[i + 1].iov_len = strlen(call->words[i]) + 1;
    }
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(fds));
    memcpy(CMSG_DATA(c), fds, sizeof(fds));
    return sendmsg(h->steward, &m, MSG_NOSIGNAL) > 0;
}

static bool ask_steward(const struct helper *h, const struct helper_call *call,
    struct helper_run *ret)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    bool told = steward_tell(h, call, pair[1]);
    (void)close(pair[1]);
    if (!told)
        (void)close(pair[0]);
    else
        *ret = (struct helper_run){ .fd = pair[0] };
    return told;
}

bool helper_start(const struct helper *h, const struct helper_call *call, struct helper_run *ret)
{
    size_t bytes = 0;
    CHECK(call->n_words <= HELPER_WORDS_MAX);
    for (size_t i = 0; i < call->n_words; i++)
        bytes += strlen(call->words[i]) + 1;
    if (bytes > HELPER_WORDS_BYTES_MAX) {
        errno = E2BIG;
        return false;
    }
    if (h->steward != HELPER_ALONE)
        return ask_steward(h, call, ret);
    pid_t pid;
    errno = helper_spawn(h->path, call, &pid);
    if (errno != 0)
        return false;
    *ret = (struct helper_run){ .fd = pidfd_open(pid, 0), .pid = pid };
    return true;
}

bool helper_wait(const struct helper_run *r, int ms)
{
    int64_t due_us = clock_monotonic_us() + ms * INT64_C(1000);
    for (;;) {
        int64_t left_ms = (due_us - clock_monotonic_us() + 999) / 1000;
        struct pollfd p = { .fd = r->fd, .events = POLLIN };
        int ready = left_ms > 0 && r->fd >= 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (ready >= 0 || errno != EINTR)
            return ready > 0;
    }
}

int helper_end(struct helper_run *r, bool and_kill)
{
    int status = -1;
    if (r->pid) {
        if (and_kill)
            (void)kill(r->pid, SIGKILL);
        while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
            continue;
    } else {
        if (and_kill)
            (void)shutdown(r->fd, SHUT_WR);
        if (!fd_read_all(r->fd, &status, sizeof(status)))
            status = -1;
    }
    if (r->fd >= 0)
        (void)close(r->fd);
    *r = (struct helper_run){ .fd = -1 };
    return status;
}

enum err helper_output(struct arena *a, int fd, size_t most, struct str *ret)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0 || (size_t)st.st_size > most
        || lseek(fd, 0, SEEK_SET) != 0)
        return E_IO;
    size_t n = (size_t)st.st_size;
    char *p = arena_bytes(a, n + 1);
    *ret = (struct str){ p, n };
    return fd_read_all(fd, p, n) ? OK : E_IO;
}
