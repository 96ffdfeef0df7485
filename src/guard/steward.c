/* steward.c: starting helper programs for a server that may start nothing. */
#include "guard/steward.h"
#include "base/log.h"
#include <errno.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

size_t steward_fds(const struct steward *s, struct pollfd *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        ret[n++] = (struct pollfd){ .fd = s->runs[i].pidfd, .events = POLLIN };
        ret[n++] = (struct pollfd){ .fd = s->runs[i].killed ? -1 : s->runs[i].asker,
            .events = POLLIN };
    }
    ret[n++] = (struct pollfd){ .fd = s->n < STEWARD_RUNS_MAX ? s->control : -1,
        .events = POLLIN };
    return n;
}

static void run_over(const struct steward_run *r)
{
    siginfo_t i = { 0 };
    CHECK(waitid(P_PIDFD, (id_t)r->pidfd, &i, WEXITED) == 0);
    int status = i.si_code == CLD_EXITED ? W_EXITCODE(i.si_status, 0) : W_EXITCODE(0, i.si_status);
    (void)send(r->asker, &status, sizeof(status), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)close(r->asker);
    (void)close(r->pidfd);
}

/* One message and its descriptors; false when there is none that counts. */
static bool message_take(int control, char *bytes, size_t *n, int fds[HELPER_MESSAGE_FDS])
{
    enum { BYTES = HELPER_MESSAGE_FDS * sizeof(int) };
    union { struct cmsghdr align; char p[CMSG_SPACE(BYTES)]; } space = { 0 };
    struct iovec v = { bytes, *n };
    struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = space.p,
        .msg_controllen = sizeof(space.p) };
    ssize_t got = recvmsg(control, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    const struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    *n = got > 0 ? (size_t)got : 0;
    if (c == NULL || c->cmsg_type != SCM_RIGHTS)
        return false;
    size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    CHECK(count <= HELPER_MESSAGE_FDS);     /* there is room for no more */
    memcpy(fds, CMSG_DATA(c), count * sizeof(int));
    if (count == HELPER_MESSAGE_FDS && (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0)
        return true;
    for (size_t i = 0; i < count; i++)
        (void)close(fds[i]);
    return false;
}

/* The words of a message; false when it is not as helper.h says. */
static bool words_of(const char *bytes, size_t n, struct helper_call *ret)
{
    for (size_t at = 1; at < n; ret->n_words++) {
        const char *end = memchr(bytes + at, '\0', n - at);
        if (end == NULL || ret->n_words == HELPER_WORDS_MAX)
            return false;
        ret->words[ret->n_words] = bytes + at;
        at = (size_t)(end - bytes) + 1;
    }
    return true;
}

static bool run_start(struct steward *s, const char *bytes, size_t n, const int *fds)
{
    struct helper_call call = { .fds = { fds[1], fds[2], fds[3] } };
    unsigned kind = (uint8_t)bytes[0];
    pid_t pid;
    if (kind >= HELPER_KINDS || s->helpers[kind] == NULL || !words_of(bytes, n, &call)
        || helper_spawn(s->helpers[kind]->path, &call, &pid) != 0)
        return false;
    int pidfd = pidfd_open(pid, 0);
    CHECK(pidfd >= 0);
    s->runs[s->n++] = (struct steward_run){ pidfd, fds[0], false };
    return true;
}

static void message_read(struct steward *s)
{
    static const char lost[] = "a helper could not be started";
    char bytes[HELPER_WORDS_BYTES_MAX + 1];
    size_t n = sizeof(bytes);
    int fds[HELPER_MESSAGE_FDS];
    if (!message_take(s->control, bytes, &n, fds)) {
        if (n == 0) {               /* the server is ending */
            (void)close(s->control);
            s->control = -1;
        }
        return;
    }
    if (!run_start(s, bytes, n, fds)) {
        log_line(LOG_ERROR, "supervisor.helper", "%s (errno %d)", lost, errno);
        (void)close(fds[0]);
    }
    for (size_t i = 1; i < HELPER_MESSAGE_FDS; i++)
        (void)close(fds[i]);
}

void steward_turn(struct steward *s, const struct pollfd *fds)
{
    size_t kept = 0, n = s->n;
    for (size_t i = 0; i < n; i++) {
        struct steward_run r = s->runs[i];
        if (fds[2 * i].revents) {
            run_over(&r);
            continue;
        }
        if (fds[2 * i + 1].revents)     /* nobody waits for it any more */
            r.killed = pidfd_send_signal(r.pidfd, SIGKILL, NULL, 0) == 0;
        s->runs[kept++] = r;
    }
    s->n = kept;
    if (fds[2 * n].revents)
        message_read(s);
}

void steward_clear(struct steward *s)
{
    for (size_t i = 0; i < s->n; i++) {
        (void)pidfd_send_signal(s->runs[i].pidfd, SIGKILL, NULL, 0);
        run_over(&s->runs[i]);
    }
    s->n = 0;
    if (s->control >= 0)
        (void)close(s->control);
    s->control = -1;
}
