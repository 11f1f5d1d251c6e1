"""Native modules whose objects are changed, closed or entered again by what they call."""
import collections
import gc
import io
import os
import pickle
import queue
import select
import socket
import tempfile
import threading
import zlib


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return error


# OrderedDict: the order while keys compare, die and are walked.
class Key:
    action = None

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if Key.action:
            Key.action()
        return self is other

    def __del__(self):
        if Key.action:
            Key.action()


for call in (lambda o: o.move_to_end(keys[3]), lambda o: o.popitem(False), lambda o: o.pop(keys[2], None), lambda o: o.__delitem__(keys[4]), lambda o: o.update({keys[0]: 1}),
             lambda o: o.setdefault(Key(9), 1), lambda o: o == collections.OrderedDict.fromkeys(keys), lambda o: repr(o), lambda o: o.copy(), lambda o: list(reversed(o)),
             lambda o: o | o, lambda o: o.clear(), lambda o: [o.popitem() for _ in range(3)], lambda o: pickle.dumps(list(o.values())), lambda o: o.__reduce__()):
    for change in (lambda o: o.clear(), lambda o: o and o.popitem(), lambda o: len(o) < 99 and o.update(dict.fromkeys(range(30)))):
        keys = [Key(i) for i in range(8)]
        o = collections.OrderedDict.fromkeys(keys, 1)
        rounds = iter(range(50))
        Key.action = lambda: next(rounds, None) is not None and change(o)
        attempt(call, o)
        Key.action = None
        o.clear()
o = collections.OrderedDict.fromkeys(range(10))
for walk in (iter(o), reversed(o), iter(o.items()), reversed(o.values())):
    attempt(next, walk)
    attempt(o.move_to_end, 0)
    attempt(list, walk)
it = iter(o)
next(it)
o.clear()
attempt(next, it)

# defaultdict whose factory works on the dict.
d = collections.defaultdict(lambda: (d.clear(), d.update(dict.fromkeys(range(50))), 5)[2])
for i in range(60, 70):
    d[i]
d = collections.defaultdict()
d.default_factory = lambda: d[1]
assert isinstance(attempt(lambda: d[1]), RecursionError)

# A queue that its own items use when they die.
q = queue.SimpleQueue()


class Putting:
    def __del__(self):
        if q.qsize() < 20:
            q.put(1)


for _ in range(5):
    q.put(Putting())
    q.get()
attempt(q.get, False), attempt(q.get, True, -1), attempt(q.get, True, 1e400 if False else float("nan"))

# zlib with wrong states.
c = zlib.compressobj()
data = c.compress(b"x" * 1000) + c.flush()
attempt(c.compress, b"more"), attempt(c.flush), attempt(c.copy)
x = zlib.decompressobj()
attempt(x.decompress, data, -1), x.decompress(data, 10), x.copy().flush(), attempt(x.flush, -1), attempt(x.flush, 0)
for bad in (b"", b"\0" * 20, data[:-1], data[:5], data[5:]):
    attempt(zlib.decompress, bad), attempt(zlib.decompress, bad, -15), attempt(zlib.decompress, bad, 47, 1), attempt(zlib.decompressobj().decompress, bad)
attempt(zlib.compress, b"x", 99), attempt(zlib.compressobj, 9, 8, 99), attempt(zlib.compressobj, 1, 8, -15, 99), attempt(zlib.decompressobj, 99), attempt(zlib.decompress, data, 15, -5)
attempt(zlib.compressobj, zdict=b"q" * 100), attempt(zlib.decompressobj, zdict=5)

