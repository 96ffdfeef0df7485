/* side.c: queues beside the writer's for work that costs tens of milliseconds: passwords, photos,
 * documents.
 * They are short, so that a flood of such requests is refused at once and nobody else waits. */
#include "http/request.h"

enum { THREADS_MAX = 8 };
struct side {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct request *first, **last;
    size_t n, n_max;
    bool stopping;
    pthread_t threads[THREADS_MAX];
    unsigned n_threads;
};

static struct request *side_take(struct side *side)
{
    CHECK(pthread_mutex_lock(&side->lock) == 0);
    while (side->first == NULL && !side->stopping)
        CHECK(pthread_cond_wait(&side->wake, &side->lock) == 0);
    struct request *r = side->first;
    if (r) {
        side->first = r->next;
        if (side->first == NULL)
            side->last = &side->first;
        side->n--;
    }
    CHECK(pthread_mutex_unlock(&side->lock) == 0);
    return r;
}

static void *side_main(void *arg)
{
    struct side *side = arg;
    for (struct request *r; (r = side_take(side)) != NULL;)
        request_work(r);
    return NULL;
}

struct side *side_start(struct server *s, unsigned threads, size_t queue_max)
{
    struct side *side = heap_alloc(sizeof(*side));
    CHECK(threads <= THREADS_MAX);
    side->server = s;
    side->last = &side->first;
    side->n_max = queue_max;
    side->n_threads = threads;
    CHECK(pthread_mutex_init(&side->lock, NULL) == 0);
    CHECK(pthread_cond_init(&side->wake, NULL) == 0);
    for (unsigned i = 0; i < threads; i++)
        CHECK(pthread_create(&side->threads[i], NULL, side_main, side) == 0);
    return side;
}

enum err side_put(struct side *side, struct request *r)
{
    CHECK(pthread_mutex_lock(&side->lock) == 0);
    enum err e = side->stopping || side->n >= side->n_max ? E_BUSY : OK;
    if (e == OK) {
        r->next = NULL;
        *side->last = r;
        side->last = &r->next;
        side->n++;
        CHECK(pthread_cond_signal(&side->wake) == 0);
    }
    CHECK(pthread_mutex_unlock(&side->lock) == 0);
    return e;
}

size_t side_waiting(struct side *side)
{
    CHECK(pthread_mutex_lock(&side->lock) == 0);
    size_t n = side->n;
    CHECK(pthread_mutex_unlock(&side->lock) == 0);
    return n;
}

void side_stop(struct side *side)
{
    CHECK(pthread_mutex_lock(&side->lock) == 0);
    side->stopping = true;
    CHECK(pthread_cond_broadcast(&side->wake) == 0);
    CHECK(pthread_mutex_unlock(&side->lock) == 0);
    for (unsigned i = 0; i < side->n_threads; i++)
        CHECK(pthread_join(side->threads[i], NULL) == 0);
    (void)pthread_cond_destroy(&side->wake);
    (void)pthread_mutex_destroy(&side->lock);
    heap_free(side);
}
