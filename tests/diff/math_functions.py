"""Every function of math over ordinary and extreme arguments."""
import math

VALUES = [0.0, -0.0, 1, -1, 0.5, -0.5, 2, 3.75, -7.25, 10, 100.5, 1e-300, 1e300, -1e300, 5e-324, 2**53, 2**100,
          -2**100, 10**400, math.inf, -math.inf, math.nan, True, 0.1, 22.0, 170.5, 171.7, -3.0, "x", None, [], 1j]


def show(name, fn, *args):
    try:
        result = str(fn(*args))
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(name, args if len(str(args)) < 90 else "...", result)


ONE = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "degrees", "erf", "erfc",
       "exp", "exp2", "expm1", "fabs", "factorial", "floor", "frexp", "isfinite", "isinf", "isnan", "isqrt", "log",
       "log10", "log1p", "log2", "modf", "radians", "sin", "sinh", "sqrt", "tan", "tanh", "trunc", "ulp", "fsum"]
for name in ONE:
    for value in VALUES:
        if name == "factorial" and isinstance(value, int) and 1000 < value < 2**63:
            continue
        show(name, getattr(math, name), value)
for name in ["atan2", "copysign", "fmod", "ldexp", "log", "nextafter", "pow", "remainder", "hypot", "comb", "gcd",
             "lcm", "isclose"]:
    for x in VALUES:
        for y in (0, 0.0, -0.0, 1, -2.5, 3, 100, 1e308, math.inf, -math.inf, math.nan, 10**400, "y"):
            if name == "comb" and isinstance(y, int) and y > 100:
                continue
            show(name, getattr(math, name), x, y)
for n in range(-1, 30, 3):
    for k in range(-1, 12, 2):
        show("comb", math.comb, n, k)
        show("perm", math.perm, n, k)
show("perm", math.perm, 7)
show("perm", math.perm, 7, None)
for n in range(60):
    assert math.factorial(n + 1) == (n + 1) * math.factorial(n)
    assert math.comb(2 * n, n) == math.factorial(2 * n) // math.factorial(n) ** 2
print(math.factorial(200), math.comb(300, 100), math.perm(10**20, 3), math.comb(10**30, 4))
for n in range(1, 20):
    print(n, round(math.gamma(n + 0.5), 8 - n), round(math.lgamma(n + 0.25), 10))
for value in (0, -1, -0.0, 200, math.inf, -math.inf, math.nan):
    show("gamma", math.gamma, value)
    if value != 200:
        show("lgamma", math.lgamma, value)
print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), math.fsum([1e16, 1.0, 1e-16] * 7))
for parts in ([1e308, 1e308], [math.inf, -math.inf], [math.nan, math.inf], [math.inf, 1], []):
    show("fsum", math.fsum, parts)
print(math.prod([]), math.prod([2, 3.5]), math.prod(range(1, 30)), math.prod(["a"], start=3))
show("dist", math.dist, (1, 2), (4, 6))
show("dist", math.dist, [1, 2, 3.5], [4, 6, 1])
show("dist", math.dist, (1,), (1, 2))
print(math.hypot(), math.hypot(3, 4), math.hypot(1e308, 1e308), math.hypot(1e-320, 1e-320), math.hypot(*range(20)))
print(math.isqrt(10**60), math.isqrt(2**200 - 1), math.gcd(), math.gcd(12, 18, 27), math.lcm(4, 6, 10), math.lcm())
print(math.pi, math.e, math.tau, math.inf, math.nan)


class Whole:
    def __ceil__(self):
        return "up"

    def __floor__(self):
        return "down"

    def __trunc__(self):
        return "cut"


print(math.ceil(Whole()), math.floor(Whole()), math.trunc(Whole()))
