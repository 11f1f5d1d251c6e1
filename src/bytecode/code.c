/* code.c - making code objects, and looking things up in their tables. */
#include "bytecode/code.h"
#include "objects/error.h"

GiRef gi_code_new(GiThread *ts) {
    GiCode *code = (GiCode *)gi_heap_new(ts, &gi_code_type, sizeof(GiCode));
    if (code == NULL) return GI_NULL;
    gi_slot_init(&code->doc, GI_REF_NONE);
    return gi_own_obj(code);
}

GiStatus gi_code_seal(GiThread *ts, GiVal v) {
    GiCode *code = gi_code_of(v);
    code->version = atomic_fetch_add_explicit(&ts->vm->next_version, 1, memory_order_relaxed);
#ifndef NDEBUG
    return gi_code_verify(ts, code);
#else
    return GI_OK;
#endif
}

GiPosition gi_code_position(const GiCode *code, uint32_t at) {
    size_t low = 0, high = code->position_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (code->positions[mid].start <= at) low = mid + 1;
        else high = mid;
    }
    if (low == 0) return (GiPosition){0, code->first_line, code->first_line, -1, -1};
    return code->positions[low - 1];
}

/* The ranges do not overlap and are in order: each instruction belongs to its innermost handler. */
const GiHandler *gi_code_handler(const GiCode *code, uint32_t at) {
    size_t low = 0, high = code->handler_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (code->handlers[mid].start <= at) low = mid + 1;
        else high = mid;
    }
    if (low == 0 || at >= code->handlers[low - 1].end) return NULL;
    return &code->handlers[low - 1];
}
