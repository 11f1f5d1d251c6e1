"""throw() into a generator that goes on while the throw() of what it delegates to is looked for."""


class Items:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n

    @property
    def throw(self):
        for _ in range(steps):
            try:
                seen.append(next(g))
            except StopIteration:
                seen.append("end")
        raise AttributeError


def generator():
    try:
        yield from Items()
    except KeyError:
        yield "caught"
    yield 9


for steps, wanted in (1, [2, "caught"]), (2, [2, 9, "KeyError"]), (3, [2, 9, "end", "KeyError"]):
    seen = []
    g = generator()
    next(g)
    try:
        seen.append(g.throw(KeyError))
    except KeyError:
        seen.append("KeyError")
    assert seen == wanted, seen
