"""sort and sorted: stability, keys, errors; min, max, sum, map, zip."""
import random
from _show import err, show

# Sorting
random.seed(1)
data = [random.randrange(1000) for _ in range(500)]
assert sorted(data) == sorted(sorted(data, reverse=True)) and sorted(data)[::-1] == sorted(data, reverse=True)
pairs = [(random.randrange(10), i) for i in range(300)]
s = sorted(pairs, key=lambda p: p[0])
assert all(a[0] < b[0] or a[1] < b[1] for a, b in zip(s, s[1:]))
s = sorted(pairs, key=lambda p: p[0], reverse=True)
assert all(a[0] > b[0] or a[1] < b[1] for a, b in zip(s, s[1:]))
show(sorted("bca"), sorted({3: 1, 1: 2}), sorted([3, 1.5, 2, True]), sorted(["b", "A", "a"], key=str.lower), sorted([(1, "b"), (1, "a")]), sorted([[2], [1, 5], []]), sorted([b"b", b"a"]), sorted([-1, 2, -3], key=abs), sorted([]), sorted([1]), sorted(["é", "z", "a", "€"]))
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
show(min(3, 1, 2), max("abc"), min([], default="d"), max([1, 5, 3], key=lambda x: -x), min("b", "a", key=ord), sum([1, 2], 10), sum([[1], [2]], []), sum([0.1] * 3), any([0, 1]), all([]), list(enumerate("ab", 5)), list(zip("ab", [1, 2, 3])), list(zip()), list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2])), list(reversed([1, 2])), list(iter([1, 2].pop, 1)), list(zip(*[(1, 2), (3, 4)])), next(iter([]), "d"))
