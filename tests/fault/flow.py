"""Classes, generators, exceptions, closures, coroutines, matching."""
import contextlib
import functools
import types
import weakref
import copy


def numbers(n):
    try:
        for i in range(n):
            yield {"n": i}
    finally:
        list("abc")


def nested(n):
    if n == 0:
        raise ValueError("bottom", n)
    try:
        nested(n - 1)
    except ValueError as error:
        raise KeyError(n) from error


@contextlib.contextmanager
def guard(name):
    try:
        yield name * 2
    except KeyError as error:
        error.add_note("seen")


async def agen(n):
    for i in range(n):
        yield i


async def later(v):
    return [v async for v in agen(v)]


def match(v):
    match v:
        case {"n": n, **rest}:
            return n, rest
        case [a, *b]:
            return a, b
        case str(x) | int(x):
            return x
        case _:
            return None


def case_generators():
    g = numbers(5)
    first = next(g)
    g.close()

    def delegating():
        got = yield from numbers(2)
        try:
            yield 1
        except OSError as e:
            yield e.args
        return got
    d = delegating()
    out = [next(d), next(d), next(d), d.throw(OSError(5))]
    out.append(list(x * 2 for x in range(5) if x))
    return first, out, [*numbers(2)], next(numbers(0), None)


def case_functions():
    functions = [lambda a, b=i, *c, **d: (a, b, c, d) for i in range(5)]
    made = [f(1, *range(3), k=2, **{"z": 3}) for f in functions]

    @functools.wraps(match)
    def inner(*, key=None, **others):
        nonlocal made
        made = made[:3]
        return functools.partial(lambda x, y: (x, y), key)(y=others)
    return inner(key=1, b=2), made, inner.__name__, functools.reduce(lambda a, b: a + [b], "xyz", [])


def case_exceptions():
    out = []
    try:
        nested(4)
    except KeyError as e:
        error = e
        while error:
            out.append((type(error).__name__, error.args))
            error = error.__cause__
    del error
    with guard("a") as name:
        nested(2)
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [KeyError(3)])])
    except* ValueError as group:
        out.append(len(group.exceptions))
    except* (TypeError, KeyError):
        pass
    try:
        try:
            1 / 0
        finally:
            {}["missing"]
    except KeyError as e:
        out.append(e.__context__ is not None)
    return out, name


def case_coroutine():
    coroutine = later(4)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value, match([1, 2]), match({"n": 1, "m": 2}), match("s"), match(2.5)


def case_classes():
    class Meta(type):
        def __new__(mcls, name, bases, ns, **kw):
            return super().__new__(mcls, name, bases, dict(ns, extra=kw))

    class Base(metaclass=Meta, option=1):
        __slots__ = ("a", "__weakref__")

        def __init__(self, a):
            self.a = a

        def __eq__(self, other):
            return self.a == other.a

        def __init_subclass__(cls, **kw):
            cls.seen = kw

        @property
        def double(self):
            return self.a * 2

        @classmethod
        def make(cls, *args):
            return cls(*args)

        @staticmethod
        def plain():
            return 5

    class Derived(Base, tag="t"):
        def __init__(self, a):
            super().__init__(a)
            self.b = [a]
            self.c = self.d = None
            for i in range(12):
                setattr(self, f"x{i}", i)

        def __getattr__(self, name):
            if name[0] == "_":
                raise AttributeError(name)
            return name
    d = Derived.make(3)
    r = weakref.ref(d)
    alive = r() is d
    del d.c
    e = copy.deepcopy(d)
    return (d.double, Derived.seen, Base.extra, d.b, d.missing, alive, e == d, e.b, sorted(vars(d))[:3], d.plain(), Derived.__mro__[1].__name__, isinstance(d, Base),
            type("T", (), {"z": 1})().z, types.SimpleNamespace(a=1, b=2) == types.SimpleNamespace(b=2, a=1), str(types.MappingProxyType({1: 2})), len(dir(d)) > 20)


def case_exec():
    space = {}
    exec("""
import sys as s, os.path
x = [y for y in range(3) if y]
def f(a: int, *b, c=1, **d) -> str:
    '''doc'''
    global g
    g = lambda z: z + a
    try:
        with open('/dev/null') as h: pass
    except (OSError, ValueError) as e: raise
    else: return f'{a!r:>{c}}'
    finally: del a
class C(object):
    y: int = 5
    async def m(self): return await self
    def n(self):
        return __class__, super().__init__
while x:
    x.pop()
match x:
    case [] if not x: z = 1
    case {'k': [_, *w], **kw} | (1 as w): pass
""".replace("| (1 as w)", ""), space)
    return space["f"](1), space["z"], sorted(k for k in space if k[0] != "_"), space["C"]().n()[0].__name__, eval("1 + 2 * 3 ** 4 if True else [*a]")


def case_syntax_error():
    try:
        compile("def f(:\n  pass", "<text>", "exec")
    except SyntaxError as e:
        return e.msg, e.lineno, e.text


def case_big_code():
    lines = ["def f%d(a, b=%d):\n    c = a + b * %d\n    return [c, 'text%d', (a, %d.5)]" % (i, i, i, i, i) for i in range(12)]
    space = {}
    exec("\n".join(lines), space)
    return [space[f"f{i}"](i) for i in range(12)]
