"""Threads that add, replace and delete attributes of shared instances, change classes and rewrite globals while others
read them: no attribute is lost, no value is one that was never there."""
import sys
import threading
import time

sys.setswitchinterval(1e-4)
END = time.monotonic() + 1.5
errors = []


class Shared:
    def method(self):
        return "method"

    @property
    def prop(self):
        return "prop"

    @staticmethod
    def static():
        return "static"

    @classmethod
    def made(cls):
        return cls


class Slotted:
    __slots__ = "a", "__dict__"


class Sub(Shared):
    def method(self):
        return super().method()


shared, slotted, sub = Shared(), Slotted(), Sub()
shared.x = slotted.a = ["x", 0]
word = ["word", 0]


def replace(number):
    for i in range(200):
        shared.x = ["x", i]
        slotted.a = ["x", i]
        assert shared.x[0] == "x" and slotted.a[0] == "x"
        slotted.b = i
        if i == 100:
            slotted.__dict__
            slotted.a = ["x", i]


def add(number):
    for i in range(50):
        o = Shared()
        box.append(o)
        for k in range(4):
            setattr(o, f"n{number}_{k}", [number, k])
        o.own = [number]
        for other in box[-3:]:
            try:
                assert other.own[0] in range(8)
            except AttributeError:
                pass
            other.late = [number]
            assert other.late[0] in range(8)
        for k in range(4):
            assert getattr(o, f"n{number}_{k}") == [number, k]


def delete(number):
    for i in range(100):
        o = box2[i % len(box2)]
        o.y = ["y", number]
        o.z = ["z", number]
        try:
            assert o.y[0] == "y" and o.z[0] == "z"
            del o.y
        except AttributeError:
            pass
        if i % 10 == 0:
            o.__dict__
        if i % 25 == 0:
            box2[i % len(box2)] = Shared()


def change_class(number):
    for i in range(20):
        Shared.method = lambda self: "method"
        Shared.static = staticmethod(lambda: "static")
        Shared.prop = property(lambda self: "prop")
        Shared.made = classmethod(lambda cls: cls)


def call(number):
    for i in range(200):
        for o in shared, sub:
            assert o.method() == "method"
            assert o.prop == "prop"
            assert o.static() == "static"
            assert o.made() is type(o)
            assert Shared.static() == "static"


def rewrite_globals(number):
    global word
    for i in range(200):
        word = ["word", i]
        assert word[0] == "word"
        if i % 20 == 0:
            globals()[f"extra{number}_{i}"] = i
    for i in range(0, 200, 20):
        del globals()[f"extra{number}_{i}"]


def mixed(number):
    """One site that meets many kinds."""
    kinds = [shared, sub, slotted, Shared, sys, threading, Sub(), 1.5, "text", [], Exception(), mixed]
    for i in range(30):
        for kind in kinds:
            name = getattr(kind, "__doc__", None)
            assert kind.__doc__ is name
            kind.__class__
            assert repr(kind)
    for i in range(30):
        for module in sys, time, threading:
            assert module.__name__ in ("sys", "time", "threading")


def work(function, number):
    try:
        while time.monotonic() < END and not errors:
            function(number)
    except BaseException as e:
        errors.append(e)
        raise


box, box2 = [Shared()], [Shared() for _ in range(4)]
functions = [replace, add, delete, change_class, call, rewrite_globals, mixed]
threads = [threading.Thread(target=work, args=(f, n)) for n, f in enumerate(functions + [add, replace][:1])]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not errors, errors
print("ok")
