# gil: 0
"""Classes that change while other threads use them without the lock: __class__, __bases__, __name__, attributes of
the class, __abstractmethods__, classes that come and go."""

import abc
import gc
import weakref

from _together import in_threads_for


class A:
    def name(self):
        return "A"


class B:
    def name(self):
        return "B"


def check_class_of_instance():
    o = A()
    o.x = 1

    def to_a():
        o.__class__ = A

    def to_b():
        o.__class__ = B

    def use():
        assert o.name() in "AB" and o.x == 1 and type(o).__name__ in ("A", "B", "New")

    def to_new():
        # The last reference to the class is the instance's.
        class New(A):
            pass
        try:
            o.__class__ = New
        except TypeError:
            pass

    in_threads_for(0.25, to_a, to_b, use, to_new)


def check_bases():
    class One:
        which = 1

    class Two:
        which = 2

    class Base(One):
        pass

    class Sub(Base):
        pass

    o = Sub()

    def change(to):
        def work():
            Base.__bases__ = (to,)
        return work

    def use():
        isinstance(o, One), isinstance(o, Two), issubclass(Sub, Two)
        assert o.which in (1, 2) and Sub.__mro__[0] is Sub and len(Base.__bases__) == 1

    def grow():
        class Three(One):
            pass
        Base.__bases__ = (Three,)

    in_threads_for(0.25, change(One), change(Two), use, grow)
    Base.__bases__ = (Two,)
    gc.collect()
    assert o.which == 2 and Sub.__mro__ == (Sub, Base, Two, object)
    assert One.__subclasses__() == [] and Two.__subclasses__() == [Base], (One.__subclasses__(), Two.__subclasses__())


def check_names():
    class C:
        pass

    def rename():
        C.__name__ = "N" + "x" * 40
        C.__qualname__ = "Q" + "y" * 40

    def back():
        C.__name__ = "N"
        C.__qualname__ = "Q"

    def use():
        assert C.__name__[0] == "N" and repr(C).count("Q") == 1 and "object at" in repr(C())
        try:
            C().missing
        except AttributeError as e:
            assert str(e)[:2] == "'N"

    in_threads_for(0.2, rename, back, use, use)


def check_attributes_of_class():
    class Base:
        def f(self):
            return 1

    class C(Base):
        pass

    def define():
        C.f = lambda self: 2
        C.__len__ = lambda self: 3

    def remove():
        for name in ("f", "__len__"):
            try:
                delattr(C, name)
            except AttributeError:
                pass

    def use():
        o = C()
        assert o.f() in (1, 2)
        try:
            assert len(o) == 3
        except TypeError:
            pass

    def by_super():
        class D(C):
            def f(self):
                return super().f() + super(D, self).f()
        assert D().f() in (2, 3, 4)

    in_threads_for(0.25, define, remove, use, by_super)


def check_abstract():
    class Abstract(abc.ABC):
        @abc.abstractmethod
        def f(self): ...

    def on():
        Abstract.__abstractmethods__ = frozenset({"f"})

    def off():
        Abstract.__abstractmethods__ = frozenset()

    def use():
        try:
            Abstract()
        except TypeError:
            pass

    in_threads_for(0.15, on, off, use)


def check_coming_and_going():
    class Base:
        pass

    def make():
        class Sub(Base):
            __slots__ = ("x",)

        o = Sub()
        o.x = weakref.ref(Sub)
        assert o.x() is Sub and isinstance(o, Base)

    def change():
        Base.shared = []
        Base.__subclasses__()
        del Base.shared

    in_threads_for(0.25, make, make, change)
    gc.collect()
    assert Base.__subclasses__() == []


check_class_of_instance()
check_bases()
check_names()
check_attributes_of_class()
check_abstract()
check_coming_and_going()
