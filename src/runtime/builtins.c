/* builtins.c - the functions of module builtins, but for compile, eval, exec and input
 * (builtins_code.c) and class creation (build_class.c).
 */
#include "objects/container.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/whole.h"
#include "runtime/builtins_internal.h"
#include "runtime/runtime.h"
#include "vm/fast_paths.h"
#include "vm/generator.h"
#include "runtime/builtins.gen.h"

GI_FUNCTION(builtins, abs, "(x, /)", "Return the absolute value of the argument.") { return gi_unary(ts, GI_UN_ABS, a->x); }

/* Whether one of the first items has the truth that is `wanted`: when it was read, that was the answer, whatever
 * others do meanwhile, and the rest need not be copied. Only what is told without Python code is looked at. */
static GI_COLD bool found_in_front(GiThread *ts, GiVal iterable, int wanted) {
    if (!gi_has_flag(iterable, GI_TYPE_LIST | GI_TYPE_DICT | GI_TYPE_SET) || !gi_is_builtin(iterable)) return false;
    GiRef it = gi_iter(ts, iterable), item = GI_NULL;
    bool found = false, plain = true;
    for (int i = 0; i < 16 && !found && plain && !gi_is_null(it); i++) {
        item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) break;
        plain = !gi_is_heap(item) || gi_is_str_exact(item);
        found = plain && gi_truth(ts, gi_val(item)).value == wanted;
        gi_drop(ts, item);
    }
    gi_xdrop(ts, it);
    if (gi_raised(ts)) gi_exc_clear(ts);
    return found;
}

