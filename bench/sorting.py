"""Sorting: random, nearly sorted, by key, by attribute, stable by two keys, strings, tuples."""
from operator import attrgetter, itemgetter


class Item:
    def __init__(self, weight, name):
        self.weight, self.name = weight, name

    def __lt__(self, other):
        return self.weight < other.weight


def noise(n, seed=12345):
    values = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append(seed >> 8)
    return values


def main():
    values = noise(150_000)
    total = sorted(values)[75_000]
    near = sorted(values)
    for i in range(0, 150_000, 1000):
        near[i], near[i - 1] = near[i - 1], near[i]
    near.sort()
    total += near[10]
    total += sorted(values, reverse=True)[3]
    total += sorted(values, key=lambda v: v % 1000)[500]
    words = [str(v) for v in values[:60_000]]
    words.sort()
    words.sort(key=len)
    floats = sorted(v / 3 for v in values[:60_000])
    pairs = sorted((v % 100, v) for v in values[:50_000])
    pairs.sort(key=itemgetter(1), reverse=True)
    items = [Item(v, str(v)) for v in values[:15_000]]
    items.sort()
    items.sort(key=attrgetter("name"))
    return total, words[100], floats[5], pairs[7], items[3].name, min(values), max(values, key=lambda v: -v)


print(main())
