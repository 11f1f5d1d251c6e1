"""Cycles of every kind are found by the collector; what is not a cycle dies at once."""
import gc
import weakref
class N: pass
def dead(make):
    r = make()
    gc.collect()
    return r() is None
def instance():
    n = N(); n.me = n
    return weakref.ref(n)
def in_list():
    n = N(); n.l = [n]
    return weakref.ref(n)
def in_dict():
    n = N(); n.d = {"n": n, n: 1}
    return weakref.ref(n)
def in_set():
    n = N(); n.s = {n}
    return weakref.ref(n)
def closure():
    n = N()
    def f(): return n, f
    n.f = f
    return weakref.ref(n)
def generator():
    n = N()
    def g():
        yield n
        yield n
    n.g = g()
    next(n.g)
    return weakref.ref(n)
def exception():
    n = N()
    try:
        raise ValueError(n)
    except ValueError as e:
        n.e = e
    return weakref.ref(n)
def method():
    n = N(); n.m = N.__init__.__get__(n)
    return weakref.ref(n)
def klass():
    class K: pass
    K.self = K
    K.inst = K()
    return weakref.ref(K)
def partial():
    import functools
    n = N(); n.p = functools.partial(print, n)
    return weakref.ref(n)
def deque():
    import collections
    n = N(); n.d = collections.deque([n])
    return weakref.ref(n)
for make in (instance, in_list, in_dict, in_set, closure, generator, exception, method, klass, partial, deque):
    assert dead(make), make.__name__
gc.disable()
n = N()
n.l = [N(), {"k": N()}]
r = weakref.ref(n.l[1]["k"])
del n
assert r() is None
gc.enable()
