"""One place of code meets many types: inline caches specialise and give up."""
class A:
    v = 1
    def m(self): return "A"
class B:
    def __init__(self): self.v = 2
    def m(self): return "B"
class C(B):
    __slots__ = ()
    @property
    def v(self): return 3
    @v.setter
    def v(self, n): pass
class D:
    def __getattr__(self, n): return 4 if n == "v" else lambda: "D"
def get(o): return o.v
def call(o): return o.m()
def add(a, b): return a + b
def index(a, i): return a[i]
def truth(a): return 1 if a else 0
def loop(a): return [x for x in a]
def less(a, b): return a < b
for _ in range(30):
    assert [get(o) for o in (A(), B(), C(), D(), A)] == [1, 2, 3, 4, 1]
    assert [call(o) for o in (A(), B(), C(), D())] == ["A", "B", "B", "D"]
    assert [add(a, b) for a, b in ((1, 2), (1.5, 2), ("a", "b"), ([1], [2]), ((1,), (2,)), (1 << 60, 1), (True, 1), (1j, 1))] == [3, 3.5, "ab", [1, 2], (1, 2), (1 << 60) + 1, 2, 1 + 1j]
    assert [index(a, i) for a, i in (([1], 0), ((2,), -1), ("ab", 1), ({"k": 3}, "k"), (b"a", 0), (range(5), 2), ([4, 5], True))] == [1, 2, "b", 3, 97, 2, 5]
    assert [truth(a) for a in (0, 1, "", "a", [], [0], None, 0.0, 1.5, {}, A())] == [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1]
    assert [loop(a) for a in ([1], (1,), "a", range(1), {1: 2}, {1}, iter([1]), (x for x in [1]))] == [[1], [1], ["a"], [0], [1], [1], [1], [1]]
    assert [less(a, b) for a, b in ((1, 2), (1.5, 1), ("a", "b"), ([1], [2]), (1, 1.5), (1 << 70, 1))] == [True, False, True, True, True, False]
a = A()
def hot(): return a.v, a.m(), len([1])
assert [hot() for _ in range(50)][0] == (1, "A", 1)
A.v = 10
assert hot()[0] == 10
a.v = 11
assert hot()[0] == 11
A.m = lambda self: "new"
assert hot()[1] == "new"
a.m = lambda: "instance"
assert hot()[1] == "instance"
del a.v, a.m
assert hot()[:2] == (10, "new")
len = lambda x: "global"
assert hot()[2] == "global"
del len
assert hot()[2] == 1
