/* slots.c - the slow ways of slots that several threads use. See slots.h. */
#include "memory/slots.h"

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
