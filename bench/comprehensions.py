"""Comprehensions of every kind, nested and filtered, with map, filter, zip, enumerate and any."""


def main():
    total = 0
    for _ in range(4):
        squares = [x * x for x in range(80_000)]
        even = [x for x in squares if not x & 1]
        pairs = [(x, y) for x in range(150) for y in range(150) if x != y]
        table = {x: x + 1 for x in range(50_000)}
        odd = {x & 0xFFF for x in squares if x & 1}
        rows = [[r * c for c in range(60)] for r in range(200)]
        flat = [v for row in rows for v in row if v % 3]
        total += sum(even) + len(pairs) + len(table) + len(odd) + sum(flat)
        total += sum(a * b for a, b in zip(squares, even))
        total += sum(1 for i, v in enumerate(squares) if i & 7 == v & 7)
        total += len(list(map(lambda v: v + 1, even))) + len(list(filter(None, flat)))
        total += any(v < 0 for v in squares) + all(v >= 0 for v in squares)
        total += len([y for x in range(40_000) if (y := x % 7) > 3])
    return total


for _ in range(2):
    result = main()
print(result)
