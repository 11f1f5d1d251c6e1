"""Function objects: attributes, decorators, annotations, docstrings, types.FunctionType, code."""
import types
from _show import err


def sample(a: int, b: "text" = 1, *args: tuple, c: float = 2.0, **kw: dict) -> list:
    """The docstring."""
    return [a, b]


print(sample.__name__, sample.__qualname__, sample.__doc__, sample.__module__)
print(sample.__annotations__, sample.__defaults__, sample.__kwdefaults__)
sample.custom = 5
print(sample.__dict__, sample.custom)
sample.__name__ = "renamed"
sample.__qualname__ = "q.renamed"
sample.__doc__ = None
print(sample.__name__, sample.__qualname__, sample.__doc__)
print(repr(sample).split(" at ")[0])
err(setattr, sample, "__name__", 5)
err(setattr, sample, "__code__", 5)
err(setattr, sample, "__defaults__", 5)
err(setattr, sample, "__dict__", 5)
err(setattr, sample, "__globals__", {})
err(setattr, sample, "__closure__", ())
err(lambda: sample.missing)
err(delattr, sample, "missing")


def two():
    return 2


def three():
    return 3


two.__code__ = three.__code__
print(two())


def with_cell():
    x = 1
    return lambda: x


err(setattr, two, "__code__", with_cell().__code__)
made = types.FunctionType(three.__code__, {}, "made")
print(made(), made.__name__)
closed = types.FunctionType(with_cell().__code__, {}, "closed", None, (types.CellType(42),))
print(closed())
err(types.FunctionType, with_cell().__code__, {})
err(types.FunctionType, 1, 2)
print(type(sample), type(lambda: 0), type(len), type([].append), type(str.join), type(str.__add__), type("".__add__))
print(repr((lambda: 0)).split(" at ")[0], (lambda: 0).__name__)


def decorator(tag):
    def apply(f):
        print("apply", tag, f.__name__)
        return lambda *a: (tag, f(*a))

    return apply


@decorator("outer")
@decorator("inner")
def decorated(x):
    return x * 2


print(decorated(4))


@(lambda f: f() + 1)
def immediate():
    return 41


print(immediate)


@decorator("class")
class Decorated:
    pass


print(Decorated()[0])


class Registry:
    names = []

    def add(self, f):
        self.names.append(f.__qualname__)
        return f


registry = [Registry()]


@registry[0].add
def registered():
    @registry[0].add
    def inner():
        class Local:
            @registry[0].add
            def method(self):
                pass

    inner()


registered()
print(Registry.names)
code = sample.__code__
print(code.co_name, code.co_qualname, code.co_firstlineno, code.co_varnames, code.co_consts[0] if code.co_consts else None)
print(code.co_names, code.co_freevars, code.co_cellvars, code.co_filename.endswith("functions.py"))
changed = code.replace(co_name="other", co_firstlineno=1000)
print(changed.co_name, changed.co_firstlineno, changed == code, code == code.replace())
print(sorted({line for *_, line in three.__code__.co_lines() if line}))


class M:
    def method(self):
        """doc"""

    method.tag = "attr"


m = M()
bound = m.method
print(bound.__func__ is M.method, bound.__self__ is m, bound.__name__, bound.__doc__, bound.tag)
print(bound == m.method, bound is m.method, hash(bound) == hash(m.method), bound != M().method)
print(repr(M.method).split(" at ")[0], repr(bound).split(" of ")[0])
err(setattr, bound, "tag", 1)
print(types.MethodType(lambda s, x: (s, x), 5)(6))
err(types.MethodType, 5, 6)
err(types.MethodType, len, None)
print(M.__dict__["method"].__get__(m, M) == bound, M.method.__get__(None, M) is M.method)
append = [].append
print(append.__name__, append.__self__, append.__qualname__, len.__module__, len.__self__)
print(repr(len), repr(str.upper), repr(str.__add__), repr("".__add__).split(" at")[0], repr(append).split(" at")[0])
print(len.__text_signature__, str.upper.__doc__)
print(callable(len), callable(5), callable(M), callable(m))
print(sample.__get__(5).__self__)


def generator():
    yield


async def coroutine():
    pass


async def agen():
    yield


print([bool(f.__code__.co_flags & flag) for f in (generator, coroutine, agen, sample) for flag in (0x20, 0x80, 0x200)])
print(types.coroutine(generator).__code__.co_flags & 0x100)
from functools import reduce, partial, partialmethod, wraps, update_wrapper

p = partial(sample, 1, c=5)
print(p.func is sample, p.args, p.keywords, p(2), partial(p, 9).args)
w = update_wrapper(lambda: 0, sample)
print(w.__name__, w.__wrapped__ is sample, w.custom)


class P:
    def f(self, *a):
        return a

    g = partialmethod(f, 1, 2)


print(P().g(3))
