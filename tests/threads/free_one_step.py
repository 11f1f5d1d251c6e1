# gil: 0
"""What compares, shows, finds and copies a container is one step beside threads that change it."""
import array
import collections
import operator

from _together import in_threads_for

SECONDS = 0.08


def steps(change, look, *more):
    in_threads_for(SECONDS, change, look, *more)


def shown():
    for make, change in (
            (lambda: [1, 2, 3, 4], lambda c: c.reverse()),
            (lambda: {1: 2, 3: 4}, lambda c: (c.clear(), c.update({1: 2, 3: 4}))),
            (lambda: collections.defaultdict(int, {1: 2, 3: 4}), lambda c: (c.clear(), c.update({1: 2, 3: 4})))):
        c, seen = make(), set()
        steps(lambda: change(c), lambda: seen.add(repr(c)))
        if isinstance(c, list):
            assert seen <= {"[1, 2, 3, 4]", "[4, 3, 2, 1]"}, seen
        else:
            assert all("1: 2, 3: 4" in s or "{}" in s for s in seen), seen
    for make, fill, full, empty in (
            (lambda: array.array("i"), lambda c: c.append(1), "array('i', [1])", "array('i')"),
            (lambda: array.array("u"), lambda c: c.append("x"), "array('u', 'x')", "array('u')"),
            (collections.OrderedDict, lambda c: c.setdefault(1, 2), "OrderedDict([(1, 2)])", "OrderedDict()"),
            (set, lambda c: c.add(1), "{1}", "set()"), (collections.deque, lambda c: c.append(1), "deque([1])", "deque([])")):
        c, seen = make(), set()
        clear = c.clear if hasattr(c, "clear") else lambda: c.pop()
        for _ in range(10):
            steps(lambda: (fill(c), clear()), lambda: seen.update(repr(c) for _ in range(20)))
        assert seen <= {full, empty}, seen
    numbers = list(range(50))
    d = dict.fromkeys(numbers, "x")

    class Set(set):
        pass

    for view in (d.keys(), d.items(), d.values(), Set(numbers)):
        steps(lambda: (d.pop(49), d.setdefault(49, "x")) if not isinstance(view, Set) else (view.discard(7), view.add(7)),
              lambda: repr(view))  # no RuntimeError


