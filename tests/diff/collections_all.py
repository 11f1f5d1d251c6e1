"""collections: deque, OrderedDict, defaultdict, Counter, namedtuple, ChainMap, User*; heapq, bisect, array."""
import array
import bisect
import collections
import copy
import heapq
import pickle
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _show import err

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
d.extend([5, 6])
d.extendleft([-1, -2])
print(d, d.pop(), d.popleft(), len(d), d[0], d[-1], d[2], 3 in d, d.index(3), d.count(1), list(reversed(d)), d.maxlen, bool(deque()))
d.rotate(2)
print(d)
d.rotate(-3)
d.insert(1, "ins")
d.remove("ins")
d[1] = "set"
del d[0]
d.reverse()
print(d, d.copy() == d, d + deque([9]), d * 2, deque("ab") < deque("b"), deque([1]) == [1], copy.copy(d), pickle.loads(pickle.dumps(d)))
m = deque(range(10), maxlen=3)
m.append("x")
m.appendleft("y")
print(m, m.maxlen, deque([1, 2], 0), deque(maxlen=2), m.copy())
for f in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[5], lambda: deque([1]).remove(2), lambda: deque([1]).index(2), lambda: deque(5), lambda: deque([], -1), lambda: deque([], "a"), lambda: deque(maxlen=1).insert(0, 1) or (lambda q: (q.append(1), q.insert(0, 2)))(deque(maxlen=1)), lambda: hash(deque()), lambda: deque([1]) + [1], lambda: deque([1])["a"], lambda: deque().rotate("a"), lambda: deque([1])[0:1]):
    err(f)


def change():
    q = deque([1, 2])
    for v in q:
        q.append(v)


err(change)
big = deque()
for i in range(500):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[100], sum(big), list(big)[:3])
r = deque()
r.append(r)
print(r)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
print(o, list(o), o.popitem(), o.popitem(last=False), o, OrderedDict([("a", 1), ("b", 2)]) == OrderedDict([("b", 2), ("a", 1)]), OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, list(reversed(OrderedDict(a=1, b=2))), OrderedDict(a=1) | {"z": 2}, copy.copy(o), pickle.loads(pickle.dumps(o)), o.pop("zz", "d"), o.setdefault("n", 5), OrderedDict.fromkeys("ab"))
err(o.move_to_end, "zz")
err(o.pop, "zz")
err(OrderedDict().popitem)
o["b"] = 9
o.update(b=1, q=2)
del o["b"]
o["b"] = 3
print(o, list(o.keys()), list(o.items()), list(o.values()), repr(o))
dd = defaultdict(list)
dd["a"].append(1)
dd["b"]
print(dd, dd["c"], dd.get("zz"), "zz" in dd, dd.default_factory, defaultdict(int, a=5)["q"], defaultdict(None, {"x": 1}), copy.copy(dd), dd | {"k": 1}, defaultdict(lambda: 7)["x"])
err(lambda: defaultdict()["x"])
err(defaultdict, 5)
c = Counter("abracadabra")
print(c, c["a"], c["zz"], c.most_common(2), sorted(c.elements()), c.total(), c + Counter("ab"), c - Counter("aaa"), c & Counter("aab"), c | Counter("zz"), +Counter(a=-1, b=2), -Counter(a=-1), Counter(a=1) == Counter(a=1, b=0), Counter(a=3) >= Counter(a=2), Counter({"a": 2}), Counter(a=1, b=2))
c.update("aaa")
c.subtract("bbb")
del c["r"]
print(c, dict(c), Counter(), Counter([1, 1, 2]).most_common())
Point = namedtuple("Point", "x y")
p = Point(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=5), Point._fields, Point._make([3, 4]), p == (1, 2), x if False else "", *p, p._field_defaults, pickle.loads(pickle.dumps(Point)) is Point, Point.x.__doc__, Point.__doc__, hash(p) == hash((1, 2)), p + (3,), Point.__new__.__defaults__, Point.__match_args__)
D = namedtuple("D", ["a", "b", "c"], defaults=[2, 3])
print(D(1), D._field_defaults, namedtuple("R", "class def x x", rename=True)._fields, namedtuple("M", "a,b", module="mod").__module__)
for f in (lambda: Point(1), lambda: Point(1, 2, 3), lambda: Point(1, z=2), lambda: p._replace(q=1), lambda: namedtuple("X", "a a"), lambda: namedtuple("X", "class"), lambda: namedtuple("1X", "a"), lambda: namedtuple("X", "_a"), lambda: Point._make([1]), lambda: setattr(p, "x", 5), lambda: namedtuple("X", "a", defaults=[1, 2]), lambda: p.z):
    err(f)


class Sub(Point):
    __slots__ = ()

    def total(self):
        return self.x + self.y


