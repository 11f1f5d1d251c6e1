"""Method calls that have forms of their own: super(), class and static methods, attributes of classes, __call__; formatting."""
class A:
    x=1
    def f(self,a): return ('A',a)
    @classmethod
    def c(cls,a=2): return (cls.__name__,a)
    @staticmethod
    def s(a): return a+1
    def __call__(self,*a,**k): return (a,k)
class B(A):
    def f(self,a): return super().f(a)+('B',)
    def g(self): 
        try: return super().nope()
        except AttributeError as e: return str(e)
    @classmethod
    def c(cls,a=3): return super().c(a)
    def __init__(self): super().__init__(); self.z=0
    def h(self):
        del self
        try: super().f(1)
        except RuntimeError as e: return str(e)
    def lam(self): return (lambda: super().f(2)) 
class M(type):
    def __call__(cls,*a): return ('M',cls.__name__,a)
    def m(cls): return cls.__name__+'!'
class C(metaclass=M): y=5
b=B()
for i in range(4):
    print(b.f(i), b.g(), b.c(), B.c(9), A.c(), b.s(1), B.s(2), A.x, B.x, b(1,k=2), A()(), b.h(), C(3), C.y, C.m())
    if i==1: A.x=7; A.s=staticmethod(lambda a:a*100)
    if i==2: A.f=lambda self,a:('new',a); M.y=property(lambda c:'prop')
def mk(base):
    class X(base):
        def f(self): return ['X']+ (super().f() if hasattr(super(),'f') else [])
    return X
class R:
    def f(self): return ['R']
Y=mk(mk(mk(R)))
for i in range(3): print(Y().f(), mk(R)().f())
try: b.lam()()
except Exception as e: print(type(e),e)
import traceback
def call_super_bad():
    class Q(A):
        def f(self):
            return super().missing(
                1)
    try: Q().f()
    except AttributeError: print(traceback.format_exc())
call_super_bad()
class D:
    def __call__(self): return self
d=D(); o=[d]
print(o[0]() is d, d.__call__() is d)
print(f"{5:d}{-255:#x}{255:08b}{-3:^6}|{7:+}{12345:,}{3.5:.2f}{-1.5:8.1f}{0.1:g}{1e6:,.1f}{'a':>3}{True:d}", hex(-255),oct(8),bin(-5),hex(2**70), format(3,'x') , f"{255:#06X}", f"{-5:=+6d}", f"{42: d}")
