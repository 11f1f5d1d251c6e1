"""Futures and tasks over a loop that does nothing but run what it was given."""
import asyncio
import _asyncio


class Loop:
    def __init__(self):
        self.ready = []
        self.told = 0

    def get_debug(self):
        return False

    def call_soon(self, fn, *args, context=None):
        self.ready.append((fn, args))

    def call_exception_handler(self, context):
        self.told += 1

    def run(self):
        while self.ready:
            batch, self.ready = self.ready, []
            for fn, args in batch:
                fn(*args)


class Bare:
    def __await__(self):
        yield


async def leaf(n):
    await Bare()
    if n % 3 == 2:
        raise KeyError(n)
    return [n]


async def waits(f):
    try:
        return await f
    except KeyError as error:
        return error.args


def end(loop, task):
    """What a task that MemoryError hit is left with: nobody is told of it."""
    task._log_destroy_pending = False
    task._log_traceback = False
    loop.ready.clear()


def case_future():
    loop = Loop()
    f = _asyncio.Future(loop=loop)
    seen = []
    for i in range(7):
        f.add_done_callback(seen.append)
    f.add_done_callback(len)
    assert f.remove_done_callback(len) == 1
    callbacks = len(f._callbacks)
    f.set_result("r")
    loop.run()
    return callbacks, len(seen), next(iter([f.result()])), f.cancelled()


def case_exception():
    loop = Loop()
    f = _asyncio.Future(loop=loop)
    try:
        f.set_exception(ValueError([1]))
        try:
            return list(f)
        except ValueError as error:
            return error.args
    finally:
        f._log_traceback = False


def case_cancelled():
    f = _asyncio.Future(loop=Loop())
    f.cancel(["why"])
    try:
        f.result()
    except asyncio.CancelledError as error:
        return error.args


def case_task():
    loop = Loop()
    out = []
    for n in range(4):
        inner = leaf(n)
        try:
            f = _asyncio.Future(loop=loop)
            inner_task = _asyncio.Task(inner, loop=loop, name="inner")
        except BaseException:
            inner.close()
            raise
        outer = waits(inner_task)
        task = None
        try:
            task = _asyncio.Task(outer, loop=loop)
            loop.run()
            out.append(task.result())
        finally:
            end(loop, inner_task)
            if task is None:
                outer.close()
            else:
                end(loop, task)
            inner.close(), outer.close()
            _asyncio._current_tasks.clear()
    return out
