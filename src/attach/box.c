/* box.c: the server's side of the photo helper: a bounded number of conversations, each on its
 * own socket pair and with a deadline. The helper's answers are checked like any input, since it
 * reads strangers' bytes. Killing a late worker is its spawner's affair; here it is given up. */
#include "attach/box.h"
#include "base/clock.h"
#include "base/log.h"
#include "media/frame.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUSY_WAIT_MS_MAX = 2000, DECODE_MS_MAX = 5000, START_MS_MAX = 5000 };

struct box {
    const struct helper *helper;
    pthread_mutex_t slots_lock, helper_lock;
    pthread_cond_t slot_freed;
    int slots_free;
    bool running;
    struct helper_run run;
    int control;
};

_Static_assert((int)BOX_REPLY_BYTES_MAX > FRAME_MAIN_BYTES_MAX + FRAME_THUMB_BYTES_MAX, "room");
_Static_assert((int)BOX_IMAGE_BYTES_MAX == (int)FRAME_IMAGE_BYTES_MAX, "one limit");

static int64_t deadline_us(int ms)
{
    return clock_monotonic_us() + (int64_t)ms * 1000;
}

/* True when fd is ready for events before the deadline. */
static bool fd_wait(int fd, short events, int64_t due_us)
{
    for (;;) {
        int64_t left_ms = (due_us - clock_monotonic_us() + 999) / 1000;
        struct pollfd p = { .fd = fd, .events = events };
        int n = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (n >= 0 || errno != EINTR)
            return n > 0;
    }
}

