"""list: methods and errors."""
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
