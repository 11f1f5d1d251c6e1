"""Counter."""
from _show import show
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple

c = Counter("abracadabra")
show(c, c["a"], c["zz"], c.most_common(2), sorted(c.elements()), c.total(), c + Counter("ab"), c - Counter("aaa"), c & Counter("aab"), c | Counter("zz"), +Counter(a=-1, b=2), -Counter(a=-1), Counter(a=1) == Counter(a=1, b=0), Counter(a=3) >= Counter(a=2), Counter({"a": 2}), Counter(a=1, b=2))
c.update("aaa")
c.subtract("bbb")
del c["r"]
print(c, dict(c), Counter(), Counter([1, 1, 2]).most_common())
