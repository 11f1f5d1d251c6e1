"""inspect: signatures of Python and native callables, sources, members."""
import enum
import inspect
from dataclasses import dataclass
from typing import *
from _show import err, show



@dataclass
class P:
    x: int
    y: int = 0


@dataclass(frozen=True, order=True)
class Q:
    a: int
    b: str = "b"


class Sub(P):
    pass


class Color(enum.Enum):
    RED = 1


p = P(1, 2)


# inspect
def sig(a, b: int = 1, /, c=2, *args: str, d, e: float = 3.0, **kw) -> None:
    """Doc.

        indented
    """


s = inspect.signature(sig)
show(s, list(s.parameters), s.parameters["e"], s.parameters["a"].kind, s.return_annotation, s.bind(1, d=5).arguments, s.bind_partial(1).args, inspect.getdoc(sig), inspect.getfullargspec(sig), s.replace(parameters=[]), inspect.getsource(sig).splitlines()[0], inspect.getmodule(sig).__name__)
b = s.bind(1, 2, 3, 4, d=5, z=6)
b.apply_defaults()
print(b, b.args, b.kwargs)
err(s.bind)
err(s.bind, 1, d=1, b=2)
for f in (len, print, sorted, int, str.split, list.append, dict.get, open, isinstance, min, object, type, sum, "".join, [].sort, Color, P.__init__, range, dict, getattr, pow, round, bytes.decode, zip, abs, id, all, divmod, setattr, compile, exec, int.from_bytes, str.encode, list.insert, dict.pop, set.add, float.hex, bytes.fromhex, object.__init__, type.__call__, enumerate, super, property, slice, staticmethod, memoryview, complex, float, list, tuple, frozenset, bytearray):
    try:
        print(f.__name__, inspect.signature(f))
    except (ValueError, TypeError) as e:
        print(f.__name__, type(e).__name__, e)
show(inspect.isfunction(sig), inspect.isbuiltin(len), inspect.isclass(P), inspect.ismethod(p.__init__), inspect.isgeneratorfunction(sig), inspect.ismodule(inspect), inspect.isroutine(len), inspect.ismethoddescriptor(str.join), inspect.isdatadescriptor(P.__dict__.get("z", property())), inspect.getmro(Sub), inspect.cleandoc("  a\n    b\n"), inspect.currentframe().f_code.co_name, inspect.stack()[0].function, inspect.unwrap(sig) is sig, inspect.getclosurevars(lambda: p).globals.keys(), [n for n, v in inspect.getmembers(Q(1)) if not n.startswith("_")])
