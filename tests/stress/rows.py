"""What the stress programs use: kinds of objects, and operations on them taken from their method tables.

A kind is a function that makes a fresh object. Its operations are found at run time: the methods and slot
wrappers that its type has, and some builtins. Arguments are chosen by the parameters' names, as the
text signatures tell them; so a new method is covered by itself.
"""
import array
import builtins
import collections
import contextvars
import copy
import csv
import functools
import gc
import inspect
import io
import itertools
import mmap
import operator
import os
import pickle
import queue
import random
import re
import select
import struct
import types

import _random


class Token:
    """An object that is counted as garbage when it should be."""
    __slots__ = ("name", "__weakref__")

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


class Slotted:
    __slots__ = ("x", "y", "z")

    def __init__(self):
        self.x = self.y = self.z = 0


class Plain:
    shared = 0

    def __init__(self):
        self.x = 1

    def method(self):
        return self.x


TOKENS = [1, 2, 3, 300, "a", "b", "long text", (1, "a"), None, 2.5, 2**70]
NAMES = ("x", "y", "z")


def module():
    m = types.ModuleType("shared")
    m.x = 1
    return m


def function():
    def f(a, b=(1,), *, c=None):
        return a, b, c
    return f


def generator():
    def g():
        for i in range(10**6):
            yield i
    return g()


def poll():
    p = select.poll()
    p.register(0)
    return p


def cached(size):
    @functools.lru_cache(size)
    def f(*args, **kwargs):
        return args
    return f


def text_stream():
    return io.TextIOWrapper(io.BytesIO(b"line one\nline two\r\nthree\n" * 20), encoding="utf-8")


def pickler():
    return pickle.Pickler(io.BytesIO())


def unpickler():
    return pickle.Unpickler(io.BytesIO(pickle.dumps([1, ["a"] * 3]) * 50))


def context():
    c = contextvars.Context()
    c.run(VARIABLE.set, 1)
    return c


VARIABLE = contextvars.ContextVar("variable")

