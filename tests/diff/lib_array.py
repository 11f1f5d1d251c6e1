"""array: types, methods, buffers, errors."""
import array
import copy
import pickle
from _show import err, show

a = array.array("i", [1, 2, 3])
a.append(4)
a.extend([5])
a.insert(0, 0)
a.fromlist([6, 7])
show(a, a.typecode, a.itemsize, len(a), a[1], a[-1], a[1:3], a.tolist(), a.index(3), a.count(2), a.pop(), a + a[:1], a * 2, a == array.array("i", a), a.tobytes()[:4], array.array("d", [1.5]), array.array("u", "aé"), array.array("u", "xy").tounicode(), array.array("b", b"ab"), 3 in a, list(reversed(a))[:2], array.typecodes, array.array("q", [2**62]), array.array("B", range(3)).tobytes(), array.array("f", [0.1])[0], a.buffer_info()[1])
a.reverse()
a.remove(3)
a.byteswap()
a.byteswap()
a[0] = 99
a[1:2] = array.array("i", [7, 7])
del a[-1]
a.frombytes(b"\1\0\0\0")
print(a, pickle.loads(pickle.dumps(a)), copy.copy(a))
for f in (lambda: array.array("i", [1.5]), lambda: array.array("b", [200]), lambda: array.array("z"), lambda: array.array("i").append("a"), lambda: array.array("i", [2**40]), lambda: array.array("i")[0], lambda: array.array("i", "abc"), lambda: array.array("i") + [1], lambda: array.array("i").frombytes(b"a"), lambda: array.array("i", [1]).remove(5), lambda: array.array("ii"), lambda: array.array(5), lambda: array.array("I", [-1]), lambda: array.array("i", [1]).__setitem__(slice(0, 1), [1])):
    err(f)
