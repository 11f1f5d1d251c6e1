"""ctypes: values, reprs, messages, sizes, bit fields, what is kept alive, pickling, calls, callbacks, threads."""
import _ctypes
import ctypes
import ctypes.util
import pickle
import re
import threading
from ctypes import *


def show(f):
    try:
        text = repr(f())
    except BaseException as e:
        text = f"{type(e).__name__}: {e}"
    print("->", re.sub(r"0x[0-9a-f]+", "0x", text))


class S(Structure):
    _fields_ = [("a", c_int), ("b", c_short, 3), ("c", c_char * 3)]


print(S.a, S.b, S.c, S.a.size, S.a.offset, S.b.size)
s = S(1, 2, b"ab")
print(s._objects, s._b_base_, s._b_needsfree_)
show(lambda: S(1,2,3,4))
show(lambda: S(1,a=2))
show(lambda: S('x'))
show(lambda:S(d=3))
show(lambda: setattr(s,'a','x'))
show(lambda: c_int('x'))
show(lambda: c_char('x'))
show(lambda: c_char(3))
show(lambda: c_char(b'xx'))
show(lambda: c_char_p(3))
show(lambda: c_char_p('x'))
show(lambda: c_void_p('x'))
show(lambda: c_wchar('xx'))
show(lambda: c_wchar(3))
show(lambda:c_wchar_p(b'x'))
show(lambda: c_float('x'))
show(lambda: c_double('x'))
show(lambda:c_longdouble('x'))
show(lambda: c_bool('x'))
show(lambda: py_object().value)
show(lambda: c_int(1,2))
show(lambda: c_int(x=2))
show(lambda: c_int(1.5))
show(lambda: c_int(2**70).value)
A=c_int*3
show(lambda:A(1,2,3,4))
a=A(1,2,3)
show(lambda:a[3])
show(lambda:a['x'])
show(lambda:a[::2])
show(lambda:(c_char*3)(b'a',b'b')[:])
show(lambda:(c_wchar*3)('a','b')[:2])
show(lambda: a.__setitem__(slice(0,2),[1]))
show(lambda: a.__delitem__(0))
show(lambda: c_int*-1)
show(lambda: c_int*'x')
show(lambda: a.__setitem__(7,1))
show(lambda: A.from_buffer(b'x'*12))
show(lambda: A.from_buffer(bytearray(3)))
show(lambda: A.from_buffer(bytearray(13),-1))
show(lambda: A.from_buffer_copy(b''))
show(lambda: A.from_address('x'))
show(lambda: A.from_param(3))
show(lambda: A.in_dll(3,'x'))
show(lambda: c_int.from_param('x'))
show(lambda:c_int.from_param(3))
show(lambda:c_char_p.from_param(b'x'))
show(lambda:c_char_p.from_param(3))
show(lambda:c_void_p.from_param(3))
show(lambda: c_void_p.from_param(1.5))
show(lambda:c_wchar_p.from_param('x'))
show(lambda: c_double.from_param(1))
show(lambda: c_char.from_param(b'x'))
show(lambda: c_void_p.from_param(b'x'))
show(lambda: byref(c_int(3)))
show(lambda: c_short.from_param(3))
show(lambda:c_void_p.from_param(None))
show(lambda: byref(3))
show(lambda:byref(c_int(),'x'))
show(lambda: c_bool.from_param(1))
show(lambda: c_long.from_param(1))
show(lambda: py_object.from_param(1))
show(lambda:c_wchar.from_param('x'))
P=POINTER(c_int)
p=P(c_int(5))
print(P, P._type_, p[0], p._objects, bool(P()), p.contents)
show(lambda: P(3))
show(lambda: P().contents)
show(lambda: P()[0])
show(lambda: p[:])
show(lambda: p[::2])
show(lambda: p[0:1])
show(lambda: p['x'])
show(lambda:p.__delitem__(0))
show(lambda: setattr(p,'contents',3))
show(lambda: p.__setitem__(0,'x'))
show(lambda: p.__setitem__(slice(0,1),1))
show(lambda: P.from_param(3))
show(lambda: P.from_param(c_int()))
show(lambda: P.from_param((c_int*2)()))
show(lambda: P.from_param(byref(c_long())))
show(lambda: P.from_param(None))
show(lambda: pointer(3))
show(lambda: POINTER(3))
show(lambda: POINTER('X'))
show(lambda: POINTER('X')())
show(lambda: POINTER(None))
show(lambda: _ctypes._Pointer())
show(lambda: Array())
show(lambda: Structure())
show(lambda: _ctypes._SimpleCData())
show(lambda: b())
show(lambda: sizeof(Structure))
show(lambda: sizeof(Array))
show(lambda: sizeof(3))
show(lambda: alignment(3))
show(lambda: addressof(3))
show(lambda: resize(3,4))
show(lambda: resize(c_int(),1))
show(lambda: resize(c_int(),10))
show(lambda: resize(S.from_buffer(bytearray(100)),200))
show(lambda: hash(c_int()))
show(lambda: type('T',(_ctypes._SimpleCData,),{}))
show(lambda: type(c_int)('T',(_ctypes._SimpleCData,),{'_type_':'xx'}))
show(lambda: type(c_int)('T',(_ctypes._SimpleCData,),{'_type_':3}))
show(lambda: type(c_int)('T',(_ctypes._SimpleCData,),{'_type_':'x'}))
show(lambda: type(A)('T',(Array,),{}))
show(lambda: type(A)('T',(Array,),{'_length_':'x'}))
show(lambda: type(A)('T',(Array,),{'_length_':-1}))
show(lambda: type(A)('T',(Array,),{'_length_':2}))
show(lambda: type(A)('T',(Array,),{'_length_':2,'_type_':3}))
show(lambda: type(A)('T',(Array,),{'_length_':2**62,'_type_':c_int}))
show(lambda: memoryview(a).format)
show(lambda: memoryview(s).format)
show(lambda: memoryview(c_int(3)).format)
show(lambda: memoryview(p).format)
show(lambda: (memoryview((A*2)()).shape,memoryview((A*2)()).format,memoryview((A*2)()).itemsize, memoryview((A*2)()).strides))
show(lambda: memoryview(c_int()).shape)
for t in 'cbBhHiIlLqQfdgPzZuO?': 
    T=type(c_int)('T',(_ctypes._SimpleCData,),{'_type_':t})
    print(t, sizeof(T), alignment(T), memoryview(T()).format, hasattr(T,'__ctype_be__'))
    show(lambda: T()); show(lambda: T().value)
