"""Arguments in all forms, closures, decorators, recursion."""
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
assert f(1, d=4) == (1, 2, 3, (), 4, 5, {})
assert f(*range(5), d=1, z=2, **{"y": 3}) == (0, 1, 2, (3, 4), 1, 5, {"z": 2, "y": 3})
for bad in (lambda: f(), lambda: f(1), lambda: f(1, d=1, a=2) and 1 / 0, lambda: f(d=1)):
    try:
        bad()
    except (TypeError, ZeroDivisionError):
        pass
    else:
        raise AssertionError
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
c = counter()
assert [c() for _ in range(5)] == [1, 2, 3, 4, 5]
def deco(g):
    def inner(*a, **k): return g(*a, **k) + 1
    return inner
@deco
@deco
def h(x): return x
assert h(1) == 3
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
assert fib(15) == 610
assert (lambda x, *y, z=1: (x, y, z))(1, 2, z=3) == (1, (2,), 3)
assert sorted([3, 1, 2], key=lambda v: -v) == [3, 2, 1]
