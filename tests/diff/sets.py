"""set and frozenset: methods, operators, errors; mappingproxy, SimpleNamespace."""
from _show import err, show

# sets
s = {3, 1, 2}
s.add(4)
s.add(4)
s.discard(99)
s.remove(1)
s.update([5, 6], (7,), "a")
show(len(s), sorted(map(str, s)), 3 in s, 99 in s, s == {2, 3, 4, 5, 6, 7, "a"}, s.copy() == s, s.copy() is s, set() == set([]), set("aab") == {"a", "b"}, {*[1, 2], 3}, frozenset([1, 2]) == {1, 2}, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), repr(set()), repr(frozenset()), repr(frozenset([1])), {1}, bool(set()))
a, b = {1, 2, 3}, {2, 3, 4}
for name in ("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint"):
    print(name, getattr(a, name)(b), getattr(a, name)([2, 3]), getattr(frozenset(a), name)(b))
show(a | b, a & b, a - b, a ^ b, a <= b, a < {1, 2, 3, 4}, a >= {1}, a > a, a == frozenset(a), a != b, a.union([9], (8,)), a.intersection(), a.difference([1], [2]), a.union(), type(a | frozenset(b)).__name__, type(frozenset(a) | b).__name__)
c = set(a)
c |= b
c &= {1, 2, 4}
c -= {1}
c ^= {2, 9}
print(c)
c.intersection_update([9, 4])
c.difference_update([9], [10])
c.symmetric_difference_update([1])
print(c, c.pop() in (1, 4), len(c))
c.clear()
print(c)
for f in (lambda: set().pop(), lambda: {1}.remove(2), lambda: {[]}, lambda: {1}.add([]), lambda: {1} | [1], lambda: {1} & [1], lambda: {1} < [1], lambda: {1} + {2}, lambda: set(5), lambda: set(1, 2), lambda: hash(set()), lambda: {1}.update(5), lambda: frozenset().add(1), lambda: {1}[0], lambda: frozenset(5), lambda: {1}.union(5), lambda: {1}.__ior__([1]), lambda: {1}.issubset(5), lambda: {1: 1} | {1}, lambda: [] in {1}, lambda: {1}.discard([]), lambda: {1}.isdisjoint(5), lambda: set(a=1), lambda: {1}.intersection_update(5)):
    err(f)
show({1} in [frozenset([1])], {1} in {frozenset([1])}, {frozenset([1]), 2} == {2, frozenset([1])}, {1} == {1.0} == {True}, {frozenset(): 1}[frozenset()])


def mutate_set():
    s = {1, 2, 3}
    for v in s:
        s.add(v + 10)


err(mutate_set)


class S(set):
    pass


class FS(frozenset):
    pass


x = S([1, 2])
show(x, x | {3}, type(x | {3}).__name__, type(x.copy()).__name__, FS([1]), type(FS([1]) | {2}).__name__, x == {1, 2}, type({3} | x).__name__, FS([1]) == {1}, hash(FS([1])) == hash(frozenset([1])))
big = set(range(5000))
big -= set(range(0, 5000, 3))
show(len(big), min(big), max(big), sum(big), len(big & set(range(100))), big.isdisjoint(range(0, 5000, 3)), sorted(x * 2 for x in {5, 3}), {i % 7 for i in range(50)} == set(range(7)))
import types

mp = types.MappingProxyType({"a": 1})
print(mp, mp["a"], len(mp), list(mp), mp.get("z"), mp | {"b": 2}, mp == {"a": 1}, mp.copy(), "a" in mp, list(reversed(mp)), mp.items())
err(lambda: mp.__setitem__("a", 1))
err(lambda: mp["zz"])
err(lambda: types.MappingProxyType(5))
err(lambda: hash(mp))
ns = types.SimpleNamespace(a=1, b="x")
print(ns, ns.a, ns == types.SimpleNamespace(a=1, b="x"), ns.__dict__)
ns.c = [ns]
print(ns)
