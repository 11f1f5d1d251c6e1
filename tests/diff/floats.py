"""float and complex: repr, parsing, arithmetic, comparison, methods, math, cmath, errors."""
import cmath
import math
import sys
from _show import err, show

values = [0.0, -0.0, 1.0, -1.0, 0.1, 1.5, 2.5, 1e16, 1e15 + 0.5, 123456789.123, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 3.14159, 1 / 3, 2 / 3, 1e-5, 0.0001, 1e100, math.inf, -math.inf, math.nan, 9007199254740993.0, 4.35, 0.3, 100.0, 1e-10]
for v in values:
    show(repr(v), str(v), v.hex(), float.fromhex(v.hex()) == v, v.is_integer(), hash(v) if v == v else "nan", "%r %s %g %.17g" % (v, v, v, v), bool(v), -v, abs(v), float(repr(v)) == v)
    if math.isfinite(v):
        show(v.as_integer_ratio(), int(v) if abs(v) < 1e30 else "big", round(v, 2), math.floor(v) if abs(v) < 1e20 else "", math.trunc(v) if abs(v) < 1e20 else "")
for a in (1.5, -2.0, 0.0, 1e308, 7.25, -0.1):
    for b in (2.0, -3.0, 0.5, 1e-308, 3):
        show(a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b), a < b, a == b, a ** 2 if abs(a) < 1e100 else "", abs(a) ** b if 0 < abs(a) < 100 and abs(b) < 10 else "")
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0.0, lambda: 1.0 % 0, lambda: divmod(1.0, 0), lambda: 0.0 ** -1, lambda: 1e308 ** 2, lambda: float("x"), lambda: float(""), lambda: float("1_"), lambda: float("1e"), lambda: float(None), lambda: float([]), lambda: float("1 2"), lambda: float.fromhex("zz"), lambda: float.fromhex("0x1p5000"), lambda: math.nan.as_integer_ratio(), lambda: math.inf.as_integer_ratio(), lambda: int(math.nan), lambda: math.floor(math.inf), lambda: 1.5 << 1, lambda: 1.5 | 1, lambda: "a" * 1.5, lambda: [1][1.0], lambda: range(1.5), lambda: 1.5 < "a", lambda: 1.5 + "a", lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.exp(1000), lambda: math.acos(2), lambda: math.sqrt("x"), lambda: math.pow(0, -1), lambda: math.fmod(1, 0), lambda: math.gamma(-1), lambda: math.sin(math.inf), lambda: math.ldexp(1, 5000), lambda: math.fsum([1e308, 1e308]), lambda: round(1e308, -308), lambda: float("1" * 5 + "é"), lambda: float(b"\xff"), lambda: float(x=1), lambda: (1.5).hex(1), lambda: pow(1.5, 2, 3), lambda: math.factorial(1.5), lambda: math.cosh(1000), lambda: math.log(1, 1), lambda: math.log2(0), lambda: math.atanh(1), lambda: math.hypot("a"), lambda: math.dist([1], [1, 2]), lambda: math.prod(["a"]), lambda: math.isclose(1, 1, rel_tol=-1)):
    err(f)
show(float(), float("  1.5\n"), float("1_0.5"), float("inf"), float("-Infinity"), float("nan"), float("+1e5"), float("1."), float(".5"), float("1E-5"), float(b"2.5"), float("٣.٥"), float(10**20), float(True), float("1e400"), float("-1e-400"), float("0x10") if False else "", 1_0.5_0, 1e1_0, .5, 5., 1e5, 1E5, 1.e5)
for s in ("0x1.8p1", "-0x.1p4", "inf", "nan", "0x1p-1074", "1.8", "0X1P+3", "  0x1  "):
    print(s, float.fromhex(s))
