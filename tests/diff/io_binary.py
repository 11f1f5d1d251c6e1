"""Binary files: buffering, readinto, truncation."""
import os
import tempfile
from _show import err, show

os.chdir(tempfile.mkdtemp())
with open("b.bin", "wb") as f:
    print(f.write(b"0123456789"), f.write(bytearray(b"ab")), f.write(memoryview(b"cd")), f.tell(), type(f).__name__, f.raw.mode, f.mode)
    err(f.write, "text")
    err(f.read)
with open("b.bin", "r+b") as f:
    show(f.read(3), f.peek(2)[:2], f.seek(-2, 2), f.read(), f.seek(2), f.write(b"XY"), f.flush(), f.seek(0), f.read(), f.truncate(5), f.seek(0), f.readall() if hasattr(f, "readall") else f.read(), type(f).__name__)
    buf = bytearray(4)
    print(f.seek(0), f.readinto(buf), buf, f.readinto1(buf), buf, f.read1(2), f.readline(), f.readlines())
with open("b.bin", "rb", buffering=0) as f:
    show(type(f).__name__, f.read(2), f.readall(), f.read(), f.readinto(bytearray(3)), repr(f).startswith("<_io.FileIO name='b.bin' mode='rb' closefd=True>"))
