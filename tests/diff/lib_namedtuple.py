"""namedtuple, ChainMap and the User classes."""
import pickle
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _show import err, show

Point = namedtuple("Point", "x y")
p = Point(1, y=2)
show(p, p.x, p[1], p._asdict(), p._replace(x=5), Point._fields, Point._make([3, 4]), p == (1, 2), x if False else "", *p, p._field_defaults, pickle.loads(pickle.dumps(Point)) is Point, Point.x.__doc__, Point.__doc__, hash(p) == hash((1, 2)), p + (3,), Point.__new__.__defaults__, Point.__match_args__)
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


show(UD(a=1)["q"], UD(a=1), UL([1, 2]) + [3], UL([3, 1]).data, UserString("abc").upper() + "x", UserString("a") == "a", isinstance(UserString("a"), str), UL("ab")[1:], type(UL("ab")[1:]).__name__, len(UserString("xyz")))
