"""The collector: cycles, finalizers, resurrection, weak references, the gc module."""
import gc
import weakref

gc.collect()
gc.disable()
log = []


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def pair(a, b):
    x, y = Node(a), Node(b)
    x.other, y.other = y, x


pair("a", "b")
print(log, gc.collect() > 0, sorted(log))
log.clear()

# Simple containers.
for make in (lambda: [], lambda: {}):
    c = make()
    if type(c) is list:
        c.append(c)
    else:
        c["x"] = c
    del c
    print(gc.collect())
t = ([],)
t[0].append(t)
del t
print(gc.collect())


class Reviver:
    kept = None

    def __del__(self):
        log.append("del")
        Reviver.kept = self


r = Reviver()
r.me = r
r.extra = [r, "text"]
del r
gc.collect()
print(log, Reviver.kept.extra[1], gc.is_finalized(Reviver.kept))
Reviver.kept = None
gc.collect()
print(log)
log.clear()

# Weak references to garbage die before finalizers run; callbacks only of live references.
n = Node("w")
n.self = n
outside = weakref.ref(n, lambda ref: log.append("callback"))
n.inside = weakref.ref(n, lambda ref: log.append("never"))
del n
gc.collect()
print(log, outside())
log.clear()


# Classes, functions, closures, generators.
def garbage():
    class C:
        def method(self):
            return __class__

    c = C()
    c.loop = c
    C.instance = c
    return weakref.ref(C)


ref = garbage()
gc.collect()
print(ref())


def gen():
    try:
        yield g
    finally:
        log.append("closed")


g = gen()
next(g)
holder = [g]
g = None


def closure():
    def f():
        return f

    return weakref.ref(f)


ref = closure()
gc.collect()
print(ref())
holder = None
print(log)
log.clear()

# Exceptions with tracebacks through a frame that holds them.
def keeps():
    try:
        1 / 0
    except ZeroDivisionError as e:
        kept = e
    n = Node("frame")
    n.kept = kept
    kept.node = n


keeps()
gc.collect()
print(log)
log.clear()

# The module.
print(gc.isenabled(), gc.get_threshold())
gc.enable()
gc.set_threshold(500, 5)
print(gc.isenabled(), gc.get_threshold())
gc.set_threshold(700, 10, 10)
for bad in (lambda: gc.collect(5), lambda: gc.set_threshold(), lambda: gc.set_threshold(1, 2, 3, 4),
            lambda: gc.get_objects(7), lambda: gc.get_objects(-1), lambda: gc.get_objects("x"),
            lambda: gc.set_threshold("a")):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print([sorted(row) for row in gc.get_stats()])
print(gc.is_tracked(1), gc.is_tracked("a"), gc.is_tracked([]), gc.is_tracked({}), gc.is_tracked({"a": 1}),
      gc.is_tracked({"a": []}), gc.is_tracked(Node), gc.is_tracked(()), gc.is_tracked(None))
a = []
b = [a]
print(any(x is b for x in gc.get_referrers(a)), gc.get_referents(b) == [a])
print(any(x is b for x in gc.get_objects()))
seen = []


def callback(phase, info):
    seen.append((phase, info["generation"]))


gc.callbacks.append(callback)
gc.collect(1)
gc.collect()
gc.callbacks.remove(callback)
print(seen)
gc.set_debug(gc.DEBUG_SAVEALL)
x = Node("saved")
x.loop = x
del x
gc.collect()
print(any(isinstance(o, Node) for o in gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
gc.collect()
log.clear()

# Automatic collections happen.
gc.set_threshold(100)
ref = None
for i in range(100000):
    x = Node(i)
    x.loop = x
    if i == 10:
        ref = weakref.ref(x)
    if ref and ref() is None:
        break
print(i < 99999, ref())

# Long chains die without recursion.
chain = None
for i in range(300000):
    chain = [chain]
del chain
chain = None
for i in range(300000):
    chain = (chain,)
del chain


class Link:
    __slots__ = ("next",)


chain = None
for i in range(300000):
    link = Link()
    link.next = chain
    chain = link
del chain, link
print("done")
