"""A metaclass's mro() that sets __bases__ anew: no base lists a class that is not derived from it, also when the
class is gone."""
import gc


class Meta(type):
    ready = False

    def mro(cls):
        if Meta.ready and cls.__name__ == "C" and cls.__bases__ != (B2,):
            cls.__bases__ = (B2,)
        return type.mro(cls)


class A(metaclass=Meta):
    pass


class B1(A):
    pass


class B2(A):
    pass


class C(A):
    pass


Meta.ready = True
C.__bases__ = (B1,)
assert C.__mro__ == (C, B2, A, object) and B2.__subclasses__() == [C]
assert A.__subclasses__() == [B1, B2] and B1.__subclasses__() == []
del C
gc.collect()
assert A.__subclasses__() == [B1, B2] and B2.__subclasses__() == []
A.__len__ = lambda self: 1
assert len(B2()) == 1


class C(A):  # the same while it is being made
    pass


assert C.__bases__ == (B2,) and A.__subclasses__() == [B1, B2] and B2.__subclasses__() == [C]
del C
gc.collect()
assert B2.__subclasses__() == []
