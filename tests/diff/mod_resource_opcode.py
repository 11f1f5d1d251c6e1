"""resource and _opcode: limits, wrong arguments, stack effects."""
import resource
def t(f,*a,**k):
    try: print(f.__name__,a,k,'->',f(*a,**k))
    except BaseException as e: print(f.__name__,a,k,'!!',type(e).__name__,e)
t(resource.getrlimit,-1); t(resource.getrlimit,100); t(resource.getrlimit,'x'); t(resource.getrlimit,resource.RLIMIT_NICE); t(resource.getrlimit); t(resource.getrlimit, 2**40)
n=resource.RLIMIT_CORE
print(resource.getrlimit(n))
t(resource.setrlimit,n,5); t(resource.setrlimit,n,(1,)); t(resource.setrlimit,n,(1,2,3)); t(resource.setrlimit,n,('a',2)); t(resource.setrlimit,n,(1.5,2)); t(resource.setrlimit,n,[0,100]); t(resource.getrlimit,n)
t(resource.prlimit,0,n); t(resource.prlimit,0,n,(1,2,3)); t(resource.prlimit,0,-1); t(resource.prlimit,99999999,n); t(resource.prlimit); t(resource.prlimit,0,n,(0,50)); t(resource.prlimit,0,n); t(resource.prlimit,1,n,None)
t(resource.prlimit,0); t(resource.prlimit,'a',1); t(resource.prlimit,0,n,5)
t(resource.getrusage,5); t(resource.getrusage,'a'); r=resource.getrusage(resource.RUSAGE_SELF); print(len(r), type(r), type(r[0]), r.n_fields)
t(resource.getpagesize); t(resource.getpagesize,1)
print(resource.struct_rusage.__doc__, resource.struct_rusage, resource.error)
import _opcode
t(_opcode.stack_effect,100,0,jump=5); t(_opcode.stack_effect,93,0,jump=True);t(_opcode.stack_effect,93,0,jump=False);t(_opcode.stack_effect,93,0,jump=None);t(_opcode.stack_effect,110,0,jump=2)
import opcode,dis
rows=[]
for op in range(256):
    name=opcode.opname[op]
    try:
        if op<90: v=[_opcode.stack_effect(op,jump=j) for j in (None,True,False)]
        else:
            v=[]
            for j in (None,True,False):
                w=[_opcode.stack_effect(op,o,jump=j) for o in range(0,16)]
                if len(set(w))==1: w=w[0]
                v.append(w)
        if len(set(map(str,v)))==1: v=v[0]
        print(op,name,v)
    except ValueError as e:
        if not name.startswith('<'): print(op,name,e)
t(resource.setrlimit,n,[0,100])
import _opcode
for op in (92, 102, 105, 130, 156, 157):
    for arg in (63, 64, 65, 126, 127, 128, 129, 130, 256, 65535, -1, -128, -129, 2**31 - 1, 2**31, 2**32 + 5, 2**70):
        t(_opcode.stack_effect, op, arg)
