"""Hash objects of the native hash modules."""
import hashlib
import _md5, _sha1, _sha256, _sha512, _sha3, _blake2

DATA = [b"", b"a", b"abc" * 100, bytes(range(256)) * 50, bytearray(b"xyz"), memoryview(b"view")]
MAKERS = [_md5.md5, _sha1.sha1, _sha256.sha224, _sha256.sha256, _sha512.sha384, _sha512.sha512, _sha3.sha3_224,
          _sha3.sha3_256, _sha3.sha3_384, _sha3.sha3_512, _sha3.shake_128, _sha3.shake_256, _blake2.blake2b,
          _blake2.blake2s]
for make in MAKERS:
    h = make()
    print(h.name, h.digest_size, h.block_size, type(h).__name__)
    size = (33,) if h.name.startswith("shake") else ()
    for data in DATA:
        h.update(data)
        copy = h.copy()
        copy.update(b"more")
        print(h.hexdigest(*size), h.digest(*size) == bytes.fromhex(h.hexdigest(*size)), copy.hexdigest(*size))
    for bad in ("text", 5, None):
        try:
            make(bad)
        except TypeError as e:
            print(e)
    print(make(b"x", usedforsecurity=False).hexdigest(*size))

OPTIONS = [dict(digest_size=5), dict(key=b"k" * 20), dict(salt=b"salt"), dict(person=b"me"), dict(fanout=2, depth=3),
           dict(leaf_size=7, node_offset=9, node_depth=2, inner_size=5, last_node=True), dict(digest_size=0),
           dict(digest_size=65), dict(key=b"1" * 65), dict(salt=b"1" * 17), dict(person=b"1" * 17), dict(fanout=256),
           dict(depth=0), dict(leaf_size=-1), dict(leaf_size=2**32), dict(node_offset=2**64), dict(node_offset=-1),
           dict(node_depth=256), dict(inner_size=65)]
for make in (_blake2.blake2b, _blake2.blake2s):
    for options in OPTIONS:
        try:
            print(options, make(b"data", **options).hexdigest())
        except (ValueError, OverflowError) as e:
            print(options, type(e).__name__, e)
print(_blake2.BLAKE2B_SALT_SIZE, _blake2.BLAKE2S_MAX_KEY_SIZE, _blake2.blake2b.MAX_DIGEST_SIZE)
for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b"):
    print(name, hashlib.new(name, b"data").hexdigest(), getattr(hashlib, name)(b"data").hexdigest())
for bad in (-1, 2**29, "x"):
    try:
        _sha3.shake_128().digest(bad)
    except Exception as e:
        print(type(e).__name__, e)
