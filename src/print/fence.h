/* fence.h: what fengqiao-print may use of the machine while it draws. */
#pragma once
#include "base/check.h"

enum { FENCE_MEMORY_BYTES_MAX = 1 << 30, FENCE_CPU_S_MAX = 600 };
/* Bounds memory and time and refuses other programs, the network and other processes; false when
 * that is not possible. Fonts must be read, so files stay open to reading. */
bool fence_enter(void);
