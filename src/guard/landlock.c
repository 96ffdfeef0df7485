/* landlock.c: see landlock.h. The structures stand here because Debian 12's headers know the
 * interface's first two versions only; a kernel that is asked for more than it knows refuses, so
 * each version's rights are asked for only where there are. */
#include "guard/landlock.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FS_FIRST ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)  /* all of the first version */
#define FS_REFER (UINT64_C(1) << 13)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_OWN (FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE \
    | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR \
    | FS_REFER | FS_TRUNCATE)
/* What a rule for a single file may name. */
#define FS_OF_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define NET_BIND UINT64_C(1)
#define NET_CONNECT UINT64_C(2)
#define SCOPE_SOCKETS UINT64_C(1)
#define SCOPE_SIGNALS UINT64_C(2)
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5, ABI_SCOPE = 6, RULE_PORT = 2 };

struct ruleset { uint64_t fs, net, scoped; };
struct port_rule { uint64_t allowed, port; };

static struct ruleset rights_of(long abi)
{
    struct ruleset r = { .fs = FS_FIRST };
    r.fs |= abi >= ABI_REFER ? FS_REFER : 0;
    r.fs |= abi >= ABI_TRUNCATE ? FS_TRUNCATE : 0;
    r.fs |= abi >= ABI_IOCTL ? FS_IOCTL_DEV : 0;
    r.net = abi >= ABI_NET ? NET_BIND | NET_CONNECT : 0;
    r.scoped = abi >= ABI_SCOPE ? SCOPE_SOCKETS | SCOPE_SIGNALS : 0;
    return r;
}

/* What is not there needs no rule. */
static bool path_allow(int rules, const char *path, uint64_t rights)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
    bool file = fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode);
    struct landlock_path_beneath_attr rule = { .parent_fd = fd,
        .allowed_access = file ? rights & FS_OF_FILE : rights };
    long rc = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(fd);
    return rc == 0;
}

static bool port_allow(int rules, uint16_t port)
{
    struct port_rule rule = { NET_CONNECT, port };
    return syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0) == 0;
}

static bool rules_add(int rules, const struct confinement *c, const struct ruleset *rights)
{
    bool ok = true;
    for (size_t i = 0; i < CONFINE_PATHS_MAX && ok; i++) {
        if (c->own[i])
            ok = path_allow(rules, c->own[i], FS_OWN & rights->fs);
        if (ok && c->read[i])
            ok = path_allow(rules, c->read[i], FS_READ);
    }
    for (size_t i = 0; i < c->n_ports && ok && rights->net; i++)
        ok = port_allow(rules, c->ports[i]);
    return ok;
}

int landlock_version(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi > 0 ? (int)abi : errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
}

int landlock_enter(const struct confinement *c)
{
    int abi = landlock_version();
    if (abi <= 0)
        return abi;
    struct ruleset rights = rights_of(abi);
    if (c->connects)
        rights.scoped &= ~SCOPE_SOCKETS;        /* the database may listen on such a one */
    if (c->any_port)
        rights.net &= ~NET_CONNECT;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
    if (rules < 0)
        return -1;
    bool ok = rules_add(rules, c, &rights) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    int why = errno;
    (void)close(rules);
    errno = why;
    return ok ? abi : -1;
}
