"""StringIO, BytesIO, wrappers, raw classes of one's own."""
import os
import tempfile
import io
import sys
from _show import err, show

os.chdir(tempfile.mkdtemp())
s = io.StringIO("first\nsecond\r\nthird", newline=None)
show(s.readline(), s.read(3), s.tell(), s.readlines(), s.getvalue().__repr__(), s.seek(0), s.truncate(5), s.getvalue(), s.write("XX"), s.getvalue(), s.seek(0, 2), s.write("end"), s.getvalue(), s.closed, s.isatty(), s.line_buffering, s.encoding)
s.close()
err(s.read)
err(io.StringIO, b"x")
err(io.StringIO().write, b"x")
err(io.StringIO().seek, -1)
err(io.StringIO("a").seek, 1, 1)
print([repr(l) for l in io.StringIO("a\rb\r\nc\n", newline="")], io.StringIO("a\r\nb").read().__repr__(), io.StringIO("a\nb", newline="\r\n").getvalue().__repr__())
b = io.BytesIO(b"hello world")
show(b.read(5), b.tell(), b.getbuffer()[0], b.seek(-3, 2), b.read(), b.seek(20), b.write(b"far"), b.getvalue(), b.truncate(3), b.getvalue(), b.readinto(bytearray(2)), b.seek(0), b.readline(), b.read1(), b.readable(), b.writable(), b.seekable(), b.getvalue())
v = b.getbuffer()
err(b.write, b"longer than before") if False else None
err(b.truncate, 0)
v.release()
err(io.BytesIO, "x")
err(io.BytesIO().write, "x")
t = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)
t.write("é\n")
print(t.buffer.getvalue(), t.detach().getvalue())
err(t.read)
t = io.TextIOWrapper(io.BytesIO(b"a\xffb"), encoding="utf-8", errors="replace")
print(t.read(), t.reconfigure(line_buffering=True))
raw = io.BufferedReader(io.BytesIO(b"x" * 10), 4)
print(raw.read(3), raw.peek()[:1], raw.read1(), raw.read(), io.BufferedWriter(io.BytesIO()).write(b"abc"), io.DEFAULT_BUFFER_SIZE)
pair = io.BufferedRWPair(io.BytesIO(b"in"), io.BytesIO())
print(pair.read(), pair.write(b"out"), io.BufferedRandom(io.BytesIO(b"abc")).read(2))


class Raw(io.RawIOBase):
    def __init__(self):
        self.data = [b"ab", b"c\nd", b""]

    def readable(self):
        return True

    def readinto(self, b):
        d = self.data.pop(0) if self.data else b""
        b[:len(d)] = d
        return len(d)


show(io.BufferedReader(Raw()).read(), Raw().read(2), Raw().readall(), list(io.BufferedReader(Raw())), io.TextIOWrapper(io.BufferedReader(Raw())).read())
err(io.RawIOBase().read)
err(io.IOBase().fileno)
err(lambda: io.TextIOBase().write("a"))
show(isinstance(sys.stdout, io.TextIOBase), sys.stdout.encoding, sys.stdin.name, sys.stderr.name, io.open is open, io.SEEK_END, issubclass(io.UnsupportedOperation, OSError), io.text_encoding(None), open(0).name if False else "")
