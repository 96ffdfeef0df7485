/* sandbox.c: seccomp filters and resource limits. */
#include "media/sandbox.h"
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Reading, writing, memory, time and ending. */
static const int worker_calls[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(brk),
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield),
};

/* Taking descriptors in, starting and ending workers, and what those need to lock themselves in. */
static const int spawner_calls[] = {
    SCMP_SYS(recvmsg), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(close), SCMP_SYS(close_range),
    SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_send_signal), SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(gettid),
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(prlimit64), SCMP_SYS(setrlimit),
    SCMP_SYS(prctl), SCMP_SYS(seccomp), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
};

static int calls_allow(scmp_filter_ctx f, const int *calls, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
    return rc;
}

/* Memory yes, executable memory no. */
static int memory_allow(scmp_filter_ctx f)
{
    return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* Plain fork: no new namespaces, no shared memory. */
static int fork_allow(scmp_filter_ctx f)
{
    const scmp_datum_t refused = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_NEWUSER | CLONE_NEWNS
        | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
        | CLONE_PTRACE;
    return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
        SCMP_A0(SCMP_CMP_MASKED_EQ, refused, 0));
}

/* What libraries try, and go on without. */
static int files_refuse(scmp_filter_ctx f)
{
    static const int calls[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat),
        SCMP_SYS(newfstatat), SCMP_SYS(access), SCMP_SYS(readlink) };
    int rc = 0;
    for (size_t i = 0; i < COUNT_OF(calls) && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), calls[i], 0);
    return rc;
}

enum filter { FILTER_WORKER, FILTER_READER, FILTER_SPAWNER };

static bool filter_load(enum filter kind)
{
    bool spawner = kind == FILTER_SPAWNER;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (f == NULL)
        return false;
    int rc = calls_allow(f, worker_calls, COUNT_OF(worker_calls));
    if (rc == 0)
        rc = memory_allow(f);
    if (rc == 0 && kind == FILTER_READER)
        rc = files_refuse(f);
    if (rc == 0 && spawner)
        rc = calls_allow(f, spawner_calls, COUNT_OF(spawner_calls));
    if (rc == 0 && spawner)
        rc = fork_allow(f);
    if (rc == 0)
        rc = seccomp_load(f);
    seccomp_release(f);
    errno = -rc;
    return rc == 0;
}

static bool limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit r = { most, most };
    return setrlimit(what, &r) == 0;
}

static bool privileges_drop(void)
{
    return clearenv() == 0 && close_range(3, ~0U, 0) == 0
        && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
        && limit(RLIMIT_CORE, 0);
}

bool sandbox_spawner(void)
{
    return privileges_drop() && filter_load(FILTER_SPAWNER);
}

static bool worker_lock_in(enum filter kind, size_t memory_bytes, unsigned cpu_s)
{
    return limit(RLIMIT_AS, memory_bytes) && privileges_drop()
        && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0
        && limit(RLIMIT_CPU, cpu_s) && limit(RLIMIT_NOFILE, 3) && filter_load(kind);
}

bool sandbox_worker(void)
{
    return worker_lock_in(FILTER_WORKER, SANDBOX_MEMORY_BYTES_MAX, SANDBOX_CPU_S_MAX);
}

bool sandbox_reader(size_t memory_bytes, unsigned cpu_s)
{
    return worker_lock_in(FILTER_READER, memory_bytes, cpu_s);
}
