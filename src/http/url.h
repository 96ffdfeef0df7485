/* url.h: the request target, taken apart strictly: what two programs could read differently is
 * refused, not repaired. */
#pragma once
#include "spine/module.h"

enum { URL_BYTES_MAX = 4096 };

/* path begins with '/' and is decoded segment by segment; a decoded segment holds no '/', no
 * control character and is not ".." or ".". query is decoded ('+' is a space). */
struct url { struct str path; struct params query; };

/* target as sent: "/path?query". E_SYNTAX with a note: not starting with '/', malformed or
 * unnecessary tricks in percent-encoding (%00, %2F, overlong UTF-8), "." and ".." segments, empty
 * segments, the same parameter twice, more than PARAMS_MAX parameters. */
enum err url_parse(struct arena *a, struct str target, struct url *ret, struct err_info *info)
    MUST_USE;
