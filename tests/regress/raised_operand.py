"""The operand of raise dies with its frame, though the traceback keeps the frame: no cycle arises."""
import gc
import sys
import weakref


class Thing:
    pass


class Stop(Exception):
    def __init__(self, value):
        self.value = value


def stop(stack):
    value = stack.pop()
    raise Stop(value)


def load():
    try:
        stop([Thing()])
    except Stop as stopped:
        return stopped.value


gc.disable()
ref = weakref.ref(load())
assert ref() is None


def fail(thing):
    len([thing, 1 / 0])


try:
    fail(Thing())
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_next.tb_frame
    assert list(frame.f_locals) == ["thing"]
    ref = weakref.ref(frame.f_locals["thing"])
    assert sys.getrefcount(frame.f_locals["thing"]) < 5
del frame
assert ref() is None
