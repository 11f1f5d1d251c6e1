"""io: text, bytes and raw files, buffering, newlines, encodings, seeking, StringIO, BytesIO; os and files."""
import io
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path, PurePosixPath
from _show import err

os.chdir(tempfile.mkdtemp())
with open("t.txt", "w", encoding="utf-8") as f:
    print(f.name, f.mode, f.encoding, f.errors, f.newlines, f.line_buffering, f.closed, f.readable(), f.writable(), f.seekable(), f.fileno() > 2, f.isatty(), type(f).__name__, type(f.buffer).__name__, type(f.buffer.raw).__name__)
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
with open("b.bin", "wb") as f:
    print(f.write(b"0123456789"), f.write(bytearray(b"ab")), f.write(memoryview(b"cd")), f.tell(), type(f).__name__, f.raw.mode, f.mode)
    err(f.write, "text")
    err(f.read)
with open("b.bin", "r+b") as f:
    print(f.read(3), f.peek(2)[:2], f.seek(-2, 2), f.read(), f.seek(2), f.write(b"XY"), f.flush(), f.seek(0), f.read(), f.truncate(5), f.seek(0), f.readall() if hasattr(f, "readall") else f.read(), type(f).__name__)
    buf = bytearray(4)
    print(f.seek(0), f.readinto(buf), buf, f.readinto1(buf), buf, f.read1(2), f.readline(), f.readlines())
with open("b.bin", "rb", buffering=0) as f:
    print(type(f).__name__, f.read(2), f.readall(), f.read(), f.readinto(bytearray(3)), repr(f).startswith("<_io.FileIO name='b.bin' mode='rb' closefd=True>"))
with open("a.txt", "a+") as f:
    f.write("one\n")
    f.seek(0)
    print(f.read())
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("nl", "w", newline=nl) as f:
        f.write("a\nb\r\nc\r")
    raw = open("nl", "rb").read()
    with open("nl", newline=nl) as f:
        print(repr(nl), raw, f.readlines(), f.newlines)
for enc in ("utf-16", "utf-8-sig", "latin-1", "utf-32-le"):
    with open("enc", "w", encoding=enc) as f:
        f.write("é\n")
        f.write("x")
    print(enc, open("enc", "rb").read(), open("enc", encoding=enc).readlines())
with open("big", "w") as f:
    for i in range(20000):
        f.write(f"{i}\n")
with open("big") as f:
    print(sum(int(l) for l in f), os.path.getsize("big"))
with open("big", buffering=16) as f:
    f.read(5000)
    pos = f.tell()
    rest = f.read(10)
    f.seek(pos)
    print(f.read(10) == rest)
err(f.read)
err(lambda: f.__enter__())
s = io.StringIO("first\nsecond\r\nthird", newline=None)
print(s.readline(), s.read(3), s.tell(), s.readlines(), s.getvalue().__repr__(), s.seek(0), s.truncate(5), s.getvalue(), s.write("XX"), s.getvalue(), s.seek(0, 2), s.write("end"), s.getvalue(), s.closed, s.isatty(), s.line_buffering, s.encoding)
s.close()
err(s.read)
err(io.StringIO, b"x")
err(io.StringIO().write, b"x")
err(io.StringIO().seek, -1)
err(io.StringIO("a").seek, 1, 1)
print([repr(l) for l in io.StringIO("a\rb\r\nc\n", newline="")], io.StringIO("a\r\nb").read().__repr__(), io.StringIO("a\nb", newline="\r\n").getvalue().__repr__())
b = io.BytesIO(b"hello world")
print(b.read(5), b.tell(), b.getbuffer()[0], b.seek(-3, 2), b.read(), b.seek(20), b.write(b"far"), b.getvalue(), b.truncate(3), b.getvalue(), b.readinto(bytearray(2)), b.seek(0), b.readline(), b.read1(), b.readable(), b.writable(), b.seekable(), b.getvalue())
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


print(io.BufferedReader(Raw()).read(), Raw().read(2), Raw().readall(), list(io.BufferedReader(Raw())), io.TextIOWrapper(io.BufferedReader(Raw())).read())
err(io.RawIOBase().read)
err(io.IOBase().fileno)
err(lambda: io.TextIOBase().write("a"))
print(isinstance(sys.stdout, io.TextIOBase), sys.stdout.encoding, sys.stdin.name, sys.stderr.name, io.open is open, io.SEEK_END, issubclass(io.UnsupportedOperation, OSError), io.text_encoding(None), open(0).name if False else "")
with open("u", "wb", buffering=0) as f:
    fd = os.dup(f.fileno())
with os.fdopen(fd, "w") as f:
    f.write("through fd")
print(open("u").read())
with tempfile.TemporaryFile("w+") as f:
    f.write("tmp")
    f.seek(0)
    print(f.read())
with tempfile.NamedTemporaryFile(suffix=".x") as f:
    print(os.path.exists(f.name), f.name.endswith(".x"))
print(os.path.exists(f.name))
with tempfile.TemporaryDirectory() as d:
    print(os.path.isdir(d))
with tempfile.SpooledTemporaryFile(max_size=10) as f:
    f.write(b"x" * 20)
    print(f._rolled)
