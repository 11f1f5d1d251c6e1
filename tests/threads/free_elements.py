# gil: 0
"""deque, heapq, bisect, defaultdict, Counter, bytearray and memoryview without the lock: what is one step under the
lock is one step, and no element is lost."""

import bisect
import collections
import heapq
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


def each(n, f):
    ts = [threading.Thread(target=f, args=(i,)) for i in range(n)]
    for t in ts: t.start()
    for t in ts: t.join()


def heap():
    h = []
    def push(i):
        for k in range(3000): heapq.heappush(h, (k * 7919 % 1000, i, k))
    each(4, push)
    assert len(h) == 12000
    out = [[] for _ in range(4)]
    def pop(i):
        last = None
        while True:
            try: x = heapq.heappop(h)
            except IndexError: break
            assert last is None or x > last
            last = x
            out[i].append(x)
    each(4, pop)
    assert len({x for o in out for x in o}) == 12000
    h = list(range(100))
    heapq.heapify(h)
    def mix(i):
        heapq.heappush(h, i)
        heapq.heapreplace(h, 5)
        heapq.heappushpop(h, 7)
        heapq.heappop(h)
    crew(mix, mix, mix, mix)
    assert len(h) == 100 and sorted(h) == [heapq.heappop(h) for _ in range(100)]


def insort():
    L = []
    def run(i):
        for k in range(2000): bisect.insort(L, k * 31 % 500)
    each(4, run)
    assert L == sorted(L) and len(L) == 8000


def dd():
    d = collections.defaultdict(list)
    def run(i):
        for k in range(4000): d[k].append(i)
    each(4, run)
    assert all(sorted(v) == [0, 1, 2, 3] for v in d.values()), [v for v in d.values() if len(v) != 4][:3]


def counter():
    c = collections.Counter()
    data = [k % 17 for k in range(3400)]
    each(4, lambda i: c.update(data))
    assert c == {k: 800 for k in range(17)}, c


def deq():
    d = collections.deque(range(20))
    e = collections.deque(range(20))
    n = 0
    def w(i):
        d.append(i)
        d.appendleft(i)
        d.extend([1, 2, 3])
        d.rotate(3)
        d.pop()
        d.popleft()
        d.popleft()
        d.pop()
        d.popleft()
    def rm(i):
        e.append("x%d" % i)
        e.rotate(3)
        e.remove("x%d" % i)
    def r(i):
        d[-1]
        d[0]
        0 in d
        d.count(1)
        len(d)
        d == d
        repr(d)
        d.copy()
        try:
            for x in d: pass
        except RuntimeError: pass
    crew(w, w, rm, rm, r)
    assert len(d) == 20, len(d)
    d = collections.deque(maxlen=5)
    def m(i):
        d.append(i)
        d.extendleft((1, 2, 3, 4, 5, 6))
        assert len(d) <= 5
    crew(m, m, m)


def queue():
    d = collections.deque()
    got = [[], []]
    done = False
    def put(i):
        for k in range(5000): d.append((i, k))
    def get(i):
        while True:
            try: got[i].append(d.popleft())
            except IndexError:
                if done and not d: return
    ps = [threading.Thread(target=put, args=(i,)) for i in range(2)]
    gs = [threading.Thread(target=get, args=(i,)) for i in range(2)]
    for t in ps + gs: t.start()
    for t in ps: t.join()
    done = True
    for t in gs: t.join()
    assert sorted(got[0] + got[1]) == [(i, k) for i in range(2) for k in range(5000)]


def barr():
    b = bytearray(b'hello world' * 10)
    c = bytearray()
    def w(i):
        b.append(65)
        b.pop()
        b.insert(-1, 66)
        b.pop(0)
        b.extend(b'xyz')
        del b[-3:]
        b.reverse()
        b[-1] = 70
        b[0] = 71
        c.append(i)
        c.reverse()
        c.remove(i)
    def r(i):
        b.find(b'world')
        b[-1]
        b[0]
        bytes(b)
        b.decode('latin-1')
        b == b'x'
        b.split(b'l')
        for x in b: pass
        len(b)
        repr(b)
        b.copy()
        b + b'y'
    crew(w, w, r, r)
    assert len(b) == 110 and not c, len(b)


def mv():
    b = bytearray(1000)
    def r(i):
        m = memoryview(b)
        def use(k):
            try:
                for _ in range(20):
                    m[3], m[2:5], m.tobytes(), m.tolist(), m == m, memoryview(m)
                    m[0] = 5
            except ValueError: pass
        t = threading.Thread(target=use, args=(0,))
        t.start()
        m[5]
        m.release()
        t.join()
        for _ in range(20):
            try:
                b.append(1)
                b.pop()
                break
            except BufferError: time.sleep(0)
    crew(r, r)


for test in (heap, insort, dd, counter, deq, queue, barr, mv):
    test()