/* any() and all(): stops at the first item whose truth is `wanted`. */
static GiRef find_truth(GiThread *ts, GiVal iterable, int wanted) {
    if (GI_UNLIKELY(ts->core.free_running) && found_in_front(ts, iterable, wanted)) return gi_bool_ref(wanted);
    GiRef it = gi_iter_whole(ts, iterable);
    if (gi_is_null(it)) return it;
    GiRef item;
    while (!gi_is_null(item = gi_next(ts, gi_val(it)))) {
        GiTruth t = gi_truth(ts, gi_val(item));
        gi_drop(ts, item);
        if (t.value < 0 || t.value == wanted) {
            gi_drop(ts, it);
            return t.value < 0 ? GI_NULL : gi_bool_ref(wanted);
        }
    }
    gi_drop(ts, it);
    return gi_raised(ts) ? GI_NULL : gi_bool_ref(!wanted);
}
GI_FUNCTION(builtins, all, "(iterable, /)",
            "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.") {
    return find_truth(ts, a->iterable, 0);
}
GI_FUNCTION(builtins, any, "(iterable, /)",
            "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.") {
    return find_truth(ts, a->iterable, 1);
}
GI_FUNCTION(builtins, ascii, "(obj, /)",
            "Return an ASCII-only representation of an object.\n\nAs repr(), return a string containing a printable "
            "representation of an\nobject, but escape the non-ASCII characters in the string returned by\nrepr() using "
            "\\\\x, \\\\u or \\\\U escapes. This generates a string similar\nto that returned by repr() in Python 2.") {
    return gi_ascii(ts, a->obj);
}
static GiRef number_text(GiThread *ts, GiVal v, int base) {
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return n;
    GiRef text = gi_int_to_str(ts, gi_val(n), base, true);
    gi_drop(ts, n);
    return text;
}
GI_FUNCTION(builtins, bin, "(number, /)",
            "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'") {
    return number_text(ts, a->number, 2);
}
GI_FUNCTION(builtins, oct, "(number, /)",
            "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'") {
    return number_text(ts, a->number, 8);
}
GI_FUNCTION(builtins, hex, "(number, /)",
            "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'") {
    return number_text(ts, a->number, 16);
}
GI_FUNCTION(builtins, breakpoint, "(*args, **kws)",
            "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws).  sys.breakpointhook() must accept\nwhatever "
            "arguments are passed.\n\nBy default, this drops you into the pdb debugger.") {
    GiRef hook = gi_sys_get(ts, "breakpointhook");
    if (gi_is_null(hook)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "lost sys.breakpointhook");
    GiRef tuple = gi_tuple_from(ts, a->args, a->args_count);
    GiRef r = gi_is_null(tuple) ? GI_NULL : gi_call_ex(ts, gi_val(hook), gi_val(tuple), a->kws);
    gi_xdrop(ts, tuple);
    gi_drop(ts, hook);
    return r;
}
GI_FUNCTION(builtins, callable, "(obj, /)",
            "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are "
            "instances of classes with a\n__call__() method.") {
    return gi_bool_ref(gi_is_callable(a->obj));
}
GI_FUNCTION(builtins, chr, "(i: int, /)",
            "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.") {
    if (a->i < 0 || a->i > 0x10FFFF)
        return gi_raise_ref(ts, &gi_exc_ValueError, "chr() arg not in range(0x110000)");
    return gi_str_from_char(ts, (uint32_t)a->i);
}
GI_FUNCTION(builtins, ord, "(c, /)", "Return the Unicode code point for a one-character string.") {
    size_t n;
    if (gi_is_str(a->c)) {
        n = gi_str_len(a->c);
        if (n == 1) return gi_smallint_ref(gi_str_char(a->c, 0));
    } else if (gi_is_bytes(a->c)) {
        n = gi_bytes_len(a->c);
        if (n == 1) return gi_smallint_ref(gi_bytes_data(a->c)[0]);
    } else if (gi_is_bytearray(a->c)) {
        GiByteArray *array = (GiByteArray *)gi_obj(a->c);
        n = array->length;
        if (n == 1) return gi_smallint_ref(array->data[0]);
    } else {
        return gi_raise_ref(ts, &gi_exc_TypeError, "ord() expected string of length 1, but %T found", a->c);
    }
    return gi_raise_ref(ts, &gi_exc_TypeError, "ord() expected a character, but string of length %zu found", n);
}
GI_FUNCTION(builtins, divmod, "(x, y, /)", "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.") {
    return gi_binary(ts, GI_BIN_DIVMOD, a->x, a->y);
}
GI_FUNCTION(builtins, format, "(value, format_spec: str = '', /)",
            "Return value.__format__(format_spec)\n\nMany built-in types implement format_spec according to the\nFormat "
            "Specification Mini-language. See help('FORMATTING') for\ndetails.") {
    return gi_format(ts, a->value, a->format_spec);
}
GI_FUNCTION(builtins, getattr, "(object, name, default = <null>, /)",
            "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is "
            "equivalent to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; "
            "without it, an exception is raised in that case.") {
    if (!gi_is_str(a->name))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%T'", a->name);
    if (gi_is_null(a->default_)) return gi_getattr(ts, a->object, a->name);
    GiRef r;
    if (gi_getattr_opt(ts, a->object, a->name, &r) < 0) return GI_NULL;
    return gi_is_null(r) ? gi_dup(ts, a->default_) : r;
}
GI_FUNCTION(builtins, hasattr, "(obj, name, /)",
            "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) "
            "and catching AttributeError.") {
    GiRef r;
    if (!gi_is_str(a->name))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%T'", a->name);
    if (gi_getattr_opt(ts, a->obj, a->name, &r) < 0) return GI_NULL;
    if (gi_is_null(r)) return GI_REF_FALSE;
    gi_drop(ts, r);
    return GI_REF_TRUE;
}
GI_FUNCTION(builtins, setattr, "(obj, name, value, /)",
            "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to "
            "``x.y = v``") {
    if (!gi_is_str(a->name))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%T'", a->name);
    return gi_setattr(ts, a->obj, a->name, a->value) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(builtins, delattr, "(obj, name, /)",
            "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``") {
    if (!gi_is_str(a->name))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%T'", a->name);
    return gi_delattr(ts, a->obj, a->name) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(builtins, hash, "(obj, /)",
            "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash "
            "value, but the\nreverse is not necessarily true.") {
    int64_t h = gi_hash(ts, a->obj);
    return h == -1 ? GI_NULL : gi_int_from_i64(ts, h);
}
GI_FUNCTION(builtins, id, "(obj, /)",
            "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing "
            "objects.\n(CPython uses the object's memory address.)") {
    if (gi_auditf(ts, "builtins.id", "u", a->obj.bits) < 0) return GI_NULL;
    return gi_int_from_u64(ts, a->obj.bits);
}
GI_FUNCTION(builtins, isinstance, "(obj, class_or_tuple, /)",
            "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in "
            "``isinstance(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to "
            "``isinstance(x, A) or isinstance(x, B)\nor ...`` etc.") {
    GiTruth t = gi_isinstance(ts, a->obj, a->class_or_tuple);
    return t.value < 0 ? GI_NULL : gi_bool_ref(t.value);
}
GI_FUNCTION(builtins, issubclass, "(cls, class_or_tuple, /)",
            "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, "
            "(A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or "
            "issubclass(x, B)\nor ...``.") {
    GiTruth t = gi_issubclass(ts, a->cls, a->class_or_tuple);
    return t.value < 0 ? GI_NULL : gi_bool_ref(t.value);
}
GI_FUNCTION(builtins, iter, "(object, sentinel = <null>, /)",
            "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.  In the "
            "first form, the argument must\nsupply its own iterator, or be a sequence.\nIn the second form, the callable is "
            "called until it returns the sentinel.") {
    if (gi_is_null(a->sentinel)) return gi_iter(ts, a->object);
    if (!gi_is_callable(a->object)) return gi_raise_ref(ts, &gi_exc_TypeError, "iter(v, w): v must be callable");
    return gi_calliter_new(ts, a->object, a->sentinel);
}
GI_FUNCTION(builtins, next, "(iterator, default = <null>, /)",
            "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis "
            "exhausted, it is returned instead of raising StopIteration.") {
    GiType *type = gi_type_of(a->iterator);
    if (type->next == NULL) return gi_raise_ref(ts, &gi_exc_TypeError, "'%T' object is not an iterator", a->iterator);
    GiRef r = type->next(ts, a->iterator);
    if (!gi_is_null(r)) return r;
    if (!gi_is_null(a->default_)) {
        if (gi_raised(ts)) {
            if (!gi_exc_matches(ts, &gi_exc_StopIteration)) return GI_NULL;
            gi_exc_clear(ts);
        }
        return gi_dup(ts, a->default_);
    }
    if (!gi_raised(ts)) gi_raise_none(ts, &gi_exc_StopIteration);
    return GI_NULL;
}
GI_FUNCTION(builtins, aiter, "(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object.") {
    GiType *type = gi_type_of(a->async_iterable);
    if (type->aiter == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%T' object is not an async iterable", a->async_iterable);
    GiRef it = type->aiter(ts, a->async_iterable);
    if (!gi_is_null(it) && gi_type_of(gi_val(it))->anext == NULL) {
        gi_raise(ts, &gi_exc_TypeError, "aiter() returned not an async iterator of type '%T'", gi_val(it));
        gi_drop(ts, it);
        return GI_NULL;
    }
    return it;
}
GI_FUNCTION(builtins, len, "(obj, /)", "Return the number of items in a container.") {
    ssize_t n = gi_length(ts, a->obj);
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
GI_FUNCTION(builtins, pow, "(base, exp, mod = None)",
            "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are "
            "able to use a more efficient algorithm when\ninvoked using the three argument form.") {
    if (gi_is_null(a->mod) || gi_is_none(a->mod)) return gi_power(ts, a->base, a->exp, GI_NONE);
    return gi_power(ts, a->base, a->exp, a->mod);
}
GI_FUNCTION(builtins, repr, "(obj, /)",
            "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, "
            "eval(repr(obj)) == obj.") {
    return gi_repr(ts, a->obj);
}
GI_FUNCTION(builtins, round, "(number, ndigits = None)",
            "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted "
            "or None.  Otherwise\nthe return value has the same type as the number.  ndigits may be negative.") {
    GiRef method;
    if (gi_lookup_special(ts, a->number, GI_N(__round__), &method) < 0) return GI_NULL;
    if (gi_is_null(method))
        return gi_raise_ref(ts, &gi_exc_TypeError, "type %T doesn't define __round__ method", a->number);
    GiRef r = gi_is_null(a->ndigits) || gi_is_none(a->ndigits) ? gi_call0(ts, gi_val(method))
                                                               : gi_call1(ts, gi_val(method), a->ndigits);
    gi_drop(ts, method);
    return r;
}
/* sorted: list.sort on a list of its own. Unpacks for itself, so that list.sort words the complaints. */
static GiRef sorted(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_check_args(ts, "sorted", nargs, 1, 1) < 0) return GI_NULL;
    GiRef list = gi_to_list(ts, args[0]);
    if (gi_is_null(list)) return list;
    GiStatus status;
    if (gi_is_null(kwnames)) {
        status = gi_list_sort(ts, gi_val(list), GI_NOVAL, false);
    } else {
        GiRef sort = gi_getattr_cstr(ts, gi_val(list), "sort");
        GiRef r = gi_is_null(sort) ? GI_NULL : gi_call(ts, gi_val(sort), args + 1, 0, kwnames);
        status = gi_is_null(r) ? GI_FAIL : GI_OK;
        gi_xdrop(ts, sort);
        gi_xdrop(ts, r);
    }
    if (status == GI_OK) return list;
    gi_drop(ts, list);
    return GI_NULL;
}
static const GiMethodDef sorted_functions[] = {
    {.name = "sorted", .body = (GiNativeBody)(void (*)(void))sorted, .shape = GI_CALL_RAW, .binding = GI_METHOD_FUNCTION,
     .text_signature = "($module, iterable, /, *, key=None, reverse=False)",
     .doc = "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be "
            "supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending "
            "order."},
    {.name = NULL}};
GI_FUNCTION(builtins, sum, "(iterable, /, start = 0)",
            "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, "
            "return the start value.\nThis function is intended specifically for use with numeric values and may\nreject "
            "non-numeric types.") {
    GiRef it = gi_iter_whole(ts, a->iterable);
    if (gi_is_null(it)) return it;
    GiRef total;
    if (gi_is_null(a->start)) {
        total = gi_smallint_ref(0);
    } else {
        const char *what = gi_is_str(a->start) ? "strings [use ''.join(seq) instead]"
                           : gi_is_bytes(a->start) ? "bytes [use b''.join(seq) instead]"
                           : gi_is_bytearray(a->start) ? "bytearray [use b''.join(seq) instead]" : NULL;
        if (what != NULL) {
            gi_drop(ts, it);
            return gi_raise_ref(ts, &gi_exc_TypeError, "sum() can't sum %s", what);
        }
        total = gi_dup(ts, a->start);
    }
    GiRef item;
    while (!gi_is_null(item = gi_next(ts, gi_val(it)))) {
        GiRef next = gi_binary(ts, GI_BIN_ADD, gi_val(total), gi_val(item));
        gi_drop(ts, item);
        gi_drop(ts, total);
        if (gi_is_null(next)) {
            gi_drop(ts, it);
            return next;
        }
        total = next;
    }
    gi_drop(ts, it);
    if (gi_raised(ts)) {
        gi_drop(ts, total);
        return GI_NULL;
    }
    return total;
}

/* The least or greatest of a list's or tuple's numbers, without a call for each; null without
 * exception when there is another kind of item (nothing was compared in Python code then). */
static uint64_t extreme_of(const GiSlot *items, size_t n, GiCompareOp op) {
    if (n == 0) return 0;
    uint64_t best = items[0].bits;
    for (size_t i = 1; i < n; i++) {
        int better = op == GI_LT ? fast_lt(items[i].bits, best) : fast_gt(items[i].bits, best);
        if (GI_UNLIKELY(better < 0)) return 0;
        if (better) best = items[i].bits;
    }
    return gi_is_heap((GiVal){best}) ? 0 : best; /* one item alone may be anything */
}
static GiRef extreme_number(GiThread *ts, GiVal v, GiCompareOp op) {
    uint64_t best = 0;
    if (gi_is_exact(v, &gi_list_type)) {
        gi_lock_obj(ts, v);
        best = extreme_of(gi_list_of(v)->items, gi_list_of(v)->count, op);
        gi_unlock_obj(ts, v);
    } else if (gi_is_exact(v, &gi_tuple_type)) {
        best = extreme_of(gi_tuple_of(v)->items, gi_tuple_len(v), op);
    }
    return (GiRef){best};
}

/* min() and max(). */
static GiRef extreme(GiThread *ts, const char *name, GiCompareOp op, const GiVal *args, size_t count, GiVal key,
                     GiVal fallback) {
    if (!gi_is_null(key) && gi_is_none(key)) key = GI_NOVAL;
    if (count == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "%s expected at least 1 argument, got 0", name);
    if (count > 1 && !gi_is_null(fallback))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "Cannot specify a default for %s() with multiple positional arguments", name);
    GiRef it = GI_NULL, best = GI_NULL, best_key = GI_NULL;
    if (count == 1) {
        if (gi_is_null(key)) best = extreme_number(ts, args[0], op);
        if (!gi_is_null(best)) return best;
        it = gi_iter_whole_for(ts, args[0], key);
        if (gi_is_null(it)) return it;
    }
    for (size_t i = 0;; i++) {
        GiRef item = count == 1 ? gi_next(ts, gi_val(it)) : i < count ? gi_dup(ts, args[i]) : GI_NULL;
        if (gi_is_null(item)) {
            if (gi_raised(ts)) goto fail;
            break;
        }
        GiRef item_key = gi_is_null(key) ? gi_dup(ts, gi_val(item)) : gi_call1(ts, key, gi_val(item));
        if (gi_is_null(item_key)) {
            gi_drop(ts, item);
            goto fail;
        }
        GiTruth better = gi_is_null(best) ? GI_TRUTH_YES : gi_compare_truth(ts, gi_val(item_key), gi_val(best_key), op);
        if (better.value <= 0) {
            gi_drop(ts, item);
            gi_drop(ts, item_key);
            if (better.value < 0) goto fail;
            continue;
        }
        gi_xdrop(ts, best);
        gi_xdrop(ts, best_key);
        best = item;
        best_key = item_key;
    }
    gi_xdrop(ts, best_key);
    gi_xdrop(ts, it);
    if (gi_is_null(best)) {
        if (!gi_is_null(fallback)) return gi_dup(ts, fallback);
        return gi_raise_ref(ts, &gi_exc_ValueError, "%s() arg is an empty sequence", name);
    }
    return best;
fail:
    gi_xdrop(ts, best);
    gi_xdrop(ts, best_key);
    gi_xdrop(ts, it);
    return GI_NULL;
}
GI_FUNCTION(builtins, min, "(*args, key = <null>, default = <null>)",
            "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a "
            "single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to "
            "return if\nthe provided iterable is empty.\nWith two or more arguments, return the smallest argument.") {
    return extreme(ts, "min", GI_LT, a->args, a->args_count, a->key, a->default_);
}
GI_FUNCTION(builtins, max, "(*args, key = <null>, default = <null>)",
            "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a "
            "single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to "
            "return if\nthe provided iterable is empty.\nWith two or more arguments, return the largest argument.") {
    return extreme(ts, "max", GI_GT, a->args, a->args_count, a->key, a->default_);
}

static GiStatus write_text(GiThread *ts, GiVal write, GiVal text) {
    GiRef r = gi_call1(ts, write, text);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}
static GiStatus print_to(GiThread *ts, GiVal write, const GiVal *args, size_t count, GiVal sep, GiVal end) {
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && write_text(ts, write, sep) < 0) return GI_FAIL;
        GiRef text = gi_str(ts, args[i]);
        if (gi_is_null(text)) return GI_FAIL;
        GiStatus status = write_text(ts, write, gi_val(text));
        gi_drop(ts, text);
        if (status < 0) return GI_FAIL;
    }
    return write_text(ts, write, end);
}
GI_FUNCTION(builtins, print, "(*args, sep = ' ', end = '\\n', file = None, flush: bool = False)",
            "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, "
            "default a space.\n  end\n    string appended after the last value, default a newline.\n  file\n    a file-like "
            "object (stream); defaults to the current sys.stdout.\n  flush\n    whether to forcibly flush the stream.") {
    GiVal sep = a->sep, end = a->end;
    if (!gi_is_null(sep) && !gi_is_none(sep) && !gi_is_str(sep))
        return gi_raise_ref(ts, &gi_exc_TypeError, "sep must be None or a string, not %T", sep);
    if (!gi_is_null(end) && !gi_is_none(end) && !gi_is_str(end))
        return gi_raise_ref(ts, &gi_exc_TypeError, "end must be None or a string, not %T", end);
    bool standard = gi_is_null(a->file) || gi_is_none(a->file);
    GiRef held = standard ? gi_sys_get(ts, "stdout") : gi_dup(ts, a->file);
    if (gi_is_null(held)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "lost sys.stdout");
    if (standard && gi_is_none(held)) return GI_REF_NONE;
    GiVal file = gi_val(held);
    GiRef space = gi_str_from_char(ts, ' '), newline = gi_str_from_char(ts, '\n');
    if (gi_is_null(sep) || gi_is_none(sep)) sep = gi_val(space);
    if (gi_is_null(end) || gi_is_none(end)) end = gi_val(newline);
    GiRef result = GI_NULL, write = gi_getattr(ts, file, GI_N(write));
    if (!gi_is_null(write)) {
        GiStatus status = print_to(ts, gi_val(write), a->args, a->args_count, sep, end);
        gi_drop(ts, write);
        if (status == GI_OK) result = a->flush ? gi_call_method_cstr(ts, file, "flush", NULL, 0) : GI_REF_NONE;
        if (!gi_is_null(result) && !gi_is_none(result)) {
            gi_drop(ts, result);
            result = GI_REF_NONE;
        }
    }
    gi_xdrop(ts, newline);
    gi_xdrop(ts, space);
    gi_drop(ts, held);
    return result;
}

