/* fd.c: reads and writes that come back with all or fail. */
#include "base/fd.h"
#include <errno.h>
#include <unistd.h>

bool fd_read_all(int fd, void *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = read(fd, (char *)p + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

bool fd_write_all(int fd, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        ssize_t put = write(fd, s.p + at, s.n - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += (size_t)put;
    }
    return true;
}
