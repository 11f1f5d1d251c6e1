"""Slices of every kind, read, assigned and deleted."""


n = list(range(10))
for s in (slice(None), slice(2, 5), slice(-3, None), slice(None, -3), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2), slice(2, 8, 3), slice(20, 30), slice(-20, 3), slice(5, 2), slice(5, 2, -1), slice(-1, -20, -3), slice(True, 4), slice(None, 0, -1), slice(1 << 70), slice(-(1 << 70), 1 << 70, 1 << 70)):
    c, d, e = n[:], n[:], n[:]
    del c[s]
    try:
        d[s] = "xyz"
    except ValueError as x:
        d = str(x)
    try:
        e[s] = n[s][::-1]
    except ValueError as x:
        e = str(x)
    print(s, n[s], tuple(n)[s], "0123456789"[s], range(10)[s], c, d, e, s.indices(10))
m = [1, 2, 3]
m[1:1] = [9, 9]
m[:0] = m
m[5:] = ()
print(m)
m[1:3] = iter("pq")
m += "rs"
m *= 2
print(m, m * 0, m * -1, 2 * [1, 2])
m[:] = m[::2]
del m[::2]
print(m)
