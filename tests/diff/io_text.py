"""Text streams: newlines, positions, encodings, errors, reconfiguration."""
import io
import os

PATH = "/tmp/gila-io-text-%d" % os.getpid()


def attempt(call):
    try:
        return call()
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


with open(PATH, "w") as f:
    print(f.write(""), f.flush(), f.write("x"), f.write(""))
data = b"one\ntwo\r\nthree\rfour\r\r\nfive\n\rsix"
for newline in None, "", "\n", "\r", "\r\n":
    for chunk in 1, 2, 3, 5, 100:
        stream = io.TextIOWrapper(io.BytesIO(data), encoding="ascii", newline=newline)
        stream._CHUNK_SIZE = chunk
        lines = []
        while True:
            line = stream.readline()
            if not line:
                break
            lines.append((line, stream.tell() if chunk > 2 else None))
        print(repr(newline), [line for line, _ in lines], stream.newlines)
        for (line, cookie), (following, _) in zip(lines, lines[1:]):
            if cookie is not None:
                stream.seek(cookie)
                assert stream.readline() == following, (newline, chunk, cookie)
    out = io.BytesIO()
    stream = io.TextIOWrapper(out, encoding="ascii", newline=newline)
    stream.write("a\nb\r\nc\rd")
    stream.flush()
    print(out.getvalue())
    memory = io.StringIO("a\nb\r\nc\rd", newline=newline)
    memory.seek(2)
    memory.write("x\n\u20acy\r")
    print(repr(memory.getvalue()), memory.newlines, memory.seek(0), memory.readlines())

text = "".join(chr(c) for c in range(0x20, 0x300, 7)) + "\u20ac\U0001F600\n" * 3
for encoding in "utf-8", "latin-1", "ascii", "utf-16", "utf-32-le", "utf-8-sig", "utf-7", "cp1252", "locale":
    for errors in "strict", "replace", "ignore", "backslashreplace", "surrogateescape", "nope":
        def write():
            with open(PATH, "w", encoding=encoding, errors=errors) as f:
                return f.write(text)
        written = attempt(write)
        with open(PATH, "rb") as f:
            raw = f.read()
        print(encoding, errors, written, len(raw), raw[:40])
        if not isinstance(written, int):
            continue
        with open(PATH, "r", encoding=encoding, errors=errors) as f:
            f._CHUNK_SIZE = 7
            pieces, cookies = [], []
            while True:
                cookies.append(attempt(f.tell))
                piece = f.read(11)
                if not piece:
                    break
                pieces.append(piece)
            for cookie, piece in zip(cookies, pieces):
                f.seek(cookie)
                assert f.read(11) == piece, (encoding, errors, cookie)
            print(ascii("".join(pieces))[:70])
for bad in b"ab\xffcd\n", b"\xe2\x82", b"x\xf0\x9f\x98\n", b"\xed\xa0\x80":
    for errors in "strict", "replace", "ignore", "surrogateescape", "backslashreplace":
        for size in 1, 2, 8192:
            f = io.TextIOWrapper(io.BytesIO(bad), "utf-8", errors)
            f._CHUNK_SIZE = size
            print(attempt(lambda: ascii(f.read())), attempt(lambda: ascii(io.TextIOWrapper(io.BytesIO(bad), "utf-8", errors).readline())))
f = open(PATH, "w+", encoding="utf-8")
print(f.write("hello\nw\u00f6rld\n"), f.tell(), f.seek(0), f.readline(), f.tell(), f.read(2), f.tell())
print(attempt(lambda: f.reconfigure(encoding="latin-1")), f.seek(0, 2), attempt(lambda: f.seek(1, 1)),
      attempt(lambda: f.seek(-1, 2)), attempt(lambda: f.seek(-1)), attempt(lambda: f.seek(0, 5)))
f.seek(0)
next(f)
print(attempt(f.tell), f.read(), f.truncate(3))
f.reconfigure(line_buffering=True, write_through=True)
print(f.line_buffering, f.write_through, attempt(lambda: f.reconfigure(line_buffering="x")),
      attempt(lambda: f.reconfigure(newline=1)), attempt(lambda: f.reconfigure(newline="q")))
print(f.detach().read(), attempt(lambda: f.write("x")), f.errors, f.encoding)
for argument in "write", "read", "readline", "seek", "truncate":
    f = io.TextIOWrapper(io.BytesIO(b"abc"), "ascii")
    for value in 1, None, "a", 1.5, b"x", -1:
        print(argument, value, attempt(lambda: getattr(f, argument)(value)))
os.unlink(PATH)
