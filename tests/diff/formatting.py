"""The format mini-language, % formatting and str.format for every type."""
from _show import err

specs = ["", "d", "5", "<5", ">5", "^5", "=5", "*^9", "05", "+", "-", " ", "+5d", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "#010x", "c", "n", ",", "_", "_x", "_b", ",d",
         "e", "E", ".2e", "f", ".3f", "F", "g", "G", "%", ".1%", "10.2f", "<10.2f", "010.2f", "+.1f", "#.0f", "z.1f", "é>5", "=+8", "0=8", "s", ".2", ",b", ",x", "5.", "ll", "#", "#d", "+s", "0>5d", "é^7"]
for value in (0, 42, -7, 123456789, True, 10 ** 30):
    for spec in specs:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
fspecs = ["", "5", "10", "<10", "^10", "=10", "010", "+", " ", "e", ".0e", ".3E", "f", ".0f", ".10f", "F", "g", ".3g", "G", "#g", "#.3g", "n", "%", ".2%", ",", ",.2f", "_", "_.1f", "z", "z.0f", "+z.1f", "s", "d", "x", "r", ".", ".5", "20.5", "<20.5e", "*>12.3f", "012,.1f", "z.2g"]
for value in (0.0, -0.0, 1.0, 1.5, -2.675, 1e100, 1e-7, 123456.789, 1e16, float("inf"), float("-inf"), float("nan"), 0.1 + 0.2, 5e-324, 99999.5):
    for spec in fspecs:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
for value in (1 + 2j, -0.5j, 1e20 - 1e-5j, complex("nan+infj")):
    for spec in ["", ".2f", "20", "<20.1f", "+.1e", "g", "n", ",", "05", "=10", "%", "d", "z.1f"]:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
for value in ("", "abc", "äöü€", "𝄞x"):
    for spec in ["", "5", "<6", ">6", "^6", "*^7", ".2", "6.2", "s", "10s", "é<6", "05", "=6", "d", ",", "+", "#", "-5", ".-1", "^", "\0<5"]:
        try:
            print(value, repr(spec), repr(format(value, spec)))
        except Exception as e:
            print(value, repr(spec), type(e).__name__, e)
for f, args in [("%d", 5), ("%5d|", 5), ("%-5d|", 5), ("%05d", -5), ("%+d", 5), ("% d", 5), ("%i %u", (1, 2)), ("%x %X %#x %#X", (255,) * 4), ("%o %#o", (8, 8)),
                ("%e %E", (12345.678,) * 2), ("%f %.2f %.0f %#.0f", (2.5,) * 4), ("%g %G %#g", (1e-10,) * 3), ("%s %r %a", ("é",) * 3), ("%c%c", (65, "b")), ("%%", ()), ("%5%|", ()),
                ("%10s|%-10s|%.2s|%5.1s|", ("abc",) * 4), ("%*d|%-*d|%.*f", (5, 1, 5, 2, 3, 1.23456)), ("%(a)s %(b)05d", {"a": 1, "b": 2}), ("%(a)s", {"a": (1, 2)}),
                ("%s", (1,)), ("%s", ((1, 2),)), ("%s", [1, 2]), ("%s %s", ("a", "b")), ("%d", 3.99), ("%d", True), ("%x", True), ("%s", None), ("%5s|%-5s|", (None, True)), ("%.3d", 5), ("%.10x", 255), ("%+.3e", 0.0),
                ("%d", 10 ** 40), ("%x", -255), ("%#x", -255), ("%o", 10 ** 25), ("%5c|", "x"), ("%c", 0x1F600), ("%ld %hd", (1, 2)), ("%(x)c", {"x": 66}), ("%f", float("nan")), ("%5.1f|%05.1f", (float("inf"),) * 2),
                ("%d", "x"), ("%d", None), ("%x", 1.5), ("%f", "x"), ("%c", "ab"), ("%c", 1.5), ("%c", -1), ("%c", 0x110000), ("%s %s", "a"), ("%s", ("a", "b")), ("%s", ()), ("%", 1), ("%y", 1), ("%(a)s", 5),
                ("%(a", {"a": 1}), ("%(b)s", {"a": 1}), ("abc", 5), ("abc", {"a": 1}), ("abc", (1,)), ("%*d", ("x", 1)), ("%s", 1), ("%5", 1), ("%.", 1), ("%(a)d", {"a": "x"}), ("%((a))s", {"(a)": 1}), ("%-010d|", 5), ("%+ d", 5), ("%z", 1), ("%é", 1), ("%d%", 1)]:
    try:
        print(repr(f), repr(f % args))
    except Exception as e:
        print(repr(f), type(e).__name__, e)
