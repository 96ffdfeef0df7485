/* lock.c: the sandbox of photos (media/sandbox.h), with more memory and time, and with files that
 * are not there instead of a sudden end: libraries ask for conversions of texts by opening them. */
#include "media/sandbox.h"
#include "sift/sift.h"
#include <sys/resource.h>

bool sift_lock_in(void)
{
    const struct rlimit most = { SIFT_ROWS_BYTES_MAX, SIFT_ROWS_BYTES_MAX };
    return setrlimit(RLIMIT_FSIZE, &most) == 0
        && sandbox_reader(SIFT_MEMORY_BYTES_MAX, SIFT_CPU_S_MAX);
}
