"""audioop: every function over every width, on made-up sounds and on the corner values."""
import audioop
import hashlib
import random

r = random.Random(7)


def sound(width, n):
    corner = [0, 1, -1, (1 << (8 * width - 1)) - 1, -(1 << (8 * width - 1)), 5, 5, -7]
    values = corner + [r.randrange(-(1 << (8 * width - 1)), 1 << (8 * width - 1)) for _ in range(n - len(corner))]
    return b"".join(v.to_bytes(width, "little", signed=True) for v in values)


def show(name, *args):
    try:
        v = getattr(audioop, name)(*args)
    except Exception as e:
        v = f"{type(e).__name__}: {e}"
    text = repr(v)
    print(name, *[a if not isinstance(a, bytes) else len(a) for a in args],
          text if len(text) < 120 else hashlib.md5(text.encode()).hexdigest() + text[:40])


for w in (1, 2, 3, 4):
    for n in (8, 60):
        s, t = sound(w, n), sound(w, n)
        for name in ("max", "minmax", "avg", "rms", "cross", "avgpp", "maxpp", "reverse", "byteswap", "lin2ulaw",
                     "lin2alaw", "ulaw2lin", "alaw2lin"):
            show(name, s, w)
            show(name, b"", w)
        for f in (0, 0.5, -1.25, 3.7, 1e300):
            show("mul", s, w, f)
            show("tomono", s, w, f, 0.25)
            show("tostereo", s, w, f, -0.75)
        for other in (1, 2, 3, 4, 5):
            show("lin2lin", s, w, other)
        show("add", s, t, w)
        show("add", s, t[w:], w)
        show("bias", s, w, 77)
        show("bias", s, w, -2**31)
        show("getsample", s, w, 3)
        show("getsample", s, w, n)
        show("getsample", s, w, -1)
        show("max", s + b"x", w)
        for i, o in ((8000, 8000), (8000, 16000), (44100, 8000), (3, 7), (7, 3)):
            for ch in (1, 2):
                show("ratecv", s, w, ch, i, o, None)
                show("ratecv", s, w, ch, i, o, None, 5, 2)
                state = None
                for part in range(0, len(s), 4 * w):
                    out, state = audioop.ratecv(s[part:part + 4 * w], w, ch, i, o, state)
                    print(out.hex(), state)
        show("lin2adpcm", s, w, None)
        show("adpcm2lin", s, w, None)
        show("lin2adpcm", s, w, (100, 30))
        show("adpcm2lin", s, w, (-5000, 88))
for byte in range(256):
    print(audioop.ulaw2lin(bytes([byte]), 4).hex(), audioop.alaw2lin(bytes([byte]), 4).hex())
every = b"".join(v.to_bytes(2, "little", signed=True) for v in range(-32768, 32768))
print(hashlib.md5(audioop.lin2ulaw(every, 2)).hexdigest(), hashlib.md5(audioop.lin2alaw(every, 2)).hexdigest())
s, t = sound(2, 50), sound(2, 10)
show("findfit", s, t)
show("findfit", s + t + s, t)
show("findfit", t, s)
show("findfactor", s, s[:50])
show("findfactor", s, sound(2, 50))
show("findmax", s, 7)
show("findmax", s, 50)
show("findmax", s, 51)
show("findmax", s, -1)
show("findmax", s[:3], 1)
for bad in (("max", b"ab", 5), ("max", b"ab", 0), ("max", "ab", 1), ("ratecv", b"ab", 1, 0, 1, 1, None), ("ratecv", b"ab", 1, 1, 0, 1, None),
            ("ratecv", b"ab", 1, 1, 1, 1, None, 0), ("ratecv", b"abc", 1, 2, 1, 1, None), ("ratecv", b"ab", 1, 1, 1, 1, 5),
            ("ratecv", b"ab", 1, 1, 1, 1, (1, ())), ("ratecv", b"ab", 1, 1, 1, 1, (1, 42)), ("ratecv", b"ab", 1, 1, 1, 1, (1, (2,))), ("ratecv", b"ab", 4, 2**30, 1, 1, None), ("lin2adpcm", b"ab", 1, 5),
            ("lin2adpcm", b"ab", 1, (0, 89)), ("lin2adpcm", b"ab", 1, (0, -1)), ("lin2adpcm", b"ab", 1, (40000, 0))):
    show(*bad)
for function in ("lin2adpcm", "adpcm2lin"):
    for state in ((), (0,), (0, 1, 2), (2**31, 0), (0, -2**31 - 1), (0, 2**70), ("x", 0)):
        show(function, b"ab", 1, state)
for state in ((-2**31 - 1, ((0, 0),)), (2**31, ((0, 0),)), (-1, ((2**31, 0),)), (-1, ((0, -2**31 - 1),))):
    show("ratecv", b"abcd", 2, 1, 8000, 8000, state)
import importlib
import sys
import warnings

del sys.modules["audioop"]
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    importlib.import_module("audioop")
print([(w.category.__name__, str(w.message)) for w in seen])
