"""bytes, bytearray and memoryview."""
b = bytes(range(256))
assert b[10] == 10 and b[::-1][0] == 255 and b.find(b"\x05\x06") == 5 and bytes.fromhex(b.hex()) == b
a = bytearray(b)
a[5:10] = b"xyz"
a += b"end"
del a[:100]
assert a.endswith(b"end") and len(a) == 256 - 5 + 3 + 3 - 100
m = memoryview(a)
assert m[0] == a[0] and m[-3:] == b"end"
try:
    a.append(1)
except BufferError:
    pass
else:
    raise AssertionError
m.release()
a.append(1)
assert b"a,b".split(b",") == [b"a", b"b"] and b"%d %s" % (5, b"x") == b"5 x" and b"abc".decode() == "abc"
