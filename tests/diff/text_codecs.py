"""The registry of codecs, error handlers, incremental decoding, charmaps, escapes."""
import codecs
import _codecs


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


codecs.register(lambda n: print("search", n) or None)
for s in ["'a'.encode('Foo Bar-baz.x__y')", "'a'.encode('FOO\\u00e9')", "'a'.encode('x'*3+'\\0')", "b'a'.decode('hex')",
          "'a'.encode('hex')", "'a'.encode('rot13')", "b'a'.decode('rot13')", "codecs.lookup_error('foo')",
          "'\\xff'.encode('ascii','foo')", "'a'.encode('ascii','foo')", "codecs.lookup_error('strict')(1)",
          "codecs.lookup_error('ignore')(1)", "codecs.lookup_error('ignore')(ValueError())",
          "codecs.lookup_error('xmlcharrefreplace')(UnicodeDecodeError('a',b'b',0,1,'c'))",
          "codecs.lookup_error('replace')(UnicodeTranslateError('abc',0,2,'c'))",
          "codecs.lookup_error('backslashreplace')(UnicodeTranslateError('abc',0,2,'c'))",
          "codecs.lookup_error('namereplace')(UnicodeEncodeError('x','a\\u20ac\\x80',0,3,'c'))",
          "codecs.lookup_error('surrogateescape')(UnicodeEncodeError('x','a',0,1,'c'))",
          "codecs.lookup_error('surrogatepass')(UnicodeEncodeError('utf-8','\\ud800',0,1,'c'))",
          "codecs.lookup_error('surrogatepass')(UnicodeEncodeError('utf-8','a',0,1,'c'))",
          "codecs.register_error(1,2)", "codecs.register_error('x',2)", "codecs.register(1)", "codecs.lookup(1)",
          "codecs.unregister(1)", "codecs.charmap_build('abc')", "codecs.charmap_encode('\\xe9','strict',{233:300})",
          "codecs.charmap_encode('\\xe9','strict',{233:'a'})", "codecs.charmap_encode('\\xe9','strict',{233:None})",
          "codecs.charmap_encode('a\\xe9','replace',{97:98})", "codecs.charmap_encode('a\\xe9','replace',{97:98,63:b'zz'})",
          "codecs.charmap_decode(b'ab','strict',{97:0x110000})", "codecs.charmap_decode(b'ab','strict',{97:1.0})",
          "codecs.charmap_decode(b'ab','strict',{97:'xyz',98:None})", "codecs.charmap_decode(b'ab','replace',{97:'xyz',98:None})",
          "codecs.charmap_decode(b'ab','strict','x')", "codecs.charmap_decode(b'ab')", "codecs.charmap_encode('ab')",
          "codecs.charmap_encode('\\u1234')", "'\\xe9\\u20ac'.encode('ascii','xmlcharrefreplace')",
          "'\\ud800a'.encode('utf-8','replace')", "'\\udc80a\\ud800'.encode('utf-8','surrogateescape')",
          "'\\ud800'.encode('utf-16','surrogatepass')", "b'\\x00\\xd8'.decode('utf-16-le','surrogatepass')",
          "b'\\xff\\xfe'.decode('ascii','surrogateescape')", "b'a\\xff'.decode('utf-8','backslashreplace')",
          "b'\\xff'.decode('utf-8','xmlcharrefreplace')", "b'\\xff'.decode('utf-8','foo')", "codecs.utf_8_decode(b'\\xe2\\x82')",
          "codecs.utf_8_decode(b'\\xe2\\x82',None,True)", "codecs.escape_decode(b'a\\\\x41\\\\n')", "codecs.escape_decode(b'\\\\x4')",
          "codecs.escape_decode(b'\\\\x4','foo')", "codecs.escape_decode(b'\\\\x4','replace')", "codecs.escape_encode(b'a\\'\"\\xff')",
          "codecs.escape_encode('a')", "codecs.unicode_escape_decode('a\\\\u00e9')", "codecs.unicode_escape_decode(b'\\\\u12')",
          "codecs.unicode_escape_decode(b'\\\\N{foo}')", "codecs.unicode_escape_decode(b'\\\\N{EURO SIGN}')",
          "codecs.unicode_escape_decode(b'\\\\',None,False)", "codecs.raw_unicode_escape_decode('a\\\\u00e9')",
          "codecs.readbuffer_encode('a\\xe9')", "codecs.utf_8_encode(1)", "codecs.utf_8_decode('a')",
          "codecs.utf_16_ex_decode(b'\\xff\\xfea\\0',None,0,True)", "codecs.utf_16_ex_decode(b'a\\0',None,-1)",
          "codecs.encode('a','hex')", "codecs.encode(b'a','hex')", "codecs.decode(b'zz','hex')", "codecs.encode('a')",
          "codecs.decode(b'a')", "codecs.utf_32_encode('a',None,-1)", "codecs.utf_7_encode('\\xe9+')", "codecs.ascii_decode(b'\\xe9')",
          "codecs.latin_1_encode('\\u1234')", "'\\u1234'.encode('iso-8859-1')", "'\\u1234'.encode('L1')", "'\\u1234'.encode('cp1252')",
          "'\\u1234'.encode('koi8-r', 'replace')", "'\\u0416'.encode('koi8-r')", "b'\\xf6'.decode('koi8_r')",
          "'a\\ud800'.encode('UTF_16')", "'a\\ud800'.encode('utf-32-be')", "'\\xe4.x'.encode('idna')", "'\\xe4x'.encode('punycode')"]:
    print(s, end=" ")
    show(lambda: eval(s))
for name, handler in {"r1": lambda e: 1, "r2": lambda e: ("a", 99), "r3": lambda e: ("\xe9", e.end), "r4": lambda e: (b"zz", -1),
                      "r5": lambda e: (1, 1), "r6": lambda e: ("<%d>" % e.start, e.start + 1)}.items():
    codecs.register_error(name, handler)
    for s in ("a\xe9b", "\u20ac\u20acx", ""):
        for enc in ("ascii", "cp1252", "latin-1", "utf-8"):
            show(lambda: s.encode(enc, name))
    for b in (b"a\xffb", b"\xe2\x82", b"\x81\x81"):
        for enc in ("ascii", "cp1252", "utf-8", "utf-16", "unicode_escape", "utf-7"):
            show(lambda: b.decode(enc, name))
text = "a\xe9\u20ac\U0001F600\n+-~\\"
for enc in ("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "utf-8-sig", "unicode_escape", "raw_unicode_escape"):
    data = text.encode(enc)
    print(enc, data)
    d = codecs.getincrementaldecoder(enc)()
    print([ascii(d.decode(data[i:i + 1])) for i in range(len(data))], ascii(d.decode(b"", True)))
    e = codecs.getincrementalencoder(enc)()
    print([e.encode(c) for c in text])
for n in sorted(n for n in dir(_codecs) if n[0] != "_"):
    print(n)
print([codecs.lookup(n).name for n in ("utf8", "UTF-8", "latin1", "cp1252", "ascii", "U8", "646")])
