# gil: 0
"""A future that threads share without the lock ends once, with each callback scheduled once; loops run in threads."""

import asyncio  # first: _asyncio imports it, and then finds itself half made
import _asyncio
import os
import threading

THREADS = 4


class Loop:
    """Notes what it is to call."""

    def __init__(self):
        self.calls = []

    def get_debug(self):
        return False

    def call_soon(self, fn, *args, context=None):
        self.calls.append(fn)

    def call_exception_handler(self, context):
        pass


def together(job, n=THREADS):
    barrier = threading.Barrier(n)
    errors = []

    def run(i):
        barrier.wait()
        try:
            job(i)
        except Exception as e:
            errors.append(e)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for t in threads: t.start()
    for t in threads: t.join()
    return errors


for attempt in range(40):
    loop = Loop()
    f = _asyncio.Future(loop=loop)

    def job(i):
        mine = [(i, k) for k in range(60)]
        for k, fn in enumerate(mine):
            f.add_done_callback(fn, context=None)
            if k % 7 == 0: assert f.remove_done_callback(fn) in (0, 1)
            if k % 13 == 5: f._callbacks, f._state, f._result, f._exception
            if k == 40:
                if i == 0: f.set_result(["result", i])
                elif i == 1: f.set_exception(ValueError([i]))
                elif i == 2: f.cancel(["msg", i])
                else: f.set_result(("result", i))
    errors = together(job)
    assert f.done() and f._callbacks is None
    ended = THREADS - len(errors)
    assert all(isinstance(e, asyncio.InvalidStateError) for e in errors), errors
    # cancel() of an ended future is no error.
    assert ended == 2 or (ended == 1 and f.cancelled()), (ended, f)
    assert len(loop.calls) == len(set(loop.calls))
    assert {c for c in loop.calls if c[1] > 40 and c[1] % 7} == {(i, k) for i in range(THREADS) for k in range(41, 60) if k % 7} \
        or len(errors) == 2 + f.cancelled()
    try: f.result()
    except (ValueError, asyncio.CancelledError): pass

# Each thread has a loop of its own.
total = []


async def child(n):
    await asyncio.sleep(0)
    return n


async def main(i):
    assert asyncio.get_running_loop() is not None
    got = sum(await asyncio.gather(*[child(k) for k in range(50)]))
    t = asyncio.create_task(asyncio.sleep(30))
    await asyncio.sleep(0)
    t.cancel()
    try: await t
    except asyncio.CancelledError: got += 1
    # (all_tasks() goes over a WeakSet of all threads, and may miss one while they make tasks.)
    assert asyncio.current_task() in _asyncio._all_tasks
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    other = threading.Thread(target=lambda: loop.call_soon_threadsafe(f.set_result, 5))
    other.start()
    got += await f
    other.join()
    total.append(got)

errors = together(lambda i: [asyncio.run(main(i)) for _ in range(5)])
assert not errors, errors
assert total == [1225 + 1 + 5] * (5 * THREADS), total
assert not _asyncio._current_tasks


# A thread that ends while its loop counts as running.
class Asks:
    def __del__(self):
        own.again = 1
        got.append(_asyncio._get_running_loop())


def leaves(i):
    own.asks = Asks()
    _asyncio._set_running_loop(Loop())

own, got = threading.local(), []
assert not together(leaves)
assert len(got) == THREADS and all(g is None or isinstance(g, Loop) for g in got), got


# In the child of a fork no loop runs.
async def forks():
    pid = os.fork()
    if pid == 0:
        os._exit(0 if _asyncio._get_running_loop() is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert _asyncio.get_running_loop() is asyncio.get_running_loop()

asyncio.run(forks())
print("ok")
