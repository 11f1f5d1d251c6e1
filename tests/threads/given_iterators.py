"""list() and the like of an object whose __iter__ gives an iterator that exists already: what is left of it, and then nothing."""
import array
import collections
import threading

threading.Thread(target=int).start()


class Gives:
    def __init__(self, it):
        self.it = it

    def __iter__(self):
        return self.it


class GivesLater:
    """Makes the iterator, takes steps of it and gives it away."""

    def __init__(self, make, steps):
        self.make, self.steps = make, steps

    def __iter__(self):
        it = self.make()
        for _ in range(self.steps):
            next(it, None)
        return it


LETTERS = ["a", "b", "c", "d"]
PAIRS = [(c, i) for i, c in enumerate(LETTERS)]
MAKERS = {
    "list": lambda: iter(list(LETTERS)), "list reversed": lambda: reversed(list(LETTERS)),
    "tuple": lambda: iter(tuple(LETTERS)), "str": lambda: iter("abcd"), "set": lambda: iter(set(LETTERS)),
    "dict": lambda: iter(dict(PAIRS)), "dict reversed": lambda: reversed(dict(PAIRS)),
    "values": lambda: iter(dict(PAIRS).values()), "items": lambda: iter(dict(PAIRS).items()),
    "items reversed": lambda: reversed(dict(PAIRS).items()),
    "OrderedDict": lambda: iter(collections.OrderedDict(PAIRS)), "OrderedDict reversed": lambda: reversed(collections.OrderedDict(PAIRS)),
    "OrderedDict items": lambda: iter(collections.OrderedDict(PAIRS).items()),
    "deque": lambda: iter(collections.deque(LETTERS)), "deque reversed": lambda: reversed(collections.deque(LETTERS)),
    "array": lambda: iter(array.array("i", range(4))), "bytearray": lambda: iter(bytearray(b"abcd")), "range": lambda: iter(range(4)),
}
CONSUMERS = {
    "list": list, "tuple": tuple, "sorted": lambda x: sorted(x, key=str), "set": lambda x: sorted(set(x), key=str),
    "dict.fromkeys": lambda x: list(dict.fromkeys(x)), "extend": lambda x: [].__iadd__(x), "deque": lambda x: list(collections.deque(x)),
    "star": lambda x: [*x], "len": lambda x: sum(1 for _ in map(str, x)),
}

for name, make in MAKERS.items():
    for steps in range(6):
        stepped = make()
        for _ in range(steps):
            next(stepped, None)
        left = []
        for item in stepped:
            left.append(item)
        for how, consume in CONSUMERS.items():
            wanted = (len(left) if how == "len" else tuple(left) if how == "tuple" else
                      sorted(left, key=str) if how in ("sorted", "set") else left)
            it = make()
            for _ in range(steps):
                next(it, None)
            gives = Gives(it)
            assert consume(gives) == wanted, (name, how, steps)
            assert not consume(gives), (name, how, steps, "again")
            assert consume(GivesLater(make, steps)) == wanted, (name, how, steps, "later")

# Views of ordered dicts and of dicts are compared as what they show.
ordered, plain = collections.OrderedDict(PAIRS), dict(PAIRS)
for x in (ordered, plain):
    for y in (ordered, plain, dict(reversed(PAIRS))):
        assert x.items() == y.items() and not x.items() != y.items() and x.items() <= y.items()
        assert x.keys() == y.keys() and x.keys() == set(LETTERS) and x.items() == set(PAIRS)
    assert x.items() != {**plain, "a": 7}.items() and x.items() != x.keys()
