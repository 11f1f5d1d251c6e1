"""The lock: computing threads all advance, blocking calls let others run, quick answers for I/O."""
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
import hashlib

assert sys.getswitchinterval() == 0.005


def counts(seconds, n=3):
    stop, numbers = threading.Event(), [0] * n

    def spin(k):
        i = 0
        while not stop.is_set():
            i += 1
        numbers[k] = i

    crew = [threading.Thread(target=spin, args=(k,)) for k in range(n)]
    for thread in crew:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in crew:
        thread.join()
    return numbers


numbers = counts(0.6)
assert min(numbers) > 0 and max(numbers) < 20 * min(numbers), numbers


def others_run(block, what, least=0.5):
    """While one thread is in a blocking call another one must be able to compute."""
    stop, state = threading.Event(), [0]

    def spin():
        while not stop.is_set():
            state[0] += 1

    thread = threading.Thread(target=spin)
    thread.start()
    time.sleep(0.02)
    before = state[0]
    block()
    advanced = state[0] - before
    stop.set()
    thread.join()
    assert advanced > 1000 * least, (what, advanced)


r, w = os.pipe()
lock = threading.Lock()
lock.acquire()
sock, peer = socket.socketpair()
sock.settimeout(0.1)
event, cond = threading.Event(), threading.Condition()


def recv():
    try:
        sock.recv(1)
    except TimeoutError:
        pass


def pipe_read():
    threading.Timer(0.1, os.write, (w, b"x")).start()
    os.read(r, 1)


def join():
    thread = threading.Thread(target=time.sleep, args=(0.1,))
    thread.start()
    thread.join()


others_run(lambda: time.sleep(0.1), "sleep")
others_run(lambda: lock.acquire(timeout=0.1), "lock")
others_run(lambda: event.wait(0.1), "event")
others_run(lambda: select.select([r], [], [], 0.1), "select")
others_run(recv, "recv")
others_run(pipe_read, "pipe read")
others_run(join, "join")
others_run(lambda: subprocess.run(["sleep", "0.1"]), "waitpid")
poll = select.poll()
poll.register(r, select.POLLIN)
others_run(lambda: poll.poll(100), "poll")
epoll = select.epoll()
epoll.register(r, select.EPOLLIN)
others_run(lambda: epoll.poll(0.1), "epoll")
data = os.urandom(1 << 20) * 12
others_run(lambda: hashlib.sha512(data), "hash", 0.1)
others_run(lambda: zlib.compress(data[: 3 << 20]), "compress", 0.1)

# A thread that waits for input beside a computing one is served far sooner than an interval.
stop = threading.Event()


def compute():
    n = 0
    while not stop.is_set():
        n += 1


def echo():
    while peer.recv(1):
        peer.send(b"y")


sock.settimeout(None)
threads = [threading.Thread(target=compute), threading.Thread(target=echo)]
for thread in threads:
    thread.start()
waits = []
for _ in range(50):
    time.sleep(0.002)
    start = time.perf_counter()
    sock.send(b"x")
    sock.recv(1)
    waits.append(time.perf_counter() - start)
stop.set()
sock.close()
for thread in threads:
    thread.join()
waits.sort()
assert waits[len(waits) // 2] < 0.05, waits[len(waits) // 2]
