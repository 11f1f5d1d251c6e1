# The frame of a generator or coroutine that has ended has no f_back; that of a function keeps it. So what
# raised in a coroutine dies with the last reference to the exception, without the collector.
import gc
import sys
import weakref
def g():
    yield 1
    raise ValueError
def f(): raise ValueError
async def co(): raise ValueError
class A:
    def __await__(self):
        yield 1
        raise KeyError
async def co2(): await A()
def caller(fn):
    try: fn()
    except Exception as e: return e
def drive(c):
    c.send(None)
    try: c.send(None)
    except Exception as e: return e
def show(label,e):
    tb=e.__traceback__; out=[]
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_frame.f_back and tb.tb_frame.f_back.f_code.co_name)); tb=tb.tb_next
    print(label,out)
def main():
    show('func',caller(f))
    it=g(); next(it)
    show('gen next',caller(lambda: next(it)))
    it=g(); next(it)
    show('gen for',caller(lambda: list(it)))
    def loop():
        for x in g(): pass
    show('gen forloop',caller(loop))
    show('coro',caller(lambda: co().send(None)))
    show('coro2', drive(co2()))
    def yf():
        yield from g()
    show('yf', drive(yf()))
    fr=[]
    def h():
        fr.append(sys._getframe()); yield 1
        yield 2
    i=h(); next(i); print('suspended',fr[0].f_back); list(i); print('finished',fr[0].f_back)
    def h2():
        yield 1
        fr.append(sys._getframe())
    list(h2()); print('finished', fr[1].f_back)
    def k(): fr.append(sys._getframe())
    k(); print('func', fr[2].f_back.f_code.co_name)
    def t(): 
        i=h2(); next(i); i.throw(ValueError)
    show('throw', caller(t))
    def t(): 
        i=h2(); next(i); i.close(); 
        class B(Exception): pass
        def q():
            try: yield
            finally: raise B
        j=q(); next(j); j.close()
    show('close', caller(t))
main()


class Future:
    pass


def wait(future):
    """Keeps the exception of a coroutine that it drives in an object that it refers to itself."""
    async def fails():
        raise ValueError
    try:
        fails().send(None)
    except ValueError as error:
        future.trace = error.__traceback__.tb_next


gc.disable()
future = Future()
gone = weakref.ref(future)
wait(future)
del future
print(gone())
