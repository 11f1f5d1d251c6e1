"""What throw() and close() do with exceptions that the generator handles or that cannot be made."""
import gc
import sys
import warnings


class Unmade(Exception):
    def __init__(self):
        raise KeyError("unmade")


class NoInstance(Exception):
    def __new__(cls):
        return cls


def catching():
    try:
        yield
    except BaseException as error:
        yield error
    yield "end"


g = catching()
next(g)
assert isinstance(g.throw(Unmade), KeyError)
g = catching()
next(g)
assert "should have returned an instance of BaseException" in str(g.throw(NoInstance))
g = catching()
next(g)
try:
    g.throw(5)
    assert False
except TypeError:
    pass
assert next(g) == "end"
g = catching()
try:
    g.throw(NoInstance)
    assert False
except TypeError:
    pass
assert next(g, "over") == "over"


def handling():
    try:
        raise KeyError("a")
    except KeyError:
        yield


def delegating():
    try:
        raise KeyError("a")
    except KeyError:
        yield from catching()


for make in handling, delegating:
    g = make()
    next(g)
    try:
        raise OSError
    except OSError:
        try:
            error = g.throw(ValueError)
            while True:
                g.throw(error)
        except ValueError as caught:
            error = caught
    if make is handling:
        assert isinstance(error.__context__, KeyError), error.__context__


# A suspended generator that handles an exception and will not close dies without harm.
def stubborn():
    while True:
        try:
            raise IndexError
        except IndexError:
            try:
                yield sys.exception()
            except GeneratorExit:
                pass


sys.unraisablehook = lambda info: reports.append(str(info.exc_value))
reports = []
g = stubborn()
next(g)
try:
    raise OSError
except OSError:
    del g
    gc.collect()
    assert isinstance(sys.exception(), OSError)
assert sys.exception() is None
assert reports == ["generator ignored GeneratorExit"], reports


# A coroutine nobody awaited, when the hook of warnings fails.
async def never():
    pass


reports.clear()
hook = warnings._warn_unawaited_coroutine
warnings._warn_unawaited_coroutine = lambda coro: 1 / 0
with warnings.catch_warnings(record=True) as given:
    warnings.simplefilter("always")
    never()
warnings._warn_unawaited_coroutine = hook
assert reports == ["division by zero"], reports
assert [str(w.message) for w in given] == ["coroutine 'never' was never awaited"]
