"""os: folders, links, descriptors, environment, errors."""
import tempfile
import os
import stat
from pathlib import Path, PurePosixPath
from _show import err, show

os.chdir(tempfile.mkdtemp())
# os
Path("b.bin").write_bytes(b"0123456789")
os.mkdir("dir")
os.makedirs("deep/er/est")
Path("deep/er/file").write_text("é", encoding="utf-8")
os.symlink("file", "deep/er/link")
show(sorted(os.listdir(".")), sorted(e.name for e in os.scandir("deep/er")), [(sorted(d), sorted(f)) for r, d, f in os.walk("deep")], os.path.islink("deep/er/link"), os.readlink("deep/er/link"), os.stat("b.bin").st_size, stat.S_ISDIR(os.stat("dir").st_mode), oct(os.stat("dir").st_mode & 0o700), os.access("dir", os.R_OK), os.path.join("a", "/b", "c"), os.path.split("/a/b"), os.path.splitext("x.tar.gz"), os.path.normpath("a/../b//c/."), os.path.relpath("/a/b", "/a/c"), os.path.commonpath(["/a/b", "/a/c"]), os.path.basename("/x/y"), os.path.dirname("/x/y"), os.path.isabs("/a"), os.path.expanduser("~nobodyhere"), os.path.samefile(".", os.getcwd()), os.path.commonprefix(["abc", "abd"]))
for f in (lambda: os.mkdir("dir"), lambda: os.rmdir("deep"), lambda: os.remove("none"), lambda: os.listdir("none"), lambda: os.rename("none", "x"), lambda: os.stat("none"), lambda: os.open("none", os.O_RDONLY), lambda: os.close(999), lambda: os.read(999, 1), lambda: os.chdir("none"), lambda: os.readlink("b.bin"), lambda: os.unlink("dir"), lambda: os.stat(5.5), lambda: os.mkdir("a\0"), lambda: os.kill("x", 1), lambda: os.environ["NOPE"], lambda: os.environ.__setitem__("a", 5), lambda: os.putenv("a=b", "c"), lambda: os.execv("none", []), lambda: os.waitpid(-1, 0), lambda: os.symlink("x", "dir"), lambda: os.link("none", "y"), lambda: os.utime("none"), lambda: os.chmod("none", 0), lambda: os.truncate("none", 0)):
    err(f)
os.environ["GILA_TEST"] = "é"
show(os.environ["GILA_TEST"], os.getenv("GILA_TEST"), os.environb[b"GILA_TEST"], os.popen("echo $GILA_TEST").read(), os.system("exit 3") >> 8, os.fsencode("é"), os.fsdecode(b"\xff").encode("unicode_escape"), os.fspath(Path("a")), os.sep, os.linesep, os.curdir, os.name, os.devnull, os.cpu_count() > 0, os.getpid() > 0, len(os.urandom(5)), os.strerror(2), os.get_terminal_size.__name__)
r, w = os.pipe()
show(os.write(w, b"pipe"), os.read(r, 10), os.get_inheritable(r), os.set_inheritable(r, True), os.get_inheritable(r), os.fstat(r).st_size, os.isatty(r))
os.close(w)
print(os.read(r, 1))
fd = os.open("fdfile", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
show(os.write(fd, b"abcdef"), os.lseek(fd, 2, os.SEEK_SET), os.read(fd, 2), os.pread(fd, 2, 0), os.pwrite(fd, b"ZZ", 4), os.ftruncate(fd, 5), os.fsync(fd), os.lseek(fd, 0, 2), os.sendfile.__name__, os.dup2(fd, 50), os.close(50), os.close(fd))
pid = os.fork()
if pid == 0:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
os.rename("b.bin", "renamed")
os.replace("renamed", "b2")
os.utime("b2", (1000, 2000))
os.chmod("b2", 0o600)
show(os.stat("b2").st_mtime, os.stat("b2").st_mtime_ns, oct(os.stat("b2").st_mode), os.path.getmtime("b2"), os.stat_result(range(10)).st_size, os.stat("b2")[6])
r = os.stat_result(range(10))
show(r.st_atime, r.st_mtime, r.st_ctime, r.st_atime_ns, r.st_blksize, r.__reduce__()[1][1]["st_ctime"])
r = os.stat_result(range(10), {"st_atime": 7.5, "st_mtime": None})
show(r.st_atime, r.st_mtime, r.st_ctime, r[7], os.stat_result(range(12)).st_mtime, os.stat_result(range(12)).st_ctime)


class Bad:
    def __hash__(self):
        return hash("st_atime")

    def __eq__(self, other):
        raise ZeroDivisionError("eq")


err(os.stat_result, range(10), {Bad(): 1})
