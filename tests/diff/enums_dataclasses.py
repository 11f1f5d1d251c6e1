"""enum and dataclasses in their forms; typing; abc; inspect.signature."""
import dataclasses
import enum
import inspect
import pickle
import typing
from dataclasses import KW_ONLY, InitVar, dataclass, field
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique
from typing import *
from _show import err


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


print(Color.RED, repr(Color.RED), Color.RED.name, Color.GREEN.value, Color("g"), Color["BLUE"], Color.CRIMSON is Color.RED, list(Color), len(Color), Color.RED in Color, Color.__members__, Color.RED.lowered, Color.default(), Color.RED == 1, Color.RED != Color.BLUE, hash(Color.RED) == hash("RED"), isinstance(Color.RED, Color), type(Color.RED), f"{Color.RED} {Color.RED:>12}", "%s" % Color.RED, bool(Color.RED), list(reversed(Color)), Color.RED.__class__.__name__, pickle.loads(pickle.dumps(Color.RED)) is Color.RED, {Color.RED: 1}[Color(1)])
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


print(list(Num), Num.A + 1, Num.B > Num.A, Num(10), [10, 20][Num.A], repr(Num.D), str(Num.D), f"{Num.D}", Perm.R | Perm.X, Perm.RW, Perm.R in Perm.RW, ~Perm.R, Perm(0), Perm(5), Perm.RW & Perm.W, Perm.R ^ Perm.RW, list(Perm.RW), len(Perm.RW), bool(Perm(0)), repr(Perm(3)), str(Perm.R | Perm.X), IP.A | 2, IP(7), IP(8), ~IP.A, IP.A | IP.C, repr(IP.A | 16), IP.A + 1, S.ONE, repr(S.TWO), S.ONE + "x", S.ONE == "one", f"{S.TWO}")
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
print(Planet.EARTH.mass, Planet((0.6, 3.3)), Auto.A.value, Auto.B.value, Missing("any"), list(F), Enum("G", {"p": 1, "q": 2}).q, Enum("H", ["x", "y"], start=5).y.value, IntEnum("I", "z").z + 1)
err(Missing, "other")
err(lambda: Enum("Dup", "a a"))
err(lambda: enum.verify(enum.CONTINUOUS)(Enum("V", {"a": 1, "b": 3})))


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
print(p, p.sum, p == P(1, 2), p != P(2, 2), P(1, h=5) == P(1, h=6), p.l is P(1).l, P.__match_args__, [f.name for f in dataclasses.fields(P)], dataclasses.asdict(p), dataclasses.astuple(p), dataclasses.replace(p, x=9), dataclasses.is_dataclass(P), P.__doc__, inspect.signature(P), P.c, Q(1) < Q(2), sorted([Q(2, "a"), Q(1, "z")]), hash(Q(1)) == hash(Q(1)), Sub(1, k=4), inspect.signature(Sub), IV(1).got, IV(1, 5), Sl(1), Sl.__slots__, hasattr(Sl(1), "__dict__"), KW(b=2).b, inspect.signature(KW), P.__hash__, dataclasses.fields(P)[3].metadata, Q.__doc__)
for f in (lambda: P(), lambda: P(1, 2, [], 4, 5), lambda: setattr(Q(1), "a", 2), lambda: delattr(Q(1), "a"), lambda: hash(p), lambda: P(1) < P(2), lambda: Q(1) < 5, lambda: KW(1), lambda: Sub(1), lambda: dataclasses.replace(p, q=1), lambda: dataclasses.fields(5), lambda: dataclasses.asdict(5), lambda: setattr(Sl(1), "q", 1), lambda: dataclasses.make_dataclass("X", ["class"]), lambda: dataclasses.make_dataclass("X", [("a", int, 1), "b"]), lambda: dataclass(type("X", (), {"__annotations__": {"a": list}, "a": []}))):
    err(f)
M = dataclasses.make_dataclass("M", ["a", ("b", int), ("c", int, field(default=3))], namespace={"total": lambda self: self.b + self.c})
print(M(1, 2), M(1, 2).total(), dataclasses.asdict(M([Q(1)], {"k": Q(2)})), dataclasses.field(default=5).default, dataclasses.MISSING.__class__.__name__)
# typing
T = TypeVar("T")
K = TypeVar("K", bound=int)


class Gen(Generic[T]):
    pass


class Two(Gen[int], Generic[T, K]):
    pass


class TD(TypedDict, total=False):
    a: Required[int]
    b: str


class NT(NamedTuple):
    a: int
    b: str = "d"


class Proto(Protocol):
    def m(self) -> int:
        ...