GI_FUNCTION(builtins, __import__, "(name, globals = None, locals = None, fromlist = (), level: int = 0)",
            "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for general use, it "
            "is better to use\nimportlib.import_module() to programmatically import a module.") {
    if (!gi_is_str(a->name)) return gi_raise_ref(ts, &gi_exc_TypeError, "module name must be a string");
    return gi_import_module_level(ts, a->name, gi_is_null(a->globals) ? GI_NONE : a->globals,
                                  gi_is_null(a->fromlist) ? GI_NONE : a->fromlist, a->level);
}

/* The innermost Python frame; SystemError without one. */
static GiFrame *current_frame(GiThread *ts, const char *fname) {
    if (ts->frame == NULL) gi_raise(ts, &gi_exc_SystemError, "%s() called without a frame", fname);
    return ts->frame;
}
GI_FUNCTION(builtins, globals, "()",
            "Return the dictionary containing the current scope's global variables.\n\nNOTE: Updates to this dictionary "
            "*will* affect name lookups in the current\nglobal scope and vice-versa.") {
    GiFrame *frame = current_frame(ts, "globals");
    return frame ? gi_dup(ts, gi_frame_globals(frame)) : GI_NULL;
}
GI_FUNCTION(builtins, locals, "()",
            "Return a dictionary containing the current scope's local variables.\n\nNOTE: Whether or not updates to this "
            "dictionary will affect name lookups in\nthe local scope and vice-versa is *implementation dependent* and not\n"
            "covered by any backwards compatibility guarantees.") {
    GiFrame *frame = current_frame(ts, "locals");
    return frame ? gi_frame_locals(ts, frame) : GI_NULL;
}
GI_FUNCTION(builtins, vars, "(object = <null>, /)",
            "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to "
            "object.__dict__.") {
    if (gi_is_null(a->object)) {
        GiFrame *frame = current_frame(ts, "vars");
        return frame ? gi_frame_locals(ts, frame) : GI_NULL;
    }
    GiRef r;
    if (gi_getattr_opt(ts, a->object, GI_N(__dict__), &r) < 0) return GI_NULL;
    if (gi_is_null(r)) return gi_raise_ref(ts, &gi_exc_TypeError, "vars() argument must have __dict__ attribute");
    return r;
}
GI_FUNCTION(builtins, dir, "(object = <null>, /)",
            "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, "
            "return an alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes "
            "reachable from it.") {
    GiRef names;
    if (gi_is_null(a->object)) {
        GiFrame *frame = current_frame(ts, "dir");
        if (frame == NULL) return GI_NULL;
        GiRef scope = gi_frame_locals(ts, frame);
        if (gi_is_null(scope)) return scope;
        names = gi_call_method_cstr(ts, gi_val(scope), "keys", NULL, 0);
        gi_drop(ts, scope);
    } else {
        GiRef method;
        if (gi_lookup_special(ts, a->object, GI_N(__dir__), &method) < 0) return GI_NULL;
        if (gi_is_null(method)) return gi_raise_ref(ts, &gi_exc_TypeError, "object does not provide __dir__");
        names = gi_call0(ts, gi_val(method));
        gi_drop(ts, method);
    }
    if (gi_is_null(names)) return names;
    GiRef list = gi_to_list(ts, gi_val(names));
    gi_drop(ts, names);
    if (!gi_is_null(list) && gi_list_sort(ts, gi_val(list), GI_NOVAL, false) < 0) {
        gi_drop(ts, list);
        return GI_NULL;
    }
    return list;
}

