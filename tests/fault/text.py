"""Strings, bytes, formatting, numbers as text, codecs, struct, json, regular expressions."""
import binascii
import codecs
import json
import re
import struct
import io


def case_str():
    s = "Hello, Wörld \U0001F600 " * 3
    parts = s.split(), s.rsplit(" ", 2), s.splitlines(), s.partition(","), "-".join(s.split()), s.replace("l", "LL"), s.upper(), s.title()
    more = s.encode(), s.encode("utf-16"), s.encode("latin-1", "replace"), s.center(200, "*"), s.translate({72: "J", 101: None}), s.casefold()
    last = s[::-1], s[3:40:2], s * 3, s.strip(" H"), s.expandtabs(), s.zfill(90), "%s|%r|%5.2f|%x" % (s, s, 2.5, 255), s.swapcase()
    return parts, more, last, s.find("W"), s.count("l"), s.index("o"), s.startswith(("x", "H")), s.isalpha(), s.removeprefix("Hell"), max(s)


def case_format():
    class A:
        x = [1, 2]

        def __format__(self, spec):
            return "<" + spec + ">"
    v = 12345678901234567890
    return (f"{v:,}", f"{1.5:>10.3e}", f"{A():abc}{A.x[1]!r:^5}", "{0[0]} {a.x[1]} {b!s:>{w}}".format([7], a=A, b="t", w=6), format(2 ** 100, "_x"),
            "{:%}".format(0.25), f"{True!r}{None}{'nested ' f'{v}'}", "%(a)s %(b)05d" % {"a": 1, "b": 2}, repr(1.1), str(1e300 * 10), f"{v=}", str(2 ** 333))


def case_bytes():
    b = bytes(range(65, 91)) * 3
    a = bytearray(b)
    a.extend(b"xyz")
    a[2:5] = b"long replacement"
    del a[::7]
    a += b"!" * 50
    m = memoryview(a)
    part = bytes(m[3:20:2]), m.tolist()[:3], m.cast("B").nbytes, m[1:].tobytes()[:3], m.hex()[:8]
    m.release()
    return b.split(b"C"), a.replace(b"X", b"--"), b.hex("-", 4), bytes.fromhex("00 ff"), part, b.translate(None, b"ABC"), b.join([b"1", b"2"]), a.upper(), \
        b.decode(), b.center(100), b"%d %s" % (5, b"x"), bytes(a), a.find(b"!"), repr(a)[:20], b[::-1], bytes([1, 2, 3]), b.title(), b.lower()


def case_codecs():
    return (codecs.encode("abc", "rot13"), "äö€".encode("cp1252"), b"\xff\xfe".decode("utf-8", "surrogateescape"), "a\udcff".encode("utf-8", "surrogateescape"),
            b"abc\xff".decode("ascii", "backslashreplace"), "é".encode("ascii", "xmlcharrefreplace"), "\n\x00é".encode("unicode_escape"), binascii.hexlify(b"abc"),
            binascii.b2a_base64(b"hello" * 10), binascii.a2b_base64(b"aGVsbG8="), codecs.lookup("utf-8").name, "x".encode("utf-32"), "ü.de".encode("punycode"))


def case_struct():
    s = struct.Struct("<ihq3sdf?c10p")
    data = s.pack(1, -2, 3, b"abc", 2.5, 1.5, True, b"x", b"pascal")
    return data, s.unpack(data), struct.calcsize(">bbI"), list(struct.iter_unpack("<H", b"abcd")), struct.unpack_from("B", data, 3), struct.pack(">4H", 1, 2, 3, 4)


def case_json():
    data = {"a": [1, 2.5, None, True, "te\u1234xt\n"], "b": {"c": [], "d": {}}, "e": -1e20, "f": 10 ** 30}
    text = json.dumps(data, indent=2, sort_keys=True)
    return text, json.loads(text) == data, json.dumps(list(range(20))), json.loads('{"k": [1, "\\ud83d\\ude00", {"x": -0.5e3}]}'), json.dumps("é", ensure_ascii=False)


def case_regex():
    p = re.compile(r"(?P<word>\w+)\s*(?:=|:)\s*(\d+|'[^']*')(?=;)")
    text = "alpha = 12; beta: 'two'; gamma=3; " * 3
    m = p.search(text)
    return (p.findall(text), m.groups(), m.groupdict(), m.span(2), p.sub(lambda k: k["word"].upper(), text), p.split(text)[:3], [x.start() for x in p.finditer(text)],
            re.sub(r"(\w)(\w)", r"\2\1", "abcd"), m.expand(r"\g<word>-\2"), p.fullmatch("x=1"), repr(m), re.match(r"(a+)+b", "a" * 12), p.subn("", text)[1])


def case_regex_compile():
    re.purge()
    return re.compile(r"[^a-z\d_]{2,5}?(?i:x|yy|z*)(?<!q)\b(?:(a)|b)(?(1)c|d)", re.X | re.M).groups, re.escape("a.b*c")


def case_stringio():
    f = io.StringIO("one\ntwo\r\nthree", newline=None)
    lines = f.readlines()
    f.write("more" * 30)
    f.seek(3)
    b = io.BytesIO(b"abc\ndef\n")
    rows = list(b)
    b.write(b"xyz" * 50)
    t = io.TextIOWrapper(io.BytesIO("tëxt\nline\n".encode()), encoding="utf-8")
    got = t.readline(), t.read(2), t.tell() > 0, t.read()
    r = io.BufferedReader(io.BytesIO(bytes(100)), 16)
    return lines, f.read(5), f.getvalue()[:20], rows, b.getvalue()[:12], got, r.peek()[:3], r.read(30), r.readline()[:3], b.getbuffer()[2:4].tobytes()


def case_numbers():
    a = 3 ** 200
    return (a // 7, a % 1000, divmod(-a, 10 ** 40), a >> 33, a << 70, pow(3, 200, 10 ** 50), str(a), int(str(a)), int("z" * 30, 36), hex(a), a.to_bytes(50, "big"),
            int.from_bytes(b"\x01" * 30, "little"), a & (a >> 3), a ^ -5, ~a, -a, abs(-a), float(a), a / (a + 1), a == a + 0, round(a, -20), (2.5).as_integer_ratio(),
            complex("1+2j") * 3, (0.1).hex(), float.fromhex("0x1.8p3"), a * a, a.bit_length(), float("1e-320"), 10 ** 25 - 1.0, isinstance(a, int), hash(a))
