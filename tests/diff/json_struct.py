"""json, struct, base64, binascii, zlib, hashlib, hmac."""
import base64
import binascii
import decimal
import hashlib
import hmac
import io
import json
import struct
import zlib
from _show import err

values = [None, True, False, 0, -5, 10**30, 1.5, 1e100, -0.0, "", "text", "é€𝄞\ud800", 'q"\\/\b\f\n\r\t\x00\x1f\x7f', [], [1, [2, []]], {}, {"a": {"b": [1]}}, (1, 2), {1: "int", None: 2, True: 3, 1.5: 4}, float("nan"), float("inf"), [float("-inf")]]
for v in values:
    for kw in ({}, {"ensure_ascii": False}, {"indent": 2}, {"separators": (",", ":")}, {"indent": "\t"}, {"indent": 0}):
        text = json.dumps(v, **kw)
        print(ascii(text))
    if v == v and not isinstance(v, (tuple,)) and not (isinstance(v, dict) and 1 in v):
        print(json.loads(json.dumps(v)) == v)
print(json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps({(1, 2): 3, "a": 1}, skipkeys=True), json.dumps([object], default=lambda o: "def"), json.dumps("x", cls=json.JSONEncoder))
for f in (lambda: json.dumps(object), lambda: json.dumps({(1,): 2}), lambda: json.dumps(float("nan"), allow_nan=False), lambda: json.dumps({"b": 1, 1: 2}, sort_keys=True), lambda: json.dumps(b"x"), lambda: json.dumps({1, 2}), lambda: json.dumps([1j])):
    err(f)