/* anext(it, default): an awaitable that turns StopAsyncIteration into the default. */
typedef struct GiAnextDefault { GiObj obj; GiSlot awaitable, fallback; } GiAnextDefault;
static GiType gi_anext_default_type;
#define ANEXT(v) ((GiAnextDefault *)gi_obj(v))

GI_FUNCTION(builtins, anext, "(aiterator, default = <unrepresentable>, /)",
            "async anext(aiterator[, default])\n\nReturn the next item from the async iterator.  If default is given and the "
            "async\niterator is exhausted, it is returned instead of raising StopAsyncIteration.") {
    GiType *type = gi_type_of(a->aiterator);
    if (type->anext == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%T' object is not an async iterator", a->aiterator);
    GiRef awaitable = type->anext(ts, a->aiterator);
    if (gi_is_null(awaitable) || gi_is_null(a->default_)) return awaitable;
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_anext_default_type, sizeof(GiAnextDefault)));
    if (gi_is_null(made)) {
        gi_drop(ts, awaitable);
        return made;
    }
    gi_slot_init(&ANEXT(made)->awaitable, awaitable);
    gi_slot_init(&ANEXT(made)->fallback, gi_dup(ts, a->default_));
    return made;
}
/* StopAsyncIteration becomes StopIteration(default). */
static GiRef anext_result(GiThread *ts, GiVal self, GiRef r) {
    if (gi_is_null(r) && gi_exc_matches(ts, &gi_exc_StopAsyncIteration)) {
        gi_exc_clear(ts);
        gi_raise_stop_iteration(ts, gi_val(ANEXT(self)->fallback));
    }
    return r;
}
static GiRef anext_iterator(GiThread *ts, GiVal self) {
    GiRef it = gi_get_awaitable(ts, gi_val(ANEXT(self)->awaitable), 0);
    if (gi_is_null(it) || !gi_is_exact(gi_val(it), &gi_coroutine_type)) return it;
    GiRef wrapper = gi_coroutine_type.await_(ts, gi_val(it));
    gi_drop(ts, it);
    return wrapper;
}
static GiRef anext_call(GiThread *ts, GiVal self, const char *method, const GiVal *args, size_t n) {
    GiRef it = anext_iterator(ts, self);
    if (gi_is_null(it)) return it;
    GiRef r = gi_call_method_cstr(ts, gi_val(it), method, args, n);
    gi_drop(ts, it);
    return anext_result(ts, self, r);
}
static GiRef anext_default_next(GiThread *ts, GiVal self) {
    GiRef it = anext_iterator(ts, self);
    if (gi_is_null(it)) return it;
    GiRef r = gi_type_of(gi_val(it))->next(ts, gi_val(it));
    gi_drop(ts, it);
    return anext_result(ts, self, r);
}
static GiRef return_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
GI_METHOD(anext_default, send, "(self, arg, /)", "send(arg)") { return anext_call(ts, self, "send", &a->arg, 1); }
GI_METHOD(anext_default, throw, "(self, *args)", "throw(value)") {
    return anext_call(ts, self, "throw", a->args, a->args_count);
}
GI_METHOD(anext_default, close, "(self)", "close()") { return anext_call(ts, self, "close", NULL, 0); }
static const GiField anext_default_fields[] = {
    GI_SLOT(GiAnextDefault, awaitable), GI_SLOT(GiAnextDefault, fallback), GI_FIELDS_END};
