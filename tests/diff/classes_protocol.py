"""Classes: construction, special methods, descriptors, metaclasses, slots, mro."""


def show(label, f, *args, **kwargs):
    try:
        print(label, '->', f(*args, **kwargs))
    except BaseException as e:
        print(label, '!!', type(e).__name__, e)


# --- special methods of Python classes -------------------------------------------------------
class Num:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f'Num({self.v})'

    def __add__(self, o):
        return Num(('add', self.v, o)) if not isinstance(o, str) else NotImplemented

    def __radd__(self, o):
        return Num(('radd', self.v, o))

    def __iadd__(self, o):
        self.v = ('iadd', self.v, o)
        return self

    def __pow__(self, o, m=None):
        return ('pow', self.v, o, m)

    def __rpow__(self, o):
        return ('rpow', self.v, o)

    def __neg__(self):
        return 'neg'

    def __invert__(self):
        return 'inv'

    def __abs__(self):
        return 'abs'

    def __index__(self):
        return 3

    def __float__(self):
        return 2.5

    def __int__(self):
        return 7

    def __divmod__(self, o):
        return ('divmod', o)

    def __matmul__(self, o):
        return ('matmul', o)

    def __len__(self):
        return 4

    def __getitem__(self, k):
        if isinstance(k, int) and k > 3:
            raise IndexError(k)
        return ('item', k)

    def __setitem__(self, k, v):
        print('set', k, v)

    def __delitem__(self, k):
        print('del', k)

    def __contains__(self, k):
        return k == 1

    def __call__(self, *a, **k):
        return ('call', a, k)

    def __eq__(self, o):
        return isinstance(o, Num) and o.v == self.v

    def __lt__(self, o):
        return 'lt'

    def __format__(self, s):
        return 'fmt:' + s

    def __bool__(self):
        return False


n = Num(1)
print(n + 2, 2 + n, n ** 2, 2 ** n, pow(n, 2, 5), -n, ~n, abs(n))
show('str+', lambda: n + 'x')
show('+pos', lambda: +n)
m = n
m += 5
print(m, m is n)
print([10, 20, 30, 40][n], float(n), int(n), divmod(n, 2), n @ 3, len(n), n[1:2], n['a'])
n['q'] = 1
del n['q']
print(1 in n, 2 in n, n(1, a=2), n == Num(n.v), n != Num(0), n < 5, 5 > n, f'{n:abc}', bool(n))
show('hash', hash, n)
show('list', list, Num(0))
show('>=', lambda: n >= 1)
show('round', round, n)


class Sub(Num):
    def __radd__(self, o):
        return 'sub radd'


print(Num(1) + Sub(2), Sub(1) + Num(2), Sub(1) + Sub(2))


class Item:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i


print(list(Item()), 4 in Item(), 5 in Item(), list(reversed(range(3))))


class It:
    def __init__(self):
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.i += 1
        if self.i > 3:
            raise StopIteration('end')
        return self.i


def delegate():
    r = yield from It()
    print('result', r)


print(list(It()), list(delegate()))
a, *b = It()
print(a, b)


class NoHash:
    __hash__ = None


class NoIter:
    __iter__ = None

    def __getitem__(self, i):
        return i


show('nohash', hash, NoHash())
show('noiter', iter, NoIter())
show('noiter in', lambda: 1 in NoIter())


# --- attributes ------------------------------------------------------------------------------
class Attr:
    cls_attr = 1

    def __getattr__(self, name):
        if name == 'bad':
            raise AttributeError('custom')
        return 'dyn ' + name

    def __setattr__(self, name, value):
        print('setattr', name, value)
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        print('delattr', name)
        object.__delattr__(self, name)


x = Attr()
x.y = 2
print(x.y, x.z, x.cls_attr, hasattr(x, 'bad'), getattr(x, 'bad', 'dflt'), x.__dict__)
del x.y
show('del again', delattr, x, 'y')
show('bad', lambda: x.bad)


