"""weakref.ref, proxies, and what the weakref module builds on them."""
import gc
import weakref
import _weakref


class A:
    def __init__(self, n=0):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, A) and self.n == other.n

    def __hash__(self):
        return hash(self.n)

    def __call__(self, *args, **kw):
        return self.n, args, kw


class B:
    pass


def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)


a, b = A(1), A(1)
r, s = weakref.ref(a), weakref.ref(b)
print(r() is a, r == s, r != s, hash(r) == hash(a), r is weakref.ref(a), weakref.ref(a, None) is r)
log = []
c = weakref.ref(a, lambda ref: log.append(ref is c))
print(c is r, c.__callback__ is not None, r.__callback__, weakref.getweakrefcount(a), len(weakref.getweakrefs(a)))
d = weakref.ref(a, lambda ref: log.append("second"))
del a
print(log, r(), c(), r == s, r == r, hash(r), c.__callback__)
t(lambda: hash(weakref.ref(B()) ))
for bad in (lambda: weakref.ref(1), lambda: weakref.ref(), lambda: weakref.ref(b, 1, 2), lambda: weakref.ref(b, callback=3),
            lambda: s(1), lambda: weakref.ref(b, x=1), lambda: weakref.proxy(3), lambda: setattr(s, "x", 1),
            lambda: setattr(s, "__callback__", 1), lambda: weakref.ref("text"), lambda: s < s):
    t(bad)


class Slots:
    __slots__ = ("x",)


class SlotsWeak:
    __slots__ = ("x", "__weakref__")


t(lambda: weakref.ref(Slots()))
w = SlotsWeak()
print(weakref.ref(w)() is w)
print(weakref.ref(int)() is int, weakref.ref(len)() is len, weakref.ref(t)() is t, weakref.ref({1})() is None)
import re
print(re.sub("0x[0-9a-f]+", "0x", repr(s)), re.sub("0x[0-9a-f]+", "0x", repr(r)),
      re.sub("0x[0-9a-f]+", "0x", repr(weakref.ref(t))))

# Proxies.


class Num:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return ("add", self.v, getattr(o, "v", o))

    def __radd__(self, o):
        return ("radd", o)

    def __iadd__(self, o):
        self.v += o
        return self

    def __len__(self):
        return self.v

    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)

    def __contains__(self, x):
        return x == self.v

    def __iter__(self):
        return iter([1, 2])

    def __int__(self):
        return 7

    def __index__(self):
        return 8

    def __float__(self):
        return 1.5

    def __neg__(self):
        return "neg"

    def __bool__(self):
        return False

    def __str__(self):
        return "string"

    def __bytes__(self):
        return b"bytes"

    def __eq__(self, o):
        return "eq"

    def __pow__(self, o, m=None):
        return (o, m)

    def __reversed__(self):
        return "rev"

    def __matmul__(self, o):
        return "matmul"


n = Num(3)
p = weakref.proxy(n)
print(type(p), p is weakref.proxy(n), p + 1, 1 + p, p + p, len(p), p["k"], 3 in p, list(p), int(p), float(p), -p,
      bool(p), str(p), bytes(p), p == 1, p ** 2, pow(p, 2, 3), reversed(p), p @ 1, "abcdefghijk"[p], isinstance(p, Num))
p["a"] = 1
del p["b"]
p.v = 9
print(n.v)
del p.v
t(lambda: p.v)
t(lambda: hash(p))
t(lambda: p())
t(lambda: next(p))
t(lambda: p - 1)
n.v = 1
q = p
q += 5
print(q is n, n.v)
q = None
cp = weakref.proxy(b)
print(type(cp), cp(1, k=2))
log.clear()
w = weakref.proxy(n, log.append)
del n, p
print(len(log), log[0] is w)
for op in (lambda: w.v, lambda: w + 1, lambda: 1 + w, lambda: str(w), lambda: len(w), lambda: w == 1, lambda: bool(w)):
    t(op)

# The library's containers.
values = weakref.WeakValueDictionary()
keys = weakref.WeakKeyDictionary()
members = weakref.WeakSet()
objs = [A(i) for i in range(5)]
for o in objs:
    values[o.n] = o
    keys[o] = o.n
    members.add(o)
o = None
print(sorted(values), sorted(keys.values()), len(members))
del objs[1:3]
gc.collect()
print(sorted(values), sorted(keys.values()), len(members), [x.n for x in members if x.n > 2])


class M:
    def method(self):
        return "called"


m = M()
wm = weakref.WeakMethod(m.method)
print(wm()())
f = weakref.finalize(m, print, "finalized", 1, x=2) if False else weakref.finalize(m, log.append, "finalized")
print(f.alive)
del m
print(wm(), f.alive, log[-1])


class Sub(weakref.ref):
    __slots__ = ("key",)

    def __new__(cls, ob, callback, key):
        self = super().__new__(cls, ob, callback)
        self.key = key
        return self

    def __init__(self, ob, callback, key):
        super().__init__(ob, callback)


k = Sub(b, None, "key")
print(k.key, k() is b, k == s, weakref.ref[int])
d = {"x": weakref.ref(B()), "y": s}
_weakref._remove_dead_weakref(d, "x")
_weakref._remove_dead_weakref(d, "y")
_weakref._remove_dead_weakref(d, "z")
print(list(d))
t(lambda: _weakref._remove_dead_weakref({1: 2}, 1))


# A callback that raises is reported and ignored; references made in __del__ work.
class Late:
    def __del__(self):
        r = weakref.ref(self)
        log.append(r() is self)


Late()
print(log[-1])
import sys
sys.unraisablehook = lambda info: print("unraisable", info.exc_type.__name__)
x = B()
rx = weakref.ref(x, lambda ref: 1 / 0)
del x
print("end")
