# stderr: yes
"""Suggestions for names and attributes that were not found."""
import sys
def show(f,*a):
    try: f(*a)
    except BaseException as e: sys.excepthook(type(e),e,e.__traceback__)
    print('----',file=sys.stderr)
class A:
    def __init__(self): self.foo=1; self.bar=2; self.self_name=3
    def meth(self): return fooo
    def __dir__(self): return ['foo','bar','meth','blah']
a=A()
def local():
    alpha=1; beta=2
    return alhpa
def clos():
    gamma=1
    def inner():
        gamma
        return gama
    return inner()
for n in ['fo','fooo','Foo','baar','met','xyz','f','fob','__clas__','FOO','ba','abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq','foobarbaz','blha','']:
    show(getattr,a,n)
class Slot:
    __slots__=('something','other')
show(lambda: Slot().sometihng)
show(lambda: Slot.sometihng)
show(lambda: sys.modulse)
show(lambda: (1).reall)
show(lambda: [].apend)
show(lambda: "".uper())
show(lambda: None.foo)
class G:
    def __getattr__(self,n): raise AttributeError(n)
show(lambda: G().foo)
class G2:
    foo=1
    def __getattr__(self,n): raise AttributeError(f"no {n}")
show(lambda: G2().fo)
class G3:
    foo=1
    def __getattribute__(self,n): raise AttributeError("x", name=n, obj=self) 
show(lambda: G3().fo)
show(local); show(clos); show(a.meth)
def unb():
    print(vlaue); vlaue=1
show(unb)
show(lambda: lenn); show(lambda: pritn); show(lambda: Ture); show(lambda: none); show(lambda: tru); show(lambda: _); show(lambda: x); show(lambda: Slto); show(lambda: srt); show(lambda: raneg); show(lambda: ValeuError)
def d():
    del a.foox
show(d)
def s():
    Slot().otherr=1
show(s)
def ns(): raise NameError("custom")
show(ns)
def ns2(): raise NameError("custom", name="lenn")
show(ns2)
def as2(): raise AttributeError("custom", name="fo", obj=a)
show(as2)
def im():
    from os import pth
show(im)
def im2():
    import colections
show(im2)
class Big: pass
for i in range(800): setattr(Big,'attr%d'%i,1)
show(lambda: Big.atr1)
class Bad:
    def __dir__(self): 1/0
show(lambda: Bad().foo)
class Bad2:
    def __dir__(self): return [1,'foo']
    
show(lambda: Bad2().fop)
class NE(NameError): pass
def ne(): raise NE("hm", name="lenn")
show(ne)
show(lambda: exec("lenn"))
def k(lenn2): return lenn1
show(k,1)
show(lambda: eval("abc", {'abd':1}))
show(lambda: eval("abc", {'__builtins__':{'abd':1}}))
show(lambda: eval("pritn", {'__builtins__':{}}))