static GiType gi_anext_default_type = {
    .obj = GI_TYPE_HEAD, .name = "anext_awaitable", .size = sizeof(GiAnextDefault), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = anext_default_fields, .methods = anext_default_methods,
    .iter = return_self, .next = anext_default_next, .await_ = return_self,
};

static GiStatus add_functions(GiThread *ts, GiVal dict, const GiMethodDef *table, GiVal module, GiVal name) {
    for (; table->name != NULL; table++) {
        GiRef f = gi_native_new(ts, table, module, name);
        if (gi_is_null(f)) return GI_FAIL;
        GiStatus status = gi_dict_set_cstr(ts, dict, table->name, gi_val(f));
        gi_drop(ts, f);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}

static GiType *const public_types[] = {
    &gi_bool_type, &gi_memoryview_type, &gi_bytearray_type, &gi_bytes_type, &gi_classmethod_type, &gi_complex_type,
    &gi_dict_type, &gi_enumerate_type, &gi_filter_type, &gi_float_type, &gi_frozenset_type, &gi_property_type,
    &gi_int_type, &gi_list_type, &gi_map_type, &gi_object_type, &gi_range_type, &gi_reversed_type, &gi_set_type,
    &gi_slice_type, &gi_staticmethod_type, &gi_str_type, &gi_super_type, &gi_tuple_type, &gi_type_type, &gi_zip_type,
#define GI_EXC(name, base) &gi_exc_##name,
#include "objects/exceptions.def"
#undef GI_EXC
};

GiStatus gi_builtins_init(GiThread *ts) {
    GiRef name = gi_intern_cstr(ts, "builtins");
    if (gi_is_null(name)) return GI_FAIL;
    GiRef module = gi_module_new(ts, gi_val(name));
    if (gi_is_null(module) || gi_type_ready(ts, &gi_anext_default_type) < 0) return GI_FAIL;
    GiVal dict = gi_module_dict(gi_val(module));
    gi_slot_init(&ts->vm->builtins, module);
    gi_slot_init(&ts->vm->builtins_dict, gi_dup(ts, dict));
    GiRef doc = gi_str_from_cstr(ts,
        "Built-in functions, exceptions, and other objects.\n\nNoteworthy: None is the `nil' object; Ellipsis represents "
        "`...' in slices.");
    if (gi_is_null(doc) || gi_dict_set_steal(ts, dict, GI_N(__doc__), doc) < 0) return GI_FAIL;
    if (add_functions(ts, dict, builtins_functions, gi_val(module), gi_val(name)) < 0 ||
        add_functions(ts, dict, sorted_functions, gi_val(module), gi_val(name)) < 0 ||
        add_functions(ts, dict, gi_builtins_code_functions, gi_val(module), gi_val(name)) < 0)
        return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(public_types); i++)
        if (gi_dict_set_cstr(ts, dict, public_types[i]->name, gi_type_val(public_types[i])) < 0) return GI_FAIL;
    static const struct { const char *name; uint64_t bits; } constants[] = {
        {"None", GI_BITS_NONE}, {"True", GI_BITS_TRUE}, {"False", GI_BITS_FALSE}, {"Ellipsis", GI_BITS_ELLIPSIS},
        {"NotImplemented", GI_BITS_NOTIMPLEMENTED}};
    for (size_t i = 0; i < GI_COUNTOF(constants); i++)
        if (gi_dict_set_cstr(ts, dict, constants[i].name, (GiVal){constants[i].bits}) < 0) return GI_FAIL;
    if (gi_dict_set_cstr(ts, dict, "EnvironmentError", gi_type_val(&gi_exc_OSError)) < 0 ||
        gi_dict_set_cstr(ts, dict, "IOError", gi_type_val(&gi_exc_OSError)) < 0 ||
        gi_dict_set_cstr(ts, dict, "__debug__", gi_bool(ts->vm->optimize == 0)) < 0)
        return GI_FAIL;
    gi_drop(ts, name);
    return GI_OK;
}
