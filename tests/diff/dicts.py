"""dict, its views, set and frozenset: every method, order, identity of keys, errors."""
from _show import err

d = {"a": 1, "b": 2, 3: "three", (1, 2): "tuple", None: "none", 1.5: "float", True: "true"}
print(d, len(d), d["a"], d[1], d[1.0], d[True], d.get("x"), d.get("x", 5), d.get("a"), "a" in d, "z" not in d, list(d), list(d.values()), list(d.items()))
d[1] = "one"
print(list(d)[-1], d[True], d.pop("a"), d.pop("zz", "default"), d.popitem(), d.setdefault("new", []), d.setdefault("b", 9), len(d))
d.update({"u": 1}, v=2)
d.update([("w", 3), "xy"])
d.update(z=1)
d.update()
print(d)
del d[3], d[None]
print(d, dict(d) == d, d.copy() is d, dict(a=1), dict([("a", 1)]), dict({"a": 1}, b=2), dict(zip("ab", [1, 2])), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {**d, "b": "over"}["b"], {}, dict(), {"a": 1, "a": 2})
print({"a": 1} | {"b": 2}, {"a": 1} | {"a": 2}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} != {1: 1}, {"a": 1}.__or__(5), bool({}), list(reversed({"a": 1, "b": 2})), {1: 2}.__contains__(1), {i: i * i for i in range(3)}, {k: v for k, v in zip("ab", "cd") if k != "a"})
x = {"a": 1}
x |= {"b": 2}
x |= [("c", 3)]
print(x)
for f in (lambda: {}["x"], lambda: {}[1, 2], lambda: {}.pop("x"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {}[[]], lambda: {}.get({}), lambda: [] in {}, lambda: {}.update(5), lambda: {}.update([1]), lambda: {}.update([(1, 2, 3)]), lambda: {}.update(["abc"]), lambda: {}.update(1, 2), lambda: dict(5), lambda: dict([1]), lambda: dict(["a"]), lambda: dict(1, 2), lambda: dict.fromkeys(), lambda: dict.fromkeys(5), lambda: {} | 5, lambda: {} < {}, lambda: hash({}), lambda: {}.__delitem__("x"), lambda: {}.setdefault(), lambda: {}.pop(), lambda: {}.get(), lambda: {} + {}, lambda: {}.x, lambda: {1: 1}.__setitem__([], 1), lambda: {}.keys().x, lambda: {}.keys()[0], lambda: hash({}.keys()), lambda: {**5}, lambda: {**[1]}, lambda: {}.items() | 5, lambda: {}.clear(1), lambda: {1: 2}.__init__(5), lambda: dict(**{1: 2}), lambda: {set(): 1}, lambda: {1: []}.items() & {(1, ())} if False else {1: []}.items() | set()):
    err(f)
keys, values, items = x.keys(), x.values(), x.items()
print(keys, values, items, len(keys), "a" in keys, 1 in values, ("a", 1) in items, ("a", 2) in items, 5 in items, list(reversed(keys)), list(reversed(items)), keys == {"a", "b", "c"}, keys & {"a", "z"}, sorted(keys | {"z"}), sorted(keys - {"a"}), sorted(keys ^ {"a", "z"}), items & {("a", 1)}, keys <= {"a", "b", "c", "d"}, keys > {"a"}, keys.isdisjoint({"q"}), {"a"} < keys, keys.mapping, values == x.values(), keys == x.keys(), items == x.items(), type(keys).__name__)
x["new"] = 9
print(keys, len(values), repr(type(iter(keys))), keys & ["a"], sorted(["a", "q"] & keys) if hasattr(keys, "__rand__") else "")
keys.mapping["a"] if True else None
err(lambda: keys.mapping.__setitem__("a", 1))


class K:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return self.v % 3

    def __eq__(self, o):
        return isinstance(o, K) and self.v == o.v

    def __repr__(self):
        return f"K{self.v}"


ks = {K(i): i for i in range(12)}
print(ks, ks[K(7)], K(20) in ks, len(ks))
for i in range(0, 12, 2):
    del ks[K(i)]
ks[K(0)] = "again"
print(ks, ks.pop(K(11)), list(ks))


class BadHash:
    def __hash__(self):
        raise ValueError("bad hash")


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, o):
        raise ValueError("bad eq")


