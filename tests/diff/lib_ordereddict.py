"""OrderedDict and defaultdict."""
import copy
import pickle
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _show import err, show

o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
show(o, list(o), o.popitem(), o.popitem(last=False), o, OrderedDict([("a", 1), ("b", 2)]) == OrderedDict([("b", 2), ("a", 1)]), OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, list(reversed(OrderedDict(a=1, b=2))), OrderedDict(a=1) | {"z": 2}, copy.copy(o), pickle.loads(pickle.dumps(o)), o.pop("zz", "d"), o.setdefault("n", 5), OrderedDict.fromkeys("ab"))
err(o.move_to_end, "zz")
err(o.pop, "zz")
err(OrderedDict().popitem)
o["b"] = 9
o.update(b=1, q=2)
del o["b"]
o["b"] = 3
print(o, list(o.keys()), list(o.items()), list(o.values()), repr(o))
dd = defaultdict(list)
dd["a"].append(1)
dd["b"]
show(dd, dd["c"], dd.get("zz"), "zz" in dd, dd.default_factory, defaultdict(int, a=5)["q"], defaultdict(None, {"x": 1}), copy.copy(dd), dd | {"k": 1}, defaultdict(lambda: 7)["x"])
err(lambda: defaultdict()["x"])
err(defaultdict, 5)