KINDS = {
    "list": lambda: [1, 2, 3, "a", "b"],
    "dict": lambda: {1: 2, "a": "b", "x": [1], 2: None},
    "set": lambda: {1, 2, "a", "b"},
    "frozenset": lambda: frozenset((1, 2, "a")),
    "deque": lambda: collections.deque([1, 2, 3, "a"]),
    "deque_bounded": lambda: collections.deque([1, 2, 3], 4),
    "bytearray": lambda: bytearray(b"abcabc"),
    "array_i": lambda: array.array("i", [1, 2, 3]),
    "array_d": lambda: array.array("d", [1, 2, 3]),
    "defaultdict": lambda: collections.defaultdict(list, {1: [1]}),
    "OrderedDict": lambda: collections.OrderedDict([(1, 2), ("a", "b")]),
    "Counter": lambda: collections.Counter("abca"),
    "ChainMap": lambda: collections.ChainMap({1: 2}, {"a": 3}),
    "UserDict": lambda: collections.UserDict({1: 2}),
    "SimpleQueue": lambda: queue.SimpleQueue(),
    "memoryview": lambda: memoryview(bytearray(b"abcdefgh")),
    "str_iterator": lambda: iter("abc\xe9" * 20),
    "bytes_iterator": lambda: iter(b"abc" * 20),
    "bytearray_iterator": lambda: iter(bytearray(b"abc" * 20)),
    "list_iterator": lambda: iter(list(range(60))),
    "list_reverseiterator": lambda: reversed(list(range(60))),
    "tuple_iterator": lambda: iter(tuple(range(60))),
    "range_iterator": lambda: iter(range(60)),
    "longrange_iterator": lambda: iter(range(2**64, 2**64 + 60)),
    "dict_keyiterator": lambda: iter(dict.fromkeys(range(60))),
    "dict_itemiterator": lambda: iter(dict.fromkeys(range(60)).items()),
    "set_iterator": lambda: iter(set(range(60))),
    "deque_iterator": lambda: iter(collections.deque(range(60))),
    "array_iterator": lambda: iter(array.array("i", range(60))),
    "callable_iterator": lambda: iter(iter(range(60)).__next__, 59),
    "enumerate": lambda: enumerate(range(60)),
    "zip": lambda: zip(range(60), "ab" * 30),
    "map": lambda: map(str, range(60)),
    "filter": lambda: filter(None, range(60)),
    "generator": generator,
    "accumulate": lambda: itertools.accumulate(range(60)),
    "chain": lambda: itertools.chain(range(30), "ab" * 10, [1, 2]),
    "combinations": lambda: itertools.combinations(range(9), 3),
    "compress": lambda: itertools.compress(range(60), itertools.cycle([1, 0, 1])),
    "count": lambda: itertools.count(),
    "count_step": lambda: itertools.count(2**62, 3),
    "cycle": lambda: itertools.cycle("abc"),
    "dropwhile": lambda: itertools.dropwhile(lambda x: x < 5, range(60)),
    "groupby": lambda: itertools.groupby("aabbccdd" * 8),
    "islice": lambda: itertools.islice(range(100), 3, 90, 2),
    "pairwise": lambda: itertools.pairwise(range(60)),
    "permutations": lambda: itertools.permutations(range(5), 3),
    "product": lambda: itertools.product(range(4), "abc", (1, 2)),
    "repeat": lambda: itertools.repeat("a", 100),
    "starmap": lambda: itertools.starmap(pow, [(2, 3)] * 60),
    "takewhile": lambda: itertools.takewhile(lambda x: x < 50, range(60)),
    "tee": lambda: itertools.tee(iter(range(200)))[0],
    "zip_longest": lambda: itertools.zip_longest(range(60), "abc"),
    "lru_cache": lambda: cached(4),
    "cache": lambda: cached(None),
    "partial": lambda: functools.partial(max, 1, key=None),
    "BytesIO": lambda: io.BytesIO(b"line one\nline two\n" * 5),
    "StringIO": lambda: io.StringIO("line one\nline two\n" * 5),
    "TextIOWrapper": text_stream,
    "BufferedReader": lambda: io.BufferedReader(io.BytesIO(b"line\n" * 50), 16),
    "BufferedRandom": lambda: io.BufferedRandom(io.BytesIO(b"line\n" * 50), 16),
    "FileIO": lambda: io.FileIO(os.devnull, "r+b"),
    "Pickler": pickler,
    "Unpickler": unpickler,
    "PickleBuffer": lambda: pickle.PickleBuffer(bytearray(b"abcd")),
    "csv_reader": lambda: csv.reader(["a,b,c"] * 60),
    "mmap": lambda: mmap.mmap(-1, 4096),
    "poll": poll,
    "Context": context,
    "unpack_iterator": lambda: struct.iter_unpack("<H", bytearray(range(200))),
    "scanner": lambda: re.compile("a|b").scanner("ab" * 60),
    "finditer": lambda: re.finditer("a|b", "ab" * 60),
    "Random": lambda: _random.Random(1),
    "slots": Slotted,
    "instance": Plain,
    "class": lambda: type("Shared", (), {"x": 1, "method": Plain.method}),
    "exception": lambda: ValueError("x", 1),
    "module": module,
    "function": function,
    "property": lambda: property(lambda self: 1),
    "namespace": lambda: types.SimpleNamespace(x=1),
    "mappingproxy": lambda: types.MappingProxyType({1: 2}),
    "dict_keys": lambda: {1: 2, "a": 3}.keys(),
    "dict_items": lambda: {1: 2, "a": 3}.items(),
    "range": lambda: range(10),
    "tuple": lambda: (1, 2, [3]),
    "slice": lambda: slice(1, 2),
}

# Methods that are no operations on the object, or end more than it.
LEFT_OUT = {"__new__", "__class__", "__getattribute__", "__init_subclass__", "__subclasshook__", "__del__", "__prepare__",
            "__class_getitem__", "__reduce_ex__", "__doc__", "__sizeof__", "mro", "__abstractmethods__", "__dict__",
            "__weakref__", "__instancecheck__", "__subclasscheck__", "fileno", "detach", "flush"}
