"""Every method of bytes and bytearray over generated data."""
seed = 99


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (seed >> 33) % n


ALPHABETS = [b"ab", b"aAbB ", b"a\n\t \r\x0b", b"\x00\xff\x80", b"0123-+", b"'\"\\", b"\x1c\x85"]


def data(limit=12):
    a = ALPHABETS[rnd(len(ALPHABETS))]
    return bytes(a[rnd(len(a))] for _ in range(rnd(limit)))


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def bounds():
    return [None, 0, 1, -1, 3, -3, 50, -50, 10**30][rnd(9)]


PLAIN = "capitalize lower upper title swapcase isalnum isalpha isascii isdigit islower isspace istitle isupper strip lstrip " \
        "rstrip split rsplit splitlines expandtabs hex decode".split()
for round in range(900):
    kind = bytes if rnd(2) else bytearray
    s, t, u = data(), data(3), data(3)
    p = rnd(len(s) + 1)
    s = kind(s[:p] + t + s[p:] + t)
    if rnd(3) == 0:
        t = bytearray(t)
    n = rnd(20) - 3
    for name in PLAIN:
        show(getattr(s, name))
    show(lambda: (len(s), s + t, t + s, s * (n % 4), s[n:], s[::-1], s[1::2], s[n % 7:n:3]))
    show(lambda: (s == t, s < t, s <= t, s > t, t in s, 97 in s, s == memoryview(bytes(s))))
    i, j = bounds(), bounds()
    for name in ("find", "rfind", "index", "rindex", "count", "startswith", "endswith"):
        show(lambda: getattr(s, name)(t, i, j))
        show(lambda: getattr(s, name)(97, i, j))
    show(lambda: s.startswith((u, bytes(t)), i))
    show(lambda: (s.split(t, n), s.rsplit(t, n), s.partition(t), s.rpartition(t)))
    show(lambda: (s.split(None, n), s.rsplit(None, n), s.splitlines(True)))
    show(lambda: (s.strip(t), s.lstrip(t), s.rstrip(u), s.removeprefix(t), s.removesuffix(t)))
    show(lambda: (s.replace(t, u), s.replace(t, u, n), s.replace(b"", u), s.replace(t, b"")))
    show(lambda: (s.center(n, (u or b"*")[:1]), s.ljust(n), s.rjust(n, b"x"), s.zfill(n), s.expandtabs(n)))
    show(lambda: t.join([s, u, memoryview(s)]))
    show(lambda: s.translate(bytes.maketrans(b"ab", b"xy"), t))
    show(lambda: (repr(s), s.hex(":", n), s.hex("-"), kind.fromhex(s.hex(" "))))
    show(lambda: list(s))
    show(lambda: s[n])
    for enc in ("utf-8", "latin-1", "ascii", "utf-16", "utf-16-be", "utf-32", "utf-7", "unicode_escape", "raw_unicode_escape", "cp1252"):
        for err in ("strict", "ignore", "replace", "backslashreplace", "surrogatepass", "surrogateescape")[rnd(3)::3]:
            show(lambda: ascii(s.decode(enc, err)))
    b = bytearray(s)
    for step in range(12):
        k = rnd(8)
        if k == 0:
            show(lambda: b.append(rnd(256)))
        elif k == 1:
            show(lambda: b.extend(t))
        elif k == 2:
            show(lambda: b.pop(rnd(5) - 2))
        elif k == 3:
            show(lambda: b.insert(rnd(9) - 4, rnd(300)))
        elif k == 4:
            x, y, z = rnd(9) - 4, rnd(9) - 4, [None, 1, 2, -1, -2][rnd(5)]
            show(lambda: b.__setitem__(slice(x, y, z), u))
        elif k == 5:
            x, y, z = rnd(9) - 4, rnd(9) - 4, [None, 1, 2, -1, -2][rnd(5)]
            show(lambda: b.__delitem__(slice(x, y, z)))
        elif k == 6:
            del b[:rnd(4)]
        else:
            show(lambda: b.remove(97))
        print(b)
    b.reverse()
    show(lambda: b.extend(b))
    show(lambda: b.__iadd__(b))
    b *= 2
    print(b, b.copy(), len(b))
