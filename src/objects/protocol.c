/* protocol.c - text, comparison, hash, truth, containers and iteration of any object.
 *
 * No state but the thread's list of objects whose repr is being made.
 */
#include "objects/protocol.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/stack.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include "base/hash.h"
#include "objects/whole.h"

/* ---- Text ---- */

/* Passes a str on; anything else is what `method` may not return. Consumes. */
static GiRef check_str(GiThread *ts, GiRef r, const char *method) {
    if (GI_LIKELY(gi_is_null(r) || gi_is_str(r))) return r;
    gi_raise(ts, &gi_exc_TypeError, "%s returned non-string (type %.200T)", method, gi_val(r));
    gi_drop(ts, r);
    return GI_NULL;
}

GiRef gi_repr(GiThread *ts, GiVal v) {
    if (gi_is_null(v)) return gi_str_from_cstr(ts, "<NULL>");
    if (gi_enter_recursive(ts, " while getting the repr of an object")) return GI_NULL;
    GiUnaryFn repr = gi_type_of(v)->repr;
    GiRef r = repr ? repr(ts, v) : gi_object_repr(ts, v);
    gi_leave_recursive(ts);
    return check_str(ts, r, "__repr__");
}

GiRef gi_str(GiThread *ts, GiVal v) {
    if (gi_is_null(v)) return gi_str_from_cstr(ts, "<NULL>");
    if (gi_is_str_exact(v)) return gi_dup(ts, v);
    GiUnaryFn str = gi_type_of(v)->str;
    if (!str) return gi_repr(ts, v);
    if (gi_enter_recursive(ts, " while getting the str of an object")) return GI_NULL;
    GiRef r = str(ts, v);
    gi_leave_recursive(ts);
    return check_str(ts, r, "__str__");
}

GiRef gi_ascii(GiThread *ts, GiVal v) {
    GiRef text = gi_repr(ts, v);
    if (gi_is_null(text) || gi_str_is_ascii(text)) return text;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t n = gi_str_len(text);
    for (size_t i = 0; i < n; i++) {
        static const char digits[] = "0123456789abcdef";
        uint32_t c = gi_str_char(gi_val(text), i);
        if (c < 0x80) {
            gi_sb_char(&sb, c);
            continue;
        }
        int width = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        gi_sb_char(&sb, '\\');
        gi_sb_char(&sb, width == 2 ? 'x' : width == 4 ? 'u' : 'U');
        for (int k = width - 1; k >= 0; k--) gi_sb_char(&sb, (uint8_t)digits[c >> (4 * k) & 15]);
    }
    gi_drop(ts, text);
    return gi_sb_finish(&sb);
}

GiRef gi_format(GiThread *ts, GiVal v, GiVal spec) {
    bool empty = gi_is_null(spec) || (gi_is_str(spec) && gi_str_len(spec) == 0);
    if (!gi_is_null(spec) && !gi_is_str(spec))
        return gi_raise_ref(ts, &gi_exc_SystemError, "Format specifier must be a string, not %.200T", spec);
    if (empty) {
        if (gi_is_str_exact(v)) return gi_dup(ts, v);
        if (gi_is_smallint(v) || gi_is_exact(v, &gi_int_type)) return gi_str(ts, v);
    }
    else if (gi_is_smallint(v)) return gi_int_format(ts, v, spec);
    else if (gi_is_double(v)) return gi_float_format_spec(ts, v, spec);
    else if (gi_is_str_exact(v)) return gi_str_format_spec(ts, v, spec);
    GiRef none = GI_NULL;
    if (gi_is_null(spec)) {
        none = gi_str_from_latin1(ts, "", 0);
        if (gi_is_null(none)) return GI_NULL;
        spec = gi_val(none);
    }
    GiVal args[2] = {v, spec};
    GiRef r;
    if (gi_call_special_opt(ts, GI_N(__format__), args, 2, &r)) {
        gi_xdrop(ts, none);
        return GI_NULL;
    }
    gi_xdrop(ts, none);
    if (gi_is_null(r))
        return gi_raise_ref(ts, &gi_exc_TypeError, "Type %.100T doesn't define __format__", v);
    if (gi_is_str(r)) return r;
    gi_raise(ts, &gi_exc_TypeError, "__format__ must return a str, not %.200T", gi_val(r));
    gi_drop(ts, r);
    return GI_NULL;
}

int gi_repr_enter(GiThread *ts, GiVal v) {
    if (gi_is_null(ts->repr_stack)) {
        GiRef list = gi_list_new(ts, 8);
        if (gi_is_null(list)) return -1;
        gi_slot_init(&ts->repr_stack, list);
    }
    GiVal stack = gi_val(ts->repr_stack);
    for (size_t i = gi_list_len(stack); i-- > 0;)
        if (gi_same(gi_list_peek_locked(stack, i), v)) return 1;
    return gi_list_append(ts, stack, gi_dup(ts, v)) ? -1 : 0;
}

