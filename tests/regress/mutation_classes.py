"""Classes, instances, iterators and functions that change or die while they are being used."""
import collections
import functools
import gc
import heapq
import itertools
import operator
import re
import sys
import types
import weakref


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return error


# A class whose attributes are deleted by the method that runs.
class A:
    def method(self):
        del A.method
        gc.collect()
        return [x for x in range(3)]

    @property
    def prop(self):
        del A.prop
        gc.collect()
        return self

    def __getattr__(self, name):
        if "__getattr__" in A.__dict__:
            del A.__getattr__
        return name

    def __len__(self):
        del A.__len__
        return 3

    def __iter__(self):
        del A.__iter__
        return iter([1, 2])

    def __eq__(self, other):
        del A.__eq__
        return True

    def __add__(self, other):
        if "__add__" in A.__dict__:
            del A.__add__
        return NotImplemented

    def __call__(self):
        del type(self).__call__
        return "called"

    def __repr__(self):
        del A.__repr__
        return "A()"

    def __enter__(self):
        if "__exit__" in A.__dict__:
            del A.__exit__, A.__enter__

    def __exit__(self, *args):
        return True

    def __hash__(self):
        del A.__hash__
        return 1

    def __del__(self):
        if "__del__" in A.__dict__:
            del A.__del__


a = A()
assert a.method() == [0, 1, 2] and a.prop is a and len(a) == 3 and list(a) == [1, 2] and a == 5 and a() == "called"
attempt(lambda: a + a)
assert repr(a) == "A()" and hash(a) == 1
with a:
    pass
assert a.missing == "missing"
del a


# __class__ and __bases__ change under way.
class X:
    def __init__(self):
        self.a = 1

    def f(self):
        self.__class__ = Y
        return self.g()


class Y:
    def g(self):
        self.__class__ = X
        return self.f


x = X()
x.f()
assert type(x) is X
for i in range(300):
    setattr(x, f"n{i}", i)
    x.__class__ = (X, Y)[i % 2]
assert x.n299 == 299


class Slots:
    __slots__ = ("a", "b")


class Slots2:
    __slots__ = ("a", "b")


s = Slots()
s.a = [1]
s.__class__ = Slots2
assert s.a == [1]
assert isinstance(attempt(setattr, s, "__class__", X), TypeError)
assert isinstance(attempt(setattr, x, "__class__", int), TypeError)


class Base1:
    v = 1


class Base2:
    v = 2


class Getting(Base1):
    def __getattribute__(self, name):
        Getting.__bases__ = (Base2,) if Getting.__bases__ == (Base1,) else (Base1,)
        return object.__getattribute__(self, name)


g = Getting()
assert {g.v for _ in range(10)} == {1, 2}


class BadMro(type):
    def mro(cls):
        return BadMro.answer


for answer in (None, [], [1], (), [object], [int, object], (x for x in [object])):
    BadMro.answer = answer
    attempt(BadMro, "T", (), {})


class Recursing(type):
    def mro(cls):
        if cls.__name__ == "T":
            attempt(setattr, cls, "__bases__", (object,))
            attempt(lambda: cls.x)
            attempt(lambda: cls())
        return type.mro(cls)


attempt(Recursing, "T", (), {})


# Descriptors that remove themselves.
class Descriptor:
    def __get__(self, obj, kind):
        if "d" in vars(Holder):
            del Holder.d
            gc.collect()
        return self.__class__

    def __set__(self, obj, value):
        del Holder.d
        obj.__dict__.clear()
        gc.collect()


class Holder:
    pass


for _ in range(3):
    Holder.d = Descriptor()
    assert Holder().d is Descriptor
    Holder.d = Descriptor()
    h = Holder()
    h.d = 5

# Attributes cleared while they are set and read; a __dict__ that is replaced.
class Clearing:
    def __del__(self):
        holder.__dict__.clear()
        holder.a = 5


holder = Holder()
for i in range(20):
    holder.a = Clearing()
    holder.b = Clearing()
    holder.a = 1
    del holder.a
    holder.__dict__ = {"a": Clearing()}
    holder.__dict__ = {}
    vars(holder)["x"] = 1


