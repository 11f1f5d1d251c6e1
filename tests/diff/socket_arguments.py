"""Arguments of sockets, polls and timers: odd and wrong ones."""
import _socket
import os
import select
import signal
import socket
import time

NAN = float("nan")


def call(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(function.__name__, repr(args)[:70], kwargs, result)


# Hosts.
for host in ("a\0b", b"a\0b", "\ud800", "x" * 70, "ü" * 70, 5, None, bytearray(b"127.0.0.1")):
    if not isinstance(host, bytearray):
        call(socket.gethostbyname, host) if not isinstance(host, bytes) or b"\0" in host else None
    call(_socket.getaddrinfo, host, 80, 0, 1, 0, socket.AI_NUMERICHOST)
    with socket.socket() as s:
        call(s.bind, (host, 0)) if host != "x" * 70 else None
for port in ("\ud800", 2**70, b"80\0x", 1.5, "80"):
    call(_socket.getaddrinfo, "127.0.0.1", port, 0, 1)
call(_socket.getaddrinfo, None, None)
for address in (("\ud800", 1), (), ("127.0.0.1",), (1, 2), ("127.0.0.1", 80), ("::1", 80, 0, 0), ("::1", 80, 2**20, 0), ("127.0.0.1", 80, 1)):
    call(socket.getnameinfo, address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
call(_socket.sethostname, 5)
for value in (-1, 65536, "a", 1.5, 2**70):
    call(socket.htons, value) if value != 2**70 else None
    call(socket.ntohl, value)
    call(socket.htonl, value)
for text in ("1.2.3", "1.2.3.4x", "a\0"):
    call(socket.inet_aton, text)
call(socket.inet_ntoa, b"123")
call(socket.inet_pton, 99, "1.2.3.4")
call(socket.inet_pton, 2, "1.2.3")
call(socket.inet_ntop, 2, b"12")
call(socket.inet_ntop, 99, b"1234")
call(socket.getservbyname, "http", "xx")
call(socket.getprotobyname, "tcp")
call(socket.getprotobyname, "zz")

# Timeouts.
call(socket.setdefaulttimeout, 3)
call(socket.setdefaulttimeout, -1)
call(socket.getdefaulttimeout)
socket.setdefaulttimeout(None)
s = socket.socket()
for value in (NAN, -1, 1e300, "x", 2**70, True, 0, 1e-12, None):
    call(s.settimeout, value)
    print(s.gettimeout(), s.getblocking())
poll, epoll = select.poll(), select.epoll()
for value in (NAN, 1e300, -1, 2**70, "a", -0.5, 1e10, 2**40):
    call(select.select, [], [], [], value) if value != 2**40 else None
    if value not in (-1, -0.5):
        call(poll.poll, value)
        call(epoll.poll, value)
for value in (NAN, 1e300, -1, 2**70, "a"):
    call(signal.sigtimedwait, [], value) if value not in (1e300, 2**70) else None
    call(signal.setitimer, 0, value)
    signal.setitimer(0, 0)
    call(time.sleep, value)
    call(os.utime, ".", (value, 0)) if value != -1 else None
    call(os.utime, ".", ns=(value, 0)) if value not in (-1, 2**70) else None

# Methods.
for address in (("127.0.0.1", 70000), ("127.0.0.1", -1), ("127.0.0.1", "80"), ["127.0.0.1", 1], ("127.0.0.1", 1, 2)):
    call(s.connect, address)
for args in ((2**40,), (None, 4), (None,), (b"abcd", 4), ([],), (b"ab\0\0",)):
    call(s.setsockopt, 1, 2, *args)
for size in (-1, 2000):
    call(s.getsockopt, 1, 2, size)
call(s.recv, -1)
call(s.recv_into, bytearray(3), -1)
call(s.recv_into, bytearray(3), 9)
call(s.recvfrom, -1)
call(s.recvfrom_into, bytearray(3), 9)
call(s.recvmsg, -1)
call(s.recvmsg, 1, -1)
call(s.recvmsg, 1, 2**40)
call(s.recvmsg_into, [b"x"])
call(s.recvmsg_into, 5)
call(s.sendmsg, 5)
call(s.sendmsg, [b"x"], [(1, 2, 3)])
call(s.sendmsg, [b"x"], [("a", 2, b"")])
call(s.sendmsg, ["x"])
call(s.sendmsg_afalg, [b"x"], op=1)
call(s.sendto, b"x", 0)
call(s.send, "x")
call(s.listen, -5)
call(s.shutdown, 9)
s.close()
for name in ("getsockname", "accept", "fileno"):
    call(getattr(s, name))
u = socket.socket(socket.AF_UNIX)
call(u.bind, "x" * 200)
call(u.bind, 5)
for number in (-1, 9999, 1.5, "a"):
    call(socket.socket, fileno=number)

# A wish for nothing does not wait.
r, w = socket.socketpair()
call(r.recv, 0)
call(r.recv_into, bytearray())
w.send(b"q")
call(r.recv, 0)
call(r.recv, 10)

# Addresses of rare families, made for a socket that is of another.
d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ADDRESSES = (5, (), ("lo",), (0, 0), ("lo", 0), ("lo", 3, 1), ("lo", 3, 1, 2, b"abcdef"), ("lo", 3, 1, 2, b"x" * 20), ("lo", 70000),
             ("nope", 3), ("a", "b"), ("hash", "sha1", 1, 2), ("x" * 20, "y"), ("hash", "y" * 100), (1, 2, 3, 4, 5))
for family, proto in ((socket.AF_NETLINK, 0), (socket.AF_PACKET, 0), (socket.AF_CAN, 0), (socket.AF_CAN, 1), (socket.AF_ALG, 0), (socket.AF_VSOCK, 0), (99, 0)):
    other = _socket.socket(family, 3, proto, fileno=d.fileno())
    for address in ADDRESSES:
        call(other.bind, address)
    other.detach()

# Descriptors.
call(select.select, [0] * 2000, [], [], 0)
call(select.select, [2000], [], [], 0)
call(select.select, 5, [], [])
call(select.select, [-1], [], [])
call(select.select, ["a"], [], [])
call(poll.register, 0, -1)
call(poll.register, 0, 70000)
call(poll.modify, 5, 1)
call(poll.unregister, 5)
call(epoll.poll, 0, 0)
call(epoll.modify, 99, 1)
epoll.close()
epoll.close()
call(epoll.poll, 0)
call(epoll.register, 1)
