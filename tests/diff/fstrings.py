"""f-strings: expressions, conversions, nested specs, debugging =, quoting, errors."""
from _show import err, syntax

a, b, name = 5, 3.14159, "näme"
d = {"k": "v", 1: "one"}
width, prec = 10, 3
print(f"{a}{b}{name}", f"{a + 1} {a*2}", f"{{}} {{{a}}} {{{{", f"{a:5}|{a:<5}|{a:^5}|{a:>5}|{a:05}|{a:+}")
print(f"{b:.2f} {b:{width}.{prec}} {b:{width}.{prec}f} {b!r:>{width}}", f"{name!s} {name!r} {name!a} {name:*^12}")
print(f"{d['k']} {d[1]}", f'{d["k"]}', f"""{d['k']} {"nested"}""", f"{'a' if a else 'b'}", f"{[x for x in range(3)]}")
print(f"{a=} {a = } {a+1=} {a=!s} {name=} {name=!s} {b=:.2f} {b = :>{width}.1f} {  a  =}")
print(f"{lambda_(1)}" if (lambda_ := lambda x: x + 1) else "", f"{(lambda x: x * 2)(4)}", f"{ {'a': 1}['a'] }", f"{ {1, 2} == {2, 1} }")
print(f"{a:#x} {a:#010b} {255:X} {1234567:,} {1234567:_} {0.25:%} {1e10:g} {12345.678:e}", f"{a!r:>5}", f"{'x':>{'5'}}")
print(f'{a}' 'plain {a}' f"{b:.1f}", "implicit " f"{a}" r"\n" rf"\{a}\n", fr"{a}\t", F"{a}", Rf"{a}\d")
print(f"{3.0 if True else 2:.1f}", f"{a if a > 3 else 'no'}", f"{'{'}{'}'}", f"{a:{'>'}{10}}", f"{a:{'{'}>10}" if False else "")
print("bs", "\N{BULLET}", f"\N{BULLET} {a}", f"{a}\n\t\x41\u00e9\U0001F600\101", f"{f'{a}'} {f'{a:{width}}'}")
print(f'''triple {
    a
    + 1
} end {b
:.2f}''')


class Fmt:
    def __format__(self, spec):
        return f"[{spec}]"

    def __repr__(self):
        return "Fmt()"

    def __str__(self):
        return "str"


o = Fmt()
print(f"{o} {o:} {o:abc} {o!r} {o!s:>5} {o:{a}x{width}}")
print(f"{o:%Y-%m-%d} {o: } {o:{'}'}} {o:a:b}", f"{o=} {o=!s} {o=:spec}")
import datetime

print(f"{datetime.date(2024, 2, 29):%d.%m.%Y %A}", f"{datetime.datetime(2024, 1, 2, 3, 4, 5):%H:%M:%S}")
print(f"{'long':>{a + 5}}{'x':{'<' if a else '>'}{3}}|", f"{b:{width}.{prec}{'f'}}")
err(lambda: f"{undefined}")
err(lambda: f"{a:z}")
err(lambda: f"{a:.2}")
err(lambda: f"{name:d}")
err(lambda: f"{[]:5}")
err(lambda: f"{None:5}")
err(lambda: f"{o.missing}")
err(lambda: f"{a:{None}}")
print(f"", f"a", type(f"{a}"), f"{a}" == "5", f"{name}"[1:3], f"{a}".zfill(4))


def closure():
    v = 1
    return [f"{v} {w}" for w in range(2)], (lambda: f"{v}")()


print(closure())


def g():
    x = yield f"{(yield 1)}"


gen = g()
print(next(gen), gen.send("sent"))


async def co():
    return f"{await inner()} {[i async for i in agen()]}"


async def inner():
    return "awaited"


async def agen():
    yield 1


try:
    co().send(None)
except StopIteration as e:
    print(e.value)


class C:
    x = 1
    s = f"{x}"
    __p = 5
    m = f"{__p}"


print(C.s, C.m)
for s in ('f"{}"', 'f"{"', 'f"}"', 'f"{a"', 'f"{a!}"', 'f"{a!x}"', 'f"{a!r"', 'f"{a:{b:{c}}}"', 'f"{a:{b:{c:{d}}}}"', "f'{a\\n}'", "f'{#}'", "f'{a b}'", "f'{a $ b}'",
          "f'{lambda x: 1}'", "f'{a!r:{b!s}}'", "f'{*a}'", "f'{**a}'", "f'{yield}'", "f'{a:=5}'", "f'{(a:=5)}'", "f'{a = 5}'", "f'{=}'", "f'{!r}'", "f'{:x}'", "f'{,}'",
          "f'{a;b}'", "f'{import x}'", "f'{)}'", "f'{(}'", "f'{[}'", "f'{a[}'", "f'{a}}'", "f'{{a}'", "f'{{{a}}'", "fb'x'", "bf'x'", "uf'x'", "f'{\"x\"}'", "f'{a.}'", "f'{a!rr}'",
          "f'''{\na\n}'''", "f'{1:{2}}' f'{'", "'a' f'{}'", "f'{a' 'b}'", "f'{ }'", "f'{a!  r}'", "f'{a ! r}'", "f'{not}'", "f'{a if b}'", "f'{class}'", "f'{None = }'", "f'{a == }'", "f'{a.b = }'", "f'x' = 1", "f'x'\n'y'"):
    syntax(s)
