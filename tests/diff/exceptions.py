"""Exceptions: raise forms, matching, chaining, finally, groups, except*, notes, attributes."""
import sys
from _show import err, run, syntax


def show(e, depth=0):
    pad = "  " * depth
    print(pad + repr(e), "cause", repr(e.__cause__), "context", repr(e.__context__), "suppress", e.__suppress_context__)


try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError("second") from e
except ValueError as e:
    show(e)
try:
    try:
        {}["x"]
    except KeyError:
        raise ValueError("implicit")
except ValueError as e:
    show(e)
try:
    try:
        {}["x"]
    except KeyError:
        raise ValueError("none") from None
except ValueError as e:
    show(e)
for text in ("raise", "raise 5", "raise int", "raise ValueError from 5", "raise ValueError from int", "raise ValueError('a') from KeyError",
             "raise None", "raise ValueError, 'x'", "class E(Exception):\n  def __init__(self): raise KeyError('in init')\nraise E",
             "class E(Exception):\n  def __new__(cls): return 5\nraise E", "assert 0", "assert 0, 'message'", "assert (), [1]",
             "try: pass\nexcept 5: pass", "try: 1/0\nexcept 5: pass", "try: 1/0\nexcept (KeyError, int): pass",
             "try: 1/0\nexcept (KeyError, (ValueError, ZeroDivisionError)): print('nested tuple')"):
    print(text.splitlines()[0], end=" -> ")
    run(text)
    print()
try:
    raise ValueError
except ValueError as caught:
    print(repr(caught), caught.args)
print("caught" in globals())
name = "kept"
try:
    try:
        raise KeyError
    except KeyError as name:
        del name
except NameError as e:
    print(e)


def flow(kind):
    log = []
    try:
        log.append("try")
        if kind == "raise":
            raise KeyError("k")
        if kind == "return":
            return log
    except KeyError as e:
        log.append("except")
        if kind == "never":
            raise
    else:
        log.append("else")
    finally:
        log.append("finally")
    log.append("end")
    return log


print(flow("raise"), flow("return"), flow("normal"))


def override():
    try:
        raise ValueError
    finally:
        return "swallowed"


print(override())


def reraise():
    try:
        try:
            raise ValueError("orig")
        except ValueError:
            try:
                raise KeyError("other")
            except KeyError:
                pass
            raise
    except ValueError as e:
        return repr(e), e.__context__


print(reraise())
print(sys.exc_info())
try:
    raise OSError(2, "No such file", "name.txt")
except FileNotFoundError as e:
    print(type(e).__name__, e, e.errno, e.strerror, e.filename, e.args)
for code in (1, 2, 13, 17, 20, 21, 32, 4, 11, 110, 104, 111, 3, 10, 39):
    print(type(OSError(code, "m")).__name__, end=" ")
print()
print(OSError("only"), repr(OSError(1)), OSError(5, "a", "b", None, "c"), repr(OSError(2, "x", "f")))
for e in (KeyError("k"), KeyError(), KeyError(1, 2), IndexError("i"), ValueError(1, "two"), StopIteration(5), SystemExit(3), SystemExit(),
          ImportError("m", name="n", path="p"), ModuleNotFoundError("x"), NameError("n", name="nm"), AttributeError("a", name="b", obj=5),
          UnicodeDecodeError("utf-8", b"\xff\xfe", 0, 1, "bad"), UnicodeEncodeError("ascii", "\xe9", 0, 1, "bad"),
          UnicodeTranslateError("xyz", 1, 2, "bad"), SyntaxError("msg", ("f", 1, 2, "text")), SyntaxError(), SyntaxError("m"),
          ArithmeticError(), FloatingPointError("f"), Warning("w"), BaseException(), KeyboardInterrupt(), GeneratorExit("g"), MemoryError(),
          RecursionError("r"), BlockingIOError(11, "b", 5)):
    extra = {k: getattr(e, k) for k in ("value", "code", "name", "path", "obj", "start", "end", "object", "reason", "encoding", "msg",
                                        "filename", "lineno", "offset", "text", "characters_written") if hasattr(e, k)}
    print(repr(e), "|", str(e), "|", e.args, extra)
err(UnicodeDecodeError)
err(UnicodeDecodeError, 1, 2, 3, 4, 5)
err(ImportError, "x", foo=1)
err(ValueError, a=1)
err(lambda: BaseException().with_traceback(5))
err(setattr, ValueError(), "args", 5)
err(setattr, ValueError(), "__cause__", 5)
err(setattr, ValueError(), "__context__", 5)
err(setattr, ValueError(), "__traceback__", 5)
err(delattr, ValueError(), "args")
e = ValueError("a")
e.args = (1, 2)
e.custom = "attr"
print(repr(e), e.custom, e.__dict__)
e.__cause__ = KeyError()
print(e.__suppress_context__)
e.add_note("note one")
e.add_note("note two")
print(e.__notes__)
err(e.add_note, 5)


