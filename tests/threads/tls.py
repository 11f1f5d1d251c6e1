# tsan: no, OpenSSL is not instrumented, so that its own atomics are not seen
"""An echo server with TLS and its clients in threads; one connection that two threads use at once, one context that
many do; a reader that waits does not keep a writer out; a handler of a signal runs while a read waits."""
import os
import signal
import socket
import ssl
import test
import threading
import time

from _together import in_threads

HERE = os.path.dirname(test.__file__)
server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(os.path.join(HERE, "keycert3.pem"))
asked = []
server_context.sni_callback = lambda sock, name, context: asked.append(name)
client_context = ssl.create_default_context(cafile=os.path.join(HERE, "pycacert.pem"))
listener = socket.create_server(("127.0.0.1", 0))
CLIENTS, ROUNDS = 6, 8
data = bytes(range(256)) * 300


def echo(sock):
    with server_context.wrap_socket(sock, server_side=True) as tls:
        while chunk := tls.recv(20000):
            tls.sendall(chunk)
        tls.unwrap()


def serve():
    handlers = []
    for _ in range(CLIENTS):
        handlers.append(threading.Thread(target=echo, args=(listener.accept()[0],)))
        handlers[-1].start()
    for handler in handlers:
        handler.join()


def connected(**options):
    sock = socket.create_connection(listener.getsockname())
    sock.settimeout(options.get("timeout", 30))
    return client_context.wrap_socket(sock, server_hostname="localhost")


def exactly(tls, n):
    parts = []
    while n:
        parts.append(tls.recv(n))
        assert parts[-1]
        n -= len(parts[-1])
    return b"".join(parts)


def client():
    with connected() as tls:
        for i in range(ROUNDS):
            tls.sendall(data)
            assert exactly(tls, len(data)) == data
            assert tls.version() == "TLSv1.3" and tls.cipher() and tls.getpeercert()["subject"]
            client_context.load_verify_locations(os.path.join(HERE, "pycacert.pem"))
            assert client_context.cert_store_stats()["x509"] == 1 and len(client_context.get_ciphers()) > 3
        tls.unwrap()


def both_ways():
    """One thread writes while another reads the same connection."""
    with connected() as tls:
        got = []
        reader = threading.Thread(target=lambda: got.append(exactly(tls, ROUNDS * len(data) * 2)))
        reader.start()
        in_threads(*[lambda: [tls.sendall(b"y" * len(data)) for _ in range(ROUNDS)]] * 2)
        reader.join()
        assert got == [b"y" * len(data) * ROUNDS * 2]
        tls.unwrap()


in_threads(serve, *[client] * (CLIENTS - 2), both_ways, both_ways)
assert asked == ["localhost"] * CLIENTS, asked

# Two threads drive the two sides of one pair of memory BIOs.
ends = [ssl.MemoryBIO() for _ in range(2)]
sides = [client_context.wrap_bio(ends[0], ends[1], server_hostname="localhost"),
         server_context.wrap_bio(ends[1], ends[0], server_side=True)]


def until(function, *args):
    while True:
        try:
            return function(*args)
        except ssl.SSLWantReadError:
            time.sleep(0.0005)


def drive(tls, first):
    until(tls.do_handshake)
    for i in range(50):
        if first:
            tls.write(b"%04d" % i)
        assert until(tls.read, 4) == b"%04d" % i
        if not first:
            tls.write(b"%04d" % i)


in_threads(lambda: drive(sides[0], True), lambda: drive(sides[1], False))

# A signal during a wait, and a timeout.
a, b = socket.socketpair()
waiting = threading.Thread(target=lambda: server_context.wrap_socket(b, server_side=True).recv(1))
waiting.start()
with client_context.wrap_socket(a, server_hostname="localhost") as tls:
    ticks = []
    signal.signal(signal.SIGALRM, lambda *_: ticks.append(len(ticks)))
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    tls.settimeout(0.3)
    try:
        tls.recv(1)
    except TimeoutError as e:
        assert "timed out" in str(e)
    else:
        raise AssertionError("nothing was sent")
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert len(ticks) > 3, ticks
    tls.settimeout(30)
    tls.sendall(b"x")
waiting.join()
