"""round() of floats and integers."""
from _show import err

for n, k in ((1234.5678, 2), (1234.5678, -2), (0.5, 0), (1.5, 0), (2.5, 0), (-2.5, 0), (2.675, 2), (1e20, 2), (15, -1), (25, -1), (-15, -1), (1234, -2), (5, 1), (1e-10, 5), (1.005, 2), (float("inf"), 2)):
    print(n, k, repr(round(n, k)))
err(round, float("nan"))
err(round, float("inf"))
err(round, 1.5, "x")
print(round(2.5), round(3.5), round(-0.5), type(round(1.0)), round(1e300) == int(1e300), round(5), round(True))
