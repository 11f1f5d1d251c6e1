"""Long random sequences of operations on containers; digests of their state."""
import array
import bisect
import heapq
from collections import Counter, OrderedDict, defaultdict, deque

state = 12345


def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n


def lists(steps):
    x = []
    for step in range(steps):
        op = rnd(16)
        n = len(x)
        i, j, k = rnd(n + 3) - 1, rnd(n + 3) - 1, rnd(5) - 2
        try:
            if op == 0: x.append(step)
            elif op == 1: x.insert(i, step)
            elif op == 2: x.pop(i)
            elif op == 3: x[i:j] = [step] * rnd(4)
            elif op == 4: del x[i:j]
            elif op == 5: x[i:j:k] = x[i:j:k][::-1]
            elif op == 6: del x[i:j:k]
            elif op == 7: x += x[i:j]
            elif op == 8: x.reverse()
            elif op == 9: x.sort(key=lambda v: v % 7)
            elif op == 10: x.remove(x[i])
            elif op == 11: x *= rnd(3)
            elif op == 12: x.extend(tuple(x[:3]))
            elif op == 13: x[i] = step
            elif op == 14: x.sort(reverse=rnd(2))
            else: x = x[:40]
        except (IndexError, ValueError) as e:
            print(step, e)
        if step % 50 == 0:
            print(step, len(x), sum(x), x[:8], x[-5:], x.count(3), x == x[:], x < x[1:])


def dicts(steps, cls):
    d = cls()
    for step in range(steps):
        op = rnd(12)
        k = rnd(40)
        if rnd(3) == 0:
            k = "s%d" % k
        elif rnd(4) == 0:
            k = (k, "t")
        try:
            if op < 4: d[k] = step
            elif op == 4: del d[k]
            elif op == 5: print(d.pop(k, None))
            elif op == 6: print(d.popitem())
            elif op == 7: d.setdefault(k, step)
            elif op == 8: d.update({k: step, "u": 1})
            elif op == 9: d = d | {k: 1}
            elif op == 10 and cls is OrderedDict: d.move_to_end(k, last=rnd(2))
            else: d = d.copy()
        except KeyError as e:
            print(step, e)
        if step % 60 == 0:
            print(step, len(d), list(d)[:6], list(reversed(d))[:4], list(d.values())[:4], list(d.items())[-3:])
            print(sorted(map(str, d.keys() & {1, 2, 3, "s1"})), sorted(map(str, d.keys() - set(range(40))))[:5])


def sets(steps):
    a, b = set(), set()
    for step in range(steps):
        op, k = rnd(12), rnd(60)
        if op < 3: a.add(k)
        elif op < 5: b.add(k)
        elif op == 5: a.discard(k)
        elif op == 6: a ^= {k, k + 1}
        elif op == 7: b |= set(range(k, k + 3))
        elif op == 8: a -= set(range(k, k + 5))
        elif op == 9: a, b = b, a
        elif op == 10: b.symmetric_difference_update([k, k, k + 2])
        else: b.intersection_update(range(k, 60))
        if step % 40 == 0:
            print(step, sorted(a), sorted(b), sorted(a & b), len(a | b), a <= b, a.isdisjoint(b), a.issuperset([k]))
            print(hash(frozenset(a)) == hash(frozenset(sorted(a))), a == frozenset(a), frozenset(a) in {frozenset(a)})


def deques(steps):
    d = deque()
    for step in range(steps):
        op, n = rnd(14), len(d)
        try:
            if op < 2: d.append(step)
            elif op < 4: d.appendleft(step)
            elif op == 4: d.pop()
            elif op == 5: d.popleft()
            elif op == 6: d.rotate(rnd(9) - 4)
            elif op == 7: d.insert(rnd(n + 2) - 1, step)
            elif op == 8: del d[rnd(n + 1)]
            elif op == 9: d.extend(range(3))
            elif op == 10: d.extendleft(range(2))
            elif op == 11: d.reverse()
            elif op == 12: d[rnd(n + 1)] = step
            else: d = deque(d, rnd(20) + 5)
        except IndexError as e:
            print(step, e)
        if step % 50 == 0:
            print(step, d, list(reversed(d))[:3], d.count(1), d == d.copy())


def heaps(steps):
    h, s = [], []
    a = array.array("q")
    for step in range(steps):
        v = rnd(1000)
        heapq.heappush(h, v)
        bisect.insort(s, v)
        a.append(v)
        if rnd(3) == 0: print(heapq.heappop(h), bisect.bisect_left(s, v), bisect.bisect(s, v))
        if rnd(5) == 0: heapq.heapreplace(h, v / 2)
        if rnd(9) == 0: a[1:3] = array.array("q", [v])
    heapq.heapify(s)
    print(h[:10], s[:10], heapq.nsmallest(4, h), heapq.nlargest(4, h), a[:20], sum(a))


lists(1500)
for cls in dict, OrderedDict:
    dicts(900, cls)
sets(800)
deques(1200)
heaps(400)
words = [chr(97 + rnd(26)) + chr(97 + rnd(3)) for _ in range(300)]
print(Counter(words).most_common(12))
groups = defaultdict(list)
for i, w in enumerate(words):
    groups[w[0]].append(i)
print({k: groups[k][:3] for k in sorted(groups)})
data = [(rnd(5), rnd(100) / 7, "x%d" % rnd(50)) for _ in range(500)]
print(sorted(data)[:5], sorted(data, key=lambda r: r[2])[:5], sorted(data, key=lambda r: (-r[0], r[1]), reverse=True)[:5])
print(sorted([3, 1.5, True, 2**70, -1, 0.0, 2**50]), sorted(["\u20ac", "a", "\U0001F600", "b\u00e9"]))
