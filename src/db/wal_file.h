/* wal_file.h: the write-ahead log written in large pieces. SQLite writes each page of a commit in
 * two small, unaligned calls, which costs the kernel many times what one large call does. Behind
 * this VFS the pieces gather in memory and reach the file together when SQLite syncs it, which
 * with synchronous=FULL is before anybody learns of them. Never use it with synchronous=NORMAL:
 * there a commit is told to readers without a sync. */
#pragma once

/* The name for sqlite3_open_v2(), registering it at the first call; NULL when that fails. */
const char *wal_file_vfs(void);
