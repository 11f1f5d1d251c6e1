"""Hash and HMAC objects that several threads feed, copy and finish at a time; first uses of digests at once."""
import hashlib
import hmac

from _together import in_threads

block = b"x" * 5000
digest = hashlib.sha256()
code = hmac.new(b"key", digestmod="sha512")
names = sorted(hashlib.algorithms_available)


def feed():
    for i in range(50):
        for shared in (digest, code):
            shared.update(block)
            shared.copy().hexdigest()
        h = hashlib.new(names[i % len(names)], block)
        assert h.name in names and len(h.copy().name) > 1


in_threads(*[feed] * 6)
assert digest.digest() == hashlib.sha256(block * 300).digest()
assert code.digest() == hmac.digest(b"key", block * 300, "sha512")
assert len(hashlib.pbkdf2_hmac("sha1", b"a", b"b", 1000)) == 20
