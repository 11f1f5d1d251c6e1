"""Objects of re, their errors, and matches that would recurse deeply."""
import re
from _show import err
def show(f):
    try: print(ascii(f()))
    except Exception as e: print(type(e).__name__, ascii(str(e)))
p=re.compile('(?P<a>a)(b)?'); m=p.match('ab')
for s in ["p.match(1)","p.match(b'a')","re.compile(b'a').match('a')","p.match()","m.group(5)","m.group('x')","m.group(1.5)","m.group(-1)","m.group(0,1,2)","m['a']","m[2]","m.start(5)","m.span('a')","m.end(2)","m.groups('x')","m.groupdict(9)","m.expand(r'\\g<a>-\\2')","m.expand('\\\\x')","p.sub('x')","p.sub(1,'ab')","p.sub(lambda m:1,'ab')","p.sub(lambda m:None,'ab')","p.sub('x','ab',count=-1)","p.subn('[\\\\1]','abaab')","p.split('xaby',1)","p.split('xaby',maxsplit=0)","p.findall('abaab')","p.findall('abaab',1,3)","list(p.finditer('abaab'))","p.fullmatch('ab')","p==re.compile('(?P<a>a)(b)?')","p!=1","p<p","hash(p)==hash(re.compile('(?P<a>a)(b)?'))","p.__copy__() is p","p.__deepcopy__(1) is p","m.__copy__() is m","p.flags","p.groups","p.groupindex","p.pattern","p.x","p.__class_getitem__(str)","p.match('ab',1)","p.match('xab',1).span()","p.match('ab',-5)","p.match('ab',10)","p.match('ab','a')","p.search(bytearray(b'a'))","re.compile(b'a').search(memoryview(b'ba'))","re.compile('a').sub(b'x','a')","re.compile(b'a').sub('x',b'a')","re.compile('a').scanner('aba').search()","m.re is p","m.string","m.lastindex","re.compile('a*').findall('baac')","re.compile('a*').split('baac')","re.compile('a*').sub('x','baac')","re.compile('(?<=a)b').search('ab',1)","re.compile('\\\\bfoo').search('xfoo',1)","re.compile('^a').search('ba',1)","re.compile('a$').search('ab',0,1)","re.sub('(a)|b', r'[\\1]', 'ab')","re.compile('x'*250)","re.compile(b'a',re.L)","re.compile('a',re.U)","repr(m)","bool(m)","m.span(b'a')","re.compile('(a)(?(1)b|c)').findall('abc')","type(p)","type(m)","type(p)()","p.search.__self__ is p","re.compile(b'(\\xe9)(?i)' if 0 else b'(?i)\\xe9').findall(b'\\xc9\\xe9')","re.compile('(?i)\\u0130').findall('i\\u0130I\\u0131')","re.compile('(?i)[k-m]').findall('K\\u212a')","re.compile('(?i)\\u03c3').findall('\\u03c3\\u03c2\\u03a3')","re.compile('(?ia)\\xe9').findall('\\xe9\\xc9')"]:
    print(s, end=' '); show(lambda: eval(s))
# long texts, no recursion
n=20000
show(lambda: re.match('(?:a|b)*c', 'ab'*n+'c').end())
show(lambda: re.match('(?:a|b)*?c', 'ab'*n+'c').end())
show(lambda: re.match('(?:(a)|b)*c', 'ab'*n+'c').span(1))
show(lambda: re.match('(.)*', 'x'*n).span(1))
show(lambda: re.match('(?s:.)*?y', 'x'*n+'y').end())
show(lambda: re.search('(?:x+x+)+y', 'x'*20))
show(lambda: re.match('(?:(?:ab)*+c)*+', ('ab'*3+'c')*n).end())
show(lambda: len(re.findall('(?=(a+))', 'a'*200)))
show(lambda: re.fullmatch('(?:a{1,3}){2,5}', 'a'*15))
show(lambda: re.fullmatch('(?:a{1,3}){2,5}', 'a'*16))
show(lambda: re.match(r'(\w+)(?<!x)\b', 'abcx yz'))
show(lambda: re.match(r'((a)|(b))*', 'ab').groups())
show(lambda: re.match(r'(a)?(?(1)b|c)', 'c').groups())
show(lambda: re.match('(' * 50 + 'a' + ')' * 50, 'a').group(50))
show(lambda: re.compile('|'.join('k%d' % i for i in range(500))).findall('k499 k3 k77x'))


class Index:
    def __index__(self):
        raise ZeroDivisionError("index")


m = re.match("(?P<a>x)(y)?", "x")
for which in ([], Index(), 2**70, -(2**70), "b", b"a", 1.0, None, True):
    for method in (m.group, m.start, m.span, m.__getitem__):
        err(method, which)
err(m.group, 0, [])
