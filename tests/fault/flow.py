"""Generators, exceptions, closures, coroutines and matching while allocations fail."""
import contextlib


def numbers(n):
    try:
        for i in range(n):
            yield {"n": i}
    finally:
        numbers.closed = getattr(numbers, "closed", 0) + 1


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


async def later(v):
    return [v async for v in agen(v)]


async def agen(n):
    for i in range(n):
        yield i


def match(v):
    match v:
        case {"n": n, **rest}:
            return n, rest
        case [a, *b]:
            return a, b
        case _:
            return None


def work():
    total = [match(v) for v in numbers(10)] + [match([1, 2, 3])]
    functions = [lambda a, b=i, *c, **d: (a, b, c, d) for i in range(5)]
    made = [f(1, *range(3), k=2) for f in functions]
    with guard("a") as name:
        nested(4)
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as group:
        made.append(group.exceptions)
    except* TypeError:
        pass
    coroutine = later(4)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        made.append(stop.value)
    kind = type("Made", (dict,), {"__slots__": ("a",), "method": lambda self: super(kind, self).__len__()})
    made.append(kind(a=1).method())
    exec("x = [y for y in range(3)]\ndef f(a: int) -> str: return f'{a}'\nx.append(f(1))", {})
    return total, made, name


for _ in range(3):
    try:
        work()
    except MemoryError:
        pass
print("done")
