/* header.h: what the values of request headers mean. All functions are pure. */
#pragma once
#include "base/err.h"

/* The language of an Accept-Language value: the one of zh and en with the higher weight, the first
 * of equals; zh when neither is named. */
enum lang header_lang(struct str accept);
/* Value of a cookie in a Cookie header; none when absent. */
struct str header_cookie(struct str cookies, const char *name);
/* True when an Accept-Encoding value allows this coding ("br", "gzip"). */
bool header_accepts(struct str accept, const char *coding);
/* True when an If-None-Match value names this entity tag (quoted), or is "*". */
bool header_has_tag(struct str if_none_match, const char *etag);
/* What follows scheme and one space in an Authorization value; none for other schemes. */
struct str header_credentials(struct str authorization, const char *scheme);
/* An Idempotency-Key is 16 to 64 of A-Z a-z 0-9 - _. */
bool header_key_good(struct str key);
/* A header's name is a token (RFC 9110 section 5.6.2). */
bool header_name_good(struct str name);
/* host[:port] without anything else. */
bool header_host_good(struct str host);
/* True when an Origin value is a web page of this host. */
bool header_origin_is(struct str origin, struct str host);
/* True when a Content-Type value is this media type, parameters aside. */
bool header_type_is(struct str type, const char *media_type);
bool header_same(struct str a, struct str b);   /* ASCII letters in either case */
