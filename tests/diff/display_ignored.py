"""Exceptions that nobody can catch: of finalizers, callbacks, threads, hooks, atexit."""
import os
import re
import subprocess
import sys

PROGRAM = r'''
import sys, threading, gc, io, weakref, atexit
class A:
    def __del__(self): raise ValueError("in del")
A()
def f(): raise KeyError("cb")
class B: pass
b=B(); w=weakref.ref(b, lambda r: 1/0); del b
def g():
    try: yield
    finally: raise RuntimeError("closing")
x=g(); next(x); del x
U=None
def cap(u):
    global U
    U=type(u)
sys.unraisablehook=cap
A()
sys.unraisablehook=sys.__unraisablehook__
try: sys.unraisablehook(5)
except TypeError as e: print(e, file=sys.stderr)
sys.unraisablehook(U((ValueError,ValueError("v"),None,None,None)))
sys.unraisablehook(U((ValueError,ValueError("v"),None,"msg",5)))
sys.unraisablehook(U((ValueError,ValueError("v"),None,"msg",None)))
sys.unraisablehook(U((ValueError,None,None,None,f.__name__)))
t=threading.Thread(target=lambda: undefined_nam, name="TT"); t.start(); t.join()
def sysexit(): sys.exit(5)
t=threading.Thread(target=sysexit); t.start(); t.join()
def h(args): print("hook", args.exc_type, args.thread.name, file=sys.stderr)
threading.excepthook=h
t=threading.Thread(target=lambda: 1/0, name="T2"); t.start(); t.join()
def h(args): raise IndexError("bad hook")
threading.excepthook=h
t=threading.Thread(target=lambda: 1/0, name="T3"); t.start(); t.join()
threading.excepthook=threading.__excepthook__
def uh(u): print("UH", u.exc_type, u.err_msg, u.object, file=sys.stderr)
sys.unraisablehook=uh; A()
def uh(u): raise IndexError("bad unraisable hook")
sys.unraisablehook=uh; A()
sys.unraisablehook=sys.__unraisablehook__
old=sys.stderr
sys.stderr=None
try: sys.excepthook(ValueError,ValueError(1),None); A()
finally: sys.stderr=old
atexit.register(f); atexit.register(lambda: print("exiting", file=sys.stderr))
import _thread, time
_thread.start_new_thread(f, ()); time.sleep(0.2)
class E(Exception):
    def __str__(self): raise ValueError("no str")
class D:
    def __del__(self): raise E
D()
class D:
    def __repr__(self): raise E
    def __del__(self): raise E("hm")
D()
try: 1/0
except ZeroDivisionError:
    class C:
        def __del__(self): raise KeyError("chained")
    C()
raise ExceptionGroup("end",[ValueError(1)])

'''
r = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
print(r.returncode, r.stdout, re.sub(r"Thread-[0-9]+", "T", re.sub("0x[0-9a-f]+", "0x", r.stderr)))
