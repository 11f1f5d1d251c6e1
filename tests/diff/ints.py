"""int: arithmetic of all sizes, conversion, methods, errors; bool."""
import random
from _show import err, show

big = [0, 1, -1, 7, -7, 255, 2**31, -2**31, 2**47 - 1, 2**47, -2**47, -2**47 - 1, 2**63 - 1, 2**63, -2**63, 2**64, 10**30, -10**30, 3**200, -(7**150) + 1]
for a in big:
    for b in big:
        row = [a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a == b, a >= b]
        if b:
            row += [a // b, a % b, divmod(a, b), (a // b) * b + a % b == a]
        print(a, b, *row)
    show(-a, +a, ~a, abs(a), a.bit_length(), a.bit_count(), hash(a), bool(a), str(a), hex(a), oct(a), bin(a)[:40], a << 3, a >> 3, a << 70, a >> 70, a.__sizeof__() > 0)
for a in (2, -2, 3, 10, -10, 0, 1, -1):
    for b in (0, 1, 2, 5, 64, 100):
        print(a ** b, end=" ")
    print(pow(a, 5, 7), pow(a, 5, -7), pow(a, 100, 10**20 + 39), (pow(a, -1, 17) if a % 17 else "-"))
print(2 ** -1, 10 ** -3, (-2) ** -2, 0 ** 0, pow(3, -2, 7), pow(2, 10, 1), pow(5, 0, 1))
print(1 / 3, 7 / 2, -7 / 2, 10**30 / 10**29, 2**1000 / 2**999, 1 / 10**300, (10**400) / (10**399), 5 // 2, -5 // 2, 5 // -2, 5 % -3, -5 % 3, 0 / 5)
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0), lambda: 0 ** -1, lambda: pow(2, -1, 4), lambda: pow(2, 3, 0), lambda: pow(2, 0.5, 3), lambda: 1 << -1, lambda: 1 >> -1, lambda: 10**400 / 3, lambda: float(10**400), lambda: int("x"), lambda: int(""), lambda: int("1.5"), lambda: int("12", 2), lambda: int("1", 1), lambda: int("1", 37), lambda: int(5, 10), lambda: int([]), lambda: int(None), lambda: int("1__0"), lambda: int("_1"), lambda: int("1_"), lambda: int("0x"), lambda: int("0b2", 0), lambda: int("012", 0), lambda: int("1\0"), lambda: int(float("nan")), lambda: int(float("inf")), lambda: int(b"\xff"), lambda: int("é"), lambda: int(x=5), lambda: int("1", base="x"), lambda: (5).to_bytes(0, "big"), lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(-1, "big"), lambda: (1).to_bytes(1, "middle"), lambda: int.from_bytes("x", "big"), lambda: int.from_bytes([256], "big"), lambda: int.from_bytes(5, "big"), lambda: (1).real.x, lambda: 1 < "a", lambda: 1 & 1.5, lambda: 1 << 1.0, lambda: chr(1 << 70), lambda: [1][1 << 70], lambda: "a" * (1 << 70), lambda: (1).bit_length(1), lambda: round(1, "a"), lambda: hex(1.5), lambda: bin("a"), lambda: oct(None)):
    err(f)
