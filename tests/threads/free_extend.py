"""Adding all of a container to a shared one is one step: no other thread comes between two of its items."""
import array
import collections
import itertools
import threading

N, THREADS = 1500, 3


def sources(k):
    """By name: what gives seven numbers in a row from 16 * k on, made anew each time or not."""
    seven = list(range(16 * k, 16 * k + 7))
    a, b, c, d, e, f, g = seven
    kept = {"list": seven, "tuple": tuple(seven), "bytes": bytes(seven), "frozenset": frozenset(seven), "dict": dict.fromkeys(seven),
            "set": set(seven), "deque": collections.deque(seven)}
    return {**{name: lambda v=v: v for name, v in kept.items()},
            "range": lambda: range(a, a + 7), "fresh list": lambda: [a, b, c, d, e, f, g], "fresh set": lambda: {a, b, c, d, e, f, g}}


def together(*functions):
    gate = threading.Barrier(len(functions))
    failed = []

    def run(function):
        gate.wait()
        try:
            function()
        except BaseException as error:
            failed.append(error)
    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


# Runs of numbers of one thread in the result are whole sevens.
for make in (list, collections.deque, bytearray, lambda: array.array("i")):
    for name in sources(0):
        shared = make()

        def extend(k):
            source = sources(k)[name]
            for _ in range(N):
                shared.extend(source())
        together(*[lambda k=k: extend(k) for k in range(THREADS)])
        runs = [len(list(run)) for _, run in itertools.groupby(shared, lambda n: n // 16)]
        assert len(shared) == 7 * N * THREADS and all(n % 7 == 0 for n in runs), (make, name, len(shared))

# All of it is in a set, or nothing.
for name in sources(0):
    shared, seven, ended, wrong = set(range(100, 130)), set(range(7)), [], []

    def change():
        source = sources(0)[name]
        for _ in range(N):
            shared.update(source())
            shared.difference_update(source())
            shared.symmetric_difference_update(source())
            shared.symmetric_difference_update(source())
        ended.append(True)

    def look():
        while not ended:
            n = len(shared & seven)
            if n not in (0, 7):
                wrong.append(n)
    together(change, look, look)
    assert not wrong and shared == set(range(100, 130)), (name, wrong[:5])

# What comes before an item that does not fit is added.
numbers = array.array("B", [1])
other = numbers
for source, error in (([2, 3, 256, 4], OverflowError), ((5, "x"), TypeError), ((n for n in [6, None]), TypeError)):
    try:
        numbers.extend(source)
        raise AssertionError(source)
    except error:
        pass
assert list(other) == [1, 2, 3, 5, 6], other


class Seven:
    def __index__(self):
        seen.append(list(numbers))
        return 7


seen = []
numbers.extend([8, Seven(), 9])
assert list(numbers) == [1, 2, 3, 5, 6, 8, 7, 9] and seen[0] == [1, 2, 3, 5, 6, 8], (numbers, seen)
print("ok")
