def fib(n): return n if n < 2 else fib(n-1)+fib(n-2)
print(fib(15))
class A:
    """doc"""
    x: int = 5
    def __init__(self, a, *args, k=3, **kw):
        self.a = a; self.args=args; self.k=k; self.kw=kw
    def m(self): return super().__repr__()[:3], __class__
    @property
    def p(self): return self.a
print(A(1,2,3,k=4,z=5).__dict__, A.__doc__, A.__annotations__, A(1).p)
def gen():
    try:
        x = yield 1
        print("got", x)
        yield from [2,3]
    finally:
        print("fin")
print(list(gen()))
def t():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            if i == 2: raise ValueError("x")
            print("body", i)
        except ValueError as e:
            print("exc", e)
        else:
            print("else")
        finally:
            print("finally", i)
    else:
        print("never")
    try:
        return "r"
    finally:
        print("ret fin")
print(t())
class CM:
    def __init__(s, sup): s.sup=sup
    def __enter__(s): return s
    def __exit__(s,*a): print("exit", a[0]); return s.sup
def w():
    with CM(True) as a, CM(False) as b:
        raise KeyError("k")
    with CM(False): return 5
print(w())
print([x*y for x in range(3) for y in (1,2) if x], {x for x in "ab"} == {"a","b"}, {k:v for k,v in [(1,2)]})
def cl():
    n=0
    def inc():
        nonlocal n
        n+=1
        return n
    return inc
c=cl(); c(); print(c())
a,*b,d = range(5); print(a,b,d)
a,b=b,a; print(a,b)
print(f"{a!r:>10} {3.14159:.2f} {'x'}")
print(1<2<3, 1<3<2, (lambda *a, **k:(a,k))(1,2,x=3))
def m(s):
    match s:
        case 0 | 1: return "01"
        case [1, x, *rest] if x>1: return ("seq", x, rest)
        case {"k": v, **r}: return ("map", v, r)
        case str() as z: return ("str", z)
        case A(a=q) : return ("A", q)
        case (1,(2|3) as y): return y
        case None: return "none"
        case _: return "other"
for v in (0,1,[1,2,3,4],{"k":1,"z":2},"hi",A(9),(1,2),None,5.5): print(m(v))
print(*[1,2],*(3,), sep="-")
try:
    raise ExceptionGroup("g",[ValueError(1),TypeError(2),KeyError(3)])
except* ValueError as e: print("V", e.exceptions)
except* TypeError as e: print("T", e.exceptions)
except* Exception as e: print("E", e.exceptions)
try:
    x = [1][5]
except IndexError as e: print(e, e.__traceback__.tb_lineno)
x = 3
x += 4; print(x, x if x > 3 else 0, x and 0 or 7, not x)
assert x == 7, "bad"
d={}; d["a"]=1; d["a"]+=2; print(d); del d["a"]; print(d)
print([i for i in range(20) if i%2 if i%3][1:-1:2])
s=""
for i in range(5): s+=str(i)
print(s)
import_ = [ (y:=i, y*2) for i in range(2)]; print(import_, y)
def da(x, /, y, *, z=1): return x,y,z
print(da(1,y=2), da.__defaults__, da.__kwdefaults__, da.__code__.co_varnames)
try: da(1)
except TypeError as e: print(e)
async def co(): return 5
async def main():
    r = await co()
    async def ag():
        for i in range(3): yield i
    l = [i async for i in ag()]
    async for j in ag(): pass
    return r, l, j
try: main().send(None)
except StopIteration as e: print(e.value)