show(lambda: c_int.__ctype_be__(1))
print(c_int.__ctype_be__, c_int.__ctype_be__.__mro__, memoryview(c_int.__ctype_be__()).format)
def F(fields, base=Structure, **kw):
    ns=dict(kw); ns['_fields_']=fields
    T=type(base)('T',(base,),ns); 
    return sizeof(T),alignment(T),[getattr(T,f[0]) for f in fields]
show(lambda: F([('a',c_int,40)]))
show(lambda: F([('a',c_float,3)]))
show(lambda: F([('a',3)]))
show(lambda: F([('a',)]))
show(lambda: F([3]))
show(lambda: F(3))
show(lambda: F([(3,c_int)]))
show(lambda: F([('a',c_int)],_pack_=-1))
show(lambda: F([('a',c_int)],_pack_='x'))
show(lambda: F([('a',c_char),('b',c_int)],_pack_=2))
show(lambda: F([('a',c_char),('b',c_int)],_pack_=0))
show(lambda: F([('a',c_int)],_anonymous_=['x']))
show(lambda: F([('a',c_int)],_anonymous_=['a']))
show(lambda: F([('a',c_int)],_anonymous_=3))
show(lambda: F([('a',c_int,0)]))
show(lambda: F([('a',c_int,'x')]))
show(lambda: F([('a',c_int, 3),('b',c_int,30),('c',c_short,5),('d',c_char),('e',c_longlong,40),('f',c_longlong,30)]))
show(lambda: F([('a',c_ubyte,3),('b',c_int,9),('c',c_ushort,5)]))
show(lambda: F([('a',c_int,3),('b',c_int)],Union))
show(lambda: F([('a',c_int,3),('b',c_short,3)],BigEndianStructure))
show(lambda: F([('a',c_char*3),('b',S)]));
show(lambda: setattr(S,'_fields_',[]))
show(lambda: S.__class__('T',(S,),{})._fields_)
show(lambda: p.__reduce__())
show(lambda: c_char_p(b'x').__reduce__())
show(lambda: c_int(3).__reduce__())
show(lambda: Structure.from_address(3))
show(lambda: delattr(s,'a'))
show(lambda: delattr(c_int(),'value'))
show(lambda: c_int.from_buffer(3))
show(lambda: c_int.from_buffer_copy(3))
show(lambda: c_int.from_buffer(bytearray(8),5))
show(lambda: c_int.from_buffer(memoryview(bytearray(8))[::2]))
f=bytearray(8)
x=c_int.from_buffer(f)
show(lambda: x._objects)
show(lambda: S.from_buffer(bytearray(40)).c)
ss=(S*2)()
ss[1].c=b'xy'
show(lambda: (ss[1].c, ss[0]._b_base_ is ss, ss._objects))
PP=POINTER(P)
pp=pointer(p)
pp[0]=p
show(lambda: pp._objects)
cp=(c_char_p*2)(b'a',b'b')
show(lambda: cp._objects)
cp[1]=None
show(lambda: cp._objects)
q=c_char_p(b'zz')
show(lambda: q._objects); 
class N(Structure): _fields_=[('p',P),('n',S),('z',c_char_p)]
n=N()
n.p=p
n.z=b'zz'; n.n.a=3
show(lambda:n._objects)
nn=(N*2)()
nn[1]=n
show(lambda: nn._objects)
nn[0].p=p
show(lambda: nn._objects)
a5=(c_int*4)()
n.p=a5
show(lambda:n._objects)
show(lambda: setattr(n,'n',3))
show(lambda: setattr(n,'p',3))
show(lambda: setattr(n,'p',None))
show(lambda: n._objects)


