/* amend.h: what Cairo does not say in a PDF. */
#pragma once
#include "base/buf.h"

/* Adds, as an update behind the end of the file, that the text is Chinese and that viewers should
 * show the title. False when the file is not as Cairo writes them. */
bool amend_language(struct buf *pdf);
