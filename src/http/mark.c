/* mark.c: the mark of what somebody wrote, as a receipt code of area 0, which has no reports. */
#include "crypto/code.h"
#include "http/request.h"

enum { LOW_BITS = 25 };

struct str mark_text(struct arena *a, const struct node_keys *k, int64_t position)
{
    struct code c = code_make(k, 0, position >> LOW_BITS & CODE_MATTER_MAX,
        position & CODE_REPORTER_MAX);
    return arena_str(a, str_c(c.text));
}

bool mark_read(const struct node_keys *k, struct str text, int64_t *ret_position)
{
    struct code c;
    if (code_parse(text, &c) != CODE_OK)
        return false;
    struct code_opens o = code_open(k, &c);
    *ret_position = o.matter_id << LOW_BITS | o.reporter_no;
    return o.area == 0;
}
