"""dataclasses: fields, order, frozen, slots, replace, errors."""
import dataclasses
import inspect
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import *
from _show import err, show

# dataclasses
@dataclass
class P:
    x: int
    y: int = 0
    l: list = field(default_factory=list, repr=False)
    c: ClassVar[int] = 5
    h: int = field(default=1, compare=False, hash=False, metadata={"m": 1})

    def __post_init__(self):
        self.sum = self.x + self.y


@dataclass(frozen=True, order=True)
class Q:
    a: int
    b: str = "b"


@dataclass
class Sub(P):
    z: int = 9
    _: KW_ONLY
    k: int
    o: int = 2


@dataclass
class IV:
    a: int
    i: InitVar[int] = 3
    s: int = field(init=False, default=7)

    def __post_init__(self, i):
        self.got = i


@dataclass(slots=True)
class Sl:
    a: int
    b: int = 2


@dataclass(kw_only=True, match_args=False, repr=False, eq=False)
class KW:
    a: int = 1
    b: int


p = P(1, 2)
show(p, p.sum, p == P(1, 2), p != P(2, 2), P(1, h=5) == P(1, h=6), p.l is P(1).l, P.__match_args__, [f.name for f in dataclasses.fields(P)], dataclasses.asdict(p), dataclasses.astuple(p), dataclasses.replace(p, x=9), dataclasses.is_dataclass(P), P.__doc__, inspect.signature(P), P.c, Q(1) < Q(2), sorted([Q(2, "a"), Q(1, "z")]), hash(Q(1)) == hash(Q(1)), Sub(1, k=4), inspect.signature(Sub), IV(1).got, IV(1, 5), Sl(1), Sl.__slots__, hasattr(Sl(1), "__dict__"), KW(b=2).b, inspect.signature(KW), P.__hash__, dataclasses.fields(P)[3].metadata, Q.__doc__)
for f in (lambda: P(), lambda: P(1, 2, [], 4, 5), lambda: setattr(Q(1), "a", 2), lambda: delattr(Q(1), "a"), lambda: hash(p), lambda: P(1) < P(2), lambda: Q(1) < 5, lambda: KW(1), lambda: Sub(1), lambda: dataclasses.replace(p, q=1), lambda: dataclasses.fields(5), lambda: dataclasses.asdict(5), lambda: setattr(Sl(1), "q", 1), lambda: dataclasses.make_dataclass("X", ["class"]), lambda: dataclasses.make_dataclass("X", [("a", int, 1), "b"]), lambda: dataclass(type("X", (), {"__annotations__": {"a": list}, "a": []}))):
    err(f)
M = dataclasses.make_dataclass("M", ["a", ("b", int), ("c", int, field(default=3))], namespace={"total": lambda self: self.b + self.c})
show(M(1, 2), M(1, 2).total(), dataclasses.asdict(M([Q(1)], {"k": Q(2)})), dataclasses.field(default=5).default, dataclasses.MISSING.__class__.__name__)
