"""match: literal, capture, sequence, mapping, class, or, as, guard and value patterns."""
from dataclasses import dataclass
from enum import Enum
from _show import err, syntax


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Point:
    x: int
    y: int


class Custom:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


class NoArgs:
    q = 5


LIMIT = 10


class ns:
    const = 77


def m(v):
    match v:
        case 0 | 1 | -1:
            return "small int"
        case 2.5:
            return "float"
        case 1 + 2j | -3j:
            return "complex"
        case "text" | b"bytes":
            return "string"
        case None:
            return "none"
        case True:
            return "true"
        case False:
            return "false"
        case Color.RED:
            return "red"
        case ns.const:
            return "const"
        case []:
            return "empty seq"
        case [x]:
            return f"one {x}"
        case [1, *rest]:
            return f"starts with 1 {rest}"
        case [*_, "end"]:
            return "ends"
        case ["a", _, *mid, "z"]:
            return f"a..z {mid}"
        case (a, b) if a == b:
            return f"pair equal {a}"
        case (int() as a, str(b)):
            return f"int str {a} {b}"
        case [[a, b], [c, d]]:
            return f"nested {a}{b}{c}{d}"
        case {"type": "circle", "r": r}:
            return f"circle {r}"
        case {"type": t, **others} if others:
            return f"type {t} others {others}"
        case {"only": None}:
            return "only none"
        case {}:
            return "mapping"
        case Point(x=0, y=0):
            return "origin"
        case Point(0, y):
            return f"on y {y}"
        case Point(x, y=5) | Point(5, x):
            return f"five {x}"
        case Point() as p:
            return f"point {p}"
        case Custom(1, b=b):
            return f"custom {b}"
        case Custom(a, [b, *_]):
            return f"custom seq {a} {b}"
        case NoArgs(q=5):
            return "noargs"
        case int(n) if n > LIMIT:
            return f"big {n}"
        case int():
            return "int"
        case float() | complex():
            return "number"
        case str(s) if len(s) > 5:
            return f"long {s}"
        case bytes(b) | bytearray(b):
            return f"bytes {b}"
        case list(l) | tuple(l):
            return f"seq {l}"
        case set():
            return "set"
        case _:
            return "other"


for v in (0, 1, -1, 2.5, 1 + 2j, -3j, "text", b"bytes", None, True, False, Color.RED, Color.BLUE, 77, [], [5], (9,), [1, 2, 3], [3, 4, "end"],
          ["a", 1, 2, 3, "z"], [7, 7], (4, "s"), [[1, 2], [3, 4]], {"type": "circle", "r": 2}, {"type": "x", "y": 1}, {"type": "x"},
          {"only": None}, {}, Point(0, 0), Point(0, 3), Point(9, 5), Point(5, 8), Point(1, 2), Custom(1, 2), Custom(3, [4, 5]), Custom(3, 4),
          NoArgs(), 11, 7, 1.5, 2j, "longer text", "abc", b"x", bytearray(b"y"), (1, 2, 3), (5, 6, 7), {1, 2}, range(3), iter([1]), "ab", object):
    print(repr(v)[:40].split(" at 0x")[0], "->", m(v))


def order(v):
    log = []
    match v:
        case {"a": 1, "b": x} if log.append("guard1"):
            log.append("never")
        case {"a": a} if log.append("guard2") or a > 0:
            log.append("second")
        case _:
            log.append("default")
    return log


print(order({"a": 1, "b": 2}), order({"a": -1}), order({}))


def binds(v):
    try:
        match v:
            case [a, b, 3]:
                return "full", a, b
            case [a, *_]:
                return "first", a
    except UnboundLocalError as e:
        return str(e)
    return "none", "a" in locals()


print(binds([1, 2, 3]), binds([1, 2, 4]), binds(5))
match 1, 2:
    case x, y:
        print(x, y)
match [1, 2], {"k": [3, {"d": 4}]}:
    case [first, _], {"k": [_, {"d": deep}]}:
        print(first, deep)
match = 5
case = 6
_ = 7
print(match, case, _, match + case)
match(case) if callable(match) else print("soft keywords")
match [5]:
    case [match]:
        print(match)
type = 3
match type:
    case 3: print("one line")
match "x":
    case str():
        pass
    case _:
        print("no")
match {"a": 1, "b": 2}:
    case {**all}:
        print(all)


class Seq:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        if i > 1:
            raise IndexError
        return i


import collections.abc


class RealSeq(Seq, collections.abc.Sequence):
    pass


class RealMap(dict):
    def __missing__(self, k):
        return "missing"


for v in (Seq(), RealSeq(), collections.deque([1, 2]), collections.OrderedDict(a=1), RealMap(), memoryview(b"ab"), collections.Counter("a"),
          collections.UserList([1, 2]), collections.UserDict(a=1)):
    match v:
        case [a, b]:
            print(v.__class__.__name__, "sequence", a, b)
        case {"a": a}:
            print(v.__class__.__name__, "mapping", a)
        case {"z": z}:
            print("missing key matched")
        case _:
            print(v.__class__.__name__, "neither")


class BadArgs:
    __match_args__ = 5


class BadArgs2:
    __match_args__ = ("a", 5)
    a = 1


class OneArg:
    __match_args__ = ("a",)
    a = 1


def bad(v, k):
    match v:
        case BadArgs(1) if k == 1:
            pass
        case BadArgs2(1, 2) if k == 2:
            pass
        case OneArg(1, 2) if k == 3:
            pass
        case OneArg(1, a=1) if k == 4:
            pass


err(bad, BadArgs(), 1)
err(bad, BadArgs2(), 2)
err(bad, OneArg(), 3)


def notclass(v):
    match v:
        case LIMIT():
            pass


err(notclass, 1)


def too_many(v):
    match v:
        case int(1, 2):
            pass


err(too_many, 1)


def dup(v):
    match v:
        case {"a": 1, LIMITS.a: 2}:
            return "x"


class LIMITS:
    a = "a"


err(dup, {"a": 1})
for s in ("match x:\n  case a: pass\n  case b: pass", "match x:\n  case _: pass\n  case 1: pass", "match x:\n  case a | b: pass", "match x:\n  case [a, a]: pass",
          "match x:\n  case 1 | a: pass\n  case _ : pass", "match x:\n  case {1: a, 1: b}: pass", "match x:\n  case {**a, 'b': 1}: pass", "match x:\n  case [*a, *b]: pass",
          "match x:\n  case A(x=1, 2): pass", "match x:\n  case A(x=1, x=2): pass", "match x:\n  case a.b as _: pass", "match x:\n  case 1 as b.c: pass",
          "match x:\n  case -a: pass", "match x:\n  case 1 + 2: pass", "match x:\n  case f'a': pass", "match x:\n  case {a: 1}: pass", "match x:\n  case a as b | 2: pass",
          "match x:\n  case {**_}: pass", "match x:\n  pass", "match x:\ncase 1: pass", "match x\n  case 1: pass", "match x:\n  case 1 pass", "match *a, b:\n  case [c, d]: pass",
          "match x:\n  case (1 | 2) as y if y: pass", "match x:\n  case (a := 1): pass", "match x:\n  case not 1: pass", "match x:\n  case a(): pass\n  case a.b.c(d=e.f): pass"):
    syntax(s)
