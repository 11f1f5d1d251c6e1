"""Set work: membership, union and difference, building, frozen sets as keys, a graph search."""


def reach(graph, start):
    seen = {start}
    edge = [start]
    while edge:
        following = []
        for node in edge:
            for other in graph[node]:
                if other not in seen:
                    seen.add(other)
                    following.append(other)
        edge = following
    return seen


def main():
    total = 0
    numbers = set()
    for i in range(200_000):
        numbers.add(i * 7 % 100_003)
    for i in range(200_000):
        if i in numbers:
            total += 1
    odd = {n for n in numbers if n & 1}
    threes = {n for n in range(0, 100_000, 3)}
    for _ in range(6):
        total += len(odd & threes) + len(odd | threes) + len(odd - threes) + len(odd ^ threes)
    graph = {i: [(i * 3 + 1) % 40_000, (i * 5 + 2) % 40_000] for i in range(40_000)}
    total += len(reach(graph, 0))
    keys = {}
    for i in range(40_000):
        keys[frozenset((i % 50, i % 60))] = i
    words = {str(i % 3000) for i in range(100_000)}
    total += len(words) + len(keys)
    for i in range(60_000):
        numbers.discard(i)
    small = 0
    for i in range(60_000):
        if i % 10 in {1, 3, 5, 7}:
            small += 1
        if {i, i + 1} <= {i, i + 1, i + 2}:
            small += 1
    return total, small, len(numbers)


for _ in range(3):
    result = main()
print(result)
