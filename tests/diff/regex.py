"""re: syntax, flags, methods, groups, substitution, errors, representation."""
import re
from _show import err, show

cases = [
    (r"a.c", "abc a\nc axc"), (r"a*", "baaac"), (r"(a)(b)?", "ab a"), (r"^\w+", "word two\nthree"), (r"\d{2,3}", "1 22 333 4444"), (r"\d{2,3}?", "4444"), (r"[^a-c]+", "abcdefabc"), (r"(?i)HELLO", "hello HeLLo"),
    (r"(?m)^x$", "x\nx\ny"), (r"(?s).+", "a\nb"), (r"(?x) a  b # comment", "ab"), (r"(?P<n>a)(?P=n)", "aab"), (r"(a)|(b)", "ab"), (r"(?:ab)+", "ababx"), (r"a(?=b)", "ab ac"), (r"a(?!b)", "ab ac"), (r"(?<=a)b", "ab cb"), (r"(?<!a)b", "ab cb"),
    (r"\bfoo\b", "foo food foo"), (r"\Boo", "foo oo"), (r"\s+", "a \t\nb"), (r"\S+", " ab cd "), (r"\W", "a-b c"), (r"\D+", "12ab34"), (r"(\w)\1", "aabbcd"), (r"(?P<a>x)?(?(a)y|z)", "xy z xz"), (r"(a+)+b", "aaab"), (r"a{,2}", "aaa"), (r"a{2,}", "aaaa"),
    (r"[]a]", "]a"), (r"[a\]b-]", "-]"), (r"\x41\u0042\U00000043\103", "ABCC"), (r"[\w-]+", "a-b_c"), (r"é+", "ééé"), (r"(?a)\w+", "aéb"), (r"\w+", "aéb"), (r"(?i)É", "é"), (r"\A\w|\w\Z", "abc"), (r"a|b|c|", "dcba"), (r"(?>a+)b", "aaab"), (r"a++b", "aab"), (r"a*+a", "aaa"),
    (r"(a|ab)(c|bcd)(d*)", "abcd"), (r".*?,", "a,b,c"), (r"x*", "axb"), (r"$", "ab\n"), (r"\Z", "ab\n"), (r"(?i:a)b", "Ab AB"), (r"(?-i:a)b", "ab"), (r"\N{DIGIT ONE}", "1"), (r"[\d.]+", "1.5 2"), (r"((a)(b(c)))", "abc"), (r"(?:(a)|b)*", "ab"), (r"\\", "a\\b"), (r"[\x00-\x1f]", "\t"), (r"[^\W\d_]+", "ab1_é"), (r"ſ", "s"), (r"(?i)ſ", "sS"), (r"(?i)[k]", "\u212a"), (r"(?u)\w", "é"), (r"(?s:.)x", "\nx"),
]
for p, s in cases:
    r = re.compile(p)
    m = r.search(s)
    show(p, r.findall(s), m and (m.span(), m.group(), m.groups()), [x.span() for x in r.finditer(s)], r.sub("<>", s), r.split(s), bool(r.match(s)), bool(r.fullmatch(s)), r.groups, dict(r.groupindex))
m = re.match(r"(?P<first>\w+) (?P<second>\w+)?( x)?", "hello world")
show(m, m[0], m[1], m["second"], m.group(1, 2), m.group("first"), m.groups(), m.groups("d"), m.groupdict(), m.start(), m.end("second"), m.span(3), m.pos, m.endpos, m.lastindex, m.lastgroup, m.string, m.re.pattern, m.expand(r"\2 \g<first> \g<1>"), m.regs)
for f in (lambda: m[9], lambda: m["zz"], lambda: m.group("q"), lambda: m.start(9), lambda: m.expand(r"\9"), lambda: m.expand(r"\g<zz>"), lambda: re.sub("a", r"\1", "a"), lambda: re.sub("a", r"\g<", "a"), lambda: re.sub("a", "\\", "a"), lambda: re.sub("a", r"\q", "a"), lambda: re.match("a", b"a"), lambda: re.match(b"a", "a"), lambda: re.match(5, "a"), lambda: re.match("a", 5), lambda: re.sub("a", 5, "a"), lambda: re.compile("a", 5.5), lambda: re.compile(re.compile("a"), re.I), lambda: re.split("a"), lambda: re.compile(b"a", re.U), lambda: re.compile("a", re.L)):
    err(f)