@runtime_checkable
class RP(Protocol):
    x: int


for t in (List[int], Dict[str, int], Optional[int], Union[int, str, int], Callable[[int], str], Callable[..., int], Tuple[int, ...], Tuple[()], Literal[1, "a"], Type[int], Gen[int], Two[str, int], ClassVar[int], Final[int], Annotated[int, "meta"], Any, NoReturn, T, K, list[int], dict[str, list[int]], tuple[int, ...], int | str, int | None, type[int], Iterable[T], Deque[int], Optional[T], Union[int], list[T], TD, NT, Proto, Concatenate, ParamSpec("PS"), NewType("UserId", int), ForwardRef("x"), Self, LiteralString, Never, Unpack[tuple[int]], Generator[int, str, bool], AsyncIterator[int], Pattern[str], Hashable, SupportsInt):
    print(t, get_origin(t), get_args(t), getattr(t, "__parameters__", None))
print(list[T][int], Dict[T, T][str], Union[T, str][int], (int | str) == Union[int, str], isinstance(5, int | str), issubclass(bool, int | str), list[int] == list[int], hash(list[int]) == hash(list[int]), list[int]([1]), list[int].__origin__, list[int].__args__, repr(list["X"]), int | list[str], None | int, type(int | str))
for f in (lambda: isinstance([], list[int]), lambda: isinstance(5, List[int]), lambda: List[int, str], lambda: Optional[1, 2], lambda: Union[()], lambda: int | 5, lambda: Gen[int, str], lambda: T(), lambda: class_sub(), lambda: Literal, lambda: Callable[int], lambda: Any(), lambda: isinstance(1, Proto), lambda: list[int][str], lambda: cast(), lambda: get_type_hints(5), lambda: TypeVar("X", int), lambda: Generic[int], lambda: Union[int]()):
    err(f)


def hinted(a: "int", b: Optional["str"] = None, *c: T) -> "list[int]":
    pass


print(get_type_hints(hinted), get_type_hints(NT), get_type_hints(TD), TD.__required_keys__, TD.__optional_keys__, TD(a=1), NT(1), NT._field_defaults, NT.__annotations__, isinstance(type("X", (), {"x": 1})(), RP), cast(int, "x"), overload(hinted) is not None, final(Gen).__final__, Gen[int]().__orig_class__, Gen.__parameters__, Two.__orig_bases__, is_typeddict(TD), TYPE_CHECKING, no_type_check(hinted) is hinted, assert_type(1, int), reveal_type if False else "")


# inspect
def sig(a, b: int = 1, /, c=2, *args: str, d, e: float = 3.0, **kw) -> None:
    """Doc.

        indented
    """


s = inspect.signature(sig)
print(s, list(s.parameters), s.parameters["e"], s.parameters["a"].kind, s.return_annotation, s.bind(1, d=5).arguments, s.bind_partial(1).args, inspect.getdoc(sig), inspect.getfullargspec(sig), s.replace(parameters=[]), inspect.getsource(sig).splitlines()[0], inspect.getmodule(sig).__name__)
b = s.bind(1, 2, 3, 4, d=5, z=6)
b.apply_defaults()
print(b, b.args, b.kwargs)
err(s.bind)
err(s.bind, 1, d=1, b=2)
for f in (len, print, sorted, int, str.split, list.append, dict.get, open, isinstance, min, object, type, sum, "".join, [].sort, Color, P.__init__, range, dict, getattr, pow, round, bytes.decode, zip, abs, id, all, divmod, setattr, compile, exec, int.from_bytes, str.encode, list.insert, dict.pop, set.add, float.hex, bytes.fromhex, object.__init__, type.__call__, enumerate, super, property, slice, staticmethod, memoryview, complex, float, list, tuple, frozenset, bytearray):
    try:
        print(f.__name__, inspect.signature(f))
    except (ValueError, TypeError) as e:
        print(f.__name__, type(e).__name__, e)
print(inspect.isfunction(sig), inspect.isbuiltin(len), inspect.isclass(P), inspect.ismethod(p.__init__), inspect.isgeneratorfunction(sig), inspect.ismodule(inspect), inspect.isroutine(len), inspect.ismethoddescriptor(str.join), inspect.isdatadescriptor(P.__dict__.get("z", property())), inspect.getmro(Sub), inspect.cleandoc("  a\n    b\n"), inspect.currentframe().f_code.co_name, inspect.stack()[0].function, inspect.unwrap(sig) is sig, inspect.getclosurevars(lambda: p).globals.keys(), [n for n, v in inspect.getmembers(Q(1)) if not n.startswith("_")])
