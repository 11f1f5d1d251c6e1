"""A pointer type that has not been told what it points to, and a field of another class, give exceptions (CPython crashes)."""
import _ctypes
from ctypes import POINTER, Structure, c_char, c_int, c_long

Later = POINTER("later")


def raises(error, job):
    try:
        job()
    except error as e:
        return str(e)
    raise AssertionError("nothing was raised")


def pointer(address):
    return Later.from_buffer_copy(address.to_bytes(8, "little"))


for address in (0, 0x0101010101010101):
    wanted = TypeError if address else ValueError
    raises(wanted, lambda: pointer(address).contents)
    raises(wanted, lambda: pointer(address)[0])
    raises(wanted, lambda: pointer(address).__setitem__(0, 1))
    raises(TypeError, lambda: pointer(address)[0:2])
    assert "has no _type_" in raises(TypeError, lambda: setattr(pointer(address), "contents", c_int(1)))


class Small(Structure):
    _fields_ = [("a", c_char)]


class Large(Structure):
    _fields_ = [("a", c_long), ("b", c_long), ("bits", c_int, 3)]


for name in ("a", "b", "bits"):
    field = getattr(Large, name)
    raises(TypeError, lambda: field.__get__(Small()))
    raises(TypeError, lambda: field.__set__(Small(), 1))
    large = Large()
    field.__set__(large, 2)
    assert field.__get__(large) == 2

# The module keeps pointer types for ever, as CPython's does: the program is run again and again to look for leaks.
del _ctypes._pointer_type_cache[id(Later)]
