/* fence.c: limits and a filter of system calls. What is drawn comes from our own tables, but the
 * libraries that draw are large. */
#include "print/fence.h"
#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const int refused[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(socket),
    SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(kill), SCMP_SYS(mount), SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(link),
    SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(truncate),
};

static bool limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit r = { most, most };
    return setrlimit(what, &r) == 0;
}

bool fence_enter(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0) != 0
        || !limit(RLIMIT_AS, FENCE_MEMORY_BYTES_MAX) || !limit(RLIMIT_CPU, FENCE_CPU_S_MAX)
        || !limit(RLIMIT_CORE, 0) || close_range(3, ~0U, 0) != 0)
        return false;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    if (f == NULL)
        return false;
    int rc = 0;
    for (size_t i = 0; i < COUNT_OF(refused) && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    if (rc == 0)
        rc = seccomp_load(f);
    seccomp_release(f);
    return rc == 0;
}
