"""Buffers that are resized, released or closed while something works on them."""
import array
import collections
import io
import json
import struct


def refused(kind, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind:
        return
    raise AssertionError(f"no {kind}")


# A bytearray with an export keeps its size.
b = bytearray(b"0123456789" * 10)
m = memoryview(b)
for change in (lambda: b.append(1), lambda: b.extend(b"x"), b.clear, b.pop, lambda: b.__delitem__(0), lambda: b.__setitem__(slice(0, 3), b""),
               lambda: b.insert(0, 1), lambda: b.__iadd__(b"x"), lambda: b.__imul__(2), lambda: b.remove(48), lambda: b.__init__(b"new"),
               lambda: b.__delitem__(slice(None, None, 2))):
    refused(BufferError, change)
assert len(b) == 100
b[0:3] = b"abc"
b[::10] = bytes(10)
m2 = m[10:20]
refused(BufferError, m.release) if False else None
m.release()
refused(BufferError, b.append, 1)
m2.release()
b.append(1)
refused(ValueError, lambda: m[0])
refused(ValueError, m.tobytes)
refused(ValueError, len, m)
assert repr(m).startswith("<released memory at")


class Index:
    """An index that does something first."""

    def __init__(self, n, action):
        self.n, self.action = n, action

    def __index__(self):
        self.action()
        return self.n


# bytearray changed by __index__ of an argument.
for call in (lambda: b.__setitem__(Index(50, b.clear), 1), lambda: b.__setitem__(0, Index(5, b.clear)), lambda: b.append(Index(5, b.clear)),
             lambda: b.insert(Index(50, b.clear), 1), lambda: b.insert(0, Index(5, b.clear)), lambda: b.pop(Index(50, b.clear)), lambda: b[Index(50, b.clear)],
             lambda: b.__delitem__(Index(50, b.clear)), lambda: b.__setitem__(slice(Index(5, b.clear), 40), b"x" * 10), lambda: b.__delitem__(slice(1, Index(50, b.clear), 2)),
             lambda: b.extend([1, 2, Index(3, b.clear), 4]), lambda: b.__imul__(Index(3, b.clear)), lambda: b.remove(Index(48, b.clear)),
             lambda: b.find(Index(48, b.clear)), lambda: b.count(b"1", Index(1, b.clear), Index(50, b.clear)), lambda: b.index(b"1", Index(1, b.clear)),
             lambda: b.startswith(b"0", Index(0, b.clear)), lambda: b.replace(b"1", b"22", Index(5, b.clear)), lambda: b.split(b"1", Index(5, b.clear)),
             lambda: b.hex("-", Index(3, b.clear)), lambda: b.center(Index(200, b.clear)), lambda: b.ljust(Index(200, b.clear), b"*"), lambda: b.expandtabs(Index(3, b.clear)),
             lambda: b.__contains__(Index(48, b.clear)), lambda: b.__mul__(Index(3, b.clear)), lambda: bytes(b)[Index(3, b.clear)],
             lambda: b.__setitem__(slice(0, 5), [Index(1, b.clear), 2, 3]), lambda: b.__setitem__(slice(0, 50, 10), [Index(1, b.clear), 2, 3, 4, 5])):
    b = bytearray(b"0123456789" * 10)
    try:
        call()
    except (IndexError, ValueError, TypeError):
        pass


class Text:
    """Something with __bytes__ or __iter__ that works on the bytearray."""

    def __iter__(self):
        yield 1
        b.clear()
        b.extend(bytes(500))
        yield 2
        b.clear()

    def __bytes__(self):
        b.clear()
        return b"x"


b = bytearray(100)
b.extend(Text())
b = bytearray(100)
b[3:50] = Text()
b = bytearray(100)
try:
    b += Text()
except TypeError:
    pass
b.join([b, b])
b"".join([b"1", b, Text()] if False else [b"1", b])
b = bytearray(b"a,b")


class Joining:
    def __iter__(self):
        yield b
        yield b"x"
        b.clear()
        b.extend(b"y" * 1000)
        yield b


assert b", ".join(Joining())
b = bytearray(b"a,b")
b.join(Joining())

# memoryview released by what it calls.
for call in (lambda m: m.__setitem__(Index(0, m.release), 1), lambda m: m.__setitem__(0, Index(1, m.release)), lambda m: m[Index(0, m.release)],
             lambda m: m[Index(1, m.release):5], lambda m: m.__setitem__(slice(Index(0, m.release), 2), b"ab"), lambda m: m.cast("B", [Index(100, m.release)]),
             lambda m: m.hex("-", Index(2, m.release)), lambda m: m.tobytes("C"), lambda m: m == m):
    b = bytearray(100)
    m = memoryview(b)
    try:
        call(m)
    except (ValueError, TypeError, BufferError):
        pass
    m.release()
m = memoryview(bytearray(24)).cast("d")


class Float:
    def __float__(self):
        m.release()
        return 1.5


try:
    m[0] = Float()
except ValueError:
    pass
refused(TypeError, lambda: memoryview(b"abc").__setitem__(0, 1))
m = memoryview(b"abcdefgh").cast("B", [2, 2, 2])
assert m.tolist() == [[[97, 98], [99, 100]], [[101, 102], [103, 104]]] and m[1, 0, 1] == 102
refused(ValueError, memoryview(b"abc").cast, "Z")
refused(TypeError, memoryview(b"abc").cast, "I")
refused((TypeError, ValueError), memoryview(b"abcd").cast, "B", [1 << 62, 1 << 62])
refused((TypeError, ValueError), memoryview(b"abcd").cast, "B", [-1, -4])
refused((TypeError, ValueError), memoryview(b"abcd").cast, "B", [0, 4])
refused((TypeError, ValueError), memoryview(b"").cast, "B", [1] * 100)

# BytesIO and its buffer.
f = io.BytesIO(b"0123456789")
view = f.getbuffer()
refused(BufferError, f.write, b"x" * 100)
refused(BufferError, f.truncate, 2)
refused(BufferError, f.close)
view.release()
f.write(b"x" * 100)
f = io.BytesIO(b"abc")
view = f.getbuffer()
del f
assert bytes(view) == b"abc"
view.release()
f = io.BytesIO(bytes(10))
refused((OverflowError, ValueError, MemoryError), lambda: (f.seek((1 << 63) - 1), f.write(b"xx")))


class Closing(io.RawIOBase):
    """A raw stream that closes or detaches the buffer above it while it works."""
    action = None
    rounds = 0

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, target):
        if self.action:
            self.action()
        self.rounds += 1
        if self.rounds > 30:
            return 0
        target[:3] = b"abc"
        self.kept = target
        return 3

    def write(self, data):
        if self.action:
            self.action()
        self.kept = data
        return len(data)

    def seek(self, at, whence=0):
        if self.action:
            self.action()
        return 0


