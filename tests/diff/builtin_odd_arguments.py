"""Methods of builtin types with arguments that nobody means."""
import itertools
import operator
import pickle
import types


class S(str): pass
class B(bytes): pass
class L(list): pass
class St(set): pass


class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v


class Bad:
    def __index__(self): raise ValueError("bad index")


class NoIter:
    __iter__ = None


class Lengthy:
    def __len__(self): raise ValueError("len")
    def __iter__(self): return iter("ab")


class Raises:
    def __iter__(self):
        yield 1
        raise LookupError("iter")


def show(text, **names):
    scope = dict(globals(), **names)
    try:
        r = eval(text, scope)
        print(text, "=", type(r).__name__, r, [type(x).__name__ for x in r] if type(r) in (list, tuple) else "")
    except BaseException as e:
        print(text, "!", type(e).__name__, e)


for text in """
S('sub').split('longer')
S('sub').split('\\u20ac')
S('sub').split('u')
S('sub').split('x')
S('sub').rsplit('longer')
S('sub').partition('x')
S('sub').partition(S('u'))
S('sub').rpartition('x')
B(b'sub').partition(b'x')
B(b'sub').partition(B(b'u'))
bytearray(b'sub').partition(b'x')
S('sub') % {}
S('sub').format()
S('sub{{').format()
S('sub').format_map({})
S('su}').format_map({})
'ab'.center(2**62)
'ab'.ljust(2**62)
'-b'.zfill(2**62)
b'ab'.center(2**62)
''.join(NoIter())
'-'.join(Lengthy())
b''.join(NoIter())
b'-'.join(Lengthy())
b''.join(5)
Bad() in b''
Index(2**70) in b'ab'
Index(97) in b'ab'
2**70 in b'ab'
256 in b'ab'
-1 in bytearray(b'ab')
b''.__eq__(bytearray())
bytearray().__eq__(b'')
b'a' == bytearray(b'a')
bytearray(b'a') > b''
b'' % ''
b'' % 'a'
bytearray(b'%s') % b'a'
b'a'.center(3, None)
b''.decode('no such')
b'a'.decode('no such')
str(b'', 'no such')
bytearray().decode('no such', 'none')
bytes(None, None)
str(b'', None)
type(None, (), {})
BaseExceptionGroup(None, 1)
pow(0j, None, 1.5)
pow(0j, 1, 2)
pow(0j, 'a', 2)
{1}.intersection(itertools.count())
{1, 2} .intersection(Raises())
{1}.intersection(Raises())
frozenset({1}).intersection(Raises())
St([1]).__init__(1, 2)
set.__init__({1}, 1, 2)
(1, 2).__mul__()
[].__setitem__(1)
int.__pow__(1)
int.__pow__(1, 2, 3, 4)
(1).__add__()
len.__call__(1, 2)
object().__setattr__('a')
[].__len__(1)
(1).__round__(None)
type(iter(S('a'))).__name__
bytearray(b'abc').pop(5)
bytearray(b'abc').pop(-3)
bytearray().pop()
types.MethodType(len, 5).__getstate__()
pickle.dumps(memoryview(b''))
str.maketrans({1: 2, 'a': 'b', 'xy': 1})
str.maketrans({b'a': 1})
operator.imul(Index(2), 'ab')
operator.imul({}, [1])
operator.imul(2, 'ab')
operator.imul(2.5, 'ab')
operator.imul(None, 'ab')
operator.mul(Index(2), 'ab')
operator.setitem((1, 2), 2**70, 1)
operator.setitem((1, 2), Bad(), 1)
operator.setitem((1, 2), 0, 1)
operator.setitem(Bad(), Bad(), 1)
operator.setitem(5, Bad(), 1)
operator.delitem((1, 2), 2**70)
operator.delitem(Raises(), 2**70)
operator.delitem(Raises(), 'a')
""".split("\n"):
    if text:
        show(text)

# A list of a subclass that is extended by itself.
for op in (lambda x: x.extend(x), lambda x: x.__iadd__(x), lambda x: x.__setitem__(slice(1, 1), x)):
    x = L([1, 2])
    op(x)
    print(x)


# Keys that change the table of str.maketrans while it is read.
class Key(int):
    def __hash__(self):
        table.clear()
        return 5
    __eq__ = int.__eq__


table = {}
for i in range(3):
    dict.__setitem__(table, i + 10, "x" * i)
hashes = iter([1, 2, 3])
Key.__hash__ = lambda self: 7
table = {Key(1): "one" + str(1), 2: "two"}
Key.__hash__ = lambda self: (table.clear(), 5)[1]
print(str.maketrans(table), table)


# A key that takes itself out of the table while it is compared.
class Gone:
    def __hash__(self): return 1
    def __eq__(self, other):
        d.clear()
        s.clear()
        d[Same()] = "new"
        s.add(Same())
        return True
    def __del__(self):
        d.setdefault("left", 0)


class Same:
    def __hash__(self): return 1
    def __eq__(self, other): return False


for _ in range(5):
    d, s = {Gone(): "old"}, {Gone()}
    print(d.get(Same(), "absent"), len(d))
    d, s = {Gone(): "old"}, {Gone()}
    print(Same() in s, len(s))


# A static method that is given another function while it runs.
class Method:
    pass


def replace(*args):
    Method.s.__init__(len)
    return args


Method.s = staticmethod(replace)
raw = vars(Method)["s"]


def again():
    def inner(n):
        raw.__init__(len)
        return n + len(text)
    text = "abc"
    return inner


raw.__init__(again())
print(raw(5), raw("four"))


# What bytearray slices and issubset take.
class Number:
    def __float__(self): return 1.0


for v in (int, 5, 1.5, 2j, "a", None, Number(), [1], (300,), ["a"], {1: 2}, len, memoryview(b"ab"), b"q", range(3), True):
    b = bytearray(b"abc")
    for key in (slice(1, 2), slice(None, None, 2)):
        try:
            b[key] = v
            print(b)
        except Exception as e:
            print(type(e).__name__, e)
for f in ({1}.issubset, frozenset({1}).issubset, {1, 2}.issubset):
    for a in (Raises(), [1], "ab", [[]], 5, range(5), {1: 2}, [1, 2, 3]):
        try:
            print(f(a))
        except Exception as e:
            print(type(e).__name__, e)
import weakref
group = ExceptionGroup("g", [ValueError(1)])
print(weakref.ref(group)() is group)
empty = bytearray()
empty *= 2**62
print(empty)
