"""An iterator at its end lets go of what it went over: at once with the lock, at the latest with a collection without it,
also while other threads ask it for more."""
import array
import collections
import gc
import threading
import weakref


class Died:
    pass


def subclass(base):
    class Derived(base):
        def __del__(self):
            gone.append(base.__name__)
    return Derived


gone = []
start = threading.Barrier(3)


def threads_exist():
    t = threading.Thread(target=lambda: None)
    t.start()
    t.join()


class Indexed:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i < 3:
            return i
        raise IndexError

    def __del__(self):
        gone.append("Indexed")


def made():
    """(name, maker of an iterator over something that tells when it dies)"""
    yield "list", lambda: iter(subclass(list)([1, 2, 3]))
    yield "list", lambda: reversed(subclass(list)([1, 2, 3]))
    yield "tuple", lambda: iter(subclass(tuple)((1, 2, 3)))
    yield "str", lambda: iter(subclass(str)("abc"))
    yield "str", lambda: iter(subclass(str)("\u0100bc"))
    yield "bytes", lambda: iter(subclass(bytes)(b"abc"))
    yield "bytearray", lambda: iter(subclass(bytearray)(b"abc"))
    yield "set", lambda: iter(subclass(set)({1, 2, 3}))
    yield "frozenset", lambda: iter(subclass(frozenset)({1, 2, 3}))
    for view in (iter, reversed, lambda d: iter(d.values()), lambda d: iter(d.items()), lambda d: reversed(d.items())):
        yield "dict", lambda view=view: view(subclass(dict)({1: 1, 2: 2, 3: 3}))
        yield "OrderedDict", lambda view=view: view(subclass(collections.OrderedDict)({1: 1, 2: 2, 3: 3}))
    yield "array", lambda: iter(subclass(array.array)("i", (1, 2, 3)))
    yield "Indexed", lambda: iter(Indexed())
    yield "Indexed", lambda: reversed(Indexed())


def ends(it, how):
    """The iterator is used up by this thread, or by three; then it is asked again."""
    def use():
        for _ in it:
            pass
    if how == "three":
        def use_together():
            start.wait()
            use()
        others = [threading.Thread(target=use_together) for _ in range(3)]
        for t in others:
            t.start()
        for t in others:
            t.join()
    else:
        use()
    assert next(it, "end") == "end"


def main():
    threads_exist()
    for how in ("one", "three"):
        for name, make in made():
            gone.clear()
            it = make()
            shared = [it]  # two references: the iterator is not the caller's alone
            ends(it, how)
            gc.collect()
            gc.collect()
            assert gone == [name], (how, name, gone)
            assert next(it, "end") == "end" and list(shared[0]) == []
            assert it.__reduce__() is not None

    # A function with a sentinel, and its callable.
    def callable_iterator():
        def count():
            return 0
        return iter(count, 0), weakref.ref(count)
    it, alive = callable_iterator()
    held = it
    assert list(it) == []
    gc.collect()
    assert alive() is None and next(held, "end") == "end"

    # Collections while threads are at the end of one iterator.
    stop = threading.Event()

    def collect():
        while not stop.is_set():
            gc.collect()
    collector = threading.Thread(target=collect)
    collector.start()
    try:
        for turn in range(60):
            for make in (lambda: iter(list(range(50))), lambda: iter(dict.fromkeys(range(50))),
                         lambda: iter(set(range(50))), lambda: iter(bytearray(50)), lambda: iter(memoryview(bytearray(50))),
                         lambda: reversed(list(range(50))), lambda: iter(array.array("i", range(50)))):
                it = make()
                seen = collections.deque()

                def take():
                    for x in it:
                        seen.append(x)
                crew = [threading.Thread(target=take) for _ in range(2)]
                for t in crew:
                    t.start()
                for t in crew:
                    t.join()
                assert len(seen) == 50, len(seen)
    finally:
        stop.set()
        collector.join()
    print("ok")


main()
