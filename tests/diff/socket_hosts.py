"""Constants of _socket, and the data bases of hosts, services and interfaces."""
import _socket
import socket

skip = {"CAPI"}
for name in sorted(vars(_socket)):
    if name[0].isupper() and name not in skip and isinstance(getattr(_socket, name), (int, str)):
        print(name, getattr(_socket, name))


def show(f, *a):
    try:
        print(f.__name__, a, f(*a))
    except Exception as e:
        print(f.__name__, a, type(e).__name__, e)


for host in ("127.0.0.1", "localhost", "::1", b"127.0.0.1", "256.256.256.256.x.invalid."):
    show(_socket.gethostbyname_ex, host)
    show(_socket.gethostbyaddr, host)
for port in (80, 22, -1, 70000, 64999):
    show(_socket.getservbyport, port)
show(_socket.getservbyport, 53, "udp")
show(_socket.getservbyport, 80, "none")
show(_socket.if_indextoname, 1)
show(_socket.if_indextoname, 0)
print(_socket.if_nameindex() == [(i, _socket.if_indextoname(i)) for i, _ in _socket.if_nameindex()])
print(socket.getfqdn("127.0.0.1") != "")
