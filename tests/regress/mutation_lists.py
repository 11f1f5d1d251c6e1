"""Lists that change while a comparison, a key function or an iterator looks at them."""
import gc


class Evil:
    """Compares by calling `action`, then as equal or not."""

    def __init__(self, action, equal=False):
        self.action, self.equal = action, equal

    def __eq__(self, other):
        self.action()
        return self.equal

    def __lt__(self, other):
        self.action()
        return self.equal

    __gt__ = __lt__
    __hash__ = None


def refused(kind, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind:
        return
    raise AssertionError(f"no {kind.__name__}")


# sort: the list is empty for those who look at it meanwhile; changes are an error, and are lost.
for change in (lambda v: v.append(1), lambda v: v.clear(), lambda v: v.extend([1] * 100), lambda v: v.insert(0, 1)):
    values = list(range(40))
    seen = []

    def key(x):
        seen.append(len(values))
        if x == 20:
            change(values)
        return -x
    if change is not None:
        try:
            values.sort(key=key)
        except ValueError as error:
            assert str(error) == "list modified during sort", error
    assert set(seen) <= {0, 1, 100}, set(seen)
    assert sorted(values) == list(range(40)), values

values = [Evil(lambda: values.append(0)) for _ in range(30)]
try:
    values.sort()
except ValueError:
    pass
assert len(values) == 30


class Failing:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if self.n == 7:
            raise KeyError
        return self.n < other.n


values = [Failing((i * 7) % 23) for i in range(23)]
refused(KeyError, values.sort)
assert sorted(v.n for v in values) == list(range(23))
refused(KeyError, values.sort, key=lambda v: Failing(v.n), reverse=True)
assert sorted(v.n for v in values) == list(range(23))


# Keys that die while they are compared.
class Dying:
    def __lt__(self, other):
        gc.collect()
        return id(self) < id(other)


values = list(range(20))
values.sort(key=lambda x: Dying())

# Searching.
for find in ("index", "count", "remove", "__contains__"):
    for change in ("clear", "pop", "grow"):
        values = []

        def action():
            if change == "clear":
                values.clear()
            elif change == "pop" and values:
                values.pop()
            elif len(values) < 300:
                values.extend([Evil(action)] * 20)
        values += [Evil(action) for _ in range(20)]
        try:
            getattr(values, find)(object())
        except ValueError:
            pass

# Comparing two lists where one vanishes.
left = []
right = [Evil(lambda: (left.clear(), right.clear()), True) for _ in range(10)]
left += [Evil(lambda: (left.clear(), right.clear()), True) for _ in range(10)]
left == right
left += [Evil(lambda: (left.clear(), right.clear()), True) for _ in range(10)]
right += [1] * 10
left < right
right[:] = [2, 3]
right > [Evil(right.clear)]

# remove() of the last reference.
values = [Evil(lambda: values.clear(), True)]
try:
    values.remove(1)
except ValueError:
    pass


# Slices whose value changes the list.
class Iterable:
    def __iter__(self):
        for i in range(5):
            values.clear()
            yield i


values = list(range(10))
values[2:5] = Iterable()
assert values == [0, 1, 2, 3, 4], values
values = list(range(10))
try:
    values[::2] = Iterable()
except ValueError:
    pass


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        values.clear()
        return self.n


for call in (lambda: values[Index(5)], lambda: values.pop(Index(5)), lambda: values.__delitem__(Index(5)),
             lambda: values.__setitem__(Index(5), 1), lambda: values.__getitem__(slice(Index(2), Index(9), Index(3))),
             lambda: values.__setitem__(slice(Index(2), Index(9), Index(3)), [1, 2, 3]),
             lambda: values.__delitem__(slice(Index(2), Index(9), Index(3))),
             lambda: values.insert(Index(5), 1), lambda: values * Index(3), lambda: values.index(4, Index(2), Index(9)),
             lambda: values.__delitem__(slice(Index(0), Index(9)))):
    values = list(range(10))
    try:
        call()
    except (IndexError, ValueError):
        pass

# Items that go away and change the list from __del__.
class Last:
    def __del__(self):
        values.append(1)
        values[:] = []
        values.append(2)


for action in (lambda: values.clear(), lambda: values.pop(), lambda: values.__delitem__(0), lambda: values.__delitem__(slice(None)),
               lambda: values.__setitem__(0, 1), lambda: values.__setitem__(slice(0, 2), [1]), lambda: values.__init__([1, 2]),
               lambda: values.__delitem__(slice(None, None, 2)), lambda: values.__setitem__(slice(None, None, 1), (1, 2)),
               lambda: values.__imul__(0)):
    values = [Last(), Last(), Last()]
    action()

# Iterators of lists that shrink, and die.
values = list(range(10))
it = iter(values)
next(it)
values.clear()
assert list(it) == [] and list(it) == []
values.append(1)
assert list(it) == []
it = reversed([1, 2, 3])
next(it)
assert it.__reduce__()[1:] is not None and list(it) == [2, 1]
it.__setstate__(5)
values = list(range(100))
it = reversed(values)
next(it)
del values[10:]
assert list(it) == []
it = iter(list(range(3)))
it.__setstate__(-100)
assert list(it) == [0, 1, 2]
it = iter([1])
it.__setstate__(10 ** 6)
assert list(it) == []


# extend() by an iterator that works on the list.
def feeding():
    for i in range(50):
        values.append(i)
        yield i
        if i % 7 == 0:
            values.clear()


values = []
values.extend(feeding())
values += feeding()
values = [*feeding(), *feeding()]


class Hint:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter((1, 2, 3))

    def __length_hint__(self):
        values.clear()
        return self.hint


for hint in (0, 1, 10 ** 6):
    values = [0]
    values.extend(Hint(hint))
    assert list(Hint(hint)) == [1, 2, 3]
refused(ValueError, list, Hint(-1))
refused(OverflowError, list, Hint(1 << 80))
refused(TypeError, list, Hint("x"))
refused((MemoryError, OverflowError), lambda: [0, 1] * (1 << 62))
refused((MemoryError, OverflowError), lambda: (0, 1) * (1 << 62))
refused((MemoryError, OverflowError), lambda: [0] * (1 << 63))
values = [1] * 2
refused((MemoryError, OverflowError), values.__imul__, 1 << 62)
assert values == [1, 1]


# repr() of what changes under it.
class Shown:
    def __repr__(self):
        values.clear()
        return "shown"


values = [Shown(), Shown(), 3]
assert repr(values) == "[shown]", repr(values)
values = [Shown(), 1]
values.append(values)
repr(values)


class Sub(list):
    def __len__(self):
        return 1000

    def __iter__(self):
        return iter(())


sub = Sub([1, 2, 3])
assert tuple(sub) == () and [*sub] == [] and list.__len__(sub) == 3
sorted(sub), sum(sub), ",".join(Sub(["a", "b"])), "%s" % (Sub(),), dict([Sub([1, 2])]) if False else None
print("done")
