"""What a thread-local object's attributes refer to is found by the collector, and dies with the thread."""
import gc
import threading
import weakref


class Thing:
    pass


x = Thing()
x.local = threading.local()
x.local.x = x
ref = weakref.ref(x)
del x
gc.collect()
assert ref() is None

# The end of a thread takes its attributes away, not those of others.
local = threading.local()
local.mine = Thing()
refs = []


def work():
    local.mine = Thing()
    refs.append(weakref.ref(local.mine))


threads = [threading.Thread(target=work) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
gc.collect()
assert [r() for r in refs] == [None] * 5
assert isinstance(local.mine, Thing)

# The end of the object takes the attributes of all threads away.
ready, go = threading.Barrier(3), threading.Event()
refs.clear()


def wait():
    work()
    ready.wait()
    go.wait()


threads = [threading.Thread(target=wait) for _ in range(2)]
for t in threads:
    t.start()
ready.wait()
mine = weakref.ref(local.mine)
del local
assert mine() is None
assert [r() for r in refs] == [None] * 2
go.set()
for t in threads:
    t.join()
