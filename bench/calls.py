"""Calls of Python functions: positional, default, keyword and star arguments, recursion."""


def add(a, b):
    return a + b


def scale(value, factor=3, offset=1):
    return value * factor + offset


def spread(*values, **named):
    return len(values) + len(named)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def ackermann(m, n):
    while m:
        if n == 0:
            n = 1
        else:
            n = ackermann(m, n - 1)
        m -= 1
    return n + 1


def main():
    total = 0
    for i in range(400_000):
        total = add(total, i)
        total = scale(total % 1000, offset=i)
    for i in range(150_000):
        total += spread(1, i, 3, a=i, b=2)
        total += scale(i, 2)
    return total, fib(25), ackermann(2, 200)


for _ in range(2):
    result = main()
print(result)
