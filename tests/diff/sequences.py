"""Self-reference, comparison, tuple, range, slice objects."""
from _show import show


self_ref = [1]
self_ref.append(self_ref)
self_ref.append((self_ref,))
print(self_ref, self_ref[1] is self_ref)
show([1, 2] < [1, 3], [1] < [1, 0], [] < [1], [2] > [1, 5], [1, [2]] == [1, [2]], [1] == (1,), [1] != [1], (1, 2) < (1, 2, 3), (1, "a") == (1.0, "a"))
nan = float("nan")
print([nan] == [nan], nan in [nan], [nan].index(nan), [nan].count(nan), (nan,) == (nan,))
t = (1, 2, 3, 2)
show(t.count(2), t.index(3), t + (4,), t * 2, t[1:], t[::-1], len(t), 2 in t, hash(t) == hash((1, 2, 3, 2)), tuple("ab"), tuple(), (), (1,), 1, *t, ((1,),), tuple([1]), hash(()), hash((1, "a")) == hash((1, "a")))
r = range(0, 20, 3)
show(r, len(r), r[2], r[-1], r[1:4], r[::-1], 9 in r, 10 in r, "a" in r, 9.0 in r, r.index(9), r.count(9), r.start, r.stop, r.step, list(reversed(r)), r == range(0, 21, 3), hash(r) == hash(range(0, 21, 3)), range(0) == range(5, 5), bool(range(0)), range(5, 0, -2), list(range(5, 0, -2)), range(10**20, 10**20 + 5)[3], len(range(-5)), repr(range(1, 2)), max(range(5)), sum(range(101)), range(True), list(range(2))[True])
show(slice(1, 2, 3), slice(5), slice(1, None), slice(1) == slice(None, 1, None), slice(1, 2).start, slice(1, 2).step, slice(1) < slice(2), repr(slice("a", [])))