for f, args in [(b"%d %s %b %a %r %c%%", (1, b"x", b"y", "é", "z", 65)), (b"%5s|%-5s|%.2s", (b"abc",) * 3), (b"%x %X %o", (255, 255, 8)), (b"%.2f %e %g", (1.5, 1.5, 1.5)),
                (b"%(a)s", {b"a": b"v"}), (b"%s", "text"), (b"%b", 5), (b"%c", b"ab"), (b"%c", 256), (b"%s", 5), (b"%d", b"x"), (b"%c", b"z"), (bytearray(b"%d"), 5), (b"%s", bytearray(b"ba")), (b"%s", memoryview(b"mv"))]:
    try:
        print(f, f % args)
    except Exception as e:
        print(f, type(e).__name__, e)


class O:
    attr = {"k": [10, 20]}

    def __format__(self, s):
        return f"O<{s}>"


for f, args, kw in [("{} {}", (1, 2), {}), ("{1} {0}", (1, 2), {}), ("{a} {b}", (), {"a": 1, "b": 2}), ("{0.attr[k][1]}", (O(),), {}), ("{o:x}{o!r:.1}", (), {"o": O()}), ("{:{}}", ("x", 5), {}), ("{:{w}.{p}f}", (3.14159,), {"w": 8, "p": 2}),
                    ("{0[0]} {0[-1]}", ({"0": 1, 0: 5, "-1": 9},), {}), ("{{}} {{{}}}", (1,), {}), ("{!r:>5} {!s} {!a}", ("a", "b", "é"), {}), ("{0} {}", (1, 2), {}), ("{} {0}", (1, 2), {}), ("{}", (), {}), ("{5}", (1,), {}), ("{a}", (), {}),
                    ("{", (), {}), ("}", (), {}), ("{a", (), {"a": 1}), ("{!x}", (1,), {}), ("{!}", (1,), {}), ("{:", (1,), {}), ("{0.x}", (1,), {}), ("{0[x]}", (1,), {}), ("{0[5]}", ([1],), {}), ("{0.}", (1,), {}), ("{0[}", (1,), {}), ("{0[]}", ([1],), {}),
                    ("{a.b.c}", (), {"a": 1}), ("{:{:{}}}", (1, 2, 3), {}), ("{0!r}{0!s}", ("q",), {}), ("{:d}", ("x",), {}), ("{0:{1}}{0:{1}}", (5, 4), {}), ("{ }", (), {" ": 1}), ("{a b}", (), {"a b": 2}), ("{!r }", (1,), {}), ("{0]}", (1,), {}), ("{99999999999999999999}", (1,), {}), ("{:\u00e9>4}", (1,), {})]:
    try:
        print(repr(f), repr(f.format(*args, **kw)))
    except Exception as e:
        print(repr(f), type(e).__name__, e)


class Default(dict):
    def __missing__(self, k):
        return f"<{k}>"


print("{x} {y}".format_map(Default(x=1)))
err(lambda: "{}".format_map({}))
import string

print(string.Formatter().format("{0} {a!r:>4}", 1, a=2), list(string.Formatter().parse("a{b!r:c}d{{")), string.Template("$a ${b} $$").substitute(a=1, b=2))
err(lambda: string.Template("$a $c").substitute(a=1))
print(string.Template("$a $c").safe_substitute(a=1), string.capwords("hello wORLD"))
for n, k in ((1234.5678, 2), (1234.5678, -2), (0.5, 0), (1.5, 0), (2.5, 0), (-2.5, 0), (2.675, 2), (1e20, 2), (15, -1), (25, -1), (-15, -1), (1234, -2), (5, 1), (1e-10, 5), (1.005, 2), (float("inf"), 2)):
    print(n, k, repr(round(n, k)))
err(round, float("nan"))
err(round, float("inf"))
err(round, 1.5, "x")
print(round(2.5), round(3.5), round(-0.5), type(round(1.0)), round(1e300) == int(1e300), round(5), round(True))
