/* exceptions_internal.h - what the files of exceptions share. */
#ifndef GI_OBJECTS_EXCEPTIONS_INTERNAL_H
#define GI_OBJECTS_EXCEPTIONS_INTERNAL_H

#include "memory/slots.h"
#include "objects/exceptions.h"
#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"

#define EXC_FLAGS (GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_EXCEPTION)

/* BaseException's slots, which more special types call. */
GiRef gi_base_exception_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
GiStatus gi_base_exception_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);
/* TypeError "X() takes no keyword arguments". */
GI_NODISCARD GiStatus gi_exc_no_kwargs(GiThread *ts, GiType *type, GiVal kwnames);
/* (type, args[, state]); args is consumed; state null: the instance's attributes, if any. */
GI_NODISCARD GiRef gi_exc_reduce(GiThread *ts, GiVal self, GiRef args, GiRef state);
/* The attributes as a fresh dict; null without exception when there are none. */
GI_NODISCARD GiRef gi_exc_state(GiThread *ts, GiVal self);
void gi_memory_error_finalize(GiThread *ts, GiVal self);
/* Stores dup(v) in the slot. */
static inline void gi_slot_copy(GiThread *ts, GiSlot *slot, GiVal v) {
    gi_slot_store(ts, slot, gi_xdup(ts, v));
}

#endif
