"""Fields, constructors, texts and pickling of the builtin exceptions."""
import copy
import pickle


def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e, e.args)


for e in [
    BaseException(), Exception(1), ValueError("a", 2), KeyError("k"), KeyError(), KeyError(1, 2),
    StopIteration(), StopIteration(5), SystemExit(), SystemExit(3), SystemExit(1, 2),
    ImportError("m", name="n", path="p"), ModuleNotFoundError("x"), ImportError(1, 2),
    AttributeError("a", name="n", obj=5), NameError("z", name="q"), UnboundLocalError("u"),
    OSError(), OSError(2), OSError(2, "gone"), OSError(2, "gone", "file"), OSError(17, "e", "a", None, "b"),
    OSError(1, 2, 3, 4, 5, 6), BlockingIOError(11, "x", 7), OSError("just text"), PermissionError(9, "q"),
    SyntaxError(), SyntaxError("m"), SyntaxError("m", ("/a/b.py", 3, 4, "text")),
    SyntaxError("m", ("f", 3, 4, "text", 5, 6)), SyntaxError("m", (None, 3, 4, None)), IndentationError("i"),
    UnicodeEncodeError("ascii", "ab\u1234c", 2, 3, "why"), UnicodeEncodeError("ascii", "ab\u1234c", 1, 3, "why"),
    UnicodeEncodeError("x", "\xe9", 0, 1, "r"), UnicodeEncodeError("x", "\U0001F600", 0, 1, "r"),
    UnicodeDecodeError("utf-8", b"\xff\xfe", 0, 1, "bad"), UnicodeDecodeError("utf-8", bytearray(b"\xff\xfe"), 0, 2, "bad"),
    UnicodeTranslateError("a\xe9", 1, 2, "no"), UnicodeTranslateError("abc", 0, 3, "no"),
    MemoryError(), MemoryError("x"), RecursionError("deep"), Warning("w"), UserWarning("u"),
]:
    print(type(e).__name__, repr(e), "|", str(e), "|", e.args)
    for name in ("value", "code", "msg", "name", "path", "obj", "errno", "strerror", "filename", "filename2",
                 "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line", "encoding",
                 "object", "start", "end", "reason", "characters_written"):
        try:
            print("   ", name, "=", repr(getattr(e, name)))
        except AttributeError as missing:
            if name == "characters_written" and isinstance(e, OSError):
                print("   ", missing)
    print("   ", e.__reduce__())
    e.extra = [1]
    for twin in (copy.copy(e), pickle.loads(pickle.dumps(e)), pickle.loads(pickle.dumps(e, 0))):
        print("   ", type(twin) is type(e), twin.args == e.args, getattr(twin, "extra", None), str(twin) == str(e))

t(lambda: ValueError(x=1))
t(lambda: OSError(x=1))
t(lambda: ImportError("a", foo=1))
t(lambda: ImportError("a", name=1, path=2, foo=3))
t(lambda: NameError("a", foo=1, name=2))
t(lambda: AttributeError(foo=1))
t(lambda: SyntaxError("a", (1, 2, 3)))
t(lambda: SyntaxError("a", (1, 2, 3, 4, 5)))
t(lambda: SyntaxError("a", (1, 2, 3, 4, 5, 6, 7)))
t(lambda: SyntaxError("a", 5))
t(lambda: UnicodeEncodeError("a"))
t(lambda: UnicodeEncodeError(1, 2, 3, 4, 5))
t(lambda: UnicodeDecodeError("a", 2, 3, 4, "x"))
t(lambda: UnicodeDecodeError("a", b"", "x", 4, "x"))
t(lambda: ValueError().__setstate__(3))
t(lambda: ValueError().with_traceback(3))
t(lambda: ValueError().add_note(3))
for name, value in [("args", 5), ("args", "ab"), ("__cause__", 1), ("__context__", 1), ("__traceback__", 1),
                    ("__suppress_context__", 1), ("__suppress_context__", True), ("__dict__", 3)]:
    def change(e=ValueError("q")):
        setattr(e, name, value)
        return getattr(e, name)
    t(change)
for name in ["args", "__cause__", "__context__", "__traceback__"]:
    t(lambda: delattr(ValueError(), name))

e = ValueError("v")
e.add_note("one")
e.add_note("two")
print(e.__notes__, e.__dict__, e.__reduce__())
e.__notes__ = 5
t(lambda: e.add_note("x"))
e.__cause__ = KeyError(1)
print(e.__suppress_context__, repr(e.__cause__), e.__context__)
e.__cause__ = None
print(e.__suppress_context__, e.__cause__)

try:
    try:
        raise ValueError("inner")
    except ValueError as inner:
        raise KeyError("outer") from inner
except KeyError as outer:
    print(repr(outer.__cause__), repr(outer.__context__), outer.__suppress_context__)
try:
    try:
        raise ValueError("inner")
    except ValueError:
        1 / 0
except ZeroDivisionError as outer:
    print(repr(outer.__cause__), repr(outer.__context__), outer.__suppress_context__)

# Raising inside a handler what leads back to what is handled does not make a ring.
try:
    a = ValueError("a")
    b = ValueError("b")
    try:
        raise a
    except ValueError:
        try:
            raise b
        except ValueError:
            raise a
except ValueError as caught:
    print(caught is a, repr(a.__context__), b.__context__)


class MyOSError(OSError):
    def __init__(self, a, b, extra):
        super().__init__(a, b)
        self.extra = extra


e = MyOSError(2, "two", "more")
print(repr(e), e.errno, e.strerror, e.extra, e.args)


class WithNew(OSError):
    def __new__(cls, *args):
        return super().__new__(cls, *args[:2])


print(repr(WithNew(2, "a", "b")), WithNew(2, "a", "b").errno)


class Slotted(Exception):
    __slots__ = ("x",)


e = Slotted("s")
e.x = 1
e.y = 2
print(e.x, e.y, e.__dict__)
import errno
for code in ("EAGAIN", "EALREADY", "EINPROGRESS", "EPIPE", "ESHUTDOWN", "ECHILD", "ECONNABORTED", "ECONNREFUSED",
             "ECONNRESET", "EEXIST", "ENOENT", "EISDIR", "ENOTDIR", "EINTR", "EACCES", "EPERM", "ESRCH", "ETIMEDOUT",
             "EINVAL"):
    print(code, type(OSError(getattr(errno, code), "x")).__name__)
e = BlockingIOError(11, "x", 7)
e.characters_written = 9
print(e.characters_written)
del e.characters_written
t(lambda: e.characters_written)
t(lambda: ExceptionGroup.__mro__)
for name in ("ArithmeticError", "OSError", "UnicodeError", "Warning", "IndentationError"):
    print(name, [c.__name__ for c in eval(name).__mro__], eval(name).__doc__)
