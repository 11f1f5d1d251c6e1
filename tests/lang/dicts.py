"""Dicts keep order, grow, delete and compare."""
d = {}
for i in range(1000):
    d[i] = str(i)
    d[str(i)] = i
for i in range(0, 1000, 2):
    del d[i]
    d.pop(str(i + 1))
assert len(d) == 1000 and list(d)[:2] == ["0", 1]
assert {k: v for k, v in d.items()} == d == dict(d) == {**d}
assert d.keys() & {1, 3, "z"} == {1, 3} and list(d.values())[0] == 0
d.update(a=1, b=2)
assert d.setdefault("a", 9) == 1 and d.popitem() == ("b", 2) and d.get("none") is None
class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1
    def __eq__(self, o): return self.v == o.v
e = {K(i): i for i in range(30)}
assert e[K(7)] == 7 and K(31) not in e and len(e) == 30
