"""What marshal.loads and load say to damaged data, and the bytes that dumps gives."""
import io
import marshal

cases = [
    b"", b"0", b"\xb0", b"(", b"(\1\0\0\0", b"(\1\0\0\x000", b"[\1\0\0\x000", b"[\xff\xff\xff\xff", b"(\xff\xff\xff\xff",
    b"<\xff\xff\xff\xff", b"s\xff\xff\xff\xff", b"u\xff\xff\xff\xff", b"s\5\0\0\0a", b"{0", b"{N0", b"{NN", b"{N",
    b"r\0\0\0\0", b"\xdb\1\0\0\0r\0\0\0\0", b"\xa9\2r\0\0\0\0N", b"\xbc\1\0\0\0r\0\0\0\0", b"\xbe\1\0\0\0r\0\0\0\0",
    b"l\0\0\0\0", b"l\1\0\0\0\0\0", b"l\1\0\0\0\xff\xff", b"l\xff\xff\xff\xff\1\0", b"l\0\0\0\x80", b"f\0031.5",
    b"f\3abc", b"f\0", b"f\0041.5\0", b"f\5 1.5 ", b"x\0031.5\0012", b"x\1a\0012", b"y\0", b"g" + b"\xff" * 8,
    b"z\1\xff", b"u\1\0\0\0\xff", b"q", b"?", b"I\1\0\0\0\0\0\0\x80", b")\2N0", b"<\1\0\0\x000", b"{[\0\0\0\0N0",
    b"[\2\0\0\0\xe9\5\0\0\0r\1\0\0\0", b"(\3\0\0\0\xce\xe9\5\0\0\0r\0\0\0\0", b"(\3\0\0\0\xd4\xae\xd3r\0\0\0\0",
    b"c", b">\2\0\0\0N[\0\0\0\0", b")\1" * 1998 + b"N", b")\1" * 1999 + b"N", b")\1" * 2000 + b"N",
    b"[\1\0\0\0" * 2000 + b"N", b"{N" * 1000 + b"N", b"r\xff\xff\xff\xff",
]
for case in cases:
    try:
        value = marshal.loads(case)
        print(case[:20], type(value).__name__, repr(value) if len(case) < 100 else "")
    except Exception as error:
        print(case[:20], type(error).__name__, error)
    if len(case) < 100:
        try:
            print("   ", repr(marshal.load(io.BytesIO(case))))
        except Exception as error:
            print("   ", type(error).__name__, error)


def fresh(n):
    return [n + 1000]


# What nothing else refers to has no number, in lists and dicts either.
print(marshal.dumps([fresh(1), (fresh(2),), {bytes([64, 65]): fresh(3), bytes([66, 67]): (fresh(4),)}]))
