"""Native objects whose fields one thread replaces while others use them: nobody meets what is gone."""
import _functools
import contextvars
import functools
import io
import os
import re
import select
import struct
import threading
import warnings

from _together import in_threads_each


def in_threads(*jobs, n=200):
    in_threads_each(n, *jobs)


# partial.__setstate__ beside calls
p = functools.partial(max, [1], key=len)
in_threads(lambda i: p("ab"), lambda i: repr(p), lambda i: p.__reduce__(),
           lambda i: p.__setstate__((max, ([i] * 2,), {"key": len}, {})), lambda i: functools.partial(p, "x"))

# contexts
var = contextvars.ContextVar("var")
context = contextvars.copy_context()
context.run(var.set, 0)


def change(i):
    try:
        context.run(lambda: [var.set([i, j]) for j in range(20)])
    except RuntimeError:
        pass


in_threads(change, change, lambda i: context.get(var), lambda i: context.copy().items(), lambda i: (len(context), list(context)))
token_context = contextvars.copy_context()
tokens = []
token_context.run(lambda: tokens.extend(var.set(i) for i in range(100)))

# warnings' filters
def warn(i):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("x" * (i % 7))


warnings.simplefilter("ignore")
in_threads(warn, warn, warn)

# struct.iter_unpack and a scanner of re, each item once
data = b"".join(struct.pack("<I", i) for i in range(3000))
for make, want in ((lambda: struct.iter_unpack("<I", bytearray(data)), [(i,) for i in range(3000)]),
                   (lambda: map(re.Match.span, re.finditer("a|(?=b)|b", "ab" * 700)), None)):
    want = want or sorted(make())
    it, got = make(), []
    threads = [threading.Thread(target=lambda: got.extend(list(it))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(got) == want, len(got)

# bounded and unbounded caches
def check_cache(size):
    @functools.lru_cache(size)
    def cached(x):
        return x, x

    def use(i):
        for k in range(20):
            assert cached(k * i % 30) == (k * i % 30,) * 2

    in_threads(use, use, lambda i: cached.cache_clear() if i % 10 == 0 else cached.cache_info(), n=300)
    info = cached.cache_info()
    assert size is None or info.currsize <= size
    cached.cache_clear()
    before = cached.cache_info()
    in_threads(use, use, n=100)
    info = cached.cache_info()
    assert info.hits + info.misses == 4000, info


check_cache(8)
check_cache(None)

# select.poll's table
poll = select.poll()
reader, writer = os.pipe()


def registering(i):
    for fd in range(100, 140):
        poll.register(fd, select.POLLIN)
    for fd in range(100, 140):
        try:
            poll.unregister(fd)
        except KeyError:
            pass


def polling(i):
    try:
        poll.poll(0)
    except RuntimeError:
        pass


in_threads(registering, registering, polling, polling, n=50)

# closing a descriptor: only one thread does
def closing(i):
    barrier.wait()
    file, ep = shared
    file.close()
    ep.close()
    if barrier.wait() == 0:
        shared[:] = [open(os.devnull, "rb", buffering=0), select.epoll()]
    barrier.wait()


barrier = threading.Barrier(3)
shared = [open(os.devnull, "rb", buffering=0), select.epoll()]
in_threads(closing, closing, closing, n=60)

# detaching a stream while its attributes are asked for
def tolerant(f):
    def job(i):
        try:
            f()
        except ValueError:
            pass
    return job


for _ in range(30):
    raw = io.FileIO(os.devnull, "rb")
    buffered = io.BufferedReader(raw)
    in_threads(tolerant(lambda: buffered.closed), tolerant(lambda: buffered.name), tolerant(lambda: buffered.seek(0)),
               tolerant(lambda: buffered.detach()), n=5)
    text = io.TextIOWrapper(io.BytesIO(b"one\ntwo\n" * 5))
    in_threads(tolerant(lambda: text.closed), tolerant(lambda: repr(text)), tolerant(lambda: list(text)),
               tolerant(lambda: text.reconfigure(errors="ignore")), tolerant(lambda: text.detach()), n=5)
