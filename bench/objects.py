"""Object creation and destruction: short-lived instances, trees, linked lists, cycles, finalizers."""
import gc


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y


class Slim:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


class Node:
    def __init__(self, left, right):
        self.left, self.right = left, right


class Finalized:
    dead = 0

    def __del__(self):
        Finalized.dead += 1


def tree(depth):
    return Node(None, None) if depth == 0 else Node(tree(depth - 1), tree(depth - 1))


def count(node):
    return 1 if node.left is None else 1 + count(node.left) + count(node.right)


def main():
    place = Vector(0, 0)
    step = Vector(1, 2)
    for _ in range(200_000):
        place = place + step
    total = 0
    for i in range(200_000):
        slim = Slim(i, i + 1)
        total += slim.b - slim.a
    for _ in range(4):
        total += count(tree(13))
    head = None
    for i in range(100_000):
        head = [i, head]
    del head
    for i in range(30_000):
        a, b = Node(None, None), Node(None, None)
        a.left, b.left = b, a
    for i in range(40_000):
        Finalized()
    pairs = [(i, str(i)) for i in range(100_000)]
    del pairs
    gc.collect()
    return place.x, place.y, total, Finalized.dead, place == Vector(200_000, 400_000)


for _ in range(2):
    result = main()
print(result)
