"""socket, selectors, select, mmap, fcntl, tempfile paths, http client and server on the loopback."""
import errno
import http.client
import http.server
import mmap
import os
import select
import selectors
import socket
import socketserver
import struct
import tempfile
import threading
import urllib.request
import xmlrpc.client
from _show import err

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
print(socket.inet_aton("1.2.3.4"), socket.inet_ntoa(b"\1\2\3\4"), socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntop(socket.AF_INET6, b"\0" * 15 + b"\1"), socket.htons(1), socket.ntohl(1), socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)[0][4], socket.gethostbyname("127.0.0.1"), socket.AF_INET, socket.SOCK_STREAM, socket.has_ipv6, socket.getdefaulttimeout())
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
# select and selectors
r, w = os.pipe()
print(select.select([r], [w], [], 0)[0], len(select.select([], [w], [], 0)[1]), select.select([r], [], [], 0.01))
os.write(w, b"x")
print(select.select([r], [], [])[0] == [r])
p = select.poll()
p.register(r, select.POLLIN)
print(p.poll(0) == [(r, select.POLLIN)], p.modify(r, select.POLLPRI), p.poll(0), p.unregister(r), p.poll(0))
e = select.epoll()
e.register(r, select.EPOLLIN)
print(e.poll(0) == [(r, select.EPOLLIN)], e.closed, e.unregister(r), e.close(), e.closed)
err(select.select, [-1], [], [])
err(select.select, 5, [], [])
err(select.select, [], [], [], "a")
err(e.poll)
for cls in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector, selectors.DefaultSelector):
    with cls() as s:
        key = s.register(r, selectors.EVENT_READ, data="d")
        print(key.data, [(k.fd == r, ev) for k, ev in s.select(0)], s.get_key(r).events, len(s.get_map()), s.unregister(r).data, s.select(0))
        try:
            s.get_key(r)
        except KeyError as x:
            print("not registered")
os.close(r), os.close(w)
# mmap
with tempfile.TemporaryFile() as f:
    f.write(b"0123456789" * 10)
    f.flush()
    m = mmap.mmap(f.fileno(), 0)
    print(len(m), m[:5], m[5], m.find(b"9"), m.rfind(b"9"), m.read(3), m.tell(), m.seek(0), m.readline(), m.size())
    m[0:3] = b"abc"
    m.seek(10)
    m.write(b"XYZ")
    m.move(20, 0, 5)
    m.flush()
    f.seek(0)
    print(f.read(30), m.readline() != b"", m.closed, b"XYZ" in m)
    err(m.__setitem__, slice(0, 2), b"toolong")
    err(lambda: m[1000])
    m.resize(50)
    print(len(m))
    m.close()
    err(lambda: m[0])
anon = mmap.mmap(-1, 20)
anon.write(b"anonymous")
print(anon[:9], repr(anon))
pid = os.fork()
if pid == 0:
    anon[:5] = b"child"
    os._exit(0)
os.waitpid(pid, 0)
print(anon[:9])
err(mmap.mmap, -1, 0)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"path={self.path} ua={'User-Agent' in self.headers}".encode()
        self.send_response(200 if self.path != "/none" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))[::-1]
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *a):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(base + "/x?q=1").read(), opener.open(base, data=b"abc").read())
try:
    opener.open(base + "/none")
except urllib.error.HTTPError as e:
    print(e, e.code, e.read())
c = http.client.HTTPConnection("127.0.0.1", server.server_port)
c.request("GET", "/again", headers={"X": "1"})
resp = c.getresponse()
print(resp.status, resp.reason, resp.read(), resp.getheader("Content-Length"))
c.close()
server.shutdown()
server.server_close()


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline().upper())


with socketserver.TCPServer(("127.0.0.1", 0), Echo) as s:
    t = threading.Thread(target=s.handle_request)
    t.start()
    with socket.create_connection(s.server_address) as c:
        c.sendall(b"echo\n")
        print(c.recv(10))
    t.join()
print(xmlrpc.client.dumps((1, "a", [2.5]), "m")[:60])
import fcntl
import pwd
import grp
import resource
import termios

with tempfile.TemporaryFile() as f:
    print(fcntl.fcntl(f, fcntl.F_GETFD), fcntl.flock(f, fcntl.LOCK_EX), fcntl.lockf(f, fcntl.LOCK_UN), resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 0, pwd.getpwuid(0).pw_name, pwd.getpwnam("root").pw_dir, grp.getgrgid(0).gr_name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
err(pwd.getpwnam, "nosuchuserhere")
err(termios.tcgetattr, 0) if not os.isatty(0) else None
