"""Weak references, finalizers, the collector, resurrection."""
import gc
import weakref
from _show import err, show

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
show(r() is w, r2 is weakref.ref(w), r == r2, weakref.getweakrefcount(w), hash(r2) == hash(w), len(weakref.getweakrefs(w)), r.__callback__ is not None)
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
