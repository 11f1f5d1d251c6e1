"""bytearray: mutation; memoryview: slices, casts, errors."""
import array
from _show import err, show

ba = bytearray(b"abc")
ba.append(100)
ba.extend(b"ef")
ba.extend([103, 104])
ba.insert(0, 90)
ba += b"!"
ba[1] = 65
ba[2:4] = b"XYZ"
ba[::3] = b"....."[:len(ba[::3])]
print(ba, ba.pop(), ba.pop(0), ba)
del ba[0], ba[-2:]
ba.remove(101) if 101 in ba else None
ba.reverse()
print(ba, ba.copy() is ba, ba.__alloc__() >= len(ba))
ba *= 2
ba[2:2] = b"mid"
print(ba)
ba.clear()
print(ba, bytearray(5), bytearray("é", "latin-1"))
for f in (lambda: bytearray(b"a").append(256), lambda: bytearray(b"a").append("x"), lambda: bytearray().pop(), lambda: bytearray(b"a").remove(5), lambda: bytearray(b"a").extend(5), lambda: bytearray(b"a").extend("a"), lambda: bytearray(b"a").extend([300]), lambda: bytearray(b"abc").__setitem__(5, 1), lambda: bytearray(b"abc").__setitem__(0, 300), lambda: bytearray(b"abc").__setitem__(slice(0, 3, 2), b"x"), lambda: bytearray(b"abc").__setitem__(slice(0, 1), 5 if False else "x"), lambda: bytearray(b"a").insert("x", 1), lambda: bytearray(b"abc").__delitem__(9)):
    err(f)
ba = bytearray(b"export")
m = memoryview(ba)
err(ba.append, 1)
err(ba.clear)
m[0] = 69
m[1:3] = b"XP"
show(ba, m.tobytes(), m.tolist(), len(m), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.readonly, m.contiguous, m.obj is ba, m.suboffsets)
err(m.__setitem__, 0, 300)
err(m.__setitem__, 0, "x")
err(m.__setitem__, slice(0, 2), b"toolong")
err(m.__setitem__, 99, 1)
err(m.__delitem__, 0)
m.release()
err(lambda: m[0])
err(lambda: len(m))
print(repr(m).split(" at")[0])
ba.append(33)
print(ba)
with memoryview(b"abcdef") as v:
    show(v[1:4].tobytes(), v[::-1].tobytes(), v[::2].tolist(), v[-1], v == b"abcdef", v[1:] == b"bcdef", v != b"", hash(v) == hash(b"abcdef"), b"cd" in bytes(v), 97 in v, list(v)[:2], v.hex(), v.readonly, v[2:4].nbytes, bytes(v[::2]), v.count if hasattr(v, "count") else "no count")
    err(v.__setitem__, 0, 1)
    err(lambda: v["a"])
    err(lambda: v[0, 0])
a = array.array("i", [1, 2, 3, 4])
v = memoryview(a)
show(v.format, v.itemsize, v.nbytes, v.tolist(), v[1], v[1:3].tolist(), v.cast("B").nbytes, v.cast("B")[0], v.cast("B").cast("i").tolist(), v.cast("B").cast("i", (2, 2)).tolist(), v.cast("B").cast("i", (2, 2)).shape)
v[0] = 100
print(a, v.cast("B").cast("i", (2, 2))[1, 0])
err(v.__setitem__, 0, 2 ** 40)
err(v.__setitem__, 0, 1.5)
err(lambda: v.cast("h"))
err(lambda: v.cast("B").cast("Z"))
err(lambda: memoryview(5))
err(lambda: memoryview("a"))
err(lambda: memoryview(bytearray(b"a")).__hash__())
d = memoryview(array.array("d", [1.5, 2.5]))
show(d.tolist(), d[0], d == array.array("d", [1.5, 2.5]), d == array.array("f", [1.5, 2.5]), d.tobytes() == bytes(d), memoryview(b"ab") == bytearray(b"ab"), d.toreadonly().readonly)


class B(bytes):
    def __repr__(self):
        return "B!"


x = B(b"abc")
print(x, x == b"abc", x.upper(), type(x.upper()).__name__, x[1:], {x: 1}[b"abc"], bytes(x), type(bytes(x)).__name__, B.fromhex("41"), x + b"")
show(b"a\x80".decode("latin-1"), b"\xe2\x82\xac".decode(), bytes("€", "utf-16-le"), hash(b"a") == hash(bytes([97])), b"abc" > b"abB", b"" < b"a", b"a".__contains__(97), b"ab".__iter__().__next__(), bytes.__doc__.splitlines()[0], (b"x" * 1000).count(b"x"), b"\n".join([b"1", b"2"]))
