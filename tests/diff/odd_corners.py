"""Corners of builtins: order of checks, lists that change while they are encoded, classes' layouts."""
import ast
import contextvars
import gc
import json
from _show import err, show

err(lambda: bytearray(b"hello").translate(b"1", 1))
err(lambda: b"hello".translate(bytes(256), 1))
show(b"hello".translate(None, b"l"), b"hello".translate(bytes(256), delete=b"l"))
err(lambda: type("A", (), {"__doc__": "x\udcdcy"}))
for source in ("async for i in x: pass", "async with x: pass", "await x", "[i async for i in x]", "x"):
    for mode in ("single", "exec"):
        code = compile(source + "\n", "?", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        print(source, mode, bool(code.co_flags & 128))
a = [object()] * 10
show(json.dumps(a, default=lambda o: a.pop() and None))
a = [object()] * 2
show(json.dumps(a, default=lambda o: len(a) < 5 and a.append(1)))
err(contextvars.Context().run)
show(sorted(gc.get_referents([1, 2], {3: 4}, (0, 0.5), {7, 8.5})), gc.get_referents(1, "a", 4j), gc.is_tracked(int), gc.is_tracked(type("X", (), {})))
err(lambda: gc.get_objects(-2))


class J:
    __slots__ = ["c", "b"]


class N(J):
    __slots__ = ["__weakref__"]


class P(J):
    __slots__ = ["__dict__"]


class Q(J):
    pass


class R(J):
    __slots__ = ["__dict__", "__weakref__"]


for x in (J, N, P, Q, R):
    for y in (J, N, P, Q, R):
        try:
            o = x()
            o.__class__ = y
            print(x.__name__, y.__name__, "may")
        except TypeError as e:
            print(e)


class Meta(type):
    ready = False

    def mro(cls):
        if Meta.ready and cls.__name__ == "C":
            if C.__bases__ == (B2,):
                Meta.ready = False
            else:
                C.__bases__ = (B2,)
                raise KeyError("mro")
        return type.mro(cls)


class A(metaclass=Meta):
    pass


class B1(A):
    pass


class B2(A):
    pass


class C(A):
    pass


Meta.ready = True
err(lambda: setattr(C, "__bases__", (B1,)))
print(C.__bases__, C.__mro__, B1.__subclasses__(), B2.__subclasses__())
