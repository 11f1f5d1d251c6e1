"""NaNs keep their sign and payload."""
from math import copysign, inf, nan
import struct
n=float('nan'); m=float('-nan')
print(copysign(1,n),copysign(1,m),copysign(1,-n),copysign(1,-m),copysign(1,abs(m)), repr(m), m!=m, m==m, n in [n], m in {m:1}, {n,m,n})
for h in ('7ff8000000000000','fff8000000000000','7ff8000000000001','7ff0000000000001','fff8000000000123','ffffffffffffffff', '7fffffffffffffff'):
    v,=struct.unpack('>d',bytes.fromhex(h)); print(v, type(v), v!=v, copysign(1,v), struct.pack('>d',v).hex() if h[:4]!='ffff' else '')
    print(v+1, v*2 == v, hash(v)==hash(v), [v]==[v], '%f %s %r'%(v,v,v), f'{v:+}', v.__class__, v is v)
print(struct.pack('>d',inf-inf).hex(), struct.pack('<f',m), complex(n,m), copysign(1,complex(n,m).imag), -n, round(1.5), float.fromhex('-nan'), copysign(1,float.fromhex('-nan')))
