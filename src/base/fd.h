/* fd.h: whole reads and writes on a file descriptor; interrupted calls go on. */
#pragma once
#include "base/str.h"

/* Exactly n bytes from where the descriptor stands; false at an earlier end or on errors (errno). */
bool fd_read_all(int fd, void *p, size_t n);
bool fd_write_all(int fd, struct str s);