ATTRIBUTES = ("__setattr__", "__delattr__")


def argument(name, rng, obj, kind):
    """A value for a parameter of that name."""
    if name in ("i", "index", "n", "size", "pos", "start", "stop", "end", "count", "k", "whence", "offset", "target", "dest", "src",
                "maxsplit", "tabsize", "width", "newsize", "length", "limit", "maxsize", "byte", "fd", "eventmask", "cookie",
                "hint", "position", "amount", "maxlen", "mask"):
        return rng.choice((0, -1, 1, 2, 3, 5))
    if name in ("block", "timeout"):
        return 0
    if name in ("iterable", "other", "others", "iterables", "seq", "buffer", "b", "data", "bytes", "bytes_to_join", "iterable_of_bytes"):
        return rng.choice((lambda: obj, KINDS[kind], lambda: [1, 2, "a"], lambda: b"ab", lambda: iter([1, 2])))()
    if name in ("protocol",):
        return 2
    if name == "encoding":
        return rng.choice(("utf-8", "latin-1"))
    if name == "typecode":
        return "i"
    if name in ("callable", "func", "function", "key", "default_factory") and rng.random() < 0.2:
        return len
    if name == "name":
        return rng.choice(NAMES)
    return rng.choice(TOKENS + POOL)


POOL = []  # the program's own tokens


def parameters(method):
    """(names of positional parameters with the needed ones first, how many are needed)."""
    try:
        signature = inspect.signature(method)
    except (ValueError, TypeError):
        return ["value", "value"], 0
    names, needed = [], 0
    for p in signature.parameters.values():
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            names.append(p.name)
            needed += p.default is p.empty
        elif p.kind is p.VAR_POSITIONAL:
            names += [p.name, p.name]
    return names, needed


class Mapping(dict):
    """What a mapping is changed by: of another type, so that it is not taken for the shared object."""


class Elements(frozenset):
    """The same for a set."""


BULK = {"update", "__or__", "__ror__", "__ior__", "__and__", "__rand__", "__iand__", "__sub__", "__rsub__", "__isub__", "__xor__",
        "__rxor__", "__ixor__", "__eq__", "__ne__", "__le__", "__lt__", "__ge__", "__gt__", "union", "intersection", "difference",
        "symmetric_difference", "intersection_update", "difference_update", "symmetric_difference_update", "issubset",
        "issuperset", "isdisjoint", "__add__", "__iadd__"}


class Operation:
    """Something to do to an object: `make` gives the arguments of one call."""

    def __init__(self, name, call, make):
        self.name, self.call, self.make = name, call, make


def method_operation(cls, name, kind):
    method = inspect.getattr_static(cls, name)
    names, needed = parameters(method)
    names, needed = names[1:], max(needed - 1, 0)

    def make(rng, obj):
        if name in ATTRIBUTES:
            args = [rng.choice(NAMES)] + [rng.choice(TOKENS + POOL)] * (name == "__setattr__")
            return args
        if name == "__init__":
            return rng.choice(((), ([1, 2, "a"],), (b"ab",), ("x", 1)))
        if name in ("__mul__", "__imul__", "__rmul__"):
            return (rng.choice((0, 1, 2)),)
        if name == "__format__":
            return ("",)
        if name in ("__getitem__", "__delitem__", "__setitem__"):
            place = rng.choice((0, 1, -1, "a", slice(0, 1), slice(None, None, 2), 2))
            return (place,) if name != "__setitem__" else (place, rng.choice(TOKENS + POOL + [[1], b"a"]))
        if name in BULK and issubclass(cls, (dict, collections.UserDict)):
            return (rng.choice((Mapping({7: 1, "z": 2, 2: 3}), types.MappingProxyType({"a": 5, 8: 8}))),)
        if name in BULK and issubclass(cls, (set, frozenset)):
            return (Elements(rng.choice(([1, 9, "z"], [2, "a"], [1, 2, "a", "b", 9]))),)
        if kind == "mmap" and name == "resize":
            return (4096,)  # growing an anonymous map is fatal in the reference interpreter, too
        if kind == "poll" and name == "poll":
            return (0,)
        if kind == "SimpleQueue" and name == "get":
            return (False,)
        if kind == "Random" and name == "getrandbits":
            return (rng.choice((1, 32, 64, 100)),)
        if kind == "Context" and name == "run":
            return (VARIABLE.set, rng.choice(TOKENS))
        return [argument(n, rng, obj, kind) for n in names[:rng.randint(needed, max(len(names), needed))]]

    return Operation(name, getattr(cls, name), make)


