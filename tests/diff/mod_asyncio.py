"""_asyncio: futures, tasks, the running loop: values, messages, representations, what a broken use gives."""
import asyncio  # first: _asyncio imports it, and then finds itself half made
import _asyncio
import inspect
import re
import sys
import traceback

from _show import show

sys.stderr = sys.stdout
Future, Task = _asyncio.Future, _asyncio.Task
loop = asyncio.new_event_loop()


def plain(v):
    return re.sub(r"0x[0-9a-f]+", "0x", str(v))


def try_(f, *args, **kw):
    try:
        print("=", plain(repr(f(*args, **kw))))
    except BaseException as e:
        print("!", type(e).__module__, type(e).__name__, plain(e.args), repr(e.__cause__))


def names(t):
    return sorted(n for n in t.__dict__ if n not in ("__dict__", "__weakref__"))


show(names(Future), names(Task), inspect.signature(Future), inspect.signature(Task), Task.__mro__)
for t in Future, Task:
    for n in names(t):
        if getattr(t.__dict__[n], "__text_signature__", None) and n != "__class_getitem__" and n != "__new__":
            print(n, t.__dict__[n].__text_signature__, repr(t.__dict__[n].__doc__)[:60])
for n in sorted(vars(_asyncio)):
    if not n.startswith("__"):
        print(n, getattr(getattr(_asyncio, n), "__text_signature__", None), type(getattr(_asyncio, n)).__name__)

# A future that is not initialised, one that is, one that is made again.
f = Future.__new__(Future)
for n in names(Future):
    if n.startswith("__"):
        continue
    try_(getattr, f, n)
    if n not in ("_cancel_message", "_state") and callable(getattr(Future, n)):
        try_(getattr(Future, n), f)
        try_(getattr(Future, n), f, 1)
try_(repr, f), try_(iter, f)
try_(Future, 1), try_(Future, loop=3), try_(Future, loop=loop, x=3), try_(Task), try_(Task, 1, loop=loop)
f = Future(loop=loop)
for args in (3,), (StopIteration,), (StopIteration(1),), (ValueError,), (ValueError(2),):
    try_(f.set_exception, *args)
try_(f.set_result, 1), try_(f.result), try_(f.exception), show(f, f._log_traceback, f._result, f._exception)
for n in "_log_traceback", "_asyncio_future_blocking", "_cancel_message", "_state", "_loop", "_callbacks":
    try_(setattr, f, n, True), try_(setattr, f, n, None), try_(delattr, f, n)
f.__init__(loop=loop)
show(f, f._state, f.get_loop() is loop, f.done(), f.cancelled(), f._callbacks)
f.attribute = 3
show(f.attribute)

# Callbacks.
for fn in print, len, print, max:
    f.add_done_callback(fn)
show([c[0] for c in f._callbacks], f, f.remove_done_callback(print), [c[0] for c in f._callbacks])
show(f.remove_done_callback(print), f.remove_done_callback(len), f.remove_done_callback(max), f._callbacks)
order = []


class Loop:
    def get_debug(self):
        return False

    def call_soon(self, fn, *args, context):
        order.append((fn, len(args), type(context).__name__))

    def call_exception_handler(self, context):
        print(sorted((k, plain(v)) for k, v in context.items()))


f = Future(loop=Loop())
for i in range(7):
    f.add_done_callback(i, context=i if i % 2 else None)
show(f.set_result("r"), order, f._callbacks)
f.add_done_callback("late")
show(order[-1])
f = Future(loop=Loop())
f.set_exception(KeyError("lost"))
del f


class Sub(Future):
    def __del__(self):
        print("del of a subclass")
        super().__del__()


f = Sub(loop=Loop())
f.set_exception(KeyError("lost too"))
del f
f = Future(loop=loop)
show(f.cancel("m"), f.cancel(), f, f._cancel_message)
try_(f.result), try_(f.exception), try_(f._make_cancelled_error), try_(f.set_result, 1)

# The iterator.
f = Future(loop=loop)
it = iter(f)
try_(next, it), show(f._asyncio_future_blocking), try_(next, it), try_(it.send, 1)
try_(it.throw, 1), try_(it.throw, ValueError, 3), try_(it.throw), try_(it.throw, ValueError(2), 3)
try_(it.throw, ValueError, 3, 4), try_(next, it), try_(it.close), try_(next, it)
f.set_result((1, 2))
it = f.__await__()
try_(it.send, None), try_(next, it)
show(type(it).__name__, [n for n in dir(it) if n not in dir(object)])


