/* events.c - single-writer, single-reader rings of event records. See events.h. */
#include "threads/events.h"

#include <stdlib.h>

GiEventRing *gi_ring_new(uint32_t size)
{
    uint32_t rounded = 16;
    while (rounded < size && rounded < (UINT32_C(1) << 30)) rounded *= 2;
    GiEventRing *ring = calloc(1, sizeof *ring + (size_t)rounded * sizeof(GiEventRecord));
    if (ring) ring->size = rounded;
    return ring;
}

void gi_ring_free(GiEventRing *ring) { free(ring); }

void gi_ring_put(GiEventRing *ring, const GiEventRecord *record)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    uint64_t needed = ring->lost ? 2 : 1;
    if (GI_UNLIKELY(head - tail + needed > ring->size)) {
        uint64_t dropped = atomic_load_explicit(&ring->dropped, memory_order_relaxed);
        atomic_store_explicit(&ring->dropped, dropped + 1, memory_order_relaxed);
        ring->lost++;
        return;
    }
    if (GI_UNLIKELY(ring->lost)) {
        ring->records[head++ & (ring->size - 1)] =
            (GiEventRecord){record->when, ring->lost, NULL, GI_EVENT_LOST, 0};
        ring->lost = 0;
    }
    ring->records[head & (ring->size - 1)] = *record;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

size_t gi_ring_take(GiEventRing *ring, GiEventRecord *records, size_t count)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    size_t n = 0;
    for (; n < count && tail < head; n++, tail++)
        records[n] = ring->records[tail & (ring->size - 1)];
    atomic_store_explicit(&ring->tail, tail, memory_order_release);
    return n;
}
