/* address.c: parsing addresses and believing only configured proxies. */
#include "http/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };

static struct address from_v4(const void *four)
{
    struct address a;
    memcpy(a.b, mapped, sizeof(mapped));
    memcpy(a.b + sizeof(mapped), four, 4);
    return a;
}

static bool is_v4(const struct address *a)
{
    return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool address_parse(struct str text, struct address *ret)
{
    char z[INET6_ADDRSTRLEN];
    unsigned char four[4];
    if (text.n == 0 || text.n >= sizeof(z))
        return false;
    (void)snprintf(z, sizeof(z), "%.*s", STR_FMT(text));
    if (inet_pton(AF_INET, z, four) == 1) {
        *ret = from_v4(four);
        return true;
    }
    return inet_pton(AF_INET6, z, ret->b) == 1;
}

bool network_parse(struct str text, struct network *ret)
{
    struct str rest, base = str_cut(text, '/', &rest);
    int64_t bits = 0;
    if (!address_parse(base, &ret->base))
        return false;
    int most = is_v4(&ret->base) ? 32 : 128;
    if (rest.p == NULL)
        bits = most;
    else if (!str_to_i64(rest, &bits) || bits < 0 || bits > most)
        return false;
    ret->bits = (int)bits + 128 - most;
    return true;
}

bool network_has(const struct network *n, const struct address *a)
{
    size_t whole = (size_t)n->bits / 8;
    int part = n->bits % 8;
    if (memcmp(n->base.b, a->b, whole) != 0)
        return false;
    return part == 0 || ((n->base.b[whole] ^ a->b[whole]) >> (8 - part)) == 0;
}

struct address address_of_socket(const struct sockaddr *sa)
{
    struct address a = { { 0 } };
    if (sa && sa->sa_family == AF_INET)
        return from_v4(&((const struct sockaddr_in *)(const void *)sa)->sin_addr);
    if (sa && sa->sa_family == AF_INET6)
        memcpy(a.b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, sizeof(a.b));
    return a;
}

bool address_is_loopback(const struct address *a)
{
    static const unsigned char one[16] = { [15] = 1 };
    return memcmp(a->b, one, sizeof(one)) == 0 || (is_v4(a) && a->b[12] == 127);
}

static bool is_trusted(const struct address *a, const struct network *trusted, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (network_has(&trusted[i], a))
            return true;
    return false;
}

struct address address_client(struct address peer, struct str forwarded,
    const struct network *trusted, size_t n)
{
    while (forwarded.n && is_trusted(&peer, trusted, n)) {
        struct address next;
        size_t at = forwarded.n;
        while (at && forwarded.p[at - 1] != ',')
            at--;
        struct str last = { forwarded.p + at, forwarded.n - at };
        if (!address_parse(str_trim(last), &next))
            break;
        peer = next;
        forwarded.n = at ? at - 1 : 0;
    }
    return peer;
}

struct str address_key(const struct address *a)
{
    return (struct str){ (const char *)a->b, is_v4(a) ? 16 : 8 };
}

struct str address_text(struct arena *a, const struct address *address)
{
    char text[INET6_ADDRSTRLEN];
    const char *made = is_v4(address)
        ? inet_ntop(AF_INET, address->b + sizeof(mapped), text, sizeof(text))
        : inet_ntop(AF_INET6, address->b, text, sizeof(text));
    CHECK(made != NULL);
    return arena_str(a, str_c(text));
}
