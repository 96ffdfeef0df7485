/* zip_member.h: members of archives, in memory; for the files of this room. */
#pragma once
#include "layer/feature.h"
#include <zip.h>

/* E_MEDIA, noted, for what is no readable archive. For CLEANUP: zip_shut. */
MUST_USE enum err zip_of_bytes(struct str bytes, struct zip **ret, struct err_info *info);
void zip_shut(struct zip **z);
/* Member i, unpacked into the arena. E_TOO_LARGE beyond max_bytes, E_MEDIA when it is damaged. */
MUST_USE enum err zip_member(struct arena *a, struct zip *z, zip_int64_t i, size_t max_bytes,
    struct str *ret, struct err_info *info);
/* In either case of Latin letters. */
bool ends_with(struct str name, const char *end);
