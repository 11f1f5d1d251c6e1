"""Classes: inheritance, order of resolution, metaclasses, creation by type()."""
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
