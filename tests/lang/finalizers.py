"""__del__, weakref callbacks and finalize run when the last reference goes."""
import weakref
log = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): log.append(self.n)
D(1)
x = D(2)
x = D(3)
del x
l = [D(4), D(5)]
del l[0]
l = None
def f():
    y = D(6)
    return 1
f()
d = {"a": D(7)}
d["a"] = None
def g():
    z = D(8)
    yield z
it = g()
next(it)
it = None
try:
    w = D(9)
    raise ValueError
except ValueError:
    del w
t = (D(10), 1)
t = 0
assert log == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], log
o = D(11)
r = weakref.ref(o, lambda r: log.append("cb"))
weakref.finalize(o, log.append, "fin")
del o
assert set(log[10:]) == {11, "cb", "fin"} and r() is None, log
