"""Threads, locks, queues, pools, thread-local data."""
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
q, out = queue.Queue(), []
def work():
    while (v := q.get()) is not None:
        out.append(v * 2)
crew = [threading.Thread(target=work) for _ in range(3)]
for t in crew: t.start()
for i in range(50): q.put(i)
for _ in crew: q.put(None)
for t in crew: t.join()
assert sorted(out) == [i * 2 for i in range(50)]
with ThreadPoolExecutor(2) as ex:
    assert list(ex.map(str, range(5))) == list("01234")
    assert ex.submit(lambda: 1 / 0).exception() is not None
local = threading.local()
local.x = 1
seen = []
t = threading.Thread(target=lambda: seen.append(hasattr(local, "x")))
t.start(); t.join()
assert seen == [False]
lock, cond, ev = threading.RLock(), threading.Condition(), threading.Event()
with lock, lock: pass
with cond: cond.notify_all()
ev.set()
assert ev.wait(1)
