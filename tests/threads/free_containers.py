# gil: 0
"""list, dict and set that threads read and change at once without the lock: nothing is lost, torn or found wrong."""

import collections
import threading
import time


def crew(*targets, seconds=0.15):
    """Runs each target(number) again and again, each in a thread of its own."""
    end = time.monotonic() + seconds
    errors = []

    def run(target, i):
        try:
            while time.monotonic() < end:
                target(i)
        except BaseException as e:
            errors.append(repr(e))
            raise

    threads = [threading.Thread(target=run, args=(f, i)) for i, f in enumerate(targets)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors


class O:
    def __init__(self, n):
        self.n = n


def lists():
    L = [O(i) for i in range(50)]
    def w(i):
        L.append(O(i))
        L.insert(3, O(i))
        L.pop()
        L.pop(0)
        L[5] = O(7)
        L[-1] = O(9)
        L.reverse()
        L[2:5] = [O(1), O(2), O(3)]
    def r(i):
        for x in L: assert x.n >= 0
        L[-1].n
        L[7].n
        len(L)
        L[2:9]
        L.copy()
        for x in reversed(L): x.n
    crew(w, w, r, r)
    assert len(L) == 50, len(L)


def sorts():
    L = list(range(1000))
    def a(i):
        L.append(5)
        L.sort()
        L.pop()
    def r(i):
        for x in L: assert x >= 0
        assert len(L) >= 1000
    crew(a, a, r)


def dicts():
    keys = ['k%d' % i for i in range(40)]
    d = {k: O(1) for k in keys}
    def w(i):
        for k in keys[i::2]:
            d[k] = O(3)
            d.pop(k)
            d[k] = O(4)
        for j in range(100): d[i, j] = O(j)
        for j in range(100): del d[i, j]
        for j in range(30): d[j * 1000 + i] = O(2)
        for j in range(30): del d[j * 1000 + i]
    stable = {'s%d' % i: O(i) for i in range(20)}
    d.update(stable)
    sl = list(stable.items())
    def r(i):
        for k, v in sl:
            assert d[k] is v
            assert k in d
            assert d.get('x' + k) is None
        for k in list(d): d.get(k)
        len(d)
        d.copy()
        list(d.values())
        for k, v in list(d.items()): v.n
    crew(w, w, r, r)
    assert len(d) == 60, len(d)


def clear():
    d = {}
    def w(i):
        for j in range(20): d[j] = O(j)
        d.clear()
        d.update({'a': O(1), 'b': O(2)})
        try: d.popitem()
        except KeyError: pass
    def r(i):
        for j in range(20):
            x = d.get(j)
            assert x is None or x.n == j
        x = d.get('a')
        assert x is None or x.n == 1
        x = d.get('b')
        assert x is None or x.n == 2
    crew(w, w, r, r)


def sets():
    s = set(range(100))
    t = {O(i) for i in range(10)}
    extra = set(range(200, 260))
    def w(i):
        s.update(extra)
        s.difference_update(extra)
        s.add(1000 + i)
        s.discard(1000 + i)
        s.symmetric_difference_update({-1 - i})
        s.symmetric_difference_update({-1 - i})
        x = O(3)
        t.add(x)
        t.discard(x)
    def r(i):
        for j in range(100): assert j in s
        assert 5000 not in s
        len(s)
        s | extra
        list(s)
        for x in list(t): x.n
    def a(i):
        nonlocal s
        s &= s | {3}
    crew(w, w, r, r, a)
    assert s >= set(range(100)), sorted(set(range(100)) - s)


def move():
    d = collections.OrderedDict((i, O(i)) for i in range(20))
    def w(i):
        for k in range(20): d.move_to_end(k, last=(i == 0))
    def r(i):
        for k in range(20): assert d[k].n == k
    crew(w, w, r, r)


def search():
    L = list(range(200))
    def w(i):
        L.insert(0, -1 - i)
        L.pop(0)
    def r(i):
        assert 150 in L
        assert 150 <= L.index(150) <= 152
        assert L.count(77) == 1
        assert 999 not in L
    crew(w, w, r, r)
    assert L == list(range(200))


for test in (lists, sorts, dicts, clear, sets, move, search):
    test()
