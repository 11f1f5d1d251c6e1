"""mmap: every method and argument, closed, exported, read-only and copied maps."""
import mmap, os, tempfile, re, sys
def t(s,**k):
    try: r=eval(s,globals(),k); print(s,'->',r if not isinstance(r,mmap.mmap) else 'MMAP')
    except BaseException as e: print(s,'!!',type(e).__name__,e)
P=4096
f=tempfile.TemporaryFile(); f.write(b'hello world\nline two\nthree'); f.flush()
fd=f.fileno()
m=mmap.mmap(fd,0)
for s in ['mmap.mmap(-1,0)','mmap.mmap(-1,-1)','mmap.mmap(fd,10000)','mmap.mmap(fd,5,offset=1)','mmap.mmap(fd,5,offset=-1)','mmap.mmap(fd,0,offset=8192)','mmap.mmap(fd,5,access=9)','mmap.mmap(fd,5,access=1,flags=1)','mmap.mmap(fd,5,access=1,prot=1)','mmap.mmap("a",5)','mmap.mmap(999,5)','mmap.mmap(-1,"a")','mmap.mmap(-1,2**62)','mmap.mmap(-1,2**70)','mmap.mmap(fd,length=5,access=mmap.ACCESS_READ)','mmap.mmap(fileno=-1,length=5)','mmap.mmap(fd,0,offset=27)','mmap.mmap(-1,10,access=2)',
 'len(m)','m','m.size()','m.tell()','m.read(5)','m.tell()','m.read_byte()','m.readline()','m.readline()','m.read()','m.read_byte()','m.readline()','m.seek(0)','m.seek(-1)','m.seek(1,1)','m.seek(0,2)','m.seek(1,2)','m.seek(-1,2)','m.seek(0,5)','m.seek("a")','m.seek(100)','m.seek(2)','m.read(-1)','m.seek(0)','m.read(None)','m.seek(0)','m.read("a")','m.read(1.5)','m[0]','m[-1]','m[100]','m[-100]','m[0:5]','m[::2]','m[5:0:-1]','m["a"]','m[1.5]','m[100:200]','m.find(b"o")','m.find(b"o",5)','m.find(b"zzz")','m.find(b"")','m.find(b"",100)','m.rfind(b"o")','m.rfind(b"o",0,5)','m.find("o")','m.find(b"o",-3)','m.find(b"o",0,-100)','m.rfind(b"")','m.write(b"abc")','m.seek(0,2)','m.write(b"abc")','m.write("a")','m.write_byte(3)','m.seek(0)','m.write_byte(104)','m.write_byte(300)','m.write_byte(-1)','m.write_byte("a")','m[:3]','m.move(0,6,5)','m[:]','m.move(20,20,20)','m.move(-1,0,1)','m.move(0,0,0)','m.move("a",1,1)','m.flush()','m.flush(0)','m.flush(0,10)','m.flush(1)','m.flush(0,100)','m.flush(-1,1)','m.flush(0,-1)','m.flush(5000,1)','m.madvise(0)','m.madvise(3,0)','m.madvise(3,-1)','m.madvise(3,100)','m.madvise(3,0,100)','m.madvise(3,0,-1)','m.madvise(999)','m.madvise(3,1)','m.madvise(3,0,sys.maxsize)','m.madvise("a")','b"h" in m','104 in m','list(m)[:3]','m==m','m<m','hash(m)!=0','bool(m)','m.closed','m.__enter__() is m','m+b"a"','m*2','m.foo','bytes(m)[:4]','memoryview(m).readonly','memoryview(m).format','memoryview(m).nbytes','re.search(b"w",m)','m.count(b"a")','mmap.mmap.__doc__==None','mmap.mmap.__name__,mmap.mmap.__module__,mmap.mmap.__qualname__','mmap.mmap.__flags__&1024','m.__class__','m.resize(-1)','m.resize(0)','m.resize("a")','m.resize(P)','len(m)','m.size()','m.resize(10)','len(m)','m[:]','os.fstat(fd).st_size']:
    t(s)
def ex(s):
    try: exec(s,globals()); print(s,'ok')
    except BaseException as e: print(s,'!!',type(e).__name__,e)
m=mmap.mmap(-1,20)
print(m)
for s in ['m[0]=5','m[0]=256','m[0]=-1','m[0]="a"','m[0]=b"a"','m[30]=1','m[0:3]=b"abc"','m[0:3]=b"ab"','m[0:6:2]=b"xyz"','m[::-1]=bytes(range(20))','m[0:3]="abc"','m[0:3]=bytearray(3)','m[0:0]=b""','del m[0]','del m[0:1]','m["a"]=1','m.x=1','m[1.5]=3','m[0:3]=[1,2,3]','m[0:3]=1','v=memoryview(m)','m.close()','m.resize(30)','v.release()','m.resize(30)','print(len(m))','m.resize(10)','m.close()','m.close()','m[0]','len(m)','m.read()','m.size()','print(m)','print(m.closed)','m.__enter__()','memoryview(m)','m.seek(0)','m.tell()','m.flush()','m.find(b"a")','m[0]=1','m.resize(3)','m.move(0,0,0)','m.write(b"")','m.madvise(0)','list(m)','bool(m)','m.__exit__()','m.__exit__(1)','m.__exit__(1,2,3)','bytes(m)','m in m']: ex(s)
r=mmap.mmap(fd,0,access=mmap.ACCESS_READ); print(r)
for s in ['r[0]=1','r[0:1]=b"a"','r.write(b"a")','r.write_byte(1)','r.move(0,0,1)','r.resize(5)','r.flush()','memoryview(r).readonly','r.madvise(0)']: t(s) if '=' not in s else ex(s)
c=mmap.mmap(fd,0,access=mmap.ACCESS_COPY); print(c); ex('c[0]=90'); ex('c.resize(5)'); t('c.flush()'); t('c[0],r[0]')
p=mmap.mmap(fd,0,flags=mmap.MAP_PRIVATE,prot=mmap.PROT_READ); print(p); ex('p[0]=1'); t('memoryview(p).readonly')
p=mmap.mmap(fd,0,prot=mmap.PROT_READ); print(p); 
p=mmap.mmap(fd,0,flags=mmap.MAP_PRIVATE,prot=mmap.PROT_WRITE); print(p)
p=mmap.mmap(fd,10,offset=0,access=mmap.ACCESS_WRITE); print(p)
p=mmap.mmap(-1,10,access=mmap.ACCESS_READ); print(p); t('p.size()')
p=mmap.mmap(-1,10); t('p.size()');t('p.resize(20)'); t('len(p)')
class S(mmap.mmap):
    pass
s=S(-1,10); s.a=3; print(repr(s)); 
import weakref; t('weakref.ref(p)() is p'); t('mmap.mmap.__new__(int)'); t('mmap.mmap.__init__(p,1,2)'); t('p.__reduce_ex__(2)'); import copy
with mmap.mmap(-1,5) as q: pass
t('q'); t('q.closed')
f.seek(0); f.truncate(5); t('mmap.mmap(fd,0)[:]'); f.truncate(0); t('mmap.mmap(fd,0)')
f.truncate(10000); q=mmap.mmap(fd,100,offset=4096); print(q); t('q.size()'); t('q.resize(200)'); t('q.size()');t('len(q)')

