"""Layouts of ctypes' classes: members of a base are members, classes without a layout, what a callback may return."""
import ctypes
from ctypes import (CFUNCTYPE, POINTER, Structure, Union, c_char_p, c_double, c_float, c_int, c_longdouble, c_ulong, c_void_p,
                    py_object, sizeof)


def error(f, *args):
    try:
        f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    raise AssertionError(f"{f} raised nothing")


# A struct passed by value has its base's members in the registers too.
class Floats(Structure):
    _fields_ = [("a", c_float * 2)]


class Nothing(Floats):
    pass


class More(Nothing):
    _fields_ = [("b", c_float * 2)]


@CFUNCTYPE(c_double, More)
def total(s):
    return sum(s.a) + sum(s.b)


s = More()
s.a[:] = 1, 2
s.b[:] = 3, 4
assert total(s) == 10 and sizeof(More) == 16


# `_abstract_`: no layout, but a class derived from it has one.
class Abstract(Structure):
    _abstract_ = "something"


class AbstractUnion(Union):
    _abstract_ = 0


class Concrete(Abstract):
    _fields_ = [("x", c_int)]


for kind in Abstract, AbstractUnion, Structure:
    assert error(kind) == "TypeError: abstract class", kind
assert error(Abstract.from_buffer, bytearray(8)) == "TypeError: abstract class"
assert error(sizeof, Abstract) == "TypeError: this type has no size"
assert error(lambda: Abstract * 2) == "TypeError: _type_ must have storage info"
assert Concrete(3).x == 3


# A pointer's class has to say itself what it points to.
class Derived(POINTER(c_ulong)):
    pass


assert error(Derived) == error(Derived, c_ulong(3)) == "TypeError: Cannot create instance: has no _type_"


class Own(POINTER(c_ulong)):
    _type_ = c_ulong


assert Own(c_ulong(3)).contents.value == 3


class Recursive(Structure):
    pass


assert error(setattr, Recursive, "_fields_", [("r", Recursive)]) == "AttributeError: Structure or union cannot contain itself"
assert error(setattr, Recursive, "_fields_", [("r", POINTER(Recursive))]) == "AttributeError: _fields_ is final"

for result in c_int, c_char_p, c_void_p, py_object, c_longdouble, None:
    CFUNCTYPE(result)(lambda: None)
for result in POINTER(c_int), CFUNCTYPE(c_int), c_int * 2, Floats:
    assert error(CFUNCTYPE(result), lambda: None) == "TypeError: invalid result type for callback function", result

# What the module would keep of the classes above: the program is run again and again to look for leaks.
for cache in ctypes._pointer_type_cache, ctypes._c_functype_cache:
    for key in [k for k in cache if any(c in repr((k, cache[k])) for c in ("__main__", "Floats", "Recursive", "More"))]:
        del cache[key]
print("ok")
