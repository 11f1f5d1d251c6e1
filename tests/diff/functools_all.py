"""functools, contextlib, copy, pickle, weakref, gc."""
import contextlib
import copy
import functools
import gc
import io
import pickle
import weakref
from _show import err

print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(lambda a, b: a + b, [], "init"), functools.reduce(max, [5]))
err(functools.reduce, max, [])
err(functools.reduce, max, 5)
calls = []


@functools.lru_cache(maxsize=2)
def cached(x, y=1):
    calls.append(x)
    return x * y


print([cached(v) for v in (1, 2, 1, 3, 2, 1)], calls, cached.cache_info(), cached.cache_parameters(), cached.__wrapped__(7))
cached.cache_clear()
print(cached.cache_info(), cached(1, y=2), cached(y=2, x=1), cached.cache_info())
err(cached, [])


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(90), fib.cache_info())


@functools.lru_cache(typed=True)
def typed(x):
    return type(x).__name__


print(typed(1), typed(1.0), typed(True), typed.cache_info())


class M:
    @functools.lru_cache
    def m(self, x):
        return x + 1


print(M().m(1), M.m.cache_info().misses)


@functools.total_ordering
class T:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(T(1) <= T(2), T(1) > T(2), T(1) >= T(1))


@functools.singledispatch
def kind(x):
    return "object"


@kind.register
def _(x: int):
    return "int"


@kind.register(list)
@kind.register(tuple)
def _(x):
    return "seq"


class SD:
    @functools.singledispatchmethod
    def m(self, x):
        return "default"

    @m.register
    def _(self, x: str):
        return "str " + x


print(kind(1), kind(True), kind([]), kind(()), kind("s"), kind.dispatch(bool) is kind.dispatch(int), SD().m("q"), SD().m(5))
p = functools.partial(int, base=2)
print(p("101"), p.func, p.args, p.keywords, functools.partial(print, 1, sep="-").keywords, repr(functools.partial(max, 1, key=abs)), pickle.loads(pickle.dumps(p))("11"), functools.partial(functools.partial(pow, 2), 5)())
err(functools.partial)
err(functools.partial, 5)
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)), functools.cmp_to_key(lambda a, b: 0)(1) == functools.cmp_to_key(lambda a, b: 0)(2) if False else "")


# contextlib
@contextlib.contextmanager
def cm(name):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as e:
        print("handled", e)
    finally:
        print("leave", name)


with cm("a") as v, cm("b"):
    print(v)
    raise ValueError("inside")


@cm("deco")
def decorated():
    return "result"


print(decorated())


@contextlib.contextmanager
def never():
    if False:
        yield


@contextlib.contextmanager
def twice():
    yield 1
    yield 2


err(never().__enter__)
t = twice()
t.__enter__()
err(t.__exit__, None, None, None)
with contextlib.ExitStack() as stack:
    for n in "xyz":
        stack.enter_context(cm(n))
    stack.callback(print, "callback", 1)
    stack.push(lambda *a: print("pushed", a[0]) or True)
    raise KeyError("swallowed")
with contextlib.suppress(KeyError, ValueError):
    raise KeyError
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("captured")
print(repr(out.getvalue()))
with contextlib.closing(io.StringIO("x")) as f:
    pass
print(f.closed)
with contextlib.nullcontext(5) as n:
    print(n)


class Ctx(contextlib.ContextDecorator):
    def __enter__(self):
        print("ctx in")

    def __exit__(self, *a):
        print("ctx out")


@Ctx()
def ctxd():
    print("body")


ctxd()


# copy and pickle
class Node:
    def __init__(self, v):
        self.v, self.next = v, None

    def __eq__(self, o):
        return self.v == o.v


class Slotted:
    __slots__ = ("a", "b")


class Reduced:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return Reduced, (self.x + 1,)


class Stateful:
    def __init__(self):
        self.a, self.b = 1, 2

    def __getstate__(self):
        return {"a": self.a}

    def __setstate__(self, s):
        self.__dict__.update(s, restored=True)


