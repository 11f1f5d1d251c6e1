"""with statements: order of entering and leaving, targets, exceptions from each step."""
from _show import err


class M:
    def __init__(self, name, enter=None, exit=None, result=None):
        self.name, self.on_enter, self.on_exit, self.result = name, enter, exit, result

    def __enter__(self):
        print("enter", self.name)
        if self.on_enter:
            raise self.on_enter
        return self.name.upper()

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind and kind.__name__, value)
        if self.on_exit:
            raise self.on_exit
        return self.result


with M("a") as x, M("b") as (y), M("c") as [z]:
    print(x, y, z)
with (
    M("d") as x,
    M("e"),
):
    print(x)
box = {}
with M("f") as box["k"], M("g") as box["j"]:
    print(box)


def enter_fails():
    with M("h"), M("i", enter=ValueError("in enter")), M("j"):
        print("not reached")


err(enter_fails)


def exit_fails():
    with M("k"), M("l", exit=KeyError("in exit")):
        print("body")


err(exit_fails)


def swallow():
    with M("m", result=True), M("n"):
        raise ValueError("swallowed by m")
    return "after"


print(swallow())


def nested_swallow():
    with M("o"), M("p", result=1):
        1 / 0
    print("continued")


nested_swallow()


def target_fails():
    with M("q") as (a, b):
        pass


err(target_fails)


def return_value():
    with M("r", exit=None):
        return "value"


print(return_value())


def loops():
    for i in range(3):
        with M(f"s{i}"):
            if i == 0:
                continue
            break
    return i


print(loops())


class InstanceMethods:
    pass


o = InstanceMethods()
o.__enter__ = lambda: 1
o.__exit__ = lambda *a: None


def by_instance():
    with o:
        pass


err(by_instance)


class StaticEnter:
    __enter__ = staticmethod(lambda: "static")
    __exit__ = classmethod(lambda cls, *a: print("classmethod exit", cls.__name__))


with StaticEnter() as s:
    print(s)


def generator():
    with M("t"):
        yield 1
        yield 2


g = generator()
next(g)
g.close()
g = generator()
next(g)
try:
    g.throw(KeyError("into"))
except KeyError as e:
    print("out", e)


def traced():
    try:
        with M("u"):
            raise ValueError("first")
    except ValueError as e:
        return e.__traceback__.tb_lineno - traced.__code__.co_firstlineno


print(traced())
