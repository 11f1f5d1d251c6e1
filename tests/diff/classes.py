"""Classes: inheritance, MRO, super, class creation hooks, special attributes, errors."""
from _show import err, run


class A:
    """Doc of A"""
    kind = "A"

    def hello(self):
        return "A.hello"

    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag
        print("init_subclass", cls.__name__, tag)


class B(A, tag="b"):
    def hello(self):
        return "B>" + super().hello()


class C(A):
    def hello(self):
        return "C>" + super().hello()


class D(B, C, tag="d"):
    def hello(self):
        return "D>" + super().hello()


print(D().hello(), [k.__name__ for k in D.__mro__], D.tag, C.tag)
print(A.__name__, A.__qualname__, A.__doc__, A.__module__, A.__bases__, D.__base__.__name__)
print([k.__name__ for k in A.__subclasses__()], D.mro() == list(D.__mro__))
print(isinstance(D(), A), issubclass(D, (int, C)), type(D()) is D, D().__class__ is D)
run("class X(A, B): pass", A=A, B=B)
run("class X(A, A): pass", A=A)
run("class X(5): pass")
run("class X(int, str): pass")
run("class X(bool): pass")
run("class X(type(None)): pass")
run("class X(type(lambda: 0)): pass")
run("class X(A, foo=1): pass", A=A)
run("class X(foo=1): pass")
run("class X(*[1, 2]): pass")


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, [b.__name__ for b in bases], kw)
        return {"prepared": True}

    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", cls.__name__, args)
        return super().__call__(*args, **kw)

    def __instancecheck__(cls, instance):
        return instance == 42

    def __subclasscheck__(cls, sub):
        return sub is int

    def __len__(cls):
        return 99

    def __getattr__(cls, name):
        return f"meta {name}"

    def __iter__(cls):
        return iter("meta")

    def __contains__(cls, v):
        return v == "in"

    def __repr__(cls):
        return f"<Meta {cls.__name__}>"

    @property
    def shared(cls):
        return "metaproperty"


class WithMeta(metaclass=Meta, extra=1):
    y = 2

    def __init__(self, v):
        self.v = v


print(WithMeta(3).v, isinstance(42, WithMeta), isinstance(41, WithMeta), issubclass(int, WithMeta))
print(len(WithMeta), list(WithMeta), "in" in WithMeta, WithMeta.anything, WithMeta.shared, WithMeta)
err(lambda: WithMeta(1).anything)
err(lambda: WithMeta(1).shared)


class Derived(WithMeta):
    pass


print(type(Derived) is Meta)


class Other(type):
    pass


run("class Clash(M, metaclass=O): pass", M=WithMeta, O=Other)
run("class F(metaclass=lambda n, b, d, **k: (n, b, sorted(d), k), x=1): a = 1\nprint(F)")


class Named:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name


class Holder:
    first = Named()
    second = Named()


Holder.third = Named()
print(hasattr(Holder.third, "name"))


class BadName:
    def __set_name__(self, owner, name):
        raise ValueError("bad name")


try:
    class Bad:
        attr = BadName()
except Exception as e:
    print(type(e).__name__, e, "/", type(e.__cause__).__name__, e.__cause__)

T = type("Dynamic", (A,), {"x": 1, "method": lambda self: self.x}, tag="dyn")
print(T().method(), T.__name__, T.__module__, T.tag)
err(type, "X", (), 5)
err(type, 5, (), {})
err(type, "X", 5, {})
err(type, "a\0b", (), {})
err(type, "X", (5,), {})
print(type("X", (object,), {"__slots__": ("a",)}).a.__class__.__name__)

A.kind = "changed"
print(B.kind, D().kind)
err(setattr, int, "x", 1)
err(delattr, A, "nope")
err(lambda: A.nope)
err(lambda: A().nope)
A.__name__ = "Renamed"
print(A, repr(A()).split(" at")[0])
err(setattr, A, "__name__", 5)
err(setattr, A, "__bases__", ())
err(setattr, A, "__bases__", (int,))
err(setattr, int, "__name__", "x")


class P1:
    who = "P1"


class P2:
    who = "P2"


class Child(P1):
    pass


