"""enum: members, flags, lookup, errors."""
import enum
import pickle
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique
from typing import *
from _show import err, show

class Color(Enum):
    """Doc"""
    RED = 1
    GREEN = "g"
    BLUE = auto() if False else 3
    CRIMSON = 1

    @property
    def lowered(self):
        return self.name.lower()

    @classmethod
    def default(cls):
        return cls.RED


show(Color.RED, repr(Color.RED), Color.RED.name, Color.GREEN.value, Color("g"), Color["BLUE"], Color.CRIMSON is Color.RED, list(Color), len(Color), Color.RED in Color, Color.__members__, Color.RED.lowered, Color.default(), Color.RED == 1, Color.RED != Color.BLUE, hash(Color.RED) == hash("RED"), isinstance(Color.RED, Color), type(Color.RED), f"{Color.RED} {Color.RED:>12}", "%s" % Color.RED, bool(Color.RED), list(reversed(Color)), Color.RED.__class__.__name__, pickle.loads(pickle.dumps(Color.RED)) is Color.RED, {Color.RED: 1}[Color(1)])
for f in (lambda: Color(99), lambda: Color["NOPE"], lambda: Color.NOPE, lambda: setattr(Color, "RED", 2), lambda: Color.RED < Color.BLUE, lambda: delattr(Color, "RED"), lambda: type("Sub", (Color,), {}), lambda: setattr(Color.RED, "value", 5), lambda: 1 in Color, lambda: Color(), lambda: unique(Color)):
    err(f)


class Num(IntEnum):
    A = auto()
    B = auto()
    C = 10
    D = auto()


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


class IP(IntFlag):
    A = 1
    B = 2
    C = 4


class S(StrEnum):
    ONE = auto()
    TWO = "two!"


show(list(Num), Num.A + 1, Num.B > Num.A, Num(10), [10, 20][Num.A], repr(Num.D), str(Num.D), f"{Num.D}", Perm.R | Perm.X, Perm.RW, Perm.R in Perm.RW, ~Perm.R, Perm(0), Perm(5), Perm.RW & Perm.W, Perm.R ^ Perm.RW, list(Perm.RW), len(Perm.RW), bool(Perm(0)), repr(Perm(3)), str(Perm.R | Perm.X), IP.A | 2, IP(7), IP(8), ~IP.A, IP.A | IP.C, repr(IP.A | 16), IP.A + 1, S.ONE, repr(S.TWO), S.ONE + "x", S.ONE == "one", f"{S.TWO}")
err(Perm, 99)
err(lambda: Perm.R | 1)


class Planet(Enum):
    EARTH = (5.9, 6.3)
    MARS = (0.6, 3.3)

    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius

    @enum.nonmember
    class Inner:
        pass


class Auto(Enum):
    def _generate_next_value_(name, start, count, last):
        return name + str(count)

    A = auto()
    B = auto()


class Missing(Enum):
    X = 1

    @classmethod
    def _missing_(cls, v):
        return cls.X if v == "any" else None


F = Enum("F", "a b c")
show(Planet.EARTH.mass, Planet((0.6, 3.3)), Auto.A.value, Auto.B.value, Missing("any"), list(F), Enum("G", {"p": 1, "q": 2}).q, Enum("H", ["x", "y"], start=5).y.value, IntEnum("I", "z").z + 1)
err(Missing, "other")
err(lambda: Enum("Dup", "a a"))
err(lambda: enum.verify(enum.CONTINUOUS)(Enum("V", {"a": 1, "b": 3})))
