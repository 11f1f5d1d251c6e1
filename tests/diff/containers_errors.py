"""Messages and odd corners of the builtin containers and iterators."""
import re


def clean(value):
    return re.sub("0x[0-9a-f]+", "ADDR", value)


def t(function):
    try:
        print(clean(str(function())))
    except BaseException as error:
        print(type(error).__name__, clean(str(error)))


class S(set): pass
class F(frozenset): pass
for T in (S,F):
    s=T([1,2])
    print(T, type(s.copy()), type(s|{1}), type(s&{1}), type(s-{1}), type(s^{1}), type(s.union([1])), type(s.intersection([1])), type(s.difference([1])), type(s.symmetric_difference([3])), type(s.intersection()), type(s.difference()), type({1}|s), type(frozenset([1])|s))
    print(s.__reduce__(), repr(s), repr(T()))
print(frozenset() is frozenset(), frozenset([]) is frozenset(()))
t(lambda: set(1,2)); t(lambda: set(a=1)); t(lambda: frozenset(a=1)); t(lambda: S(a=1)); t(lambda: F(1,2))
t(lambda: {1}|[1]); t(lambda: {1}<[1]); t(lambda:{1}.remove(2)); t(lambda: set().pop()); t(lambda: {1}.update(1)); t(lambda:{[]})
t(lambda: {1}.__ior__([1])); t(lambda: {1}.isdisjoint(3)); t(lambda:{1}.add()); t(lambda: [] in {1}); t(lambda: {1} in {frozenset([1])})
t(lambda: {1}.remove([1])); t(lambda: {1}.remove({1}))
t(lambda: iter({1}).__reduce__()); t(lambda: F([1]).__reduce__())
def mut():
    s={1,2,3}
    for x in s: s.add(x+10)
t(mut)
def d():
    d={1:1}
    for k in d: del d[k]; d[2]=2
t(d)
def d():
    d={1:1}
    for k in d: d[k+1]=2
t(d)
t(lambda: dict(1)); t(lambda: dict([1])); t(lambda: dict([(1,2,3)])); t(lambda: dict(1,2)); t(lambda: {}.update(1,2)); t(lambda:{}['a']); t(lambda: {}.popitem()); t(lambda: {[]:1}); t(lambda: {}|[]); t(lambda: {1}.__class_getitem__(int))
t(lambda: list({1:2}.__reversed__().__reduce__()))
t(lambda: range(1.0)); t(lambda: range()); t(lambda: range(1,2,0)); t(lambda: range(1,2,3,4)); t(lambda: range(5)[7]); t(lambda: range(5).index(7)); t(lambda: range(5).index('a')); t(lambda: range(5)['a']); t(lambda: iter(range(5)).__reduce__()); t(lambda: iter(range(10**30)).__reduce__()); t(lambda: reversed(range(5)).__reduce__()); t(lambda: len(range(10**30)))
t(lambda: range(5,a=1)); t(lambda:range(10**30).__reduce__())
t(lambda: hash(range(0)) == hash((0, None, None))); t(lambda: hash(range(5))); 
t(lambda: type(iter(range(10**30)))); t(lambda: type(reversed(range(2**62, 2**62+5)))); t(lambda: type(iter(range(-2**63,5)))); t(lambda: type(iter(range(0,2**63-1,3))))
t(lambda: iter(range(5)).__setstate__(10)); t(lambda: iter(range(10**30, 10**30+5)).__reduce__())
t(lambda: enumerate()); t(lambda: enumerate(1)); t(lambda: enumerate([],1,2)); t(lambda: enumerate([], start='a')); t(lambda: enumerate([1,2],10).__reduce__()); t(lambda: enumerate([],foo=1)); t(lambda: enumerate(iterable=[1]))
t(lambda: zip(1)); t(lambda: zip([1],2)); t(lambda: zip([],strict=True).__reduce__()); t(lambda: list(zip([1,2],[1],strict=True))); t(lambda: list(zip([1],[1,2],strict=True))); t(lambda: list(zip([1],[1],[1,2],strict=True))); t(lambda:list(zip([1,2],[1,2],[1],strict=True))); t(lambda: zip(foo=1)); t(lambda: zip([1],[2]).__reduce__())
t(lambda: map()); t(lambda: map(len)); t(lambda: map(len,1)); t(lambda: map(len,[1]).__reduce__()); t(lambda: map(len,[],a=1)); t(lambda: filter()); t(lambda: filter(None,1)); t(lambda: filter(None,[1]).__reduce__()); t(lambda: filter(None,[],a=1)); t(lambda: filter(None))
t(lambda: reversed()); t(lambda: reversed(1)); t(lambda: reversed({1})); t(lambda: reversed('abc')); t(lambda: reversed('abc').__reduce__()); t(lambda: reversed('abc').__length_hint__()); t(lambda: reversed([],a=1)); t(lambda: reversed(()).__setstate__(4))
class Q:
    def __getitem__(self,i): return i
    def __len__(self): return 3
t(lambda: list(reversed(Q()))); t(lambda: iter(Q()).__reduce__()[1:]); t(lambda: iter(int,1).__reduce__()); t(lambda: iter(Q()).__length_hint__()); t(lambda: type(iter(Q()))); t(lambda: type(iter(int,1)))
