"""Generators: send, throw, close, yield from, return values, state, errors, expressions."""
from _show import err, syntax
import types


def simple():
    received = yield 1
    print("received", received)
    try:
        got = yield 2
        print("got", got)
    except ValueError as e:
        print("caught", e)
        yield "recovered"
    finally:
        print("finally")
    return "result"


g = simple()
print(next(g), g.send("a"), g.throw(ValueError("boom")))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value, e.args)
err(next, g)
print(next(g, "default"))
g = simple()
err(g.send, 5)
print(g.send(None))
g.close()
g.close()
err(next, g)
g = simple()
next(g), next(g)
g.close()
g = simple()
err(g.throw, KeyError("before start"))
err(next, g)
g = simple()
next(g)
err(g.throw, TypeError)
g = simple()
next(g)
err(g.throw, ValueError, "with value")
g = simple()
next(g)
err(g.throw, "not an exception")
err(g.throw, int)
err(g.throw)
print(g.gi_running, g.gi_frame is not None, g.gi_yieldfrom, g.gi_code.co_name, g.__name__, g.__qualname__)
print(repr(g).split(" at ")[0])
g.__name__ = "renamed"
print(g.__name__)
err(setattr, g, "__name__", 5)


def ignores_close():
    while True:
        try:
            yield
        except GeneratorExit:
            pass


g = ignores_close()
next(g)
err(g.close)


def on_close():
    try:
        yield
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("cleanup")


g = on_close()
next(g)
del g


def inner():
    x = yield "i1"
    print("inner got", x)
    try:
        y = yield "i2"
    except KeyError as e:
        y = f"handled {e}"
    return y


def outer():
    result = yield from inner()
    print("inner returned", result)
    rest = yield from [10, 20]
    print("list returned", rest)
    return "outer done"


g = outer()
print(next(g), g.send("hello"), g.throw(KeyError("k")), next(g))
err(next, g)
print(g.gi_yieldfrom)


def delegates(it):
    return (yield from it)


class Iter:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("from next")
        return self.n


print(list(delegates(Iter())), list(delegates("ab")), list(delegates(range(3))))
g = delegates(Iter())
next(g)
err(g.send, 5)
g = delegates(Iter())
next(g)
err(g.throw, ValueError("no throw method"))


class Sends(Iter):
    def send(self, v):
        return ("sent", v)

    def throw(self, *a):
        return ("thrown", [str(x) for x in a])

    def close(self):
        print("closed")


g = delegates(Sends())
print(next(g), g.send(7), g.throw(ValueError("t")))
g.close()
err(lambda: list(delegates(5)))


def raises_stop():
    yield 1
    raise StopIteration("inside")


g = raises_stop()
next(g)
try:
    next(g)
except RuntimeError as e:
    print(e, "/", repr(e.__cause__))


def self_running():
    yield next(me)


me = self_running()
err(next, me)


def counter(n):
    for i in range(n):
        yield i


print(sum(counter(100)), list(zip(counter(3), counter(5))), max(counter(5)), 3 in counter(5), dict(zip("abc", counter(3))))
print(*counter(3), [*counter(2), *counter(2)], {*counter(3)}, tuple(counter(2)), sorted(counter(3), reverse=True))
a, *b = counter(4)
print(a, b)
ge = (x * y for x in range(3) for y in range(3) if x != y)
print(list(ge), type(ge).__name__, ge.__name__, ge.__qualname__)
print(sum(x for x in range(5)), max((x for x in [3, 1]), default=0), list((i, j) for i in "ab" for j in (yield_ for yield_ in range(2))))
err(lambda: (x for x in 5))
lazy = (1 / x for x in [1, 0])
print(next(lazy))
err(next, lazy)
err(next, lazy)


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(list(deep(5)), sum(1 for _ in deep(200)))


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


import itertools

print(list(itertools.islice(fib(), 15)), next(itertools.islice(fib(), 300, None)))


def coroutine_average():
    total, count, average = 0, 0, None
    while True:
        value = yield average
        if value is None:
            return total, count
        total += value
        count += 1
        average = total / count


c = coroutine_average()
next(c)
print([c.send(v) for v in (10, 20, 60)])
err(c.send, None)


def exception_state():
    try:
        raise ValueError("in generator")
    except ValueError:
        yield 1
        import sys
        print("still handling", sys.exc_info()[1])
    print("after", sys.exc_info()[1])
    yield 2


g = exception_state()
try:
    raise KeyError("outside")
except KeyError:
    next(g)
    import sys

    print(repr(sys.exc_info()[1]))
    print(next(g), repr(sys.exc_info()[1]))


def context():
    try:
        yield
    finally:
        raise KeyError("in finally")


g = context()
next(g)
try:
    g.throw(ValueError("thrown"))
except KeyError as e:
    print(repr(e), repr(e.__context__))


@types.coroutine
def old_coroutine():
    got = yield "suspend"
    return got * 2


async def uses():
    return await old_coroutine()


c = uses()
print(c.send(None))
try:
    c.send(21)
except StopIteration as e:
    print(e.value)


def kw(*, a, b=(yield_value := 5)):
    yield a
    yield b


print(list(kw(a=1)))
print((lambda: (yield 5))().__next__())
for s in ("def f(): yield = 1", "def f(): x = yield = 1", "def f(): (yield) = 1", "def f(): (yield) += 1", "def f(): del (yield)",
          "def f(): return (yield)", "def f(): yield from", "class A: x = (yield)", "x = [(yield) for _ in y]",
          "def f(): x = [(yield) for _ in y]", "def f(): yield *a, b", "def f(): yield *a", "def f(): await x", "yield from x",
          "def f(): (yield x) for x in y", "async def f(): yield from x", "async def f():\n  yield 1\n  return 2"):
    syntax(s)


class Gen:
    def __init__(self):
        self.items = [1, 2]

    def __iter__(self):
        yield from self.items
        for i in self.items:
            yield i * 10


print(list(Gen()), 20 in Gen())
import inspect

g = counter(2)
print(inspect.getgeneratorstate(g), inspect.getgeneratorlocals(g))
next(g)
print(inspect.getgeneratorstate(g), inspect.getgeneratorlocals(g))
g.close()
print(inspect.getgeneratorstate(g))


def finally_yield():
    try:
        yield 1
        return "r"
    finally:
        yield 2


print(list(finally_yield()))


def with_yield():
    import contextlib

    @contextlib.contextmanager
    def cm():
        print("in")
        yield 5
        print("out")

    with cm() as v:
        yield v
    yield "end"


print(list(with_yield()))
