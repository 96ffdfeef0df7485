/* probe.c: each probe is one thing that code which took over a decoder would try next. */
#include "media/probe.h"
#include "media/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_PROBE_BYTES = SANDBOX_MEMORY_BYTES_MAX + (1 << 20), REFUSED_STATUS = 77 };

/* True when the act succeeded. Refusal is either death or an error. */
static bool try_open(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool try_packet(void)
{
    return socket(AF_PACKET, SOCK_RAW, 0) >= 0;
}

/* On success the new program ends with a status of its own, which counts as allowed. */
static bool try_exec(void)
{
    const char *const argv[] = { "true", NULL };
    return syscall(SYS_execve, "/bin/true", argv, NULL) == 0;
}

static bool try_fork(void)
{
    return fork() >= 0;
}

static bool try_kill(void)
{
    return kill(getppid(), 0) == 0;
}

static bool try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool try_userns(void)
{
    return unshare(CLONE_NEWUSER) == 0;
}

static bool try_mount(void)
{
    return syscall(SYS_mount, "none", "/", NULL, 0, NULL) == 0;
}

static bool try_bpf(void)
{
    return syscall(SYS_bpf, 0, NULL, 0) >= 0;
}

static bool try_io_uring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) >= 0;
}

static bool try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        != MAP_FAILED;
}

static bool try_memory(void)
{
    return mmap(NULL, MEMORY_PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
        0) != MAP_FAILED;
}

/* Ends by itself after three times the allowed CPU time. */
static bool try_cpu(void)
{
    struct timespec t = { 0 };
    while (t.tv_sec < 3 * SANDBOX_CPU_S_MAX)
        if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
            return false;
    return true;
}

struct probe { const char *name; bool (*attempt)(void); };
static const struct probe probes[] = {
    { "open", try_open }, { "socket", try_socket }, { "packet", try_packet }, { "exec", try_exec },
    { "fork", try_fork }, { "kill", try_kill }, { "ptrace", try_ptrace }, { "userns", try_userns },
    { "mount", try_mount }, { "bpf", try_bpf }, { "io_uring", try_io_uring }, { "code", try_code },
    { "memory", try_memory }, { "cpu", try_cpu },
};

static bool was_refused(const struct probe *p)
{
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (!sandbox_worker())
            _exit(0);
        _exit(p->attempt() ? 0 : REFUSED_STATUS);
    }
    int status;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == REFUSED_STATUS;
}

int probe_run(const char *name)
{
    bool all = strcmp(name, "all") == 0, known = all, bad = false;
    for (size_t i = 0; i < COUNT_OF(probes); i++) {
        if (!all && strcmp(name, probes[i].name) != 0)
            continue;
        bool refused = was_refused(&probes[i]);
        printf("%s: %s\n", probes[i].name, refused ? "refused" : "ALLOWED");
        known = true;
        bad |= !refused;
    }
    return !known ? 2 : bad ? 1 : 0;
}

void probe_names_print(void)
{
    for (size_t i = 0; i < COUNT_OF(probes); i++)
        printf(" %s", probes[i].name);
}