void gi_repr_leave(GiThread *ts, GiVal v) {
    if (gi_is_null(ts->repr_stack)) return;
    GiList *stack = gi_list_of(ts->repr_stack);
    for (size_t i = stack->count; i-- > 0;) {
        if (!gi_same(stack->items[i], v)) continue;
        GiRef r = gi_slot_take(&stack->items[i]);
        memmove(&stack->items[i], &stack->items[i + 1], (stack->count - i - 1) * sizeof(GiSlot));
        stack->count--;
        gi_drop(ts, r);
        return;
    }
}

/* ---- Comparison, hash, truth ---- */

static const char *const op_text[] = {"<", "<=", "==", "!=", ">", ">="};
static const uint8_t swapped[] = {GI_GT, GI_GE, GI_EQ, GI_NE, GI_LT, GI_LE};

static GiRef compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b);
    bool reflected = false;
    if (ta != tb && tb->compare && gi_is_subtype(tb, ta)) {
        reflected = true;
        GiRef r = tb->compare(ts, b, a, (GiCompareOp)swapped[op]);
        if (!gi_is_notimplemented(r)) return r;
    }
    if (ta->compare) {
        GiRef r = ta->compare(ts, a, b, op);
        if (!gi_is_notimplemented(r)) return r;
    }
    if (!reflected && tb->compare) {
        GiRef r = tb->compare(ts, b, a, (GiCompareOp)swapped[op]);
        if (!gi_is_notimplemented(r)) return r;
    }
    if (op == GI_EQ) return gi_bool_ref(gi_same(a, b));
    if (op == GI_NE) return gi_bool_ref(!gi_same(a, b));
    return gi_raise_ref(ts, &gi_exc_TypeError,
                        "'%s' not supported between instances of '%.100T' and '%.100T'", op_text[op], a, b);
}

GiRef gi_order_ref(int64_t order, GiCompareOp op) {
    switch (op) {
    case GI_LT: return gi_bool_ref(order < 0);
    case GI_LE: return gi_bool_ref(order <= 0);
    case GI_EQ: return gi_bool_ref(order == 0);
    case GI_NE: return gi_bool_ref(order != 0);
    case GI_GT: return gi_bool_ref(order > 0);
    default: return gi_bool_ref(order >= 0);
    }
}

GiRef gi_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if (gi_enter_recursive(ts, " in comparison")) return GI_NULL;
    GiRef r = compare(ts, a, b, op);
    gi_leave_recursive(ts);
    return r;
}

GiTruth gi_compare_truth(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    GiRef r = gi_compare(ts, a, b, op);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    if (GI_LIKELY(gi_is_bool(r))) return gi_truth_of(gi_is_true(r));
    GiTruth truth = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return truth;
}

GiTruth gi_equal(GiThread *ts, GiVal a, GiVal b) {
    if (gi_same(a, b)) return GI_TRUTH_YES;
    if (gi_is_smallint(a) && gi_is_smallint(b)) return GI_TRUTH_NO;
    if (gi_is_heap(a) && gi_is_heap(b) && gi_is_str_exact(a) && gi_is_str_exact(b))
        return gi_truth_of(gi_str_equal(a, b));
    return gi_compare_truth(ts, a, b, GI_EQ);
}

int64_t gi_hash(GiThread *ts, GiVal v) {
    if (gi_is_smallint(v)) return gi_hash_i64(gi_smallint_value(v));
    if (gi_is_str_exact(v)) return gi_str_hash(ts, v);
    int64_t (*hash)(GiThread *, GiVal) = gi_type_of(v)->hash;
    if (gi_stack_spent(ts)) return -1;
    return hash ? hash(ts, v) : gi_hash_unhashable(ts, v);
}

GiTruth gi_truth(GiThread *ts, GiVal v) {
    if (gi_is_bool(v)) return gi_truth_of(gi_is_true(v));
    if (gi_is_none(v)) return GI_TRUTH_NO;
    if (gi_is_smallint(v)) return gi_truth_of(gi_smallint_value(v) != 0);
    GiType *type = gi_type_of(v);
    if (type->truth) return type->truth(ts, v);
    if (!type->length) return GI_TRUTH_YES;
    ssize_t n = type->length(ts, v);
    return n < 0 ? GI_TRUTH_FAIL : gi_truth_of(n > 0);
}

/* ---- Containers ---- */

