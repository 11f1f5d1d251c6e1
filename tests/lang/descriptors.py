"""Descriptors, __getattr__, properties, cached attributes."""
import functools
class D:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, o, t): return (self.n, o is not None)
    def __set__(self, o, v): o.__dict__["_" + self.n] = v
class C:
    d = D()
    def __getattr__(self, n):
        if n.startswith("x"): return n
        raise AttributeError(n)
    @functools.cached_property
    def slow(self): return [1]
c = C()
c.d = 5
assert c.d == ("d", True) and C.d == ("d", False) and c._d == 5 and c.xyz == "xyz" and c.slow is c.slow
for i in range(100):
    try:
        c.nope
    except AttributeError as e:
        assert e.name == "nope" or e.args == ("nope",)
class Slots:
    __slots__ = "a", "b"
s = Slots()
s.a = 1
del s.a
try:
    s.a
except AttributeError:
    pass
