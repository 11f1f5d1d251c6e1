# asan: no (freed memory waits there before it is used again)
"""Attribute names that programs put together at run time are not kept for ever."""
import types


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Thing:
    pass


def use(start, stop):
    thing, module = Thing(), types.ModuleType("m")
    for i in range(start, stop):
        name = f"name{i}"
        getattr(5, name, None)
        hasattr(thing, name)
        setattr(thing, name, i)
        delattr(thing, name)
        setattr(module, name, i)
        delattr(module, name)
        types.SimpleNamespace(**{name: 1})
        try:
            ("{0.%s}" % name).format(5)
        except AttributeError:
            pass
        try:
            b"x".decode(name)
        except LookupError:
            pass


use(0, 3000)
before = resident()
use(10**6, 10**6 + 30000)
assert resident() - before < 4000, resident() - before
print("ok")