ssize_t gi_length(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    if (gi_stack_spent(ts)) return -1;
    if (GI_LIKELY(type->length)) return type->length(ts, v);
    gi_raise(ts, &gi_exc_TypeError, "object of type '%.200T' has no len()", v);
    return -1;
}

ssize_t gi_length_hint(GiThread *ts, GiVal v, ssize_t fallback) {
    if (gi_type_of(v)->length) {
        ssize_t n = gi_length(ts, v);
        if (n >= 0) return n;
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return -1;
        gi_exc_clear(ts);
    }
    GiRef r;
    if (gi_call_special_opt(ts, GI_N(__length_hint__), &v, 1, &r)) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return -1;
        gi_exc_clear(ts);
        return fallback;
    }
    if (gi_is_null(r)) return fallback;
    ssize_t n = -1;
    if (gi_is_notimplemented(r)) {
        n = fallback;
    } else if (!gi_is_int(gi_val(r))) {
        gi_raise(ts, &gi_exc_TypeError, "__length_hint__ must be an integer, not %.100T", gi_val(r));
    } else {
        int64_t i;
        if (gi_int_as_i64(gi_val(r), &i) != 0)
            gi_raise(ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
        else if (i < 0)
            gi_raise(ts, &gi_exc_ValueError, "__length_hint__() should return >= 0");
        else
            n = (ssize_t)i;
    }
    gi_drop(ts, r);
    return n;
}

GiStatus gi_adjust_index(GiThread *ts, GiVal v, ssize_t *index) {
    GiType *type = gi_type_of(v);
    if (*index >= 0 || !type->length || type->flags & GI_TYPE_ITEM_FROM_END) return GI_OK;
    ssize_t n = type->length(ts, v);
    if (n < 0) return GI_FAIL;
    *index += n;
    return GI_OK;
}

static bool has_index(GiVal v) { return gi_type_of(v)->index != NULL; }

/* C[key] of a class without __getitem__ in its metaclass. */
static GiRef class_getitem(GiThread *ts, GiVal cls, GiVal key) {
    if (gi_as_type(cls) == &gi_type_type) return gi_generic_alias_new(ts, cls, key);
    GiRef method;
    if (gi_getattr_opt(ts, cls, GI_N(__class_getitem__), &method)) return GI_NULL;
    if (gi_is_null(method) || gi_is_none(method))
        return gi_raise_ref(ts, &gi_exc_TypeError, "type '%.200s' is not subscriptable",
                            gi_as_type(cls)->name);
    GiRef r = gi_call1(ts, gi_val(method), key);
    gi_drop(ts, method);
    return r;
}

/* True if item `at`, `i` from the end of a builtin sequence, was out of range only because other
 * threads have made that shorter; the IndexError is then cleared. */
static GI_COLD bool moved_meanwhile(GiThread *ts, GiVal v, ssize_t i, ssize_t at) {
    if (!ts->core.free_running || i >= 0 || at < 0 || gi_type_of(v)->flags & GI_TYPE_HEAP ||
        !gi_exc_matches(ts, &gi_exc_IndexError))
        return false; /* at was in range when the length was read */
    gi_exc_clear(ts);
    return true;
}

GiRef gi_getitem(GiThread *ts, GiVal v, GiVal key) {
    GiType *type = gi_type_of(v);
    if (gi_stack_spent(ts)) return GI_NULL;
    if (GI_LIKELY(type->subscript)) return type->subscript(ts, v, key);
    if (type->item) {
        if (!has_index(key))
            return gi_raise_ref(ts, &gi_exc_TypeError, "sequence index must be integer, not '%.200T'", key);
        ssize_t i, at;
        if (gi_as_ssize(ts, key, false, &i)) return GI_NULL;
        for (;;) {
            at = i;
            if (gi_adjust_index(ts, v, &at)) return GI_NULL;
            GiRef r = type->item(ts, v, at);
            if (GI_LIKELY(!gi_is_null(r)) || !moved_meanwhile(ts, v, i, at)) return r;
        }
    }
    if (gi_is_type(v)) return class_getitem(ts, v, key);
    return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object is not subscriptable", v);
}

