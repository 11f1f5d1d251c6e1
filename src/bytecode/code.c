/* code.c - making code objects, and looking things up in their tables. */
#include "bytecode/code.h"
#include "objects/error.h"

#include <sys/mman.h>

static void source_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiCodeSource *source = (GiCodeSource *)obj;
    if (source->mapping != NULL) munmap(source->mapping, source->mapped);
}
GiType gi_code_source_type = {
    .obj = GI_TYPE_HEAD,
    .name = "code_source",
    .flags = GI_TYPE_IMMUTABLE | GI_TYPE_NO_NEW | GI_TYPE_LASTING,
    .size = sizeof(GiCodeSource),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiCodeSource, owner), GI_FIELDS_END},
    .destroy = source_destroy,
};

GiRef gi_code_source_new(GiThread *ts, GiRef owner, void *mapping, size_t mapped, GiReadBody read) {
    GiCodeSource *source = (GiCodeSource *)gi_heap_new(ts, &gi_code_source_type, sizeof(GiCodeSource));
    if (source == NULL) {
        gi_xdrop(ts, owner);
        if (mapping != NULL) munmap(mapping, mapped);
        return GI_NULL;
    }
    gi_slot_init(&source->owner, owner);
    source->mapping = mapping;
    source->mapped = mapped;
    source->trusted = mapping != NULL;
    source->read = read;
    return gi_own_obj(source);
}

static void drop_slots(GiThread *ts, GiSlot *slots, size_t count) {
    for (size_t i = 0; slots != NULL && i < count; i++) gi_slot_clear(ts, &slots[i]);
    gi_mem_free(slots);
}

void gi_code_drop_part(GiThread *ts, GiCode *part) {
    drop_slots(ts, part->consts, part->const_count);
    drop_slots(ts, part->names, part->name_count);
    drop_slots(ts, part->variables, part->variable_count);
    gi_slot_clear(ts, &part->doc);
    gi_mem_free(part->instrs);
    gi_mem_free(part->variable_is_cell);
    gi_mem_free(part->handlers);
    gi_mem_free(part->own_positions);
}

/* Puts a body that was read in its place; false when another thread was first. */
static bool publish(GiThread *ts, GiCode *code, const GiCode *part) {
    bool first = false;
    GI_LOCKED(&ts->core, (GiByteLock *)gi_obj_lock_byte(&code->obj)) {
        first = code->instrs == NULL;
        if (first) {
            memcpy((char *)code + offsetof(GiCode, instr_count), (const char *)part + offsetof(GiCode, instr_count),
                   sizeof *code - offsetof(GiCode, instr_count));
            __atomic_store_n(&code->instrs, part->instrs, __ATOMIC_RELEASE);
        }
    }
    return first;
}

static bool must_verify(const GiCodeSource *source) {
#ifndef NDEBUG
    (void)source;
    return true;
#else
    return !source->trusted;
#endif
}

/* Two threads may read the same body; one of the results is thrown away. */
GiStatus gi_code_load_slow(GiThread *ts, GiCode *code) {
    GiRef keep = gi_dup(ts, gi_from_obj(code));
    GiCode part = {.instrs = NULL};
    memcpy(&part, code, offsetof(GiCode, instrs));
    GiCodeSource *source = (GiCodeSource *)gi_obj(code->source);
    GiStatus status = source->read(ts, code, &part, false);
    if (status == GI_OK && must_verify(source)) status = gi_code_verify(ts, &part);
    if (status < 0 || !publish(ts, code, &part)) gi_code_drop_part(ts, &part);
    gi_drop(ts, keep);
    return status;
}

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
    if (code->instrs != NULL) return gi_code_verify(ts, code);
#endif
    return GI_OK;
}

GiRef gi_code_doc(GiThread *ts, GiCode *code) {
    if (__atomic_load_n(&code->instrs, __ATOMIC_ACQUIRE) != NULL)
        return code->doc.bits ? gi_slot_dup(ts, &code->doc) : GI_REF_NONE;
    GiCode part = {.instrs = NULL};
    memcpy(&part, code, offsetof(GiCode, instrs));
    GiRef keep = gi_dup(ts, gi_from_obj(code));
    if (((GiCodeSource *)gi_obj(code->source))->read(ts, code, &part, true) < 0) gi_code_drop_part(ts, &part);
    gi_drop(ts, keep);
    return gi_slot_take(&part.doc);
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
