"""Assignment in all its forms: targets, unpacking, augmented, annotated, walrus, del."""
from _show import err, run

a = b = c = [1]
print(a is b is c)
x, y = 1, 2
x, y = y, x
print(x, y)
(p, q), [r, *s] = (1, 2), "wxyz"
print(p, q, r, s)
first, *middle, last = range(6)
print(first, middle, last)
*init, end = "ab"
print(init, end)
[*everything] = {1: 2, 3: 4}
print(everything)
*empty, one = [1]
print(empty, one)
(deep, (deeper, *rest)), tail = (1, (2, 3, 4)), 5
print(deep, deeper, rest, tail)
d = {}
d["k"], d["j"] = 1, 2
print(d)


class Attr:
    pass


o = Attr()
o.x, o.y = "xy"
o.l = [0, 0, 0]
o.l[0], o.l[1:] = 9, [8, 7, 6]
print(o.x, o.y, o.l)
i = 0
i, o.l[i] = 2, "late"
print(i, o.l)

for text in ("a, b = 1", "a, b = 1, 2, 3", "a, b = [1]", "a, b, *c = [1]", "a, *b, c = ''", "a, b = {1: 2}",
             "a, b = iter([1])", "(a, b), c = 1, 2", "a, b = None", "[a] = 5", "a, b = 'x'"):
    print(text, end=" -> ")
    run(text)

# Augmented assignment: order of evaluation, in-place methods, all operators.
log = []


class Target:
    def __init__(self):
        self.values = {0: 10}

    def __getitem__(self, key):
        log.append(("get", key))
        return self.values[key]

    def __setitem__(self, key, value):
        log.append(("set", key, value))
        self.values[key] = value


def say(value):
    log.append(value)
    return value


t = Target()
t[say(0)] += say(5)
print(log, t.values)
n = 100
n += 5
n -= 3
n *= 2
n //= 3
n **= 2
n %= 1000
n <<= 3
n >>= 1
n |= 1
n &= 0xFFF
n ^= 0x55
print(n)
n /= 2
print(n)
l = m = [1]
l += (2, 3)
l *= 2
print(l, l is m)
tup = ([],)
try:
    tup[0] += [1]
except TypeError as e:
    print(e, tup)
s = "a"
s += "b"
s *= 3
print(s)


class InPlace:
    def __iadd__(self, other):
        return "iadd %r" % other

    def __add__(self, other):
        return "add %r" % other

    def __matmul__(self, other):
        return "matmul"

    def __imatmul__(self, other):
        return "imatmul"


v = InPlace()
v += 1
print(v)
v = InPlace()
v @= 2
print(v)
v = InPlace()
run("v -= 1", v=InPlace())
run("v = None; v += 1")
run("v = 'a'; v -= 'b'")
run("v = []; v += 5")
run("v = {}; v |= 5")
run("v = set(); v |= [1]")

# Annotations
number: int = 5
only: str
o.attr: float = 1.5
o.other: "not evaluated at module level"
d["sub"]: list = []
(paren): int = 3
print(__annotations__, number, o.attr, d["sub"], paren)


class Annotated:
    a: int
    b: "str" = "x"
    (c): int = 1
    d: print("evaluated") = 2
    __private: int = 1


print(Annotated.__annotations__)


def local_annotations():
    z: undefined_name = 1
    w: also_undefined
    return z, local_annotations.__annotations__


print(local_annotations())

# Walrus
if (w := 5) > 3:
    print("walrus", w)
print([y := 1, y ** 2], y)
print([last := i for i in range(3)], last)
print({(k := i): k * 2 for i in range(3)}, k)
print((lambda: (inner := 3) + inner)())


def scoped():
    total = 0
    values = [total := total + v for v in range(5)]
    return total, values


print(scoped())
print(f"{(width := 7):>{width}}")
while chunk := d.popitem() if d else None:
    print(chunk)

# del
a, b, c = 1, [1, 2, 3, 4], {"x": 1, "y": 2}
del b[0], c["x"]
del b[1:]
del (a)
print(b, c)
del o.x, [o.y]
print(sorted(vars(o)))
run("del missing")
run("x = [1]; del x[5]")
run("x = {}; del x['no']")
run("x = 1; del x[0]")
run("class A: pass\ndel A.nothing")
run("class A: pass\ndel A().nothing")
run("x = (1,); del x[0]")
run("x = 'a'; del x[0]")


def deletes_local():
    gone = 1
    del gone
    return gone


err(deletes_local)


def deletes_cell():
    cell = 1

    def inner():
        return cell

    del cell
    return inner()


err(deletes_cell)