# Objects that come back from death, and die in the middle of their own birth.
class Phoenix:
    alive = []

    def __del__(self):
        self.alive.append(self)


p = Phoenix()
p.me = p
del p
gc.collect()
assert len(Phoenix.alive) == 1
Phoenix.alive.clear()
gc.collect()


class Born:
    def __new__(cls):
        raise ValueError

    def __init__(self):
        raise KeyError


attempt(Born)
attempt(object.__new__, Born)
attempt(Born.__init__, object.__new__(Born))


class Weak:
    def __del__(self):
        assert ref() is self
        for _ in range(3):
            attempt(weakref.ref, self, lambda r: seen.append(r))


seen = []
w = Weak()
ref = weakref.ref(w, lambda r: (seen.append(r), gc.collect()))
proxy = weakref.proxy(w)
del w
assert isinstance(attempt(lambda: proxy.x), ReferenceError) and ref in seen
table = weakref.WeakValueDictionary()
keys = weakref.WeakKeyDictionary()
every = weakref.WeakSet()
for i in range(50):
    o = Holder()
    table[i] = o
    keys[o] = i
    every.add(o)
    o.cycle = o
for k in list(table):
    o = None
    gc.collect(0)
gc.collect()
assert not table and not len(keys) and not len(every)


# Iterators that call themselves.
def entering():
    yield attempt(next, g1)


