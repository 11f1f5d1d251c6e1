"""Descriptors, properties, slots, __getattr__ and friends, class and static methods."""
from _show import err, run


class Data:
    def __init__(self, name):
        self.name = name

    def __get__(self, obj, owner=None):
        return f"get {self.name} {obj is not None} {owner.__name__}"

    def __set__(self, obj, value):
        print("set", self.name, value)

    def __delete__(self, obj):
        print("delete", self.name)


class NonData:
    def __get__(self, obj, owner):
        return "nondata"


class Host:
    d = Data("d")
    n = NonData()

    def __init__(self):
        self.__dict__["d"] = "instance d"
        self.__dict__["n"] = "instance n"


h = Host()
print(h.d, h.n, Host.d, Host.n)
h.d = 5
del h.d
h.n = 1
print(h.n)
del h.n
print(h.n)
err(delattr, h, "n")
Host.d = "replaced"
print(Host.d, h.d)


class P:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        """Doc of x"""
        return self._x

    @x.setter
    def x(self, v):
        if v < 0:
            raise ValueError("negative")
        self._x = v

    @x.deleter
    def x(self):
        del self._x

    @property
    def ro(self):
        return "ro"

    def _get(self):
        return "plain"

    old = property(_get, doc="old style")
    nothing = property()


p = P()
p.x = 5
print(p.x, P.x.__doc__, P.old.__doc__, p.old, P.x.fget.__name__, P.x.fset is not None)
err(setattr, p, "x", -1)
err(setattr, p, "ro", 1)
err(delattr, p, "ro")
err(lambda: p.nothing)
del p.x
err(lambda: p.x)
print(isinstance(P.x, property), P.x.__isabstractmethod__, P.x.getter(lambda s: "other").__get__(p))


class SubProperty(property):
    pass


class UsesSub:
    @SubProperty
    def v(self):
        return "sub"


print(UsesSub().v)


class Slots:
    __slots__ = ("a", "_b", "__c", "__weakref__")

    def __init__(self):
        self.a = 1
        self.__c = 3

    def get(self):
        return self.__c


s = Slots()
print(s.a, s.get(), Slots.__slots__, hasattr(s, "__dict__"))
err(lambda: s._b)
err(setattr, s, "z", 1)
err(delattr, s, "_b")
del s.a
err(lambda: s.a)
print(Slots.a, type(Slots.a).__name__, Slots.a.__name__)
err(lambda: Slots.a.__get__(5))
err(lambda: Slots.a.__set__(5, 1))


class SlotsSub(Slots):
    __slots__ = ("d",)


class SlotsDict(Slots):
    pass


x = SlotsSub()
x.d = 1
err(setattr, x, "q", 1)
y = SlotsDict()
y.q = 1
print(y.__dict__, y.a)
run("class X:\n  __slots__ = ('a',)\n  a = 1")
run("class X:\n  __slots__ = ('1a',)")
run("class X:\n  __slots__ = (5,)")
run("class X:\n  __slots__ = 'ab'\nX().ab = 1; X().a = 2")
run("class X(int):\n  __slots__ = ('a',)\nX().a")
run("class X(tuple):\n  __slots__ = ('a',)")
run("class X:\n  __slots__ = ('a',)\nclass Y:\n  __slots__ = ('b',)\nclass Z(X, Y): pass")
run("class X:\n  __slots__ = ()\nX().a = 1")
run("class X:\n  __slots__ = ('__dict__',)\nx = X(); x.a = 1; print(x.__dict__)")
run("class X:\n  __slots__ = {'a': 'doc of a'}\nprint(X.a.__doc__)")


class Dyn:
    stored = "class"

    def __getattribute__(self, name):
        if name == "secret":
            return "from getattribute"
        if name == "refuse":
            raise AttributeError("refused " + name)
        return super().__getattribute__(name)

    def __getattr__(self, name):
        if name == "nope":
            raise AttributeError("no nope")
        return f"getattr {name}"

    def __setattr__(self, name, value):
        print("setattr", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)


d = Dyn()
print(d.secret, d.stored, d.anything, d.refuse)
d.v = 1
print(d.v)
del d.v
print(d.v, getattr(d, "w"), getattr(d, "nope", "default"), hasattr(d, "nope"), hasattr(d, "other"))
err(lambda: d.nope)
err(getattr, d, 5)
err(getattr, d)
err(setattr, d, 5, 5)
err(delattr, d, "missing")
err(object.__setattr__, int, "x", 1)
err(object.__setattr__, 5, "x", 1)
err(object.__getattribute__, 5, "nope")


class Raises:
    @property
    def p(self):
        raise AttributeError("inner")

    def __getattr__(self, name):
        return "fallback " + name


print(Raises().p)


class C:
    @classmethod
    def c(cls, *a):
        return cls.__name__, a

    @staticmethod
    def s(*a):
        return a

    c2 = classmethod(lambda cls: cls)
    len = len
    length = staticmethod(len)


print(C.c(1), C().c(2), C.s(1), C().s(2), C.c2().__name__, C().length("abc"), C().len("ab"))
print(C.__dict__["c"].__func__.__name__, C.__dict__["s"].__wrapped__(5), type(C.__dict__["s"]).__name__)
print(repr(C.__dict__["c"]).split(" at")[0], staticmethod(len)([1]), callable(classmethod(len)))
err(lambda: classmethod())
err(lambda: C.__dict__["c"]())


class SubC(C):
    pass


print(SubC.c(), SubC().c(), SubC.c.__self__.__name__)
print(int.__dict__["real"], int.real.__get__(5), type(int.__dict__["from_bytes"]).__name__, int.__add__.__get__(3)(4))
err(setattr, 5, "real", 3)
err(lambda: int.real.__get__("a"))
err(lambda: str.upper(5))
err(lambda: str.upper())
err(lambda: list.append(5, 5))
err(lambda: int.__add__("a", 1))
print(int.__add__(1, "a"), (1).__add__(2), str.__len__("abc"))
from functools import cached_property


class Cached:
    count = 0

    @cached_property
    def value(self):
        self.count += 1
        return self.count


c = Cached()
print(c.value, c.value, c.__dict__)
del c.value
print(c.value)


class Meta(type):
    n = Data("meta")


class UsesMeta(metaclass=Meta):
    pass


print(UsesMeta.n)
UsesMeta.n = 5
err(lambda: UsesMeta().n)


class InstanceDunder:
    pass


i = InstanceDunder()
i.__len__ = lambda: 5
err(len, i)
i.__call__ = lambda: 5
err(lambda: i())


class GetOnly:
    def __get__(self, obj, owner):
        raise AttributeError("from get")


class UsesGetOnly:
    g = GetOnly()


err(lambda: UsesGetOnly().g)
err(lambda: UsesGetOnly.g)
print(getattr(UsesGetOnly, "g", "default"))


class SetOnly:
    def __set__(self, obj, v):
        obj.__dict__["so"] = v * 2


class UsesSetOnly:
    so = SetOnly()


u = UsesSetOnly()
print(type(u.so).__name__)
u.so = 4
print(u.so)
err(delattr, u, "so")