c = Child()
Child.__bases__ = (P2,)
print(c.who, Child.__mro__[1].__name__)
c.__class__ = P1
print(type(c).__name__)
err(setattr, c, "__class__", int)
err(setattr, c, "__class__", 5)
err(setattr, 5, "__class__", int)


class New:
    def __new__(cls, *args):
        print("new", args)
        return super().__new__(cls) if args else "not an instance"

    def __init__(self, *args):
        print("init", args)


print(New(), type(New(1)).__name__)


class OnlyNew:
    def __new__(cls, a):
        return object.__new__(cls)


OnlyNew(1)
err(OnlyNew)
err(OnlyNew, 1, 2)
err(object.__new__)
err(object.__new__, 5)
err(object.__new__, int)
err(int.__new__, str)


class InitReturns:
    def __init__(self):
        return 5


err(InitReturns)
# super in its forms


class Base:
    value = 1

    @classmethod
    def make(cls):
        return cls.__name__

    @staticmethod
    def st():
        return "static"

    @property
    def prop(self):
        return "base prop"


class Sub(Base):
    value = 2

    @classmethod
    def make(cls):
        return "sub " + super().make()

    @property
    def prop(self):
        return "sub " + super().prop

    def old(self):
        return super(Sub, self).value, super().st(), super(Sub, Sub).make()

    def attr(self):
        return super().missing

    def setting(self):
        super().value = 9

    def inner(self):
        return [super(Sub, self).value for _ in range(2)]

    def klass(self):
        return __class__.__name__


s = Sub()
print(Sub.make(), s.prop, s.old(), s.inner(), s.klass(), repr(super(Sub, s)).split(" object")[0])
err(s.attr)
err(s.setting)
err(lambda: super())
err(lambda: super(Sub))
err(lambda: super(Sub, 5))
err(lambda: super(5))
print(super(Sub).__self__, super(Sub, s).__thisclass__.__name__, super(Sub, s).__self_class__.__name__)


def no_class(self):
    return super().x


err(no_class, 1)


class Empty:
    pass


e = Empty()
e.__dict__ = {"a": 1}
print(e.a, vars(e))
err(setattr, e, "__dict__", 5)
e.__dict__["b"] = 2
print(e.b)
del e.a
print(e.__dict__)
err(vars, 5)
print(sorted(k for k in vars(Empty)), type(vars(Empty)).__name__)
err(lambda: vars(Empty).__setitem__("x", 1))
err(lambda: vars(Empty).update(x=1))
print(dir(Sub)[-7:], [n for n in dir(s) if not n.startswith("_")])


class Dir:
    def __dir__(self):
        return ["z", "a"]


print(dir(Dir()))


class __Priv:
    pass


class Mangle:
    __x = 1

    def get(self):
        return self.__x, [n for n in dir(self) if "x" in n and n.startswith("_M")]

    def __meth(self):
        pass

    def __dunder__(self):
        __local = 5
        return [n for n in locals()]


print(Mangle().get(), Mangle().__dunder__(), "_Mangle__meth" in dir(Mangle))
from abc import ABC, ABCMeta, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self):
        ...

    @property
    @abstractmethod
    def name(self):
        ...


class Half(Shape):
    def area(self):
        return 1


class Whole(Half):
    name = "whole"


err(Shape)
err(Half)
print(Whole().area(), Shape.__abstractmethods__ == {"area", "name"})
Shape.register(int)
print(isinstance(5, Shape), issubclass(bool, Shape), issubclass(str, Shape))


class Hooked(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        return hasattr(other, "quack") or NotImplemented


class Duck:
    quack = 1


print(isinstance(Duck(), Hooked), isinstance(5, Hooked))
print(object().__eq__(1), object().__lt__(2), object.__init__.__qualname__, object().__reduce_ex__(2)[0].__name__)
print(object().__format__(""), end="\n") if False else None
err(format, object(), "x")


class Entries:
    def __mro_entries__(self, bases):
        print("mro_entries", len(bases))
        return (dict,)


class FromEntries(Entries()):
    pass


print(FromEntries.__bases__, FromEntries.__orig_bases__[0].__class__.__name__)


class Item:
    def __class_getitem__(cls, k):
        return f"{cls.__name__}[{k}]"


print(Item[int, 5])
err(lambda: Empty[int])
err(lambda: int[str])
