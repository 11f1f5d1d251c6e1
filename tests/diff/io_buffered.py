"""Buffered binary streams over files, pipes and raw streams written in Python."""
import io
import os

PATH = "/tmp/gila-io-binary-%d" % os.getpid()


def attempt(call):
    try:
        return call()
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


class Raw(io.RawIOBase):
    """Gives and takes a few bytes at a time, or would block."""

    def __init__(self, pieces=(), room=()):
        self.pieces, self.room, self.got = list(pieces), list(room), []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        if len(piece) > len(buffer):
            self.pieces.insert(0, piece[len(buffer):])
            piece = piece[:len(buffer)]
        buffer[:len(piece)] = piece
        return len(piece)

    def write(self, data):
        n = self.room.pop(0) if self.room else len(data)
        if n is None:
            return None
        n = min(n, len(data))
        self.got.append(bytes(data[:n]))
        return n


for method, args in (("read", ()), ("read", (5,)), ("read1", (5,)), ("read1", ()), ("peek", (2,)), ("readline", ()),
                     ("readline", (3,)), ("readlines", ())):
    reader = io.BufferedReader(Raw([b"ab", b"c\n", b"def", None, b"g\nh"]), 4)
    print(method, args, [attempt(lambda: getattr(reader, method)(*args)) for _ in range(6)])
reader = io.BufferedReader(Raw([b"abc", None, b"defgh"]), 8)
target = bytearray(6)
print([(attempt(lambda: reader.readinto(target)), bytes(target)) for _ in range(3)])
raw = Raw(room=[3, None, 2, None, None, 100])
writer = io.BufferedWriter(raw, 8)
for piece in b"abcdef", b"ghijklmnop", b"q", b"rstuvwxyz", b"!":
    try:
        print(writer.write(piece), raw.got)
    except BlockingIOError as error:
        print(error, error.characters_written, raw.got)
print(attempt(writer.flush), attempt(writer.flush), raw.got)
for bad in 10000, -1, "x", 1.5:
    class Bad(Raw):
        def readinto(self, buffer):
            return bad

        def write(self, data):
            return bad
    print(bad, attempt(lambda: io.BufferedReader(Bad()).read(3)), attempt(lambda: [w := io.BufferedWriter(Bad()), w.write(b"x"), w.flush()]))
print(attempt(lambda: io.BufferedReader(Raw(), 0)), attempt(lambda: io.BufferedReader(io.BytesIO(), -1)),
      attempt(lambda: io.BufferedRandom(Raw())), attempt(lambda: io.BufferedReader(3)))
with open(PATH, "w+b", buffering=16) as f:
    print(f.write(b"0123456789" * 5), f.tell(), f.seek(5), f.read(3), f.write(b"XY"), f.tell(), f.read(4), f.seek(-3, 1),
          f.peek()[:3], f.seek(-2, 2), f.read(), f.truncate(20), f.seek(0), f.readline(7), f.tell())
    f.seek(0)
    print(f.read(), f.seek(30), f.write(b"end"), f.seek(0), f.read())
    print(attempt(lambda: f.seek(-1)), attempt(lambda: f.seek(0, 9)), attempt(lambda: f.read(-2)), attempt(lambda: f.seek(1.5)))
with open(PATH, "rb", 0) as f:
    print(f.read(4), f.readall(), f.read(), f.seek(0), f.readline(), f.mode, f.closefd, attempt(lambda: f.write(b"x")))
r, w = os.pipe()
os.set_blocking(r, False)
reader, writer = open(r, "rb"), open(w, "wb")
print(reader.read(3), reader.read(), reader.readline(), attempt(lambda: reader.seek(0)), reader.seekable())
writer.write(b"line\nmore")
writer.flush()
print(reader.readline(), reader.read(2), reader.read(), reader.raw.read(1))
writer.close()
print(reader.read(), reader.raw.read(1))
reader.close()
pair = io.BufferedRWPair(Raw([b"abc"]), Raw())
print(pair.read(2), pair.write(b"x"), pair.readable(), pair.writable(), pair.closed, pair.close(), pair.closed)
memory = io.BytesIO(b"abcdef")
view = memory.getbuffer()
view[1:3] = b"XY"
print(memory.getvalue(), attempt(lambda: memory.write(b"z")), attempt(memory.close))
view.release()
print(memory.seek(8), memory.write(b"end"), memory.getvalue(), memory.truncate(2), memory.getvalue(), memory.tell())
print(memory.__getstate__(), attempt(lambda: memory.seek(-1)), memory.seek(-100, 2), attempt(lambda: memory.readinto(b"x")))
os.unlink(PATH)
