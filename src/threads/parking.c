/* parking.c - the parking lot: FIFO queues of waiting threads, hashed by address. See parking.h.
 *
 * The table is a mutable global of the process. LOCK: a bucket's mutex guards its queue and the
 * `queued` flag of the nodes in it, and is innermost.
 *
 * A parker's word: EMPTY; PARKED, queued and perhaps asleep; NOTIFIED or HANDED, taken from the
 * queue by an unpark; INTERRUPTED, by gi_parker_interrupt. INVARIANT: NOTIFIED and HANDED are
 * written under the bucket's lock together with taking the node from the queue, so a waiter whose
 * time is out and who finds itself no longer queued knows that it was chosen.
 */
#include "threads/parking.h"

enum { EMPTY, PARKED, NOTIFIED, HANDED, INTERRUPTED };
enum { BUCKET_BITS = 8, BUCKETS = 1 << BUCKET_BITS };

typedef struct Node {
    struct Node *next;
    const void *address;
    GiParker *parker;
    uint64_t since;
    bool queued;
} Node;

typedef struct {
    GiMutex lock;
    Node *first, *last;
    char pad[64 - sizeof(GiMutex) - 4 - 2 * sizeof(Node *)];
} Bucket;

static Bucket parking_table[BUCKETS];

static Bucket *bucket_of(const void *address)
{
    uint64_t hash = (uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15);
    return &parking_table[hash >> (64 - BUCKET_BITS)];
}

static void enqueue(Bucket *bucket, Node *node)
{
    node->next = NULL;
    node->queued = true;
    if (bucket->last)
        bucket->last->next = node;
    else
        bucket->first = node;
    bucket->last = node;
}

/* Takes a node out; `before` is its predecessor or NULL. */
static void dequeue(Bucket *bucket, Node *node, Node *before)
{
    if (before)
        before->next = node->next;
    else
        bucket->first = node->next;
    if (bucket->last == node) bucket->last = before;
    node->queued = false;
}

/* Ends a park that timed out or was interrupted, unless an unpark was quicker. */
static GiPark cancel(Bucket *bucket, Node *node, GiPark reason)
{
    gi_mutex_lock(&bucket->lock);
    if (node->queued) {
        Node *before = NULL;
        for (Node *n = bucket->first; n != node; n = n->next) before = n;
        dequeue(bucket, node, before);
    } else {
        uint32_t word = atomic_load_explicit(&node->parker->word, memory_order_acquire);
        reason = word == HANDED ? GI_PARK_HANDED_OVER : GI_PARK_UNPARKED;
    }
    atomic_store_explicit(&node->parker->word, EMPTY, memory_order_relaxed);
    gi_mutex_unlock(&bucket->lock);
    return reason;
}

/* Sleeps until the word says that the park is over, or its time is. */
static GiPark sleep_parked(Bucket *bucket, Node *node, uint64_t deadline, bool interruptible)
{
    _Atomic uint32_t *word = &node->parker->word;
    for (;;) {
        GiWait wait = gi_os_futex_wait(word, PARKED, deadline);
        uint32_t now = atomic_load_explicit(word, memory_order_acquire);
        if (now == NOTIFIED || now == HANDED) {
            atomic_store_explicit(word, EMPTY, memory_order_relaxed);
            return now == HANDED ? GI_PARK_HANDED_OVER : GI_PARK_UNPARKED;
        }
        if (interruptible && (now == INTERRUPTED || wait == GI_WAIT_INTERRUPTED))
            return cancel(bucket, node, GI_PARK_INTERRUPTED);
        if (wait == GI_WAIT_TIMEOUT) return cancel(bucket, node, GI_PARK_TIMEOUT);
        if (now == INTERRUPTED)
            atomic_compare_exchange_strong(word, &now, PARKED);
    }
}

GiPark gi_park(GiParker *parker, const void *address, GiParkCheck still, void *arg,
               uint64_t deadline, bool interruptible)
{
    Bucket *bucket = bucket_of(address);
    Node node = {.address = address, .parker = parker};
    if (deadline != GI_NEVER && gi_os_mono_ns() >= deadline) return GI_PARK_TIMEOUT;
    gi_mutex_lock(&bucket->lock);
    if (still && !still(arg)) {
        gi_mutex_unlock(&bucket->lock);
        return GI_PARK_INVALID;
    }
    uint32_t word = EMPTY;
    if (!atomic_compare_exchange_strong(&parker->word, &word, PARKED)) {
        GI_ASSERT(word == INTERRUPTED);
        atomic_store(&parker->word, interruptible ? EMPTY : PARKED);
        if (interruptible) {
            gi_mutex_unlock(&bucket->lock);
            return GI_PARK_INTERRUPTED;
        }
    }
    node.since = gi_os_mono_ns();
    enqueue(bucket, &node);
    gi_mutex_unlock(&bucket->lock);
    return sleep_parked(bucket, &node, deadline, interruptible);
}

static bool another_waits(const Node *node, const void *address)
{
    for (; node; node = node->next)
        if (node->address == address) return true;
    return false;
}

void gi_unpark_one(const void *address, GiUnparkChoice choice, void *arg)
{
    Bucket *bucket = bucket_of(address);
    GiUnpark what = {0};
    gi_mutex_lock(&bucket->lock);
    Node *before = NULL, *node = bucket->first;
    while (node && node->address != address) {
        before = node;
        node = node->next;
    }
    if (node) {
        dequeue(bucket, node, before);
        uint64_t now = gi_os_mono_ns();
        what.found = true;
        what.waiter = node->parker;
        what.more = another_waits(node->next, address);
        what.waited_ns = now > node->since ? now - node->since : 0;
    }
    bool hand_over = choice && choice(arg, what);
    /* The node is on the waiter's stack, and gone as soon as its word says so. */
    _Atomic uint32_t *word = node ? &node->parker->word : NULL;
    if (word) atomic_store_explicit(word, hand_over ? HANDED : NOTIFIED, memory_order_release);
    gi_mutex_unlock(&bucket->lock);
    if (word) gi_os_futex_wake(word, 1);
}

size_t gi_unpark_all(const void *address)
{
    enum { AT_ONCE = 32 };
    Bucket *bucket = bucket_of(address);
    size_t total = 0;
    for (;;) {
        _Atomic uint32_t *words[AT_ONCE];
        int count = 0;
        gi_mutex_lock(&bucket->lock);
        for (Node *before = NULL, *node = bucket->first; node && count < AT_ONCE;) {
            Node *next = node->next;
            if (node->address == address) {
                dequeue(bucket, node, before);
                words[count++] = &node->parker->word;
                atomic_store_explicit(&node->parker->word, NOTIFIED, memory_order_release);
            } else {
                before = node;
            }
            node = next;
        }
        gi_mutex_unlock(&bucket->lock);
        for (int i = 0; i < count; i++) gi_os_futex_wake(words[i], 1);
        total += (size_t)count;
        if (count < AT_ONCE) return total;
    }
}

void gi_parker_interrupt(GiParker *parker)
{
    uint32_t word = atomic_load(&parker->word);
    while (word == EMPTY || word == PARKED) {
        if (!atomic_compare_exchange_weak(&parker->word, &word, INTERRUPTED)) continue;
        if (word == PARKED) gi_os_futex_wake(&parker->word, 1);
        return;
    }
}

void gi_parker_clear(GiParker *parker)
{
    uint32_t word = INTERRUPTED;
    atomic_compare_exchange_strong(&parker->word, &word, EMPTY);
}

void gi_parking_after_fork_child(void) { memset(parking_table, 0, sizeof parking_table); }
