"""_bz2 and _lzma: whole streams, pieces, limits, filters, errors."""
import bz2, lzma, _bz2, _lzma, copy, pickle
def t(s,**k):
    try: print(s,'->',eval(s,globals(),k))
    except BaseException as e: print(s,'!!',type(e).__module__,type(e).__name__,e)
D=bytes(range(256))*40+b'abc'*1000
B=bz2.compress(D); X=lzma.compress(D); A=lzma.compress(D,format=lzma.FORMAT_ALONE); F=[{'id':lzma.FILTER_LZMA2,'preset':3}]; R=lzma.compress(D,format=lzma.FORMAT_RAW,filters=F)
bc=lambda *a: _bz2.BZ2Compressor(*a)
for s in ['_bz2.BZ2Compressor(0)','_bz2.BZ2Compressor(10)','_bz2.BZ2Compressor("a")','_bz2.BZ2Compressor(1,2)','_bz2.BZ2Compressor(compresslevel=3)','_bz2.BZ2Compressor(9).__class__','_bz2.BZ2Decompressor(1)','_bz2.BZ2Decompressor.__name__']: t(s) if 'level=3' not in s else t(s)
c=_bz2.BZ2Compressor(); out=c.compress(D[:100])+c.compress(bytearray(D[100:]))+c.flush(); print(out==B, len(out))
t('c.flush()'); t('c.compress(b"a")'); t('_bz2.BZ2Compressor().compress("a")'); t('_bz2.BZ2Compressor().compress()')
d=_bz2.BZ2Decompressor(); print(d.eof,d.needs_input,d.unused_data); print(d.decompress(B+b'tail')==D,d.eof,d.needs_input,d.unused_data)
t('d.decompress(b"a")'); t('d.decompress(b"")')
d=_bz2.BZ2Decompressor(); o=b''; o+=d.decompress(B,10); print(len(o),d.eof,d.needs_input,d.unused_data)
while not d.eof: o+=d.decompress(b'',1000)
print(o==D)
d=_bz2.BZ2Decompressor(); o=b''.join(d.decompress(B[i:i+7]) for i in range(0,len(B),7)); print(o==D,d.eof)
d=_bz2.BZ2Decompressor(); print(d.decompress(B,max_length=0),d.needs_input,len(d.decompress(b'',-1)))
t('_bz2.BZ2Decompressor().decompress(b"garbage garbage")'); t('_bz2.BZ2Decompressor().decompress("a")'); t('_bz2.BZ2Decompressor().decompress(B,"x")'); t('copy.copy(c)'); t('pickle.dumps(d)'); t('setattr(d,"eof",1)')
t('bz2.decompress(B+B)==D+D'); t('bz2.decompress(B[:-5])'); t('bz2.decompress(B+b"junk")==D'); t('len(bz2.compress(b""))'); t('bz2.decompress(b"")')
# lzma
for s in ['_lzma.LZMACompressor().compress(b"")[:6]','_lzma.LZMACompressor(format=9)','_lzma.LZMACompressor(format=lzma.FORMAT_AUTO)','_lzma.LZMACompressor(preset=10)','_lzma.LZMACompressor(preset=-1)','_lzma.LZMACompressor(preset="a")','_lzma.LZMACompressor(check=99)','_lzma.LZMACompressor(format=lzma.FORMAT_ALONE,check=1)','_lzma.LZMACompressor(format=lzma.FORMAT_RAW)','_lzma.LZMACompressor(preset=1,filters=F)','_lzma.LZMACompressor(filters=[])','_lzma.LZMACompressor(filters=5)','_lzma.LZMACompressor(filters=[5])','_lzma.LZMACompressor(filters=[{}])','_lzma.LZMACompressor(filters=[{"id":99}])','_lzma.LZMACompressor(filters=[{"id":3,"dist":300}])','_lzma.LZMACompressor(filters=[{"id":33,"foo":3}])','_lzma.LZMACompressor(filters=[{"id":33}]*6)','_lzma.LZMACompressor(filters=[{"id":33,"preset":99}])','_lzma.LZMACompressor(filters=[{"id":33,"dict_size":-1}])','_lzma.LZMACompressor(filters=[{"id":33,"lc":9}])','_lzma.LZMACompressor(filters=[{"id":33,"dict_size":4096,"lc":3,"lp":0,"pb":2,"mode":1,"nice_len":64,"mf":3,"depth":0}]).flush()[:6]','_lzma.LZMACompressor(filters=[{"id":3,"dist":2},{"id":33}]).flush()[:6]','_lzma.LZMACompressor(filters=[{"id":4,"start_offset":0},{"id":33}]).flush()[:6]','_lzma.LZMACompressor(filters=[{"id":33,"start_offset":0}])','_lzma.LZMACompressor(1,2,3,4,5)',
 '_lzma.LZMADecompressor(format=99)','_lzma.LZMADecompressor(format=lzma.FORMAT_RAW)','_lzma.LZMADecompressor(filters=F)','_lzma.LZMADecompressor(format=lzma.FORMAT_RAW,memlimit=5,filters=F)','_lzma.LZMADecompressor(memlimit=-1)','_lzma.LZMADecompressor(memlimit=1000).decompress(X)','_lzma.LZMADecompressor().decompress(b"garbage garbage")','_lzma.LZMADecompressor().decompress("a")','_lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(A)','_lzma.LZMADecompressor(format=lzma.FORMAT_ALONE).decompress(X)','_lzma.LZMADecompressor().decompress(X[:50]+b"x"*50)','_lzma.LZMADecompressor().decompress(X)==D','_lzma.LZMADecompressor().decompress(A)==D','_lzma.LZMADecompressor(lzma.FORMAT_RAW,filters=F).decompress(R)==D','lzma.decompress(X+X)==D+D','lzma.decompress(X[:-5])','lzma.decompress(b"")',
 '_lzma.is_check_supported(0)','_lzma.is_check_supported(lzma.CHECK_SHA256)','_lzma.is_check_supported(99)','_lzma.is_check_supported("a")','_lzma._encode_filter_properties({"id":33,"dict_size":4096})','_lzma._encode_filter_properties({"id":3,"dist":4})','_lzma._encode_filter_properties(5)','_lzma._encode_filter_properties({"id":99})','_lzma._decode_filter_properties(33,b"\\x10")','_lzma._decode_filter_properties(3,b"\\x03")','_lzma._decode_filter_properties(4,b"\\0\\0\\1\\0")','_lzma._decode_filter_properties(33,b"")','_lzma._decode_filter_properties(0x4000000000000001,b"\\x5d\\0\\0\\x10\\0")','lzma.LZMAError.__mro__','lzma.LZMAError.__doc__']: t(s) if not ('->' in s) else 0
