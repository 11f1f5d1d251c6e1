"""Cycles that consist of tuples alone are collected; tuples that live on keep their items."""
import gc
import marshal


def rings():
    return [t for t in gc.get_objects() if type(t) is tuple and len(t) == 1 and t[0] is t]


class Holder:
    def __del__(self):
        kept.append(self.t)


kept = []
for _ in range(10):
    marshal.loads(b"\xa9\x01r\x00\x00\x00\x00")
    h = Holder()
    h.t = (h, "text", [h])
    del h
    gc.collect()
gc.collect()
assert rings() == [], len(rings())
assert len(kept) == 10 and all(type(t[0]) is Holder and t[1] == "text" and t[2] == [t[0]] for t in kept)
ring = marshal.loads(b"\xa9\x01r\x00\x00\x00\x00")
gc.collect()
assert ring[0] is ring and len(rings()) == 1
print("done")
