"""str.format, format_map, string.Formatter and Template."""
from _show import err

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
