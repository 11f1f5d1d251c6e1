"""Objects made in one thread and dropped in another; collections, weak references and finalizers."""
import gc
import queue
import sys
import threading
import weakref

sys.setswitchinterval(1e-5)


class Node:
    alive = 0
    lock = threading.Lock()

    def __init__(self):
        with Node.lock:
            Node.alive += 1
        self.peer = None
        self.data = [str(self), {"k": self.alive}]

    def __del__(self):
        with Node.lock:
            Node.alive -= 1


passing = queue.Queue(100)


def make():
    for i in range(3000):
        a = Node()
        if i % 3 == 0:
            a.peer = Node()
            a.peer.peer = a
        passing.put(a)
    passing.put(None)


def drop():
    ended = 0
    while ended < 2:
        node = passing.get()
        if node is None:
            ended += 1
        else:
            node.data.append(node.data[0])


threads = [threading.Thread(target=make), threading.Thread(target=make), threading.Thread(target=drop)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
assert Node.alive == 0, Node.alive
refs, gone = [], []


def weak():
    for i in range(1500):
        node = Node()
        node.peer = node
        refs.append(weakref.ref(node, gone.append))
        for ref in refs[-5:]:
            ref()
        if i % 200 == 0:
            gc.collect()


threads = [threading.Thread(target=weak) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
assert Node.alive == 0, Node.alive
assert all(ref() is None for ref in refs) and len(refs) == 4500
assert len(gone) == len(refs), (len(gone), len(refs))
values = weakref.WeakValueDictionary()


def cache(k):
    for i in range(2000):
        node = Node()
        values[i % 50] = node
        values.get((i * 7) % 50)


threads = [threading.Thread(target=cache, args=(k,)) for k in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
assert Node.alive == 0 and len(values) == 0
many = []
for _ in range(200):
    t = threading.Thread(target=lambda: None)
    t.start()
    many.append(t)
for t in many:
    t.join()
locals_ = threading.local()


def use_local():
    locals_.node = Node()


for _ in range(50):
    t = threading.Thread(target=use_local)
    t.start()
    t.join()
gc.collect()
assert Node.alive == 0, Node.alive
