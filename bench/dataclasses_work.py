"""Classes as records: dataclasses, named tuples, enums, comparison, hashing, replace, matching."""
from collections import namedtuple
from dataclasses import dataclass, field, replace
from enum import Enum


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


@dataclass(order=True)
class Part:
    weight: int
    name: str = "part"
    colour: Colour = field(default=Colour.RED, compare=False)
    tags: list = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Key:
    a: int
    b: int


Place = namedtuple("Place", "row column")


def classify(value):
    match value:
        case Part(weight=w, colour=Colour.RED) if w > 50:
            return 1
        case Part(colour=Colour.GREEN | Colour.BLUE):
            return 2
        case Place(0, column):
            return column
        case [first, *_, last]:
            return first + last
        case {"x": x}:
            return x
        case _:
            return 0


def main():
    colours = list(Colour)
    parts = [Part(i * 37 % 101, f"p{i % 50}", colours[i % 3]) for i in range(25_000)]
    total = sum(classify(p) for p in parts)
    parts.sort()
    total += parts[77].weight
    counts = {}
    for i in range(60_000):
        key = Key(i % 100, i % 7)
        counts[key] = counts.get(key, 0) + 1
    total += len(counts)
    for i in range(40_000):
        place = Place(i % 3, i)
        total += classify(place) + place.row
        row, column = place
        total += column - place._replace(row=1).column
    for i in range(30_000):
        total += classify([i, 2, 3]) + classify({"x": i}) + classify(i)
    moved = [replace(p, weight=p.weight + 1) for p in parts[:8000]]
    total += sum(a < b for a, b in zip(parts, moved)) + len(repr(moved[0]))
    return total


print(main())
