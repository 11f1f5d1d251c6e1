"""super() in its forms, __dict__, dir, private names."""
from _show import err, run

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
