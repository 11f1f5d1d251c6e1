"""Changing classes: attributes, names, bases, __class__, __new__ and __init__."""
from _show import err, run

class A:
    kind = "A"


class B(A):
    pass


class D(B):
    pass


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
