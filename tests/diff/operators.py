"""Operator overloading: forward, reflected, in-place, comparison, truth, containers, conversion."""
from _show import err
import operator


class Op:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"Op({self.n})"


for name in "add sub mul truediv floordiv mod matmul pow lshift rshift and or xor divmod".split():
    setattr(Op, f"__{name}__", lambda self, other, name=name: f"{self} {name} {other!r}")
    setattr(Op, f"__r{name}__", lambda self, other, name=name: f"{other!r} r{name} {self}")
for name in "neg pos invert abs".split():
    setattr(Op, f"__{name}__", lambda self, name=name: f"{name} {self}")
for name in "lt le gt ge".split():
    setattr(Op, f"__{name}__", lambda self, other, name=name: f"{self} {name} {other!r}")
a = Op(1)
print(a + 2, 2 + a, a - 2, 2 - a, a * 2, 2 * a, a / 2, 2 / a, a // 2, 2 // a, sep="; ")
print(a % 2, 2 % a, a @ 2, 2 @ a, a ** 2, 2 ** a, a << 2, 2 << a, a >> 2, 2 >> a, sep="; ")
print(a & 2, 2 & a, a | 2, 2 | a, a ^ 2, 2 ^ a, divmod(a, 2), divmod(2, a), sep="; ")
print(-a, +a, ~a, abs(a), a < 2, 2 < a, a <= 2, 2 <= a, a > 2, a >= 2, sep="; ")
print("x" + a, [1] + a, "x" * a, "%s" % a, sep="; ")


class Sub(Op):
    def __radd__(self, other):
        return "subclass first"

    def __gt__(self, other):
        return "sub gt"


print(a + Sub(2), Op(1) < Sub(2), Sub(3) + Op(1))


class Refuses:
    def __add__(self, other):
        return NotImplemented

    def __radd__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented

    def __eq__(self, other):
        return NotImplemented

    def __iadd__(self, other):
        return NotImplemented


r = Refuses()
err(lambda: r + 1)
err(lambda: 1 + r)
err(lambda: r + r)
err(lambda: r < r)
err(lambda: r < 1)
err(lambda: r - 1)
err(lambda: r @ 1)
err(lambda: r ** 2)
err(lambda: pow(r, 2, 3))
err(lambda: divmod(r, 2))
err(lambda: -r)
err(lambda: ~r)
err(lambda: abs(r))
err(lambda: r[0])
err(lambda: operator.setitem(r, 0, 1))
err(lambda: operator.delitem(r, 0))
err(lambda: len(r))
err(lambda: iter(r))
err(lambda: next(r))
err(lambda: 1 in r)
err(lambda: int(r))
err(lambda: float(r))
err(lambda: complex(r))
err(lambda: operator.index(r))
err(lambda: round(r))
err(lambda: reversed(r))
err(lambda: r())
err(lambda: bytes(r))
err(lambda: [1][r])
err(lambda: range(r))
err(lambda: hash(r))
err(lambda: operator.iadd(r, 1))
err(lambda: 1 + "a")
err(lambda: "a" + 1)
err(lambda: [] + ())
err(lambda: {} | [])
err(lambda: None + 1)
err(lambda: 1 < "a")
err(lambda: [1] < ["a"])
err(lambda: {} < {})
err(lambda: 1j < 2j)
err(lambda: "a" * "b")
err(lambda: [1] * 1.5)
err(lambda: 5 @ 5)
err(lambda: "a" - "b")
err(lambda: ~1.5)
err(lambda: 1.5 & 1)
err(lambda: -"a")
err(lambda: not_defined)
print(r == r, r == 1, r != r, r != 1)


class Cmp:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        print("eq", self.v)
        return self.v == getattr(o, "v", o)

    __hash__ = None


print(Cmp(1) == 1, 1 == Cmp(1), Cmp(1) != 1, Cmp(1) in [3, 1], [Cmp(1)] == [1])
err(hash, Cmp(1))
err(lambda: {Cmp(1): 1})


class Truth:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


class Len:
    def __init__(self, v):
        self.v = v

    def __len__(self):
        return self.v


print(bool(Truth(False)), bool(Len(0)), bool(Len(3)), not Truth(True), 1 if Len(0) else 2, Truth(False) or "or", Len(1) and "and")
err(lambda: bool(Truth(1)))
err(lambda: bool(Len(-1)))
err(lambda: bool(Len("a")))
err(lambda: len(Len(-1)))
err(lambda: len(Len(1.5)))
err(lambda: len(Len(1 << 70)))


class Container:
    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)

    def __contains__(self, v):
        return "truthy" if v else ""

    def __missing__(self, k):
        return "missing"

    def __length_hint__(self):
        return 7

    def __reversed__(self):
        return iter("reversed")


