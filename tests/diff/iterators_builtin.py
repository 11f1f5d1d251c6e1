"""Iterators: hints, copying, pickling, types; subclasses of list and tuple."""
from _show import err, show

it = iter([1, 2, 3])
next(it)
print(it.__length_hint__(), list(it), list(it), it.__length_hint__())
it = iter([1, 2, 3])
next(it)
import copy
import pickle

show(list(copy.copy(it)), it.__reduce__()[1:], list(pickle.loads(pickle.dumps(it))), reversed([1, 2]).__length_hint__(), iter(range(5)).__length_hint__())
for obj in (iter(()), iter([]), iter(""), iter("é"), iter(b""), iter(bytearray()), iter({}), iter({}.items()), iter({}.values()), iter(set()), iter(range(0)), iter(range(1 << 70)), reversed([]), reversed(()), reversed({}), reversed(range(3)), enumerate([]), zip(), map(int, []), filter(None, []), iter(int, 0), (x for x in ())):
    print(type(obj).__name__, iter(obj) is obj, end="; ")
print()


class L(list):
    def __getitem__(self, i):
        return ("L", super().__getitem__(i))

    def append(self, v):
        super().append(v * 2)


x = L([1, 2])
x.append(3)
print(x, x[0], x[1:], list(x), len(x), x + [1], type(x + [1]).__name__, x == [1, 2, 6], [*x], x.copy(), type(x.copy()).__name__)


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)


print(T(1, 2), T(1, 2) == (1, 2), type(T(1, 2) + (3,)).__name__, T(1, 2)[0], hash(T(1)) == hash((1,)), (lambda *a: a)(*T(1, 2)))
big = list(range(100000))
for _ in range(50000):
    big.pop()
big.extend(range(10))
print(len(big), big[-1], sum(big) % 1000, [] .__eq__(5), [].__lt__(5), [1].__contains__(1), [].__init__(), [3, 4].__reversed__().__next__())
a, b = [1], [1]
a[0], b[0] = b, a
err(lambda: a == b)
