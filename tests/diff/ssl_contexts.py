"""_ssl: contexts, what they load and refuse, decoded certificates, functions, memory BIOs, exceptions."""
import os
import ssl
import sys
import test
import warnings

import _ssl

warnings.simplefilter("ignore")
HERE = os.path.dirname(test.__file__)
os.chdir(HERE)


def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__module__, type(e).__name__, e, e.args, [getattr(e, k, "-") for k in ("errno", "library", "reason", "filename")])

def st(o, n, v):
    def f():
        setattr(o, n, v)
        return getattr(o, n)
    t(f)
C = _ssl._SSLContext
t(lambda: C()); t(lambda: C("a")); t(lambda: C(99)); t(lambda: C(2, 3)); t(lambda: C(protocol=2)); t(lambda: C(-1)); t(lambda: C(2**40))
t(lambda: _ssl.Certificate()); t(lambda: _ssl.SSLSession())
for p in (2, 16, 17, 3, 4, 5):
    c = C(p)
    print(p, c.protocol, hex(c.options & 0xffffffffff), c.verify_mode, c.verify_flags, c.check_hostname, c._host_flags, c.minimum_version, c.maximum_version, c.keylog_filename, c._msg_callback, c.sni_callback, c.num_tickets, c.post_handshake_auth, c.security_level, c.cert_store_stats(), c.get_ca_certs(), c.session_stats(), len(c.get_ciphers()))
c = C(17)
print(c.get_ciphers()[0]); print([x["name"] for x in c.get_ciphers()])
for v in (0, -1, 5, 1, "a", 2**70, None):
    for n in ("verify_mode", "verify_flags", "options", "_host_flags", "num_tickets", "check_hostname", "post_handshake_auth", "minimum_version", "maximum_version", "protocol", "security_level", "_msg_callback", "sni_callback"):
        print(n, v, end=" "); st(C(17), n, v)
for n in ("verify_mode", "options"):
    def d(): delattr(C(16), n)
    t(d)
for v in (0, None, "/nope/x", b"/nope/y", "/tmp"): st(C(17), "keylog_filename", v)
for n in ("verify_mode", "check_hostname"):
    st(C(16), n, 0)
x = C(2); st(x, "check_hostname", True); st(x, "verify_mode", 0); st(x, "verify_mode", 1); x.check_hostname = False; st(x, "verify_mode", 0); st(x, "verify_flags", 12); st(x, "verify_flags", 0)
for v in (768, 769, 770, 771, 772, -1, -2, 773):
    st(C(17), "minimum_version", v); st(C(17), "maximum_version", v); st(C(5), "maximum_version", v)
st(C(16), "num_tickets", 3); st(C(17), "num_tickets", 5)
st(C(17), "options", 0); st(C(17), "options", _ssl.OP_ALL)
print("--- ciphers")
for v in ("ALL", "nope", "", "AES128-SHA", "ECDHE+AESGCM", 1, b"ALL", "a\0b", "@SECLEVEL=0:ALL"):
    def f():
        c = C(17); r = c.set_ciphers(v); return r, [(x["name"], x["id"]) for x in c.get_ciphers()][:4]
    t(f)
for x in C(17).get_ciphers(): print(x)
for v in (b"", b"\x02h2", b"\x02h", b"\x00", b"\x08http/1.1\x02h2", "x", 3, bytes(300)):
    t(lambda: C(17)._set_alpn_protocols(v))
for v in ("prime256v1", "nope", b"prime256v1", 3, None, b"nope", "secp384r1", "X25519", "a\0b"):
    t(lambda: C(17).set_ecdh_curve(v))
for v in ("ffdh3072.pem", "nokia.pem", "nope.pem", None, 3, b"ffdh3072.pem", "keycert.pem"):
    t(lambda: C(17).load_dh_params(v))
t(lambda: C(17).load_dh_params())
print("--- chain")
for a in (("keycert.pem",), ("ssl_cert.pem", "ssl_key.pem"), ("ssl_cert.pem",), ("ssl_key.pem",), ("nope.pem",), ("keycert.pem", "nope.pem"), ("badcert.pem",), ("badkey.pem",), ("nullcert.pem",), ("ssl_cert.pem", "keycert4.pem"), (b"keycert.pem",), (None,), (3,), ("keycert.pem", 3), ("a\0b",), ("keycert.passwd.pem", None, "somepass"), ("keycert.passwd.pem", None, b"somepass"), ("keycert.passwd.pem", None, bytearray(b"somepass")), ("keycert.passwd.pem", None, "bad"), ("keycert.passwd.pem", None, lambda: "somepass"), ("keycert.passwd.pem", None, lambda: b"somepass"), ("keycert.passwd.pem", None, lambda: bytearray(b"somepass")), ("keycert.passwd.pem", None, lambda: 9), ("keycert.passwd.pem", None, lambda: 1 / 0), ("keycert.passwd.pem", None, 9), ("keycert.passwd.pem", None, "a" * 1025), ("keycert.passwd.pem", None, lambda: b"a" * 1025), ("keycert.passwd.pem", None, ""), ("keycert.pem", None, 5), ("keycert.pem", None, lambda: 1 / 0), (), ("a",) * 4, ("ssl_cert.pem", "ssl_key.passwd.pem", "somepass"), ("/tmp",), ("keycert.passwd.pem", None, "é")):
    print(a if not any(callable(x) for x in a) else a[:2], end=" ")
    t(lambda: C(17).load_cert_chain(*a))
