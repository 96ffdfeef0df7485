/* sift.h: what the program that reads uploaded files of outlines may use: memory and time as below,
 * its two descriptors, and nothing else. */
#pragma once
#include "base/check.h"

enum { SIFT_MEMORY_BYTES_MAX = 1 << 30, SIFT_ARENA_BYTES_MAX = 896 << 20, SIFT_CPU_S_MAX = 40,
    SIFT_ROWS_BYTES_MAX = 64 << 20 };
/* No way back; false, with errno set, when the kernel refuses. Files that libraries would like to
 * open are refused, anything else ends the process. */
bool sift_lock_in(void) MUST_USE;