for p in ("(", ")", "[", "*", "a**", "(?", "(?P", "(?P<", "(?P<1>a)", "(?P<a>x)(?P<a>y)", "(?P=z)", r"\1", r"(a)\2", "a{3,1}", "(?z)", "(?i", "[z-a]", "[a", r"\q", r"\x1", r"\u12", r"\N{zz}", "(?<=a+)b", "(?(1)a|b|c)", "(?(zz)a)", "\\", "(?#", "(?<a)", "x(?i)", "(?P<a", "(?iL)a", "(?i-i:a)", "(?-:a)", "(?au)", "[[:alpha:]", "+a", "a|*", "(?P>a)", r"[\d-z]", "(?(0)a)", "a{1}{2}", "(?:", r"\400", "(?i:"):
    try:
        re.compile(p)
        print(p, "ok")
    except re.error as e:
        print(p, "|", e, "|", e.msg, e.pos, e.lineno, e.colno)
show(re.sub(r"(\w+) (\w+)", r"\2 \1", "a b c d"), re.sub("a", lambda m: m[0].upper() * 2, "banana"), re.sub("a", "x", "banana", 2), re.sub("", "-", "abc"), re.sub("x*", "-", "abxd"), re.subn("a", "b", "aaa"), re.sub(r"(?P<n>.)", r"\g<n>\g<0>", "ab"), re.sub("a", r"\n\\", "a"), re.sub("(a)?b", r"[\1]", "b ab"), re.sub(".", "x", "ab", flags=re.S, count=1))
show(re.split(r"(,)\s*", "a, b,c"), re.split(",", "a,b,c", 1), re.split("x*", "axbc"), re.split(r"\b", "a b"), re.findall(r"(a)(b)?", "aba"), re.findall("", "ab"), re.escape("a.b*c d-é\n"), re.escape(b"a.b"), re.fullmatch("a|ab", "ab"), re.search("b", "abc").span(), re.compile("b").search("abcb", 2), re.compile("^b").match("ab", 1), re.compile("b$").search("ab", 0, 1), re.compile("a").match("ba", 1), re.compile("a").findall("aaaa", 1, 3))
show(re.compile("a", re.I | re.M), re.compile(b"x", re.S), repr(re.compile("a" * 300))[:60], re.I, re.I | re.X, re.compile("(?i)a").flags, re.compile(b"a").flags, re.RegexFlag(0), re.compile("a") == re.compile("a"), hash(re.compile("a")) == hash(re.compile("a")), re.compile("a") != re.compile("a", re.I))
show(re.findall(rb"\w+", b"ab cd\xe9"), re.sub(rb"a", rb"b", b"aa"), re.match(rb"(?i)A", bytearray(b"a")).group(), re.search(b"b", memoryview(b"abc")).group(), re.findall(r"[\u4e00-\u9fff]+", "ab日本c"), re.findall("𝄞.", "𝄞a𝄞b"))
sc = re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\w+", lambda s, t: t), (r"\s+", None)])
print(sc.scan("12 ab 3 !x"))
import copy
import pickle

print(pickle.loads(pickle.dumps(re.compile("a", re.I))), copy.copy(m) is m, copy.deepcopy(re.compile("x")).pattern)
long = "a" * 5000
show(re.match("(a|b)*", long).end(), re.match("(?:a|b)*?$", long).end(), re.match("a*a*a*b", "a" * 100) is None, len(re.findall("(?:x|y|a)", long)), re.search("(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)", "abcdefghijk").group(11), re.match("".join(f"(?P<g{i}>.)" for i in range(120)), "z" * 200).lastgroup)
show(re.compile(r"(?:(?:ab|cd)+?e){2,3}").findall("abecdeabe" * 2), re.match(r"(?:(\d+)|(\w+)|(.))*", "12ab!").groups(), re.match("(a(b)?)+", "aba").groups(), re.match("(a(?=b(c)))b", "abc").groups(), re.match("(?:(x)|(y))*", "xy").groups(), re.findall(r"(?<=(a))b", "abb"), re.findall("(?=(..))", "abcd"))
re.purge()
print([f.name for f in re.RegexFlag][:4])