g1 = entering()
assert isinstance(next(g1), ValueError)
m = map(lambda x: attempt(next, m), [1, 2, 3])
list(m)
z = zip([1, 2], (attempt(next, z) for _ in range(2)))
list(z)
f = filter(lambda x: attempt(next, f, 0), range(10))
list(f)
chain = itertools.chain.from_iterable(attempt(next, chain, 0) or [1] for _ in range(3))
attempt(list, chain)
t1, t2 = itertools.tee(attempt(next, t2, 0) for _ in range(3))
attempt(list, t1)
acc = itertools.accumulate(range(5), lambda a, b: attempt(next, acc, 0))
attempt(list, acc)
gb = itertools.groupby(range(20), key=lambda x: attempt(next, gb, 0) and x // 3)
attempt(list, gb)
gb = itertools.groupby("aabbcc")
k, group = next(gb)
next(gb)
assert list(group) == []
cyc = itertools.cycle(attempt(next, cyc, 5) for _ in range(3))
attempt(lambda: [next(cyc) for _ in range(5)])
sl = itertools.islice((attempt(next, sl, 0) for _ in range(5)), 3)
attempt(list, sl)
drop = itertools.dropwhile(lambda x: attempt(next, drop, 0), range(5))
attempt(list, drop)
prod = itertools.product(range(2), repeat=2)
next(prod), prod.__reduce__(), attempt(prod.__setstate__, (5, 5)), attempt(prod.__setstate__, (1 << 60, -1)), attempt(prod.__setstate__, ()), list(prod)
perm = itertools.permutations(range(3))
next(perm)
attempt(perm.__setstate__, ((9, 9, 9), (9, 9, 9))), attempt(list, perm)
comb = itertools.combinations(range(5), 2)
attempt(comb.__setstate__, (-1, 99)), attempt(list, comb)
comb = itertools.combinations_with_replacement(range(5), 2)
attempt(comb.__setstate__, (1 << 40, 99)), attempt(list, comb)
zl = itertools.zip_longest([1], (attempt(next, zl, 0) for _ in range(3)))
attempt(list, zl)
en = enumerate(attempt(next, en, 0) for _ in range(3))
attempt(list, en)
rep = itertools.repeat(1, 3)
attempt(itertools.combinations, range(10), 1 << 62), attempt(itertools.product, range(2), repeat=1 << 61), attempt(itertools.permutations, [1], 1 << 62)


class Sequence:
    def __getitem__(self, i):
        if i > 5:
            raise IndexError
        return attempt(next, it, 0)


it = iter(Sequence())
list(it)
it = iter(lambda: attempt(next, it, 0), 5)
attempt(lambda: [next(it) for _ in range(3)])
rev = reversed(range(10))
attempt(rev.__setstate__, 1 << 80)

# heapq while the heap changes.
heap = list(range(50))


class Heaped:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        del heap[len(heap) // 2:]
        return True


for call in (heapq.heappush, heapq.heappushpop, heapq.heapreplace):
    heap = [Heaped(i) for i in range(40)]
    attempt(call, heap, Heaped(5))
for call in (heapq.heapify, heapq.heappop, heapq._heapify_max, heapq._heappop_max):
    heap = [Heaped(i) for i in range(40)]
    attempt(call, heap)


# lru_cache that is cleared, and entered again, by what it calls.
@functools.lru_cache(maxsize=3)
def cached(n):
    if n > 3:
        cached.cache_clear()
    if n:
        cached(n - 1)
        cached(n - 1)
    return [n]


for i in range(20):
    cached(i % 7)


class Hashing:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        cached.cache_clear()
        attempt(cached, 1)
        return False


for _ in range(5):
    attempt(cached, Hashing())


class Holding:
    @functools.cached_property
    def c(self):
        self.__dict__.clear()
        return 1


Holding().c
part = functools.partial(print)
attempt(part.__setstate__, (print, (), {}, None)), attempt(part.__setstate__, (1, 2, 3, 4)), attempt(part.__setstate__, (part, (), {}, {}))
attempt(part), repr(part) if not isinstance(attempt(repr, part), RecursionError) else None
attempt(functools.reduce, lambda a, b: v.clear() or b, v := list(range(10)))

# Keywords whose hashing and comparison work on the mapping that they came from.
class Name(str):
    def __eq__(self, other):
        names.clear()
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def takes(a=1, **kw):
    return kw


names = {Name("a"): 1, Name("b"): 2, Name("c"): 3}
attempt(takes, **names)
names = {1: 2}
assert isinstance(attempt(lambda: takes(**names)), TypeError)


class Mapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        gc.collect()
        return [key]


assert takes(**Mapping()) == {"b": ["b"]}


# Frames, code and functions that are exchanged while they run.
def running():
    running.__code__ = other.__code__
    running.__defaults__ = (1,)
    running.__kwdefaults__ = {"x": 1}
    gc.collect()
    return [i for i in range(3)], sys._getframe().f_code.co_name


def other(a=1):
    return "other"


assert running() == ([0, 1, 2], "running") and running() == "other"


def frames():
    x = [1]
    frame = sys._getframe()
    attempt(frame.clear)
    frame.f_locals["x"] = 5
    yield frame
    yield x


gen = frames()
frame = next(gen)
frame.clear() if not isinstance(attempt(frame.clear), Exception) else None
attempt(next, gen)
attempt(next, gen)
frame.f_locals, frame.f_lineno, frame.f_back
del gen
gc.collect()
frame.f_locals, frame.f_code
for name in ("co_code", "co_consts", "co_names", "co_nlocals"):
    pass


def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        return n
    finally:
        n += 1


assert deep(0) > 50


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __hash__(self):
        return hash(self)

    def __call__(self):
        return self()

    def __len__(self):
        return len(self)

    def __iter__(self):
        return iter(self)

    def __index__(self):
        return operator.index(self)

    def __add__(self, other):
        return self + other


d = Deep()
for call in (lambda: d.a, lambda: repr(d), lambda: d == d, lambda: hash(d), d, lambda: len(d), lambda: list(d), lambda: [1][d], lambda: d + 1, lambda: {d: 1}, lambda: str(d),
             lambda: f"{d}", lambda: "%s" % d, lambda: sorted([d, d], key=hash)):
    assert isinstance(attempt(call), RecursionError), call
nest = []
for _ in range(100000):
    nest = [nest]
attempt(repr, nest), attempt(lambda: nest == nest[0]), attempt(hash, tuple(nest))
del nest
nest = ()
for _ in range(100000):
    nest = (nest,)
assert isinstance(attempt(hash, nest), RecursionError)
del nest
nest = {}
for _ in range(50000):
    nest = {1: nest}
del nest
obj = None
for _ in range(100000):
    o = Holder()
    o.next = obj
    obj = o
del obj, o
obj = iter(())
for _ in range(20000):
    obj = itertools.chain(obj)
assert isinstance(attempt(next, obj), (RecursionError, StopIteration))
del obj
f = lambda: None
for _ in range(100000):
    f = functools.partial(f) if _ % 2 else types.MethodType(lambda s: 1, f)
del f
e = None
for _ in range(50000):
    n = ValueError()
    n.__context__ = e
    e = n
del e, n


# Regular expressions that are called back.
def replacing(match):
    gc.collect()
    buffer.clear()
    return b"x"


buffer = bytearray(b"aaa" * 10)
attempt(re.sub, b"a", replacing, buffer)
pattern = re.compile("(a)(b)?")
match = pattern.search("xab")
scanner = pattern.scanner("abab")
del pattern
assert match.group(1, 2) == ("a", "b") and scanner.search().span() == (0, 2) and match.re.groups == 2
for bad in ("(" * 5000, "a{99999999999999}", "(?P<a>b)(?P<a>c)", "\\9", "[z-a]", "(?<=a+)b", "(?(9)a)", "*", "a**", "(?P=x)", "\\", "[", "(?z)", "x{2,1}", "(?i", "[[:a:]", "\\N{foo}"):
    attempt(re.compile, bad)
attempt(re.match, "(a*)*b", "a" * 22), attempt(re.match, "(?:a?){24}a{24}", "a" * 24), attempt(re.match, "(.|\n)*", "x" * 100000)
import _sre
for code in ([], [1], [0] * 5, [99999] * 10, [14, 1, 2], list(range(43)), [2, 2, 2], [17, 6, 0, 4294967295, 13, 0, 1, 1], [23, 1 << 31, 1]):
    attempt(_sre.compile, "a", 0, code, 0, {}, ())
    attempt(lambda: _sre.compile("a", 0, code, 1000000, {}, (None,)).match("aaaa"))

# sys functions that are misused.
attempt(sys.setrecursionlimit, 0), attempt(sys.setrecursionlimit, -1), attempt(sys.setrecursionlimit, 1 << 40), attempt(sys.intern, Name("x")), attempt(sys._getframe, 10 ** 6)
attempt(sys._getframe, -1), attempt(sys.setswitchinterval, -1), attempt(sys.set_int_max_str_digits, 5), attempt(gc.set_threshold, 1 << 40)
limit = sys.getrecursionlimit()
sys.setrecursionlimit(limit)
attempt(types.CodeType, *[0] * 18), attempt(types.FunctionType, other.__code__, {}, "x", None, (1,)), attempt(types.FunctionType, (lambda: attempt).__code__, {}, None, None, None)
c = other.__code__
for change in (dict(co_code=b""), dict(co_code=b"\xff" * 8), dict(co_code=bytes(80)), dict(co_nlocals=0), dict(co_nlocals=100), dict(co_stacksize=-1), dict(co_consts=()), dict(co_names=()),
               dict(co_varnames=()), dict(co_argcount=200), dict(co_argcount=-1), dict(co_freevars=("x",)), dict(co_cellvars=("x",)), dict(co_linetable=b""), dict(co_exceptiontable=b"\1\2\3"),
               dict(co_flags=0xFFFFFFF), dict(co_kwonlyargcount=99), dict(co_posonlyargcount=99), dict(co_firstlineno=-5)):
    r = attempt(c.replace, **change)
    if isinstance(r, types.CodeType) and "co_code" not in change:
        attempt(lambda: types.FunctionType(r, globals())), attempt(lambda: list(r.co_lines())), attempt(lambda: list(r.co_positions()))
cell = types.CellType()
assert isinstance(attempt(lambda: cell.cell_contents), ValueError)
del Phoenix, Weak
print("done")
