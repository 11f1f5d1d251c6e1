# gil: 1
# What cannot block does not let the lock go while another thread computes; what can block still does.
import _gil
import os
import select
import socket
import threading
import time

stop = False


def compute():
    n = 0
    while not stop:
        n += 1


def given():
    return next(r for r in _gil.stats() if r["main"])["handovers"]["call"]


def check(what, operation, times=300, most=30):
    """Hardly a hand-over by `operation`; now and then the interval is over, or nobody waits."""
    before = given()
    for _ in range(times):
        operation()
    after = given()
    assert after - before <= most, f"{what}: let go {after - before} times of {times}"


beside = threading.Thread(target=compute)
beside.start()
try:
    a, b = socket.socketpair()
    reader, writer = os.pipe()

    def exchange():
        assert a.send(b"x") == 1 and b.recv(1) == b"x"
        a.sendall(b"yz")
        assert b.recv_into(bytearray(10)) == 2

    check("a socket that has what is asked for", exchange)
    a.settimeout(5)
    b.settimeout(5)
    check("the same with a timeout", exchange)
    a.setblocking(False)
    b.setblocking(False)
    check("the same, non-blocking", exchange)
    a.setblocking(True)
    b.setblocking(True)
    check("select", lambda: select.select([b], [a], [], 0))
    poll = select.poll()
    poll.register(b)
    check("poll", lambda: poll.poll(0))
    epoll = select.epoll()
    epoll.register(b)
    check("epoll", lambda: epoll.poll(0))
    check("a pipe with room", lambda: os.write(writer, b"x"), times=100)
    with open(os.devnull, "wb", buffering=0) as null:
        check("a small write", lambda: null.write(b"x"))

    # What must wait lets go: the computing thread gets on.
    before = given()
    for _ in range(20):
        time.sleep(0.001)
    try:
        b.settimeout(0.05)
        b.recv(1)
    except TimeoutError:
        pass
    else:
        raise AssertionError("nothing was sent")
    b.settimeout(None)
    assert given() - before >= 15

    # A blocking send gives back all that was to be sent, though the first try takes a part only.
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    got = []

    def drain():
        time.sleep(0.05)
        while sum(map(len, got)) < 3 * 60_000:
            got.append(b.recv(5000))

    draining = threading.Thread(target=drain)
    draining.start()
    data = bytes(range(250)) * 240
    assert a.send(data) == 60_000
    a.sendall(data)
    assert a.send(memoryview(data)) == 60_000
    draining.join()
    assert b"".join(got) == data * 3

    # Errors are those of the blocking call.
    b.close()
    try:
        for _ in range(10):
            a.send(b"x")
    except BrokenPipeError:
        pass
    else:
        raise AssertionError("nobody reads")
    assert a.recv(10) == b""
finally:
    stop = True
    beside.join()
