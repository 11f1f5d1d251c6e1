# gil: 0
"""A generator that threads share without the lock: exact for draws that come one after the other, no
number given twice to draws that overlap, and seed, getstate and setstate exact always."""
import os

import random
import threading

from _together import in_threads


in_threads(lambda: None)


def stream(seed, n):
    g = random.Random(seed)
    return [g.getrandbits(32) for _ in range(n)]


# One thread after another: exact.
g = random.Random(1)
taken = []
for _ in range(5):
    in_threads(lambda: taken.extend(g.getrandbits(32) for _ in range(1000)))
    taken.extend(g.getrandbits(32) for _ in range(300))
assert taken == stream(1, len(taken))

# In lock step: exact.
g = random.Random(2)
taken = []
barrier = threading.Barrier(2)


def step_by_step(turn):
    for i in range(200):
        barrier.wait()
        if i % 2 == turn:
            taken.append(g.getrandbits(32))


in_threads(lambda: step_by_step(0), lambda: step_by_step(1))
assert taken == stream(2, 200)

# Over one another: each number of the stream at most once, and nothing else.
g = random.Random(4)  # whose first numbers are all different
parts = [[] for _ in range(4)]


def draw(part):
    for _ in range(4000):
        part.append(g.getrandbits(32))


in_threads(*(lambda part=part: draw(part) for part in parts))
taken = [n for part in parts for n in part]
# What was lent and not drawn, or taken back: eight times as much as one thread can be lent.
where = {n: i for i, n in enumerate(stream(4, len(taken) + 8 * 8 * 624))}
assert len(where) == len(taken) + 8 * 8 * 624
places = [where[n] for n in taken]
assert len(set(places)) == len(set(taken)), "given twice"
for part in parts:
    mine = [where[n] for n in part]
    assert mine == sorted(mine), "not in order"

# States, while others draw and afterwards.
done = False


def disturb():
    while not done:
        g.random(), g.getrandbits(500), g.getrandbits(40000)


def restore():
    global done
    for i in range(300):
        g.seed(i)
        g.getstate()
    done = True


in_threads(disturb, disturb, restore)


def round_trip():
    s = g.getstate()
    first = [g.random() for _ in range(700)] + [g.getrandbits(70)]
    g.setstate(s)
    assert first == [g.random() for _ in range(700)] + [g.getrandbits(70)]


round_trip()
in_threads(round_trip)
g.seed(77)
in_threads(lambda: None)
assert [g.random() for _ in range(2000)] == [r.random() for r in [random.Random(77)] for _ in range(2000)]
in_threads(*(lambda part=part: draw(part) for part in parts))
assert [len(part) for part in parts] == [8000] * 4
g.seed(78)
own = random.Random(78)
in_threads(lambda: None if [g.random() for _ in range(9000)] == [own.random() for _ in range(9000)] else 1 / 0)

# Many generators at a time, each shared by the same two threads.
many = [random.Random(i) for i in range(20)]


def draw_many():
    for _ in range(500):
        for one in many:
            one.random()


in_threads(draw_many, draw_many)

# A child of a fork goes on with what its thread has.
in_threads(*(lambda part=part: draw(part) for part in parts))
pid = os.fork()
if pid == 0:
    g.random()
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
