"""random with seeds of every kind, distributions, state, errors."""
import random
from _show import err, show

random.seed(12345)
show(random.random(), random.randint(1, 100), random.choice("abcdef"), random.sample(range(100), 5), random.uniform(1, 2), random.gauss(0, 1), random.shuffle(l := list(range(10))), l, random.getrandbits(70), random.choices("ab", [1, 3], k=6), random.randrange(0, 100, 7), random.betavariate(1, 2), random.expovariate(1), random.triangular(), random.normalvariate(0, 1), random.lognormvariate(0, 1), random.vonmisesvariate(0, 1), random.paretovariate(1), random.weibullvariate(1, 1), random.gammavariate(2, 1), random.randbytes(5))
for seed in (0, -5, "text", b"bytes", 1.5, 2**100, None and 0, bytearray(b"x")):
    random.seed(seed if seed is not None else 7)
    print(seed, random.random(), random.randrange(10**20))
r = random.Random(5)
state = r.getstate()
x = r.random()
r.setstate(state)
print(x == r.random(), state[0], len(state[1]), random.Random(5).random() == random.Random(5).random(), random.SystemRandom().random() < 1)
random.seed("v1", version=1)
print(random.random())
for f in (lambda: random.randint(5, 1), lambda: random.choice([]), lambda: random.sample([1], 2), lambda: random.seed([]), lambda: random.getrandbits(-1), lambda: random.randrange(0), lambda: random.setstate(5), lambda: random.choices([1], k="a"), lambda: random.sample({1, 2}, 1)):
    err(f)