show(int(), int(5.9), int(-5.9), int("  42  "), int("-0"), int("+7"), int("1_000"), int("ff", 16), int("0xff", 16), int("0xff", 0), int("0b101", 0), int("0o17", 0), int("z", 36), int(b"12"), int(bytearray(b"34")), int("٣"), int(True), int("0"), int("00"), int("0_0", 0), int(1e20), int("-0x1A", 0), int("1" * 30, 3), int("zz" * 30, 36))
show((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-5).to_bytes(2, "big", signed=True), (5).to_bytes(), int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\xff\xfe", "little", signed=True), int.from_bytes([1, 2, 3], "big"), int.from_bytes(b"", "big"), (10**30).to_bytes(20, "little"), int.from_bytes((10**30).to_bytes(20, "little"), "little") == 10**30, (0).to_bytes(0, "big"))
show((7).as_integer_ratio(), (7).numerator, (7).denominator, (7).real, (7).imag, (7).conjugate(), (7).is_integer() if hasattr(int, "is_integer") else "no is_integer", (6).__index__(), (5).__floor__(), (15).__round__(-1), round(25, -1), round(-25, -1), round(10**30 + 5, -1))
print(0x_FF, 0b1_0, 0o1_7, 1_000, 0xDEADbeef, 00, 0B11, 0O7, 0XaF)
x = 12345678901234567890
for step in range(30):
    x = x * x % (10**45 + 9) + step
print(x)
random.seed(5)
total = 0
for i in range(400):
    a, b = random.getrandbits(random.randrange(1, 600)) - (1 << 200), random.getrandbits(random.randrange(1, 300)) - (1 << 100)
    q, r = divmod(a, b)
    assert q * b + r == a and (0 <= r < b or b < r <= 0), (a, b)
    s = random.randrange(200)
    assert (a << s) >> s == a and a >> s == a // (1 << s)
    assert int(str(a)) == a and int(hex(a), 16) == a
    assert (a ^ b) ^ b == a and (a & b) + (a | b) == a + b and ~a == -a - 1
    total ^= (a * b) ^ (q << 3) ^ r
print(total)
import math

show(math.factorial(60), math.comb(100, 40), math.perm(20, 5), math.gcd(2**70, 6**30), math.lcm(12, 18, 35), math.isqrt(10**41), math.gcd(), math.gcd(-12), math.lcm(0, 5), math.prod([2**40, 3**40]), math.comb(5, 7))
err(math.factorial, -1)
err(math.factorial, 1.5)
err(math.isqrt, -1)
err(math.comb, 5, -1)
err(math.gcd, 1.5)
show(True + True, True * 5, -True, ~True, True & False, True | 2, True ^ True, isinstance(True, int), True == 1, hash(True), str(True), repr(False), f"{True:d}", True / 2, int(False), bool("False"), bool([]), True.bit_length(), type(True & True), type(True & 1), divmod(True, 1), True < 2, False in [0], {1: "a", True: "b"})
err(bool, 1, 2)
err(lambda: bool(x=1))


class I(int):
    def __repr__(self):
        return "I"

    def __add__(self, o):
        return "added"


i = I(5)
show(i, i + 1, 1 + i, i * 2, type(i * 2), i == 5, {i: 1}[5], [10, 20, 30, 40, 50, 60][i], I("7") - 1, I.from_bytes(b"\1", "big"), type(I.from_bytes(b"\1", "big")).__name__, int(i), type(int(i)), f"{i}", str(i), "%d" % i, i.real, type(i.real).__name__, I(1 << 70) >> 60)
import sys

print(sys.int_info.bits_per_digit > 0, sys.get_int_max_str_digits(), sys.int_info.default_max_str_digits)
sys.set_int_max_str_digits(1000)
err(lambda: str(10**1000))
err(lambda: int("1" * 1001))
print(len(str(10**999)), len(hex(10**2000)), int("f" * 2000, 16).bit_length())
err(sys.set_int_max_str_digits, 5)
err(sys.set_int_max_str_digits, -1)
sys.set_int_max_str_digits(0)
print(len(str(3**20000)), str(3**20000)[:20], int("7" * 6000) % 1000007)
show(sum(range(10**6)), sum([2**62] * 4), sum([1, 2.5, True]), max(2**70, 2**69), sorted([2**70, -2**70, 5, 2**64]), 2**70 in [1, 2**70], 10**20 == 1e20, 2**53 + 1 == float(2**53 + 1), 2**53 + 1 > 2.0**53, hash(2**61 - 1), hash(2**61), hash(-1), hash(-2), hash(10**30) == hash(1e30) if 1e30 == 10**30 else "inexact")
for count in (2**62, 2**63, 2**64, 2**67, 2**200):
    err(lambda: 1 << count)
    err(lambda: 0 << count)
    show(1 >> count, -1 >> count, 2**70 >> count, -(2**70) >> count)
err(int, memoryview(b"12345")[::2])
err(int, memoryview(b"12345")[::1])
