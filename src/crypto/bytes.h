/* bytes.h: whole numbers as big-endian bytes, for hashing and for what is signed. */
#pragma once
#include "base/str.h"

/* Bytes as a view. */
static inline struct str bytes_str(const unsigned char *p, size_t n)
{
    return (struct str){ (const char *)p, n };
}
static inline void bytes_put_u32(unsigned char *p, uint32_t v)
{
    for (int i = 3; i >= 0; i--, v >>= 8)
        p[i] = (unsigned char)(v & 0xFF);
}
static inline void bytes_put_u64(unsigned char *p, uint64_t v)
{
    bytes_put_u32(p, (uint32_t)(v >> 32));
    bytes_put_u32(p + 4, (uint32_t)v);
}
static inline uint32_t bytes_get_u32(const unsigned char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v = v << 8 | p[i];
    return v;
}
static inline uint64_t bytes_get_u64(const unsigned char *p)
{
    return (uint64_t)bytes_get_u32(p) << 32 | bytes_get_u32(p + 4);
}
