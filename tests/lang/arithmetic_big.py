"""Integers that leave and enter the range of immediates."""
x = 1
for i in range(1, 60):
    x *= i
for i in range(59, 0, -1):
    assert x % i == 0
    x //= i
assert x == 1
for bits in (31, 46, 47, 48, 62, 63, 64, 65, 127, 128, 200):
    for d in (-1, 0, 1):
        a = (1 << bits) + d
        assert int(str(a)) == a and int(hex(a), 16) == a and -(-a) == a and (a << 5) >> 5 == a
        assert a - a == 0 and a // a == 1 and a ^ a == 0 and (a * a) // a == a and pow(a, 3, 7) == a ** 3 % 7
        assert hash(a) == hash(int(str(a))) and {a: 1}[a] == 1
assert 10 ** 20 // 10 ** 19 == 10 and -10 ** 20 % 7 == (-(10 ** 20)) % 7
