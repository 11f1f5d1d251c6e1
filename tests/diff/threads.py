"""threading, queue, concurrent.futures, thread-local data, hooks; with deterministic output."""
import _thread
import queue
import sys
import threading
import time
from concurrent.futures import (ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, as_completed, wait)
from _show import err, show

log = []
t = threading.Thread(target=log.append, args=("ran",), kwargs={}, name="worker")
print(t.name, t.is_alive(), t.ident, t.daemon, repr(t))
t.start()
t.join()
print(log, t.is_alive(), t.ident is not None, repr(t).startswith("<Thread(worker, stopped"), t.native_id is not None)
err(t.start)
err(threading.Thread(target=print).join)
err(threading.Thread, 5)
err(threading.current_thread().join)
show(threading.main_thread() is threading.current_thread(), threading.current_thread().name, threading.active_count(), threading.get_ident() == threading.main_thread().ident, [x.name for x in threading.enumerate()])


class Sub(threading.Thread):
    def run(self):
        self.result = 42


s = Sub()
s.start()
s.join()
print(s.result)
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01), lock.release(), lock.locked(), repr(lock).split(" at")[0])
err(lock.release)
err(lock.acquire, False, 1)
err(lock.acquire, True, -5)
err(lock.acquire, timeout=1e20)
rlock = threading.RLock()
with rlock, rlock:
    print("count 2" in repr(rlock), "owner" in repr(rlock))
err(rlock.release)
total = 0


def add(n):
    global total
    for _ in range(n):
        with lock:
            total += 1


ts = [threading.Thread(target=add, args=(2000,)) for _ in range(4)]
[x.start() for x in ts]
[x.join() for x in ts]
print(total)
l = []
ts = [threading.Thread(target=lambda: [l.append(i) for i in range(5000)]) for _ in range(4)]
[x.start() for x in ts]
[x.join() for x in ts]
print(len(l), sum(l))
cond = threading.Condition()
items = []


def consumer():
    with cond:
        while not items:
            cond.wait()
        log.append(items.pop())


c = threading.Thread(target=consumer)
c.start()
with cond:
    items.append("item")
    cond.notify()
c.join()
print(log[-1])
err(cond.notify)
err(cond.wait)
with cond:
    print(cond.wait(0.01), cond.wait_for(lambda: True), cond.wait_for(lambda: False, 0.01))
ev = threading.Event()
print(ev.is_set(), ev.wait(0.01), ev.set(), ev.wait(), ev.clear(), ev.is_set())
sem = threading.Semaphore(1)
print(sem.acquire(), sem.acquire(blocking=False), sem.acquire(timeout=0.01), sem.release())
bs = threading.BoundedSemaphore(1)
err(bs.release)
err(threading.Semaphore, -1)
bar = threading.Barrier(3, action=lambda: log.append("barrier"))
idx = []
ts = [threading.Thread(target=lambda: idx.append(bar.wait())) for _ in range(3)]
[x.start() for x in ts]
[x.join() for x in ts]
print(sorted(idx), log[-1], bar.parties, bar.broken, bar.n_waiting)
bar.abort()
err(bar.wait)
timer = threading.Timer(0.01, log.append, ["timer"])
timer.start()
timer.join()
print(log[-1])
timer = threading.Timer(10, print)
timer.start()
timer.cancel()
timer.join()
local = threading.local()
local.x = "main"


class L(threading.local):
    def __init__(self, v):
        self.v = v


mine = L(5)


def locals_():
    log.append((hasattr(local, "x"), mine.v))
    local.x = "thread"
    mine.v = 6


t = threading.Thread(target=locals_)
t.start()
t.join()
print(log[-1], local.x, mine.v, local.__dict__)
err(lambda: local.nope)


def raises():
    raise ValueError("in thread")


old = threading.excepthook
threading.excepthook = lambda a: log.append((a.exc_type.__name__, str(a.exc_value), a.thread.name, a.exc_traceback is not None))
t = threading.Thread(target=raises, name="raiser")
t.start()
t.join()
print(log[-1])
threading.excepthook = old
import io

