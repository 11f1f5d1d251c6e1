"""The native pickler and unpickler: the bytes of every protocol, errors of every opcode."""
import pickle, _pickle, sys, copyreg, re
def t(s):
    try: print(s,'->',re.sub('0x[0-9a-f]{6,}','0x',repr(eval(s))))
    except BaseException as e: print(s,'!!',type(e).__module__,type(e).__name__,re.sub('0x[0-9a-f]{6,}','0x',str(e)))
def local():
    class L: pass
    def f(): pass
    return L,f,lambda:0
L,f,lam=local()
class R:
    def __init__(s,v): s.v=v
    def __reduce__(s): return s.v
def g(*a): return a
class Q:
    def __reduce_ex__(s,p): return 5
class M(type): pass
class N(metaclass=M):
    class Inner:
        def meth(self): pass
    @staticmethod
    def st(): pass
for s in ['pickle.dumps(L)','pickle.dumps(f)','pickle.dumps(lam)','pickle.dumps(lambda:0)','pickle.dumps(L())','pickle.dumps(R(5))','pickle.dumps(R((1,)))','pickle.dumps(R((1,2)))','pickle.dumps(R((g,2)))','pickle.dumps(R((g,())))','pickle.dumps(R((g,(),None,5)))','pickle.dumps(R((g,(),None,None,5)))','pickle.dumps(R((g,(),None,None,None,5)))','pickle.dumps(R((g,(),1,2,3,4,5)))','pickle.dumps(R("xyz"))','pickle.dumps(R("t"))','pickle.dumps(Q())','pickle.dumps(N)','pickle.dumps(N.Inner)','pickle.dumps(N.Inner,2)','pickle.dumps(N.Inner,0)','pickle.dumps(N.Inner.meth)','pickle.dumps(N.st)','pickle.dumps(N().st,1)','pickle.dumps(sys)','pickle.dumps(open)','pickle.dumps(len)','pickle.dumps([].append)','pickle.dumps("a".join,2)','pickle.dumps(type(None))','pickle.dumps(type(...),2)','pickle.dumps(...)','pickle.dumps(NotImplemented,0)','pickle.dumps(1,6)','pickle.dumps(1,-1)','pickle.dumps(1,"a")','pickle.dumps(1,buffer_callback=print)','pickle.dumps()','pickle.dumps(1,2,3)','pickle.dumps(1,x=2)','pickle.dump(1)','pickle.dump(1,2)','pickle.Pickler()','pickle.Pickler(5)','pickle.Pickler(sys.stdout,protocol=9)','pickle.loads(b"")','pickle.loads("")','pickle.loads(b"K")','pickle.loads(b"\\xff")','pickle.loads(b"0.")','pickle.loads(b".")','pickle.loads(b"(.")','pickle.loads(b"(1.")','pickle.loads(b"1.")','pickle.loads(b"a")','pickle.loads(b"]a.")','pickle.loads(b"NNa.")','pickle.loads(b"N(Ne.")','pickle.loads(b"N(NNu.")','pickle.loads(b"}(Nu.")','pickle.loads(b"NNNs.")','pickle.loads(b"NN\\x90.")','pickle.loads(b"N(N\\x90.")','pickle.loads(b"\\x80\\x09.")','pickle.loads(b"\\x80\\x04\\x95\\x05\\0\\0\\0\\0\\0\\0\\0K\\x01.")','pickle.loads(b"h\\x05.")','pickle.loads(b"g5\\n.")','pickle.loads(b"gx\\n.")','pickle.loads(b"Nq")','pickle.loads(b"q\\0")','pickle.loads(b"N\\x94.")','pickle.loads(b"\\x94.")','pickle.loads(b"Ix\\n.")','pickle.loads(b"I5\\n.")','pickle.loads(b"I01\\n.")','pickle.loads(b"I1")','pickle.loads(b"L55L\\n.")','pickle.loads(b"L55\\n.")','pickle.loads(b"LxL\\n.")','pickle.loads(b"F1.5\\n.")','pickle.loads(b"Fx\\n.")','pickle.loads(b"Sabc\\n.")',"pickle.loads(b\"S'ab\\\\x41c'\\n.\")",'pickle.loads(b"U\\x03abc.")','pickle.loads(b"U\\x03ab\\xff.")','pickle.loads(b"U\\x03ab\\xff.",encoding="bytes")','pickle.loads(b"U\\x03ab\\xff.",encoding="latin1")','pickle.loads(b"V\\\\u0041b\\n.")','pickle.loads(b"X\\x02\\0\\0\\0\\xff\\xfe.")','pickle.loads(b"c__main__\\nfoo\\n.")','pickle.loads(b"cnomod\\nfoo\\n.")','pickle.loads(b"c__builtin__\\nxrange\\n.")','pickle.loads(b"cbuiltins\\nxrange\\n.",fix_imports=False)','pickle.loads(b"c__builtin__\\nxrange\\n.",fix_imports=False)','pickle.loads(b"\\x8c\\x05a.b.c\\x8c\\x01x\\x93.")','pickle.loads(b"NN\\x93.")','pickle.loads(b"cbuiltins\\nlist\\nNR.")','pickle.loads(b"NN\\x81.")','pickle.loads(b"cbuiltins\\nlist\\nN\\x81.")','pickle.loads(b"N)\\x81.")','pickle.loads(b"NNN\\x92.")','pickle.loads(b"NNb.")','pickle.loads(b"cbuiltins\\nobject\\n)\\x81Nb.")','pickle.loads(b"c__main__\\nN\\n)\\x81K\\x01b.")','pickle.loads(b"c__main__\\nN\\n)\\x81}X\\x01\\0\\0\\0aK\\x01sb.").a','pickle.loads(b"c__main__\\nN\\n)\\x81NK\\x01\\x86b.")','pickle.loads(b"c__main__\\nN\\n)\\x81}K\\x01\\x86b.")','pickle.loads(b"Pabc\\n.")','pickle.loads(b"NQ.")','pickle.loads(b"\\x82\\x01.")','pickle.loads(b"\\x82\\0.")','pickle.loads(b"\\x83\\x01\\x01.")','pickle.loads(b"\\x84\\xff\\xff\\xff\\xff.")','pickle.loads(b"\\x8a\\0.")','pickle.loads(b"\\x8a\\x01\\xff.")','pickle.loads(b"\\x8b\\xff\\xff\\xff\\xff.")','pickle.loads(b"T\\xff\\xff\\xff\\xff.")','pickle.loads(b"B\\xff\\xff\\xff\\xff.")','pickle.loads(b"\\x8e\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff.")','pickle.loads(b"\\x8d\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff.")','pickle.loads(b"\\x96\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff.")','pickle.loads(b"\\x96\\x01\\0\\0\\0\\0\\0\\0\\0a.")','pickle.loads(b"\\x97.")','pickle.loads(b"\\x97.",buffers=[])','pickle.loads(b"\\x97.",buffers=[5])','pickle.loads(b"\\x97\\x98.",buffers=[bytearray(b"q")])','pickle.loads(b"N\\x98.")','pickle.loads(b"\\x97.",buffers=5)','pickle.loads(b"(i__main__\\nN\\n.")','pickle.loads(b"(K\\x01ibuiltins\\nlist\\n.")','pickle.loads(b"(cbuiltins\\nlist\\no.")','pickle.loads(b"(o.")','pickle.loads(b"(K\\x01d.")','pickle.loads(b"(K\\x01K\\x02d.")','pickle.loads(b"(K\\x01l.")','pickle.loads(b"(K\\x01t.")','pickle.loads(b"N2\\x86.")','pickle.loads(b"2.")','pickle.loads(b"K\\x01K\\x02\\x87.")','pickle.loads(b"(K\\x01\\x91.")','pickle.loads(b"\\x8f(K\\x01\\x90.")','pickle.loads(b"p-1\\n.")','pickle.loads(b"Np-1\\n.")','pickle.loads(b"Npx\\n.")','pickle.loads(b"N",x=1)','pickle.loads()','pickle.loads(b"N.",buffers=None)','pickle.load(5)','pickle.load()','pickle.Unpickler()','pickle.Unpickler(5)','pickle.Unpickler(sys.stdin,encoding=5)','pickle.Unpickler.__new__(pickle.Unpickler).load()','pickle.Pickler.__new__(pickle.Pickler).dump(1)','pickle.loads(b"\\x00")','pickle.loads(b"\\n")','pickle.loads(bytearray(b"N."))','pickle.loads(memoryview(b"N."))','pickle.PickleBuffer()','pickle.PickleBuffer(5)','pickle.PickleBuffer(b"a").raw()','pickle.dumps(pickle.PickleBuffer(b"a"))','pickle.dumps(pickle.PickleBuffer(b"a"),5)','pickle.dumps(pickle.PickleBuffer(bytearray(b"a")),5)','pickle.dumps(pickle.PickleBuffer(memoryview(b"abcd")[::2]),5)','pickle.PickleBuffer(memoryview(b"abcd")[::2]).raw()','memoryview(pickle.PickleBuffer(b"ab")).tolist()','pickle.PickleBuffer(b"a").release()','pickle.PickleError.__mro__','pickle.PicklingError.__module__','pickle.PickleBuffer.__module__','pickle.dumps(R)','_pickle.Pickler(sys.stdout.buffer).memo','_pickle.Pickler(sys.stdout.buffer).dispatch_table','_pickle.Pickler(sys.stdout.buffer).persistent_id','_pickle.Unpickler(sys.stdin.buffer).persistent_load','_pickle.Pickler(sys.stdout.buffer).bin','_pickle.Pickler(sys.stdout.buffer).fast','_pickle.Pickler(sys.stdout.buffer).foo','pickle.loads(pickle.dumps(type(...)))','pickle.dumps(b"",0)','pickle.dumps(b"a\\xff",0)','pickle.dumps(b"a\\xff",2)','pickle.dumps(bytearray(b"a"),2)','pickle.dumps(bytearray(),4)','pickle.dumps(bytearray(b"a"),5)','pickle.dumps(frozenset([1]),3)','pickle.dumps({1},4)','pickle.dumps(set(),4)','pickle.dumps(frozenset(),4)','pickle.dumps({1},0)','pickle.dumps("a\\\\b\\n\\0\\xe9\\u0394\\U0001f600\\x1a\\r",0)','pickle.dumps("\\xe9\\u0394\\U0001f600\\udc80",1)','pickle.dumps(2**31)','pickle.dumps(-2**31)','pickle.dumps(-2**31-1)','pickle.dumps(2**63,0)','pickle.dumps(-128*2**40)','pickle.dumps(-2**2047)','pickle.dumps(2**2047)[:12]','pickle.dumps(255),pickle.dumps(256),pickle.dumps(65535),pickle.dumps(65536),pickle.dumps(-1)','pickle.dumps(1.5,0),pickle.dumps(1.5)','pickle.dumps(True,1),pickle.dumps(True,2)','pickle.dumps([[]]*3)','pickle.dumps(())','pickle.dumps((1,2,3,4))','pickle.dumps((1,(2,)),1)','pickle.dumps({1:{}},0)','pickle.dumps({1:2,3:4},1)','pickle.dumps([1,2],0)','pickle.dumps(range(3))','pickle.dumps(3j)','pickle.dumps(ValueError(1))','pickle.dumps(slice(1,2))','pickle.dumps(iter([1]))','pickle.dumps(list[int])']:
    t(s)