for kind in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom):
    for call in ("read", "read1", "readline", "peek", "flush", "seek", "tell", "truncate", "close", "detach", "write", "readinto"):
        for name in ("close", "detach", "flush", "__init__", "read", "peek"):
            raw = Closing()
            try:
                stream = kind(raw, 16)
                if kind is not io.BufferedReader:
                    stream.write(b"xyz")
                fired = []

                def action():
                    if not fired:
                        fired.append(1)
                        getattr(stream, name)(*([raw] if name == "__init__" else []))
                raw.action = action
                getattr(stream, call)(*{"read": [5], "write": [b"q" * 40], "seek": [3], "readinto": [bytearray(50)], "read1": [4]}.get(call, []))
            except (ValueError, AttributeError, OSError, RuntimeError, TypeError):
                pass
            raw.action = None
            try:
                stream.close()
            except (ValueError, OSError):
                pass
raw = Closing()
stream = io.BufferedReader(raw, 16)
stream.read(3)
kept = raw.kept
del stream, raw
try:
    kept[0] = 1
    bytes(kept)
except ValueError:
    pass


class BadReads(Closing):
    answers = iter(())

    def readinto(self, target):
        return next(self.answers, 0)

    def write(self, data):
        return next(self.answers, 0)


for answer in (-1, 10 ** 9, "x", 1 << 70, None):
    raw = BadReads()
    raw.answers = iter([answer] * 5)
    try:
        io.BufferedReader(raw, 16).read(5)
    except (OSError, TypeError, ValueError, OverflowError):
        pass
    raw.answers = iter([answer] * 5)
    try:
        w = io.BufferedWriter(raw, 16)
        w.write(b"x" * 40)
        w.flush()
    except (OSError, TypeError, ValueError, OverflowError):
        pass
    raw.answers = iter([1] * 1000)
    del w


class BadDecoder:
    def __init__(self, answer):
        self.answer = answer

    def decode(self, data, final=False):
        return self.answer

    def getstate(self):
        return self.answer

    def setstate(self, state):
        pass

    def reset(self):
        pass


import codecs
for answer in (None, 5, b"bytes", "x" * 1000):
    wrapper = io.TextIOWrapper(io.BytesIO(b"text\nlines\n"), encoding="utf-8")
    wrapper._CHUNK_SIZE = 4
    try:
        io.IncrementalNewlineDecoder(BadDecoder(answer), True).decode(b"x")
    except TypeError:
        pass
