"""Names: local, global, nonlocal, free, class bodies, comprehensions, exec, builtins, unbound."""
from _show import err, run, syntax

x = "global"


def reads():
    return x


def assigns():
    x = "local"
    return x


def declares():
    global x, fresh
    x = "changed"
    fresh = "made"
    return x


print(reads(), assigns(), x)
print(declares(), x, fresh)


def unbound():
    print(x)
    x = 1


err(unbound)


def conditional(flag):
    if flag:
        value = 1
    return value


print(conditional(True))
err(conditional, False)


def outer():
    a, b = 1, 2

    def middle():
        nonlocal a
        a += 10

        def inner():
            nonlocal a, b
            a += 100
            b = "inner"
            return a, b

        return inner()

    return middle(), a, b


print(outer())


def unbound_free():
    def inner():
        return later

    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)
    later = 5
    return inner()


print(unbound_free())


class Body:
    x = "class"
    y = x + " body"
    items = [x for _ in range(1)]

    def method(self):
        return x

    z = [y for y in (1, 2)]
    print(sorted(k for k in locals() if not k.startswith("__")))


print(Body.y, Body.items, Body().method(), Body.z)


def class_closure():
    secret = "free"

    class Inner:
        secret2 = "other"
        secret = "shadow"

        def get(self):
            return secret

    return Inner.secret2, Inner.secret, Inner().get()


print(class_closure())


class GlobalInClass:
    global made_by_class
    made_by_class = 7


print(made_by_class)


def loops():
    functions = [lambda: i for i in range(3)]
    bound = [lambda i=i: i for i in range(3)]
    return [f() for f in functions], [f() for f in bound]


print(loops())


def comprehension_scope():
    i = "outer"
    squares = [i for i in range(3)]
    pairs = {i: j for i in "ab" for j in range(2)}
    gen = list(i + k for k in "xy")
    nested = [[i + j for j in range(i)] for i in range(4)]
    return i, squares, pairs, gen, nested


print(comprehension_scope())


def first_iterable():
    values = [1, 2]
    return [v for v in values for values in [[v]]]


print(first_iterable())
namespace = {"y": 5}
exec("z = y + 1\ndef f(): return y * 2\nr = f()", namespace)
print(namespace["z"], namespace["r"])
glob, loc = {"a": 1}, {"b": 2}
exec("c = a + b\nglobal d\nd = 9", glob, loc)
print(loc, glob["d"])
print(eval("a + b", {"a": 1}, {"b": 5}))
print("__builtins__" in glob)


def local_exec():
    v = 1
    exec("v = 2; w = 3")
    return v, locals()


print(local_exec())


def shows_locals(a, *args, k=1, **kw):
    b = 2
    if a > 100:
        unset = 1
    return sorted(locals().items())


print(shows_locals(1, 2, k=3, z=4))


def shadow_builtin():
    len = lambda v: "mine"
    return len([])


print(shadow_builtin(), len([]))
import builtins

builtins.invented = 42
print(invented)
del builtins.invented
err(lambda: invented)
run("undefined_thing")
run("prnt('x')")
run("class A:\n  def f(self): return undefinedd\nA().f()")
for source in ("def f():\n  x = 1\n  global x", "def f(x):\n  global x", "def f():\n  nonlocal x",
               "nonlocal x", "def f():\n  print(x)\n  global x", "def f(a, a): pass", "x = 1\nglobal x",
               "def f():\n  x: int = 1\n  global x", "def f():\n  global x\n  x: int = 1", "class A:\n  nonlocal x",
               "def f():\n  x = 1\n  def g():\n    global x\n    nonlocal x", "def f(x):\n  def g():\n    nonlocal x\n    x = 1",
               "[x := 1 for x in y]", "[(i := 1) for i in y]", "class A:\n  [y := 1 for x in z]", "[a for b in (c := d)]",
               "def f():\n  for x in y:\n    global x", "from m import *\nglobal m", "def f():\n  from m import *",
               "def f():\n  import x\n  global x", "lambda: (yield)", "class A: yield", "return", "yield", "await x",
               "def f(__debug__): pass", "__debug__ = 1", "None = 1", "del None", "for None in x: pass",
               "with x as True: pass", "import a as None", "def None(): pass", "f(None=1)", "x.None", "class True: pass"):
    syntax(source)


def recursion(n):
    def down(k):
        return k if k == 0 else down(k - 1) + n

    return down(3)


print(recursion(2))
cell = (lambda v: lambda: v)(5).__closure__[0]
print(cell.cell_contents, (lambda v: lambda: v)(5).__code__.co_freevars, outer.__code__.co_cellvars)
cell.cell_contents = 6
print(cell.cell_contents)
del cell.cell_contents
err(lambda: cell.cell_contents)
import types

print(types.CellType(3).cell_contents, types.CellType(1) < types.CellType(2), types.CellType() == types.CellType())
