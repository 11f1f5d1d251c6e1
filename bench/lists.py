"""List work: append, index, slices, insert and pop, iteration, unpacking, a sieve, a matrix."""


def sieve(n):
    flags = [True] * n
    flags[0] = flags[1] = False
    i = 2
    while i * i < n:
        if flags[i]:
            flags[i * i::i] = [False] * len(range(i * i, n, i))
        i += 1
    return [i for i, flag in enumerate(flags) if flag]


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def main():
    items = []
    for i in range(300_000):
        items.append(i ^ 5)
    total = 0
    for i in range(len(items)):
        total += items[i]
        items[i] = items[-i - 1] & 1023
    for a, b in zip(items, reversed(items)):
        total += a - b
    stack = []
    for i in range(200_000):
        stack.append(i)
        if i % 3 == 0:
            total += stack.pop()
    queue = list(range(300))
    for i in range(30_000):
        queue.insert(0, queue.pop())
    chunks = [items[i:i + 7] for i in range(0, 100_000, 7)]
    total += sum(map(len, chunks)) + max(chunks)[0]
    first, *middle, last = queue
    total += first + last + len(middle) + queue.index(150)
    matrix = [[(i * j) % 10 for j in range(45)] for i in range(45)]
    product = multiply(matrix, matrix)
    joined = items[:1000] + items[1000:2000] * 2
    joined.extend(range(50))
    joined.reverse()
    copies = 0
    for i in range(20_000):
        row = [i, i + 1, i + 2]
        row += [3]
        x, y, z, w = row
        copies += x + w
    return total, len(sieve(400_000)), sum(map(sum, product)), len(joined), copies


for _ in range(3):
    result = main()
print(result)
