/* press.h: sheets of plates and documents as PDF, made by fengqiao-print: fonts and the libraries
 * that draw stay out of the server, and a sheet that goes wrong takes nothing along. */
#pragma once
#include "attach/helper.h"
#include "print/job.h"

struct press_job {
    const char *layout;             /* one of PRINT_LAYOUTS */
    struct msg hint;                /* what to do with the code; both languages are printed */
    const struct plate *plates;     /* url: ASCII; texts: without tabs and line ends */
    size_t n;
    const char *fonts;              /* a fontconfig file to go by, or NULL */
    int time_ms;                    /* how long it may take */
    void (*done)(void *ctx, size_t plates);     /* told after each sheet; may be NULL */
    struct str text;                /* documents: a whole job as job.h says, instead of plates */
    void (*file)(void *ctx, size_t bytes);      /* told the length of each PDF of them */
    void *ctx;
};
/* Writes the PDF to fd, with the helper HELPER_PRINT. E_INPUT what is asked for cannot be printed;
 * E_IO no helper, no font with Chinese characters, or too slow; info says what to do. */
enum err press_run(const struct helper *helper, struct arena *a, const struct press_job *job,
    int fd, struct err_info *info) MUST_USE;
/* The same into memory. */
enum err press_bytes(const struct helper *helper, struct arena *a, const struct press_job *job,
    struct str *ret, struct err_info *info) MUST_USE;
