"""Path arguments of posix: str, bytes, PathLike, bytes-like; what an OSError names; embedded nulls."""
import os
import pathlib
import tempfile
import warnings

os.chdir(tempfile.mkdtemp())
warnings.simplefilter("ignore")


class P:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


def show(f, *args):
    try:
        result = f(*args)
    except Exception as e:
        print(f.__name__, type(e).__name__, e, repr(getattr(e, "filename", None)), repr(getattr(e, "filename2", None)))
    else:
        print(f.__name__, repr(result))


for f, args in [(os.stat, (pathlib.Path("/nope"),)), (os.stat, (P("/nope"),)), (os.stat, (P(b"/nope"),)), (os.stat, (P(5),)),
                (os.rename, (P("/nope"), P("/b"))), (os.link, (P("/nope"), "/b")), (os.symlink, (P("a"), P("/nope/x"))),
                (os.listdir, (P(b"/nope"),)), (open, (P("/nope"),)), (os.scandir, (P("/nope"),)), (os.stat, (bytearray(b"/nope"),)),
                (os.unlink, (bytearray(b"/nope"),)), (os.stat, (bytearray(b"a\0"),)), (os.mkdir, (P("/nope/x"),)),
                (os.open, (P("/nope"), 0)), (os.chdir, (P("/nope"),)), (os.truncate, (P("/nope"), 1)), (os.getxattr, (P("/nope"), "user.a")),
                (os.mkdir, ("d",)), (os.symlink, ("abc", "link")), (os.readlink, (P(b"link"),)), (os.readlink, (P("link"),)),
                (os.listdir, (P(b"d"),)), (os.stat, (P("a\0b"),)), (os.chmod, (P("/nope"), 0)), (os.access, (P("d"), 0))]:
    show(f, *args)
for path in (P(b"."), ".", b".", bytearray(b"."), pathlib.Path(".")):
    print(sorted(repr(e.name) + repr(e.path) for e in os.scandir(path)))
warnings.simplefilter("error")
show(os.stat, bytearray(b"/nope"))
