# gil: 0 1
"""An operation that raises inside of a container leaves it whole and unlocked, whatever other threads do to it; where
allocations can be made to fail (hostile builds), also when memory runs out there."""
import array
import bisect
import collections
import heapq
import sys
import threading

from _together import in_threads

try:
    import _hostile
except ImportError:
    _hostile = None

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 40


class Odd:
    """Cannot be hashed, compared or counted."""
    __hash__ = None

    def __eq__(self, other):
        raise ZeroDivisionError

    def __lt__(self, other):
        raise ZeroDivisionError

    def __index__(self):
        raise ZeroDivisionError

    def __iter__(self):
        yield 1
        raise ZeroDivisionError


ODD = Odd()
PAIR = (1, 2)


def raising(*calls):
    def do(c):
        for call in calls:
            try:
                call(c)
            except (TypeError, ValueError, LookupError, ZeroDivisionError, BufferError, MemoryError, OverflowError, RuntimeError):
                pass
    return do


def exported(call):
    def do(c):
        with memoryview(c):
            call(c)
    return do


def at(c, index, value):
    c[index] = value


def without(c, index):
    del c[index]


# How it is made, what raises in it, what shows that it is whole and free.
ROWS = {
    "list": (lambda: [3, 1, 2, "a"], raising(
        lambda c: c.sort(), lambda c: c.index(ODD), lambda c: c.remove(9), lambda c: c.pop(10**9), lambda c: c.insert(ODD, 1),
        lambda c: c.extend(ODD), lambda c: at(c, 99, 1), lambda c: at(c, slice(0, 4, 2), [1]), lambda c: c == [3, 1, 2, ODD],
        lambda c: c < [3, 1, 2, 4], lambda c: c * 2**62, lambda c: bisect.insort(c, ODD), lambda c: heapq.heappush(c, ODD),
        lambda c: sum(c), lambda c: min(c), lambda c: "".join(c), lambda c: bytes(c)), lambda c: c.append(c.pop())),
    "dict": (lambda: {1: 2, "a": 3}, raising(
        lambda c: c[ODD], lambda c: at(c, ODD, 1), lambda c: c.pop("no"), lambda c: c.update([PAIR, 3]), lambda c: c.update([PAIR, (ODD, 1)]),
        lambda c: c.update(ODD), lambda c: c == {1: 2, "a": ODD}, lambda c: c.setdefault(ODD), lambda c: without(c, "no"),
        lambda c: dict(**c), lambda c: c | 3, lambda c: c.fromkeys([1, ODD])), lambda c: c.update({1: 2, "a": 3})),
    "OrderedDict": (lambda: collections.OrderedDict({1: 2, "a": 3}), raising(
        lambda c: c.move_to_end("no"), lambda c: c.update([PAIR, 3]), lambda c: c.update([PAIR, (ODD, 1)]), lambda c: c.pop("no"),
        lambda c: c == {1: 2, "a": ODD}, lambda c: c.fromkeys([1, ODD])), lambda c: c.move_to_end(1)),
    "set": (lambda: {1, 2, "a"}, raising(
        lambda c: c.add(ODD), lambda c: c.remove(9), lambda c: c.update([5, ODD]), lambda c: c.difference_update([5, ODD]),
        lambda c: c.symmetric_difference_update([5, ODD]), lambda c: c.intersection_update([1, 2, "a", ODD]), lambda c: c | 3,
        lambda c: c.issuperset([1, ODD]), lambda c: c.isdisjoint([9, ODD])), lambda c: c.update((1, 2, "a"))),
    "deque": (lambda: collections.deque([1, 2, 3], 3), raising(
        lambda c: c.insert(0, 1), lambda c: c.index(ODD), lambda c: c.remove(9), lambda c: at(c, 99, 1), lambda c: c.extend(ODD),
        lambda c: c.rotate(ODD), lambda c: c == collections.deque([1, 2, ODD]), lambda c: c * 2**62, lambda c: c[5]),
        lambda c: c.append(c.popleft())),
    "bytearray": (lambda: bytearray(b"abc"), raising(
        lambda c: c.append(300), lambda c: c.extend([1, 300]), lambda c: at(c, 0, 300), lambda c: at(c, 99, 1), lambda c: c.remove(1),
        exported(lambda c: c.append(1)), exported(lambda c: c.clear()), lambda c: c.join([b"a", 1]), lambda c: c.pop(99),
        lambda c: at(c, slice(0, 1), ODD), lambda c: c * 2**62), lambda c: c.append(c.pop())),
    "array": (lambda: array.array("b", [1, 2, 3]), raising(
        lambda c: c.append(300), lambda c: c.fromlist([1, 300]), lambda c: c.extend(array.array("i", [1])), lambda c: c.remove(9),
        lambda c: at(c, 0, 300), lambda c: at(c, 99, 1), exported(lambda c: c.append(1)), lambda c: c.frombytes(3), lambda c: c * 2**62,
        lambda c: c.extend(ODD)), lambda c: c.append(c.pop())),
}


def short_of_memory(c, work):
    for n in range(1, 14):
        _hostile.fail(n)
        try:
            work(c)
        except MemoryError:
            pass
        finally:
            _hostile.left()


def row(name):
    make, fails, works = ROWS[name]
    c = make()
    whole = sorted(map(str, c))
    done = threading.Event()

    def failing():
        for _ in range(ROUNDS):
            fails(c)
            if _hostile is not None:
                short_of_memory(c, fails)

    def check():
        works(c)
        done.set()

    in_threads(failing, failing)
    threading.Thread(target=check, daemon=True).start()
    assert done.wait(20), f"{name} is still locked"
    if name not in ("list", "dict", "OrderedDict", "set", "array", "bytearray", "deque"):
        assert sorted(map(str, c)) == whole
    len(c), repr(c), list(c)


for name in ROWS:
    row(name)
