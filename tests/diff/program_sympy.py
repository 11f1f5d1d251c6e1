# SymPy solves, differentiates, integrates and prints.
# time: 90
# asan: no (a large program; the parts of it are tested by themselves)
from sympy import (Eq, Function, Matrix, Rational, dsolve, diff, expand, factor, integrate, latex, limit, nsimplify, oo, pi, pretty,
                   series, simplify, sin, cos, exp, solve, sqrt, symbols, Sum, factorint, prime, Poly, apart)

x, y, z, n = symbols("x y z n")
print(solve(Eq(x**4 - 5 * x**2 + 4, 0), x))
print(solve([x + y - 3, x * y - 2], [x, y]))
print(solve(x**3 - 3 * x + 1, x))
print(factor(x**6 - 1), expand((x + y - 1)**4), apart((3 * x + 5) / (x**2 - 1)))
print(diff(sin(x**2) * exp(x), x, 2))
print(integrate(exp(-x**2), (x, -oo, oo)), integrate(x**2 * cos(x), x))
print(limit(sin(x) / x, x, 0), series(cos(x), x, 0, 8))
print(simplify(sin(x)**2 + cos(x)**2), simplify((x**3 + x**2 - x - 1) / (x**2 + 2 * x + 1)))
m = Matrix([[2, 1, 0], [1, 2, 1], [0, 1, 2]])
print(m.det(), m.inv(), m.eigenvals())
print(Sum(1 / n**2, (n, 1, oo)).doit(), factorint(2**64 - 1), prime(200))
f = Function("f")
print(dsolve(f(x).diff(x, 2) + f(x), f(x)))
print(latex(Rational(1, 3) * sqrt(x) / pi), nsimplify(0.125), Poly(x**2 + 2 * x * y, x))
print(pretty(Matrix([[x / y, sqrt(2)], [x**2, 1 / (x + 1)]]), use_unicode=True))
print(pi.evalf(50), (sqrt(2) + 1).evalf(30))
