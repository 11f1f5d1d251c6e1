"""copy and pickle with every protocol and hook."""
import copy
import io
import pickle
from _show import err, show

# copy and pickle
class Node:
    def __init__(self, v):
        self.v, self.next = v, None

    def __eq__(self, o):
        return self.v == o.v


class Slotted:
    __slots__ = ("a", "b")


class Reduced:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return Reduced, (self.x + 1,)


class Stateful:
    def __init__(self):
        self.a, self.b = 1, 2

    def __getstate__(self):
        return {"a": self.a}

    def __setstate__(self, s):
        self.__dict__.update(s, restored=True)


class NewArgs(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    def __getnewargs__(self):
        return self[0], self[1]


n = Node(1)
n.next = n
c = copy.deepcopy(n)
print(c.next is c, c is not n, copy.copy(n).next is n)
s = Slotted()
s.a = 5
for proto in range(2, pickle.HIGHEST_PROTOCOL + 1):
    x = pickle.loads(pickle.dumps(s, proto))
    show(x.a, hasattr(x, "b"), pickle.loads(pickle.dumps(Reduced(1), proto)).x, pickle.loads(pickle.dumps(Stateful(), proto)).__dict__, pickle.loads(pickle.dumps(NewArgs(1, 2), proto)), pickle.loads(pickle.dumps(n, proto)).next.v)
values = [None, True, 5, -5, 2**40, 2**100, -(2**70), 1.5, float("inf"), 1 + 2j, "text", "é€𝄞", "a" * 300, b"bytes", b"x" * 300, bytearray(b"ba"), [1, [2]], (), (1,), (1, 2, 3, 4), {"a": {"b": 1}}, {1, 2}, frozenset([3]), range(5), slice(1, 2), Ellipsis, NotImplemented, len, int, Node, "abc".upper if False else str.upper, print, Exception("e"), type(None)]
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    ok = []
    for v in values:
        try:
            back = pickle.loads(pickle.dumps(v, proto))
            ok.append(back == v or repr(back) == repr(v))
        except Exception as e:
            ok.append(f"{type(e).__name__} {e}")
    print(proto, ok)
for v in (None, 5, "a", [1, "b"], {"k": (1, 2)}, 2**70, b"q", {1}, 1.5):
    print([pickle.dumps(v, p) for p in (0, 2, 4, 5)])
for f in (lambda: pickle.dumps(lambda: 0), lambda: pickle.dumps((x for x in ())), lambda: pickle.loads(b""), lambda: pickle.loads(b"garbage"), lambda: pickle.loads(b"\x80\x04."), lambda: pickle.dumps(io.StringIO) and pickle.dumps(open), lambda: pickle.loads(b"cnosuch\nthing\n."), lambda: pickle.dumps(5, 99), lambda: pickle.loads("str"), lambda: copy.copy(x for x in ()), lambda: pickle.loads(b"\x80\x63.")):
    err(f)
buf = io.BytesIO()
pk = pickle.Pickler(buf, 4)
shared = [1]
pk.dump([shared, shared])
pk.dump("second")
buf.seek(0)
up = pickle.Unpickler(buf)
a, b = up.load()
print(a is b, up.load())


class PersP(pickle.Pickler):
    def persistent_id(self, o):
        return "pid" if o is Node else None


class PersU(pickle.Unpickler):
    def persistent_load(self, p):
        return f"loaded {p}"

    def find_class(self, m, n):
        return super().find_class(m, n)


buf = io.BytesIO()
PersP(buf).dump([Node, 1])
print(PersU(io.BytesIO(buf.getvalue())).load())
show(copy.deepcopy({"a": [1, (2, [3])]}), copy.copy([1]), copy.deepcopy(len) is len, copy.copy(Reduced(1)).x, copy.deepcopy(Stateful()).__dict__, copy.deepcopy(bytearray(b"a")))
