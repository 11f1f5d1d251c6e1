"""Module symtable: names and scopes as the compiler sees them."""
import symtable

source = """
import os.path as p, sys
from a import b
x: int = 5
def f(a, /, c=1, *args, d: int, **kw) -> int:
    global g
    g = 1
    def inner():
        nonlocal c
        c = a + y
        return [i + d for i in args if i]
    class K(object):
        attr = c
        def m(self):
            return super().m(), __class__
    return inner, (lambda q=x: q), (w := 3)
def gen():
    yield from {k: v for k, v in x}
async def co(self):
    await x
    return (z async for z in x)
class C:
    __private = 1
    def method(self, __arg): return __arg
del x
"""


def show(t, depth=0):
    pad = "  " * depth
    print(pad, t.get_type(), t.get_name(), t.get_lineno(), t.is_nested(), t.is_optimized(), t.has_children())
    for s in sorted(t.get_symbols(), key=lambda s: s.get_name()):
        print(pad, "  ", s.get_name(), *(name for name in ("is_referenced", "is_parameter", "is_global", "is_nonlocal",
              "is_declared_global", "is_local", "is_annotated", "is_free", "is_imported", "is_assigned",
              "is_namespace") if getattr(s, name)()))
    if isinstance(t, symtable.Function):
        print(pad, t.get_parameters(), sorted(t.get_locals()), sorted(t.get_frees()), sorted(t.get_globals()),
              sorted(t.get_nonlocals()))
    for child in t.get_children():
        show(child, depth + 1)


show(symtable.symtable(source, "<text>", "exec"))
show(symtable.symtable("a + b", "<text>", "eval"))
for args in ("(", "f", "exec"), ("1", "f", "bad"), ("def f(a):\n global a", "f", "exec"):
    try:
        symtable.symtable(*args)
    except Exception as error:
        print(type(error).__name__, error)
for args in (("x", 1, "bad"), (5, "f", "bad"), (5, 1, "bad"), ("x", "f\0", "exec"), ("x", b"f\0", "exec"), ("x\0", "f", "bad")):
    for function in (symtable._symtable.symtable, compile):
        try:
            print(type(function(*args)))
        except Exception as error:
            print(type(error).__name__, error)
print(symtable.symtable("if __debug__: a", "f", "exec").get_identifiers() == {"__debug__", "a"})