def compared():
    """Both sides are changed under one lock of the program that the comparison does not take: each moment has x <= y."""
    for kind, grow, back in ((list, lambda c: c.append(5), lambda c: c.pop()),
                             (collections.deque, lambda c: c.append(5), lambda c: c.pop())):
        for item in (1, [1], "text"):
            x, y = kind([item] * 4), kind([item] * 4)
            z = kind([item] * 4)

            def change():
                z.reverse()
                grow(y), grow(x), back(x), back(y)

            def look():
                assert x <= y and y >= x and not x > y and not y < x
                assert z == kind([item] * 4) and not z != kind([item] * 4)

            steps(change, look)
    for other in (3, [3], (3, [4])):
        x, y = {1: other, 2: 4}, {2: 4, 1: other}

        def turn():
            x[2] = y[2] = 5
            x[2] = y[2] = 4

        def same():
            assert x.keys() == y.keys() and not x.keys() != {1, 2} and x == x
            assert x != {1: other, 2: 9} and not x == {1: other}

        steps(turn, same)
    data, more = bytearray(b"abcd" * 9), bytearray(b"abcd" * 9)

    def bytes_change():
        more.append(5), data.append(5), data.pop(), more.pop()

    def bytes_look():
        assert data == data and not data != data and data <= data and data <= more and not more < data
        twice = data + data
        assert twice[:len(twice) // 2] == twice[len(twice) // 2:]

    steps(bytes_change, bytes_look)
    s, t = {1, 2, (3, 4)}, {1, 2, (3, 4), 5}

    def move():
        t.add(6), s.add(6), s.discard(6), t.discard(6)

    def part():
        assert s <= t and s < t and t > s and t >= s and s != t and s.issubset(t) and s == s

    steps(move, part)
    o, p = collections.OrderedDict(a=1, b=2), collections.OrderedDict(a=1, b=2)
    q = o.copy()

    def ordered():
        o == p
        assert q == p and o.keys() == q.keys()

    steps(lambda: (o.move_to_end("a"), o.move_to_end("b")), ordered)


def found():
    c = [1, 2, 3, 9]

    def turn():
        c.insert(0, 9)
        del c[0]

    def look():
        assert c.index(9) in (0, 3) and 9 in c and c.count(9) in (1, 2)
        assert c.index(3, -2) in (2, 3)

    steps(turn, look)


def ends_of_deques():
    d = collections.deque(range(10), 10)

    def shift():
        d.popleft()
        d.append(7)

    def last():
        try:
            del d[-1]
        except IndexError:
            assert False, "a deque of eight or more has a last item"
        d.append(7)
        d[-1], d[-2]
        d[-1] = 7
        d.__getitem__(-3)

    steps(shift, last)

    class Longer(collections.deque):
        def __len__(self):
            return 2

    assert Longer("abcd")[-1] == "b" and collections.deque("abcd")[-1] == "d"


def copied():
    o = collections.OrderedDict((i, i) for i in range(40))

    def change():
        del o[39]
        o[39] = 39

    def copy():
        for c in (o.copy(), collections.OrderedDict(o), dict(o), {**o}, o | {}):
            assert len(c) >= 39
        repr(o)

    steps(change, copy)


def bytes_in_place():
    b = bytearray(b"ab" * 20)

    def change():
        b.extend(b"ab")
        operator.imul(b, 2)
        b.reverse()
        del b[40:]

    def read():
        b + b"x", b.find(b"ba"), b"ab" in b, b.decode(), int(bytearray(b"1")), b.replace(b"a", b"ccc"), bytes(b), b == b"a", b.join([b, b])
        array.array("b").frombytes(b)
        hash(bytes(b))

    steps(change, read)
    exported = bytearray(b"ab" * 500)
    view = memoryview(exported)

    def write():
        view[3] = 97
        view[3] = 98
        exported[5] = 97
        exported[5] = 98

    def replace():
        assert len(exported.replace(b"a", b"ccc")) in range(1990, 2010)
        exported.decode(), exported.split(b"a"), b"".join([view, exported]).replace(b"ab", view[:4])

    steps(write, replace)


def whole():
    """No length, no repr and no comparison shows a change half done."""
    d, limited, extended = collections.deque(), collections.deque("abc", 3), []
    a, s, lengths = array.array("i", range(8)), {1}, set()

    def change():
        d.extend("xyz")
        d.clear()
        limited.append("d")
        extended.extend(b"ab")
        del extended[:]
        del a[:1]
        a.append(3)
        s.clear()
        s.add(1)

    def look():
        lengths.add((len(d) % 3, len(limited), len(extended) % 2))
        assert a == a and repr(s) in ("{1}", "set()")

    steps(change, look)

    def empty():
        t.clear()
        t.update((1, 2))

    def meet():
        for met in (t & {1, 2, 3}, t.intersection((1, 2)), {1, 2} - ({1, 2, 3} - t), t.intersection([2, 1])):
            assert met in (set(), {1, 2}), met
        assert t.isdisjoint({1, 5}) in (True, False)

    t = {1, 2}
    steps(empty, meet)
    assert {1, 2, 3}.intersection(iter((1, 2))) == {1, 2}

    def refused():
        for method in (t.intersection, t.difference, t.isdisjoint):
            for wrong in (5, 1.5, None, [[]]):
                try:
                    method(wrong)
                except TypeError:
                    continue
                assert False

    steps(empty, refused)
    assert lengths == {(0, 3, 0)}, lengths


shown(), whole(), compared(), found(), ends_of_deques(), copied(), bytes_in_place()
