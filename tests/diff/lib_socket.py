"""socket: pairs, TCP, UDP, Unix sockets, descriptors passed, errors."""
import errno
import os
import socket
import struct
import tempfile
import threading
from _show import err, show

a, b = socket.socketpair()
a.sendall(b"hello")
print(b.recv(3), b.recv(10), a.send(b"xy"), b.recv_into(bytearray(5)), a.family.name, a.type.name, a.fileno() >= 0, a.gettimeout(), a.getblocking())
b.settimeout(0.01)
err(b.recv, 1)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as e:
    print(type(e).__name__, e.errno == errno.EAGAIN)
f = a.makefile("rwb")
g = b.makefile("r")
b.setblocking(True)
f.write(b"line\n")
f.flush()
print(g.readline())
a.shutdown(socket.SHUT_WR)
print(b.recv(1))
f.close()
a.close()
err(a.send, b"x")
print(repr(a).startswith("<socket.socket [closed]"), a.fileno())
srv = socket.create_server(("127.0.0.1", 0))
port = srv.getsockname()[1]


def serve():
    for _ in range(2):
        c, addr = srv.accept()
        with c:
            c.sendall(c.recv(100).upper())


t = threading.Thread(target=serve)
t.start()
for _ in range(2):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as c:
        c.sendall(b"text")
        print(c.recv(100), c.getpeername() == ("127.0.0.1", port))
t.join()
srv.close()
err(socket.create_connection, ("127.0.0.1", port), 1)
err(socket.socket, -5)
err(lambda: socket.socket().connect("x"))
err(lambda: socket.socket().connect(("127.0.0.1", "x")))
err(lambda: socket.socket().bind(("127.0.0.1", 99999)))
err(lambda: socket.inet_aton("x"))
show(socket.inet_aton("1.2.3.4"), socket.inet_ntoa(b"\1\2\3\4"), socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntop(socket.AF_INET6, b"\0" * 15 + b"\1"), socket.htons(1), socket.ntohl(1), socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)[0][4], socket.gethostbyname("127.0.0.1"), socket.AF_INET, socket.SOCK_STREAM, socket.has_ipv6, socket.getdefaulttimeout())
u1, u2 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u1.bind(("127.0.0.1", 0))
u2.sendto(b"datagram", u1.getsockname())
data, addr = u1.recvfrom(100)
print(data, addr[0])
u1.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
print(u1.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), len(u1.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 4)))
u1.close(), u2.close()
path = os.path.join(tempfile.mkdtemp(), "s")
us = socket.socket(socket.AF_UNIX)
us.bind(path)
us.listen()
uc = socket.socket(socket.AF_UNIX)
uc.connect(path)
conn, _ = us.accept()
socket.send_fds(uc, [b"m"], [0])
msg, fds, flags, addr = socket.recv_fds(conn, 10, 1)
print(msg, len(fds), conn.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12) == struct.pack("3i", os.getpid(), os.getuid(), os.getgid()))
for s in (us, uc, conn):
    s.close()
