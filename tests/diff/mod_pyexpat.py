"""pyexpat: every handler, attributes of the parser, errors, encodings, external entities."""
import io, re
from xml.parsers import expat
import pyexpat
def t(f,*a,**k):
    try: r=f(*a,**k); print(getattr(f,'__name__',f),re.sub('0x[0-9a-f]{6,}','0x',repr((a,k))),'->',r if not isinstance(r,pyexpat.XMLParserType) else 'PARSER')
    except BaseException as e: print(getattr(f,'__name__',f),re.sub('0x[0-9a-f]{6,}','0x',repr((a,k))),'!!',type(e).__module__,type(e).__name__,re.sub('0x[0-9a-f]{6,}','0x',str(e)),{n:getattr(e,n) for n in ('code','offset','lineno') if hasattr(e,n)})
names=[n for n in dir(pyexpat.ParserCreate()) if n.endswith('Handler') or n.endswith('HandlerExpand')]
def run(doc,skip=(),chunks=None,enc=None,sep=None,**attrs):
    p=pyexpat.ParserCreate(enc,sep)
    for k,v in attrs.items(): setattr(p,k,v)
    def h(n):
        def f(*a):
            print('  ',n,a,p.CurrentLineNumber,p.CurrentColumnNumber,p.CurrentByteIndex)
            return 1
        return f
    for n in names:
        if n not in skip: setattr(p,n,h(n))
    try:
        if chunks:
            for i in range(0,len(doc),chunks): p.Parse(doc[i:i+chunks])
            r=p.Parse(doc[:0],True)
        else: r=p.Parse(doc,True)
        print(r)
    except LookupError as e: print(type(e),e)
    except expat.ExpatError as e: print('ERR',e,e.code,e.offset,e.lineno,p.ErrorCode,p.ErrorLineNumber,p.ErrorColumnNumber,p.ErrorByteIndex)
    return p
doc=b'''<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<?pi some data?>
<!-- comment \xe9 -->
<!DOCTYPE q SYSTEM "x.dtd" [
<!ELEMENT root (a|b)*><!ELEMENT a EMPTY><!ELEMENT b ANY><!ELEMENT c (#PCDATA|a)*><!ELEMENT d ((a,b)?,c+)>
<!ATTLIST root attr1 CDATA #REQUIRED attr2 CDATA #IMPLIED attr3 (x|y) "x">
<!NOTATION notation SYSTEM "notation.jpeg"><!NOTATION n2 PUBLIC "pub" "sys">
<!ENTITY acirc "&#226;"><!ENTITY ext SYSTEM "entity.file"><!ENTITY unp SYSTEM "u.file" NDATA notation><!ENTITY % pe "pv"><!ENTITY p2 PUBLIC "pp" "ss">
]>
<root attr1="v1" attr2="v2&#8000;"><myns:sub xmlns:myns="http://www.python.org/namespace">Contents &acirc;<sub2/></myns:sub>
<![CDATA[data ]]><b a="1" xmlns="dflt"/>&ext;&skipped;&#x1F600;text
more</root>
'''
run(doc); run(doc,skip=('DefaultHandler','DefaultHandlerExpand')); run(doc,skip=('DefaultHandler','DefaultHandlerExpand'),sep='!')
run(doc,skip=('DefaultHandler','DefaultHandlerExpand'),sep=' ',namespace_prefixes=True,ordered_attributes=True,specified_attributes=True,buffer_text=True)
run(doc,skip=('DefaultHandlerExpand','DefaultHandler'),chunks=7,buffer_text=True,buffer_size=10)
run('<a x="1">\u20ac</a>'); run(b'<a x="1">\xc3\xa9</a>',enc='utf-8'); run(b'<a>\xe9</a>',enc='latin-1'); run('<a>\xe9</a>'.encode('utf-16')); run(b'<?xml version="1.0" encoding="cp1250"?><a>\xe9\xbe</a>'); run(b'<?xml version="1.0" encoding="euc_jp"?><a/>') if 0 else None
for bad in (b'',b'<a>',b'<a></b>',b'<a',b'a',b'<a x="1" x="2"/>',b'<a>&u;</a>',b'<a/><b/>',b'<a>&#0;</a>',b'<a>\xff</a>',b'<a b:c="1"/>',b'<!DOCTYPE a [<!ENTITY x "&x;">]><a>&x;</a>',b'<?xml version="1.0" encoding="nope"?><a/>',b'<a>\n\n  <b>\n</a>',b'<?xml version="2.0"?><a/>',b'<a><![CDATA[x</a>'):
    print(bad); run(bad,skip=names); run(bad,skip=names,sep=':')
p=pyexpat.ParserCreate()
for a in ('buffer_text','buffer_size','buffer_used','namespace_prefixes','ordered_attributes','specified_attributes','ErrorCode','ErrorLineNumber','CurrentLineNumber','CurrentColumnNumber','CurrentByteIndex','intern','StartElementHandler','foo'):
    try: print(a,getattr(p,a))
    except BaseException as e: print(a,type(e).__name__,e)
