"""Lists, dicts, sets, tuples, deques, sorting, slicing, iterators."""
import bisect
import collections
import functools
import heapq
import itertools
import operator


def case_list():
    v = [i * 1000 for i in range(20)]
    v.extend(range(30))
    v += (x for x in "abc")
    v[3:5] = [1] * 9
    v[::3] = v[::3]
    del v[1:4], v[::5]
    v.insert(2, "x")
    w = v + v * 2
    w.remove("x")
    return w, v.pop(), v[1:-1:2], [*v, *w][-1], list(reversed(v))[0], v.copy() == v, w.index("a"), w.count(1)


def case_sort():
    v = [(i * 7919) % 31 for i in range(90)]
    words = [str(x) for x in v]
    words.sort(key=lambda s: (len(s), s), reverse=True)
    v.sort()
    return v, words, sorted(words, key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b))), max(v), min(words, key=len)


def case_dict():
    d = {str(i): [i] for i in range(30)}
    d.update({1: 2, 3: 4}, a=5, b=6)
    d |= {(1, 2): 3}
    e = {**d, "z": 1, **{"y": 2}}
    for k in list(d)[:12]:
        del d[k]
    d.setdefault("q", []).append(1)
    f = dict(zip("abc", range(3)))
    g = dict.fromkeys("xyz", 0)
    return d, e, f, g, e.pop("z"), list(d.items())[:3], d.keys() & e.keys() == set(), f | g, sorted(f.values()), d == e, e.popitem()


def case_set():
    s = {str(i) for i in range(30)}
    t = set(list(s)[:20]) | {"new"}
    return (s & t == t - {"new"}, len(s | t), sorted(s ^ t)[:3], frozenset(s) - t == s - t, s <= t, t.issubset(s), len({*s, *t}),
            sorted(s.union("abc", [1j and "d"]))[-2:], s.isdisjoint(t), hash(frozenset(s)) == hash(frozenset(list(s))))


def case_tuple_unpack():
    a, *b, c = range(20)
    (d, e), f = ("x", [1]), {2}
    return a, b, c, d, e, f, tuple(b)[2:9], (1, 2) * 5 + (3,), tuple(x for x in "hello"), [*"ab", *(1, 2)], {*b}, hash((1, "a", 2.5))


def case_iterators():
    m = list(map(lambda x, y: [x, y], range(9), "abcdefghi"))
    c = list(itertools.chain.from_iterable([[1, 2], (3,), {4: 5}]))
    g = [(k, list(v)) for k, v in itertools.groupby("aabbbc")]
    p = list(itertools.product("ab", repeat=3)), list(itertools.permutations([1, 2, 3])), list(itertools.combinations("abcd", 2))
    t1, t2 = itertools.tee(iter("tee" * 30))
    z = list(itertools.zip_longest("abc", "z", fillvalue=0)), list(enumerate("ab", 5)), list(zip("ab", [1, 2], strict=True))
    i = list(itertools.islice(itertools.count(3, 2), 2, 9, 3)), list(itertools.accumulate([1, 2, 3], operator.mul))
    f = list(filter(None, [0, 1, [], [2]])), list(itertools.starmap(pow, [(2, 3), (3, 2)])), list(itertools.pairwise("abc"))
    return m, c, g, p, list(t1), list(t2), z, i, f, list(itertools.takewhile(bool, [1, 2, 0])), list(itertools.compress("abc", [1, 0, 1]))


def case_collections():
    d = collections.deque(range(100), maxlen=70)
    d.rotate(5)
    d.extendleft("abc")
    d.insert
    c = collections.Counter("mississippi")
    o = collections.OrderedDict((k, 1) for k in "qwerty")
    o.move_to_end("q")
    n = collections.defaultdict(list)
    n["x"].append(1)
    h = [5, 2, 8, 1]
    heapq.heapify(h)
    heapq.heappush(h, 3)
    bisect.insort(h, 4)
    return list(d), c.most_common(2), list(o), dict(n), h, heapq.nlargest(2, h), d.copy() == d, list(reversed(o)), repr(d)[:30], repr(o)


def case_nested_repr():
    v = {"a": [1, 2.5, (3, "x", None)], "b": {"c": {1, 2}}, "e": b"bytes", "f": range(5), "g": slice(1, 2)}
    v["self"] = v
    text = repr(v) + str(v["a"]) + ascii("\u1234")
    del v["self"]
    return text


def case_move_to_end():
    ordered = collections.OrderedDict.fromkeys(range(12))
    try:
        for k in (3, 11, 0, 5, 3, 7, 1):
            ordered.move_to_end(k)
            ordered.move_to_end(k + 1 if k < 11 else 2, last=False)
    except MemoryError:
        assert len(ordered) == len(list(ordered)) == 12, ordered
        raise
    return list(ordered)
