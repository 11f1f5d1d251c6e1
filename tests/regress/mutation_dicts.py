"""Dicts and sets that change while keys are hashed and compared, and while they are walked."""
import gc


class Key:
    """Compares by calling `action` once it is armed."""
    action = None

    def __init__(self, name, hash=1):
        self.name, self.hash = name, hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        if Key.action:
            Key.action()
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        if Key.action:
            Key.action()
        return f"Key({self.name})"


def armed(action, function, *args):
    calls = iter(range(100))  # a search starts anew when the table has changed: without an end it would never end

    def limited():
        if next(calls, None) is not None:
            action()
    Key.action = limited
    try:
        return function(*args)
    except (KeyError, RuntimeError, ValueError, TypeError):
        pass
    finally:
        Key.action = None


def table():
    return {Key(i, i % 3): i for i in range(20)}


def changes(d):
    grow = iter(range(10 ** 9))
    return (d.clear, lambda: d and d.popitem(), lambda: len(d) < 400 and d.update({f"n{next(grow)}": 1 for _ in range(30)}),
            lambda: (d.clear(), d.update(dict.fromkeys(range(50)))), lambda: gc.collect())


calls = {
    "get": lambda d: d.get(Key(19, 1)), "in": lambda d: Key(19, 1) in d, "item": lambda d: d[Key(19, 1)],
    "set": lambda d: d.__setitem__(Key(19, 1), 5), "new": lambda d: d.__setitem__(Key("x", 1), 5),
    "del": lambda d: d.__delitem__(Key(19, 1)), "pop": lambda d: d.pop(Key(19, 1)), "default": lambda d: d.setdefault(Key("y", 1), 5),
    "update": lambda d: d.update({Key(19, 1): 2, Key("z", 1): 3}), "pairs": lambda d: d.update([(Key(19, 1), 2)]),
    "merge": lambda d: d | {Key(19, 1): 2}, "equal": lambda d: d == table(), "equal2": lambda d: table() == d,
    "ior": lambda d: d.__ior__({Key(19, 1): 2, Key(3, 0): 1}), "keys&": lambda d: d.keys() & {Key(19, 1)},
    "items": lambda d: (Key(19, 1), 19) in d.items(), "values": lambda d: Key(5, 5) in d.values(), "repr": repr,
    "items-": lambda d: d.items() - {(Key(3, 0), 3)}, "keys^": lambda d: d.keys() ^ {Key(19, 1)}, "keys<": lambda d: d.keys() < {Key(1), 2},
    "disjoint": lambda d: d.keys().isdisjoint([Key("q", 1)]), "copy": lambda d: {**d, Key(19, 1): 2}, "list": lambda d: list(d.items()),
    "fromkeys": lambda d: dict.fromkeys(d), "star": lambda d: (lambda **k: k)(**d),
}
for name, call in calls.items():
    for i in range(5):
        d = table()
        armed(changes(d)[i], call, d)
        d.clear()

set_calls = {
    "in": lambda s: Key(19, 1) in s, "add": lambda s: s.add(Key("x", 1)), "discard": lambda s: s.discard(Key(19, 1)),
    "remove": lambda s: s.remove(Key(19, 1)), "update": lambda s: s.update([Key("u", 1), Key(19, 1)]),
    "update2": lambda s: s.update({Key("u", 1), Key(18, 0)}), "dict": lambda s: s.update({Key("u", 1): 1, Key(18, 0): 2}),
    "or": lambda s: s | {Key(19, 1)}, "and": lambda s: s & set(table()), "and2": lambda s: set(table()) & s, "sub": lambda s: s - set(table()),
    "sub2": lambda s: set(table()) - s, "xor": lambda s: s ^ set(table()), "iand": lambda s: s.__iand__(set(table())), "self": lambda s: s.__ixor__(set(table())),
    "isub": lambda s: s.__isub__(set(table())), "subset": lambda s: s <= set(table()), "superset": lambda s: s >= set(table()),
    "equal": lambda s: s == set(table()), "equal2": lambda s: set(table()) == s, "disjoint": lambda s: s.isdisjoint(set(table())), "repr": repr,
    "inter": lambda s: s.intersection(list(table())), "iter": lambda s: s.symmetric_difference_update(list(table())),
    "diffd": lambda s: s.difference(table()), "interd": lambda s: s.intersection(table()), "frozen": lambda s: frozenset(s) == s,
    "diffu": lambda s: s.difference_update(table()), "copy": lambda s: set(s) == s, "ored": lambda s: s.__ior__(set(table())),
}
for name, call in set_calls.items():
    for i in range(4):
        s = set(table())
        grow = iter(range(10 ** 9))
        action = (s.clear, lambda: s and s.pop(), lambda: len(s) < 400 and s.update(f"n{next(grow)}" for _ in range(30)),
                  lambda: (s.clear(), s.update(range(50))))[i]
        armed(action, call, s)


