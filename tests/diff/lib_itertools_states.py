"""itertools: arguments, states for pickling, ends."""
import re


def clean(value):
    return re.sub("0x[0-9a-f]+", "ADDR", value)


def t(function):
    try:
        print(clean(str(function())))
    except BaseException as error:
        print(type(error).__name__, clean(str(error)))


from itertools import *
import itertools, copy
class C: pass
for n in ['accumulate','batched','chain','combinations','combinations_with_replacement','compress','count','cycle','dropwhile','filterfalse','groupby','islice','pairwise','permutations','product','repeat','starmap','takewhile','zip_longest','tee']:
    f=getattr(itertools,n,None)
    if not f: print('none',n); continue
    print('==',n, getattr(f,'__text_signature__',None), isinstance(f,type) and f.__flags__ & 1024)
    t(lambda: f()); t(lambda: f(1)); t(lambda: f(foo=1)); t(lambda: f([1],[2],[3],[4],[5])); t(lambda: f([1],foo=2))
it=lambda: iter([1,2,3])
for e in ['accumulate(it())','accumulate(it(),max)','accumulate(it(),initial=5)','chain(it(),it())','chain.from_iterable([it()])','combinations(it(),2)','combinations_with_replacement(it(),2)','compress(it(),it())','count(3)','count(1.5,2)','count(3,1)','count(10**20)','count(10**20,3)','count(3,2)','cycle(it())','dropwhile(bool,it())','filterfalse(None,it())','groupby(it())','islice(it(),2)','islice(it(),1,3,2)','islice(it(),None)','permutations(it())','permutations(it(),2)','product(it(),it())','product(it(),repeat=2)','product()','repeat(1)','repeat(1,3)','starmap(max,it())','takewhile(bool,it())','zip_longest(it(),it(),fillvalue=0)','tee(it())[0]','pairwise(it())']:
    print('--',e)
    o=eval(e)
    t(lambda: (repr(o)))
    t(lambda: (repr(o.__reduce__())))
    t(lambda: next(o)); 
    t(lambda: (repr(o.__reduce__())))
    t(lambda: next(o)); 
    t(lambda: (repr(o.__reduce__())))
    if not e.startswith(('count','cycle','repeat(1)')):
        t(lambda: list(o))
        t(lambda: (repr(o.__reduce__())))
    t(lambda: o.__length_hint__()) if hasattr(o,'__length_hint__') else 0
    t(lambda: o.__setstate__('x')) if hasattr(o,'__setstate__') else 0
    t(lambda: o.__setstate__(())) if hasattr(o,'__setstate__') else 0
t(lambda: repeat('a',-2)); t(lambda: repeat(None, times='x')); t(lambda: count('a')); t(lambda: islice([1],-1)); t(lambda: islice([1],0,-1)); t(lambda: islice([1],0,1,0)); t(lambda: islice([1],'a')); t(lambda: islice([],0,1,-1)); t(lambda: islice([],'a',1)); t(lambda: islice([],1,'a'))
t(lambda: combinations([1],-1)); t(lambda: permutations([1],-1)); t(lambda: permutations([1],'a')); t(lambda: product([1],repeat=-1)); t(lambda: tee([1],-1)); t(lambda: product(repeat='a')); t(lambda: combinations([1,2],1.5)); t(lambda: combinations([1], 5).__next__())
g=groupby('aab'); k,x=next(g); t(lambda: (repr(x))); t(lambda: (repr(x.__reduce__()))); k2,x2=next(g); t(lambda: list(x)); t(lambda: list(x2)); t(lambda: (repr(g.__reduce__())))
t(lambda: tee(it(),0)); a,b=tee([1,2]); t(lambda: (repr(copy.copy(a)))); next(a); t(lambda: a.__reduce__()[1:]); t(lambda: (repr(a.__reduce__()[2][0].__reduce__()))); t(lambda: type(a)()); t(lambda: a.__setstate__(1)); t(lambda: type(a)('ab')); t(lambda: tee(b)[0] is b)
t(lambda: itertools._tee_dataobject()); t(lambda: itertools._grouper()); t(lambda: list(accumulate([1,'a']))); t(lambda: list(chain.from_iterable(1))); t(lambda: next(chain(1))); t(lambda: list(chain([1],2))); t(lambda: next(starmap(max,[1])))
t(lambda: repr(repeat(1,2)) + repr(count(1,2)) + repr(count(1))+repr(count(1.5)) ); t(lambda: count(1,step=0)); t(lambda: repr(count(1,0)));t(lambda: chain[int]);t(lambda: len(repeat(1))); t(lambda: repeat(1).__length_hint__()); t(lambda: zip_longest([1],fillvalue=1,foo=2)); t(lambda: product([1],[2]).__sizeof__() > 0)
t(lambda:list(product('ab',repeat=2))); t(lambda: list(permutations(range(3)))); 
