/* bool.c - the type bool, whose two instances True and False are immediate values. */
#include "objects/int_internal.h"

#include "objects/native.h"

static GiRef bool_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "bool", kwnames) || gi_check_args(ts, "bool", nargs, 0, 1)) return GI_NULL;
    if (nargs == 0) return GI_REF_FALSE;
    GiTruth t = gi_truth(ts, args[0]);
    return t.value < 0 ? GI_NULL : gi_bool_ref(t.value);
}

static GiRef bool_repr(GiThread *ts, GiVal self) {
    return gi_intern_cstr(ts, gi_is_true(self) ? "True" : "False");
}

#define BITWISE(name, slot, op) \
    static GiRef name(GiThread *ts, GiVal a, GiVal b) { \
        if (gi_is_bool(a) && gi_is_bool(b)) return gi_bool_ref(gi_is_true(a) op gi_is_true(b)); \
        return slot(ts, a, b); \
    }
BITWISE(bool_and, gi_int_slot_and, &)
BITWISE(bool_or, gi_int_slot_or, |)
BITWISE(bool_xor, gi_int_slot_xor, ^)

GiType gi_bool_type = {
    .obj = GI_TYPE_HEAD,
    .name = "bool",
    .flags = GI_TYPE_INT | GI_TYPE_VARSIZED | GI_TYPE_MATCH_SELF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiInt),
    .item_size = sizeof(mp_limb_t),
    .base = &gi_int_type,
    .doc = "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\nThe builtins True "
           "and False are the only two instances of the class bool.\nThe class bool is a subclass of the "
           "class int, and cannot be subclassed.",
    .new_ = bool_new,
    .vectornew = bool_new,
    .repr = bool_repr,
    .binary = {[GI_BIN_AND] = bool_and, [GI_BIN_OR] = bool_or, [GI_BIN_XOR] = bool_xor},
};
