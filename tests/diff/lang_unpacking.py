"""Unpacking in displays, calls, assignments, loops, returns and subscripts."""
from _show import err, run, syntax

print([*range(3), *"ab"], (*range(2),), {*[1], *[1, 2]} == {1, 2}, {**{"a": 1}, "b": 2, **{"a": 3}}, *[1], *(), sep=" | ")


def f(*a, **k):
    return a, k


print(f(*[1], 2, *(3,), **{"x": 1}, y=2, **{}), f(*{"a": 1}), f(*"", **{}))


def returns():
    rest = 2, 3
    return 1, *rest


def yields():
    rest = "bc"
    yield "a", *rest
    x = yield 1, *rest
    print(x)


g = yields()
print(returns(), next(g), next(g))
g.close()
for x, *y in [(1, 2, 3), "ab", [4]]:
    print(x, y)
for i in 1, *[2, 3]:
    print(i, end=" ")
print()
a, (b, *c), *d = 1, (2, 3, 4), 5, 6
print(a, b, c, d)
[a, [b]] = 1, [2]
(a), = [5]
print(a, b)
a = *b, c = 1, 2, 3
print(a, b, c)
*a, = {}
print(a)
first, second = {"k": 1, "j": 2}.items()
print(first, second)
a, b, c = "xyz"
a, b = b, a
a, b, c = c, a, b
print(a, b, c)
l = [1, 2, 3]
l[0], l[1:], q = 9, [8, 7, 6], l[2]
print(l, q)
o = type("O", (), {})()
o.a, (o.b, *o.c) = 1, (2, 3, 4)
print(o.__dict__)
x = [1, 2]
i = 0
i, x[i] = 1, 9
print(i, x)


class Seq:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i < self.n:
            return i
        raise IndexError


a, b, c = Seq(3)
print(a, b, c)
err(lambda: [a for a, b in [Seq(3)]])


class Noisy:
    def __iter__(self):
        for i in range(3):
            print("yield", i)
            yield i


a, b, c = Noisy()
for text in ("a, b = Noisy()", "a, b, c, d = Noisy()", "a, *b, c, d, e = [1, 2]", "a, b = 1", "a, b = 'abc'", "a, = []", "(a, b), c = [1, 2], 3, 4", "[] = [1]", "() = ()", "() = 5", "a, b = {1}", "*a, b = []", "a, b = None", "x, y = (i for i in range(5))", "x, y = map(int, '1')", "(x), (y) = 1, 2", "for a, b in [1]: pass", "[a for a, b in ['x']]", "f(*5)", "f(**[1])", "[*5]", "{**5}", "(*None,)", "{*5}", "print(*5)", "f(**{'a': 1}, **{'a': 2})", "f(a=1, **{'a': 2})", "a, b = iter([1, 2, 3])", "a, *b = 5"):
    print(text, end=" -> ")
    run(text, Noisy=Noisy, f=f)
    print()
for s in ("*a = [1]", "*a, *b = [1]", "a = *b", "*a", "(*a)", "f(*a, b=1, *c)", "f(**a, *b)", "f(**a, b)", "[*a for a in b]", "{**a for a in b}", "(*a, b) = c", "del *a", "del (a, *b)", "for *a in b: pass", "for *a, b in c: pass", "return *a", "lambda *: 1", "x = *a, b", "x[*a]", "x[*a:1]", "*a += 1", "a, b += 1", "*a: int = 1", "[a, b, *c, d] = e", "{a, *b} = c", "with a as *b: pass", "with a as (b, *c): pass", "print(*a, *b, c, *d)", "yield *a", "x = yield *a,", "*x, y = z", "assert *a", "if *a: pass", "while *a, b: pass", "*(a, b) = c", "*a.b, c = d", "*a[0], c = d", "*(a) = b", "(*a), b = c", "f(*)", "f(**)", "f(*a.b, **c[d])", "{**a, 'b': c, **d}", "[*a, *b]", "{*a, *b}", "(*a, *b)"):
    syntax(s)
