/* arena.c - a bump allocator; see arena.h for the contract.
 *
 * Blocks double from 4 KiB to 1 MiB, so a small parse costs one small malloc and a big one few.
 * A request bigger than a block gets a block of its own behind the newest, whose rest is kept.
 */
#include "base/arena.h"

#include <stdlib.h>

#define FIRST_BLOCK ((size_t)4 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)

struct GiArenaBlock {
    GiArenaBlock *next;
    size_t size; /* of the payload */
    _Alignas(GI_ARENA_ALIGN) char data[];
};

void gi_arena_init(GiArena *arena) {
    *arena = (GiArena){0};
}

void gi_arena_free(GiArena *arena) {
    GiArenaBlock *block = arena->blocks;
    while (block != NULL) {
        GiArenaBlock *next = block->next;
        free(block);
        block = next;
    }
    size_t limit = arena->limit;
    *arena = (GiArena){.limit = limit};
}

static GiArenaBlock *new_block(GiArena *arena, size_t payload) {
    if (payload > SIZE_MAX / 2 ||
        (arena->limit != 0 && payload > arena->limit - GI_MIN(arena->limit, arena->allocated))) {
        return NULL;
    }
    GiArenaBlock *block = malloc(sizeof(GiArenaBlock) + payload);
    if (block != NULL) {
        block->size = payload;
        arena->allocated += payload;
    }
    return block;
}

void *gi_arena_alloc_slow(GiArena *arena, size_t size) {
    size_t rounded = (size + GI_ARENA_ALIGN - 1) & ~(size_t)(GI_ARENA_ALIGN - 1);
    if (rounded < size) {
        return NULL;
    }
    size_t wanted = FIRST_BLOCK;
    if (arena->blocks != NULL) {
        wanted = GI_MIN(GI_MAX(arena->allocated, FIRST_BLOCK), LARGEST_BLOCK);
    }
    if (rounded > wanted / 4 && arena->blocks != NULL) {
        GiArenaBlock *own = new_block(arena, rounded);
        if (own == NULL) {
            return NULL;
        }
        own->next = arena->blocks->next;
        arena->blocks->next = own;
        return own->data;
    }
    GiArenaBlock *block = new_block(arena, GI_MAX(wanted, rounded));
    if (block == NULL) {
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    arena->cursor = block->data + rounded;
    arena->end = block->data + block->size;
    return block->data;
}

char *gi_arena_copy(GiArena *arena, const char *bytes, size_t len) {
    if (len == SIZE_MAX) {
        return NULL;
    }
    char *copy = gi_arena_alloc(arena, len + 1);
    if (copy != NULL) {
        if (len != 0) {
            memcpy(copy, bytes, len);
        }
        copy[len] = '\0';
    }
    return copy;
}
