"""base64, binascii, zlib, hashlib, hmac."""
import base64
import binascii
import hashlib
import hmac
import zlib
from _show import err, show

# encodings of bytes
data = bytes(range(256))
for name in ("b64encode", "b32encode", "b16encode", "urlsafe_b64encode", "b85encode", "a85encode", "b32hexencode", "encodebytes"):
    e = getattr(base64, name)(data)
    print(name, e[:30], len(e), getattr(base64, name.replace("encode", "decode"))(e) == data)
for f in (lambda: base64.b64decode(b"a"), lambda: base64.b64decode(b"a===", validate=True), lambda: base64.b64decode("é"), lambda: base64.b32decode(b"a"), lambda: base64.b16decode(b"zz"), lambda: binascii.unhexlify(b"1"), lambda: binascii.unhexlify(b"zz"), lambda: binascii.a2b_base64(b"abc"), lambda: zlib.decompress(b"bad"), lambda: zlib.compress("a"), lambda: hashlib.new("nope"), lambda: hashlib.md5("a"), lambda: zlib.decompress(zlib.compress(b"abc")[:-2]), lambda: base64.b85decode(b"\xff\xff")):
    err(f)
show(binascii.hexlify(b"\x01\xff", "-"), binascii.b2a_base64(b"a", newline=False), binascii.crc32(b"hello"), binascii.crc_hqx(b"hello", 0), binascii.b2a_uu(b"abc"), binascii.a2b_uu(binascii.b2a_uu(b"abc")), binascii.b2a_qp(b"a=\xe9 \n"), binascii.a2b_qp(b"=41=\nb"), base64.b64decode(b"YW Jj\n"))
show(zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.decompress(zlib.compress(data * 10)) == data * 10, zlib.crc32(b"lo", zlib.crc32(b"hel")), len(zlib.compress(b"a" * 1000, 9)) < 30)
c, d = zlib.compressobj(wbits=31), zlib.decompressobj(wbits=47)
z = c.compress(b"part one ") + c.compress(b"part two") + c.flush()
print(d.decompress(z[:15]) + d.decompress(z[15:] + b"tail"), d.eof, d.unused_data, d.unconsumed_tail)
d = zlib.decompressobj()
z = zlib.compress(b"x" * 100)
print(d.decompress(z, 10), len(d.decompress(d.unconsumed_tail, 1000)), d.copy().eof)
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s"):
    h = hashlib.new(name, b"abc")
    h.update(b"def")
    show(name, h.hexdigest(), h.digest_size, h.block_size, h.name, h.copy().hexdigest() == h.hexdigest(), getattr(hashlib, name)(b"abcdef").digest() == h.digest())
show(hashlib.shake_128(b"a").hexdigest(10), hashlib.blake2b(b"a", digest_size=8, key=b"k", salt=b"s", person=b"p").hexdigest(), hashlib.pbkdf2_hmac("sha256", b"pw", b"salt", 10).hex(), hmac.new(b"k", b"m", "sha256").hexdigest(), hmac.compare_digest("a", "a"), hmac.digest(b"k", b"m", "md5").hex(), sorted(hashlib.algorithms_guaranteed)[:4], hashlib.scrypt(b"p", salt=b"s", n=2, r=1, p=1, dklen=8).hex())
