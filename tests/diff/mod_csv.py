"""_csv: dialects, reader states, quoting of every kind, wrong arguments."""
import csv, _csv, io, re
def clean(x): return re.sub('0x[0-9a-f]{6,}','0x',repr(x))
def t(f,*a,**k):
    try: r=f(*a,**k); print(f.__name__,clean((a,k)),'->',r if not hasattr(r,'__next__') and not hasattr(r,'writerow') and not isinstance(r,_csv.Dialect) else type(r).__name__)
    except BaseException as e: print(f.__name__,clean((a,k)),'!!',type(e).__module__,type(e).__name__,e)
def rd(lines,**k):
    try: return list(_csv.reader(lines,**k))
    except BaseException as e: return type(e).__name__+': '+str(e)
def wr(rows,**k):
    f=io.StringIO()
    try: w=_csv.writer(f,**k); n=[w.writerow(r) for r in rows]; return f.getvalue(),n
    except BaseException as e: return type(e).__name__+': '+str(e),f.getvalue()
D=_csv.Dialect
for k in [{}, {'delimiter':';'},{'delimiter':''},{'delimiter':'ab'},{'delimiter':5},{'delimiter':None},{'delimiter':b','},{'quotechar':None},{'quotechar':''},{'quotechar':'ab'},{'quotechar':3},{'quotechar':None,'quoting':0},{'escapechar':'\\'},{'escapechar':''},{'escapechar':'xx'},{'escapechar':2},{'lineterminator':None},{'lineterminator':3},{'lineterminator':''},{'lineterminator':'xyz'},{'quoting':5},{'quoting':-1},{'quoting':'a'},{'quoting':None},{'quoting':3},{'quoting':True},{'quoting':1.0},{'doublequote':0},{'doublequote':'x'},{'skipinitialspace':1},{'strict':2},{'foo':1},{'dialect':None},{'dialect':'excel'},{'dialect':'nope'},{'dialect':5},{'dialect':csv.excel},{'dialect':csv.excel_tab()},{'delimiter':'\n'},{'quotechar':'\n'},{'quoting':2**40},{'quoting':csv.QUOTE_ALL}]:
    try: d=D(**k); print(clean(k),{n:getattr(d,n) for n in ('delimiter','doublequote','escapechar','lineterminator','quotechar','quoting','skipinitialspace','strict')})
    except BaseException as e: print(clean(k),type(e).__name__,e)
t(D,1,2,3,4,5,6,7,8,9,10); t(D,'excel',';')
d=D(delimiter=';'); print(D(d) is d, D(dialect=d,strict=True) is d)
for a in ('delimiter','quoting','strict','x'):
    try: setattr(d,a,1)
    except BaseException as e: print(a,type(e).__name__,e)
try: del d.quoting
except BaseException as e: print(type(e).__name__,e)
for l in (['a,b,c'],['a,"b,c",d'],['a,"b""c",d'],['"a\n','b",c'],['a b , c'],['"a"b,c'],['"a" ,c'],[''],['\n'],['a\r\n'],['a\rb'],['a\nb'],['a,'],[',a'],['"'],['"a'],['a"b'],['\0a'],['a\\,b'],['a,b\\'],['1,2.5,"3"'],['x,"y"'],['a\n','b\r','c\r\n','d'],['"a\r\nb"'],["'a,b',c"],[' "a", b'],[',,'],['"",""'],['a\u20ac\U0001f600,b'],[b'a'],[5],[None],5,'abc',['a,b\n\n'],['\r\n\r\n']):
    print(repr(l))
    for k in ({},{'strict':True},{'escapechar':'\\'},{'doublequote':False,'escapechar':'\\'},{'quoting':2},{'quoting':3},{'quoting':3,'escapechar':'\\'},{'skipinitialspace':True},{'quotechar':"'"},{'quotechar':None,'quoting':3},{'delimiter':' '},{'delimiter':'\u20ac'},{'lineterminator':'b'}):
        print('  ',k,rd(l,**k))
