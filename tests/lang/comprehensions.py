"""Comprehensions, nested scopes, walrus."""
assert [x for x in range(10) if x % 2 if x > 2] == [3, 5, 7, 9]
assert {x: {y for y in range(x)} for x in range(3)} == {0: set(), 1: {0}, 2: {0, 1}}
assert [[i * j for j in range(3)] for i in range(3)][2] == [0, 2, 4]
assert [last := i for i in range(3)] and last == 2
fs = [lambda: i for i in range(3)]
assert [f() for f in fs] == [2, 2, 2]
class C:
    n = 3
    l = [i for i in range(n)]
assert C.l == [0, 1, 2]
try:
    [1 / (2 - i) for i in range(5)]
except ZeroDivisionError:
    pass
assert list(x for x in (y for y in "ab")) == ["a", "b"]
