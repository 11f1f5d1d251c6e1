"""Calls: every form of parameter and argument, and the messages when they do not fit."""
from _show import err


def show(*args, **kwargs):
    return args, kwargs


def plain(a, b, c):
    return a, b, c


def default(a, b=2, *c, d, e=5, **f):
    return a, b, c, d, e, f


def posonly(a, b=2, /, c=3, *, d=4):
    return a, b, c, d


def only_kw(*, a, b=1):
    return a, b


def kwname(self, /, **kw):
    return self, kw


def nothing():
    return "nothing"


print(show(1, *[2, 3], 4, *"ab", x=1, **{"y": 2}, z=3, **{"w": 4}))
print(plain(1, c=3, b=2), plain(*(1, 2), c=3), plain(**dict(a=1, b=2, c=3)))
print(default(1, d=4), default(1, 2, 3, 4, d=5, e=6, g=7), default(*range(5), **{"d": 1, "x y": 2}))
print(posonly(1), posonly(1, 2, 3, d=5), posonly(1, c=9), kwname(1, self=2), only_kw(a=1))
for f, args, kwargs in [
    (plain, (1,), {}), (plain, (), {}), (plain, (1, 2, 3, 4), {}), (plain, (1, 2), {"d": 1}), (plain, (1, 2), {"a": 1}),
    (plain, (1,), {"a": 2, "b": 3}), (nothing, (1,), {}), (nothing, (), {"x": 1}), (nothing, (1, 2), {}),
    (default, (), {}), (default, (1,), {}), (default, (1, 2), {"a": 3, "d": 1}), (default, (), {"d": 1}),
    (posonly, (), {}), (posonly, (), {"a": 1}), (posonly, (1, 2, 3, 4), {}), (posonly, (1,), {"b": 2}),
    (posonly, (1,), {"a": 2, "b": 3}), (only_kw, (1,), {}), (only_kw, (), {}), (only_kw, (1, 2), {"a": 1}),
    (only_kw, (), {"c": 1}), (kwname, (), {"self": 1}), (lambda x: x, (), {}), (lambda x, y=1: x, (1, 2, 3), {}),
    (lambda *, k: k, (), {}), (lambda *, k, j: k, (), {}), (lambda *, k, j, l: k, (), {}),
]:
    err(f, *args, **kwargs)


class Thing:
    def method(self, a, b=1):
        return a, b

    @classmethod
    def cls(cls, a):
        return a

    @staticmethod
    def static(a):
        return a

    def __init__(self, v=0):
        pass

    def __call__(self, *a, **k):
        return a, k


t = Thing()
for f, args, kwargs in [(t.method, (), {}), (t.method, (1, 2, 3), {}), (Thing.method, (), {}), (Thing.method, (t, 1), {}),
                        (t.cls, (), {}), (t.cls, (1,), {}), (Thing.static, (), {}), (Thing, (1, 2), {}),
                        (Thing, (), {"w": 1}), (t, (1,), {"k": 2}), (t.method, (1,), {"a": 2})]:
    err(f, *args, **kwargs)
err(lambda: show(**{1: 2}))
err(lambda: show(**5))
err(lambda: show(*5))
err(lambda: show(a=1, **{"a": 2}))
err(lambda: plain(*[1], **{"a": 2, "b": 3, "c": 3}))
err(lambda: show(**{"a": 1}, **{"a": 2}))
err(lambda: 5())
err(lambda: None(1))
err(lambda: "a"("b"))
err(lambda: [1, 2](0))
err(lambda: plain(1, 2, 3, **None))
err(lambda: plain(*None))
err(lambda: len())
err(lambda: len(1, 2))
err(lambda: len(x=1))
err(lambda: [].append())
err(lambda: [].append(1, 2))
err(lambda: "".join())
err(lambda: "a".split(1, 2, 3))
err(lambda: "a".split(foo=1))
err(lambda: int("1", bases=3))
err(lambda: dict(1, 2))
err(lambda: isinstance(1))
err(lambda: print(1, foo=2))
err(lambda: sorted())
err(lambda: sorted([1], lambda: 1))
err(lambda: range())
err(lambda: range(1, 2, 3, 4))
err(lambda: object(1))
err(lambda: type())
err(lambda: type(1, 2))
err(lambda: super(1, 2, 3))


class Mapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, k):
        return k * 2


print(show(**Mapping()))


class BadKeys:
    def keys(self):
        return [1]

    def __getitem__(self, k):
        return k


err(lambda: show(**BadKeys()))

# Order of evaluation
log = []


def note(v):
    log.append(v)
    return v


show(note(1), *[note(2)], k=note(3), **{"z": note(4)})
note(show)(note(5), note(6), a=note(7))
print(log[:4], log[5:])


def mutable(a, seen=[]):
    seen.append(a)
    return seen


mutable(1)
print(mutable(2), mutable.__defaults__)
mutable.__defaults__ = ([9],)
print(mutable(3))
only_kw.__kwdefaults__ = {"a": "now", "b": "defaults"}
print(only_kw())
del default.__defaults__
err(lambda: default(1, d=2))


def evaluated_defaults(a=note("default a"), *, b=note("default b")) -> note("returns"):
    pass


print(log[-3:])


def many(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, *rest, last="x", **kw):
    return a19, rest, last, kw


print(many(*range(25), last=1, more=2))
print((lambda *a, b=2, **c: (a, b, c))(1, 2, b=3, d=4))
print((lambda a, /, b, *, c: a + b + c)(1, b=2, c=3))
f = show
for i in range(3):
    f = (lambda g: lambda *a, **k: g(*a, n=len(a), **{q: k[q] for q in k if q != "n"}))(f)
print(f(1, 2, z=3))


def varnames(a, b, /, c, *args, d, **kwargs):
    local = 1


code = varnames.__code__
print(code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_varnames, code.co_nlocals, code.co_flags & 0xF)