class GetAttribute:
    def __getattribute__(self, name):
        return ('ga', name)


print(GetAttribute().foo, GetAttribute().__class__)


class Data:
    def __set_name__(self, owner, name):
        print('set_name', owner.__name__, name)
        self.name = name

    def __get__(self, obj, cls):
        return ('get', obj is None, cls.__name__)

    def __set__(self, obj, value):
        print('set', value)

    def __delete__(self, obj):
        print('delete')


class NonData:
    def __get__(self, obj, cls=None):
        return 'nondata'


class Host:
    d = Data()
    n = NonData()


h = Host()
print(Host.d, h.d, h.n)
h.d = 5
del h.d
h.__dict__['d'] = 'own'
h.__dict__['n'] = 'own'
print(h.d, h.n)


class Prop:
    @property
    def p(self):
        "the doc"
        return self._p

    @p.setter
    def p(self, v):
        self._p = v * 2

    @property
    def ro(self):
        return 1

    w = property(None, lambda s, v: None)


p = Prop()
p.p = 4
print(p.p, Prop.p.__doc__)
show('ro', setattr, p, 'ro', 1)
show('ro', delattr, p, 'ro')
show('wo', lambda: p.w)
show('deleter', delattr, p, 'p')


class CM:
    @classmethod
    def c(cls, *a):
        return cls.__name__, a

    @staticmethod
    def s(*a):
        return a

    def m(self):
        return 'm'


class CM2(CM):
    pass


print(CM.c(1), CM2().c(2), CM.s(3), CM().s(4))
print(CM.__dict__['c'].__func__.__name__, CM.__dict__['s'](9), CM.__dict__['c'].__name__, CM.__dict__['s'].__wrapped__ is CM.s)
bm = CM().m
print(bm == bm, bm.__func__ is CM.m, bm.__name__, bm.__self__.__class__.__name__, bm())
show('wrong self', CM.m)


# --- slots -----------------------------------------------------------------------------------
class S:
    __slots__ = ('a', '__b', 'c')

    def __init__(self):
        self.a = 1
        self.__b = 2


s = S()
print(s.a, s._S__b, sorted(k for k in S.__dict__ if 'b' in k or k in 'ac'))
show('c', lambda: s.c)
show('d', setattr, s, 'd', 1)
show('dict', lambda: s.__dict__)


class S2(S):
    __slots__ = ('d', '__dict__')


s2 = S2()
s2.d = 4
s2.e = 5
print(s2.a, s2.d, s2.e, s2.__dict__)


class StrSlots(str):
    __slots__ = ('tag',)


t = StrSlots('abc')
t.tag = 'T'
print(t, t.tag, t.upper(), len(t))
show('int slots', type, 'X', (int,), {'__slots__': ('a',)})
show('empty int slots', lambda: type('X', (int,), {'__slots__': ()})(5) + 1)


