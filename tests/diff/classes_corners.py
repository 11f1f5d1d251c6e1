"""Corners of classes, functions, frames and modules."""
import collections
import sys
import types


def shown(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as error:
        print(type(error).__name__, error)


class A:
    def foo(self, cls):
        return type(self).__name__, cls.__name__


class B:
    bar = classmethod(A().foo)


shown(B.bar)
shown(lambda: (int | str).__module__)
shown(lambda: collections.deque().__module__)
shown(lambda: [].__module__)
shown(lambda: type(sys.flags)((1,)))
shown(lambda: tuple.__new__(type(sys.flags), (1,)))
shown(lambda: (lambda **kw: kw)(**{1: 2}, **{1: 3}))


def f():
    pass


space = {"__builtins__": {"len": 5}}
exec("def g(): pass\nh = type(g)(g.__code__, {})", space)
print(space["g"].__builtins__, space["h"].__builtins__)
print(types.FunctionType(f.__code__, {}).__builtins__ is f.__builtins__)


def outer():
    x = 1

    def inner():
        y = x
        1 / 0
    inner()


try:
    outer()
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_next.tb_next.tb_frame
print(sorted(frame.f_locals))
frame.clear()
print(frame.f_locals)


class Loader:
    @staticmethod
    def module_repr(module):
        return f"<{module.__name__} by its loader>"


m = types.ModuleType("m")
m.__loader__ = Loader
print(m)
m.__all__ = [b"x"]
sys.modules["m"] = m
shown(lambda: exec("from m import *"))


def generator():
    try:
        yield
    except GeneratorExit:
        return 5


def delegating():
    result = yield from generator()
    yield result


g = delegating()
next(g)
shown(g.throw, GeneratorExit)


class Tracer:
    def __call__(self, *args):
        pass

    def __del__(self):
        try:
            sys.settrace(None)
        except RuntimeError as error:
            print(error)


sys.settrace(Tracer())
sys.settrace(None)