wrapper = io.TextIOWrapper(io.BytesIO(b"text\nlines\n" * 100), encoding="utf-8")
it = iter(wrapper)
next(it)
wrapper.detach()
refused(ValueError, next, it)
refused(ValueError, wrapper.read)
s = io.StringIO("a\nb\nc")
it = iter(s)
next(it)
s.close()
refused(ValueError, next, it)

# struct into a bytearray that goes.
b = bytearray(100)


class Number:
    def __index__(self):
        b.clear()
        return 1


try:
    struct.pack_into("<IIII", b, 0, 1, Number(), 2, 3)
except BufferError:
    pass
for bad in ("<" + "9" * 30 + "x", "99999999999999999999s", "<i" * 3, "Z", "<P", "3", "4611686018427387904d"):
    refused(struct.error, struct.calcsize, bad)
refused(struct.error, struct.unpack_from, "<i", b"abc", -1)
refused((struct.error, OverflowError, TypeError), struct.unpack_from, "<i", b"abcd", 1 << 62)
refused((struct.error, ValueError), struct.iter_unpack, "", b"abc")

# array
a = array.array("i", range(20))
view = memoryview(a)
for change in (lambda: a.append(1), lambda: a.extend([1]), a.pop, lambda: a.__delitem__(0), lambda: a.insert(0, 1), lambda: a.__imul__(2), lambda: a.frombytes(b"1234")):
    refused(BufferError, change)
view.release()


class Feeding:
    def __iter__(self):
        for i in range(30):
            if i % 10 == 5:
                del a[:]
            yield i


a.extend(Feeding())


class ArrayIndex:
    def __index__(self):
        del a[:]
        return 3


for call in (lambda: a.__setitem__(5, ArrayIndex()), lambda: a.__setitem__(ArrayIndex(), 1), lambda: a.append(ArrayIndex()), lambda: a.insert(ArrayIndex(), ArrayIndex()),
             lambda: a.pop(ArrayIndex()), lambda: a.fromlist([1, ArrayIndex(), 2]), lambda: a.index(ArrayIndex()), lambda: a * ArrayIndex()):
    a = array.array("i", range(20))
    try:
        call()
    except (IndexError, ValueError, TypeError):
        pass
refused((MemoryError, OverflowError), lambda: array.array("q", [1, 2]) * (1 << 61))
it = iter(a)
del a[:]
assert list(it) == []

# deque
d = collections.deque(range(30))


class Comparing:
    def __eq__(self, other):
        d.clear()
        return False


for call in (lambda: d.remove(Comparing()), lambda: d.index(Comparing()), lambda: d.count(Comparing()), lambda: Comparing() in d,
             lambda: d == collections.deque([Comparing()] * 30), lambda: d < collections.deque([Comparing()] * 30)):
    d = collections.deque(range(30))
    try:
        call()
    except (IndexError, ValueError, RuntimeError, TypeError):
        pass
d = collections.deque(range(300))
it, back = iter(d), reversed(d)
next(it), next(back)
d.clear()
for i in (it, back):
    try:
        list(i)
    except RuntimeError:
        pass
d = collections.deque(range(100), 100)
d.extend(d)
d.extendleft(d)
d += d
d *= 3
assert len(d) == 100
refused(MemoryError, lambda: collections.deque([1, 2]) * (1 << 62))
refused((ValueError, OverflowError), collections.deque, [], -1)


class Last:
    def __del__(self):
        d.append(1)
        d.rotate(1)


d = collections.deque([Last() for _ in range(70)], 70)
d.append(5)
d.clear()
d = collections.deque([Last() for _ in range(70)])
d.clear()
d = collections.deque(Last() for _ in range(5))
d[2] = 1
del d[0]
d.popleft()
del d


# json with what misbehaves.
class Evil(dict):
    def items(self):
        return [1, 2]


for bad in (Evil(a=1), {b"x": 1}, {1: object()}, [float("nan"), object()]):
    refused((TypeError, ValueError), json.dumps, bad)
v = [1, 2]


def default(x):
    v.clear()
    return 1


v[:] = [object(), 2, 3]
json.dumps(v, default=default)
t = {}


def default(x):
    t.clear()
    t.update(dict.fromkeys(range(50)))
    return 1


t["a"] = object()
t["b"] = 2
try:
    json.dumps(t, default=default)
except RuntimeError:
    pass
for bad in ("[" * 100000, '{"a":' * 100000, "[1,", '"\\ud83', '"\\u12', '{"a" 1}', "nul", "-", "1e", "tru", '"\x01"', "[1 2]", "{,}", "\ufeff[]"):
    refused((ValueError, RecursionError), json.loads, bad)
print("done")


# A view whose owner's hash releases it.
class Releases(bytes):
    def __hash__(self):
        view.release()
        return 5


view = memoryview(Releases(b"abc" * 100))
try:
    hash(view)
    raise AssertionError
except ValueError:
    pass