def builtin_operations():
    def simple(name, f):
        return Operation(name, lambda obj, *args: f(obj, *args), lambda rng, obj: ())

    def some(obj):
        return list(itertools.islice(obj, 10))

    return [simple("len()", len), simple("repr()", repr), simple("list()", some), simple("bool()", bool), simple("copy()", copy.copy),
            simple("next()", builtins.next), simple("deepcopy()", copy.deepcopy), simple("dir()", dir),
            simple("reduce()", lambda obj: obj.__reduce_ex__(4)), simple("sum()", lambda obj: sum(some(obj))),
            simple("sorted()", lambda obj: sorted(some(obj))), simple("tuple()", lambda obj: tuple(some(obj))),
            simple("iadd", lambda obj: operator.iadd(obj, [1])), simple("ior", lambda obj: operator.ior(obj, {1: 1})),
            simple("eq()", lambda obj: obj == obj), simple("compare()", lambda obj: obj == copy.copy(obj)),
            simple("with", with_it), simple("call()", lambda obj: obj(1)), simple("getattr()", lambda obj: (obj.x, obj.y)),
            simple("attribute+=", increment), simple("raise", raise_it)]


def consumers(cls):
    """What goes through all of a container natively; iterators may have no end."""
    if not hasattr(cls, "__len__") or not hasattr(cls, "__iter__"):
        return []
    whole = {"list(all)": list, "tuple(all)": tuple, "set(all)": set, "sum(all)": sum, "sorted(all)": sorted, "max(all)": max,
             "fromkeys(all)": dict.fromkeys, "unpack(all)": lambda obj: [*obj],
             "extend(all)": lambda obj: [].__iadd__(obj), "deque(all)": lambda obj: list(collections.deque(obj))}
    return [Operation(name, lambda obj, *args, f=f: f(obj), lambda rng, obj: ()) for name, f in whole.items()]


def with_it(obj):
    with obj:
        pass


def increment(obj):
    obj.x += 1


def raise_it(obj):
    if isinstance(obj, Exception):
        try:
            raise obj
        except ValueError:
            obj.__traceback__, obj.__context__


def operations(kind):
    obj = KINDS[kind]()
    cls = type(obj)
    found = [method_operation(cls, name, kind) for name in sorted(dir(cls))
             if name not in LEFT_OUT and callable(getattr(cls, name, None))]
    for name in dir(cls):  # getters and members
        attribute = inspect.getattr_static(cls, name, None)
        if isinstance(attribute, (types.GetSetDescriptorType, types.MemberDescriptorType)) and name not in LEFT_OUT:
            found.append(Operation("." + name, lambda obj, name=name: getattr(obj, name), lambda rng, obj: ()))
            if type(obj).__module__ != "builtins" or kind in ("exception", "function"):
                found.append(Operation("." + name + "=", lambda obj, value, name=name: setattr(obj, name, value),
                                       lambda rng, obj: (rng.choice(TOKENS),)))
    return found + consumers(cls) + builtin_operations()


def bound(obj):
    """Keeps what has grown small."""
    try:
        if len(obj) > 60:
            obj.clear()
    except (TypeError, AttributeError):
        try:
            if len(obj) > 60:
                del obj[:]
        except (TypeError, BufferError, ValueError, AttributeError):
            pass
    except (BufferError, ValueError):
        pass


def collect():
    gc.collect()
