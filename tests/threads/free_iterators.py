# gil: 0
"""Iterators that threads share without the lock give each item once, in whole rows, and stay exhausted."""

import collections
import threading

N = 4000
def share(make, n=4):
    it = make()
    out = [[] for _ in range(n)]
    b = threading.Barrier(n)
    def run(i):
        b.wait()
        a = out[i].append
        if i % 2:
            for x in it: a(x)
        else:
            while True:
                try: a(next(it))
                except StopIteration: break
    ts = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for t in ts: t.start()
    for t in ts: t.join()
    for _ in range(3):
        assert next(it, None) is None
    return [x for part in out for x in part]
L = [str(i) for i in range(N)]
T = tuple(L)
S = ''.join(chr(0x100 + i) for i in range(N))
B = bytes(i & 255 for i in range(N))
cases = dict(
 list=lambda: (iter(L), L), rlist=lambda: (reversed(L), L), tuple=lambda: (iter(T), L),
 range=lambda: (iter(range(5, 5 + 3 * N, 3)), list(range(5, 5 + 3*N, 3))),
 longrange=lambda: (iter(range(10**30, 10**30 + 2000)), list(range(10**30, 10**30 + 2000))),
 str=lambda: (iter(S), list(S)), bytes=lambda: (iter(B), list(B)), bytearray=lambda: (iter(bytearray(B)), list(B)),
 enum=lambda: (enumerate(L, 7), list(enumerate(L, 7))), enumr=lambda: (enumerate(range(N)), list(enumerate(range(N)))),
 zip=lambda: (zip(L, range(N), T, S), list(zip(L, range(N), T, S))),
 zip0=lambda: (zip(L, range(N // 2)), list(zip(L, range(N // 2)))),
 map=lambda: (map(lambda a, b: (a, b), L, T), list(zip(L, T))),
 mapint=lambda: (map(int, L), list(range(N))),
 filter=lambda: (filter(None, range(N)), list(range(1, N))),
 dict=lambda: (iter(dict.fromkeys(L)), L), items=lambda: (iter(dict(zip(L, T)).items()), list(zip(L, T))),
 rdict=lambda: (reversed(dict.fromkeys(L)), L),
 set=lambda: (iter(set(L)), L), rev=lambda: (reversed(T), L), revb=lambda: (reversed(B), list(B)),
 deque=lambda: (iter(collections.deque(L)), L),
 odict=lambda: (iter(collections.OrderedDict.fromkeys(L)), L),
 enumg=lambda: (map(lambda p: p[1], enumerate(iter(L))), L),
)
for name, case in cases.items():
    for _ in range(2):
        it, want = case()
        got = share(lambda: it)
        assert sorted(got) == sorted(want), (name, len(got), len(want))

# One thread: the end is final, whatever grows afterwards.
grown = [1]
it, rev, end = iter(grown), reversed(grown), iter([3, 4, 3].pop, 3)
assert list(it) == [1] and list(rev) == [1] and list(end) == []
grown.append(2)
assert list(it) == [] and list(rev) == [] and list(end) == []
d = {1: 1}
it = iter(d)
assert list(it) == [1]
d[2] = 2
assert list(it) == []

# A running number beyond a machine's word, also where the pairs are asked for through more than one reference.
big = enumerate("ab", 2**63)
assert list(big) == [(2**63, "a"), (2**63 + 1, "b")] and next(big, None) is None
big = enumerate(iter("ab"), 2**70)
assert big.__reduce__()[1][1] == 2**70 and tuple(big) == ((2**70, "a"), (2**70 + 1, "b"))
assert list(enumerate("abc", 2**63 - 2)) == [(2**63 - 2, "a"), (2**63 - 1, "b"), (2**63, "c")]
assert list(enumerate("abc", start=-2**63 - 1)) == [(-2**63 - 1, "a"), (-2**63, "b"), (-2**63 + 1, "c")]