for a,v in (('buffer_size',0),('buffer_size',-1),('buffer_size','a'),('buffer_size',2**31),('buffer_size',2**70),('buffer_size',5),('buffer_text',2),('buffer_used',1),('ordered_attributes','x'),('StartElementHandler',5),('StartElementHandler',None),('foo',1),('intern',{}),('ErrorCode',1)):
    try: setattr(p,a,v); print(a,v,getattr(p,a))
    except BaseException as e: print(a,v,type(e).__name__,e)
for a in ('buffer_size','buffer_text','StartElementHandler','ordered_attributes'):
    try: delattr(p,a)
    except BaseException as e: print(a,type(e).__name__,e)
t(pyexpat.ParserCreate,5); t(pyexpat.ParserCreate,'utf-8','ab'); t(pyexpat.ParserCreate,namespace_separator=42); t(pyexpat.ParserCreate,None,None,5); t(pyexpat.ParserCreate,intern=None); t(pyexpat.ParserCreate,namespace_separator=''); t(pyexpat.ParserCreate,'utf-8',' ',{},4); t(pyexpat.ParserCreate,'utf-8',foo=1); t(pyexpat.XMLParserType)
t(p.Parse,5); t(p.Parse,'<a>',0); t(p.Parse,b'</a>',1); t(p.Parse,b'<x/>',1); t(p.SetBase,'b'); t(p.GetBase); t(p.SetBase,None); t(p.GetInputContext); t(p.SetParamEntityParsing,2); t(p.UseForeignDTD); t(pyexpat.ErrorString,4); t(pyexpat.ErrorString,999); t(pyexpat.ErrorString,'a'); t(p.ParseFile,5)
p=pyexpat.ParserCreate(); l=[]; p.StartElementHandler=lambda n,a: l.append((n,a,p.GetInputContext())); print(p.ParseFile(io.BytesIO(b'<a b="c"><d/></a>')),l,p.intern)
class F:
    def read(self,n): return 'str'
t(pyexpat.ParserCreate().ParseFile,io.StringIO('<a/>'))
class F:
    def read(self,n): return b'x'*(n+1)
try: pyexpat.ParserCreate().ParseFile(F())
except ValueError as e: print(e)
p=pyexpat.ParserCreate()
def boom(*a): raise KeyError(a)
p.StartElementHandler=boom; p.EndElementHandler=boom; t(p.Parse,b'<a><b/></a>',True); print(p.StartElementHandler,p.EndElementHandler)
p=pyexpat.ParserCreate(); p.ExternalEntityRefHandler=boom; t(p.Parse,b'<!DOCTYPE a [<!ENTITY e SYSTEM "s">]><a>&e;</a>',True)
for ret in (0,1,None,'x',True):
    p=pyexpat.ParserCreate(); p.ExternalEntityRefHandler=lambda *a: ret; t(p.Parse,b'<!DOCTYPE a [<!ENTITY e SYSTEM "s">]><a>&e;</a>',True)
p=pyexpat.ParserCreate(); out=[]
def ext(context,base,sysid,pubid):
    q=p.ExternalEntityParserCreate(context); q.CharacterDataHandler=out.append; print(q.StartElementHandler is p.StartElementHandler)
    q.Parse(b'<z>entity text</z>',True); return 1
p.StartElementHandler=lambda n,a: out.append(n); p.ExternalEntityRefHandler=ext; p.Parse(b'<!DOCTYPE a [<!ENTITY e SYSTEM "s">]><a>&e;</a>',True); print(out)
p=pyexpat.ParserCreate(); p.SetParamEntityParsing(2); p.UseForeignDTD(True); p.ExternalEntityRefHandler=lambda *a: (print(a), 1)[1]; t(p.Parse,b'<a/>',True); t(p.UseForeignDTD)
print(sorted(pyexpat.errors.codes.items())==sorted((v,k) for k,v in pyexpat.errors.messages.items()), len(pyexpat.errors.codes), pyexpat.errors.XML_ERROR_SYNTAX, pyexpat.errors.__doc__, pyexpat.model.__doc__, pyexpat.errors.__name__, {k:v for k,v in vars(pyexpat.model).items() if k[0]=='X'})
print(pyexpat.EXPAT_VERSION,pyexpat.version_info,pyexpat.native_encoding,pyexpat.features,expat.ExpatError.__mro__,pyexpat.XMLParserType)
p=pyexpat.ParserCreate(); l=[]
def sw(n,a): p.StartElementHandler=None; l.append(n)
p.StartElementHandler=sw; p.CharacterDataHandler=lambda d:(l.append(d),setattr(p,'CharacterDataHandler',None)); p.Parse(b'<a>x\ny<b/>z</a>',True); print(l)
import xml.etree.ElementTree as ET, xml.dom.minidom as M, xml.sax, plistlib
print(ET.tostring(ET.fromstring(doc.replace(b'&ext;&skipped;',b''))),M.parseString(b'<a b="c">t<!--x--></a>').toxml())
print(plistlib.loads(plistlib.dumps({'a':[1,2.5,b'x',True]})))
