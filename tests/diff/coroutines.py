"""async and await: coroutines, async for, async with, async generators, comprehensions, asyncio."""
import asyncio
import inspect
import sys
import types
import warnings
from _show import err, syntax

warnings.simplefilter("ignore")


def drive(coro):
    """Runs a coroutine without a loop; returns the values it suspended with and its result."""
    values = []
    try:
        while True:
            values.append(coro.send(None))
    except StopIteration as e:
        return values, e.value


class Suspend:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        r = yield self.v
        return f"resumed {self.v} {r}"


async def basic():
    a = await Suspend(1)
    b = await Suspend(2)
    return a, b


print(drive(basic()))
c = basic()
print(type(c).__name__, c.cr_running, c.cr_await, c.cr_code.co_name, c.cr_origin, inspect.getcoroutinestate(c))
c.send(None)
print(c.cr_await is not None, inspect.getcoroutinestate(c))
err(c.throw, ValueError("into"))
err(c.send, None)
c.close()
c = basic()
err(c.send, 5)
c.close()
err(lambda: next(basic()))
err(lambda: iter(basic()))
err(lambda: drive(awaits(5)))


async def awaits(x):
    return await x


class BadAwait:
    def __await__(self):
        return 5


class CoroAwait:
    def __await__(self):
        return basic()


err(lambda: drive(awaits(BadAwait())))
err(lambda: drive(awaits(CoroAwait())))
err(lambda: drive(awaits(None)))
err(lambda: drive(awaits([1])))
c = basic()
drive(c)
err(lambda: drive(awaits(c)))


class AIter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Suspend("tick")
        return self.n


async def loops():
    out = []
    async for v in AIter(3):
        if v == 1:
            continue
        out.append(v)
    else:
        out.append("else")
    return out


print(drive(loops()))


class ACM:
    def __init__(self, swallow=False):
        self.swallow = swallow

    async def __aenter__(self):
        await Suspend("enter")
        return "value"

    async def __aexit__(self, t, e, tb):
        await Suspend("exit")
        print("aexit", t and t.__name__, e)
        return self.swallow


async def withs():
    async with ACM() as v, ACM(True) as w:
        raise ValueError(v + w)
    async with ACM():
        pass
    return "after"


print(drive(withs()))


async def agen(n):
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
        await Suspend(f"a{i}")


async def uses_agen():
    total = []
    async for v in agen(3):
        total.append(v)
    g = agen(3)
    total.append(await g.__anext__())
    total.append(await g.asend("sent"))
    await g.aclose()
    try:
        await g.__anext__()
    except StopAsyncIteration:
        total.append("closed")
    g = agen(2)
    await g.asend(None)
    try:
        await g.athrow(KeyError("thrown"))
    except KeyError as e:
        total.append(repr(e))
    return total, [v async for v in agen(3) if v], {v: v async for v in agen(2)}, {v async for v in agen(2)}, \
        [await Suspend(v) for v in (1, 2)], [x async for x in (y * 2 async for y in agen(2))]


print(drive(uses_agen()))
g = agen(1)
print(type(g).__name__, g.ag_running, g.ag_await, g.ag_code.co_name, type(g.__anext__()).__name__)
err(lambda: drive(for_each(5)))
err(lambda: drive(with_each(5)))


async def for_each(x):
    async for _ in x:
        pass


async def with_each(x):
    async with x:
        pass


class NotAnext:
    def __aiter__(self):
        return 5


class BadAnext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 5


err(lambda: drive(for_each(NotAnext())))
err(lambda: drive(for_each(BadAnext())))
err(lambda: drive(for_each(iter([]))))


async def returns_stop():
    raise StopIteration("x")


try:
    drive(returns_stop())
except RuntimeError as e:
    print(e, repr(e.__cause__))


async def asyncgen_stop():
    yield 1
    raise StopAsyncIteration("y")


async def read_stop():
    async for _ in asyncgen_stop():
        pass


try:
    drive(read_stop())
except RuntimeError as e:
    print(e)


async def builtins_aiter():
    it = aiter(AIter(2))
    return await anext(it), await anext(it), await anext(it, "default")


print(drive(builtins_aiter()))
for s in ("async def f():\n  await", "await x", "def f(): await x", "async x = 1", "async for x in y: pass", "async with x: pass",
          "def f():\n  async for x in y: pass", "def f(): [x async for x in y]", "async def f(): lambda: await x", "[x async for x in y]",
          "async def f(): return [await x for x in y]", "class A:\n  await x", "async = 1", "await = 1", "def await(): pass",
          "async def f():\n  def g():\n    await x", "async def f(): f'{await x}'", "async def f(): await x ** 2", "async def f(): -await x",
          "async def f(): await -x", "async def f(x=await y): pass", "async def f(): (await x for x in y)"):
    syntax(s)

# With the library's loop


async def sleeper(name, delay, log):
    await asyncio.sleep(delay)
    log.append(name)
    return name


async def main():
    log = []
    results = await asyncio.gather(sleeper("slow", 0.06, log), sleeper("fast", 0.01, log))
    print(results, log)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.02)
    except asyncio.TimeoutError as e:
        print("timeout", type(e).__name__)
    task = asyncio.create_task(asyncio.sleep(10), name="cancelled task")
    await asyncio.sleep(0)
    task.cancel("why")
    try:
        await task
    except asyncio.CancelledError as e:
        print("cancelled", e.args, task.cancelled(), task.get_name())
    queue = asyncio.Queue(2)

    async def produce():
        for i in range(5):
            await queue.put(i)
        await queue.put(None)

    async def consume():
        out = []
        while (item := await queue.get()) is not None:
            out.append(item)
        return out

    print((await asyncio.gather(produce(), consume()))[1])
    lock = asyncio.Lock()
    async with lock:
        print("locked", lock.locked())
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, event.set)
    await event.wait()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(sleeper("tg", 0.01, log))
            tg.create_task(failing())
    except* ValueError as group:
        print("group", group.exceptions)
    async with asyncio.timeout(1):
        await asyncio.sleep(0)
    print(await asyncio.to_thread(lambda: "thread"))
    print(await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2]))
    proc = await asyncio.create_subprocess_exec("/bin/echo", "child", stdout=asyncio.subprocess.PIPE)
    print(await proc.communicate(), proc.returncode)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello\n")
    await writer.drain()
    print(await reader.readline())
    writer.close()
    server.close()
    await server.wait_closed()
    done, pending = await asyncio.wait([asyncio.create_task(sleeper(str(i), i / 50, log)) for i in range(3)],
                                       return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    for t in pending:
        t.cancel()
    return "main done"


async def failing():
    raise ValueError("failed task")


async def serve(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


print(asyncio.run(main()))
import contextlib
import contextvars

var = contextvars.ContextVar("var", default="unset")


@contextlib.asynccontextmanager
async def acm():
    token = var.set("set")
    try:
        yield var.get()
    finally:
        var.reset(token)


async def contexts():
    async with acm() as v:
        print(v, var.get())
    print(var.get())

    async def child():
        var.set("child")
        return var.get()

    print(await asyncio.create_task(child()), var.get())


asyncio.run(contexts())
print(inspect.iscoroutinefunction(basic), inspect.isasyncgenfunction(agen), inspect.isawaitable(Suspend(1)))
