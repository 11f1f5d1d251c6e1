"""Inheritance, super, properties, slots, metaclasses."""
class A:
    def __init__(self, v): self.v = v
    def who(self): return ["A"]
class B(A):
    def who(self): return ["B"] + super().who()
class C(A):
    def who(self): return ["C"] + super().who()
class D(B, C):
    __slots__ = ("extra",)
    @property
    def double(self): return self.v * 2
    @double.setter
    def double(self, n): self.v = n // 2
    @classmethod
    def make(cls, v): return cls(v)
    @staticmethod
    def twice(v): return v * 2
d = D.make(5)
d.extra = 1
d.double = 20
assert d.who() == ["B", "C", "A"] and d.v == 10 and D.twice(4) == 8 and d.extra == 1
for i in range(50):
    setattr(d, f"attr{i}", i)
assert sum(getattr(d, f"attr{i}") for i in range(50)) == 1225
del d.attr3
assert not hasattr(d, "attr3") and len(d.__dict__) == 50
class Meta(type):
    def __call__(cls, *a): return super().__call__(*a, "meta")
class M(metaclass=Meta):
    def __init__(self, *a): self.a = a
assert M(1).a == (1, "meta")
class Op:
    def __init__(self, n): self.n = n
    def __add__(self, o): return Op(self.n + getattr(o, "n", o))
    __radd__ = __add__
    def __eq__(self, o): return self.n == o.n
    def __getitem__(self, i): return i
    def __call__(self, *a, **k): return a, k
    def __len__(self): return self.n
    def __contains__(self, v): return v == self.n
    def __iter__(self): return iter(range(self.n))
    def __enter__(self): return self
    def __exit__(self, *a): return True
    def __bool__(self): return False
o = Op(3)
assert (o + 1 + o).n == 7 and (1 + o).n == 4 and o[1:2] == slice(1, 2) and o(1, k=2) == ((1,), {"k": 2})
assert len(o) == 3 and 3 in o and list(o) == [0, 1, 2] and not o
with o as e:
    raise ValueError
assert e is o
