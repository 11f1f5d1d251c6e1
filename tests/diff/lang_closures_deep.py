"""Closures many levels deep, cells shared, rebound, in classes, comprehensions, generators."""
from _show import err


def bank():
    balance = 0
    history = []

    def deposit(n):
        nonlocal balance
        balance += n
        history.append(("d", n))
        return balance

    def withdraw(n):
        nonlocal balance
        if n > balance:
            raise ValueError(f"only {balance}")
        balance -= n
        history.append(("w", n))
        return balance

    def reset():
        nonlocal balance, history
        balance, history = 0, []

    return deposit, withdraw, reset, lambda: (balance, list(history))


d, w, r, s = bank()
d2, *_, s2 = bank()
print(d(10), w(3), s(), s2())
err(w, 100)
r()
print(s(), d2(1), s2())


def level1(a):
    def level2(b):
        def level3(c):
            def level4(d):
                nonlocal a, c
                a += d
                c *= 2
                return a, b, c, d
            return level4
        return level3
    return level2


f = level1(1)(2)(3)
print(f(4), f(5), level1(1)(2)(3)(4))


def accumulate():
    total = 0

    class Counter:
        def add(self, n):
            nonlocal total
            total += n
            return total

        @property
        def total(self):
            return total

        values = [total for _ in range(2)]

    return Counter


C = accumulate()
c1, c2 = C(), C()
print(c1.add(5), c2.add(6), c1.total, C.values)


def late():
    out = []
    for i in range(3):
        def f(j=i):
            return i, j
        out.append(f)
    return [f() for f in out]


print(late())


def gens():
    n = 0

    def gen():
        nonlocal n
        while n < 3:
            n += 1
            yield n

    return list(gen()), n


print(gens())


def comp():
    x = 10
    return [x + y + z for y in range(2) for z in (y, x)], {x: (lambda: x)() for x in range(2)}, (lambda: [x for _ in "ab"])()


print(comp())


def mutual():
    def even(n):
        return n == 0 or odd(n - 1)

    def odd(n):
        return n != 0 and even(n - 1)

    return even(50), odd(50)


print(mutual())


def recursive_lambda():
    fact = lambda n: 1 if n < 2 else n * fact(n - 1)
    return fact(20)


print(recursive_lambda())
Y = lambda f: (lambda x: x(x))(lambda y: f(lambda *a: y(y)(*a)))
print(Y(lambda self: lambda n: 1 if n == 0 else n * self(n - 1))(10))


def defaults_and_cells(a, b=lambda: "default"):
    def inner(c=a):
        return a, b(), c
    a = "changed"
    return inner()


print(defaults_and_cells("orig"))


def arguments(*args, **kw):
    return (lambda: (args, kw))()


print(arguments(1, 2, x=3))


def deleted():
    x = 1

    def f():
        return x
    yield f()
    del x
    try:
        f()
    except NameError as e:
        yield str(e)
    x = 2
    yield f()


print(list(deleted()))


def exec_in_closure():
    v = "closed"
    ns = {}
    exec("def g(): return v", {"v": "exec"}, ns)
    return ns["g"](), v


print(exec_in_closure())


def handler():
    try:
        raise ValueError("x")
    except ValueError as e:
        f = lambda: str(e)
        got = f()
    try:
        f()
    except NameError as n:
        return got, str(n)


print(handler())


def with_class_cell():
    class A:
        def f(self):
            return __class__.__name__, super().__repr__()[:3]

        g = lambda self: __class__
    return A().f(), A().g().__name__


print(with_class_cell())
print([f() for f in [lambda i=i: i * i for i in range(4)]], [(lambda: k)() for k in "ab"])
print(list(map(lambda fs: fs[0](fs[1]), [(len, "abc"), (str.upper, "x")])))


def many_cells():
    a = b = c = d = e = f = g = h = i = j = 1

    def inner():
        nonlocal a, b, c, d, e, f, g, h, i, j
        a, b, c, d, e, f, g, h, i, j = range(10)
        return a + j

    return inner(), a, e, j


print(many_cells())
