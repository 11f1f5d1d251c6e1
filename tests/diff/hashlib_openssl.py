"""_hashlib: digests by name, HMAC, keys from passwords, and what each refuses."""
import copy
import hashlib
import hmac
import pickle
import re

import _hashlib as H
import _operator


def t(f):
    try:
        text = repr(f())
    except BaseException as e:
        text = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(re.sub("0x[0-9a-f]+", "0x", text))


print(H.__doc__, sorted(set(dir(H)) - {"__file__"}))
print(H.HASH, H.HASH.__doc__, H.HASHXOF.__doc__, H.HMAC.__doc__, H.HASHXOF.__mro__, H.UnsupportedDigestmodError.__mro__)
for owner in (H, H.HASH, H.HASHXOF, H.HMAC):
    for name in sorted(n for n in vars(owner) if not n.startswith("__")):
        print(owner.__name__, name, getattr(getattr(owner, name), "__doc__", None) if name[0] != "_" and name != "openssl_md_meth_names" else "")
print(type(H._constructors), len(H._constructors), {k.__name__:v for k,v in H._constructors.items()})
print(sorted(H.openssl_md_meth_names))
t(lambda:H.new('md5'))
t(lambda:H.new('MD5').name)
for n in sorted(H.openssl_md_meth_names)+['SHA1','ripemd160','RIPEMD160','shake_128','SHA3-256','SM3','md4','whirlpool','blake2b512','sha512_224','md5-sha1','SHA-256','foo','', 'x\0y','null','SHA2-256','RSA-SHA256','ssl3-md5','shake128']:
    def g():
        x=H.new(n); return (n,x.name,x.digest_size,x.block_size,repr(x), type(x))
    t(g)
t(lambda:H.new(1))
t(lambda:H.new())
t(lambda:H.new('md5','x'))
t(lambda:H.new('md5',1))
t(lambda:H.new('md5',b'',1))
t(lambda:H.new('md5',memoryview(bytes(16)).cast('B',(4,4))))
t(lambda:H.openssl_md5('x'))
t(lambda:H.openssl_md5(usedforsecurity=0))
t(lambda:H.openssl_md5(data=b'a'))
t(lambda:H.openssl_md5(string=b'a').hexdigest())
t(lambda:H.HASH())
t(lambda:H.HASHXOF())
t(lambda:H.HMAC())
t(lambda:type('X',(H.HASH,),{}))
t(lambda:type('X',(H.HASHXOF,),{}))
t(lambda:type('X',(H.HMAC,),{}))
t(lambda:setattr(H.HASH,'a',1))
s=H.openssl_shake_128(b'a')
t(lambda:s.digest())
t(lambda:s.digest(-1))
t(lambda:s.digest(2**70))
t(lambda:s.digest(0)); t(lambda:s.hexdigest(0)); t(lambda:s.digest(length=3)); t(lambda:s.hexdigest(length=3)); t(lambda:s.digest('a')); t(lambda:s.digest(1.0))
t(lambda:(s.digest_size,s.block_size,s.name,repr(s),s.copy()))
m=H.openssl_md5()
t(lambda:m.digest(1)); t(lambda:m.update()); t(lambda:m.update('s')); t(lambda:m.update(obj=b'')); t(lambda:m.update(3))
t(lambda:setattr(m,'name','a')); t(lambda:setattr(m,'digest_size','a')); t(lambda:m.foo)
print('--- hmac_new')
t(lambda:H.hmac_new(b'k'))
t(lambda:H.hmac_new(b'k',digestmod=None))
t(lambda:H.hmac_new(b'k',digestmod=''))
t(lambda:H.hmac_new(b'k',digestmod='foo'))
t(lambda:H.hmac_new(b'k',digestmod=1))
t(lambda:H.hmac_new(b'k',digestmod=H.openssl_md5))
t(lambda:H.hmac_new(b'k',digestmod=len))
t(lambda:H.hmac_new(b'k',digestmod=int))
t(lambda:H.hmac_new(b'k',digestmod='md5'))
t(lambda:H.hmac_new(b'k',digestmod='shake_128'))
t(lambda:H.hmac_new(b'k',digestmod=H.openssl_shake_128))
t(lambda:H.hmac_new('k',digestmod='md5'))
t(lambda:H.hmac_new(bytearray(b'k'),None,digestmod='md5'))
t(lambda:H.hmac_new(b'k','m',digestmod='md5'))
t(lambda:H.hmac_new(b'k',5,digestmod='md5'))
t(lambda:H.hmac_new(b'k',b'm','md5'))
t(lambda:H.hmac_new(msg=b'k',key=b'm',digestmod='sha256').hexdigest())
h=H.hmac_new(b'k',b'm','sha3_256')
t(lambda:(h.name,h.digest_size,h.block_size,h,h.copy(),h.digest(),h.hexdigest()))
for n in ('SHA256','SHA2-256','sha-256','blake2b512','sm3','ripemd160','md5-sha1','sha512_256','MD5','RSA-SHA256'):
    t(lambda:H.hmac_new(b'k',b'm',n))
