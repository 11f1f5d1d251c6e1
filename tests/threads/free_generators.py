"""Generators, closures, coroutines, exceptions and frames that several threads use at once: a generator gives each item
once or says that it is running, nobody gets into a frame of another."""
import sys
import threading

sys.setswitchinterval(1e-4)
errors, COUNT = [], 3000


def run(*functions):
    def guarded(function):
        try:
            function()
        except BaseException as e:
            errors.append(e)
            raise

    threads = [threading.Thread(target=guarded, args=(f,)) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors


def numbers():
    for i in range(COUNT):
        yield i


def delegating():
    yield from numbers()


class Awaitable:
    def __await__(self):
        for i in range(COUNT):
            yield i


async def coroutine():
    await Awaitable()


def share(make, step):
    shared, got = make(), [[], [], []]

    def consume(mine):
        while True:
            try:
                mine.append(step(shared))
            except ValueError as e:
                assert "already executing" in str(e), e
            except (StopIteration, RuntimeError):
                return

    run(*(lambda mine=mine: consume(mine) for mine in got))
    assert sorted(sum(got, [])) == list(range(COUNT)), make
    for mine in got:
        assert mine == sorted(mine)


share(numbers, next)
share(delegating, next)
share(coroutine, lambda c: c.send(None))


def by_loop():
    """The same by a for statement, and others who close it and throw into it."""
    seen = []

    def loop():
        for generator in generators:
            try:
                for i in generator:
                    seen.append(i)
            except (ValueError, KeyError) as e:
                assert isinstance(e, KeyError) or "already executing" in str(e)

    def close():
        for generator in generators:
            try:
                generator.close()
            except ValueError as e:
                assert "already executing" in str(e)

    def throw():
        for generator in generators:
            try:
                generator.throw(KeyError("thrown"))
            except (ValueError, KeyError):
                pass
            generator.gi_frame, generator.gi_running, generator.gi_yieldfrom

    generators = [make() for _ in range(60) for make in (numbers, delegating)]
    run(loop, close, throw, loop)


COUNT = 50
by_loop()


def cells():
    count, text = 0, ["text"]

    def bump():
        nonlocal count, text
        for i in range(4000):
            count = count + 1
            text = ["text", i]
            assert text[0] == "text"
            assert isinstance(count, int)

    run(bump, bump, bump)


cells()


def exceptions():
    shared = KeyError("shared")

    def deeper(n):
        if n:
            deeper(n - 1)
        raise shared

    def work():
        for i in range(400):
            try:
                deeper(i % 5)
            except KeyError as e:
                assert e is shared
                tb = e.__traceback__
                while tb:
                    tb.tb_frame.f_code, tb.tb_lineno
                    tb = tb.tb_next
            if i % 20 == 0:
                shared.__traceback__ = None
        shared.__traceback__ = None

    run(work, work, work)


exceptions()


def defaults():
    def f(a, b=("b",), *, c=("c",)) -> "text":
        return a, b[0], c[0]

    def change():
        for i in range(500):
            f.__defaults__ = (("b", i),)
            f.__kwdefaults__ = {"c": ("c", i)}
            f.__annotations__["x"] = i

    def call():
        for i in range(2000):
            assert f(i) == (i, "b", "c")

    run(change, call, call)


defaults()
print("ok")