show(math.nan == math.nan, math.nan != math.nan, math.nan < 1, math.nan in [math.nan], 0.0 == -0.0, math.copysign(1, -0.0), 1.0 == 1, 1e16 == 10**16, 1e16 + 1 == 10**16 + 1, 0.1 + 0.2 == 0.3, 2**53 == float(2**53), 10**400 > 1e308, -10**400 < math.inf, 10**400 < math.inf, hash(1.0) == hash(1), hash(0.5), hash(math.inf), hash(1e300))
show(-7.5 // 2, -7.5 % 2, 7.5 // -2, 7.5 % -2, 5.0 % math.inf, -5.0 % math.inf, math.inf % 5 if False else "", 0.0 // 1, -0.0 // 1, 1e20 // 1, -1 // math.inf, 2.0 ** 0.5, (-8.0) ** (1 / 3), (-2.0) ** 3, 2 ** 0.5, 0.0 ** 0, math.inf ** 0, 1 ** math.nan, (-1.0) ** math.inf)
for name in "acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor gamma isqrt lgamma log log10 log1p log2 radians sin sinh sqrt tan tanh trunc ulp".split():
    row = []
    for v in (0.5, 1, 2, 0, -0.5, 10.25):
        try:
            r = getattr(math, name)(v)
            row.append(f"{r:.12g}")
        except Exception as e:
            row.append(type(e).__name__)
    print(name, row)
show(math.atan2(1, -1), math.atan2(-0.0, -1), math.hypot(3, 4), math.hypot(1, 2, 3), math.hypot(), math.dist([1, 2], [4, 6]), math.fmod(-7, 3), math.remainder(7, 4), math.modf(-1.5), math.frexp(10.0), math.ldexp(0.5, 4), math.fsum([0.1] * 10), sum([0.1] * 10), math.prod([1.5, 2]), math.log(8, 2), math.pow(2, 0.5), math.nextafter(1, 2), math.ulp(1.0), math.isclose(1, 1 + 1e-10), math.copysign(3, -0.0), math.comb(10, 3), math.e, math.pi, math.tau, math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), math.isinf(-math.inf), math.isnan(math.nan), math.isfinite(1), math.exp2(10), math.cbrt(27), math.log(10**500), math.log2(2**2000), math.log10(10**400))
print(sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.min_exp, sys.float_repr_style, float.__getformat__("double"))
# complex
zs = [0j, 1 + 2j, -1.5j, complex(3, -4), complex("1+2j"), complex("-j"), complex("2"), complex(1.5), complex("(1-2J)"), complex(-0.0, 0.0), complex(math.inf, math.nan), 1e20 + 1e-20j]
for z in zs:
    print(repr(z), str(z), z.real, z.imag, z.conjugate(), -z, bool(z), z == z, f"{z:.1f}", z * 2, z + 1, abs(z))
show((1 + 2j) * (3 - 1j), (1 + 2j) / (3 - 1j), (1 + 2j) ** 2, (1 + 2j) ** -1, (1 + 2j) ** 0.5, (2j) ** 2j, (1 + 2j) - 1j, 1j ** 3, 1 == 1 + 0j, hash(1 + 0j) == hash(1), complex(1 + 2j, 3), complex(real=1, imag=2), (1 + 2j).__abs__(), pow(1j, 2), 3 + 0j == 3.0, hash(1 + 2j) == hash(complex(1, 2)))
for f in (lambda: 1j / 0, lambda: 0j ** -1, lambda: complex("x"), lambda: complex("1 + 2j"), lambda: complex("1", 2), lambda: complex(1, "2"), lambda: complex([]), lambda: 1j < 2j, lambda: int(1j), lambda: float(1j), lambda: 1j // 1, lambda: 1j % 1, lambda: divmod(1j, 1), lambda: pow(1j, 2, 3), lambda: complex(""), lambda: complex("1+2"), lambda: math.sqrt(1j), lambda: round(1j), lambda: 0j ** 1j, lambda: cmath.log(0)):
    err(f)
for name in "acos acosh asin asinh atan atanh cos cosh exp log log10 phase sin sinh sqrt tan tanh".split():
    row = []
    for z in (0.5 + 0.25j, -0.75j, 2 - 1j, 1.5):
        r = getattr(cmath, name)(z)
        row.append(f"{r:.10g}")
    print(name, row)
show(cmath.polar(1 + 1j), cmath.rect(2, 0.5), cmath.isclose(1j, 1j), cmath.isnan(complex("nan")), cmath.isinf(complex("inf")), cmath.infj, cmath.nanj)


class F(float):
    def __repr__(self):
        return "F"


f = F(2.5)
show(f, f + 1, type(f + 1), f == 2.5, F("3") * 2, F.fromhex("0x1p3"), type(F.fromhex("0x1p3")).__name__, {f: 1}[2.5], f.real, "%s" % f, "%.1f" % f, f"{f:.2f}", f"{f}")
err(float, memoryview(b"12345")[::2])
err(float, memoryview(b"12345"))
