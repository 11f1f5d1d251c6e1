"""list, tuple, range and slice: every method, slices of every kind, comparison, errors."""
import random
from _show import err

l = [3, 1, 2]
l.append(4)
l.extend((5, 6))
l.extend(x for x in "ab")
l.insert(0, "first")
l.insert(-1, "before last")
l.insert(100, "end")
l.insert(-100, "start")
print(l, l.pop(), l.pop(0), l.pop(-2), l.index(2), l.index(2, 1), l.count(1), l.copy() == l, l.copy() is l)
l.remove(1)
l.reverse()
print(l)
l.clear()
print(l, list(), list("abc"), list((1, 2)), list({1: 2}), list(range(3)), [*"ab", *[1], 2], [[]] * 2)
for f in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1, 2].index(1, 1), lambda: [1][1], lambda: [1][-2], lambda: [1]["a"], lambda: [1][1.5], lambda: [1][None], lambda: [].__setitem__(0, 1), lambda: [].__delitem__(0), lambda: [1] + (2,), lambda: [1] + None, lambda: [1] * "a", lambda: [1] * 1.0, lambda: [].extend(5), lambda: [].insert(1), lambda: [].insert("a", 1), lambda: [].sort(5), lambda: [1, "a"].sort(), lambda: [].sort(key=5) or [1].sort(key=5), lambda: hash([]), lambda: {[]: 1}, lambda: [1] < 5, lambda: [1][::0], lambda: [1][1:"a"], lambda: [1, 2, 3].__setitem__(slice(0, 3, 2), [1]), lambda: [1].__setitem__(slice(0, 1), 5), lambda: list(5), lambda: list(1, 2), lambda: list(a=1), lambda: [].pop("a"), lambda: [1, 2].pop(1.0), lambda: tuple(5), lambda: (1,)[5], lambda: (1,).index(2), lambda: (1,) + [1], lambda: (1,) < [1], lambda: ().x, lambda: ().count(), lambda: [].__class_getitem__(), lambda: range(1, 2, 0), lambda: range("a"), lambda: range(5)[9], lambda: range(5).index(9), lambda: range(5).index("a"), lambda: range(5).count("a"), lambda: slice(), lambda: slice(1, 2, 0).indices(5), lambda: slice(1).indices(-1), lambda: slice("a").indices(5), lambda: hash(slice(1)), lambda: slice(1, 2, 3, 4), lambda: [1].__mul__(1 << 70), lambda: [] < {}, lambda: sorted([1, None]), lambda: min([]), lambda: max(()), lambda: sum(["a"]), lambda: sum([[1]]), lambda: sum("ab", ""), lambda: sum([b"a"], b""), lambda: reversed({1}), lambda: min(1), lambda: min(), lambda: max(1, 2, default=3), lambda: min([1], key=5), lambda: enumerate(), lambda: enumerate(5), lambda: zip(5), lambda: list(zip([1], [1, 2], strict=True)), lambda: list(zip([1, 2], [1], strict=True)), lambda: map(5), lambda: map(), lambda: list(map(5, [1])), lambda: filter(None), lambda: list(filter(5, [1])), lambda: next([]), lambda: iter(5), lambda: iter(5, 1), lambda: all(5), lambda: any(), lambda: all([1], 2)):
    err(f)
n = list(range(10))
for s in (slice(None), slice(2, 5), slice(-3, None), slice(None, -3), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2), slice(2, 8, 3), slice(20, 30), slice(-20, 3), slice(5, 2), slice(5, 2, -1), slice(-1, -20, -3), slice(True, 4), slice(None, 0, -1), slice(1 << 70), slice(-(1 << 70), 1 << 70, 1 << 70)):
    c, d, e = n[:], n[:], n[:]
    del c[s]
    try:
        d[s] = "xyz"
    except ValueError as x:
        d = str(x)
    try:
        e[s] = n[s][::-1]
    except ValueError as x:
        e = str(x)
    print(s, n[s], tuple(n)[s], "0123456789"[s], range(10)[s], c, d, e, s.indices(10))
