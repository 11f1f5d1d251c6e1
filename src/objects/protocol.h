/* protocol.h - what can be done with any object. Implemented over the slots of its type.
 *
 * Contracts: arguments borrowed; GiRef results new, null on failure with an exception set.
 */
#ifndef GI_OBJECTS_PROTOCOL_H
#define GI_OBJECTS_PROTOCOL_H

#include "objects/type.h"

/* Text. repr and str give str objects. */
GI_NODISCARD GiRef gi_repr(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_str(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_ascii(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_format(GiThread *ts, GiVal v, GiVal spec); /* spec null: empty */
/* Guards recursive repr: 1 entered before (print "..."), 0 now entered, -1 failed. */
int gi_repr_enter(GiThread *ts, GiVal v);
void gi_repr_leave(GiThread *ts, GiVal v);

/* Comparison, hash, truth. */
GI_NODISCARD GiRef gi_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op);
/* The answer of a comparison whose left side is less (order < 0), equal (0) or greater. */
GiRef gi_order_ref(int64_t order, GiCompareOp op);
GiTruth gi_compare_truth(GiThread *ts, GiVal a, GiVal b, GiCompareOp op);
/* `a is b or a == b`, as containers compare. */
GiTruth gi_equal(GiThread *ts, GiVal a, GiVal b);
GiTruth gi_truth(GiThread *ts, GiVal v);
int64_t gi_hash(GiThread *ts, GiVal v); /* -1: failed */

/* Attributes. Names are str objects. */
GI_NODISCARD GiRef gi_getattr(GiThread *ts, GiVal v, GiVal name);
/* Null without an exception when the attribute is missing (AttributeError is swallowed). */
GI_NODISCARD GiStatus gi_getattr_opt(GiThread *ts, GiVal v, GiVal name, GiRef *out);
GI_NODISCARD GiStatus gi_setattr(GiThread *ts, GiVal v, GiVal name, GiVal value);
GI_NODISCARD GiStatus gi_delattr(GiThread *ts, GiVal v, GiVal name);
GI_NODISCARD GiRef gi_getattr_cstr(GiThread *ts, GiVal v, const char *name);
GI_NODISCARD GiStatus gi_setattr_cstr(GiThread *ts, GiVal v, const char *name, GiVal value);
/* The default slots. */
GiRef gi_object_getattr(GiThread *ts, GiVal v, GiVal name);
GiStatus gi_object_setattr(GiThread *ts, GiVal v, GiVal name, GiVal value);
/* The method `name` of v's type, bound to nothing: *self_needed says that v goes first. Avoids
 * making bound methods. Null on failure (AttributeError). */
GI_NODISCARD GiRef gi_getmethod(GiThread *ts, GiVal v, GiVal name, bool *self_needed);
/* A dunder looked up on the type and bound; null without exception when the type has none. */
GI_NODISCARD GiStatus gi_lookup_special(GiThread *ts, GiVal v, GiVal name, GiRef *out);

/* Calls. */
GI_NODISCARD GiRef gi_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                           GiVal kwnames);
GI_NODISCARD GiRef gi_call0(GiThread *ts, GiVal callable);
GI_NODISCARD GiRef gi_call1(GiThread *ts, GiVal callable, GiVal a);
GI_NODISCARD GiRef gi_call2(GiThread *ts, GiVal callable, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_call3(GiThread *ts, GiVal callable, GiVal a, GiVal b, GiVal c);
/* args: any tuple; kwargs: dict or null. */
GI_NODISCARD GiRef gi_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs);
/* args[0] is the receiver. */
GI_NODISCARD GiRef gi_call_method(GiThread *ts, GiVal name, const GiVal *args, size_t nargs);
GI_NODISCARD GiRef gi_call_method_cstr(GiThread *ts, GiVal self, const char *name,
                                       const GiVal *args, size_t nargs);
bool gi_is_callable(GiVal v);

/* Operators. */
GI_NODISCARD GiRef gi_binary(GiThread *ts, GiBinOp op, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_inplace(GiThread *ts, GiBinOp op, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_unary(GiThread *ts, GiUnOp op, GiVal a);
GI_NODISCARD GiRef gi_power(GiThread *ts, GiVal a, GiVal b, GiVal mod);

/* Numbers. */
GI_NODISCARD GiRef gi_index(GiThread *ts, GiVal v); /* __index__: an int */
/* An index as ssize_t. clip: out of range is clipped; otherwise IndexError ("cannot fit ..."). */
GI_NODISCARD GiStatus gi_as_ssize(GiThread *ts, GiVal v, bool clip, ssize_t *out);
/* C integers through __index__; OverflowError when out of range. */
GI_NODISCARD GiStatus gi_as_i64(GiThread *ts, GiVal v, int64_t *out);
GI_NODISCARD GiStatus gi_as_u64(GiThread *ts, GiVal v, uint64_t *out);
GI_NODISCARD GiStatus gi_as_int(GiThread *ts, GiVal v, int *out);
GI_NODISCARD GiStatus gi_as_double(GiThread *ts, GiVal v, double *out); /* __float__, __index__ */

/* Containers. */
ssize_t gi_length(GiThread *ts, GiVal v); /* -1: failed */
/* operator.length_hint: -1 failed. */
ssize_t gi_length_hint(GiThread *ts, GiVal v, ssize_t fallback);
GI_NODISCARD GiRef gi_getitem(GiThread *ts, GiVal v, GiVal key);
GI_NODISCARD GiStatus gi_setitem(GiThread *ts, GiVal v, GiVal key, GiVal value);
GI_NODISCARD GiStatus gi_delitem(GiThread *ts, GiVal v, GiVal key);
/* What a negative index means to v's item slots: counted from the front, as far as they do not take it as it is. */
GI_NODISCARD GiStatus gi_adjust_index(GiThread *ts, GiVal v, ssize_t *index);
GI_NODISCARD GiRef gi_sequence_item(GiThread *ts, GiVal v, ssize_t index);
GiTruth gi_contains(GiThread *ts, GiVal container, GiVal item);
bool gi_is_sequence(GiVal v);  /* has item access by index (PySequence_Check) */
bool gi_is_mapping(GiVal v);   /* has subscript */

/* Iteration. */
GI_NODISCARD GiRef gi_iter(GiThread *ts, GiVal v);
/* Null with no exception: exhausted (a StopIteration raised by __next__ is swallowed). */
GI_NODISCARD GiRef gi_next(GiThread *ts, GiVal iterator);
/* A StopIteration's value: after gi_next gave null; takes it or None when plain end. */
GiRef gi_take_stop_value(GiThread *ts);
bool gi_is_iterator(GiVal v);
/* list(v) as a fresh list / tuple(v): never shares unless an exact tuple. */
GI_NODISCARD GiRef gi_to_list(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_to_tuple(GiThread *ts, GiVal v);

/* Classes. */
GiTruth gi_isinstance(GiThread *ts, GiVal v, GiVal cls); /* honours __instancecheck__ */
GiTruth gi_issubclass(GiThread *ts, GiVal sub, GiVal cls);

/* C-stack and Python recursion. GI_FAIL: RecursionError is set ("maximum recursion depth
 * exceeded" + where). Pair with gi_leave_recursive. */
GI_NODISCARD GiStatus gi_enter_recursive(GiThread *ts, const char *where);
static inline void gi_leave_recursive(GiThread *ts) { ts->recursion--; }

#endif
