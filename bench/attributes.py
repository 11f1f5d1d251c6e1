"""Attribute reads and writes: instances, slots, class variables, properties, __getattr__."""


class Point:
    dimensions = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y
        self.label = None

    @property
    def squared(self):
        return self.x * self.x + self.y * self.y

    def __getattr__(self, name):
        if name.startswith("virtual"):
            return len(name)
        raise AttributeError(name)


class Slotted:
    __slots__ = ("left", "right", "count")

    def __init__(self):
        self.left = self.right = self.count = 0


class Deep(Point):
    extra = 5


def main():
    p, s, d = Point(1, 2), Slotted(), Deep(3, 4)
    total = 0
    for i in range(350_000):
        p.x = i
        p.y = p.x - 1
        s.left = p.y
        s.right += s.left & 3
        s.count += 1
        total += p.x + d.extra + d.x + Deep.dimensions
        d.y = total & 255
    for i in range(100_000):
        total += p.squared & 7
        total += getattr(d, "y") + hasattr(d, "label")
        setattr(d, "x", i)
    for i in range(60_000):
        total += p.virtual_field
    return total, s.right, s.count


print(main())
