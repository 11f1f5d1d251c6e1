"""Connections of ssl in both roles: what is agreed on, what they fail by, callbacks, sessions, memory BIOs."""
import os
import socket
import ssl
import test
import threading
import warnings

warnings.simplefilter("ignore")
os.chdir(os.path.dirname(test.__file__))


def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__module__, type(e).__name__, e, e.args, {k: getattr(e, k, "-") for k in ("errno", "library", "reason", "verify_code", "verify_message")})


def pair(client, server, server_hostname="localhost", work=None, after=None, session=None, timeout=20):
    """Connects the two over a socket pair; what either raises is printed in order: client, server."""
    a, b = socket.socketpair()
    a.settimeout(timeout); b.settimeout(timeout)
    said = []
    def serve():
        try:
            with server.wrap_socket(b, server_side=True) as s:
                if after: said.append(after(s))
                while True:
                    d = s.recv(1000)
                    if not d: break
                    s.sendall(d.upper())
                said.append("end")
        except Exception as e:
            said.append((type(e).__name__, str(e), e.args))
        finally:
            b.close()
    th = threading.Thread(target=serve); th.start()
    try:
        with client.wrap_socket(a, server_hostname=server_hostname, session=session) as c:
            return work(c) if work else None
    except Exception as e:
        print("client:", type(e).__name__, e, e.args, {k: getattr(e, k, "-") for k in ("library", "reason", "verify_code", "verify_message")})
    finally:
        a.close(); th.join(); print("server:", said)


def contexts(cert="keycert3.pem", ca="pycacert.pem", version=None):
    s = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); s.load_cert_chain(cert)
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); c.load_verify_locations(ca)
    if version: s.maximum_version = c.maximum_version = version; 
    if version and version < 771: c.set_ciphers("ALL:@SECLEVEL=0"); s.set_ciphers("ALL:@SECLEVEL=0")
    return c, s


def talk(c):
    c.sendall(b"hello"); r = [c.recv(100)]
    c.send(b"more"); buf = bytearray(10); n = c.recv_into(buf); r.append((n, bytes(buf)))
    r += [c.version(), c.cipher(), c.compression(), c.selected_alpn_protocol(), c.server_hostname, c.server_side, c.session_reused, c.pending(), c.getpeercert(), len(c.getpeercert(True)), type(c.get_channel_binding()), c.shared_ciphers(), c._sslobj.owner is c, c._sslobj.context is c.context]
    r += [c._sslobj.get_unverified_chain(), c._sslobj.get_verified_chain()]
    ch = c._sslobj.get_verified_chain()
    r += [ch[0] == c._sslobj.get_unverified_chain()[0], hash(ch[0]) == hash(ch[0]), ch[0].get_info() == c.getpeercert(), ch[0].public_bytes()[:30], len(ch[0].public_bytes(2))]
    try: ch[0].public_bytes(3)
    except ValueError as e: r.append(str(e))
    try: c.get_channel_binding("x")
    except ValueError as e: r.append(str(e))
    print(*r, sep="\n")
    u = c.unwrap(); print(type(u), u is c)


for v in (None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1):
    print("version", v); c, s = contexts(version=v); pair(c, s, work=talk, after=lambda s: (s.version(), len(s.shared_ciphers()) > 0, s.getpeercert(), s.session_reused, s.server_side, s._sslobj.get_verified_chain(), s._sslobj.get_unverified_chain()))
