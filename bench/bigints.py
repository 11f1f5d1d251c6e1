"""Big integers: factorials, Fibonacci numbers, powers, pi by a spigot, division, conversion."""
from math import gcd, isqrt


def pi_digits(n):
    digits = []
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while len(digits) < n:
        if 4 * q + r - t < m * t:
            digits.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return digits


def main():
    factorial = 1
    for i in range(1, 2500):
        factorial *= i
    a, b = 0, 1
    for _ in range(20_000):
        a, b = b, a + b
    power = pow(3, 1 << 15)
    modular = 0
    prime = (1 << 521) - 1
    for i in range(60):
        modular ^= pow(i + 2, prime - 2, prime)
    shift = 0
    for i in range(60_000):
        shift = (shift << 3 ^ i) & ((1 << 200) - 1)
    total = sum(pi_digits(700))
    product = 1
    for i in range(30_000):
        product = product * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
        product ^= product >> 7
    texts = len(str(10**4000 + 7)) + int("7" * 4000) % 1001
    return (factorial % 10**9 + 7, a.bit_length(), power % 10**12, modular & 0xFFFF, shift & 0xFFFF, total,
            product & 0xFFFF, texts, gcd(a, b), isqrt(factorial) % 1000)


for _ in range(4):
    result = main()
print(result)
