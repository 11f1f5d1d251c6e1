"""for and while with else, break and continue in every combination, nested with try and with."""
from _show import err, run


def search(values, wanted):
    for v in values:
        if v == wanted:
            result = "found"
            break
    else:
        result = "not found"
    return result


print(search([1, 2], 2), search([], 1))
n = 5
while n:
    n -= 1
    if n == 3:
        continue
    if n == 1:
        break
    print("n", n)
else:
    print("not printed")
while False:
    pass
else:
    print("while else")
for i in ():
    pass
else:
    print("for else", "i" in globals())
for i, (a, *b) in enumerate([(1, 2, 3), "xy"]):
    print(i, a, b)
target = {}
for target["k"] in range(3):
    pass
print(target)
for x in 1, 2, *[3, 4]:
    print(x, end=" ")
print()


class Counter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration("done")
        self.n -= 1
        return self.n


print(list(Counter(4)))


class OldIter:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * 10


print([v for v in OldIter()], 20 in OldIter(), 5 in OldIter())


def finally_break():
    log = []
    for i in range(3):
        try:
            if i == 1:
                continue
            log.append(i)
        finally:
            log.append("f%d" % i)
            if i == 2:
                break
    while True:
        try:
            return log
        finally:
            log.append("last")


print(finally_break())


def finally_overrides():
    for i in range(5):
        try:
            raise ValueError(i)
        finally:
            if i < 3:
                continue
            return i


print(finally_overrides())


def nested():
    out = []
    for i in range(4):
        for j in range(4):
            if j == i:
                break
            if (i + j) % 2:
                continue
            out.append((i, j))
        else:
            out.append("full")
    return out


print(nested())


class Noisy:
    def __enter__(self):
        print("enter", end=" ")
        return 5

    def __exit__(self, *a):
        print("exit", a[0].__name__ if a[0] else None)


for i in range(3):
    with Noisy() as v:
        if i == 1:
            continue
        if i == 2:
            break
        print(v + i, end=" ")


def with_return():
    with Noisy():
        for i in range(10):
            with Noisy() as v:
                return v + i


print(with_return())
run("for x in 5: pass")
run("for x in None: pass")


class BadIter:
    def __iter__(self):
        return 5


run("for x in b: pass", b=BadIter())


class NoneIter:
    __iter__ = None

    def __getitem__(self, i):
        return i


run("for x in b: pass", b=NoneIter())
run("1 in b", b=NoneIter())
# Changing what is iterated
l = [1, 2, 3]
for v in l:
    if len(l) < 6:
        l.append(v * 10)
print(l)
for v in l:
    l.remove(v)
print(l)
run("d = {1: 1}\nfor k in d: d[k + 1] = 1")
run("d = {1: 1, 2: 2}\nfor k in d: del d[k]")
run("s = {1, 2}\nfor k in s: s.add(k + 10)")
run("d = {1: 1}\nfor k in d: d[k] = 2\nprint(d)")
run("d = {1: 1}\nfor k, v in d.items():\n  d.pop(k)\n  d[5] = 6")
it = iter([1, 2, 3])
for v in it:
    print(v, next(it, "end"))
count = 0
for _ in range(1000):
    for _ in range(3):
        count += 1
print(count)
