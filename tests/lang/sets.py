"""Sets and their algebra."""
a, b = set(range(100)), set(range(50, 150))
assert len(a | b) == 150 and len(a & b) == 50 and len(a - b) == 50 and len(a ^ b) == 100
a -= b
a.add("x")
a.discard(1)
assert 1 not in a and "x" in a and frozenset(a) == a and {frozenset(a): 1}[frozenset(a)] == 1
assert {1, 2} < {1, 2, 3} and {1}.isdisjoint({2}) and not {1} > {2}
while a:
    a.pop()
assert a == set()
