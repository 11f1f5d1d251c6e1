# gil: 0
"""Iterators of itertools that threads share without the lock: nothing is given twice or lost by those that give one
item a step, and none of them touches what is gone."""

import itertools
import random
import threading
from itertools import *

THREADS = 4


def share(it, limit=None):
    """All that the threads get from `it` together."""
    parts = [[] for _ in range(THREADS)]
    errors = []
    barrier = threading.Barrier(THREADS)

    def work(part):
        barrier.wait()
        try:
            for item in it if limit is None else islice(it, limit):
                part.append(item)
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=work, args=(part,)) for part in parts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors
    return [item for part in parts for item in part]


def step(it, *, n):
    def work():
        for _ in range(n):
            try:
                next(it)
            except (StopIteration, RuntimeError):
                pass
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


N = 3000
for big in (0, 2**63 - 20, 2**70):
    assert sorted(share(count(big), N)) == list(range(big, big + THREADS * N)), big
assert sorted(share(count(0, 2), N)) == list(range(0, 2 * THREADS * N, 2))
assert share(repeat("x", N)) == ["x"] * N
assert sorted(share(islice(count(), 10, N))) == list(range(10, N))
assert sorted(share(islice(count(), 10, N, 7))) == list(range(10, N, 7))
assert sorted(share(chain(*[range(i * 10, i * 10 + 10) for i in range(300)]))) == list(range(N))
assert sorted(share(chain.from_iterable([i] for i in ()))) == []
for make in (lambda: product(range(9), repeat=4), lambda: permutations(range(7)), lambda: combinations(range(14), 5),
             lambda: permutations(range(9), 3), lambda: combinations_with_replacement(range(9), 5)):
    assert sorted(share(make())) == list(make()), make
objects = [object() for _ in range(50)]
assert len(share(product(objects, repeat=2))) == 2500
got = share(accumulate(count(1)), N)
assert len(set(got)) == len(got) == THREADS * N
for one in (count(), iter(range(10**9))):
    a, b = tee(one)
    both = share(a, 500), [next(b) for _ in range(THREADS * 500)]
    assert sorted(both[0]) == both[1] == list(range(THREADS * 500))
first = list(range(2000))
assert sorted(share(takewhile(lambda x: True, islice(count(), 2000)))) == first
assert sorted(share(dropwhile(lambda x: False, islice(count(), 2000)))) == first
assert sorted(share(filterfalse(lambda x: False, islice(count(), 2000)))) == first
assert sorted(share(filterfalse(None, repeat(0, 100)))) == [0] * 100
assert sorted(share(starmap(int, product(map(str, first))))) == first
cycled = share(cycle(range(100)), N)
assert set(cycled) == set(range(100))

# Rows: those of native iterators do not mix.
objects = [object() for _ in range(N)]
assert sorted(share(pairwise(islice(count(), N)))) == [(i, i + 1) for i in range(N - 1)]
assert sorted(share(zip_longest(count(), repeat(0, 50), repeat(1, 60)), 500), key=lambda t: t[0]) == [
    (i, 0 if i < 50 else None, 1 if i < 60 else None) for i in range(2000)]
share(zip_longest(iter(objects), iter(objects[:100]), iter("abc"), fillvalue=objects))
share(compress(iter(objects), cycle([1, 0])))
for key, group in share(groupby(sorted(random.choices("abcdefgh", k=N)))):
    list(group)
grouped = groupby(itertools.repeat(object(), N))
key, group = next(grouped)
share(group)
for make in (lambda: accumulate(map(str, count())), lambda: chain.from_iterable(repeat(objects)), lambda: cycle(objects),
             lambda: groupby(cycle(objects)), lambda: tee(iter(objects))[0], lambda: product(objects, objects),
             lambda: permutations(objects, 3), lambda: zip_longest(cycle(objects), objects), 
             lambda: islice(cycle(objects), 100, None, 3), lambda: count(1.5), lambda: repeat(objects, 100)):
    it = make()
    done = False

    def states():
        while not done:
            f, args, *state = it.__reduce__()
            repr(it)
            if state and state[0] is not None and hasattr(it, "__setstate__"):
                it.__setstate__(state[0])

    t = threading.Thread(target=states)
    t.start()
    step(it, n=200)
    done = True
    t.join()
