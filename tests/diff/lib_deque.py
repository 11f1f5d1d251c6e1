"""deque: every method, bounds, changing while iterating."""
import copy
import pickle
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _show import err

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
d.extend([5, 6])
d.extendleft([-1, -2])
print(d, d.pop(), d.popleft(), len(d), d[0], d[-1], d[2], 3 in d, d.index(3), d.count(1), list(reversed(d)), d.maxlen, bool(deque()))
d.rotate(2)
print(d)
d.rotate(-3)
d.insert(1, "ins")
d.remove("ins")
d[1] = "set"
del d[0]
d.reverse()
print(d, d.copy() == d, d + deque([9]), d * 2, deque("ab") < deque("b"), deque([1]) == [1], copy.copy(d), pickle.loads(pickle.dumps(d)))
m = deque(range(10), maxlen=3)
m.append("x")
m.appendleft("y")
print(m, m.maxlen, deque([1, 2], 0), deque(maxlen=2), m.copy())
for f in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[5], lambda: deque([1]).remove(2), lambda: deque([1]).index(2), lambda: deque(5), lambda: deque([], -1), lambda: deque([], "a"), lambda: deque(maxlen=1).insert(0, 1) or (lambda q: (q.append(1), q.insert(0, 2)))(deque(maxlen=1)), lambda: hash(deque()), lambda: deque([1]) + [1], lambda: deque([1])["a"], lambda: deque().rotate("a"), lambda: deque([1])[0:1]):
    err(f)


def change():
    q = deque([1, 2])
    for v in q:
        q.append(v)


err(change)
big = deque()
for i in range(500):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[100], sum(big), list(big)[:3])
r = deque()
r.append(r)
print(r)
