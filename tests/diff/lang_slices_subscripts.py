"""Subscripts of every kind as the interpreter passes them, with star and slices, and their errors."""
from _show import err, show


class Show:
    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)

    def __class_getitem__(cls, k):
        return ("class", k)


s = Show()
show(s[0], s[-1], s["k"], s[None], s[...], s[1:2], s[:], s[::], s[1:], s[:2], s[::3], s[1:2:3], s[1, 2], s[1:2, 3], s[1:2, ::4], s[()], s[(1,)], s[1,], s[[1]], s[{}], s[lambda: 1](), s[1 if 1 else 2], s[a := 5], a, s[not 1], s[*[1, 2]], s[1, *[2], 3:4], s["a":"b"], s[s:s].start is s, s[slice(1)], s[-1:], s[1 << 70], s[1.5:2j], s[b"x"], s[True:False])
s[0] = 1
s[1:2] = 3
s[...] = s[::2] = 4
s[1, 2:3] = 5
s[*(1, 2)] = 6
s[0], s[1] = 7, 8
for s["loop"] in (1, 2):
    pass
s[0] += 1
s["x"] = s["y"] = z = 9
del s[0], s[1:2], s[1, 2]
del s[*[1]]
print(Show[1], Show[1:2], Show[int, str], Show[()], Show[*[1, 2]])


class Inc:
    def __init__(self):
        self.d = {}
        self.log = []

    def __getitem__(self, k):
        self.log.append(("get", k))
        return self.d.get(str(k), 0)

    def __setitem__(self, k, v):
        self.log.append(("set", k, v))
        self.d[str(k)] = v


i = Inc()
i[1:2] += 5
i[1:2] -= 1
i[1, 2] *= 3
i[0] = i[0] or 7
print(i.log, i.d)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


l = list(range(10))
show(l[Index(3)], l[Index(-1)], l[Index(2):Index(5)], "abcdef"[Index(1):Index(4):Index(2)], (1, 2, 3)[Index(0)], range(10)[Index(4)], b"abc"[Index(1)], l[True], l[:Index(2)])
l[Index(0)] = "zero"
l[Index(1):Index(3)] = ["one"]
del l[Index(-1)]
print(l)


class BadIndex:
    def __index__(self):
        raise ValueError("bad index")


class WrongIndex:
    def __index__(self):
        return "x"


for bad in (1.0, "1", None, [], BadIndex(), WrongIndex(), 1j, slice("a", 2), slice(1.5), slice(None, BadIndex())):
    for target in ([1, 2], (1, 2), "ab", b"ab", bytearray(b"ab"), range(2), memoryview(b"ab")):
        try:
            target[bad]
        except Exception as e:
            print(type(target).__name__, type(e).__name__, e)
for f in (lambda: 5[0], lambda: None["a"], lambda: (lambda: 0)[0], lambda: int[0], lambda: object()[1], lambda: {1: 2}[1:2], lambda: {1, 2}[0], lambda: iter([])[0], lambda: (x for x in ())[0], lambda: 1.5[0], lambda: len[0], lambda: type(None)[0], lambda: True[0], lambda: ...[0]):
    err(f)


def assign(target, key, value):
    target[key] = value


def delete(target, key):
    del target[key]


for t in ((1,), "a", b"a", 5, None, range(3), {1}, frozenset(), int, object(), len):
    err(assign, t, 0, 1)
    err(delete, t, 0)
m = [[0] * 3 for _ in range(3)]
m[1][2] = 5
m[0][:] = "abc"
m[-1][::2] = [7, 8]
print(m, m[1:][0][::-1], [row[1] for row in m], "abc"[::-1][0], "hello"[1:][:-1][::2], [1, 2, 3][1:][0], (1, (2, (3,)))[1][1][0])
x = {"a": {"b": [1, {"c": (10, 20)}]}}
x["a"]["b"][1]["c"] += (30,)
x["a"]["b"][0] -= 5
print(x)
a = [0, 1, 2]
a[a[1]], a[0] = "x", "y"
print(a)
k = 0
k, a[k] = 2, "late"
print(k, a)
a[0:2], b = (9, 9), a[2]
print(a, b)
