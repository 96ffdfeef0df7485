/* paper.h: documents of a dossier as PDF. */
#pragma once
#include "base/arena.h"
#include "print/draw.h"

/* Reads the job behind its first line and writes the PDFs one behind the other to fd; made is told
 * the length of each. first: the job's first line. */
struct draw_outcome paper_draw(struct arena *a, struct str first, struct str job, int fd,
    void (*made)(size_t bytes, size_t pages));
