"""bytes, bytearray and memoryview: construction, every method, mutation, buffers, errors."""
import array
from _show import err

print(bytes(), bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(bytearray(b"y")), bytes(range(3)), bytes(memoryview(b"mv")), bytes(array.array("H", [1, 2])), bytes(True), b"a" b"b", rb"\n", Rb"\x", b"\x00\xff\n\t\\'\"", b'"', b"it's", b"""tri\nple""", b"\101\x41\q" if False else b"\101\x41")
for f in (lambda: bytes(-1), lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes(["a"]), lambda: bytes("a"), lambda: bytes("a", 5), lambda: bytes(1.5), lambda: bytes(None), lambda: bytes(5, "utf-8"), lambda: bytes([1], "utf-8"), lambda: bytes(1, 2, 3, 4), lambda: bytes("é", "ascii"), lambda: b"a" + "b", lambda: b"a" in "a", lambda: "a" in b"a", lambda: 256 in b"a", lambda: b"a"[5], lambda: b"a"["x"], lambda: b"a".find(256), lambda: b"a".join(["a"]), lambda: b"a".join([1]), lambda: b"a".split(b""), lambda: b"a".split("a"), lambda: b"a".replace("a", "b"), lambda: b"a".startswith("a"), lambda: b"a".index(b"z"), lambda: b"a".strip("a"), lambda: b"a".decode("ascii", "nonsense") and b"\xff".decode("ascii", "nonsense"), lambda: b"\xff".decode(), lambda: b"a".center(5, b"xx"), lambda: b"a".translate(b"short"), lambda: bytes.maketrans(b"a", b"bc"), lambda: bytes.fromhex("zz"), lambda: bytes.fromhex("1"), lambda: bytes.fromhex(5), lambda: b"a" < "a", lambda: b"a" * "b", lambda: b"ab".hex(5), lambda: b"ab".hex("xx"), lambda: b"a".partition(b""), lambda: b"a".zfill("x"), lambda: bytes(1 << 70), lambda: b"a"[1 << 70], lambda: b"".__getitem__(0), lambda: b"x".expandtabs("y"), lambda: b"a".removeprefix("a"), lambda: b"a".count("a"), lambda: b"a".setdefault, lambda: hash(bytearray()), lambda: b"a".rindex(b"q"), lambda: b"%d" % "x"):
    err(f)
for t in (bytes, bytearray):
    b = t(b"Hello, World! hello")
    print(b, len(b), b[0], b[-1], b[1:5], b[::-2], 72 in b, b"World" in b, b"x" in b, b.find(b"o"), b.find(108), b.rfind(b"l"), b.find(b"z"), b.count(b"l"), b.count(108), b.index(b"W"), b.startswith(b"He"), b.startswith((b"x", b"H")), b.endswith(b"lo"), b.endswith(b"l", 0, 4))
    print(b.upper(), b.lower(), b.title(), b.capitalize(), b.swapcase(), b.replace(b"l", b"LL"), b.replace(b"l", b"", 2), b.split(), b.split(b"o"), b.split(b"o", 1), b.rsplit(b"o", 1), b.partition(b","), b.rpartition(b"l"), b.splitlines())
    print(t(b"  x ").strip(), t(b"xxaxx").strip(b"x"), t(b"xay").lstrip(b"yx"), t(b"xay").rstrip(b"yx"), t(b"a").center(5, b"*"), t(b"a").ljust(3), t(b"a").rjust(3, b"0"), t(b"-5").zfill(5), t(b"a\tb").expandtabs(4), t(b",").join([b"a", bytearray(b"b"), memoryview(b"c")]))
    print(t(b"abc").isalpha(), t(b"12").isdigit(), t(b"a1").isalnum(), t(b" ").isspace(), t(b"A").isupper(), t(b"a").islower(), t(b"Ab").istitle(), t(b"\x80").isascii(), t(b"").isalpha(), t(b"").isascii())
    print(t(b"abc").translate(bytes.maketrans(b"ab", b"xy")), t(b"abc").translate(None, b"b"), t(b"abc").translate(bytes(range(256)), b"a"), t(b"\x01\xab").hex(), t(b"\x01\xab\xcd").hex("-"), t(b"\x01\xab\xcd\xef").hex(":", 2), t(b"\x01\xab\xcd").hex(":", -2), t.fromhex("01 ab\ncd"), t(b"abc").removeprefix(b"a"), t(b"abc").removesuffix(b"c"))
    print(t(b"a") + b"b", b"x" + t(b"a"), t(b"a") * 3, 2 * t(b"a"), t(b"a") == b"a", t(b"a") < b"b", t(b"a") != "a", sorted([t(b"b"), t(b"a")]), list(t(b"ab")), list(reversed(t(b"ab"))), max(t(b"ab")), t(b"caf\xc3\xa9").decode(), t(b"a\nb\r\nc").splitlines(True), str(t(b"x")), repr(t(b"'\"")), bool(t()), t(b"%s %d") % (b"a", 5), t(b"ab").copy() if t is bytearray else "", type(t(b"a") + b"").__name__)
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
print(ba, m.tobytes(), m.tolist(), len(m), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.readonly, m.contiguous, m.obj is ba, m.suboffsets)
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
    print(v[1:4].tobytes(), v[::-1].tobytes(), v[::2].tolist(), v[-1], v == b"abcdef", v[1:] == b"bcdef", v != b"", hash(v) == hash(b"abcdef"), b"cd" in bytes(v), 97 in v, list(v)[:2], v.hex(), v.readonly, v[2:4].nbytes, bytes(v[::2]), v.count if hasattr(v, "count") else "no count")
    err(v.__setitem__, 0, 1)
    err(lambda: v["a"])
    err(lambda: v[0, 0])
a = array.array("i", [1, 2, 3, 4])
v = memoryview(a)
print(v.format, v.itemsize, v.nbytes, v.tolist(), v[1], v[1:3].tolist(), v.cast("B").nbytes, v.cast("B")[0], v.cast("B").cast("i").tolist(), v.cast("B").cast("i", (2, 2)).tolist(), v.cast("B").cast("i", (2, 2)).shape)
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
print(d.tolist(), d[0], d == array.array("d", [1.5, 2.5]), d == array.array("f", [1.5, 2.5]), d.tobytes() == bytes(d), memoryview(b"ab") == bytearray(b"ab"), d.toreadonly().readonly)


class B(bytes):
    def __repr__(self):
        return "B!"


x = B(b"abc")
print(x, x == b"abc", x.upper(), type(x.upper()).__name__, x[1:], {x: 1}[b"abc"], bytes(x), type(bytes(x)).__name__, B.fromhex("41"), x + b"")
print(b"a\x80".decode("latin-1"), b"\xe2\x82\xac".decode(), bytes("€", "utf-16-le"), hash(b"a") == hash(bytes([97])), b"abc" > b"abB", b"" < b"a", b"a".__contains__(97), b"ab".__iter__().__next__(), bytes.__doc__.splitlines()[0], (b"x" * 1000).count(b"x"), b"\n".join([b"1", b"2"]))
