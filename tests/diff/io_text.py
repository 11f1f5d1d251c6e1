"""Text files: modes, reading, seeking, errors."""
import os
import tempfile
from _show import err, show

os.chdir(tempfile.mkdtemp())
with open("t.txt", "w", encoding="utf-8") as f:
    show(f.name, f.mode, f.encoding, f.errors, f.newlines, f.line_buffering, f.closed, f.readable(), f.writable(), f.seekable(), f.fileno() > 2, f.isatty(), type(f).__name__, type(f.buffer).__name__, type(f.buffer.raw).__name__)
    print(f.write("line1\nliné2\r\nline3"), f.tell() > 0, f.writelines(["a\n", "b\n"]))
print(f.closed, open("t.txt", encoding="utf-8").read().__repr__(), open("t.txt", "rb").read(), open("t.txt", newline="", encoding="utf-8").read().__repr__())
with open("t.txt", encoding="utf-8") as f:
    print(repr(f.readline()), repr(f.readline(3)), f.tell(), repr(f.read(2)), f.readlines(), f.newlines, repr(f.read()), repr(f.readline()))
    print(f.seek(0), f.read(3), f.seek(0, 2) > 0, f.seek(3), list(f))
    err(f.write, "x")
    err(f.seek, 5, 1)
    err(f.seek, -1)
    err(f.seek, 0, 9)
    err(f.read, "a")
    next_ok = f.seek(0)
    print(next(f))
    err(f.tell)
for f in (lambda: open("missing"), lambda: open("t.txt", "q"), lambda: open("t.txt", "rw"), lambda: open("t.txt", "bt"), lambda: open("t.txt", "rb", encoding="utf-8"), lambda: open("t.txt", "rb", newline=""), lambda: open("t.txt", buffering=0), lambda: open("t.txt", newline="x"), lambda: open("t.txt", encoding="nope"), lambda: open("."), lambda: open("t.txt", "x"), lambda: open("a\0b"), lambda: open(-1), lambda: open(999), lambda: open(None), lambda: open("t.txt", errors="nope").read(), lambda: open(b"t.txt").read(1), lambda: open("t.txt", encoding="ascii").read(), lambda: open("nodir/x", "w"), lambda: open("t.txt").write("x"), lambda: open("t.txt", ""), lambda: open("t.txt", "r+b", 0).read(2), lambda: open("t.txt", "w+", closefd=False), lambda: open(""), lambda: open("t.txt", "U")):
    err(f)
f.closed if hasattr(f, "closed") else None
