"""Generators: pipelines, yield from, send, generator expressions, recursive walks."""
from itertools import islice


def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(source):
    for value in source:
        if not value & 1:
            yield value


def chained(*sources):
    for source in sources:
        yield from source


def average():
    total = count = 0
    mean = None
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total // count


class Node:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Node(middle, tree(low, middle), tree(middle + 1, high))


def permute(items):
    if len(items) <= 1:
        yield items
        return
    for i in range(len(items)):
        for rest in permute(items[:i] + items[i + 1:]):
            yield [items[i]] + rest


def main():
    total = sum(evens(numbers(600_000)))
    total += sum(chained(numbers(150_000), range(100_000), numbers(150_000)))
    mean = average()
    next(mean)
    for i in range(200_000):
        last = mean.send(i)
    walk = sum(tree(0, 60_000))
    shuffles = sum(p[0] for p in permute(list(range(7))))
    odd = sum(x * x for x in range(500_000) if x & 1)
    return total, last, walk, shuffles, odd, list(islice(numbers(10**9), 3))


for _ in range(2):
    result = main()
print(result)
