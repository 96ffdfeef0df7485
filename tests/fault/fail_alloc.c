/* fail_alloc.c: preloaded into the server, has the n-th request for memory refused, counted from
 * the moment that the script wrote n into the page both share (FAIL_ALLOC_CONTROL); if it stays,
 * all after it too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* left: requests until it happens, 0 is never; then it stays at 1 if it is to stay. */
struct control { _Atomic int32_t left; int32_t stays; _Atomic int32_t fired; };
static struct control *control;

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t align, size_t n);

__attribute__((constructor)) static void set_up(void)
{
    const char *path = getenv("FAIL_ALLOC_CONTROL");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    control = page == MAP_FAILED ? NULL : page;
}

static int refused(void)
{
    if (control == NULL || control->left == 0)
        return 0;
    int32_t left = control->left;
    do {
        if (left == 0)
            return 0;
    } while (!atomic_compare_exchange_weak(&control->left, &left,
        left == 1 && control->stays ? 1 : left - 1));
    if (left != 1)
        return 0;
    control->fired++;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n) { return refused() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return refused() ? NULL : __libc_realloc(p, n); }
void *memalign(size_t align, size_t n) { return refused() ? NULL : __libc_memalign(align, n); }
void *aligned_alloc(size_t align, size_t n) { return memalign(align, n); }

int posix_memalign(void **ret, size_t align, size_t n)
{
    void *p = memalign(align, n);
    if (p)
        *ret = p;
    return p ? 0 : ENOMEM;
}
