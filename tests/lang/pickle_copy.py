"""pickle and copy of many kinds of objects."""
import copy
import pickle
class C:
    def __init__(self): self.a = [self]
values = [1, 2 ** 100, 1.5, "é", b"b", [1, [2]], (1, (2,)), {"a": {1}}, None, True, frozenset([1]), range(3), slice(1), C, len, bytearray(b"x"), 1j]
for p in range(6):
    for v in values:
        if isinstance(v, slice) and p < 2: continue
        assert pickle.loads(pickle.dumps(v, p)) == v, (v, p)
for v in values:
    assert copy.copy(v) == v and copy.deepcopy(v) == v
c = pickle.loads(pickle.dumps(C())) if __name__ == C.__module__ == "__main__" and "__main__" in __import__("sys").modules and hasattr(__import__("sys").modules["__main__"], "C") else copy.deepcopy(C())
assert c.a[0] is c and copy.deepcopy(c).a[0] is not c
