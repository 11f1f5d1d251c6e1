"""unicodedata, str predicates over all characters by checksum, codecs, normalization, identifiers."""
import codecs
import unicodedata
import zlib
from _show import err, show

print(unicodedata.unidata_version)
for ch in "aÄ€½٣日가Ⅷ\u0301𝄞\u00a0":
    show(ascii(ch), unicodedata.name(ch), unicodedata.category(ch), unicodedata.bidirectional(ch), unicodedata.combining(ch), unicodedata.east_asian_width(ch), unicodedata.mirrored(ch), ascii(unicodedata.decomposition(ch)), unicodedata.decimal(ch, None), unicodedata.digit(ch, None), unicodedata.numeric(ch, None))
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    print(form, [ascii(unicodedata.normalize(form, s)) for s in ("é", "e\u0301", "ﬁ", "½", "가", "\u1112\u1161\u11ab", "Å", "a\u0315\u0300\u05ae", "\u2126", "ｶﾞ")], unicodedata.is_normalized(form, "é"))
print(unicodedata.lookup("GREEK SMALL LETTER ALPHA"), unicodedata.lookup("latin small letter a"), ascii(unicodedata.lookup("HANGUL SYLLABLE GAG")), ascii(unicodedata.lookup("CJK UNIFIED IDEOGRAPH-4E00")))
err(unicodedata.lookup, "NO SUCH NAME")
err(unicodedata.name, "\x00")
print(unicodedata.name("\x00", "none"))
err(unicodedata.decimal, "a")
err(unicodedata.numeric, "a")
err(unicodedata.normalize, "XXX", "a")
err(unicodedata.name, "ab")


def checksum(function, limit=0x30000):
    crc = 0
    for start in range(0, limit, 4096):
        crc = zlib.crc32("".join(str(function(chr(c))) for c in range(start, start + 4096)).encode("utf-8", "surrogatepass"), crc)
    return crc


for name in ("isalpha", "isdecimal", "isdigit", "isnumeric", "isspace", "isupper", "islower", "istitle", "isprintable", "isidentifier", "isalnum"):
    print(name, checksum(lambda c: int(getattr(c, name)())))
for name in ("upper", "lower", "title", "casefold", "swapcase"):
    print(name, checksum(lambda c: getattr(c, name)()))
for name in ("category", "bidirectional", "combining", "east_asian_width", "mirrored", "decomposition"):
    print(name, checksum(getattr(unicodedata, name)))
print("numeric", checksum(lambda c: unicodedata.numeric(c, "")), "names", checksum(lambda c: unicodedata.name(c, ""), 0x12000))
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    print(form, checksum(lambda c: unicodedata.normalize(form, c), 0x20000))
naïve = 1
µ = 2
print(naïve, μ, "μ" in globals())
ﬁ = 3
print(fi)
data = "aé€𝄞\n"
for enc in ("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "unicode_escape", "raw_unicode_escape"):
    b = data.encode(enc)
    print(enc, b, b.decode(enc) == data)
for enc in ("latin-1", "cp1252", "cp437", "koi8-r", "iso8859-15", "ascii", "mac-roman", "cp1251", "charmap"):
    try:
        print(enc, "é€".encode(enc, "replace"), bytes(range(128, 140)).decode(enc, "replace").encode("unicode_escape"))
    except Exception as e:
        print(enc, type(e).__name__, e)
for raw in (b"\xff", b"a\xc3", b"\xc3(", b"\xe2\x82", b"\xf0\x9d\x84", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"a\x80b", b"\xe2\x28\xa1"):
    for errors in ("strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass"):
        try:
            print(raw, errors, ascii(raw.decode("utf-8", errors)))
        except UnicodeDecodeError as e:
            print(raw, errors, e)
err(lambda: b"\xff\xfe\x00".decode("utf-16"))
err(lambda: b"\x00\xd8".decode("utf-16-le"))
err(lambda: b"\x00\x00\x11\x00".decode("utf-32-le"))
err(lambda: b"\\x4".decode("unicode_escape"))
err(lambda: b"\\N{NOPE}".decode("unicode_escape"))
err(lambda: b"\x81".decode("cp1252"))
print(b"\\u20ac\\x41\\N{BULLET}\\101\\n".decode("unicode_escape"))
codecs.register_error("mine", lambda e: (ascii(e.object[e.start:e.end]), e.end))
print("aéb".encode("ascii", "mine"), b"a\xffb".decode("utf-8", "mine"))
show(codecs.lookup("UTF8").name, codecs.lookup("Latin_1").name, codecs.encode("abc", "rot13"), codecs.encode(b"abc", "hex"), codecs.decode(b"YWJj", "base64"), codecs.encode(b"abc", "zlib") != b"")
dec = codecs.getincrementaldecoder("utf-8")()
print([dec.decode(bytes([b])) for b in "é€𝄞".encode()], dec.getstate())
enc = codecs.getincrementalencoder("utf-16")()
print(enc.encode("a"), enc.encode("b"))
reader = codecs.getreader("utf-8")
import io

print(reader(io.BytesIO("zeile1\nzeilé2\n".encode())).readlines(), codecs.BOM_UTF8, codecs.iterdecode([b"\xc3", b"\xa9"], "utf-8").__next__() if False else list(codecs.iterdecode([b"\xc3", b"\xa9"], "utf-8")))
err(codecs.lookup, "no-such-codec")
err(codecs.lookup_error, "no-such-handler")
print("\N{SNOWMAN}\N{latin small letter e with acute}\u00e9\x41\101\U0001F600")


class Sub(str):
    pass


for view in (unicodedata, unicodedata.ucd_3_2_0):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        print(form, [type(view.normalize(form, Sub(s))).__name__ for s in ("", "abc", "\xe9", "e\u0301")])
    for name in ("SPACE\0", "\0", "a\0b", b"\xff", b"a\0b"):
        err(view.lookup, name)
text = "abc"
print(unicodedata.normalize("NFC", text) is text)

# Long runs of combining characters are put in order, and soon; those of one class stay as they are.
marks = [chr(c) for c in range(0x300, 0x370) if unicodedata.combining(chr(c))]
for n in (1, 2, 31, 32, 33, 34, 200, 300000):
    text = "e" + "".join(marks[i * 7919 % len(marks)] for i in range(n)) + "a\u0323\u0301"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        done = unicodedata.normalize(form, text)
        print(n, form, len(done), zlib.crc32(done.encode()), unicodedata.is_normalized(form, done))