static bool send_full(int fd, const void *p, size_t n, int64_t due_us)
{
    for (size_t at = 0; at < n;) {
        if (!fd_wait(fd, POLLOUT, due_us))
            return false;
        ssize_t put = send(fd, (const char *)p + at, n - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        at += put > 0 ? (size_t)put : 0;
    }
    return true;
}

static bool recv_full(int fd, void *p, size_t n, int64_t due_us)
{
    for (size_t at = 0; at < n;) {
        if (!fd_wait(fd, POLLIN, due_us))
            return false;
        ssize_t got = recv(fd, (char *)p + at, n - at, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        at += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static void helper_close(struct box *b)
{
    if (!b->running)
        return;
    (void)close(b->control);
    (void)helper_end(&b->run, true);
    b->running = false;
}

/* The helper gets its control socket as standard input and an empty environment. */
static enum err helper_begin(struct box *b)
{
    int pair[2];
    char ready = 0;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return E_IO;
    struct helper_call call = { .words = { "--spawn" }, .n_words = 1,
        .fds = { pair[1], STDERR_FILENO, STDERR_FILENO } };
    b->running = helper_start(b->helper, &call, &b->run);
    int why = errno;
    (void)close(pair[1]);
    b->control = pair[0];
    if (!b->running) {
        (void)close(pair[0]);
        log_line(LOG_ERROR, "photo.helper", "%s does not start: errno %d", b->helper->path, why);
        return E_IO;
    }
    if (!recv_full(b->control, &ready, 1, deadline_us(START_MS_MAX)) || ready != FRAME_READY) {
        helper_close(b);
        log_line(LOG_ERROR, "photo.helper", "%s does not become ready", b->helper->path);
        return E_IO;
    }
    return OK;
}

static bool descriptor_send(int control, int fd)
{
    char byte = 0;
    union { struct cmsghdr align; char p[CMSG_SPACE(sizeof(int))]; } space = { 0 };
    struct iovec v = { &byte, 1 };
    struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = space.p,
        .msg_controllen = sizeof(space.p) };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &fd, sizeof(fd));
    return sendmsg(control, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* Gives fd to the helper, which is started again when it is gone. */
static enum err descriptor_pass(struct box *b, int fd)
{
    enum err e = OK;
    CHECK(pthread_mutex_lock(&b->helper_lock) == 0);
    if (!b->running || !descriptor_send(b->control, fd)) {
        log_line(LOG_WARN, "photo.helper", "gone, starting it again");
        helper_close(b);
        e = helper_begin(b);
        if (e == OK && !descriptor_send(b->control, fd))
            e = E_IO;
    }
    CHECK(pthread_mutex_unlock(&b->helper_lock) == 0);
    return e;
}

static bool slot_take(struct box *b)
{
    int64_t due_us = deadline_us(BUSY_WAIT_MS_MAX);
    struct timespec until = { due_us / 1000000, due_us % 1000000 * 1000 };
    CHECK(pthread_mutex_lock(&b->slots_lock) == 0);
    int rc = 0;
    while (b->slots_free == 0 && rc == 0)
        rc = pthread_cond_timedwait(&b->slot_freed, &b->slots_lock, &until);
    bool got = b->slots_free > 0;
    b->slots_free -= got;
    CHECK(pthread_mutex_unlock(&b->slots_lock) == 0);
    return got;
}

static void slot_give(struct box *b)
{
    CHECK(pthread_mutex_lock(&b->slots_lock) == 0);
    b->slots_free++;
    CHECK(pthread_cond_signal(&b->slot_freed) == 0);
    CHECK(pthread_mutex_unlock(&b->slots_lock) == 0);
}

enum err box_start(const struct helper *helper, int n_workers, struct box **ret)
{
    CHECK(n_workers >= 1 && n_workers <= BOX_WORKERS_MAX);
    struct box *b = heap_alloc(sizeof(*b));
    b->helper = helper;
    b->slots_free = n_workers;
    pthread_condattr_t attr;
    CHECK(pthread_condattr_init(&attr) == 0);
    CHECK(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&b->slot_freed, &attr) == 0);
    CHECK(pthread_condattr_destroy(&attr) == 0);
    CHECK(pthread_mutex_init(&b->slots_lock, NULL) == 0);
    CHECK(pthread_mutex_init(&b->helper_lock, NULL) == 0);
    enum err e = helper_begin(b);
    if (e != OK) {
        box_stop(b);
        return e;
    }
    *ret = b;
    return OK;
}

void box_stop(struct box *b)
{
    helper_close(b);
    (void)pthread_cond_destroy(&b->slot_freed);
    (void)pthread_mutex_destroy(&b->slots_lock);
    (void)pthread_mutex_destroy(&b->helper_lock);
    heap_free(b);
}

static enum err photo_fail(struct err_info *info, enum err e, struct msg m)
{
    return err_note(info, e, "photo", m, STR_NONE);
}

static enum err photo_failed_by_status(struct err_info *info, uint32_t status)
{
    switch (status) {
    case MEDIA_UNKNOWN:
        return photo_fail(info, E_MEDIA, MSG("这不是可以识别的照片，请上传JPEG、PNG或WebP格式的照片",
            "This is not a photo we can read; upload a JPEG, PNG or WebP photo"));
    case MEDIA_TOO_LARGE:
        return photo_fail(info, E_TOO_LARGE, MSG("照片尺寸过大(最多4000万像素、单边16384像素),请缩小后上传",
            "The photo has too many pixels (at most 40 megapixels, 16384 a side); make it smaller"));
    case MEDIA_BOMB:
        return photo_fail(info, E_TOO_LARGE, MSG("照片内部结构过于复杂，请另存或截图后上传",
            "The photo's structure is too complex; save it anew or upload a screenshot of it"));
    default:
        return photo_fail(info, E_MEDIA, MSG("照片不完整或已损坏，请重新选择或重新拍摄",
            "The photo is incomplete or damaged; choose it again or take another"));
    }
}

/* Our own encoder starts with JFIF and ends with EOI; anything else did not come from it. */
static bool jpeg_looks_ours(struct str s)
{
    static const char start[] = "\xff\xd8\xff\xe0\0\x10JFIF", end[] = "\xff\xd9";
    return s.n > 20 && memcmp(s.p, start, sizeof(start)) == 0
        && memcmp(s.p + s.n - 2, end, 2) == 0;
}

static bool side_ok(uint32_t px, uint32_t max)
{
    return px >= 1 && px <= max;
}

static bool words_ok(const uint32_t *w)
{
    int32_t lat = (int32_t)w[FRAME_LAT_E7], lon = (int32_t)w[FRAME_LON_E7];
    return side_ok(w[FRAME_WIDTH], FRAME_MAIN_PX_MAX) && side_ok(w[FRAME_HEIGHT], FRAME_MAIN_PX_MAX)
        && side_ok(w[FRAME_THUMB_WIDTH], FRAME_THUMB_PX_MAX)
        && side_ok(w[FRAME_THUMB_HEIGHT], FRAME_THUMB_PX_MAX)
        && w[FRAME_MAIN_BYTES] <= FRAME_MAIN_BYTES_MAX
        && w[FRAME_THUMB_BYTES] <= FRAME_THUMB_BYTES_MAX
        && w[FRAME_HAS_POSITION] <= 1 && lat >= -900000000 && lat <= 900000000
        && lon >= -1800000000 && lon <= 1800000000;
}

static struct box_image image_of(const uint32_t *w, struct str main, struct str thumb, bool want)
{
    struct box_image i = {
        .main = main, .thumb = thumb,
        .width = (int)w[FRAME_WIDTH], .height = (int)w[FRAME_HEIGHT],
        .thumb_width = (int)w[FRAME_THUMB_WIDTH], .thumb_height = (int)w[FRAME_THUMB_HEIGHT],
        .has_position = want && w[FRAME_HAS_POSITION] == 1,
    };
    if (i.has_position) {
        i.lat = (int32_t)w[FRAME_LAT_E7] / 1e7;
        i.lon = (int32_t)w[FRAME_LON_E7] / 1e7;
    }
    return i;
}

/* One photo on its way: what every step of the conversation needs to know. */
struct talk {
    struct box *box;
    struct arena *a;
    struct str image;
    bool want_position;
    int64_t due_us;
    struct err_info *info;
};

static enum err reply_read(const struct talk *t, int fd, const uint8_t *head,
    struct box_image *ret)
{
    uint32_t w[FRAME_WORDS];
    for (size_t i = 0; i < FRAME_WORDS; i++)
        w[i] = frame_get(head + i * 4);
    if (w[FRAME_STATUS] != MEDIA_OK || !words_ok(w))
        return photo_failed_by_status(t->info, w[FRAME_STATUS]);
    size_t n = w[FRAME_MAIN_BYTES] + w[FRAME_THUMB_BYTES];
    char *p = NEW_N(t->a, char, n + 1);
    struct str main = { p, w[FRAME_MAIN_BYTES] };
    struct str thumb = { p + main.n, w[FRAME_THUMB_BYTES] };
    if (!recv_full(fd, p, n, t->due_us) || !jpeg_looks_ours(main) || !jpeg_looks_ours(thumb))
        return photo_failed_by_status(t->info, MEDIA_BROKEN);
    *ret = image_of(w, main, thumb, t->want_position);
    return OK;
}

/* Sends the request and waits for the head of the answer. A send that fails is not the end: the
 * worker may have answered before it read everything. */
static bool ask(const struct talk *t, int fd, uint8_t *head)
{
    uint8_t start[5];
    frame_put(start, (uint32_t)t->image.n + 1);
    start[4] = t->want_position ? FRAME_KEEP_POSITION : 0;
    if (send_full(fd, start, sizeof(start), t->due_us))
        (void)send_full(fd, t->image.p, t->image.n, t->due_us);
    return recv_full(fd, head, FRAME_WORDS * 4, t->due_us);
}

/* One conversation with a fresh worker; *ret_answered tells whether it said anything. */
static enum err converse(const struct talk *t, struct box_image *ret, bool *ret_answered)
{
    int pair[2];
    uint8_t head[FRAME_WORDS * 4];
    enum err e = E_IO;
    *ret_answered = false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
        e = descriptor_pass(t->box, pair[1]);
        (void)close(pair[1]);
        if (e == OK && ask(t, pair[0], head)) {
            *ret_answered = true;
            e = reply_read(t, pair[0], head, ret);
        }
        (void)close(pair[0]);
    }
    return e;
}

/* A worker that died in silence may have died with its spawner, not of the photo: the photo gets
 * a second one if there is time. */
static enum err slot_use(const struct talk *t, struct box_image *ret)
{
    bool answered;
    enum err e = converse(t, ret, &answered);
    if (e == OK && !answered && clock_monotonic_us() < t->due_us)
        e = converse(t, ret, &answered);
    if (e == OK && !answered)
        return photo_failed_by_status(t->info, MEDIA_BROKEN);
    if (e == E_IO)
        return photo_fail(t->info, e, MSG("照片暂时无法处理，请稍后再试或先不附照片提交",
            "Photos cannot be processed now; try again shortly or send without the photo"));
    return e;
}

enum err box_decode(struct box *b, struct arena *a, struct str image, bool want_position,
    struct box_image *ret, struct err_info *info)
{
    if (image.n == 0)
        return photo_fail(info, E_MEDIA, MSG("照片是空文件，请重新选择",
            "The photo is an empty file; choose it again"));
    if (image.n > BOX_IMAGE_BYTES_MAX)
        return photo_fail(info, E_TOO_LARGE, MSG("照片超过12MB，请压缩后上传",
            "The photo is larger than 12 MB; upload a smaller one"));
    if (!slot_take(b))
        return photo_fail(info, E_BUSY, MSG("正在处理的照片较多，请稍后重传，已填内容不会丢失",
            "Many photos are being processed; send it again shortly, nothing you entered is lost"));
    struct talk t = { b, a, image, want_position, deadline_us(DECODE_MS_MAX), info };
    enum err e = slot_use(&t, ret);
    slot_give(b);
    return e;
}
