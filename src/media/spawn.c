/* spawn.c: the parent of the workers. Reads no image; knows only descriptors and processes. */
#include "media/spawn.h"
#include "base/clock.h"
#include "base/log.h"
#include "media/frame.h"
#include "media/sandbox.h"
#include "media/serve.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct worker { int pidfd; int64_t due_us; bool killed; };
struct spawner { int control; size_t n; struct worker workers[SPAWN_WORKERS_MAX]; };

/* One descriptor from the control socket; -1 at its end, -2 when a message brought none. */
static int descriptor_take(int control)
{
    char byte;
    union { struct cmsghdr align; char p[CMSG_SPACE(sizeof(int))]; } space = { 0 };
    struct iovec v = { &byte, 1 };
    struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = space.p,
        .msg_controllen = sizeof(space.p) };
    ssize_t got = recvmsg(control, &m, MSG_CMSG_CLOEXEC);
    if (got <= 0)
        return got < 0 && errno == EINTR ? -2 : -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int)))
        return -2;
    int fd;
    memcpy(&fd, CMSG_DATA(c), sizeof(fd));
    return fd;
}

static _Noreturn void worker_run(int fd)
{
    bool ok = dup2(fd, 0) == 0 && close_range(1, ~0U, 0) == 0 && sandbox_worker();
    _exit(ok ? serve_one(0, 0) : 3);
}

static void worker_start(struct spawner *s, int fd)
{
    CHECK(s->n < SPAWN_WORKERS_MAX);
    pid_t pid = fork();
    if (pid == 0)
        worker_run(fd);
    (void)close(fd);
    if (pid < 0) {
        log_line(LOG_ERROR, "media.fork", "errno %d", errno);
        return;
    }
    int pidfd = pidfd_open(pid, 0);
    CHECK(pidfd >= 0);
    int64_t due_us = clock_monotonic_us() + (int64_t)SPAWN_WALL_MS_MAX * 1000;
    s->workers[s->n++] = (struct worker){ pidfd, due_us, false };
}

static void worker_reap(const struct worker *w)
{
    siginfo_t i = { 0 };
    CHECK(waitid(P_PIDFD, (id_t)w->pidfd, &i, WEXITED) == 0);
    if (i.si_code != CLD_EXITED)
        log_line(LOG_WARN, "media.worker", "ended by signal %d%s", i.si_status,
            w->killed ? " (took too long)" : "");
    else if (i.si_status > 1)
        log_line(LOG_ERROR, "media.worker", "could not enter its sandbox");
    (void)close(w->pidfd);
}

static void workers_review(struct spawner *s, const struct pollfd *fds)
{
    size_t kept = 0;
    int64_t now_us = clock_monotonic_us();
    for (size_t i = 0; i < s->n; i++) {
        struct worker w = s->workers[i];
        if (fds[i].revents) {
            worker_reap(&w);
            continue;
        }
        if (now_us >= w.due_us && !w.killed)
            w.killed = pidfd_send_signal(w.pidfd, SIGKILL, NULL, 0) == 0;
        s->workers[kept++] = w;
    }
    s->n = kept;
}

/* Until the first worker is overdue; for ever when none runs. */
static int wait_ms(const struct spawner *s)
{
    int64_t now_us = clock_monotonic_us(), least = INT32_MAX;
    for (size_t i = 0; i < s->n; i++) {
        int64_t left = s->workers[i].killed ? 1000 : (s->workers[i].due_us - now_us) / 1000 + 1;
        least = left < least ? left : least;
    }
    return s->n == 0 ? -1 : least < 0 ? 0 : (int)least;
}

/* One turn of the loop; false when the control socket has ended. */
static bool turn(struct spawner *s)
{
    struct pollfd fds[SPAWN_WORKERS_MAX + 1];
    size_t n = s->n;
    for (size_t i = 0; i < n; i++)
        fds[i] = (struct pollfd){ .fd = s->workers[i].pidfd, .events = POLLIN };
    fds[n] = (struct pollfd){ .fd = n < SPAWN_WORKERS_MAX ? s->control : -1, .events = POLLIN };
    if (poll(fds, (nfds_t)n + 1, wait_ms(s)) < 0)
        return errno == EINTR;
    bool message = fds[n].revents != 0;
    workers_review(s, fds);
    if (!message)
        return true;
    int fd = descriptor_take(s->control);
    if (fd >= 0)
        worker_start(s, fd);
    return fd != -1;
}

int spawn_run(int control)
{
    const char ready = FRAME_READY;
    struct spawner s = { .control = control };
    if (!sandbox_spawner() || write(control, &ready, 1) != 1) {
        log_line(LOG_ERROR, "media.start", "no sandbox or no control socket (errno %d)", errno);
        return 1;
    }
    while (turn(&s))
        continue;
    return 0;
}
