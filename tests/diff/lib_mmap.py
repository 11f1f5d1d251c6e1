"""mmap: files and shared memory."""
import mmap
import os
import tempfile
from _show import err

# mmap
with tempfile.TemporaryFile() as f:
    f.write(b"0123456789" * 10)
    f.flush()
    m = mmap.mmap(f.fileno(), 0)
    print(len(m), m[:5], m[5], m.find(b"9"), m.rfind(b"9"), m.read(3), m.tell(), m.seek(0), m.readline(), m.size())
    m[0:3] = b"abc"
    m.seek(10)
    m.write(b"XYZ")
    m.move(20, 0, 5)
    m.flush()
    f.seek(0)
    print(f.read(30), m.readline() != b"", m.closed, b"XYZ" in m)
    err(m.__setitem__, slice(0, 2), b"toolong")
    err(lambda: m[1000])
    m.resize(50)
    print(len(m))
    m.close()
    err(lambda: m[0])
anon = mmap.mmap(-1, 20)
anon.write(b"anonymous")
print(anon[:9], repr(anon))
pid = os.fork()
if pid == 0:
    anon[:5] = b"child"
    os._exit(0)
os.waitpid(pid, 0)
print(anon[:9])
err(mmap.mmap, -1, 0)
