"""Memory views: casts, slices, comparison, assignment, over generated shapes."""
seed = 7


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (seed >> 33) % n


def show(f):
    try:
        r = f()
        print("view" if isinstance(r, memoryview) else r)
    except Exception as e:
        print(type(e).__name__, e)


def attributes(m):
    return [getattr(m, n) for n in "format itemsize nbytes ndim shape strides suboffsets readonly c_contiguous "
            "f_contiguous contiguous".split()] + [len(m)]


FORMATS = list("cbBhHiIlLqQnNfd?P") + ["@b", "<i", "x", ""]
for round in range(700):
    n = [0, 1, 2, 3, 4, 8, 12, 16, 24, 32][rnd(10)]
    raw = bytes((rnd(4) * 60 + i) % 256 for i in range(n))
    m = memoryview(raw if rnd(2) else bytearray(raw))
    for _ in range(5):
        k = rnd(7)
        try:
            if k == 0:
                m = m.cast(FORMATS[rnd(len(FORMATS))])
            elif k == 1:
                m = m.cast("B")
            elif k == 2:
                m = m.cast(FORMATS[rnd(8)], [[2, 3], [3, 4], [2, 2, 2], [4], [1], []][rnd(6)])
            elif k < 5:
                m = m[slice(rnd(9) - 4, rnd(9) - 4, [None, 1, 2, -1, -2][rnd(5)])]
            elif k == 5:
                m = m.toreadonly()
            else:
                m = m[::-1]
        except Exception as e:
            print(type(e).__name__, e)
    show(lambda: attributes(m))
    show(lambda: repr(m.tolist()) if "nan" not in repr(m.tolist()) else "nan")
    show(lambda: m.tobytes())
    show(lambda: m.tobytes("F"))
    show(lambda: m.hex(":", 2))
    show(lambda: m == m.tobytes())
    show(lambda: m == m[:])
    show(lambda: m[rnd(5) - 2])
    show(lambda: m[rnd(3), rnd(3)])
    show(lambda: m[()])
    show(lambda: m[...])
    show(lambda: m.__setitem__(rnd(3), [1, 300, -1, 1.5, b"a", "a", None, True][rnd(8)]))
    show(lambda: m.__setitem__(slice(0, 2), b"xy"))
    show(lambda: m.__setitem__((0, 1), 5))
    show(lambda: list(m) if m.format not in "fd" else None)
    show(lambda: bytes(m))
    show(lambda: hash(m) == hash(m.tobytes()))
    m.release()
    show(lambda: len(m))
b = bytearray(b"abc")
with memoryview(b) as m:
    show(lambda: b.append(1))
    s = m[1:]
show(lambda: b.append(1))
s.release()
show(lambda: b.append(1))
print(b)
