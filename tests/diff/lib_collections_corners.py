"""_collections: messages, states, subclasses."""
import re


def clean(value):
    return re.sub("0x[0-9a-f]+", "ADDR", value)


def t(function):
    try:
        print(clean(str(function())))
    except BaseException as error:
        print(type(error).__name__, clean(str(error)))


from collections import deque, defaultdict, OrderedDict
import _collections, collections, copy
d=deque([1,2,3])
for e in ['deque(1)','deque([],-1)','deque([],"a")','deque(1,2,3)','deque(foo=1)','deque(iterable=[1],maxlen=3)','d[5]','d["a"]','d[1:2]','d.pop(1)','deque().pop()','deque().popleft()','d.remove(9)','d.index(9)','d.index(2,0,1)','deque([1],1).insert(0,2)','d+[1]','d*"a"','d<[1]','d==deque([1,2,3])','d<deque([1,2])','deque([1],3)','deque([1,2,3],2)','deque([1],3)*5','d.__reduce__()','deque([1],3).__reduce__()','iter(d).__reduce__()','reversed(d).__reduce__()','d.maxlen','d.rotate("a")','d.rotate(1.5)','d.count(2)','d.extend(1)','setattr(d,"maxlen",3)','hash(d)','deque([d])','repr(iter(d))[:40]','deque([1,2],2).__iadd__([3,4])','d.__iadd__(1)','d.copy()','copy.copy(deque([1],2))','d.__add__(deque([4],1))','deque([4],1)+d','d.index(1,-10)','d.index(3,-1)','deque.__doc__','d.__class_getitem__(int)','type(iter(d))(d)','type(iter(d))(d,2)','list(type(iter(d))(d,2))','type(iter(d))(1)','deque([1,2]).__imul__(2)','2*d','d*0','deque("abc",0)','d.append()','deque.__init__.__text_signature__']:
    print(e, end=' -> '); t(lambda: eval(e))
def mut():
    for x in d: d.append(1)
t(mut)
x=deque(); x.append(x); t(lambda: repr(x))
class D(deque): pass
z=D([1],2); z.a=1; t(lambda: z.__reduce__()); t(lambda: repr(z)); t(lambda: type(z.copy())); t(lambda: type(z+z)); t(lambda: D.__init__(z,[3,4,5]) or z)
dd=defaultdict(list,{1:2})
for e in ['defaultdict(1)','defaultdict(list,1)','defaultdict(None)','dd','dd[5]','dd','defaultdict()[1]','dd.__reduce__()','dd.copy()','dd|{3:4}','{3:4}|dd','dd|1','dd.__missing__(9)','defaultdict(list,a=1)','defaultdict(default_factory=list)','dd.default_factory','defaultdict(int)|defaultdict(list)','copy.copy(dd)','defaultdict(None).__reduce__()']:
    print(e, end=' -> '); t(lambda: eval(e))
y=defaultdict(); y.default_factory=y.__getitem__; t(lambda: repr(defaultdict(None,{1:dd})))
class DD(defaultdict): pass
t(lambda: DD(list,{1:2})); t(lambda: type(DD(list).copy())); t(lambda: type(DD(list)|{}))
od=OrderedDict(a=1,b=2)
for e in ['od','OrderedDict()','OrderedDict(1)','OrderedDict({},{})','od.keys()','od.items()','od.values()','iter(od)','list(reversed(od))','od.__reduce__()','od.move_to_end("z")','od.move_to_end("a") or od','od.move_to_end("a",last=False) or od','od.move_to_end(key="b") or od','od.popitem(last=False)','od.popitem()','od.popitem()','OrderedDict(a=1)==dict(a=1)','OrderedDict([(1,2),(3,4)])==OrderedDict([(3,4),(1,2)])','OrderedDict(a=1)|{"b":2}','{"b":2}|OrderedDict(a=1)','OrderedDict(a=1)|1','od.pop("q")','od.pop("q",5)','od.pop()','od.setdefault("k")','OrderedDict.fromkeys("ab",3)','OrderedDict.fromkeys()','iter(OrderedDict(a=1).items()).__reduce__()','type(iter(OrderedDict().values()))','reversed(OrderedDict(a=1).keys())','type(od.keys()).__mro__','od.__sizeof__()>0','od.update(1)','od.copy()','OrderedDict(a=1)<OrderedDict()','iter(od).__length_hint__()','od.pop(key="k")','od.__dict__','OrderedDict.__module__','type(od.keys())','OrderedDict.update({})','od.__eq__(1)','hash(od)','od.keys() == {"k"}','od.keys().mapping']:
    print(e, end=' -> '); t(lambda: eval(e))
def mut():
    od=OrderedDict.fromkeys('abc')
    for k in od: del od[k]
t(mut)
def mut():
    od=OrderedDict.fromkeys('abc')
    for k in od: od[k+'x']=1
t(mut)
def mut():
    od=OrderedDict.fromkeys('abc')
    for k in od: od.move_to_end('c',last=False)
t(mut)
def mut():
    od=OrderedDict.fromkeys('abc')
    for k in od: od.clear()
t(mut)
class O(OrderedDict): pass
o=O(a=1); o.x=5; t(lambda: o.__reduce__()); t(lambda: repr(o)); t(lambda: type(o.copy())); t(lambda: type(o|{})); t(lambda:o.copy().__dict__)
class M(OrderedDict):
    def __missing__(self,k): return 'missing'
t(lambda: M()['x']); t(lambda: M().pop('x'))
class P(OrderedDict):
    def __setitem__(self,k,v): print('set',k,v); super().__setitem__(k,v)
    def __getitem__(self,k): print('get',k); return super().__getitem__(k)
    def __delitem__(self,k): print('del',k); super().__delitem__(k)
p=P(a=1,b=2); t(lambda: p.pop('a')); t(lambda: p.popitem()); t(lambda: p.setdefault('q',1)); t(lambda: p.items()); t(lambda: p.copy()); t(lambda: p.update(z=1)); t(lambda: p.clear()); t(lambda: p|{'k':1})
t(lambda: _collections._count_elements({},'abca')); c=collections.Counter('aab'); t(lambda: c); m={}; _collections._count_elements(m,[1,1,2]); t(lambda: m)
g=_collections._tuplegetter(1,'doc'); t(lambda: g); t(lambda: g.__reduce__()); t(lambda: g.__get__((1,2))); t(lambda: g.__get__(None,int)); t(lambda: g.__get__((1,))); t(lambda: g.__get__([1,2])); t(lambda: g.__set__((1,2),3)); t(lambda: g.__delete__((1,2))); t(lambda: g.__doc__); t(lambda: _collections._tuplegetter(1)); t(lambda: g.__get__([])); t(lambda: _collections._tuplegetter('a','b'))
od=OrderedDict(); od['a']=od; t(lambda: repr(od))