# os
os.mkdir("dir")
os.makedirs("deep/er/est")
Path("deep/er/file").write_text("é", encoding="utf-8")
os.symlink("file", "deep/er/link")
print(sorted(os.listdir(".")), sorted(e.name for e in os.scandir("deep/er")), [(sorted(d), sorted(f)) for r, d, f in os.walk("deep")], os.path.islink("deep/er/link"), os.readlink("deep/er/link"), os.stat("b.bin").st_size, stat.S_ISDIR(os.stat("dir").st_mode), oct(os.stat("dir").st_mode & 0o700), os.access("dir", os.R_OK), os.path.join("a", "/b", "c"), os.path.split("/a/b"), os.path.splitext("x.tar.gz"), os.path.normpath("a/../b//c/."), os.path.relpath("/a/b", "/a/c"), os.path.commonpath(["/a/b", "/a/c"]), os.path.basename("/x/y"), os.path.dirname("/x/y"), os.path.isabs("/a"), os.path.expanduser("~nobodyhere"), os.path.samefile(".", os.getcwd()), os.path.commonprefix(["abc", "abd"]))
for f in (lambda: os.mkdir("dir"), lambda: os.rmdir("deep"), lambda: os.remove("none"), lambda: os.listdir("none"), lambda: os.rename("none", "x"), lambda: os.stat("none"), lambda: os.open("none", os.O_RDONLY), lambda: os.close(999), lambda: os.read(999, 1), lambda: os.chdir("none"), lambda: os.readlink("b.bin"), lambda: os.unlink("dir"), lambda: os.stat(5.5), lambda: os.mkdir("a\0"), lambda: os.kill("x", 1), lambda: os.environ["NOPE"], lambda: os.environ.__setitem__("a", 5), lambda: os.putenv("a=b", "c"), lambda: os.execv("none", []), lambda: os.waitpid(-1, 0), lambda: os.symlink("x", "dir"), lambda: os.link("none", "y"), lambda: os.utime("none"), lambda: os.chmod("none", 0), lambda: os.truncate("none", 0)):
    err(f)
os.environ["GILA_TEST"] = "é"
print(os.environ["GILA_TEST"], os.getenv("GILA_TEST"), os.environb[b"GILA_TEST"], os.popen("echo $GILA_TEST").read(), os.system("exit 3") >> 8, os.fsencode("é"), os.fsdecode(b"\xff").encode("unicode_escape"), os.fspath(Path("a")), os.sep, os.linesep, os.curdir, os.name, os.devnull, os.cpu_count() > 0, os.getpid() > 0, len(os.urandom(5)), os.strerror(2), os.get_terminal_size.__name__)
r, w = os.pipe()
print(os.write(w, b"pipe"), os.read(r, 10), os.get_inheritable(r), os.set_inheritable(r, True), os.get_inheritable(r), os.fstat(r).st_size, os.isatty(r))
os.close(w)
print(os.read(r, 1))
fd = os.open("fdfile", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
print(os.write(fd, b"abcdef"), os.lseek(fd, 2, os.SEEK_SET), os.read(fd, 2), os.pread(fd, 2, 0), os.pwrite(fd, b"ZZ", 4), os.ftruncate(fd, 5), os.fsync(fd), os.lseek(fd, 0, 2), os.sendfile.__name__, os.dup2(fd, 50), os.close(50), os.close(fd))
pid = os.fork()
if pid == 0:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
os.rename("b.bin", "renamed")
os.replace("renamed", "b2")
os.utime("b2", (1000, 2000))
os.chmod("b2", 0o600)
print(os.stat("b2").st_mtime, os.stat("b2").st_mtime_ns, oct(os.stat("b2").st_mode), os.path.getmtime("b2"), os.stat_result(range(10)).st_size, os.stat("b2")[6])
p = Path("deep")
print(sorted(str(x) for x in p.rglob("*")), p / "er" / ".." / "x", p.exists(), (p / "er").is_dir(), Path("a/b.tar.gz").suffixes, Path("a/b.c").stem, Path("a/b").with_suffix(".z"), Path("/a/b").relative_to("/a"), Path("a/b").parts, PurePosixPath("/a/../b").parent, list(PurePosixPath("/a/b/c").parents), Path("a") == Path("a/"), Path("x").absolute().name, sorted(x.name for x in Path(".").glob("*.txt")), Path("n").touch(), Path("n").unlink(), Path("q").mkdir(), Path("q").rmdir(), repr(Path("a")), Path("deep/er/file").read_bytes(), Path("a") < Path("b"), Path("a").match("*"), Path("deep/er/link").resolve().name, hash(Path("a")) == hash(Path("a")), Path("a/b").as_uri.__name__)
err(Path("none").read_text)
err(lambda: Path("a").relative_to("b"))
err(lambda: Path("a") / 5)
shutil.copytree("deep", "copy")
shutil.copy("t.txt", "copy/t2")
shutil.move("copy/t2", "moved")
shutil.make_archive("arch", "zip", "deep")
shutil.rmtree("copy")
print(sorted(os.listdir(".")), shutil.which("sh") is not None, shutil.disk_usage(".").total > 0)
