"""Dictionary work: building, lookup, update, deletion, iteration, merging, tuple and string keys."""
from collections import Counter, defaultdict


def main():
    total = 0
    squares = {}
    for i in range(150_000):
        squares[i] = i * i
    for i in range(0, 300_000, 2):
        total += squares.get(i, 1)
        if i in squares:
            total -= 1
    words = [f"key{i % 5000}" for i in range(120_000)]
    count = {}
    for word in words:
        count[word] = count.get(word, 0) + 1
    total += len(count) + count["key42"]
    total += Counter(words).most_common(1)[0][1]
    groups = defaultdict(list)
    for i, word in enumerate(words):
        groups[len(word)].append(i)
    total += sum(len(v) for v in groups.values())
    grid = {}
    for x in range(200):
        for y in range(200):
            grid[x, y] = x ^ y
    for (x, y), value in grid.items():
        total += value
        total += grid.get((y, x + 1), 0)
    for i in range(0, 150_000, 3):
        del squares[i]
    for i in range(20_000):
        squares.pop(i, None)
        squares.setdefault(i, i)
    merged = {**count, **{k: 1 for k in words[:100]}} | {"a": 1}
    inverse = {v: k for k, v in merged.items()}
    total += len(merged) + len(inverse) + sum(squares.values()) % 1000
    small = 0
    for i in range(60_000):
        d = {"x": i, "y": i + 1}
        d["z"] = d["x"] + d["y"]
        small += d["z"]
    return total, small, len(squares), list(groups)[:3]


for _ in range(3):
    result = main()
print(result)