sys.stderr, keep = io.StringIO(), sys.stderr
t = threading.Thread(target=raises, name="printer")
t.start()
t.join()
out, sys.stderr = sys.stderr.getvalue(), keep
print(out.splitlines()[0], "/", out.splitlines()[-1])
t = threading.Thread(target=sys.exit, args=(3,))
t.start()
t.join()
print(sys.getswitchinterval(), sys.setswitchinterval(0.001), sys.getswitchinterval())
err(sys.setswitchinterval, 0)
err(sys.setswitchinterval, "a")
print(threading.stack_size(), threading.TIMEOUT_MAX > 1e6, threading.ThreadError is RuntimeError)
err(threading.stack_size, 5)
done = _thread.allocate_lock()
done.acquire()
_thread.start_new_thread(lambda *a, **k: (log.append((a, k)), done.release()), (1,), {"k": 2})
done.acquire()
print(log[-1])
err(_thread.start_new_thread, 5, ())
err(_thread.start_new_thread, print, 5)
threading.settrace(None)
daemon = threading.Thread(target=time.sleep, args=(100,), daemon=True)
daemon.start()
print(daemon.daemon, daemon.is_alive())
err(setattr, daemon, "daemon", False)
# queue
for cls in (queue.Queue, queue.LifoQueue, queue.PriorityQueue):
    q = cls(3)
    for v in (2, 3, 1):
        q.put(v)
    print(cls.__name__, q.full(), q.qsize(), [q.get() for _ in range(3)], q.empty())
    err(q.get_nowait)
    err(q.get, True, 0.01)
q = queue.Queue(1)
q.put(1)
err(q.put_nowait, 2)
err(q.put, 2, timeout=0.01)
err(q.get, timeout=-1)
q.task_done()
err(q.task_done)
q.get()
sq = queue.SimpleQueue()
sq.put(1)
sq.put_nowait(2)
print(sq.get(), sq.qsize(), sq.get_nowait(), sq.empty())
err(sq.get, False)
err(sq.get, timeout=0.01)
err(sq.get, timeout=-1)
work, results = queue.Queue(), queue.Queue()


def worker():
    while (v := work.get()) is not None:
        results.put(v * v)
        work.task_done()


ts = [threading.Thread(target=worker) for _ in range(3)]
[x.start() for x in ts]
for i in range(100):
    work.put(i)
work.join()
for _ in ts:
    work.put(None)
[x.join() for x in ts]
print(sum(results.get() for _ in range(100)))
# futures
with ThreadPoolExecutor(3, thread_name_prefix="pool") as ex:
    print(list(ex.map(lambda a, b: a * b, range(5), range(5))), ex.submit(pow, 2, 5).result(), repr(ex.submit(raises).exception()))
    fs = [ex.submit(lambda v=v: (time.sleep(v / 100), v)[1]) for v in (3, 1, 2)]
    print(sorted(f.result() for f in as_completed(fs)), [f.done() for f in fs])
    d, nd = wait([ex.submit(time.sleep, 0.001), ex.submit(raises)], return_when=ALL_COMPLETED)
    print(len(d), len(nd), ex.submit(lambda: threading.current_thread().name.startswith("pool")).result())
    try:
        ex.submit(raises).result()
    except ValueError as e:
        print("raised", e)
    try:
        ex.submit(time.sleep, 0.2).result(timeout=0.01)
    except TimeoutError as e:
        print("timeout", repr(e))
err(ex.submit, print)
f = Future()
print(f.done(), f.running(), f.cancelled(), f.set_running_or_notify_cancel(), f.running())
f.add_done_callback(lambda f: log.append(("callback", f.result())))
f.set_result("r")
print(log[-1], f.result(), f.exception(), repr(f).split(" at ")[0])
try:
    f.set_result(1)
except Exception as e:
    print(type(e).__name__)
f = Future()
print(f.cancel(), f.cancelled(), f.done())
err(f.result)
f = Future()
f.set_exception(KeyError("k"))
err(f.result)
with ThreadPoolExecutor(1) as ex:
    gate = threading.Event()
    first = ex.submit(gate.wait)
    second = ex.submit(print, "never")
    print(second.cancel(), gate.set(), first.result())


# switching between threads while computing
def spin(flag, out):
    n = 0
    while not flag.is_set():
        n += 1
    out.append(n > 0)


flag, out = threading.Event(), []
ts = [threading.Thread(target=spin, args=(flag, out)) for _ in range(3)]
[x.start() for x in ts]
time.sleep(0.1)
flag.set()
[x.join() for x in ts]
print(out)


def gen():
    while True:
        yield


g = gen()
next(g)
errors = []


def use():
    try:
        for _ in range(2000):
            next(g)
    except ValueError as e:
        errors.append(str(e))


ts = [threading.Thread(target=use) for _ in range(2)]
[x.start() for x in ts]
[x.join() for x in ts]
print(set(errors) <= {"generator already executing"})
import contextvars

var = contextvars.ContextVar("v", default="d")
var.set("main")
t = threading.Thread(target=lambda: log.append(var.get()))
t.start()
t.join()
ctx = contextvars.copy_context()
print(log[-1], ctx[var], ctx.run(var.get), ctx.run(lambda: (var.set("in") is not None, var.get())), var.get(), len(ctx) >= 1, var in ctx)
token = var.set("x")
print(token.old_value, token.var is var, var.reset(token), var.get())
try:
    var.reset(token)
except RuntimeError as e:
    print("used once" in str(e))
try:
    contextvars.ContextVar("empty").get()
except LookupError as e:
    print(type(e).__name__)
