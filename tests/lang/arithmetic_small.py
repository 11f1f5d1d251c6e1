"""Small integers and floats: operators, mixed types, sign of division."""
assert 7 // 2 == 3 and -7 // 2 == -4 and 7 % -3 == -2 and -7 % 3 == 2
assert 7 / 2 == 3.5 and 2 ** 10 == 1024 and 2 ** -1 == 0.5
assert (1 << 47) - 1 + 1 == 1 << 47 and -(1 << 47) - 1 < -(1 << 47)
assert 1.5 + 1 == 2.5 and 1 + True == 2 and 0.1 + 0.2 != 0.3
assert divmod(-7, 2) == (-4, 1) and abs(-5) == 5 and ~5 == -6
assert 5 & 3 == 1 and 5 | 3 == 7 and 5 ^ 3 == 6
n = 0
for i in range(1000):
    n += i * 2 - (i >> 1)
assert n == sum(i * 2 - (i >> 1) for i in range(1000))
