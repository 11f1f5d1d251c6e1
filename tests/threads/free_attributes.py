# gil: 0
"""Attributes of instances that several threads add, replace, delete and read at once without the lock, by setattr,
getattr and delattr: none is lost, none is found under another name, and `__dict__` may be asked for at any time."""

import time

from _together import in_threads


def for_seconds(seconds, work):
    def job():
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            work()
    return job


class C:
    pass


def check_adding():
    objects = [C() for _ in range(1000)]

    def adder(k):
        def job():
            for o in objects:
                for i in range(6):
                    setattr(o, f"a{k}_{i}", (k, i))
        return job

    def takes_dict():
        for o in objects[::3]:
            vars(o)

    in_threads(adder(0), adder(1), adder(2), takes_dict)
    for o in objects:
        assert vars(o) == {f"a{k}_{i}": (k, i) for k in range(3) for i in range(6)}


def check_adding_in_two_orders():
    objects = [C() for _ in range(2000)]

    def left():
        for o in objects:
            setattr(o, "a", ("a", 1))
            setattr(o, "b", ("b", 2))
            setattr(o, "c", ("c", 3))

    def right():
        for o in objects:
            setattr(o, "x", ("x", 1))
            setattr(o, "y", ("y", 2))
            setattr(o, "z", ("z", 3))

    in_threads(left, right)
    for o in objects:
        assert vars(o) == {"a": ("a", 1), "b": ("b", 2), "c": ("c", 3),
                              "x": ("x", 1), "y": ("y", 2), "z": ("z", 3)}, vars(o)


def check_replacing():
    o = C()
    names = [f"x{i}" for i in range(12)]  # more than stand in the object itself
    for i, name in enumerate(names):
        setattr(o, name, ("v", i))
    setattr(o, "last", ("last", 0))

    def writer():
        for n in range(20):
            for i, name in enumerate(names):
                setattr(o, name, (str(n), i))
            setattr(o, "x0", ("again", 0))

    def reader():
        for i, name in enumerate(names):
            assert getattr(o, name)[1] == i
        assert getattr(o, "x0")[1] == 0 and getattr(o, "x1")[1] == 1

    in_threads(*[for_seconds(0.2, writer)] * 2, *[for_seconds(0.2, reader)] * 2)


def check_dict_beside_stores():
    for _ in range(60):
        o = C()
        for i in range(8):
            setattr(o, f"x{i}", ("v", i))

        def writer():
            for n in range(60):
                setattr(o, "x0", (n, 0))
                setattr(o, "x1", (n, 1))
                setattr(o, "x7", (n, 7))

        def takes_dict():
            for _ in range(30):
                vars(o)

        def reader():
            for _ in range(60):
                assert getattr(o, "x0")[1] == 0 and getattr(o, "x1")[1] == 1 and getattr(o, "x7")[1] == 7

        in_threads(writer, takes_dict, reader)
        assert vars(o)["x0"] == (59, 0) and getattr(o, "x1") == (59, 1) and getattr(o, "x7") == (59, 7)


def check_deleting_beside_reading():
    for _ in range(40):
        objects = [C() for _ in range(20)]
        for o in objects:
            for name in "abcd":
                setattr(o, name, (name,))

        def deleter():
            for o in objects:
                delattr(o, "a")
                setattr(o, "a", ("a",))
                delattr(o, "b")

        def reader():
            for o in objects:
                for _ in range(5):
                    assert getattr(o, "c") == ("c",) and getattr(o, "d") == ("d",) and getattr(o, "a", ("a",)) == ("a",)

        in_threads(deleter, reader, reader)
        for o in objects:
            assert vars(o) == {"a": ("a",), "c": ("c",), "d": ("d",)}


def check_dict_replaced():
    o = C()
    setattr(o, "x", [0])

    def replace():
        setattr(o, "__dict__", {"x": [1], "y": [2]})
        setattr(o, "__dict__", {"x": [3], "y": [4]})

    def use():
        assert getattr(o, "x")[0] in (0, 1, 3)
        setattr(o, "z", [5])
        vars(o).get("y")

    def delete():
        try:
            delattr(o, "z")
        except AttributeError:
            pass

    in_threads(*[for_seconds(0.15, f) for f in (replace, replace, use, delete)])


class Slots:
    __slots__ = ("a", "b")


def check_slots():
    o = Slots()
    setattr(o, "a", [0])

    def writer():
        setattr(o, "a", [1])
        setattr(o, "a", [2])

    def reader():
        assert getattr(o, "a")[0] in (0, 1, 2) and getattr(o, "a")[0] in (0, 1, 2)

    def other():
        try:
            setattr(o, "b", [3])
            delattr(o, "b")
        except AttributeError:
            pass

    in_threads(*[for_seconds(0.15, f) for f in (writer, writer, reader, other, other)])


check_adding()
check_adding_in_two_orders()
check_replacing()
check_dict_beside_stores()
check_deleting_beside_reading()
check_dict_replaced()
check_slots()
