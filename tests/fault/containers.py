"""Work on containers, text and classes whose allocations fail one after the other."""


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


def work():
    values = [i * i for i in range(50)]
    table = {str(v): v for v in values}
    table.update({k + "x": [v] for k, v in table.items()})
    names = sorted(table, key=len, reverse=True)
    text = ",".join(names).replace("x", "yy").split(",")
    unique = set(text) | {1, 2, 3} - frozenset([2])
    points = [Point(i, -i) for i in range(20)]
    shown = "".join(map(repr, points)) + "%d %s" % (5, values[:3]) + f"{len(unique):>10,}"
    big = 3 ** 200 // 7 + int("9" * 60)
    first, *rest = zip(values, reversed(values))
    nested = {"a": [{"b": (1, 2, [3])}], "c": bytes(range(20)) + bytearray(b"x")}
    copy = {**nested, "d": [*values, *text]}
    return len(shown), big, len(rest), first, len(copy)


for _ in range(3):
    try:
        work()
    except MemoryError:
        pass
print("done")
