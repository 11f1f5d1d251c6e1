"""cmath over ordinary and special arguments, to twelve digits."""
import cmath

PARTS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.25, 3.0, 700.0, -800.0, 1e300, float("inf"), float("-inf"), float("nan")]


def rounded(value):
    if isinstance(value, complex):
        return f"{value.real:.12g} {value.imag:.12g}"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, tuple):
        return " ".join(map(rounded, value))
    return str(value)


def show(name, *args, **kwargs):
    try:
        print(name, args, rounded(getattr(cmath, name)(*args, **kwargs)))
    except Exception as e:
        print(name, args, type(e).__name__, e)


for name in ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "log", "log10", "sin", "sinh",
             "sqrt", "tan", "tanh", "phase", "polar", "isfinite", "isinf", "isnan"]:
    for re in PARTS:
        for im in PARTS:
            if name[0] != "i" and name not in ("phase", "polar") and (re != re or im != im or abs(re) == abs(im) == cmath.inf):
                continue  # signs of zeros are not specified there
            show(name, complex(re, im))
    for arg in (1, True, 10**400, "x", None):
        show(name, arg)
for r in PARTS:
    for phi in PARTS:
        show("rect", r, phi)
show("log", 8, 2)
show("log", 2j, 1j)
show("log", 2, 1)
show("log", 2, 0)
show("isclose", 1, 1 + 1e-10j)
show("isclose", 1, 1.1, rel_tol=0.2)
show("isclose", 1, 1, rel_tol=-1)
show("isclose", float("inf"), 1)
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.infj, cmath.nan, cmath.nanj)
