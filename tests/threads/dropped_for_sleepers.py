"""What a thread that sleeps has made dies when another drops the last reference, and with it what it keeps."""
import threading
import time
import weakref


class Awaited:
    pass


def keepers():
    yield lambda x: [x]
    yield lambda x: (x,)
    yield lambda x: {1: x}
    yield lambda x: {x}
    yield lambda x: [[(x,)]]
    yield lambda x: (lambda: x)
    yield lambda x: iter([x])


def attempt():
    dead = []
    for keep in keepers():
        box = []

        def drop():
            time.sleep(0.02)  # until the other one waits for this one
            box.pop()
            dead.append(ref() is None)

        x = Awaited()
        ref = weakref.ref(x)
        box.append(keep(x))
        del x
        t = threading.Thread(target=drop)
        t.start()
        t.join()
    return dead


# The thread may just be on its way to sleep or back, and is then given what it has to drop: not often.
found = [attempt() for _ in range(5)]
assert sum(map(sum, found)) >= 0.8 * sum(map(len, found)), found
print("ok")