cyc = []
cyc.append(cyc)
err(json.dumps, cyc)
for s in ("", " ", "x", "[", "[1", "[1,", "[1,]", "[1 2]", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{a:1}", "{'a':1}", '{1:2}', '"abc', '"\n"', '"\\x"', '"\\u12"', '"\\ud800"', '"\\ud834\\udd1e"', "01", "1.", ".5", "1e", "-", "+1", "NaN", "Infinity", "-Infinity", "nul", "true false", "[] x", "\ufeff1", "1e400", "-0", "-0.0", "1E5", '"tab\t"', "[1]]", '{"a":1 "b":2}', "\x00", '{"a":1,"a":2}', " [ 1 , 2 ] ", '"\\/\\b\\f\\n\\r\\t\\\\\\""', "123456789012345678901234567890", "1.7976931348623159e308"):
    try:
        print(repr(s), ascii(json.loads(s)))
    except json.JSONDecodeError as e:
        print(repr(s), "|", e, "|", e.msg, e.pos, e.lineno, e.colno)
print(json.loads(b'{"a": "\xc3\xa9"}'), json.loads('"\xe9"'.encode("utf-16")), json.loads(bytearray(b"[1]")), json.loads('{"a":1.5}', parse_float=decimal.Decimal), json.loads("[1]", parse_int=str), json.loads("NaN", parse_constant=str), json.loads('{"a":{"b":1}}', object_hook=lambda d: sorted(d)), json.loads('{"a":1}', object_pairs_hook=list), json.loads('"a\tb"', strict=False))
err(json.loads, 5)
err(json.loads, '"a\tb"')
print(json.load(io.StringIO("[1]")), json.JSONDecoder().raw_decode('[1] rest'), list(json.JSONEncoder(indent=1).iterencode([1, {"a": 2}])))
out = io.StringIO()
json.dump({"k": [1, "é"]}, out)
print(out.getvalue())


class E(json.JSONEncoder):
    def default(self, o):
        return {"set": sorted(o)} if isinstance(o, set) else super().default(o)


print(json.dumps([{2, 1}], cls=E))
err(json.dumps, [1j], cls=E)
import enum


class Color(enum.IntEnum):
    R = 1


class Str(str):
    pass


class Int(int):
    def __repr__(self):
        return "no"


print(json.dumps([Color.R, Str("s"), Int(5), True]), json.dumps({Color.R: Str("v")}))
# struct
for fmt, args in [("b", (-5,)), ("B", (250,)), ("h", (-300,)), ("<h", (-300,)), (">H", (40000,)), ("i", (-5,)), ("<I", (2**32 - 1,)), ("q", (-2**63,)), (">Q", (2**64 - 1,)), ("l", (5,)), ("<L", (5,)), ("n", (-1,)), ("N", (1,)), ("e", (1.5,)), ("f", (1.5,)), ("<d", (3.14,)), ("?", (True,)), ("?", ([],)), ("c", (b"x",)), ("5s", (b"abc",)), ("2s", (b"abc",)), ("5p", (b"abc",)), ("x", ()), ("3x", ()), ("2h", (1, 2)), ("<bhi", (1, 2, 3)), ("@bhi", (1, 2, 3)), ("=bhiq", (1, 2, 3, 4)), (">3s2xH", (b"abc", 7)), ("bq", (1, 2)), ("0s", (b"",)), ("0i", ()), ("b0q", (1,)), ("P", (5,)), ("!I", (1,)), ("< h  h ", (1, 2)), ("s", (b"a",)), ("", ())]:
    packed = struct.pack(fmt, *args)
    print(fmt, packed, struct.unpack(fmt, packed), struct.calcsize(fmt))
for f in (lambda: struct.pack("b", 200), lambda: struct.pack("B", -1), lambda: struct.pack("h", 40000), lambda: struct.pack("<I", -1), lambda: struct.pack("<Q", 2**64), lambda: struct.pack("i", "a"), lambda: struct.pack("i", 1.5), lambda: struct.pack("f", "a"), lambda: struct.pack("c", b"ab"), lambda: struct.pack("s", "a"), lambda: struct.pack("z", 1), lambda: struct.pack("i"), lambda: struct.pack("i", 1, 2), lambda: struct.unpack("i", b"abc"), lambda: struct.unpack_from("i", b"abcd", 2), lambda: struct.pack_into("i", bytearray(2), 0, 1), lambda: struct.pack("e", 1e10), lambda: struct.pack("f", 1e100), lambda: struct.calcsize("5"), lambda: struct.unpack("i", "abcd"), lambda: list(struct.iter_unpack("h", b"abc")), lambda: struct.Struct(5), lambda: struct.pack("<n", 1), lambda: struct.pack_into("i", b"abcd", 0, 1), lambda: struct.unpack_from("i", b"abcd", -9)):
    err(f)
s = struct.Struct("<hh")
buf = bytearray(8)
s.pack_into(buf, 2, 1, -1)
print(buf, s.unpack_from(buf, 2), s.size, s.format, list(s.iter_unpack(bytes(8))), struct.unpack(">f", struct.pack(">f", 0.1)), struct.unpack_from("<h", b"xx\1\0", offset=2), repr(s)[:20] if False else "")
# encodings of bytes
data = bytes(range(256))
for name in ("b64encode", "b32encode", "b16encode", "urlsafe_b64encode", "b85encode", "a85encode", "b32hexencode", "encodebytes"):
    e = getattr(base64, name)(data)
    print(name, e[:30], len(e), getattr(base64, name.replace("encode", "decode"))(e) == data)
for f in (lambda: base64.b64decode(b"a"), lambda: base64.b64decode(b"a===", validate=True), lambda: base64.b64decode("é"), lambda: base64.b32decode(b"a"), lambda: base64.b16decode(b"zz"), lambda: binascii.unhexlify(b"1"), lambda: binascii.unhexlify(b"zz"), lambda: binascii.a2b_base64(b"abc"), lambda: zlib.decompress(b"bad"), lambda: zlib.compress("a"), lambda: hashlib.new("nope"), lambda: hashlib.md5("a"), lambda: zlib.decompress(zlib.compress(b"abc")[:-2]), lambda: base64.b85decode(b"\xff\xff")):
    err(f)
print(binascii.hexlify(b"\x01\xff", "-"), binascii.b2a_base64(b"a", newline=False), binascii.crc32(b"hello"), binascii.crc_hqx(b"hello", 0), binascii.b2a_uu(b"abc"), binascii.a2b_uu(binascii.b2a_uu(b"abc")), binascii.b2a_qp(b"a=\xe9 \n"), binascii.a2b_qp(b"=41=\nb"), base64.b64decode(b"YW Jj\n"))
print(zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.decompress(zlib.compress(data * 10)) == data * 10, zlib.crc32(b"lo", zlib.crc32(b"hel")), len(zlib.compress(b"a" * 1000, 9)) < 30)
c, d = zlib.compressobj(wbits=31), zlib.decompressobj(wbits=47)
z = c.compress(b"part one ") + c.compress(b"part two") + c.flush()
print(d.decompress(z[:15]) + d.decompress(z[15:] + b"tail"), d.eof, d.unused_data, d.unconsumed_tail)
d = zlib.decompressobj()
z = zlib.compress(b"x" * 100)
print(d.decompress(z, 10), len(d.decompress(d.unconsumed_tail, 1000)), d.copy().eof)
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s"):
    h = hashlib.new(name, b"abc")
    h.update(b"def")
    print(name, h.hexdigest(), h.digest_size, h.block_size, h.name, h.copy().hexdigest() == h.hexdigest(), getattr(hashlib, name)(b"abcdef").digest() == h.digest())
print(hashlib.shake_128(b"a").hexdigest(10), hashlib.blake2b(b"a", digest_size=8, key=b"k", salt=b"s", person=b"p").hexdigest(), hashlib.pbkdf2_hmac("sha256", b"pw", b"salt", 10).hex(), hmac.new(b"k", b"m", "sha256").hexdigest(), hmac.compare_digest("a", "a"), hmac.digest(b"k", b"m", "md5").hex(), sorted(hashlib.algorithms_guaranteed)[:4], hashlib.scrypt(b"p", salt=b"s", n=2, r=1, p=1, dklen=8).hex())