# Recursion, sharing, subclasses, persistent ids, dispatch tables, out-of-band buffers, big frames.
import io, collections, datetime
l = []; l.append(l); print(pickle.dumps(l)); print(pickle.loads(pickle.dumps(l))[0] is not None)
t1 = ([],); t1[0].append(t1)
for p in range(6): print(p, pickle.dumps(t1, p), pickle.loads(pickle.dumps(t1, p))[0][0] is not None)
d = {}; d[1] = d; print(pickle.dumps(d, 3))
nested = []
for i in range(5000): nested = [nested]
t("pickle.dumps(nested)")
class Sub(list): pass
class SubD(dict): pass
class Slots:
    __slots__ = ("a", "b")
class Kw:
    def __new__(cls, a, *, b): self = object.__new__(cls); self.v = (a, b); return self
    def __getnewargs_ex__(self): return (self.v[0],), {"b": self.v[1]}
class St:
    def __getstate__(self): return 7
    def __setstate__(self, s): self.s = s
x = Slots(); x.a = 1
for o in (Sub([1, 2]), SubD(a=1), x, Kw(1, b=2), St(), collections.OrderedDict(a=1), collections.Counter("aab"), collections.deque([1], 3), 3.5, 1 + 2j, range(5), frozenset("a"), ValueError("x", 1), OSError(2, "no"), b"x" * 300, "y" * 300, bytearray(b"q"), {"k": [1, {2}]}, [None] * 2500, dict.fromkeys(range(2500)), Ellipsis):
    for p in range(6):
        try: b = pickle.dumps(o, p)
        except TypeError as e: print(p, e); continue
        r = pickle.loads(b)
        print(type(o).__name__, p, len(b), b[:80], type(r) is type(o), getattr(r, "__dict__", None) == getattr(o, "__dict__", None))
