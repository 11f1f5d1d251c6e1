"""cmath to the last digit: ordinary numbers, both sides of the branch cuts, large ones; phase and log at the edge."""
import cmath
import random
from _show import err

r = random.Random(8)
numbers = [complex(r.gauss(0, 2), r.gauss(0, 2)) for _ in range(60)]
numbers += [complex(r.randrange(-5, 6), r.randrange(-5, 6)) for _ in range(40)]
numbers += [complex(r.gauss(0, 1) * 10.0 ** r.randrange(-12, 12), r.gauss(0, 1) * 10.0 ** r.randrange(-12, 12)) for _ in range(60)]
numbers += [complex(x, y) for x in (0.0, -0.0, 2.5, -2.5, 0.5) for y in (0.0, -0.0, 3.5, -0.25)]
numbers += [complex(x, y) for x in (1e308, -1e308, 1.0) for y in (1e308, -2e307)]
for name in ("acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "log", "log10", "phase", "polar", "sin", "sinh",
             "sqrt", "tan", "tanh"):
    for z in numbers:
        try:
            print(name, z, getattr(cmath, name)(z))
        except (ValueError, OverflowError) as error:
            print(name, z, error)
for z in numbers:
    err(cmath.rect, z.real, z.imag)
    err(cmath.log, z, 10)
err(cmath.phase, complex(1e308, 1e-310))
err(cmath.polar, complex(1e308, 1e-310))
for z in (0, -0.0, 0j):
    err(cmath.log, z)
    err(cmath.log, z, 2)
    err(cmath.log, 2, z)
    err(cmath.log, z, z)
