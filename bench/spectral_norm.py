"""The spectral norm of an infinite matrix by the power method: float arithmetic in nested loops."""
from math import sqrt


def cell(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    n = len(vector)
    return [sum(cell(i, j) * vector[j] for j in range(n)) for i in range(n)]


def times_transposed(vector):
    result = []
    n = len(vector)
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += cell(j, i) * vector[j]
        result.append(total)
    return result


def main(n=150, rounds=7):
    u = [1.0] * n
    v = u
    for _ in range(rounds):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    top = sum(a * b for a, b in zip(u, v))
    bottom = sum(a * a for a in v)
    return f"{sqrt(top / bottom):.9f}"


for _ in range(3):
    result = main()
print(result)
