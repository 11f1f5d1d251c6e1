/* slots.c - the slow ways of slots that several threads use. See slots.h. */
#include "memory/slots.h"

#include "threads/locks.h"

GiRef gi_slot_load_foreign(GiThread *ts, const GiSlot *slot, uint64_t bits) {
    for (;;) {
        GiRef r = {bits};
        bool counted = bits - 1 >= GI_TAG_SPECIAL - 1 || gi_try_incref(ts, gi_obj(r));
        uint64_t now = __atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE);
        if (counted && now == bits) return r;
        if (counted) gi_xdrop(ts, r);
        bits = now;
    }
}

GiRef gi_slot_exchange_contended(GiSlot *slot, GiRef r) {
    gi_keep_away(0);
    return (GiRef){__atomic_exchange_n(&slot->bits, r.bits, __ATOMIC_ACQ_REL)};
}
