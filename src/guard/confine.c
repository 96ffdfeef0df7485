/* confine.c: the system calls of the server. What is not listed is refused with EPERM and goes on:
 * the probes of tests/unit/test_confine.c ask for what somebody who has taken it over would. */
#include "guard/confine.h"
#include "base/log.h"
#include "guard/landlock.h"
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS(...) (const int[]){ __VA_ARGS__, -1 }
#define SYS(name) SCMP_SYS(name)
#define NAMESPACES (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC \
    | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_PTRACE)

static int allow_all(scmp_filter_ctx f, const int *calls)
{
    int rc = 0;
    for (size_t i = 0; calls[i] != -1 && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
    return rc;
}

/* Landlock says which. */
static int files_allow(scmp_filter_ctx f)
{
    return allow_all(f, CALLS(SYS(open), SYS(openat), SYS(close), SYS(close_range), SYS(read),
        SYS(write), SYS(pread64), SYS(pwrite64), SYS(readv), SYS(writev), SYS(preadv),
        SYS(pwritev), SYS(lseek), SYS(stat), SYS(fstat), SYS(lstat), SYS(newfstatat), SYS(statx),
        SYS(statfs), SYS(fstatfs), SYS(access), SYS(faccessat), SYS(faccessat2), SYS(readlink),
        SYS(readlinkat), SYS(getcwd), SYS(getdents64), SYS(ftruncate), SYS(fallocate), SYS(fsync),
        SYS(fdatasync), SYS(fadvise64), SYS(sync_file_range), SYS(flock), SYS(fcntl), SYS(dup),
        SYS(dup2), SYS(dup3), SYS(pipe), SYS(pipe2), SYS(mkdir), SYS(mkdirat), SYS(rmdir),
        SYS(unlink), SYS(unlinkat), SYS(rename), SYS(renameat), SYS(renameat2), SYS(link),
        SYS(linkat), SYS(fchmod), SYS(umask), SYS(utimensat), SYS(memfd_create),
        SYS(copy_file_range), SYS(sendfile)));
}

static int process_allow(scmp_filter_ctx f)
{
    return allow_all(f, CALLS(SYS(exit), SYS(exit_group), SYS(futex), SYS(set_robust_list),
        SYS(get_robust_list), SYS(rseq), SYS(set_tid_address), SYS(sched_yield),
        SYS(sched_getaffinity), SYS(sched_getparam), SYS(sched_getscheduler), SYS(getcpu),
        SYS(membarrier), SYS(getpid), SYS(getppid), SYS(gettid), SYS(getuid), SYS(geteuid),
        SYS(getgid), SYS(getegid), SYS(getresuid), SYS(getresgid), SYS(getpgrp), SYS(getrusage),
        SYS(getrlimit), SYS(uname), SYS(sysinfo), SYS(times), SYS(getrandom), SYS(rt_sigaction),
        SYS(rt_sigprocmask), SYS(rt_sigreturn), SYS(rt_sigtimedwait), SYS(rt_sigpending),
        SYS(rt_sigsuspend), SYS(sigaltstack), SYS(restart_syscall), SYS(nanosleep),
        SYS(clock_nanosleep), SYS(clock_gettime), SYS(clock_getres), SYS(gettimeofday), SYS(time),
        SYS(timerfd_create), SYS(timerfd_settime), SYS(timerfd_gettime), SYS(alarm),
        SYS(setitimer), SYS(brk), SYS(munmap), SYS(mremap), SYS(madvise), SYS(msync),
        SYS(mincore), SYS(mlock), SYS(mlock2), SYS(munlock), SYS(arch_prctl)));
}

/* Those it has, and what serving on them takes. None can be made but pairs, unless it connects. */
static int sockets_allow(scmp_filter_ctx f, bool connects)
{
    static const int families[] = { AF_UNIX, AF_INET, AF_INET6 };
    static const int kinds[] = { SOCK_STREAM, SOCK_DGRAM };
    const scmp_datum_t kind_bits = 0xf;
    int rc = allow_all(f, CALLS(SYS(accept), SYS(accept4), SYS(listen), SYS(socketpair),
        SYS(getsockname), SYS(getpeername), SYS(getsockopt), SYS(setsockopt), SYS(shutdown),
        SYS(recvfrom), SYS(recvmsg), SYS(recvmmsg), SYS(sendto), SYS(sendmsg), SYS(sendmmsg),
        SYS(poll), SYS(ppoll), SYS(select), SYS(pselect6), SYS(epoll_create), SYS(epoll_create1),
        SYS(epoll_ctl), SYS(epoll_wait), SYS(epoll_pwait), SYS(epoll_pwait2), SYS(eventfd2)));
    if (rc == 0 && connects)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(connect), 0);
    for (size_t i = 0; i < COUNT_OF(families) * COUNT_OF(kinds) && rc == 0 && connects; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(socket), 2,
            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i / COUNT_OF(kinds)]),
            SCMP_A1(SCMP_CMP_MASKED_EQ, kind_bits, (scmp_datum_t)kinds[i % COUNT_OF(kinds)]));
    return rc;
}