t(lambda:h.update('a')); t(lambda:h.update()); t(lambda:h.update(msg=b'a')); t(lambda:h.update(3)); t(lambda:h.update(None))
t(lambda:h.digest(1))
print('--- hmac_digest')
t(lambda:H.hmac_digest(b'k',b'm','md5'))
t(lambda:H.hmac_digest(key=b'k',msg=b'm',digest='md5'))
t(lambda:H.hmac_digest(b'k',b'm',H.openssl_sha1))
t(lambda:H.hmac_digest(b'k',b'm','foo'))
t(lambda:H.hmac_digest(b'k',b'm',len))
t(lambda:H.hmac_digest(b'k',b'm',None))
t(lambda:H.hmac_digest(b'k',b'm',3))
t(lambda:H.hmac_digest('k',b'm','md5'))
t(lambda:H.hmac_digest(b'k','m','md5'))
t(lambda:H.hmac_digest(b'k',None,'md5'))
t(lambda:H.hmac_digest(b'k',b'','shake_128'))
print('--- pbkdf2')
P=H.pbkdf2_hmac
t(lambda:P('sha1',b'a',b'b',1))
t(lambda:P('sha1',b'a',b'b',0)); t(lambda:P('sha1',b'a',b'b',-1)); t(lambda:P('sha1',b'a',b'b',2**40)); t(lambda:P('sha1',b'a',b'b',2**80))
t(lambda:P('sha1',b'a',b'b',1,0)); t(lambda:P('sha1',b'a',b'b',1,-1)); t(lambda:P('sha1',b'a',b'b',1,2**40)); t(lambda:P('sha1',b'a',b'b',1,'x')); t(lambda:P('sha1',b'a',b'b',1,2**80))
t(lambda:P('foo',b'a',b'b',1)); t(lambda:P(1,b'a',b'b',1)); t(lambda:P(b'sha1',b'a',b'b',1)); t(lambda:P('sha1','a',b'b',1)); t(lambda:P('sha1',b'a','b',1)); t(lambda:P('sha1',b'',b'',1,3)); t(lambda:P('sha1',b'a',b'b',1.0)); t(lambda:P('sha1',b'a',b'b','1'))
t(lambda:P('shake_128',b'a',b'b',1)); t(lambda:P('sha1',b'a',b'b',iterations=1,dklen=None)); t(lambda:P('sha512_256',b'a',b'b',1));t(lambda:P('sha1',b'a',b'b',1,3.0))
print('--- scrypt')
S=H.scrypt
t(lambda:S(b'p',salt=b's',n=2,r=8,p=1))
t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,dklen=8))
t(lambda:S(b'p')); t(lambda:S(b'p',salt=b's'));t(lambda:S(b'p',salt=b's',n=2));t(lambda:S(b'p',salt=b's',n=2,r=1))
t(lambda:S(b'p',salt=b's',n=3,r=8,p=1)); t(lambda:S(b'p',salt=b's',n=1,r=8,p=1)); t(lambda:S(b'p',salt=b's',n=0,r=8,p=1)); t(lambda:S(b'p',salt=b's',n=-2,r=8,p=1));t(lambda:S(b'p',salt=b's',n=2**70,r=8,p=1))
t(lambda:S(b'p',salt=b's',n=2,r=0,p=1));t(lambda:S(b'p',salt=b's',n=2,r=-1,p=1));t(lambda:S(b'p',salt=b's',n=2,r='a',p=1));t(lambda:S(b'p',salt=b's',n='2',r=1,p=1));t(lambda:S(b'p',salt=b's',n=2,r=1,p='1'))
t(lambda:S(b'p',salt=b's',n=2,r=8,p=0)); t(lambda:S(b'p',salt='s',n=2,r=8,p=1)); t(lambda:S('p',salt=b's',n=2,r=8,p=1))
t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,maxmem=-1));t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,maxmem=2**40));t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,dklen=0));t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,dklen=-1));t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,dklen=2**40))
t(lambda:S(b'p',salt=b's',n=2**20,r=8,p=1)); t(lambda:S(b'p',salt=b's',n=2,r=8,p=1,maxmem=1)); t(lambda:S(b'p',salt=b's',n=2,r=2**62,p=1)); t(lambda:S(b'p',salt=None,n=2,r=8,p=1));t(lambda:S(b'p',salt=b's',n=True,r=8,p=1));t(lambda:S(b'',salt=b'',n=2,r=8,p=1,maxmem='a'));t(lambda:S(b'',salt=b'',n=2,r=8,p=1,dklen='a'))
t(lambda:S(b'',salt=b'',n=2.0,r=8,p=1));t(lambda:S(b'',salt=b'',n=2,r=8,p=1,maxmem=1.0))
print('--- fips', H.get_fips_mode())
C=H.compare_digest
t(lambda:C('a','a')); t(lambda:C('a',b'a')); t(lambda:C('ä','a')); t(lambda:C(b'a',bytearray(b'a'))); t(lambda:C(1,2)); t(lambda:C('a')); t(lambda:C(b'a',b'ab'));t(lambda:C(memoryview(bytes(4)).cast('B',(2,2)),b''))
print(C is _operator._compare_digest)
t(lambda:hmac.new(b'a',b'b','md5')._hmac); t(lambda:hmac.HMAC(b'a',b'b',digestmod=hashlib.blake2b).name)
t(lambda:hashlib.new('foo'))
t(lambda:hashlib.new('sm3').hexdigest())
t(lambda:copy.copy(H.openssl_md5())); t(lambda:pickle.dumps(H.openssl_md5()))
for f in (_operator._compare_digest, H.compare_digest):
    for a, b in ((1, 2), ("a", b"a"), (b"a", "a"), (1, b"a"), (b"a", 1), ("a", 1), (1, "a"), (None, b""), (b"", memoryview(bytes(4)).cast("B", (2, 2))), (memoryview(bytes(4)).cast("i"), bytes(4)), (memoryview(bytes(8))[::2], bytes(4))):
        t(lambda: f(a, b))
big = bytes(range(256)) * 1000
for n in ("md5", "sha256", "sha3_512", "sm3"):
    h = H.new(n, big)
    h.update(memoryview(big)[7:])
    print(n, h.hexdigest(), h.copy().digest() == h.digest(), hmac.digest(b"k" * 200, big, n).hex(), hmac.new(b"k" * 200, big, n).hexdigest())
print(len(H.openssl_shake_256(big).hexdigest(5000)), H.openssl_shake_256(big).hexdigest(5000)[-20:])