class Custom(Exception):
    def __init__(self, a, b=2):
        self.a, self.b = a, b

    def __str__(self):
        return f"custom {self.a}"


err(lambda: (_ for _ in ()).throw(Custom(1)))
print(repr(Custom(1)), Custom(1).args, Custom(1, 3).args)
import pickle

for e in (ValueError(1, 2), KeyError("a"), OSError(2, "x", "f"), UnicodeDecodeError("u", b"a", 0, 1, "r"), ImportError("m", name="n")):
    back = pickle.loads(pickle.dumps(e))
    print(repr(back), back.__dict__, type(back) is type(e))
# Groups
eg = ExceptionGroup("group", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [ValueError(2), KeyError("k")])])
print(repr(eg), eg, eg.message, len(eg.exceptions))
print(eg.subgroup(ValueError), eg.split(KeyError), eg.subgroup(lambda e: isinstance(e, TypeError)))
print(repr(eg.split((ValueError, TypeError))[0]), repr(eg.split((ValueError, TypeError))[1]), eg.subgroup(OSError))
print(repr(eg.derive([OSError()])), isinstance(eg, Exception), type(BaseExceptionGroup("b", [ValueError()])).__name__,
      type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
err(ExceptionGroup, "m", [])
err(ExceptionGroup, "m", [5])
err(ExceptionGroup, "m", 5)
err(ExceptionGroup, 5, [ValueError()])
err(ExceptionGroup, "m", [KeyboardInterrupt()])
err(ExceptionGroup, "m")


def star(raised):
    out = []
    try:
        try:
            raise raised
        except* ValueError as g:
            out.append(("value", g.exceptions))
        except* (TypeError, KeyError) as g:
            out.append(("type/key", g.exceptions))
        else:
            out.append("else")
        finally:
            out.append("finally")
    except BaseException as rest:
        out.append(("rest", repr(rest)))
    return out


print(star(eg))
print(star(ValueError("plain")))
print(star(OSError("unhandled")))
print(star(ExceptionGroup("mixed", [OSError(1), ValueError(2)])))


def star_raises():
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3)])
        except* ValueError:
            raise KeyError("new")
        except* TypeError as e:
            raise
    except BaseException as e:
        return repr(e), repr(e.__context__)


print(star_raises())


def star_none():
    try:
        pass
    except* ValueError:
        print("no")
    else:
        print("else runs")


star_none()
for s in ("try: pass\nexcept* ValueError: break", "while 1:\n  try: pass\n  except* V: continue", "def f():\n  try: pass\n  except* V: return",
          "try: pass\nexcept* V: pass\nexcept T: pass", "try: pass\nexcept V: pass\nexcept* T: pass", "try: pass\nexcept*: pass",
          "try: pass", "try: pass\nelse: pass", "try: pass\nexcept: pass\nexcept V: pass", "except V: pass", "try: pass\nexcept V, T: pass",
          "try: pass\nexcept V as x.y: pass", "try: pass\nfinally: pass\nexcept: pass", "raise x from", "raise from x", "raise x, y"):
    syntax(s)
run("try: raise ValueError\nexcept* ExceptionGroup: pass")
run("try: raise ValueError\nexcept* 5: pass")


class GroupSub(ExceptionGroup):
    def derive(self, excs):
        return GroupSub(self.message, excs)


try:
    raise GroupSub("sub", [ValueError(), KeyError()])
except* ValueError as g:
    print(type(g).__name__)
except* KeyError as g:
    print(type(g).__name__)


def depth(n):
    try:
        if n == 0:
            raise ValueError("bottom")
        depth(n - 1)
    except ValueError as e:
        raise KeyError(n) from e


try:
    depth(2)
except KeyError as e:
    chain = []
    while e:
        chain.append(repr(e))
        e = e.__cause__
    print(chain)
try:
    exec("x = 1\ny = z")
except NameError as e:
    tb = e.__traceback__
    lines = []
    while tb:
        lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_lasti >= 0))
        tb = tb.tb_next
    print(lines[1:], e.name)
err(lambda: "abc".uper)
err(lambda: [].apend(1))
try:
    (5).real.missing
except AttributeError as e:
    print(e.name, e.obj)


class CM:
    def __init__(self, result=None, raises=None):
        self.result, self.raises = result, raises

    def __enter__(self):
        return self

    def __exit__(self, *a):
        print("exit", a[0] and a[0].__name__, repr(a[1]), a[2] is not None)
        if self.raises:
            raise self.raises
        return self.result


with CM(True):
    raise ValueError("suppressed")
try:
    with CM(raises=KeyError("from exit")):
        raise ValueError("body")
except KeyError as e:
    print(repr(e), repr(e.__context__))
try:
    with CM() as a, CM(0) as b:
        raise ValueError("through")
except ValueError as e:
    print(repr(e), e.__context__)
run("with 5: pass")
run("class A:\n  def __enter__(self): pass\nwith A(): pass")
run("class A:\n  def __exit__(self): pass\nwith A(): pass")
with (CM() as a, CM() as b,):
    pass
with (CM()), (CM()):
    pass