c=_lzma.LZMACompressor(); out=c.compress(D[:100])+c.compress(D[100:])+c.flush(); print(out==X)
t('c.flush()'); t('c.compress(b"")')
d=_lzma.LZMADecompressor(); print(d.eof,d.needs_input,d.unused_data,d.check); print(d.decompress(X+b'tail')==D,d.eof,d.needs_input,d.unused_data,d.check)
t('d.decompress(b"a")')
d=_lzma.LZMADecompressor(); o=d.decompress(X,10); print(len(o),d.eof,d.needs_input)
while not d.eof: o+=d.decompress(b'',777)
print(o==D,d.unused_data)
d=_lzma.LZMADecompressor(); o=b''.join(d.decompress(X[i:i+7]) for i in range(0,len(X),7)); print(o==D,d.eof,d.check)
for ch in (0,1,4,10):
    x=lzma.compress(D,check=ch); d=_lzma.LZMADecompressor(); d.decompress(x); print(ch,d.check,len(x))
for p in (0,1,6,9,9|lzma.PRESET_EXTREME): print(p,len(lzma.compress(D,preset=p)))
t('copy.copy(c)'); t('pickle.dumps(d)')
import io, tempfile, os
with tempfile.TemporaryDirectory() as td:
    for m in (bz2,lzma):
        p=os.path.join(td,'x')
        with m.open(p,'wb') as f: f.write(D); f.write(D)
        with m.open(p) as f: print(f.read(10),f.seek(5000),f.read(5),f.tell(),len(f.read()))
        with m.open(p,'rt',encoding='latin1') as f: print(len(f.readline()))