# Sockets and files that are closed while views of them are in use.
a, b = socket.socketpair()
buffer = bytearray(10)
view = memoryview(buffer)
a.send(b"12345")
b.recv_into(view)
attempt(b.recv_into, view, 1 << 40), attempt(b.recv_into, view, -1), attempt(b.recv, -1), attempt(b.recv_into, b"const"), attempt(a.sendmsg, [b"x", 5]), attempt(a.sendmsg, [b"x"], [(1, 2)])
attempt(b.recvmsg, -1), attempt(b.recvmsg_into, [view, 5]), attempt(a.setsockopt, 1, 2, b"x" * 1000), attempt(a.getsockopt, 1, 2, -1), attempt(a.bind, 5), attempt(a.connect, ("x" * 10000, 1 << 40))


class Closing:
    def __index__(self):
        a.close()
        return 5


attempt(a.recv, Closing()), attempt(a.send, b"x"), attempt(b.settimeout, Closing()), attempt(b.listen, Closing())


class Fd:
    def __init__(self, action, fd):
        self.action, self.fd = action, fd

    def fileno(self):
        self.action()
        return self.fd


fds = []
fds += [Fd(fds.clear, b.fileno()) for _ in range(5)]
attempt(select.select, fds, [], [], 0), attempt(select.select, [Fd(gc.collect, -1)], [], [], 0), attempt(select.select, [Fd(gc.collect, 1 << 40)], [], [], 0), attempt(select.select, 5, [], [], 0)
p = select.poll()
p.register(b)
attempt(p.poll, 0), attempt(p.register, 1 << 40), attempt(p.modify, 999, 1), attempt(p.unregister, 999), attempt(p.register, b, 1 << 40)
e = select.epoll()
e.register(b)
e.close()
attempt(e.poll, 0), attempt(e.register, b), attempt(e.fileno), attempt(select.epoll, -5), attempt(select.epoll, 1, 99)
b.close()
with tempfile.TemporaryFile() as f:
    f.write(b"0123456789")
    f.flush()
    fd = f.fileno()
    attempt(os.readv, fd, [view, 5]), attempt(os.preadv, fd, [view], -1), attempt(os.pwrite, fd, b"x", -1), attempt(os.read, fd, -1), attempt(os.read, fd, 1 << 62), attempt(os.writev, fd, [b"x"] * 5000)
    attempt(os.sendfile, 1, fd, 0, -1) if False else None
    raw = f.raw
    attempt(raw.readinto, view), attempt(raw.readinto, b"const"), attempt(raw.read, 1 << 62), attempt(raw.seek, 1 << 70), attempt(raw.truncate, -1)
try:
    import mmap
except ImportError:
    mmap = None
if mmap:
    with tempfile.TemporaryFile() as f:
        f.write(b"0123456789" * 1000)
        f.flush()
        m = mmap.mmap(f.fileno(), 0)
        v = memoryview(m)
        assert isinstance(attempt(m.resize, 100), (BufferError, SystemError)) and isinstance(attempt(m.close), BufferError)
        v.release()

        class Index:
            def __index__(self):
                m.close()
                return 5
        for call in (lambda: m[Index()], lambda: m.__setitem__(Index(), 1), lambda: m.__setitem__(5, Index()), lambda: m[Index():9], lambda: m.__setitem__(slice(Index(), 9), b"abcd"),
                     lambda: m.find(b"x", Index()), lambda: m.read(Index()), lambda: m.seek(Index()), lambda: m.move(Index(), 1, 2), lambda: m.resize(Index()), lambda: m.write_byte(Index()),
                     lambda: m.flush(Index())):
            m = mmap.mmap(f.fileno(), 0)
            attempt(call)
            m.close()
            attempt(m.read, 5), attempt(len, m), attempt(m.__getitem__, 0), attempt(m.size)
        m = mmap.mmap(-1, 100)
        attempt(m.move, 50, 0, 99), attempt(m.move, -1, 0, 5), attempt(m.move, 0, 0, -1), attempt(m.seek, -5), attempt(m.__setitem__, slice(0, 5), b"x"), attempt(mmap.mmap, -1, -1), attempt(mmap.mmap, -1, 1 << 62)
        attempt(mmap.mmap, -1, 10, offset=5), attempt(mmap.mmap, f.fileno(), 1 << 40), attempt(m.madvise, 99, -1, -5) if hasattr(m, "madvise") else None