# --- class creation ----------------------------------------------------------------------------
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print('prepare', name, kw)
        return {'injected': 1}

    def __new__(mcs, name, bases, ns, **kw):
        print('meta new', name, sorted(k for k in ns if not k.startswith('__')), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print('meta init', name)
        super().__init__(name, bases, ns)

    def __call__(cls, *a, **k):
        print('meta call', a, k)
        return super().__call__(*a, **k)

    def __getattr__(cls, name):
        return 'meta attr ' + name

    def __len__(cls):
        return 99

    def __contains__(cls, x):
        return x == 'in'

    @property
    def mprop(cls):
        return 'mprop of ' + cls.__name__


class WithMeta(metaclass=Meta, opt=1):
    def __new__(cls, *a, **k):
        print('new', a, k)
        return super().__new__(cls)

    def __init__(self, *a, **k):
        print('init', a, k)


w = WithMeta(1, b=2)
print(WithMeta.injected, WithMeta.zzz, len(WithMeta), 'in' in WithMeta, WithMeta.mprop, type(WithMeta).__name__)
show('inst mprop', lambda: w.mprop)


class Base:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag

    def __class_getitem__(cls, k):
        return (cls.__name__, k)


class Derived(Base, tag='hello'):
    pass


print(Derived.tag, Derived[int], Base[1, 2])
show('unknown kw', lambda: type('Q', (Base,), {}, nope=1))
show('kw object', lambda: type('Q', (), {}, nope=1))


class A:
    def who(self):
        return ['A']


class B(A):
    def who(self):
        return ['B'] + super().who()


class C(A):
    def who(self):
        return ['C'] + super().who()


class D(B, C):
    def who(self):
        return ['D'] + super().who()


print(D().who(), [k.__name__ for k in D.__mro__])
show('mro', lambda: type('X', (A, B), {}))
show('dup', lambda: type('X', (A, A), {}))
print(super(B, D()).who(), super(D, D).who(D()), repr(super(B, D())), repr(super(B)))
show('super bad', lambda: super(B, A()))

# --- changes afterwards ------------------------------------------------------------------------
A.__len__ = lambda self: 11
print(len(D()), bool(D()))
A.__eq__ = lambda self, o: True
print(D() == 5, D() != 5)
del A.__len__
show('len', len, D())
C.__bases__ = (Base,)
print([k.__name__ for k in D.__mro__])


class X1:
    def f(self):
        return 1


class X2:
    def f(self):
        return 2


o = X1()
o.attr = 'kept'
o.__class__ = X2
print(o.f(), o.attr, type(o).__name__)
show('class int', setattr, o, '__class__', int)
show('class slots', setattr, o, '__class__', S)

# --- builtin subclasses --------------------------------------------------------------------------


class I(int):
    def __add__(self, o):
        return 'I+'


class L(list):
    def __getitem__(self, i):
        return 'L[]'

    def extra(self):
        return len(self)


class Dct(dict):
    def __missing__(self, k):
        return ('missing', k)


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)


print(I(5) + 1, 1 + I(5), I(5) * 2, I(3) == 3, hash(I(3)), I('12'), type(I(5) - 1).__name__)
print(L([1, 2])[0], L([1, 2]).extra(), list(L([1, 2])), L([1]) + [2])
print(Dct(a=1)['a'], Dct()['zz'], dict(Dct(a=2)))
print(T(1, 2, 3), T(1)[0], len(T()), T(1, 2) == (1, 2))


class E(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b


try:
    raise E(1, 2)
except E as e:
    print(e, e.args, e.b, repr(e))

# --- copying and pickling state --------------------------------------------------------------------
import copy


class P:
    def __init__(self):
        self.a = [1]


class PS:
    __slots__ = ('x', 'y')


p = P()
q = copy.copy(p)
r = copy.deepcopy(p)
print(q.a is p.a, r.a is p.a, r.a)
ps = PS()
ps.x = 1
print(ps.__reduce_ex__(2)[2], copy.copy(ps).x, ps.__getstate__(), P().__getstate__(), object().__getstate__())
print(p.__reduce_ex__(2)[0].__name__, p.__reduce_ex__(2)[1:], L([1]).__reduce_ex__(2)[0].__name__)



class NA:
    def __getnewargs__(self):
        return 5


show('newargs', lambda: NA().__reduce_ex__(2))

# --- abstract ----------------------------------------------------------------------------------------
import abc


class Abs(abc.ABC):
    @abc.abstractmethod
    def f(self):
        pass

    @property
    @abc.abstractmethod
    def g(self):
        pass


show('abstract', Abs)


class Conc(Abs):
    f = g = None


print(isinstance(Conc(), Abs), issubclass(int, Abs))
Abs.register(int)
print(isinstance(5, Abs), issubclass(bool, Abs), isinstance('', Abs))
show('cycle', Conc.register, Abs)
import collections.abc as cabc

print(isinstance([], cabc.Sequence), isinstance({}, cabc.Mapping), isinstance(Item(), cabc.Iterable), isinstance(It(), cabc.Iterator), issubclass(NoHash, cabc.Hashable))