m = [1, 2, 3]
m[1:1] = [9, 9]
m[:0] = m
m[5:] = ()
print(m)
m[1:3] = iter("pq")
m += "rs"
m *= 2
print(m, m * 0, m * -1, 2 * [1, 2])
m[:] = m[::2]
del m[::2]
print(m)
self_ref = [1]
self_ref.append(self_ref)
self_ref.append((self_ref,))
print(self_ref, self_ref[1] is self_ref)
print([1, 2] < [1, 3], [1] < [1, 0], [] < [1], [2] > [1, 5], [1, [2]] == [1, [2]], [1] == (1,), [1] != [1], (1, 2) < (1, 2, 3), (1, "a") == (1.0, "a"), [float("nan")] == [float("nan")])
nan = float("nan")
print([nan] == [nan], nan in [nan], [nan].index(nan), [nan].count(nan), (nan,) == (nan,))
t = (1, 2, 3, 2)
print(t.count(2), t.index(3), t + (4,), t * 2, t[1:], t[::-1], len(t), 2 in t, hash(t) == hash((1, 2, 3, 2)), tuple("ab"), tuple(), (), (1,), 1, *t, ((1,),), tuple([1]), hash(()), hash((1, "a")) == hash((1, "a")))
r = range(0, 20, 3)
print(r, len(r), r[2], r[-1], r[1:4], r[::-1], 9 in r, 10 in r, "a" in r, 9.0 in r, r.index(9), r.count(9), r.start, r.stop, r.step, list(reversed(r)), r == range(0, 21, 3), hash(r) == hash(range(0, 21, 3)), range(0) == range(5, 5), bool(range(0)), range(5, 0, -2), list(range(5, 0, -2)), range(10**20, 10**20 + 5)[3], len(range(-5)), repr(range(1, 2)), max(range(5)), sum(range(101)), range(True), list(range(2))[True])
print(slice(1, 2, 3), slice(5), slice(1, None), slice(1) == slice(None, 1, None), slice(1, 2).start, slice(1, 2).step, slice(1) < slice(2), repr(slice("a", [])))
# Sorting
random.seed(1)
data = [random.randrange(1000) for _ in range(500)]
assert sorted(data) == sorted(sorted(data, reverse=True)) and sorted(data)[::-1] == sorted(data, reverse=True)
pairs = [(random.randrange(10), i) for i in range(300)]
s = sorted(pairs, key=lambda p: p[0])
assert all(a[0] < b[0] or a[1] < b[1] for a, b in zip(s, s[1:]))
s = sorted(pairs, key=lambda p: p[0], reverse=True)
assert all(a[0] > b[0] or a[1] < b[1] for a, b in zip(s, s[1:]))
print(sorted("bca"), sorted({3: 1, 1: 2}), sorted([3, 1.5, 2, True]), sorted(["b", "A", "a"], key=str.lower), sorted([(1, "b"), (1, "a")]), sorted([[2], [1, 5], []]), sorted([b"b", b"a"]), sorted([-1, 2, -3], key=abs), sorted([]), sorted([1]), sorted(["é", "z", "a", "€"]))
for n in (2, 3, 10, 31, 32, 33, 63, 64, 65, 100, 257):
    x = [(i * 7919) % n for i in range(n)]
    y = x[:]
    y.sort()
    assert y == sorted(x) == list(range(n)) if n % 7919 else True
    z = list(range(n)) + list(range(n))
    z.sort()
    assert z == sorted(list(range(n)) * 2)


class Lt:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        return self.v < o.v

    def __repr__(self):
        return f"L{self.v}"


print(sorted([Lt(3), Lt(1), Lt(2)]), max([Lt(1), Lt(2)], key=lambda l: l.v), min(Lt(5), Lt(4), key=lambda l: -l.v))


def changing():
    l = [3, 2, 1]
    l.sort(key=lambda v: l.append(1) or v)


err(changing)


class Bad:
    def __lt__(self, o):
        raise KeyError("compare")


l = [Bad(), Bad()]
err(l.sort)
print(len(l))


def key_error(v):
    if v == 2:
        raise ValueError("key")
    return v


l = [3, 2, 1]
err(l.sort, key=key_error)
print(l)
print(min(3, 1, 2), max("abc"), min([], default="d"), max([1, 5, 3], key=lambda x: -x), min("b", "a", key=ord), sum([1, 2], 10), sum([[1], [2]], []), sum([0.1] * 3), any([0, 1]), all([]), list(enumerate("ab", 5)), list(zip("ab", [1, 2, 3])), list(zip()), list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2])), list(reversed([1, 2])), list(iter([1, 2].pop, 1)), list(zip(*[(1, 2), (3, 4)])), next(iter([]), "d"))
it = iter([1, 2, 3])
next(it)
print(it.__length_hint__(), list(it), list(it), it.__length_hint__())
it = iter([1, 2, 3])
next(it)
import copy
import pickle

print(list(copy.copy(it)), it.__reduce__()[1:], list(pickle.loads(pickle.dumps(it))), reversed([1, 2]).__length_hint__(), iter(range(5)).__length_hint__())
for obj in (iter(()), iter([]), iter(""), iter("é"), iter(b""), iter(bytearray()), iter({}), iter({}.items()), iter({}.values()), iter(set()), iter(range(0)), iter(range(1 << 70)), reversed([]), reversed(()), reversed({}), reversed(range(3)), enumerate([]), zip(), map(int, []), filter(None, []), iter(int, 0), (x for x in ())):
    print(type(obj).__name__, iter(obj) is obj, end="; ")
print()


class L(list):
    def __getitem__(self, i):
        return ("L", super().__getitem__(i))

    def append(self, v):
        super().append(v * 2)


x = L([1, 2])
x.append(3)
print(x, x[0], x[1:], list(x), len(x), x + [1], type(x + [1]).__name__, x == [1, 2, 6], [*x], x.copy(), type(x.copy()).__name__)


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)


print(T(1, 2), T(1, 2) == (1, 2), type(T(1, 2) + (3,)).__name__, T(1, 2)[0], hash(T(1)) == hash((1,)), (lambda *a: a)(*T(1, 2)))
big = list(range(100000))
for _ in range(50000):
    big.pop()
big.extend(range(10))
print(len(big), big[-1], sum(big) % 1000, [] .__eq__(5), [].__lt__(5), [1].__contains__(1), [].__init__(), [3, 4].__reversed__().__next__())
a, b = [1], [1]
a[0], b[0] = b, a
err(lambda: a == b)