for r in ([1,2,3],['a','b'],['a,b'],['a"b'],['a\nb'],['a\rb'],[''],[],['',''],[None],[None,None],[1.5,'x'],['a b'],[' a'],["a'b"],['\\'],['a\\b'],'abc',5,None,{'x':1},(i for i in 'ab'),[True],[b'x'],['\u20ac\U0001f600'],[3j],['1'],['a;b'],['ab\r\n'],['"'],['""'],[float('nan')],[1e300],['x'*5000]):
    print(clean(r)[:40])
    if not isinstance(r,(list,str,int,type(None),dict)): r=list(r)
    for k in ({},{'quoting':1},{'quoting':2},{'quoting':3},{'quoting':3,'escapechar':'\\'},{'doublequote':False},{'doublequote':False,'escapechar':'\\'},{'quotechar':None,'quoting':3},{'lineterminator':'!'},{'delimiter':';'},{'escapechar':'\\'},{'delimiter':' ','quoting':3,'escapechar':'x'},{'skipinitialspace':True}):
        x=wr([r],**k); print('  ',k,x if len(repr(x))<300 else len(str(x)))
t(_csv.reader); t(_csv.reader,5); t(_csv.reader,[],'excel'); t(_csv.reader,[],'nope'); t(_csv.reader,[],bad=1); t(_csv.reader,[],'excel',';'); t(_csv.writer); t(_csv.writer,5); t(_csv.writer,io.StringIO(),5)
class B:
    def write(self,s): raise ValueError('no')
t(_csv.writer(B()).writerow,[1])
class B:
    write=5
t(_csv.writer,B())
class B:
    def write(self,s): return 'W'+s
print(_csv.writer(B()).writerow([1,2]))
w=_csv.writer(io.StringIO()); t(w.writerows,[[1],[2]]); t(w.writerows,5); t(w.writerows,[5]); t(w.writerow); print(w.dialect.delimiter)
r=_csv.reader(['a\n','b\n']); print(r.line_num,next(r),r.line_num,r.dialect.strict,iter(r) is r)
try: r.line_num=3
except BaseException as e: print(type(e).__name__,e)
print(_csv.field_size_limit(), _csv.field_size_limit(10), rd(['x'*11]), rd(['"'+'x'*11+'"']), rd(['x'*10]), _csv.field_size_limit(131072))
t(_csv.field_size_limit,'a'); t(_csv.field_size_limit,1.5); t(_csv.field_size_limit,1,2); t(_csv.field_size_limit,-1); t(_csv.field_size_limit,131072); t(_csv.field_size_limit,2**70); t(_csv.field_size_limit,True)
_csv.field_size_limit(131072)
t(_csv.register_dialect); t(_csv.register_dialect,5); t(_csv.register_dialect,'mine',delimiter='|'); t(_csv.register_dialect,'m2',csv.excel,strict=1); t(_csv.register_dialect,'m3','nope'); t(_csv.register_dialect,'m3',bad=1); t(_csv.register_dialect,'m3','excel',5)
print(sorted(_csv.list_dialects())); t(_csv.get_dialect,'mine'); t(_csv.get_dialect,'no'); t(_csv.get_dialect,5); t(_csv.get_dialect,[]); t(_csv.get_dialect); t(_csv.unregister_dialect,'mine'); t(_csv.unregister_dialect,'mine'); t(_csv.unregister_dialect); t(_csv.unregister_dialect,5); t(_csv.list_dialects,1)
print(_csv._dialects.keys()==set(_csv.list_dialects()) if hasattr(_csv,'_dialects') else None)
import copy, pickle
for f in (copy.copy,pickle.dumps):
    try: f(d)
    except BaseException as e: print(type(e).__name__,e)
class S:
    delimiter=5
t(_csv.reader,[],S)
class S:
    delimiter=';'; quoting='x'
t(_csv.reader,[],S())
class S:
    delimiter=';'; quotechar="'"
print(rd(["a;'b;c'"],dialect=S))
print(_csv.Error.__mro__, _csv.Error.__module__)
def gen():
    yield 'a,b'; raise KeyError(1)
t(list,_csv.reader(gen()))
print(list(csv.DictReader(['a,b','1,2','3','4,5,6'])))
