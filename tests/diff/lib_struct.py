"""struct: every code, order, alignment, errors."""
import struct
from _show import err, show

# struct
for fmt, args in [("b", (-5,)), ("B", (250,)), ("h", (-300,)), ("<h", (-300,)), (">H", (40000,)), ("i", (-5,)), ("<I", (2**32 - 1,)), ("q", (-2**63,)), (">Q", (2**64 - 1,)), ("l", (5,)), ("<L", (5,)), ("n", (-1,)), ("N", (1,)), ("e", (1.5,)), ("f", (1.5,)), ("<d", (3.14,)), ("?", (True,)), ("?", ([],)), ("c", (b"x",)), ("5s", (b"abc",)), ("2s", (b"abc",)), ("5p", (b"abc",)), ("x", ()), ("3x", ()), ("2h", (1, 2)), ("<bhi", (1, 2, 3)), ("@bhi", (1, 2, 3)), ("=bhiq", (1, 2, 3, 4)), (">3s2xH", (b"abc", 7)), ("bq", (1, 2)), ("0s", (b"",)), ("0i", ()), ("b0q", (1,)), ("P", (5,)), ("!I", (1,)), ("< h  h ", (1, 2)), ("s", (b"a",)), ("", ())]:
    packed = struct.pack(fmt, *args)
    print(fmt, packed, struct.unpack(fmt, packed), struct.calcsize(fmt))
for f in (lambda: struct.pack("b", 200), lambda: struct.pack("B", -1), lambda: struct.pack("h", 40000), lambda: struct.pack("<I", -1), lambda: struct.pack("<Q", 2**64), lambda: struct.pack("i", "a"), lambda: struct.pack("i", 1.5), lambda: struct.pack("f", "a"), lambda: struct.pack("c", b"ab"), lambda: struct.pack("s", "a"), lambda: struct.pack("z", 1), lambda: struct.pack("i"), lambda: struct.pack("i", 1, 2), lambda: struct.unpack("i", b"abc"), lambda: struct.unpack_from("i", b"abcd", 2), lambda: struct.pack_into("i", bytearray(2), 0, 1), lambda: struct.pack("e", 1e10), lambda: struct.pack("f", 1e100), lambda: struct.calcsize("5"), lambda: struct.unpack("i", "abcd"), lambda: list(struct.iter_unpack("h", b"abc")), lambda: struct.Struct(5), lambda: struct.pack("<n", 1), lambda: struct.pack_into("i", b"abcd", 0, 1), lambda: struct.unpack_from("i", b"abcd", -9)):
    err(f)
s = struct.Struct("<hh")
buf = bytearray(8)
s.pack_into(buf, 2, 1, -1)
show(buf, s.unpack_from(buf, 2), s.size, s.format, list(s.iter_unpack(bytes(8))), struct.unpack(">f", struct.pack(">f", 0.1)), struct.unpack_from("<h", b"xx\1\0", offset=2), repr(s)[:20] if False else "")
