"""itertools in full, and iterator protocols, unpacking, lazy builtins."""
import copy
import itertools as it
import operator
import pickle
from _show import err, show

show(list(it.islice(it.count(5), 3)), list(it.islice(it.count(1.5, 0.5), 3)), list(it.islice(it.count(10**20), 2)), it.count(3), it.count(1, 2), list(it.islice(it.count(step=-1), 3)), it.count("a") if False else "")
show(list(it.islice(it.cycle("ab"), 5)), list(it.cycle([])), list(it.repeat("x", 3)), it.repeat(1, 2), it.repeat(1), list(it.islice(it.repeat(0), 2)), list(it.repeat(1, -1)), it.repeat(5, 3).__length_hint__())
show(list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([1, 2, 3], operator.mul)), list(it.accumulate([1, 2], initial=10)), list(it.accumulate("abc")), list(it.accumulate([])), list(it.accumulate([], initial=1)), list(it.accumulate([3, 1, 2], max)))
show(list(it.chain("ab", [1], ())), list(it.chain.from_iterable(["ab", "c"])), list(it.chain()), list(it.compress("abcd", [1, 0, True, ""])), list(it.dropwhile(lambda x: x < 3, [1, 4, 2])), list(it.takewhile(lambda x: x < 3, [1, 4, 2])), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.filterfalse(None, [0, 1, ""])), list(it.pairwise("abcd")), list(it.pairwise("a")), list(it.starmap(pow, [(2, 3), (3, 2)])))
for args in ((3,), (1, 3), (1, None), (0, 10, 3), (None,), (2, 2), (None, None, 2), (5, 3)):
    print(args, list(it.islice("abcdefgh", *args)))
print([(k, list(g)) for k, g in it.groupby("aabbbca")], [(k, len(list(g))) for k, g in it.groupby([1, 1.0, True, 2], key=lambda x: x > 1)], [k for k, g in it.groupby([])])
groups = it.groupby("aab")
k1, g1 = next(groups)
k2, g2 = next(groups)
print(k1, list(g1), k2, list(g2))
show(list(it.zip_longest("ab", [1, 2, 3], "x")), list(it.zip_longest("ab", [1], fillvalue="-")), list(it.zip_longest()), list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.product()), list(it.product("ab", [])), list(it.permutations("abc", 2)), list(it.permutations([1, 2, 3])), list(it.permutations("ab", 3)), list(it.permutations([])), list(it.combinations("abcd", 2)), list(it.combinations("ab", 3)), list(it.combinations("ab", 0)), list(it.combinations_with_replacement("abc", 2)), list(it.combinations_with_replacement([], 2)))
a, b = it.tee([1, 2, 3])
print(next(a), list(b), list(a), it.tee([1], 0), len(it.tee([1], 3)))
a, b = it.tee(iter("xyz"))
c = copy.copy(b)
print(list(a), list(b), list(c))
for f in (lambda: it.islice([1], -1), lambda: it.islice([1], 1, 2, 0), lambda: it.islice([1], "a"), lambda: it.islice(5, 1), lambda: it.islice([]), lambda: it.count("a"), lambda: it.cycle(5), lambda: it.repeat(), lambda: it.repeat(1, "a"), lambda: it.chain(5).__next__(), lambda: it.chain.from_iterable(5), lambda: it.tee(5), lambda: it.tee([], -1), lambda: it.product(5), lambda: it.product([1], repeat=-1), lambda: it.permutations([1], -1), lambda: it.combinations([1], -1), lambda: it.combinations([1]), lambda: it.combinations([1], "a"), lambda: it.groupby(), lambda: it.groupby(5), lambda: list(it.starmap(pow, [5])), lambda: list(it.accumulate(["a", 1])), lambda: it.zip_longest("a", foo=1), lambda: it.compress(), lambda: it.pairwise(5), lambda: it.filterfalse(None, 5), lambda: list(it.takewhile(5, [1])), lambda: it.product("a", foo=1)):
    err(f)
for obj in (it.count(5), it.cycle("ab"), it.repeat(1, 3), it.chain("ab", "c"), it.islice("abcdef", 1, 5), it.accumulate([1, 2, 3]), it.product("ab", repeat=2), it.permutations("abc", 2), it.combinations("abc", 2), it.zip_longest("ab", "c"), it.compress("abc", [1, 1, 1]), it.takewhile(bool, [1, 2]), enumerate("ab"), zip("ab", "cd"), map(str, [1, 2]), filter(None, [1, 2]), reversed([1, 2, 3]), iter("abc"), iter((1, 2)), iter(range(5)), iter(b"ab")):
    next(obj)
    back = pickle.loads(pickle.dumps(obj))
    print(type(obj).__name__, list(it.islice(back, 4)), list(it.islice(obj, 4)))


class Seq:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError(i)
        return i

    def __len__(self):
        return self.n


s = Seq(4)
print(list(s), list(reversed(s)), 3 in s, list(enumerate(s)), [*s], tuple(s), max(s), dict(zip(s, "abcd")), iter(s).__length_hint__())
a, *b = s
print(a, b, sorted(s, reverse=True), list(map(None.__class__, [])), sum(s), min(s))


class Broken:
    def __iter__(self):
        raise ValueError("in iter")


class BrokenNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("in next")


for f in (list, tuple, set, sorted, sum, max, any, all, dict, "".join, enumerate, lambda x: [*x], lambda x: {*x}, lambda x: print(*x), lambda x: [y for y in x], lambda x: 1 in x, it.cycle, lambda x: list(zip(x)), lambda x: list(map(str, x)), bytes, frozenset, lambda x: [].extend(x), lambda x: it.product(x), iter):
    err(f, Broken())
    err(f, BrokenNext()) if f not in (enumerate, it.cycle, iter) else None


class Hint:
    def __init__(self, h):
        self.h = h

    def __iter__(self):
        return iter([1, 2])

    def __length_hint__(self):
        return self.h


print(list(Hint(5)), list(Hint(NotImplemented)), list(Hint(0)))
err(list, Hint(-1))
err(list, Hint("a"))
source = iter(range(10))
print([(x, next(source, None)) for x in source], list(source))
show(list(zip(*[iter("abcdef")] * 2)), list(map(operator.add, it.count(), [5, 5])), dict(enumerate("ab")), list(zip("ab", it.count())), [x for x, _ in zip(it.count(), "abc")])
z = zip([1, 2, 3], iter([1]))
print(list(z))
callable_iter = iter(lambda c=it.count(): next(c), 3)
print(list(callable_iter))
import collections

deque = collections.deque(maxlen=2)
deque.extend(it.chain.from_iterable(zip("abc", "xyz")))
print(deque, list(it.chain(*[[1], [2, 3]])), next(filter(lambda v: v > 2, [1, 3, 5])), list(it.islice(filter(None, it.cycle([0, 1])), 3)))
