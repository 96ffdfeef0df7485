/* test_confine.c: the server's sandbox, from inside: a process that has entered it tries what
 * somebody would who had taken the server over, and what the server does. */
#include "guard/confine.c"
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { PORT_OPEN = 5432, PORT_SHUT = 22 };
static char own[] = "/tmp/confine.XXXXXX", other[] = "/tmp/confine.XXXXXX";

static bool opens(const char *folder, const char *name, int flags)
{
    char path[300];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* True unless the sandbox itself refuses: nobody need listen. */
static bool reaches(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
        .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool got = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0
        || (errno != EACCES && errno != EPERM);
    (void)close(fd);
    return got;
}

static bool call(long n, long a, long b, long c, long d)
{
    return syscall(n, a, b, c, d, 0, 0) >= 0;
}

static bool spawns(void)
{
    char *const argv[] = { (char[]){ "true" }, NULL };
    pid_t pid;
    return posix_spawn(&pid, "/bin/true", NULL, NULL, argv, NULL) == 0;
}

static bool forks(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool binds(void)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0;
}

static bool runs_written_memory(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static void *nothing(void *arg)
{
    return arg;
}

static bool threads(void)
{
    pthread_t t;
    return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool pairs(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0
        && write(pair[0], "x", 1) == 1;
}

static bool moves_files(void)
{
    char from[100], to[100], folder[100];
    (void)snprintf(folder, sizeof(folder), "%s/photos", own);
    (void)snprintf(from, sizeof(from), "%s/new", own);
    (void)snprintf(to, sizeof(to), "%s/photos/kept", own);
    return mkdir(folder, 0700) == 0 && opens(own, "new", O_CREAT | O_RDWR)
        && rename(from, to) == 0 && unlink(to) == 0 && rmdir(folder) == 0;
}

/* Number, what it is, and whether it worked. */
#define REFUSED(X) \
    X(shadow, opens("/etc", "shadow", O_RDONLY)) \
    X(passwords, opens("/etc", "passwd", O_RDONLY)) \
    X(key_of_another, opens(other, "node.key", O_RDONLY)) \
    X(memory_of_others, opens("/proc/1", "mem", O_RDONLY)) \
    X(write_outside, opens(other, "planted", O_CREAT | O_WRONLY)) \
    X(write_to_tmp, opens("/tmp", "confine.planted", O_CREAT | O_WRONLY)) \
    X(cut_outside, call(SYS_truncate, (long)(uintptr_t)other, 0, 0, 0)) \
    X(device, call(SYS_mknod, (long)(uintptr_t)own, S_IFCHR | 0600, 0, 0)) \
    X(exec, call(SYS_execve, (long)(uintptr_t)"/bin/true", 0, 0, 0)) \
    X(exec_of_descriptor, call(SYS_execveat, -1, (long)(uintptr_t)"/bin/true", 0, 0)) \
    X(spawn, spawns()) \
    X(fork, forks()) \
    X(process, call(SYS_vfork, 0, 0, 0, 0)) \
    X(ptrace, ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) \
    X(trace_parent, ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0) \
    X(read_parent, call(SYS_process_vm_readv, getppid(), 0, 0, 0)) \
    X(signal_parent, kill(getppid(), SIGCONT) == 0) \
    X(descriptors_of_others, call(SYS_pidfd_open, getppid(), 0, 0, 0)) \
    X(packets, socket(AF_PACKET, SOCK_RAW, 0) >= 0) \
    X(raw, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0) \
    X(netlink, socket(AF_NETLINK, SOCK_RAW, 0) >= 0) \
    X(virtual, socket(AF_VSOCK, SOCK_STREAM, 0) >= 0) \
    X(bind, binds()) \
    X(other_port, reaches(PORT_SHUT)) \
    X(io_uring, call(SYS_io_uring_setup, 1, 0, 0, 0)) \
    X(user_namespace, call(SYS_unshare, CLONE_NEWUSER, 0, 0, 0)) \
    X(namespace_by_clone, call(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0)) \
    X(join_namespace, call(SYS_setns, -1, 0, 0, 0) || errno != EPERM) \
    X(mount, mount("none", own, "tmpfs", 0, NULL) == 0) \
    X(chroot, call(SYS_chroot, (long)(uintptr_t)own, 0, 0, 0)) \
    X(bpf, call(SYS_bpf, 0, 0, 0, 0) || errno != EPERM) \
    X(counters, call(SYS_perf_event_open, 0, 0, -1, -1) || errno != EPERM) \
    X(faults, call(SYS_userfaultfd, 0, 0, 0, 0)) \
    X(keys, call(SYS_keyctl, 0, -3, 0, 0)) \
    X(module, call(SYS_init_module, 0, 0, 0, 0) || errno != EPERM) \
    X(clock, call(SYS_clock_settime, 0, 0, 0, 0) || errno != EPERM) \
    X(user, call(SYS_setuid, 0, 0, 0, 0)) \
    X(rights, call(SYS_chmod, (long)(uintptr_t)own, 0777, 0, 0)) \
    X(run_memory, runs_written_memory()) \
    X(limits_of_others, call(SYS_prlimit64, getppid(), RLIMIT_NOFILE, 0, 0)) \
    X(traceable_again, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0) \
    X(looser_filter, prctl(PR_SET_SECCOMP, 0, 0, 0, 0) == 0)
#define ALLOWED(X) \
    X(own_files, opens(own, "town.db", O_CREAT | O_RDWR)) \
    X(moved_files, moves_files()) \
    X(names, opens("/etc", "hosts", O_RDONLY)) \
    X(memory, call(SYS_memfd_create, (long)(uintptr_t)"x", 0, 0, 0)) \
    X(threads, threads()) \
    X(pairs, pairs())

struct outcome { const char *what; bool worked; };
enum { OUTCOMES_MAX = 64 };
/* What the process in the sandbox found, for the one outside. */
struct findings {
    struct confined in_force;
    size_t n;
    struct outcome at[OUTCOMES_MAX];
    bool database, unix_socket;
};

#define TRIED(name, worked) f->at[f->n++] = (struct outcome){ #name, worked };
static void probe(struct findings *f)
{
    REFUSED(TRIED)
    ALLOWED(TRIED)
    f->database = reaches(PORT_OPEN);
    f->unix_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static struct findings *probed(bool connects)
{
    struct findings *f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
        -1, 0);
    struct confinement c = { .own = { own }, .read = { "/etc/hosts" }, .connects = connects,
        .ports = { PORT_OPEN }, .n_ports = 1 };
    int status;
    assert_true(f != MAP_FAILED);
    pid_t pid = fork();
    if (pid == 0) {
        f->in_force = confine_enter(&c);
        probe(f);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(f->in_force.seccomp);
    return f;
}

#define COUNTED(name, worked) +1
/* Without Landlock (an older kernel) files are held by their modes alone; the log says so. */
static void all_refused(const struct findings *f)
{
    size_t refused = 0 REFUSED(COUNTED);
    assert_true(f->in_force.landlock > 0);
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].worked != (i >= refused))
            fail_msg("%s: %s", f->at[i].what, f->at[i].worked ? "was possible" : "was refused");
}

static void what_a_taken_over_server_would_try_is_refused(void **state)
{
    (void)state;
    struct findings *f = probed(false);
    all_refused(f);
    assert_false(f->database || f->unix_socket);
    (void)munmap(f, sizeof(*f));
}

static void with_a_database_server_only_that_is_reached_besides(void **state)
{
    (void)state;
    struct findings *f = probed(true);
    all_refused(f);
    assert_true(f->database && f->unix_socket);
    (void)munmap(f, sizeof(*f));
}

static int folders_make(void **state)
{
    (void)state;
    return mkdtemp(own) && mkdtemp(other) && opens(other, "node.key", O_CREAT | O_RDWR) ? 0 : -1;
}

static int folders_drop(void **state)
{
    char path[300];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/node.key", other);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/town.db", own);
    (void)unlink(path);
    return rmdir(own) || rmdir(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_taken_over_server_would_try_is_refused),
        cmocka_unit_test(with_a_database_server_only_that_is_reached_besides),
    };
    return cmocka_run_group_tests(tests, folders_make, folders_drop);
}