/* Memory, but none to run; threads, but no processes; limits and signals of its own. clone3 hides
 * its flags from filters; told that it is not there, the C library takes clone. */
static int bounded_allow(scmp_filter_ctx f)
{
    static const unsigned long questions[] = { TCGETS, FIONREAD, FIONBIO, FIOCLEX };
    int rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SYS(clone3), 0);
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(mmap), 1,
            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(mprotect), 1,
            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(clone), 1,
            SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES | CLONE_THREAD, CLONE_THREAD));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(tgkill), 1,
            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    for (size_t i = 0; i < COUNT_OF(questions) && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, questions[i]));
    return rc;
}

/* What LeakSanitizer stops this process with when it ends. */
static int watcher_allow(scmp_filter_ctx f)
{
    int rc = allow_all(f, CALLS(SYS(ptrace), SYS(wait4), SYS(getdents), SYS(kill)));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(prctl), 1, SCMP_A0(SCMP_CMP_NE, PR_SET_NAME));
    return rc ? rc : seccomp_rule_add(f, SCMP_ACT_ALLOW, SYS(clone), 1,
        SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES | CLONE_THREAD | CLONE_VM, CLONE_VM));
}

/* 0, or an error of errno. */
static int seccomp_enter(const struct confinement *c)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (f == NULL)
        return ENOMEM;
    int rc = files_allow(f);
    if (rc == 0)
        rc = process_allow(f);
    if (rc == 0)
        rc = sockets_allow(f, c->connects);
    if (rc == 0)
        rc = bounded_allow(f);
    if (rc == 0 && c->watched)
        rc = watcher_allow(f);
    if (rc == 0)
        rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);     /* a tree, not a list */
    if (rc == 0)
        rc = seccomp_load(f);
    seccomp_release(f);
    return -rc;
}

static void report(const struct confinement *c, const struct confined *r)
{
    static const char missing[] = "missing: %s (errno %d)";
    if (r->seccomp && r->landlock > 0)
        log_line(LOG_INFO, "sandbox.enter", "in force: seccomp, Landlock (version %d); %s", r->landlock,
            !c->connects ? "no connections out" : c->any_port || r->landlock < 4
            ? "connections out, to any port" : "connections out to the ports of database and gateway");
    if (!r->seccomp)
        log_line(LOG_WARN, "sandbox.enter", missing, "seccomp, any system call is possible",
            r->seccomp_error);
    if (r->landlock <= 0)
        log_line(LOG_WARN, "sandbox.enter", missing, "Landlock, all files of this user are in reach",
            r->landlock_error);
}

struct confined confine_enter(const struct confinement *c)
{
    struct confined r = { .seccomp = false };
    const struct rlimit none = { 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, c->watched, 0, 0, 0);
    r.landlock = landlock_enter(c);
    r.landlock_error = r.landlock < 0 ? errno : 0;
    r.seccomp_error = seccomp_enter(c);
    r.seccomp = r.seccomp_error == 0;
    report(c, &r);
    return r;
}

struct confined confine_look(void)
{
    struct confined r = { .landlock = landlock_version() };
    uint32_t action = SECCOMP_RET_ERRNO;
    r.landlock_error = r.landlock < 0 ? errno : 0;
    r.seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    r.seccomp_error = r.seccomp ? 0 : errno;
    return r;
}