c = Container()
print(c[1], c[1:2], c[1:2:3, ...], c[::], c[()], c[1, 2], c["a"], c[:, None], c[*[1, 2]], c[1:2, *(3, 4)])
c[0] = 1
c[5] += 3
del c[5], c[::2]
print(1 in c, 0 in c, 1 not in c, list(reversed(c)), operator.length_hint(c))


class Conv:
    def __int__(self):
        return 5

    def __float__(self):
        return 2.5

    def __complex__(self):
        return 1 + 2j

    def __index__(self):
        return 3

    def __round__(self, n=None):
        return ("round", n)

    def __trunc__(self):
        return "trunc"

    def __floor__(self):
        return "floor"

    def __ceil__(self):
        return "ceil"

    def __bytes__(self):
        return b"bytes"

    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"

    def __format__(self, spec):
        return f"<{spec}>"

    def __hash__(self):
        return 1 << 70


import math

v = Conv()
print(int(v), float(v), complex(v), operator.index(v), round(v), round(v, 2), math.trunc(v), math.floor(v), math.ceil(v))
print(bytes(v), str(v), repr(v), f"{v:abc}", f"{v!r} {v!s}", "%s %r" % (v, v), format(v), [10, 20, 30, 40][v], "ab" * v, hex(v), range(v), bin(v))
print(hash(v) == hash(1 << 70), {v: 1}[v], [1, 2, 3, 4][:v], chr(Conv() + 62) if hasattr(Conv, "__add__") else "no add")


class Bad:
    def __int__(self):
        return "x"

    def __float__(self):
        return 1

    def __str__(self):
        return 5

    def __repr__(self):
        return None

    def __bytes__(self):
        return "x"

    def __index__(self):
        return 1.5

    def __hash__(self):
        return "x"

    def __format__(self, s):
        return 5

    def __bool__(self):
        return "x"

    def __len__(self):
        return "5"

    def __complex__(self):
        return 5

    def __iter__(self):
        return 5

    def __contains__(self, x):
        raise KeyError(x)

    def __dir__(self):
        return 5


b = Bad()
for f in (int, float, str, repr, bytes, operator.index, hash, format, bool, len, complex, iter, dir, list, lambda b: 1 in b, lambda b: [1][b]):
    err(f, b)


class Pow:
    def __pow__(self, e, m=None):
        return ("pow", e, m)

    def __rpow__(self, b):
        return ("rpow", b)


print(Pow() ** 2, pow(Pow(), 2), pow(Pow(), 2, 5), pow(3, Pow()))
# Chained comparison evaluates once
log = []


def n(v):
    log.append(v)
    return v


print(n(1) < n(2) < n(3) > n(0), n(5) < n(1) < n(9), log)
print(1 < 2 == 2 != 3 is not None, 1 in [1] in [[1]], (1 < 2) < 3, not 1 == 2)
print(3 if 0 else 4 if 1 else 5, [] or 0 or "" or None, 1 and 2 and 3, 0 and 1 / 0, 1 or 1 / 0)
for f, args in [("add", (1, 2)), ("attrgetter", ("real",)), ("itemgetter", (1, 0)), ("methodcaller", ("upper",)), ("concat", ("a", "b")),
                ("countOf", ([1, 2, 1], 1)), ("indexOf", ([1, 2, 1], 2)), ("contains", ("abc", "b")), ("not_", (0,)), ("truth", ([],)),
                ("is_", (None, None)), ("is_not", (1, None)), ("pos", (5,)), ("inv", (5,)), ("mod", (7, 3)), ("xor", (5, 3)), ("call", (len, "abc"))]:
    value = getattr(operator, f)(*args)
    print(f, repr(value))
print(operator.attrgetter("real.imag", "imag")(5), operator.itemgetter(1, 0)("ab"), operator.methodcaller("split", ",", maxsplit=1)("a,b,c"))
err(lambda: operator.concat(1, 2))
err(lambda: operator.indexOf([1], 5))
