"""functools: caches, dispatch, partial, ordering."""
import functools
import pickle
from _show import err, show

print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(lambda a, b: a + b, [], "init"), functools.reduce(max, [5]))
err(functools.reduce, max, [])
err(functools.reduce, max, 5)
calls = []


@functools.lru_cache(maxsize=2)
def cached(x, y=1):
    calls.append(x)
    return x * y


print([cached(v) for v in (1, 2, 1, 3, 2, 1)], calls, cached.cache_info(), cached.cache_parameters(), cached.__wrapped__(7))
cached.cache_clear()
print(cached.cache_info(), cached(1, y=2), cached(y=2, x=1), cached.cache_info())
err(cached, [])


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(90), fib.cache_info())


@functools.lru_cache(typed=True)
def typed(x):
    return type(x).__name__


print(typed(1), typed(1.0), typed(True), typed.cache_info())


class M:
    @functools.lru_cache
    def m(self, x):
        return x + 1


print(M().m(1), M.m.cache_info().misses)


@functools.total_ordering
class T:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(T(1) <= T(2), T(1) > T(2), T(1) >= T(1))


@functools.singledispatch
def kind(x):
    return "object"


@kind.register
def _(x: int):
    return "int"


@kind.register(list)
@kind.register(tuple)
def _(x):
    return "seq"


class SD:
    @functools.singledispatchmethod
    def m(self, x):
        return "default"

    @m.register
    def _(self, x: str):
        return "str " + x


print(kind(1), kind(True), kind([]), kind(()), kind("s"), kind.dispatch(bool) is kind.dispatch(int), SD().m("q"), SD().m(5))
p = functools.partial(int, base=2)
show(p("101"), p.func, p.args, p.keywords, functools.partial(print, 1, sep="-").keywords, repr(functools.partial(max, 1, key=abs)), pickle.loads(pickle.dumps(p))("11"), functools.partial(functools.partial(pow, 2), 5)())
err(functools.partial)
err(functools.partial, 5)
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)), functools.cmp_to_key(lambda a, b: 0)(1) == functools.cmp_to_key(lambda a, b: 0)(2) if False else "")