print(Sub(1, 2), Sub(1, 2).total(), Sub(1, 2)._replace(x=9))
cm = ChainMap({"a": 1}, {"a": 2, "b": 3})
cm["c"] = 5
print(cm, cm["a"], cm["b"], dict(cm), list(cm), cm.maps, cm.new_child({"z": 1}), cm.parents, len(cm), cm.pop("c"), "q" in cm, cm | {"w": 1})
err(lambda: cm["nope"])
err(lambda: cm.pop("b"))


class UD(UserDict):
    def __missing__(self, k):
        return "m" + k


class UL(UserList):
    pass


print(UD(a=1)["q"], UD(a=1), UL([1, 2]) + [3], UL([3, 1]).data, UserString("abc").upper() + "x", UserString("a") == "a", isinstance(UserString("a"), str), UL("ab")[1:], type(UL("ab")[1:]).__name__, len(UserString("xyz")))
import collections.abc as abc

for t in (list, dict, set, str, tuple, range, deque, type({}.keys()), int, bytearray, memoryview, Counter, type(iter([])), type(x for x in ())):
    print(t.__name__, [n for n in ("Hashable", "Iterable", "Iterator", "Reversible", "Sized", "Container", "Collection", "Sequence", "MutableSequence", "Set", "MutableSet", "Mapping", "MutableMapping", "KeysView", "Callable", "Generator", "ByteString") if issubclass(t, getattr(abc, n))])


class MySeq(abc.MutableSequence):
    def __init__(self):
        self.l = []

    def __getitem__(self, i):
        return self.l[i]

    def __setitem__(self, i, v):
        self.l[i] = v

    def __delitem__(self, i):
        del self.l[i]

    def __len__(self):
        return len(self.l)

    def insert(self, i, v):
        self.l.insert(i, v)


s = MySeq()
s.append(1)
s.extend([2, 3])
s += [4]
s.reverse()
print(s.l, s.pop(), s.index(3), 2 in s, s.count(2), list(reversed(s)))
err(abc.Sequence)
h = [5, 2, 8, 1, 9]
heapq.heapify(h)
heapq.heappush(h, 0)
print(h, heapq.heappop(h), heapq.heappushpop(h, 7), heapq.heapreplace(h, 3), h, heapq.nlargest(2, h), heapq.nsmallest(2, h, key=lambda v: -v), list(heapq.merge([1, 4], [2, 3])), [heapq.heappop(h) for _ in range(len(h))], list(heapq.merge([4, 1], [3, 2], reverse=True)))
err(heapq.heappop, [])
err(heapq.heapify, (1, 2))
err(heapq.heappush, [1], "a")
b = [1, 3, 3, 5]
print(bisect.bisect(b, 3), bisect.bisect_left(b, 3), bisect.bisect_right(b, 0), bisect.bisect(b, 3, 0, 2), bisect.bisect([(1, "a"), (3, "b")], 2, key=lambda t: t[0]))
bisect.insort(b, 4)
bisect.insort_left(b, 3)
print(b)
err(bisect.bisect, b, "a")
err(bisect.bisect, b, 1, -1)
a = array.array("i", [1, 2, 3])
a.append(4)
a.extend([5])
a.insert(0, 0)
a.fromlist([6, 7])
print(a, a.typecode, a.itemsize, len(a), a[1], a[-1], a[1:3], a.tolist(), a.index(3), a.count(2), a.pop(), a + a[:1], a * 2, a == array.array("i", a), a.tobytes()[:4], array.array("d", [1.5]), array.array("u", "aé"), array.array("u", "xy").tounicode(), array.array("b", b"ab"), 3 in a, list(reversed(a))[:2], array.typecodes, array.array("q", [2**62]), array.array("B", range(3)).tobytes(), array.array("f", [0.1])[0], a.buffer_info()[1])
a.reverse()
a.remove(3)
a.byteswap()
a.byteswap()
a[0] = 99
a[1:2] = array.array("i", [7, 7])
del a[-1]
a.frombytes(b"\1\0\0\0")
print(a, pickle.loads(pickle.dumps(a)), copy.copy(a))
for f in (lambda: array.array("i", [1.5]), lambda: array.array("b", [200]), lambda: array.array("z"), lambda: array.array("i").append("a"), lambda: array.array("i", [2**40]), lambda: array.array("i")[0], lambda: array.array("i", "abc"), lambda: array.array("i") + [1], lambda: array.array("i").frombytes(b"a"), lambda: array.array("i", [1]).remove(5), lambda: array.array("ii"), lambda: array.array(5), lambda: array.array("I", [-1]), lambda: array.array("i", [1]).__setitem__(slice(0, 1), [1])):
    err(f)