print("--- verify")
pem = open("pycacert.pem").read(); der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN"):].strip() + "\n") if "-----BEGIN" in pem else b""
for kw in ({}, {"cafile": None}, {"cafile": "pycacert.pem"}, {"cafile": b"pycacert.pem"}, {"cafile": "nope"}, {"cafile": "nokia.pem", "capath": "capath"}, {"capath": "nope"}, {"capath": "capath"}, {"cafile": "badcert.pem"}, {"cafile": 3}, {"capath": 3}, {"cadata": pem}, {"cadata": der}, {"cadata": pem + pem}, {"cadata": der + der}, {"cadata": ""}, {"cadata": b""}, {"cadata": "x"}, {"cadata": b"x"}, {"cadata": 3}, {"cadata": "é"}, {"cadata": der + b"A"}, {"cadata": "\n".join(["head", pem, "other", pem, "tail"])}, {"cadata": memoryview(der)}, {"cafile": "ssl_key.pem"}, {"cafile": "revocation.crl"}, {"cadata": pem[:-100]}, {"cafile": "allsans.pem", "cadata": pem}, {"cadata": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"}):
    def f():
        c = C(16); r = c.load_verify_locations(**kw); return r, c.cert_store_stats(), c.get_ca_certs(), [len(x) for x in c.get_ca_certs(True)]
    print({k: (v if len(str(v)) < 30 and isinstance(v, (str, bytes)) else "...") for k, v in kw.items()}, end=" "); t(f)
t(lambda: C(16).load_verify_locations("pycacert.pem", "capath", pem))
t(lambda: C(16).set_default_verify_paths()); t(lambda: C(16).get_ca_certs(1, 2))
print("--- decode")
for f in ("keycert.pem", "nullbytecert.pem", "nokia.pem", "allsans.pem", "idnsans.pem", "talos-2019-0758.pem", "keycertecc.pem", "ssl_cert.pem", "pycacert.pem", "selfsigned_pythontestdotnet.pem", "nope.pem", "badcert.pem", "secp384r1.pem", "keycert2.pem", "keycert3.pem", "nosan.pem", "nullcert.pem", 3, b"nokia.pem"):
    print(f, end=" "); t(lambda: _ssl._test_decode_cert(f))
print("--- functions")
for f in (lambda: _ssl.txt2obj("1.3.6.1.5.5.7.3.1"), lambda: _ssl.txt2obj("serverAuth", True), lambda: _ssl.txt2obj("serverAuth"), lambda: _ssl.txt2obj("serverauth", name=True), lambda: _ssl.txt2obj(3), lambda: _ssl.txt2obj("a\0"), lambda: _ssl.txt2obj(txt="MD5", name=True), lambda: _ssl.txt2obj("1.2.3.4.5"), lambda: _ssl.txt2obj(""),
          lambda: _ssl.nid2obj(129), lambda: _ssl.nid2obj(-1), lambda: _ssl.nid2obj(100000), lambda: _ssl.nid2obj(0), lambda: _ssl.nid2obj("a"), lambda: _ssl.nid2obj(1), lambda: _ssl.get_default_verify_paths(), lambda: _ssl.RAND_status(), lambda: len(_ssl.RAND_bytes(10)), lambda: _ssl.RAND_bytes(-5), lambda: _ssl.RAND_bytes(0), lambda: _ssl.RAND_bytes("a"), lambda: _ssl.RAND_pseudo_bytes(3)[1], lambda: _ssl.RAND_pseudo_bytes(-1), lambda: _ssl.RAND_add("s", 1.0), lambda: _ssl.RAND_add(b"s", 1), lambda: _ssl.RAND_add(bytearray(b"s"), 0.5), lambda: _ssl.RAND_add(3, 1.0), lambda: _ssl.RAND_bytes(2**40)):
    t(f)
print("--- bio")
b = _ssl.MemoryBIO()
t(lambda: (b.pending, b.eof, b.read(), b.write(b"abc"), b.pending, b.read(2), b.read(0), b.read(-1), b.read(5), b.eof, b.write_eof(), b.eof, b.read(), b.pending))
t(lambda: b.write(b"x")); b = _ssl.MemoryBIO(); b.write(b"x"); b.write_eof(); t(lambda: (b.eof, b.read(), b.eof))
for f in (lambda: b.write("a"), lambda: b.write(None), lambda: b.read("a"), lambda: _ssl.MemoryBIO(1), lambda: _ssl.MemoryBIO(a=1), lambda: _ssl.MemoryBIO().write(memoryview(bytes(8))[::2]), lambda: _ssl.MemoryBIO().write(b""), lambda: _ssl.MemoryBIO().write(bytearray(5)), lambda: setattr(b, "eof", 1), lambda: _ssl.MemoryBIO().read(2**40), lambda: _ssl.MemoryBIO().read(-7), lambda: type("X", (_ssl.MemoryBIO,), {})):
    t(f)
e = ssl.SSLError(1, "foo"); print(str(e), repr(e), e.errno, e.strerror, e.library if hasattr(e, "library") else "none", getattr(e, "reason", "none"))
for e in (ssl.SSLError(), ssl.SSLError("a"), ssl.SSLError(1, 2, 3), ssl.SSLError(1, 5), ssl.SSLCertVerificationError("x"), ssl.SSLZeroReturnError(6, "z")): print(str(e), repr(e), e.args, [getattr(e, k, "-") for k in ("errno", "library", "reason", "verify_code", "verify_message")])
print({k: v for k, v in vars(ssl.SSLError).items() if k in ("reason", "library")}, {k: v for k, v in vars(ssl.SSLCertVerificationError).items() if "verify" in k})

# Opening a file of parameters is told to audit hooks.
seen = []
sys.addaudithook(lambda event, args: seen.append(args) if event == "open" and "missing.pem" in str(args[0]) else None)
try:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_dh_params("/nonexistent/missing.pem")
except OSError as error:
    print(type(error).__name__, error.errno, seen)
