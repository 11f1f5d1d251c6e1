"""Each builtin exception has its own constructors: with several bases the first one's counts."""
import builtins

for name in sorted(vars(builtins)):
    cls = vars(builtins)[name]
    if isinstance(cls, type) and issubclass(cls, BaseException):
        print(name, [m for m in ("__new__", "__init__", "__str__", "__reduce__") if m in vars(cls)])


def show(make):
    try:
        e = make()
    except BaseException as raised:
        print(type(raised).__name__, raised)
    else:
        names = ("errno", "strerror", "name", "obj", "value", "code", "msg", "lineno", "reason")
        print(type(e).__name__, e.args, [(n, getattr(e, n)) for n in names if hasattr(e, n)], str(e))


class A(KeyError, AttributeError): pass
class B(ValueError, OSError): pass
class C(OSError, ValueError): pass
class D(LookupError, StopIteration): pass
class E(StopIteration, LookupError): pass
class F(ArithmeticError, SystemExit): pass
class G(ImportError, ValueError): pass
class H(ValueError, ImportError): pass
class I(RuntimeError, NameError): pass

show(lambda: A("k"))
show(lambda: A("k", name="n"))
show(lambda: B(2, "no"))
show(lambda: C(2, "no"))
show(lambda: D(5))
show(lambda: E(5))
show(lambda: F(5))
show(lambda: G("m", name="n"))
show(lambda: H("m", name="n"))
show(lambda: I("m", name="n"))
show(lambda: ValueError.__new__(int))
show(lambda: ValueError.__new__(Exception))
show(lambda: LookupError.__new__(KeyError, 1))

# The class of an OSError goes by the value of its number.
for number in (True, 1, 1.0, 2.0, 2.5, 11, 10**30, float("nan"), float("inf"), None, "2", b"2"):
    show(lambda: OSError(number, "text"))


class Number(int): pass


show(lambda: OSError(Number(2), "text"))
show(lambda: BlockingIOError(1, "a", 3).characters_written)


class Float:
    def __float__(self): return 1.5


show(lambda: BlockingIOError(1, "a", Float()))
show(lambda: BlockingIOError(1, "a", 2j))
show(lambda: BlockingIOError(1, "a", 2**70))

# A failed second initialisation.
e = UnicodeDecodeError("utf-8", b"ab", 0, 1, "r")
try:
    e.__init__("x")
except TypeError as raised:
    print(raised)
print(e.encoding, e.object, e.reason, repr(str(e)), e.args)
s = SyntaxError("m", ("f", 1, 2, "t", 3, 4))
try:
    s.__init__("m", (1, 2))
except TypeError as raised:
    print(raised)
print(s.end_lineno, s.end_offset, s.filename)

# The text of a part is made by code that changes the others.
class Naughty:
    def __str__(self):
        e.filename = e.filename2 = e.strerror = None
        s.filename = s.lineno = None
        return "naughty"
    __repr__ = __str__


e = OSError(Naughty(), Naughty(), "f" + str(1), None, "g" + str(2))
print(e)
e = OSError(1, Naughty(), ["f"], None, ["g"])
print(str(e))
s = SyntaxError(Naughty(), ("f" + str(3), 10**30, 2, "t"))
print(s)

group = ExceptionGroup("g", [ValueError(1), TypeError(2)])
for condition in (len, lambda e: isinstance(e, ValueError), ValueError, (ValueError, TypeError), int, (int,), [], None, Float()):
    for method in (group.split, group.subgroup):
        try:
            print(method(condition))
        except TypeError as raised:
            print(raised)
