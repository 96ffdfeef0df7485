/* supervise.c: the loop of the supervisor. */
#include "guard/supervise.h"
#include "base/clock.h"
#include "base/log.h"
#include "guard/steward.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WITHIN_US (SUPERVISE_WITHIN_S * INT64_C(1000000))
enum { FD_SIGNAL, FD_SERVER, FD_STEWARD, PAUSE_MS = 50, STEP_MS = 50 };
struct loop {
    const struct supervision *what;
    struct steward steward;
    struct arena own;
    int signals, pidfd;
    pid_t server;
    int64_t crashed_us[SUPERVISE_RESTARTS_MAX];     /* the last ones, in turn */
    unsigned restarts;
    bool stopping;
};

static sigset_t stop_set(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}

/* By which it is passed on: a signal of its own, which queues, as SIGINT and SIGTERM reach the
 * server by other ways too and do not. */
static sigset_t pass_set(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGRTMIN);
    return set;
}

void supervised_wait(int64_t seconds)
{
    sigset_t set = pass_set();
    int64_t due_us = clock_monotonic_us() + seconds * 1000000;
    for (;;) {
        siginfo_t info = { 0 };
        int64_t left_us = due_us - clock_monotonic_us();
        struct timespec left = { .tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000 };
        if (seconds >= 0 && left_us <= 0)
            return;
        int got = seconds < 0 ? sigwaitinfo(&set, &info) : sigtimedwait(&set, &info, &left);
        if (got > 0 ? info.si_pid == getppid() : errno != EINTR && errno != EAGAIN)
            return;
    }
}

/* In the new process: nothing of the supervisor's but the two sockets. */
static _Noreturn void server_begin(const struct loop *l, int control, pid_t parent)
{
    struct supervised how = { .steward = control, .restarts = l->restarts };
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(1);
    (void)close(l->signals);
    exit(l->what->run(l->what->ctx, &how));
}

static bool server_start(struct loop *l)
{
    int pair[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    l->server = fork();
    if (l->server == 0) {
        (void)close(pair[0]);
        server_begin(l, pair[1], parent);
    }
    (void)close(pair[1]);
    l->steward.control = pair[0];
    l->pidfd = l->server > 0 ? pidfd_open(l->server, 0) : -1;
    return l->pidfd >= 0;
}

static void signal_pass(struct loop *l)
{
    struct signalfd_siginfo told;
    if (read(l->signals, &told, sizeof(told)) != (ssize_t)sizeof(told))
        return;
    if (!l->stopping && l->what->socket >= 0)
        (void)close(l->what->socket);
    l->stopping = true;
    if (l->pidfd >= 0)
        (void)pidfd_send_signal(l->pidfd, SIGRTMIN, NULL, 0);
}

/* Waits for what happens next, at most ms (-1: for ever); true when the server has ended. */
static bool turn(struct loop *l, int ms)
{
    struct pollfd fds[FD_STEWARD + STEWARD_FDS_MAX];
    fds[FD_SIGNAL] = (struct pollfd){ .fd = l->signals, .events = POLLIN };
    fds[FD_SERVER] = (struct pollfd){ .fd = l->pidfd, .events = POLLIN };
    size_t n = FD_STEWARD + steward_fds(&l->steward, fds + FD_STEWARD);
    if (poll(fds, (nfds_t)n, ms) <= 0)
        return false;
    if (fds[FD_SIGNAL].revents)
        signal_pass(l);
    steward_turn(&l->steward, fds + FD_STEWARD);
    return fds[FD_SERVER].revents != 0;
}

/* True when it may be started again, after a pause that grows; false when it crashed too often. */
static bool crash_forgive(struct loop *l, int sig)
{
    int64_t now_us = clock_monotonic_us();
    int64_t *oldest = &l->crashed_us[l->restarts % SUPERVISE_RESTARTS_MAX];
    unsigned lately = 0;
    for (size_t i = 0; i < SUPERVISE_RESTARTS_MAX; i++)
        lately += l->crashed_us[i] && now_us - l->crashed_us[i] < WITHIN_US;
    if (l->stopping || lately == SUPERVISE_RESTARTS_MAX) {
        log_line(LOG_ERROR, "supervisor.end", "the server was ended by signal %d; %s", sig,
            l->stopping ? "it was stopping" : "too many crashes, it is not started again");
        return false;
    }
    *oldest = now_us;
    l->restarts++;
    log_line(LOG_ERROR, "supervisor.restart", "the server was ended by signal %d; starting it again,"
        " %u of at most %d times within %d s", sig, lately + 1, SUPERVISE_RESTARTS_MAX,
        SUPERVISE_WITHIN_S);
    for (int64_t due_us = now_us + (int64_t)lately * lately * PAUSE_MS * 1000;
        !l->stopping && clock_monotonic_us() < due_us;)
        (void)turn(l, STEP_MS);
    return !l->stopping;
}

/* One server from beginning to end; true when another one is to follow. */
static bool server_run(struct loop *l, int *ret_status)
{
    siginfo_t end = { 0 };
    *ret_status = 1;
    if (!server_start(l)) {
        log_line(LOG_ERROR, "supervisor.start", "the server cannot be started (errno %d)", errno);
        return false;
    }
    while (!turn(l, -1))
        continue;
    CHECK(waitid(P_PIDFD, (id_t)l->pidfd, &end, WEXITED) == 0);
    (void)close(l->pidfd);
    l->pidfd = -1;
    steward_clear(&l->steward);
    if (end.si_code == CLD_EXITED) {
        *ret_status = end.si_status;
        return false;
    }
    return crash_forgive(l, end.si_status);
}

int supervise(const struct supervision *what)
{
    struct loop l = { .what = what, .pidfd = -1, .steward = { .control = -1 } };
    sigset_t set = stop_set(), pass = pass_set();
    int status = 1;
    arena_init(&l.own, 1 << 16);
    for (int k = 0; k < HELPER_KINDS; k++)
        if (helper_find(&l.own, (enum helper_kind)k, HELPER_ALONE, &l.steward.helpers[k]) != OK)
            l.steward.helpers[k] = NULL;
    CHECK(sigprocmask(SIG_BLOCK, &pass, NULL) == 0);    /* of servers from their first moment */
    l.signals = signalfd(-1, &set, SFD_CLOEXEC);
    CHECK(l.signals >= 0);
    while (server_run(&l, &status))
        continue;
    (void)close(l.signals);
    arena_free(&l.own);
    return status;
}
