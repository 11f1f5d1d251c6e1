/* arena.h - a bump allocator: many small objects that die together.
 *
 * An arena hands out memory from big blocks and frees all of it at once. Nothing is freed singly.
 * INVARIANT: every pointer given out is aligned to GI_ARENA_ALIGN and stays put until
 * gi_arena_free. LOCK: none; one thread uses an arena at a time.
 */
#ifndef GI_BASE_ARENA_H
#define GI_BASE_ARENA_H

#include "base/common.h"

#define GI_ARENA_ALIGN 8u

typedef struct GiArenaBlock GiArenaBlock;

typedef struct GiArena {
    char *cursor;         /* next free byte of the newest block */
    char *end;            /* its end */
    GiArenaBlock *blocks; /* newest first */
    size_t allocated;     /* bytes taken from the system so far */
    size_t limit;         /* refuse to take more than this; 0 means no limit */
} GiArena;

/* Makes an empty arena; takes no memory yet. */
void gi_arena_init(GiArena *arena);

/* Frees everything that came from the arena, which is empty and usable afterwards. */
void gi_arena_free(GiArena *arena);

/* The slow half of gi_arena_alloc: takes a new block. NULL when out of memory. */
void *gi_arena_alloc_slow(GiArena *arena, size_t size);

/* Gives size bytes, not initialised; NULL when out of memory. */
static inline void *gi_arena_alloc(GiArena *arena, size_t size) {
    size_t rounded = (size + GI_ARENA_ALIGN - 1) & ~(size_t)(GI_ARENA_ALIGN - 1);
    if (GI_LIKELY(rounded >= size && rounded <= (size_t)(arena->end - arena->cursor))) {
        void *result = arena->cursor;
        arena->cursor += rounded;
        return result;
    }
    return gi_arena_alloc_slow(arena, size);
}

/* Gives size bytes of zeros; NULL when out of memory. */
static inline void *gi_arena_calloc(GiArena *arena, size_t size) {
    void *result = gi_arena_alloc(arena, size);
    if (GI_LIKELY(result != NULL)) {
        memset(result, 0, size);
    }
    return result;
}

/* Gives a NUL-terminated copy of len bytes; NULL when out of memory. */
char *gi_arena_copy(GiArena *arena, const char *bytes, size_t len);

/* One zeroed T from the arena, or NULL. */
#define GI_ARENA_NEW(arena, T) ((T *)gi_arena_calloc((arena), sizeof(T)))

#endif