# Pickles of what misbehaves, and bad ones.
class Reducing:
    answers = iter(())

    def __reduce__(self):
        return next(self.answers)


for answer in ((), (1,), (list,), (list, 5), (list, (), 5, 6), (list, (), None, 5), (list, (), None, None, 5), "name", None, (Reducing, (), None, iter([1])), (list, (), None, iter([1, 2])),
               (dict, (), None, None, iter([1])), (lambda: 1, ()), (list, (), None, None, None, 5)):
    for protocol in range(6):
        Reducing.answers = iter([answer])
        attempt(pickle.dumps, Reducing(), protocol)
v = []
deep = v
for _ in range(5000):
    deep = [deep]
attempt(pickle.dumps, deep)
good = pickle.dumps({"a": [1, 2.5, (3, None)], "b": {1, 2}, "c": b"x" * 300, "d": collections.OrderedDict(a=1)}, 4)
for i in range(len(good)):
    attempt(pickle.loads, good[:i])
    for bit in (1, 16, 128):
        attempt(pickle.loads, good[:i] + bytes([good[i] ^ bit]) + good[i + 1:])
for bad in (b"\x80\x05\x8e\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x80\x04\x8a\xff", b"(((((((((", b"h\x00.", b"q\xff", b"r\xff\xff\xff\xff.", b"]r\xff\xff\xff\x7f.", b"1.", b"0", b"2", b"t.", b"a", b"(s.", b"(u.",
            b"\x80\x05\x95\xff\xff\xff\xff\xff\xff\xff\xffK\x01.", b"c\n\n.", b"cos\nsystem\n)R" if False else b"}(u.", b"](e.", b"K\x01K\x02b.", b"K\x01)\x81.", b"I99999999999999999999999\n.", b"L-\n.", b"F1e\n.", b"S'\n.", b"X\xff\xff\xff\xff", b"\x8c\xff"):
    attempt(pickle.loads, bad)


class Buffers:
    def __reduce_ex__(self, protocol):
        return bytearray, (pickle.PickleBuffer(memory),)


memory = bytearray(b"abc")
attempt(lambda: pickle.dumps(Buffers(), 5, buffer_callback=lambda b: memory.clear()))
attempt(pickle.loads, pickle.dumps(1, 5), buffers=5)


class PicklerSub(pickle.Pickler):
    def persistent_id(self, obj):
        self.clear_memo()
        return None

    def reducer_override(self, obj):
        return next(overrides, NotImplemented)


overrides = iter([5, None, (list, ())])
for _ in range(3):
    attempt(PicklerSub(io.BytesIO()).dump, [print, print, {}])


class Reading:
    def read(self, n=-1):
        u.__init__(io.BytesIO(good))
        return 5

    def readline(self):
        return "text"


u = pickle.Unpickler(Reading())
attempt(u.load)

# Threads, locks and locals that end in strange order.
lock = threading.RLock()
attempt(lock.release), lock.acquire(), attempt(lock.acquire, True, 1 << 80), attempt(lock.acquire, False, 5), lock.release()
lock = threading.Lock()
attempt(lock.release), attempt(lock.acquire, timeout=-5), attempt(lock.acquire, timeout=1e300), attempt(lock.acquire, timeout=float("nan"))


class Local(threading.local):
    def __init__(self, *args):
        self.me = self


def use():
    local.x = Local()
    local.x.me = local


local = Local()
threads = [threading.Thread(target=use) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
del local
gc.collect()
import _thread
attempt(_thread.start_new_thread, 5, ()), attempt(_thread.start_new_thread, print, 5), attempt(_thread.start_new_thread, print, (), 5), attempt(_thread.stack_size, 5), attempt(_thread.stack_size, -1)
print("done")
