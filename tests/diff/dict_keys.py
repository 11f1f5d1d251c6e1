"""Keys with odd hashes and equality, __missing__, changing while iterating."""
from _show import err

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
