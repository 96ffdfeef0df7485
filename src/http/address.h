/* address.h: network addresses: whom a request comes from, when some are relayed by proxies. */
#pragma once
#include "base/buf.h"

struct sockaddr;
/* IPv6 in network order; IPv4 as ::ffff:a.b.c.d. */
struct address { unsigned char b[16]; };
struct network { struct address base; int bits; };

bool address_parse(struct str text, struct address *ret);
/* "192.0.2.0/24", "2001:db8::/32" or one address. */
bool network_parse(struct str text, struct network *ret);
bool network_has(const struct network *n, const struct address *a);
struct address address_of_socket(const struct sockaddr *sa);
bool address_is_loopback(const struct address *a);
/* The client: the peer itself, or, as long as that is a trusted proxy, the next address to the
 * left in X-Forwarded-For (none when absent). Stops at what is not an address. */
struct address address_client(struct address peer, struct str forwarded,
    const struct network *trusted, size_t n);
struct str address_text(struct arena *a, const struct address *address);
/* What limits count by: all of an IPv4 address, the first 64 bits of an IPv6 address. */
struct str address_key(const struct address *a);
