"""A class attribute becomes a descriptor when its own class changes, after attributes were looked up often."""


class Late:
    pass


class C:
    x = Late()
    y = Late()
    z = Late()
    call = Late()
    Late.__call__ = lambda self, *args: ("called", args)

    def __init__(self):
        self.x = 1


def load(o):
    return o.x


def load_class(o):
    return type(o.y)


def method(o):
    return o.call(5)


def store(o, v):
    o.z = v


o = C()
for i in range(300):
    load(o), load_class(o), method(o), store(o, i)
print(load(o), load_class(o), method(o), o.z)
Late.__get__ = lambda self, instance, owner: "got"
print(load(o), load_class(o), o.z)
try:
    print(method(o))
except TypeError as e:
    print(e)
Late.__set__ = lambda self, instance, value: print("set", value)
print(load(o), load_class(o), o.z)
store(o, 5)
print(o.__dict__)
del Late.__get__, Late.__set__
print(load(o), load_class(o), method(o), o.z)
store(o, 7)
print(o.__dict__)


class Base:
    def __get__(self, instance, owner):
        return "base"


class D:
    v = Late()


d = D()
d.v = 3


def load_v(o):
    return o.v


for i in range(300):
    load_v(d)
Late.__bases__ = (Base,) if Late.__bases__ != (object,) else Late.__bases__
print(load_v(d))


# __get__, as its class has it, is called and not bound first.
class Counts:
    __get__ = staticmethod(lambda *args: len(args))


class Chosen:
    __get__ = classmethod(lambda *args: len(args))


class Holder:
    counts, chosen = Counts(), Chosen()


for owner in (Holder, Holder()):
    for name in ("counts", "chosen"):
        try:
            print(name, getattr(owner, name))
        except Exception as error:
            print(name, type(error).__name__, error)
