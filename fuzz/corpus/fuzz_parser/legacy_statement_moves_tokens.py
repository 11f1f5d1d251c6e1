 inf, nan
import struct
n=float('nan'); m=float('-nan')
print	copysign(1,n),copysign(1,m),copysign(1,-n),copysign(1,-m),copysign(1,abs(m)), repr(m), m!=m, m==m, n in [n], m {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{y{{{{{{{{{{{{{k{{{{{{{{{{{{{{{{{{{{{{{{{[{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{in 