"""The same seeds give the same random numbers."""
import random

for seed in (0, 1, -1, 5, 2**31, 2**32, 2**64 + 1, -10**40, 1.5, "text", b"bytes", True):
    r = random.Random(seed)
    print(seed, r.random(), r.getrandbits(1), r.getrandbits(32), r.getrandbits(33), r.getrandbits(200),
          r.randrange(10**20), r.randint(-5, 5), r.choice("abcdef"), r.uniform(1, 2), r.gauss(0, 1),
          r.sample(range(1000), 5), r.choices("xyz", [1, 2, 3], k=6))
    items = list(range(20))
    r.shuffle(items)
    print(items)
r = random.Random(42)
state = r.getstate()
first = [r.random() for _ in range(2000)]
r.setstate(state)
assert first == [r.random() for _ in range(2000)]
print(sum(first), len(state), state[0], len(state[1]), state[2])
import _random
g = _random.Random(3)
for bad in ((), (1,), tuple([1] * 624 + [700]), tuple([-1] * 624 + [3]), tuple([1.5] * 624 + [3]), []):
    try:
        print(g.setstate(bad))
    except Exception as e:
        print(type(e).__name__, e)
for k in (-1, 0, 1, 64, 1000, "x", 2**70):
    try:
        print(g.getrandbits(k))
    except Exception as e:
        print(type(e).__name__, e)
for args in ((1, 2), ([],)):
    try:
        _random.Random(*args)
    except TypeError as e:
        print(e)
import copy, pickle
again = pickle.loads(pickle.dumps(r))
assert again.random() == r.random()
assert copy.copy(r).random() == r.random()
random.seed(7)
print(random.random(), random.randbytes(5), random.betavariate(1, 2), random.expovariate(3), random.triangular(),
      random.gammavariate(0.5, 2), random.vonmisesvariate(1, 2), random.paretovariate(2), random.lognormvariate(0, 1))
