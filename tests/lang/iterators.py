"""Builtin iterators and itertools."""
import itertools as it
assert list(zip("ab", [1, 2], strict=True)) == [("a", 1), ("b", 2)]
assert list(map(lambda a, b: a + b, [1, 2], [3, 4])) == [4, 6]
assert list(filter(None, [0, 1])) == [1] and list(enumerate("a", 1)) == [(1, "a")]
assert list(reversed([1, 2])) == [2, 1] and list(iter([1, 2].pop, 1)) == [2]
assert list(it.chain("ab", [1])) == ["a", "b", 1] and list(it.islice(it.count(), 2, 6, 2)) == [2, 4]
assert [len(list(it.permutations(range(4), k))) for k in range(5)] == [1, 4, 12, 24, 24]
assert {k: len(list(g)) for k, g in it.groupby("aabbb")} == {"a": 2, "b": 3}
a, b = it.tee(range(5))
assert list(a) == list(b) and list(it.accumulate([1, 2, 3])) == [1, 3, 6]
assert sum(1 for _ in it.product("ab", repeat=5)) == 32
class Seq:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i
assert list(Seq()) == [0, 1, 2, 3] and 2 in Seq() and max(Seq()) == 3
