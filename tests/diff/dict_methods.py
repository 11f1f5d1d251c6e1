"""dict: methods, views, order, errors."""
from _show import err, show

d = {"a": 1, "b": 2, 3: "three", (1, 2): "tuple", None: "none", 1.5: "float", True: "true"}
show(d, len(d), d["a"], d[1], d[1.0], d[True], d.get("x"), d.get("x", 5), d.get("a"), "a" in d, "z" not in d, list(d), list(d.values()), list(d.items()))
d[1] = "one"
print(list(d)[-1], d[True], d.pop("a"), d.pop("zz", "default"), d.popitem(), d.setdefault("new", []), d.setdefault("b", 9), len(d))
d.update({"u": 1}, v=2)
d.update([("w", 3), "xy"])
d.update(z=1)
d.update()
print(d)
del d[3], d[None]
show(d, dict(d) == d, d.copy() is d, dict(a=1), dict([("a", 1)]), dict({"a": 1}, b=2), dict(zip("ab", [1, 2])), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {**d, "b": "over"}["b"], {}, dict(), {"a": 1, "a": 2})
show({"a": 1} | {"b": 2}, {"a": 1} | {"a": 2}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} != {1: 1}, {"a": 1}.__or__(5), bool({}), list(reversed({"a": 1, "b": 2})), {1: 2}.__contains__(1), {i: i * i for i in range(3)}, {k: v for k, v in zip("ab", "cd") if k != "a"})
x = {"a": 1}
x |= {"b": 2}
x |= [("c", 3)]
print(x)
for f in (lambda: {}["x"], lambda: {}[1, 2], lambda: {}.pop("x"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {}[[]], lambda: {}.get({}), lambda: [] in {}, lambda: {}.update(5), lambda: {}.update([1]), lambda: {}.update([(1, 2, 3)]), lambda: {}.update(["abc"]), lambda: {}.update(1, 2), lambda: dict(5), lambda: dict([1]), lambda: dict(["a"]), lambda: dict(1, 2), lambda: dict.fromkeys(), lambda: dict.fromkeys(5), lambda: {} | 5, lambda: {} < {}, lambda: hash({}), lambda: {}.__delitem__("x"), lambda: {}.setdefault(), lambda: {}.pop(), lambda: {}.get(), lambda: {} + {}, lambda: {}.x, lambda: {1: 1}.__setitem__([], 1), lambda: {}.keys().x, lambda: {}.keys()[0], lambda: hash({}.keys()), lambda: {**5}, lambda: {**[1]}, lambda: {}.items() | 5, lambda: {}.clear(1), lambda: {1: 2}.__init__(5), lambda: dict(**{1: 2}), lambda: {set(): 1}, lambda: {1: []}.items() & {(1, ())} if False else {1: []}.items() | set()):
    err(f)
keys, values, items = x.keys(), x.values(), x.items()
show(keys, values, items, len(keys), "a" in keys, 1 in values, ("a", 1) in items, ("a", 2) in items, 5 in items, list(reversed(keys)), list(reversed(items)), keys == {"a", "b", "c"}, keys & {"a", "z"}, sorted(keys | {"z"}), sorted(keys - {"a"}), sorted(keys ^ {"a", "z"}), items & {("a", 1)}, keys <= {"a", "b", "c", "d"}, keys > {"a"}, keys.isdisjoint({"q"}), {"a"} < keys, keys.mapping, values == x.values(), keys == x.keys(), items == x.items(), type(keys).__name__)
x["new"] = 9
print(keys, len(values), repr(type(iter(keys))), keys & ["a"], sorted(["a", "q"] & keys) if hasattr(keys, "__rand__") else "")
keys.mapping["a"] if True else None
err(lambda: keys.mapping.__setitem__("a", 1))
