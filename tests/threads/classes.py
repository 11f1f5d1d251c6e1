"""Attributes, classes, globals and imports that several threads use and change at once."""
import sys
import threading

sys.setswitchinterval(1e-5)


class Thing:
    shared = 0

    def __init__(self, n):
        self.n = n

    def value(self):
        return self.n + self.shared


def run(target, n=4):
    failures = []

    def guarded(i):
        try:
            target(i)
        except BaseException as error:
            failures.append(repr(error))

    crew = [threading.Thread(target=guarded, args=(i,)) for i in range(n)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert not failures, failures


thing = Thing(1)


def attributes(k):
    for i in range(2000):
        setattr(thing, f"a{k}_{i % 20}", i)
        assert getattr(thing, f"a{k}_{i % 20}") == i
        thing.common = i
        thing.common
        Thing.shared = i
        thing.value()
        Thing(i).value()
        if i % 50 == 0:
            delattr(thing, f"a{k}_{i % 20}")


run(attributes)


def methods(k):
    for i in range(500):
        setattr(Thing, f"m{k}", lambda self, i=i: i)
        assert getattr(thing, f"m{k}")() == i
        kind = type(f"Sub{i}", (Thing,), {"x": i})
        assert kind(5).x == i and kind(3).n == 3


run(methods)
counter = 0


def global_names(k):
    for i in range(3000):
        globals()[f"g{k}"] = i
        assert globals()[f"g{k}"] == i
        len(str(i))


run(global_names)
sources = {f"threaded_import_{i}": f"value = {i}\n" for i in range(10)}
import os
import tempfile

folder = tempfile.mkdtemp()
for name, text in sources.items():
    with open(os.path.join(folder, name + ".py"), "w") as file:
        file.write("import time\ntime.sleep(0.001)\n" + text)
sys.path.insert(0, folder)


def imports(k):
    for i in range(10):
        module = __import__(f"threaded_import_{i}")
        assert module.value == i


run(imports)


def generators(k):
    def gen():
        for i in range(2000):
            yield i

    assert sum(gen()) == sum(range(2000))
    try:
        raise ValueError(k)
    except ValueError as error:
        assert error.args == (k,)
        assert sys.exc_info()[1] is error


run(generators)