print("unknown authority"); c, s = contexts(ca="nokia.pem"); pair(c, s)
print("hostname"); c, s = contexts(); pair(c, s, "wronghost")
print("ip"); c, s = contexts(); pair(c, s, "127.0.0.1")
print("self-signed"); c, s = contexts("keycert.pem"); pair(c, s)
print("no cipher"); c, s = contexts(version=ssl.TLSVersion.TLSv1_2); c.set_ciphers("AES128-SHA"); s.set_ciphers("AES256-SHA"); pair(c, s)
print("versions"); c, s = contexts(); c.maximum_version = ssl.TLSVersion.TLSv1_2; s.minimum_version = ssl.TLSVersion.TLSv1_3; pair(c, s)
print("no client certificate"); c, s = contexts(); s.verify_mode = ssl.CERT_REQUIRED; s.load_verify_locations("pycacert.pem"); pair(c, s, work=lambda c: c.recv(5))
print("client certificate"); c, s = contexts(); s.verify_mode = ssl.CERT_REQUIRED; s.load_verify_locations("pycacert.pem"); c.load_cert_chain("keycert4.pem"); pair(c, s, work=lambda c: c.unwrap() and None, after=lambda s: (s.getpeercert()["subject"], s._sslobj.get_verified_chain(), s._sslobj.get_unverified_chain()))
print("no verification"); c, s = contexts(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE; pair(c, s, None, work=lambda c: print(c.getpeercert(), len(c.getpeercert(True)), c._sslobj.get_verified_chain(), type(c.unwrap())))
print("alpn"); c, s = contexts(); c.set_alpn_protocols(["h2", "http/1.1"]); s.set_alpn_protocols(["http/1.1"]); pair(c, s, work=lambda c: (print(c.selected_alpn_protocol()), c.unwrap())[0], after=lambda s: s.selected_alpn_protocol())
c, s = contexts(); c.set_alpn_protocols(["h2"]); s.set_alpn_protocols(["http/1.1"]); pair(c, s, work=lambda c: (print(c.selected_alpn_protocol()), c.unwrap())[0], after=lambda s: s.selected_alpn_protocol())
print("sni")
for answer in (None, ssl.ALERT_DESCRIPTION_ACCESS_DENIED):
    c, s = contexts()
    def cb(sock, name, ctx): print(type(sock), name, ctx is s, sock.server_side, sock.version()); return answer
    s.sni_callback = cb; pair(c, s, work=lambda c: c.unwrap() and None)
c, s = contexts("keycert.pem"); other = contexts()[1]
def switch(sock, name, ctx): sock.context = other
s.sni_callback = switch; pair(c, s, work=lambda c: (print(c.getpeercert()["subject"]), c.unwrap())[0])
print("messages"); c, s = contexts(version=ssl.TLSVersion.TLSv1_2); log = []; c._msg_callback = lambda conn, *a: log.append((type(conn).__name__, *a[:4], len(a[4]) if a[2] != 22 else a[4][:1]))
pair(c, s, work=lambda c: c.unwrap() and None); print(*log, sep="\n")
def bad(*a): raise KeyError("in callback")
c, s = contexts(); c._msg_callback = bad; a, b = socket.socketpair(); b.close(); t(lambda: c.wrap_socket(a, server_hostname="x"))
print("sessions"); c, s = contexts(version=ssl.TLSVersion.TLSv1_2)
def keep(c):
    r = c.session; c.unwrap(); return r
one = pair(c, s, work=keep)
print(type(one), len(one.id), one.has_ticket, one.timeout, one.ticket_lifetime_hint, one == one, one != one, one == 3, one.time > 0)
two = pair(c, s, session=one, work=lambda c: (print(c.session_reused), keep(c))[1])
print(one == two, len(two.id), c.session_stats(), s.session_stats())
t(lambda: one < two); t(lambda: hash(one))
c2, s2 = contexts(); pair(c2, s2, session=one)
def late(c):
    try: c.session = one
    finally: c.unwrap()
pair(c, s, work=late)
def wrong(c):
    try: c.session = 5
    finally: c.unwrap()
pair(c, s, work=wrong)
pair(c, s, work=lambda c: c.recv(3) and None, after=lambda s: setattr(s, "session", one))
print("plain peers")
for data in (b"GET / HTTP/1.0\r\n\r\n" * 20, b""):
    a, b = socket.socketpair(); c, s = contexts(); b.sendall(data); b.shutdown(socket.SHUT_WR); t(lambda: c.wrap_socket(a, server_hostname="localhost")); a.close(); b.close()
    a, b = socket.socketpair(); b.sendall(data); b.shutdown(socket.SHUT_WR); t(lambda: s.wrap_socket(a, server_side=True)); a.close(); b.close()
a, b = socket.socketpair(); a.settimeout(0.05); t(lambda: c.wrap_socket(a, server_hostname="localhost"))
a, b = socket.socketpair(); w = c.wrap_socket(a, server_hostname="localhost", do_handshake_on_connect=False); w.setblocking(False); t(w.do_handshake); t(lambda: w.read(5)); t(lambda: w.write(b"x")); t(w.getpeercert); t(w.unwrap); print(w.version(), w.cipher(), len(w.shared_ciphers())); t(lambda: w.session); o = w._sslobj; b.close(); t(w.do_handshake); w.close(); t(o.do_handshake); del w; t(o.do_handshake); t(lambda: o.read(5)); t(lambda: o.write(b"a")); t(o.shutdown); print(o.owner)
for args in (("x",), (None, True), (3,)):
    a, b = socket.socketpair(); a.settimeout(0.05); t(lambda: c.wrap_socket(a, server_hostname=args[0], server_side=len(args) > 1))
for h in ("", ".example.org", "exa\0mple", "é", b"x", 3, None):
    t(lambda: type(c._wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), False, h))); t(lambda: type(c._wrap_socket(b, False, h)))
t(lambda: c._wrap_bio(3, ssl.MemoryBIO(), False)); t(lambda: c._wrap_socket(3, False)); t(lambda: c._wrap_bio(ssl.MemoryBIO(), 4, False)); t(lambda: s._wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), False)); t(lambda: c._wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), True))
print("bios"); c, s = contexts(); ci, co, si, so = [ssl.MemoryBIO() for _ in range(4)]
x = c.wrap_bio(ci, co, server_hostname="localhost"); y = s.wrap_bio(si, so, server_side=True)
t(x.do_handshake); t(lambda: x.read(3)); t(lambda: x.write(b"a")); t(x.unwrap)
for _ in range(4):
    for o in (x, y):
        try: o.do_handshake()
        except ssl.SSLWantReadError as e: pass
        si.write(co.read()); ci.write(so.read())
print(x.version(), y.version(), x.cipher(), x.server_hostname, x.write(b"hello"), si.write(co.read()) > 0, y.read(), y.pending())
t(lambda: y.read()); t(lambda: y.read(-3)); t(lambda: y.read(0)); t(lambda: y._sslobj.read("a")); t(lambda: y._sslobj.read(3, b"abc")); t(lambda: y._sslobj.read(3, bytearray(3))); t(lambda: y.write("a")); t(lambda: y._sslobj.read(-1)); t(lambda: y._sslobj.read(3, bytearray()))
t(x.unwrap); si.write(co.read()); t(y.unwrap); ci.write(so.read()); t(x.unwrap); t(lambda: x.read(4)); t(lambda: y.read(4)); t(lambda: y.write(b"late"))
si.write(b"garbage that is no record" * 4); t(lambda: y.read(4))
ci, co = ssl.MemoryBIO(), ssl.MemoryBIO(); x = c.wrap_bio(ci, co, server_hostname="localhost"); ci.write_eof(); t(x.do_handshake)