err(lambda: {BadHash(): 1})
err(lambda: {BadEq(): 1, BadEq(): 2})
err(lambda: BadEq() in {1: 1})
err(lambda: {1: 1}.get(BadHash()))


class D(dict):
    def __missing__(self, k):
        return f"missing {k}"

    def __getitem__(self, k):
        return ("D", super().__getitem__(k))


dd = D(a=1)
print(dd["a"], dd["zz"], dd.get("zz"), dd, {**dd}, dict(dd), dd == {"a": 1}, type(dd.copy()).__name__, type(dd | {}).__name__, "%(a)s" % dd)


class D2(dict):
    def __missing__(self, k):
        self[k] = v = len(self)
        return v


d2 = D2()
print([d2[c] for c in "abcab"], d2)
many = {}
for i in range(2000):
    many[i] = i
for i in range(0, 2000, 2):
    del many[i]
for i in range(3000, 3500):
    many[str(i)] = i
print(len(many), list(many)[:3], list(many)[-2:], sum(v for v in many.values()))
many.clear()
many["after"] = 1
print(many)
self_ref = {}
self_ref["me"] = self_ref
print(self_ref, self_ref == self_ref if False else "")
err(lambda: {"a": self_ref} == {"a": {"me": self_ref}} and "compared")
order = dict.fromkeys("hello world")
print("".join(order), list(dict.fromkeys([3, 1, 3, 2])))
order.pop("h")
order["h"] = 1
print("".join(order), next(iter(order)))


def mutate(kind):
    d = {1: 1, 2: 2, 3: 3}
    for k in d:
        if kind == "add":
            d[k + 10] = 1
        elif kind == "del":
            del d[k]
        elif kind == "clear":
            d.clear()
        elif kind == "swap":
            del d[k]
            d[k + 10] = 0


for kind in ("add", "del", "clear", "swap"):
    err(mutate, kind)
# sets
s = {3, 1, 2}
s.add(4)
s.add(4)
s.discard(99)
s.remove(1)
s.update([5, 6], (7,), "a")
print(len(s), sorted(map(str, s)), 3 in s, 99 in s, s == {2, 3, 4, 5, 6, 7, "a"}, s.copy() == s, s.copy() is s, set() == set([]), set("aab") == {"a", "b"}, {*[1, 2], 3}, frozenset([1, 2]) == {1, 2}, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), repr(set()), repr(frozenset()), repr(frozenset([1])), {1}, bool(set()))
a, b = {1, 2, 3}, {2, 3, 4}
for name in ("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint"):
    print(name, getattr(a, name)(b), getattr(a, name)([2, 3]), getattr(frozenset(a), name)(b))
print(a | b, a & b, a - b, a ^ b, a <= b, a < {1, 2, 3, 4}, a >= {1}, a > a, a == frozenset(a), a != b, a.union([9], (8,)), a.intersection(), a.difference([1], [2]), a.union(), type(a | frozenset(b)).__name__, type(frozenset(a) | b).__name__)
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
print({1} in [frozenset([1])], {1} in {frozenset([1])}, {frozenset([1]), 2} == {2, frozenset([1])}, {1} == {1.0} == {True}, {frozenset(): 1}[frozenset()])


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
print(x, x | {3}, type(x | {3}).__name__, type(x.copy()).__name__, FS([1]), type(FS([1]) | {2}).__name__, x == {1, 2}, type({3} | x).__name__, FS([1]) == {1}, hash(FS([1])) == hash(frozenset([1])))
big = set(range(5000))
big -= set(range(0, 5000, 3))
print(len(big), min(big), max(big), sum(big), len(big & set(range(100))), big.isdisjoint(range(0, 5000, 3)), sorted(x * 2 for x in {5, 3}), {i % 7 for i in range(50)} == set(range(7)))
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