class NewArgs(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    def __getnewargs__(self):
        return self[0], self[1]


n = Node(1)
n.next = n
c = copy.deepcopy(n)
print(c.next is c, c is not n, copy.copy(n).next is n)
s = Slotted()
s.a = 5
for proto in range(2, pickle.HIGHEST_PROTOCOL + 1):
    x = pickle.loads(pickle.dumps(s, proto))
    print(x.a, hasattr(x, "b"), pickle.loads(pickle.dumps(Reduced(1), proto)).x, pickle.loads(pickle.dumps(Stateful(), proto)).__dict__, pickle.loads(pickle.dumps(NewArgs(1, 2), proto)), pickle.loads(pickle.dumps(n, proto)).next.v)
values = [None, True, 5, -5, 2**40, 2**100, -(2**70), 1.5, float("inf"), 1 + 2j, "text", "é€𝄞", "a" * 300, b"bytes", b"x" * 300, bytearray(b"ba"), [1, [2]], (), (1,), (1, 2, 3, 4), {"a": {"b": 1}}, {1, 2}, frozenset([3]), range(5), slice(1, 2), Ellipsis, NotImplemented, len, int, Node, "abc".upper if False else str.upper, print, Exception("e"), type(None)]
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    ok = []
    for v in values:
        try:
            back = pickle.loads(pickle.dumps(v, proto))
            ok.append(back == v or repr(back) == repr(v))
        except Exception as e:
            ok.append(f"{type(e).__name__} {e}")
    print(proto, ok)
for v in (None, 5, "a", [1, "b"], {"k": (1, 2)}, 2**70, b"q", {1}, 1.5):
    print([pickle.dumps(v, p) for p in (0, 2, 4, 5)])
for f in (lambda: pickle.dumps(lambda: 0), lambda: pickle.dumps((x for x in ())), lambda: pickle.loads(b""), lambda: pickle.loads(b"garbage"), lambda: pickle.loads(b"\x80\x04."), lambda: pickle.dumps(io.StringIO) and pickle.dumps(open), lambda: pickle.loads(b"cnosuch\nthing\n."), lambda: pickle.dumps(5, 99), lambda: pickle.loads("str"), lambda: copy.copy(x for x in ()), lambda: pickle.loads(b"\x80\x63.")):
    err(f)
buf = io.BytesIO()
pk = pickle.Pickler(buf, 4)
shared = [1]
pk.dump([shared, shared])
pk.dump("second")
buf.seek(0)
up = pickle.Unpickler(buf)
a, b = up.load()
print(a is b, up.load())


class PersP(pickle.Pickler):
    def persistent_id(self, o):
        return "pid" if o is Node else None


class PersU(pickle.Unpickler):
    def persistent_load(self, p):
        return f"loaded {p}"

    def find_class(self, m, n):
        return super().find_class(m, n)


buf = io.BytesIO()
PersP(buf).dump([Node, 1])
print(PersU(io.BytesIO(buf.getvalue())).load())
print(copy.deepcopy({"a": [1, (2, [3])]}), copy.copy([1]), copy.deepcopy(len) is len, copy.copy(Reduced(1)).x, copy.deepcopy(Stateful()).__dict__, copy.deepcopy(bytearray(b"a")))


# weakref and gc
class W:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"W{self.n}"

    def method(self):
        return self.n


w = W(1)
log = []
r = weakref.ref(w, lambda ref: log.append(("dead", ref() is None)))
r2 = weakref.ref(w)
print(r() is w, r2 is weakref.ref(w), r == r2, weakref.getweakrefcount(w), hash(r2) == hash(w), len(weakref.getweakrefs(w)), r.__callback__ is not None)
proxy = weakref.proxy(w)
print(proxy.n, repr(type(proxy)), proxy.method(), isinstance(proxy, W), str(proxy))
wm = weakref.WeakMethod(w.method)
print(wm()())
fin = weakref.finalize(w, log.append, "finalized")
print(fin.alive)
del w
print(log, r(), wm(), fin.alive)
err(lambda: proxy.n)
err(weakref.ref, 5)
err(weakref.ref, "s")
err(weakref.ref, [])
wd, wk, ws = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
a, b = W(1), W(2)
wd["a"], wd["b"] = a, b
wk[a] = 1
wk[b] = 2
ws.add(a)
ws.add(b)
print(sorted(wd), len(wk), len(ws))
del a
print(sorted(wd), len(wk), len(ws), list(ws))


class Cyc:
    def __init__(self):
        self.me = self


r = weakref.ref(Cyc())
print(r() is not None or "collected" if gc.isenabled() else "", gc.collect() > 0, r())


class Del:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


x = Del(1)
del x
x = Del(2)
x = None
l = [Del(3)]
l.clear()
d = {"k": Del(4)}
d["k"] = 5


def local():
    y = Del(5)
    return "returned"


print(local())
x = Del(6)
x.cycle = x
del x
print("collecting")
gc.collect()


class Resurrect:
    saved = []

    def __del__(self):
        self.saved.append(self)
        print("resurrected")


x = Resurrect()
del x
print(len(Resurrect.saved))
Resurrect.saved.clear()
print(gc.isenabled(), gc.get_threshold(), len(gc.get_count()), gc.is_tracked([]), gc.is_tracked(1), gc.get_debug(), type(gc.get_stats()))
gc.disable()
print(gc.isenabled())
gc.enable()
a = []
b = [a]
print(any(x is b for x in gc.get_referrers(a)), a in gc.get_referents(b))


class DelRaises:
    def __del__(self):
        raise ValueError("in del")


import sys

sys.unraisablehook = lambda u: print("unraisable", u.exc_type.__name__, u.exc_value, "ignored" in str(u.err_msg) or u.err_msg, u.object.__qualname__)
x = DelRaises()
del x
print("after")