# Tasks.
async def value(v=5):
    await asyncio.sleep(0)
    return v


class Yields:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)


class Like:
    _loop = loop

    def __init__(self, blocking):
        self._asyncio_future_blocking = blocking


class LikeBroken(Like):
    def get_loop(self):
        raise KeyError("get_loop")


async def bad(v):
    try:
        await Yields(v)
    except RuntimeError as e:
        return plain(e)


def run(coro):
    async def bounded():
        return await asyncio.wait_for(coro, 1)
    return loop.run_until_complete(bounded())


for v in 3, Future(loop=loop), Future(loop=asyncio.new_event_loop()), (i for i in ()), Like(False), "x":
    try_(run, bad(v))
t = loop.create_task(value())
t.set_name("first")
show(t.get_name(), t._must_cancel, t._fut_waiter, t._log_destroy_pending, t.cancelling(), t.uncancel())
show(t, t.cancel("why"), t._must_cancel, t.cancelling(), t.cancel(), t.cancelling(), t.uncancel(), t.uncancel(), t.uncancel())
try_(t.set_result, 1), try_(t.set_exception, 1), try_(loop.run_until_complete, t)
show(t, t.cancel(), t._coro is t.get_coro(), t.get_stack())
t = loop.create_task(value(), name=7)
show(t.get_name(), [type(h._callback).__name__ for h in loop._ready][-1:])
step = loop._ready[-1]._callback
show(step.__self__ is t, loop.run_until_complete(t), t)
try_(step), try_(step, 1), try_(step, a=1)


async def chained():
    try:
        await value()
    except asyncio.CancelledError as e:
        raise asyncio.CancelledError("again", e.args)


async def outer(t):
    await t


inner = loop.create_task(chained())
o = loop.create_task(outer(inner))
loop.call_soon(lambda: loop.call_soon(o.cancel, "outer"))
try_(loop.run_until_complete, o)
show(inner.cancelled(), o.cancelled(), inner._cancel_message, o._cancel_message)


async def stops():
    raise StopIteration(3)


async def exits():
    raise SystemExit(4)


async def itself():
    await me

try_(loop.run_until_complete, stops()), try_(loop.run_until_complete, exits())
me = loop.create_task(itself())
try_(loop.run_until_complete, me)


class Coro:
    def __init__(self):
        self.sent = 0

    def send(self, v):
        self.sent += 1
        if self.sent > 2:
            raise StopIteration(self.sent)

    def throw(self, *args):
        raise StopIteration(args[0])

    def close(self):
        pass

    def __await__(self):
        return self


try_(loop.run_until_complete, Task(Coro(), loop=loop))
t = Task(Coro(), loop=loop)
t.cancel("like")
try_(loop.run_until_complete, t)


# Tracebacks: no frame of the step, the waiting ones in their order; again without what was shown.
async def deep(n):
    if n:
        return await deep(n - 1)
    await asyncio.sleep(0)
    return 1 / 0


async def waits():
    t = asyncio.create_task(deep(2))
    for i in range(2):
        try:
            await t
        except ZeroDivisionError as e:
            print([x.name for x in traceback.extract_tb(e.__traceback__)])
    t = asyncio.create_task(deep(1))
    await asyncio.sleep(0)
    t.print_stack(file=sys.stdout)
    show(len(t.get_stack()), [f.f_code.co_name for f in t.get_stack(limit=1)])
    return asyncio.current_task() in asyncio.all_tasks(), await asyncio.gather(t, return_exceptions=True)

show(loop.run_until_complete(waits()))

# The functions.
for fn in _asyncio._enter_task, _asyncio._leave_task:
    try_(fn, 1, 2), try_(fn, 1, 3), try_(fn, 1), try_(fn, task=1, loop=5)
_asyncio._current_tasks.clear()
try_(_asyncio._register_task, 3), try_(_asyncio._unregister_task, 3), try_(_asyncio._set_running_loop)
try_(_asyncio.get_running_loop)
_asyncio._set_running_loop(loop)
show(_asyncio.get_running_loop() is loop, _asyncio._get_event_loop() is loop, _asyncio.get_event_loop() is loop)
_asyncio._set_running_loop(None)
try_(_asyncio._get_running_loop), try_(_asyncio._get_event_loop, "x")
show(Future[int], Task[int], asyncio.Future is Future, asyncio.Task is Task)
asyncio.set_event_loop(loop)
show(_asyncio.get_event_loop() is loop, _asyncio._get_event_loop(2) is loop)
loop.close()