class Pp(pickle.Pickler):
    def persistent_id(self, o): return "pid" if o is nested else None
class Up(pickle.Unpickler):
    def persistent_load(self, pid): return ["loaded", pid]
    def find_class(self, m, n): print("find", m, n); return super().find_class(m, n)
for p in range(6):
    f = io.BytesIO(); Pp(f, p).dump([nested, len, nested]); f.seek(0); print(f.getvalue(), Up(f).load(), f.tell())
class Rp(pickle.Pickler):
    dispatch_table = {complex: lambda c: (complex, (c.imag, c.real))}
    def reducer_override(self, o): return (int, (42,)) if o is St else NotImplemented
f = io.BytesIO(); Rp(f).dump([1j, St]); print(pickle.loads(f.getvalue()))
buffers = []
b = pickle.dumps([pickle.PickleBuffer(bytearray(b"abc")), pickle.PickleBuffer(b"ro")], 5, buffer_callback=buffers.append)
print(b, len(buffers), [bytes(x) for x in pickle.loads(b, buffers=buffers)])
f = io.BytesIO()
p = pickle.Pickler(f); p.dump(l); p.dump(l); p.clear_memo(); p.dump([1]); print(f.getvalue(), list(p.memo.copy().values()))
f.seek(0); u = pickle.Unpickler(f); print(type(u.load()), type(u.load()), u.load(), sorted(u.memo.copy()))
p.fast = 1; p.dump([[1], [1]]); print(f.getvalue()[-30:])
big = [b"z" * 70000, "w" * 70000, list(range(40000))]
b = pickle.dumps(big); print(len(b), hash(b) == hash(bytes(b)), pickle.loads(b) == big); import hashlib; print(hashlib.md5(b).hexdigest())
class W:
    def __init__(self): self.n = []
    def write(self, d): self.n.append((type(d).__name__, len(d)))
w = W(); pickle.dump(big, w); print(w.n)
same = b'x' * 50
print(len(pickle.dumps([same] * 50000)), len(pickle.dumps([1.5] * 20000)), len(pickle.dumps({i: same for i in range(30000)})))
for n in (0, 1, 15, 16, 17, 999, 1000, 1001, 2500):
    print(n, hashlib.md5(pickle.dumps(set(range(n)))).hexdigest(), pickle.loads(pickle.dumps(set(range(n)))) == set(range(n)))
import tempfile
with tempfile.TemporaryFile() as f:
    for o in (big, 1, "x", [2]): pickle.dump(o, f, 2)
    f.write(b"rest"); f.seek(0)
    print([pickle.load(f) == o for o in (big, 1, "x", [2])], f.read())
