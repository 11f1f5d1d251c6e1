"""Every method of str over generated texts of all widths, with results and messages."""
seed = 4711


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (seed >> 33) % n


ALPHABETS = ["ab", "aAbB ", "a\n\t \r", "xé ß", "aΣσςα ", "ıİiI", "a€ǆ", "\U0001F600a\U00010400", "0½٣²", "\ud800a", "_1a", "ﬁﬀŉ",
             "\x1c\x85\u2028\n", "'\"\\", "\x00\x7f\xad"]


def text(limit=12):
    a = ALPHABETS[rnd(len(ALPHABETS))]
    b = ALPHABETS[rnd(len(ALPHABETS))] if rnd(3) == 0 else a
    return "".join((a + b)[rnd(len(a + b))] for _ in range(rnd(limit)))


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


def bounds():
    return [None, 0, 1, -1, 3, -3, 50, -50, 10**30][rnd(9)]


PLAIN = "capitalize casefold lower upper title swapcase isalnum isalpha isascii isdecimal isdigit isidentifier islower " \
        "isnumeric isprintable isspace istitle isupper strip lstrip rstrip split rsplit splitlines expandtabs".split()
for round in range(1200):
    s, t, u = text(), text(3), text(3)
    if rnd(2):
        p = rnd(len(s) + 1)
        s = s[:p] + t + s[p:] + t
    n = rnd(20) - 3
    for name in PLAIN:
        show(getattr(s, name))
    show(lambda: (len(s), s + t, s * (n % 4), s[n:], s[::-1], s[1::2], s[n % 7:n:3]))
    show(lambda: (s == t, s < t, s <= t, s > t, t in s, s in t, hash(s) == hash(s[:1] + s[1:])))
    i, j = bounds(), bounds()
    for name in ("find", "rfind", "index", "rindex", "count", "startswith", "endswith"):
        show(lambda: getattr(s, name)(t, i, j))
    show(lambda: s.startswith((u, t), i))
    show(lambda: (s.split(t, n), s.rsplit(t, n), s.partition(t), s.rpartition(t)))
    show(lambda: (s.split(None, n), s.rsplit(None, n), s.splitlines(True)))
    show(lambda: (s.strip(t), s.lstrip(t), s.rstrip(u), s.removeprefix(t), s.removesuffix(t)))
    show(lambda: (s.replace(t, u), s.replace(t, u, n), s.replace("", u), s.replace(t, "")))
    show(lambda: (s.center(n, (u or "*")[:1]), s.ljust(n, "€"), s.rjust(n), s.zfill(n), s.expandtabs(n)))
    show(lambda: t.join([s, u, s]))
    show(lambda: s.translate({ord(c): x for c, x in zip(t, [u, None, 0x20AC])}))
    show(lambda: s.translate(str.maketrans(t, u[:len(t)].ljust(len(t), "z"), "a")))
    show(lambda: (repr(s), ascii(s), str(s), format(s, f"{(u or '*')[:1]}^{abs(n)}.{rnd(9)}")))
    for enc in ("utf-8", "latin-1", "ascii", "utf-16", "utf-32-le", "utf-7", "unicode_escape", "raw_unicode_escape", "cp1252"):
        for err in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace",
                    "surrogatepass", "surrogateescape")[rnd(4)::4]:
            show(lambda: s.encode(enc, err))
            show(lambda: s.encode(enc, err).decode(enc, err) == s)
    show(lambda: list(s))
    show(lambda: s[n])
    r = s
    for k in range(5):
        r += t
        r += u
    show(lambda: r)
