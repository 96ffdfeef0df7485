/* init_passwords.c: the file of one-time passwords. It is there before any account is, and what was
 * in it stays: no password is lost that nobody has handed out yet. */
#include "cli/init.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADING "username,password\n"

static enum err unwritten(const struct handout *h, struct err_info *info)
{
    return err_note(info, E_IO, "passwords", MSG("写不了密码文件 %s，没有写入任何内容；请换一个文件",
        "Cannot write the file of passwords %s, nothing was stored; name another file"), str_c(h->path));
}

enum err handout_open(const char *path, struct handout *ret, struct err_info *info)
{
    char line[sizeof(HEADING) - 1] = "", last = '\n';
    struct stat st;
    *ret = (struct handout){ .path = path, .is_new = access(path, F_OK) != 0 };
    ret->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (ret->fd < 0 || fstat(ret->fd, &st) != 0)
        return unwritten(ret, info);
    ret->bytes_before = st.st_size;
    if (st.st_size == 0)
        return OK;
    if (pread(ret->fd, line, sizeof(line), 0) != (ssize_t)sizeof(line)
        || memcmp(line, HEADING, sizeof(line)) != 0
        || pread(ret->fd, &last, 1, st.st_size - 1) != 1 || last != '\n')
        return err_note(info, E_CONFLICT, "passwords", MSG("%s 不是这个命令写的密码文件，没有改动它；请换一个文件",
            "%s is no file of passwords that this command wrote, and was left alone; name another file"),
            str_c(path));
    return OK;
}

enum err handout_add(struct handout *h, struct arena *a, struct list newcomers,
    struct err_info *info)
{
    const struct newcomer *who = newcomers.p;
    struct buf b = buf_in(a, 64 << 20);
    if (newcomers.n == 0)
        return OK;
    if (h->bytes_before == 0)
        buf_add(&b, STR(HEADING));
    for (size_t i = 0; i < newcomers.n; i++)
        buf_fmt(&b, "%.*s,%.*s\n", STR_FMT(who[i].username), STR_FMT(who[i].password));
    for (size_t at = 0; at < b.n;) {
        ssize_t n = write(h->fd, b.p + at, b.n - at);
        if (n < 0 && errno != EINTR)
            return unwritten(h, info);
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(h->fd) == 0 ? OK : unwritten(h, info);
}

void handout_close(struct handout *h, bool keep)
{
    struct stat st;
    if (h->fd < 0)
        return;
    if (!keep)          /* or passwords of nobody stay, which open nothing */
        (void)!ftruncate(h->fd, h->bytes_before);
    if (h->is_new && fstat(h->fd, &st) == 0 && st.st_size == 0)
        (void)unlink(h->path);
    (void)close(h->fd);
    h->fd = -1;
}
