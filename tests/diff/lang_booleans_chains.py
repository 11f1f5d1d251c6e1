"""Truth, short circuit, comparison chains, conditional expressions, walrus in conditions."""
from _show import err, show

trace = []


def t(name, value):
    trace.append(name)
    return value


def reset():
    out = "".join(trace)
    trace.clear()
    return out


show(t("a", 1) and t("b", 0) and t("c", 1), reset(), t("a", 0) or t("b", "") or t("c", "x"), reset(), t("a", 1) or t("b", 1), reset(), not t("a", []), reset())
print((t("a", 0) or t("b", 1)) and (t("c", 0) or t("d", 5)), reset(), t("a", 1) if t("c", 0) else t("b", 2), reset())
show(t("a", 1) < t("b", 2) < t("c", 3), reset(), t("a", 3) < t("b", 2) < t("c", 5), reset(), t("a", 1) == t("b", 1) != t("c", 2) >= t("d", 2), reset())
show(t("a", 1) in t("b", [1]) in t("c", [[1]]), reset(), t("a", None) is t("b", None) is not t("c", 1), reset(), not t("a", 1) == t("b", 2), reset(), 1 < 2 > 1 < 3, 1 == 1.0 == True, 3 > 2 > 1 > 0 > -1, "a" < "b" < "c", [] == [] != [1])


class Cmp:
    def __init__(self, r):
        self.r = r

    def __lt__(self, o):
        return self.r

    __gt__ = __le__ = __ge__ = __eq__ = __ne__ = __lt__

    def __contains__(self, v):
        return self.r


class Truth:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        trace.append("bool")
        return self.v

    def __repr__(self):
        return f"T{self.v}"


show(Cmp([]) < 1, Cmp("x") == 2, Cmp("x") < 1 < 2, Cmp("") < 1 < 2, 1 in Cmp("yes"), 1 not in Cmp([]), Cmp(Truth(True)) == 1 == 1, reset(), not Cmp(Truth(False)) < 1, reset(), Truth(True) and Truth(False), reset(), Truth(False) or Truth(True), reset(), [1 for _ in "a" if Truth(True)], reset())
x = Truth(True)
if x and not x or x:
    print("if", reset())
while x:
    print("while", reset())
    break
assert x, reset()
reset()
print(1 if x else 2, reset(), bool(x), reset(), all([x, x]), reset(), any([Truth(False), x]), reset(), list(filter(None, [x])), reset())


class Bad:
    def __bool__(self):
        raise ValueError("no truth")


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


for f in (lambda: not Bad(), lambda: Bad() and 1, lambda: 1 if Bad() else 2, lambda: [1 for _ in "a" if Bad()], lambda: bool(Bad()), lambda: all([Bad()]), lambda: Bad() < 1, lambda: 1 < "a" < 2, lambda: 1 in 5, lambda: None < None, lambda: [] < None, lambda: {} > {}, lambda: object() >= object(), lambda: (1,) < [1], lambda: "a" in b"a", lambda: 1 in "a", lambda: None in 5):
    err(f)
print(bool(Len(0)), bool(Len(5)), [v for v in (0, 0.0, 0j, "", b"", (), [], {}, set(), frozenset(), range(0), None, False, bytearray(), memoryview(b"")) if v], all(v for v in (1, -1, 0.1, 1j, " ", b"\0", (0,), [0], {0: 0}, {0}, range(1), object(), int, len, ..., NotImplemented.__class__, lambda: 0)))
if (n := len("abc")) > 2 and (m := n * 2) or (k := 0):
    print(n, m, "k" in globals())
print([y for v in range(5) if (y := v * 2) > 3], y, any((last := v) > 2 for v in range(10)), last)
total = 0
values = iter([3, 2, 1, 0])
while (v := next(values)) and total < 100:
    total += v
print(total, v)

show(1 if 0 else 2 if 0 else 3, (1 if 1 else 2) if 1 else 3, -1 ** 2, (-1) ** 2, 2 ** -1, 2 ** 3 ** 2, not 1 + 1, ~1 + 1, 1 + 2 * 3 - 4 / 2 ** 2, 7 // 2 * 2 + 7 % 2, 1 << 2 + 1, 5 & 3 | 4 ^ 1, 1 < 2 & 3, "a" + "b" * 2, "%s" % 1 + "x", not 0 in [0])