# What dies changes the container that it was in.
class Last:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        self.action()

    def __hash__(self):
        return 5


for act in (lambda d: d.clear(), lambda d: d.popitem(), lambda d: d.pop(1), lambda d: d.__setitem__(1, 2), lambda d: d.__delitem__(1),
            lambda d: d.update({1: 2, 2: 3}), lambda d: d.__ior__({1: 3}), lambda d: d.setdefault(1, 3), lambda d: d.__init__({1: 7})):
    for change in (lambda: d.clear(), lambda: d.update(dict.fromkeys(range(100))), lambda: d.pop(2, 0)):
        d = {1: Last(change), 2: Last(change), 3: Last(change)}
        act(d)
        d.clear()
        d.clear()
for act in (lambda s: s.clear(), lambda s: s.pop(), lambda s: s.update(range(100)), lambda s: s.__iand__({1}), lambda s: s.__isub__(set(s)),
            lambda s: s.intersection_update([1]), lambda s: s.__init__([1, 2]), lambda s: s.symmetric_difference_update(list(s))):
    for change in (lambda: s.clear(), lambda: s.update(range(100)), lambda: s and s.pop()):
        s = {Last(change), Last(change), Last(change), 1}
        act(s)
        s.clear()
        s.clear()

# Walking what changes.
d = table()
for walk in (d, d.items(), d.values(), reversed(d), reversed(d.items()), reversed(d.values())):
    for change in (d.clear, lambda: d.update(dict.fromkeys(range(90, 190))), lambda: (d.popitem(), d.__setitem__("new", 1)), lambda: None):
        d.clear()
        d.update(table())
        try:
            for x in walk if iter(walk) is not walk else list(walk):
                change()
                gc.collect(0)
        except RuntimeError as error:
            assert "dictionary" in str(error), error
it = iter({1: 2, 3: 4}.items())
pair = next(it)
assert next(it) == (3, 4) and pair == (1, 2)
assert next(it, None) is None and next(it, None) is None
it = iter({1: 2})
assert it.__length_hint__() == 1 and list(it) == [1] and it.__length_hint__() == 0
s = set(range(20))
try:
    for x in s:
        s.clear()
except RuntimeError as error:
    assert str(error) == "Set changed size during iteration"


class BadHash:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return self.value


for value in ("x", None, 1.5):
    try:
        {BadHash(value): 1}
    except TypeError:
        pass
    else:
        raise AssertionError
assert hash(BadHash(1 << 200)) == hash(1 << 200)


class Failing:
    def __hash__(self):
        raise ZeroDivisionError


for call in (lambda: {Failing()}, lambda: {1: 2}.get(Failing()), lambda: {Failing(): 1}, lambda: {1}.remove(Failing()), lambda: {1}.discard(Failing()),
             lambda: {}.setdefault(Failing()), lambda: Failing() in {1}, lambda: {1}.union([Failing()]), lambda: dict([(Failing(), 1)]),
             lambda: {1: 2}.pop(Failing()), lambda: dict.fromkeys([Failing()]),
             lambda: frozenset([Failing()]), lambda: {1} & {2} or {1}.intersection([Failing()])):
    try:
        call()
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError


# Keys of update() from strange mappings.
class Mapping:
    def keys(self):
        return iter(["a", "b", "c"])

    def __getitem__(self, key):
        d.clear()
        if key == "c":
            raise OSError
        return key


d = {1: 2}
try:
    d.update(Mapping())
except OSError:
    pass
assert d == {}, d
for bad in ([(1, 2), (1,)], [1], [(1, 2, 3)], 5):
    try:
        d.update(bad)
    except (ValueError, TypeError):
        pass
    else:
        raise AssertionError


# A subclass with __missing__ that changes the dict.
class Missing(dict):
    def __missing__(self, key):
        self.clear()
        self.update(dict.fromkeys(range(100)))
        return key


m = Missing(a=1)
assert m["x"] == "x" and len(m) == 100
print("done")
