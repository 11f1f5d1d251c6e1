"""_bisect, _heapq, array and _queue: messages, states."""
import re


def clean(value):
    return re.sub("0x[0-9a-f]+", "ADDR", value)


def t(function):
    try:
        print(clean(str(function())))
    except BaseException as error:
        print(type(error).__name__, clean(str(error)))


import _bisect,_heapq,_queue,array,sys
for e in ['_bisect.bisect_left()','_bisect.bisect_left([1,2,3],2)','_bisect.bisect_right([1,2,3],2)','_bisect.bisect([1,2,3],2,lo=-1)','_bisect.bisect_left([1,2,3],2,hi=5)','_bisect.bisect_left(1,2)','_bisect.bisect_left([1],"a")','_bisect.bisect_left([1,2,3],-2,key=lambda x:-x)','_bisect.insort([1],2,key=str)','_bisect.insort_left((1,),1)','_bisect.bisect_left([1,2],1,0,None)','_bisect.bisect_left([1,2],1,0,"a")','_bisect.bisect.__text_signature__','_bisect.insort_right.__text_signature__',
 '_heapq.heappush(1,2)','_heapq.heappop([])','_heapq.heappop(())','_heapq.heapreplace([],1)','_heapq.heappushpop([],1)','_heapq.heapify((1,))','_heapq._heappop_max([])','_heapq.heappush([1],"a")','_heapq._heapreplace_max([3,1],2)','_heapq.heapify.__text_signature__', '_heapq.heappop([3])','_heapq._heapify_max(1)']:
    print(e,end=' -> '); t(lambda: eval(e))
A=array.array
a=A('i',[1,2,3])
for e in ['A()','A("x")','A("i",1)','A("i",["a"])','A("i",[2**31])','A("b",[128])','A("B",[-1])','A("B",[256])','A("H",[65536])','A("I",[-1])','A("I",[2**32])','A("L",[2**64])','A("L",[-1])','A("q",[2**63])','A("Q",[-1])','A("Q",[2**64])','A("f",["a"])','A("u","abc")','A("u",["a"])','A("u",["ab"])','A("u",[1])','A("i","abc")','A("i",b"\\1\\0\\0\\0")','A("i",b"abc")','A("i",A("d",[1.5]))','A("d",A("i",[1]))','A("i",A("u","a"))','A("u",A("i",[1]))','A("i",bytearray(8))','A("bb")','A(1)','A("i",[1],foo=1)','A("h",[1.5])','A("i",iter([1,2]))','a','A("i")','A("d",[1.5])','A("u","a\'b")','A("u")','A("b",[1])',
 'a[5]','a["a"]','a[0:2]','a[::-1]','a[::2]','a.append("a")','a.pop()','a.pop(7)','A("i").pop()','a.remove(9)','a.index(9)','a.index(2)','a.count(1)','a.insert(0,"a")','a.insert(0,9) or a','a.extend([4])  or a','a.extend(1)','a.extend(A("d"))','a.fromlist([7,"a"])','a','a.fromlist(1)','a.tolist()','a.tobytes()','a.frombytes(b"abc")','a.frombytes("abc")','a.frombytes(b"\\1\\0\\0\\0") or a','a.byteswap() or a','a.byteswap() or a','a.typecode','a.itemsize','a.buffer_info()[1]','a.reverse() or a','a.fromunicode("a")','a.tounicode()','A("u","ab").tounicode()','a+[1]','a+A("d")','a+a','a*2','2*a','a*-1','a*"a"','a==[1]','a==A("d",a)','a<A("i",[100])','a!=A("i")','A("i",[1,2])<A("i",[1,2,3])','a.__reduce_ex__(3)','A("i",[1]).__reduce_ex__(2)','A("u","a").__reduce_ex__(3)','iter(a)','iter(A("i",[1])).__reduce__()','hash(a)','1 in a','a.__copy__()','a.__deepcopy__(1)','a.__class_getitem__(int)','memoryview(a).format','memoryview(A("u","a")).format','a.foo','A("i",[1])[0:1].__iadd__([1])','a.__setitem__(0,"a")','a.__setitem__(slice(0,1),[1])','a.__setitem__(slice(0,1),A("d"))','a.__setitem__(slice(0,1),A("i",[1,2,3])) or a','a.__setitem__(slice(None,None,2),A("i",[1]))','a.__delitem__(0) or a','a.__delitem__(slice(0,2)) or a','a.__delitem__(slice(None,None,2)) or a','a.__delitem__(100)','array.typecodes','array._array_reconstructor(A,"i",8,b"\\1\\0\\0\\0")','array._array_reconstructor(A,"i",9,b"\\0\\0\\0\\1")','array._array_reconstructor(A,"i",99,b"")','array._array_reconstructor(int,"i",8,b"")','array._array_reconstructor(A,"x",8,b"")','array._array_reconstructor(A,"i",8,1)','array._array_reconstructor(A,"i",4,b"\\1\\0")','array._array_reconstructor(A,"d",14,b"\\0"*4)','array._array_reconstructor(A,"u",18,b"a\\0")','array._array_reconstructor(A,"i",8,b"abc")','A("q",[1]).__reduce_ex__(3)','A("B",[1]).__reduce_ex__(3)','A("d",[1]).__reduce_ex__(3)','A("L",[1]).__reduce_ex__(3)','array.ArrayType is A','a.__sizeof__()>0','A("u",b"abcd")','a.tofile(1)','a.fromfile(1,1)','a.frombytes(a)','A("i",[1])*(2**62)','A("f",[1e300])','A("i",[True])','A("i",[None])','A("i",a=1)','A("l",[2**63])','A("h",[40000])','A("i",[1]).index(1,5)','A.__doc__[:40]','A("i", "a"*0)','A("i",range(3))','A("f",[0.1])','A("i",array.array)','str(A("u","\\u20ac"))','A("h",[-40000])','A("b",[-200])', 'A("l",[-2**64])','A("I",["a"])','A("Q",["a"])','A("Q",[1.0])','A("I",[1.0])']:
    print(e,end=' -> '); t(lambda: eval(e))
def exp():
    x=A('i',[1]); m=memoryview(x); 
    try: x.append(1)
    except BufferError as e: print(e)
    try: x.pop()
    except BufferError as e: print(e)
    x[0]=5; print(m[0]); m[0]=7; print(x)
exp()
class S(A): pass
s=S('i',[1]); s.x=1; t(lambda: s.__reduce_ex__(3)); t(lambda: s); t(lambda: type(s[:])); t(lambda: type(s+s)); t(lambda: type(s.__copy__()))
q=_queue.SimpleQueue()
for e in ['q.get(False)','q.get(timeout=-1)','q.get(timeout=0.01)','q.get(timeout="a")','q.get_nowait()','q.put(1)','q.qsize()','q.empty()','q.get()','q.put(1,2,3)','q.put()','_queue.SimpleQueue(1)','_queue.Empty.__mro__','_queue.SimpleQueue[int]','_queue.SimpleQueue.get.__text_signature__','q.get(True,1e30)','q.put(item=3)','q.get(block=True,timeout=None)','_queue.Empty.__module__','repr(q)[:27]']:
    print(e,end=' -> '); t(lambda: eval(e))