static GiStatus store_item(GiThread *ts, GiVal v, GiVal key, GiVal value) {
    GiType *type = gi_type_of(v);
    if (GI_LIKELY(type->set_subscript)) return type->set_subscript(ts, v, key, value);
    if (type->set_item) {
        if (!has_index(key))
            return gi_raise_status(ts, &gi_exc_TypeError, "sequence index must be integer, not '%.200T'",
                                   key);
        ssize_t i, at;
        if (gi_as_ssize(ts, key, false, &i)) return GI_FAIL;
        for (;;) {
            at = i;
            if (gi_adjust_index(ts, v, &at)) return GI_FAIL;
            GiStatus status = type->set_item(ts, v, at, value);
            if (GI_LIKELY(status == GI_OK) || !moved_meanwhile(ts, v, i, at)) return status;
        }
    }
    bool sequence = has_index(key) && ((type->flags & GI_TYPE_HEAP) || type->item || type->concat || (type->flags & GI_TYPE_SET));
    ssize_t i; /* PYSEM: a sequence reads the index before it refuses */
    if (sequence && gi_as_ssize(ts, key, false, &i)) return GI_FAIL;
    if (!gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "'%.200T' object does not support item assignment", v);
    return gi_raise_status(ts, &gi_exc_TypeError, "'%.200T' object %s support item deletion", v,
                           sequence ? "doesn't" : "does not");
}

GiStatus gi_setitem(GiThread *ts, GiVal v, GiVal key, GiVal value) { return store_item(ts, v, key, value); }
GiStatus gi_delitem(GiThread *ts, GiVal v, GiVal key) { return store_item(ts, v, key, GI_NOVAL); }

GiRef gi_sequence_item(GiThread *ts, GiVal v, ssize_t index) {
    GiType *type = gi_type_of(v);
    if (type->item) {
        if (gi_adjust_index(ts, v, &index)) return GI_NULL;
        return type->item(ts, v, index);
    }
    if (type->subscript)
        return gi_raise_ref(ts, &gi_exc_TypeError, "%.200T is not a sequence", v);
    return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object does not support indexing", v);
}

static GiTruth contains_by_iteration(GiThread *ts, GiVal container, GiVal item) {
    GiRef it = gi_iter_whole(ts, container);
    if (gi_is_null(it)) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "argument of type '%.200T' is not iterable", container);
        }
        return GI_TRUTH_FAIL;
    }
    GiTruth found = GI_TRUTH_NO;
    while (found.value == 0) {
        GiRef x = gi_next(ts, gi_val(it));
        if (gi_is_null(x)) {
            if (gi_raised(ts)) found = GI_TRUTH_FAIL;
            break;
        }
        found = gi_equal(ts, gi_val(x), item);
        gi_drop(ts, x);
    }
    gi_drop(ts, it);
    return found;
}

GiTruth gi_contains(GiThread *ts, GiVal container, GiVal item) {
    GiType *type = gi_type_of(container);
    if (gi_stack_spent(ts)) return GI_TRUTH_FAIL;
    if (GI_LIKELY(type->contains)) return type->contains(ts, container, item);
    return contains_by_iteration(ts, container, item);
}

bool gi_is_sequence(GiVal v) {
    GiType *type = gi_type_of(v);
    return type->item && !(type->flags & GI_TYPE_DICT);
}

bool gi_is_mapping(GiVal v) { return gi_type_of(v)->subscript != NULL; }

/* ---- Iteration ---- */

GiRef gi_iter(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    if (gi_stack_spent(ts)) return GI_NULL;
    if (GI_LIKELY(type->iter)) {
        GiRef it = type->iter(ts, v);
        if (GI_LIKELY(gi_is_null(it) || gi_type_of(gi_val(it))->next)) return it;
        gi_raise(ts, &gi_exc_TypeError, "iter() returned non-iterator of type '%.100T'", gi_val(it));
        gi_drop(ts, it);
        return GI_NULL;
    }
    if (gi_is_sequence(v)) return gi_seqiter_new(ts, v);
    return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object is not iterable", v);
}

GiRef gi_next(GiThread *ts, GiVal iterator) {
    if (GI_UNLIKELY(!gi_is_null(ts->stop_value))) gi_slot_clear(ts, &ts->stop_value);
    GiUnaryFn next = gi_type_of(iterator)->next;
    if (gi_stack_spent(ts)) return GI_NULL;
    if (GI_UNLIKELY(!next))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object is not an iterator", iterator);
    GiRef r = next(ts, iterator);
    if (GI_UNLIKELY(gi_is_null(r) && gi_raised(ts)) && gi_exc_matches(ts, &gi_exc_StopIteration)) {
        GiRef exc = gi_exc_take(ts), value;
        if (gi_getattr_opt(ts, gi_val(exc), GI_N(value), &value))
            gi_exc_clear(ts);
        else
            gi_slot_set(ts, &ts->stop_value, value);
        gi_drop(ts, exc);
    }
    return r;
}

GiRef gi_take_stop_value(GiThread *ts) {
    GiRef value = gi_slot_take(&ts->stop_value);
    return gi_is_null(value) ? GI_REF_NONE : value;
}

bool gi_is_iterator(GiVal v) { return gi_type_of(v)->next != NULL; }
