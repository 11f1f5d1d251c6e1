"""Class bodies: names in them, metaclass namespaces, decorators, nested classes, annotations, order."""
from _show import err, run, show

log = []


def note(v):
    log.append(v)
    return v


@note
class Decorated(note(object), metaclass=note(type)):
    note("body")
    x = note(1)

    @note
    def method(self):
        pass


print([getattr(v, "__name__", v) for v in log])


class Flow:
    for i in range(3):
        exec(f"v{i} = {i}")
    else:
        done = True
    if done:
        kind = "yes"
    try:
        1 / 0
    except ZeroDivisionError as e:
        message = str(e)
    with open("/dev/null") as f:
        pass
    while i:
        i -= 1
    del i
    import sys as system
    from os import path
    squares = [n * n for n in range(3)]
    total = 0
    for n in squares:
        total += n
    lam = lambda self: self.kind
    def outer(self):
        def inner():
            return self.total
        return inner()
    match total:
        case 5:
            matched = True
    (w := 7)


show(Flow.v0, Flow.v2, Flow.done, Flow.kind, Flow.message, Flow.system.__name__, Flow.squares, Flow.total, Flow().lam(), Flow().outer(), Flow.matched, Flow.w, hasattr(Flow, "i"), hasattr(Flow, "e"))


class Locals:
    a = 1
    locals()["b"] = 2
    c = b + a
    print(sorted(k for k in locals() if k[0] != "_"))
    print(__qualname__, __module__)


class Outer:
    class Inner:
        class Deep:
            def method(self):
                return self.__class__.__qualname__

        value = "inner"

    inner = Inner()

    def make(self):
        class Local:
            pass

        return Local


print(Outer.Inner.Deep().method(), Outer.Inner.Deep.method.__qualname__, Outer().make().__qualname__, Outer.inner.value)


class Doc:
    "docstring"
    __slots__ = ()


class NoDoc:
    f"not a doc {1}"


print(Doc.__doc__, NoDoc.__doc__, Doc.__dict__.keys() >= {"__doc__", "__slots__"})


class Qual:
    __qualname__ = "Renamed.Qual"
    __module__ = "elsewhere"


print(Qual, Qual.__qualname__, Qual.__module__)
run("class X:\n  __qualname__ = 5")
run("class X:\n  __slots__ = 5")
run("class X:\n  __classcell__ = 5")


class Namespace(dict):
    def __setitem__(self, k, v):
        log.append(k)
        super().__setitem__(k, v)

    def __missing__(self, k):
        if k.startswith("auto_"):
            return k[5:]
        raise KeyError(k)


class Meta(type):
    def __prepare__(name, bases):
        return Namespace()


log.clear()


class Recorded(metaclass=Meta):
    b = 1
    a = auto_generated
    def f(self): pass
    b = 2


print(log, Recorded.a)


class BadPrepare(type):
    def __prepare__(name, bases):
        return 5


run("class X(metaclass=M): pass", M=BadPrepare)
run("class X(metaclass=5): pass")


class CountMeta(type):
    count = 0

    def __new__(m, n, b, d, *, flag=False, **kw):
        m.count += 1
        cls = super().__new__(m, n, b, d, **kw)
        cls.flag = flag
        return cls

    def __init__(cls, n, b, d, **kw):
        super().__init__(n, b, d)


class Flagged(metaclass=CountMeta, flag=True):
    pass


class Child(Flagged):
    pass


print(Flagged.flag, Child.flag, CountMeta.count, type(Child).__name__)


class Init:
    registry = {}

    def __init_subclass__(cls, /, key=None, **kw):
        super().__init_subclass__(**kw)
        if key:
            Init.registry[key] = cls.__name__


class One(Init, key="one"):
    pass


class Two(One, key="two"):
    pass


class Three(Two):
    pass


print(Init.registry)
run("class X(I, other=1): pass", I=Init)


class Ann:
    a: int
    b: "later" = 5
    c: list[int]
    for d in range(1):
        e: int = d
    if False:
        never: int
    self_: "Ann"


print(Ann.__annotations__, Ann.b, hasattr(Ann, "a"))


class Sub(Ann):
    pass


print("__annotations__" in Sub.__dict__, Sub.__annotations__ is Ann.__annotations__)


class Compare:
    __eq__ = lambda self, o: True


print(Compare.__hash__, Compare() == 5, Compare() != 5)


class Hashable(Compare):
    __hash__ = object.__hash__


print(hash(Hashable()) is not None)
x = "module"


class Scopes:
    x = "class"
    a = [x for _ in range(1)]
    b = (lambda: x)()
    c = x
    def f(self, y=x):
        return x, y


print(Scopes.a, Scopes.b, Scopes.c, Scopes().f())
print([c.__name__ for c in type.mro(Three)], Three.mro() == list(Three.__mro__), Three.__base__.__name__, Three.__bases__[0].__name__)


class Diamond:
    class A:
        def f(self): return ["A"]
    class B(A):
        def f(self): return ["B"] + super().f()
    class C(A):
        def f(self): return ["C"] + super().f()
    class D(B, C):
        def f(self): return ["D"] + super().f()


print(Diamond.D().f())


class CustomMro(type):
    def mro(cls):
        return [cls, *cls.__bases__, object] if cls.__bases__ != (object,) else super().mro()


class CM(metaclass=CustomMro):
    pass


print(CM.__mro__)
run("class BadMro(type):\n  def mro(cls): return [5]\nclass X(metaclass=BadMro): pass")