class Point(Structure):
    _fields_ = [("x", c_double), ("y", c_double)]


point = pickle.loads(pickle.dumps(Point(1.5, 2.5)))
print(point.x, point.y)

libc = CDLL(None, use_errno=True)
strlen = libc.strlen
show(lambda: strlen(b"abc"))
show(lambda: strlen(1.5))
strlen.argtypes = [c_char_p]
show(lambda: strlen(3.5))
show(lambda: strlen())
show(lambda: setattr(strlen, "argtypes", 3))
show(lambda: setattr(strlen, "argtypes", [3]))
show(lambda: setattr(strlen, "restype", 3))
show(lambda: setattr(strlen, "errcheck", 3))
show(lambda: CDLL("nope.so"))
show(lambda: hasattr(libc, "nope_nope"))
T = CFUNCTYPE(c_int, c_int)
show(lambda: T("x"))
show(lambda: T(lambda x: x + 1)(4))
show(lambda: T(("abs", libc), ((1, "x"),))(x=-3))
show(lambda: T(("abs", libc), ((1, "x", -7),))())
show(lambda: T(("abs", libc), ((1, "x"),))())
show(lambda: T(("abs", libc), ((1, "x"),))(1, 2))
show(lambda: T(("abs", libc), ((1, "x"), (1, "y"))))
show(lambda: T(("abs", libc), ((2, "x"),)))
frexp = CFUNCTYPE(c_double, c_double, POINTER(c_int))(("frexp", CDLL("libm.so.6")), ((1, "x"), (2, "e")))
show(lambda: frexp(8.0))
show(lambda: (set_errno(5), get_errno(), set_errno(0)))
show(lambda: string_at(b"abc\0d", 5))
show(lambda: wstring_at("abc"))
show(lambda: cast(3, c_int))
show(lambda: cast(b"abc", c_char_p).value)
show(lambda: cast((c_int * 3)(4, 5), POINTER(c_int))[1])
show(lambda: libc.abs(2**70))
libc.snprintf.argtypes = None
buffer = create_string_buffer(40)
show(lambda: (libc.snprintf(buffer, c_size_t(40), b"%d %s %.2f", 3, b"x", c_double(1.5)), buffer.value))
compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
values = (c_int * 6)(5, 2, 9, 1, 7, 3)
libc.qsort.restype = None
libc.qsort(values, 6, sizeof(c_int), compare(lambda a, b: a[0] - b[0]))
print(values[:])
show(lambda: CFUNCTYPE(py_object, py_object)(lambda x: x * 2)([1]))
show(lambda: CFUNCTYPE(c_double, Point)(lambda p: p.x + p.y)(Point(1.5, 2.0)))


class LDiv(Structure):
    _fields_ = [("quot", c_long), ("rem", c_long)]


libc.ldiv.restype = LDiv
libc.ldiv.argtypes = [c_long, c_long]
show(lambda: (libc.ldiv(17, 5).quot, libc.ldiv(17, 5).rem))

# Calls run beside other threads; callbacks come from them.
total = []
def work():
    call = CFUNCTYPE(c_int, c_int)(lambda x: x * 2)
    total.append(sum(call(i) for i in range(200)))
    libc.usleep(1000)
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(total)

# A thread that the interpreter has not made calls back.
START = CFUNCTYPE(c_void_p, c_void_p)
seen = []
def begin(arg):
    seen.append((arg, threading.get_ident() != threading.main_thread().ident))
    return None
entry = START(begin)
handle = c_ulong()
libc.pthread_create.argtypes = [c_void_p, c_void_p, START, c_void_p]
libc.pthread_join.argtypes = [c_ulong, c_void_p]
print(libc.pthread_create(byref(handle), None, entry, 7), libc.pthread_join(handle, None), seen)
show(lambda: memoryview((c_double * 2)(1.5, 2.5)).cast("B").cast("d").tolist())
show(lambda: memoryview((c_double * 2)(1.5, 2.5)).cast("d"))

# A structure that was made larger than its type.
class Empty(Structure): pass
larger = Empty()
resize(larger, 5)
larger_view = memoryview(larger)
larger_view.cast("B")[:] = b"12345"
show(lambda: (larger_view.nbytes, larger_view.itemsize, larger_view.ndim, larger_view.shape, bytes(larger_view), sizeof(larger)))

# What audit hooks are told of a variable of a library.
import sys
told = []
sys.addaudithook(lambda event, args: told.append((event, args[1:])) if event == "ctypes.dlsym" else None)
c_int.in_dll(libc, "optind")
print(told)


class Variant(ctypes._SimpleCData):
    _type_ = "v"


print([(bytes(v), v.value) for v in map(Variant, (0, 1, True, -1, 5, "a", [], None))], ctypes.sizeof(Variant))
print(memoryview(Variant(1)).format, (Variant * 2)(1, 0)[0], ctypes.CFUNCTYPE(Variant)(lambda: 1)())
from ctypes import wintypes  # noqa: E402
print(sorted(n for n in dir(wintypes) if n.isupper()), wintypes.VARIANT_BOOL(3))
