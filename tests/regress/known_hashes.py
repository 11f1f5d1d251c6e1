"""Sets and dicts are made from one another without hashing their keys again."""


class Key(int):
    hashed = 0

    def __hash__(self):
        Key.hashed += 1
        return int.__hash__(self)


keys = [Key(i) for i in range(10)]
d = dict.fromkeys(keys)
s = set(d)
assert Key.hashed == 10
for other in (dict.fromkeys(d), dict.fromkeys(s), dict.fromkeys(frozenset(s), 1), set(d), s - d.keys(), s | s, dict(d)):
    pass
assert Key.hashed == 10 + 10, Key.hashed  # d.keys() is an iterable like others


class Sub(dict):
    pass


assert Sub.fromkeys(s, 5) == dict.fromkeys(range(10), 5)
assert dict.fromkeys("aba") == {"a": None, "b": None}
print("ok")
