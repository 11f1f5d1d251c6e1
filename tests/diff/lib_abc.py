"""The abstract classes of collections.abc."""
import collections
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _show import err

import collections.abc as abc

for t in (list, dict, set, str, tuple, range, deque, type({}.keys()), int, bytearray, memoryview, Counter, type(iter([])), type(x for x in ())):
    print(t.__name__, [n for n in ("Hashable", "Iterable", "Iterator", "Reversible", "Sized", "Container", "Collection", "Sequence", "MutableSequence", "Set", "MutableSet", "Mapping", "MutableMapping", "KeysView", "Callable", "Generator", "ByteString") if issubclass(t, getattr(abc, n))])


class MySeq(abc.MutableSequence):
    def __init__(self):
        self.l = []

    def __getitem__(self, i):
        return self.l[i]

    def __setitem__(self, i, v):
        self.l[i] = v

    def __delitem__(self, i):
        del self.l[i]

    def __len__(self):
        return len(self.l)

    def insert(self, i, v):
        self.l.insert(i, v)


s = MySeq()
s.append(1)
s.extend([2, 3])
s += [4]
s.reverse()
print(s.l, s.pop(), s.index(3), 2 in s, s.count(2), list(reversed(s)))
err(abc.Sequence)
