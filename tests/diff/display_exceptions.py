# stderr: yes
"""What sys.excepthook shows: syntax errors with every kind of place, notes, chains, groups, limits."""
import sys
def show(e):
    try: sys.excepthook(type(e), e, e.__traceback__)
    except BaseException as x: print("HOOK", type(x), x, file=sys.stderr)
    print('----', file=sys.stderr)
def se(*a):
    show(SyntaxError(*a))
se("msg")
se("msg", ("f", 1, 1, "abc def\n"))
se("msg", ("f", 1, 5, "  abc def\n"))
se("msg", ("f", 1, 5, "  abc def\n", 1, 7))
se("msg", ("f", 1, 5, "  abc def", 1, 100))
se("msg", ("f", 1, 5, "  abc def", 2, 2))
se("msg", ("f", 1, 0, "  abc def\n", 1, 0))
se("msg", ("f", 1, None, "  abc def\n"))
se("msg", ("f", 1, -1, "  abc def\n"))
se("msg", ("f", 1, 50, "abc\n"))
se("msg", ("f", 1, 5, "  abc def\n", 1, 0))
se("msg", ("f", 1, 5, "  abc def\n", 1, -1))
se("msg", ("f", 1, 5, "  abc def\n", 1, 5))
se("msg", ("f", 1, 5, "  abc def\n", 1, 3))
se("msg", ("f", 1, 1, "  abc def\n", 1, 3))
se("msg", ("f", 1, 2, None))
se("msg", (None, 1, 2, "ab"))
se("msg", ("f", None, 2, "ab"))
se("msg", ("f", "x", 2, "ab"))
se("msg", (5, 1, 2, "ab"))
se("msg", ("f", 1, "x", "ab"))
se("msg", ("f", 1, 2, "a\nb\nc\n"))
se("msg", ("f", 1, 4, "a\nbcd\nc\n"))
se("msg", ("f", 1, 3, "\ta\tb\tc\n", 1, 5))
se("msg", ("f", 1, 3, "\u00e9\u00e8\u6f22x\n", 1, 5))
se("msg", ("f", 1, 1, ""))
se("msg", ("f", 1, 1, "   "))
se("msg", ("f", 1, 1, "\n"))
se(5, ("f", 1, 1, "x"))
se(None, ("f", 1, 1, "x"))
se("", ("f", 1, 1, "x"))
se("a\nb", ("f", 1, 1, "x"))
se()
se("x", "y") if 0 else None
e=SyntaxError("msg", ("f",1,1,"x y")); del e.msg; show(e)
e=SyntaxError("msg", ("f",1,1,"x y")); e.add_note("n1\nn2"); e.add_note(""); show(e)
class S(SyntaxError): pass
show(S("m",("f",1,1,"x")))
class PF(Exception): print_file_and_line=True
show(PF("a"))
e=PF("a"); e.msg='hey'; e.filename='ff'; e.lineno=3; e.offset=2; e.text="abc"; e.end_lineno=None; e.end_offset=None; show(e)
e=PF("a"); e.msg='hey'; e.filename='ff'; e.lineno=3; e.offset=2; e.text="abc"; e.end_lineno=3; e.end_offset=4; show(e)
# notes
for n in [5, None, "abc", ["a","b\nc",5,None], ("x",), [1.5], {}, ["\n"], ["a\n"], [""], []]:
    e=ValueError("v"); e.__notes__=n; show(e)
class R:
    def __repr__(self): 1/0
    __str__=__repr__
e=ValueError("v"); e.__notes__=R(); show(e)
e=ValueError("v"); e.__notes__=[R(),"z"]; show(e)
class B(Exception):
    def __str__(self): raise ValueError
show(B())
class B2(Exception):
    def __str__(self): return 5
show(B2())
class M(Exception): pass
show(M()); show(M("x")); show(M(""))
M.__module__='mymod'; show(M("x"))
M.__module__='builtins'; show(M("x"))
M.__module__=5; show(M("x"))
M.__module__=None; show(M("x"))

class O:
    class I(Exception): pass
show(O.I(1))
show(ValueError("multi\nline"))
show(ValueError("\ud800"))
show(KeyError('a')); show(OSError(2,'x','f'))
sys.excepthook(ValueError, "s", None); print('--',file=sys.stderr)
sys.excepthook(1,2,3); print('--',file=sys.stderr)
try: sys.excepthook(1,2)
except TypeError as e: print(e,file=sys.stderr)
sys.excepthook(None,None,None); print('--',file=sys.stderr)
# chains
a=ValueError("a"); b=KeyError("b"); a.__context__=b; b.__context__=a; show(a)
a=ValueError("a"); a.__cause__=a; show(a)
a=ValueError("a"); b=KeyError("b"); c=IndexError("c"); a.__cause__=b; a.__context__=c; show(a)
a=ValueError("a"); b=KeyError("b"); a.__context__=b; a.__suppress_context__=True; show(a)
# groups
EG=ExceptionGroup
show(EG("eg",[ValueError(1)]))
def tb(f,*a):
    try: f(*a)
    except BaseException as e: return e
def r(e): raise e
x=tb(r,EG("eg",[tb(r,ValueError(1)),EG("in",[tb(r,KeyError(2)),TypeError(3)]),SyntaxError("m",("f",1,2,"abc",1,3))]))
show(x)
x.add_note("note\nnote2"); x.exceptions[0].add_note("inner"); show(x)
y=EG("many",[ValueError(i) for i in range(20)]); show(y)
y=EG("many",[ValueError(i) for i in range(16)]); show(y)
z=ValueError("deep")
for i in range(14): z=EG(f"l{i}",[z])
show(z)
try:
    try: raise x
    except BaseException as q: raise EG("outer",[q, ValueError("b")]) from KeyError("k")
except BaseException as w:
    try: raise TypeError("last")
    except BaseException as v: show(v)
q=EG("g",[ValueError("v")]); q.exceptions[0].__context__=KeyError("ctx"); show(q)
q=EG("g",[ValueError("v")]); q.exceptions[0].__cause__=tb(r,KeyError("ctx")); show(q)
class Sub(EG): pass
show(Sub("s",[ValueError("multi\nline")]))
show(BaseExceptionGroup("b",[KeyboardInterrupt()]))
show(EG("multi\nline",[ValueError()]))
q=EG("g",[EG("h",[ValueError(1),ValueError(2)]),ValueError(3)]); show(q)
# tracebacklimit
def f(n): 
    if n: f(n-1)
    else: 1/0
def g(n):
    try: f(n)
    except ZeroDivisionError as e: return e
for n in (0,1,2,3,4,5,6): show(g(n))
for lim in (0,1,2,-1,5,"x",None,2**70):
    sys.tracebacklimit=lim; print(lim,file=sys.stderr); show(g(6))
del sys.tracebacklimit
