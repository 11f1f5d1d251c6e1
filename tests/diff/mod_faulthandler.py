"""faulthandler: arguments, and the stacks that it writes."""
import faulthandler as F, sys, io, signal, os, re, tempfile, threading
log = tempfile.TemporaryFile()
os.dup2(log.fileno(), 2)
def t(f,*a,**k):
    try: r=f(*a,**k); sys.stderr.flush(); print(f.__name__,re.sub('0x[0-9a-f]+','0x',repr((a,k,r))), flush=True)
    except BaseException as e: print(f.__name__,re.sub('0x[0-9a-f]+','0x',repr((a,k))),'!!',type(e).__name__,e, flush=True)
t(F.is_enabled); t(F.disable); t(F.enable, 'x'); t(F.enable,-1); t(F.enable,True); t(F.enable,2,False); t(F.is_enabled); t(F.disable); t(F.disable); t(F.is_enabled)
t(F.enable, file=io.StringIO()); t(F.enable,file=2,all_threads=3,x=1); t(F.enable,1,2,3); t(F.is_enabled,1)
t(F.dump_traceback); t(F.dump_traceback,2,False); t(F.dump_traceback,all_threads=False,file=sys.stderr); t(F.dump_traceback,'x');t(F.dump_traceback,1.5);t(F.dump_traceback,9999)
class C:
    def fileno(self): return 'x'
class D:
    def fileno(self): return 2
    def flush(self): print('flush'); raise ValueError
class E:
    def fileno(self): return -3
t(F.dump_traceback,C()); t(F.dump_traceback,D(),0); t(F.dump_traceback,E())
t(F.dump_traceback_later); t(F.dump_traceback_later,0); t(F.dump_traceback_later,-1); t(F.dump_traceback_later,'a'); t(F.dump_traceback_later,1e300);t(F.dump_traceback_later,1e10); t(F.cancel_dump_traceback_later); t(F.dump_traceback_later,10000,repeat=1,file=2,exit=1); t(F.cancel_dump_traceback_later); t(F.cancel_dump_traceback_later);t(F.dump_traceback_later,float('nan'));t(F.dump_traceback_later,10,1,2,3,4)
t(F.register); t(F.register,0); t(F.register,-1); t(F.register,999); t(F.register,signal.SIGSEGV); t(F.register,signal.SIGKILL); t(F.register,signal.SIGUSR1,2,0); os.kill(os.getpid(),signal.SIGUSR1); t(F.unregister,signal.SIGUSR1); t(F.unregister,signal.SIGUSR1); t(F.unregister,-1); t(F.unregister,signal.SIGSEGV); t(F.unregister,'a');  t(F.register,'a');t(F.register,10,'x')
for n in ('SIGBUS','SIGILL','SIGFPE','SIGABRT'): t(F.register,getattr(signal,n))
old=sys.stderr; sys.stderr=None; t(F.enable); sys.stderr=old
del sys.stderr; t(F.enable); sys.stderr=old
def é名(): F.dump_traceback(all_threads=False)
exec(compile("é名()",'fö\U0001f600.py','exec'))
def rec(n):
    if n==0: F.dump_traceback(all_threads=False)
    else: rec(n-1)
rec(120)
class K:
    def __init__(self): F.dump_traceback(all_threads=False)
K()
def g():
    F.dump_traceback(all_threads=False); yield
list(g()); [x for x in g()]
list(map(lambda x: F.dump_traceback(all_threads=False), [1]))
class Meta(type):
    def __call__(c,*a): F.dump_traceback(all_threads=False)
class Q(metaclass=Meta): F.dump_traceback(all_threads=False)
Q()
async def co(): F.dump_traceback(all_threads=False)
try: co().send(None)
except StopIteration: pass

done, ready = threading.Event(), threading.Event()
def waiter():
    ready.set()
    done.wait()
thread = threading.Thread(target=waiter)
thread.start()
ready.wait()
F.dump_traceback()
done.set()
thread.join()
F.dump_traceback_later(0.05, repeat=True, file=log)
import time
time.sleep(0.12)
F.cancel_dump_traceback_later()
log.seek(0)
text = log.read().decode()
print(re.sub('(line [0-9]+ in (wait|_bootstrap|_bootstrap_inner|run))', 'line in', re.sub('0x[0-9a-f]{16}', '0x', text)).replace(__file__, 'FILE'))
