/* log.h: one JSON object a line on stderr. Values are escaped, and what would act in a terminal is
 * taken out, so a line is always one record and nothing else.
 * Never pass personal data: log request ids, routes, codes and counts. */
#pragma once
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
/* Lines below this level are dropped; INFO unless set (once, in main). */
void log_level_set(enum log_level least);
/* event is a short stable name such as "server.start"; fmt gives the human detail. */
void log_line(enum log_level level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);
