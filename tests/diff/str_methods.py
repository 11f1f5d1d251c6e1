"""Every method of str, with its edge cases and error messages."""
from _show import err, show

samples = ["", "abc", "Hello World", "ÄÖÜ straße", "ǆ ﬁ İ", "123", "½ ²", "٣٤", "  \t\n x ", "a\x00b", "ẞ", "日本語", "𝄞🎉", "\ud800", "Ω ς Σ", "title Case tEXT", "_ident1", "1x", "ʼn"]
for s in samples:
    print(ascii(s), [ascii(getattr(s, m)()) for m in ("upper", "lower", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip", "rstrip")])
    print([getattr(s, m)() for m in ("isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper")])
    show(ascii(s[::-1]), len(s), ascii(s.center(12, "*")), ascii(s.zfill(8)), ascii(s.split()), ascii(s.expandtabs(4)), ascii(s.partition(" ")), ascii(s.rpartition(" ")))
show("a,b,,c".split(","), "a,b,,c".split(",", 1), "a,b,,c".rsplit(",", 1), " a  b ".split(), " a  b c ".split(None, 1), " a  b c ".rsplit(None, 1), "".split(), "".split(","), "abc".split("abc"), "aXXbXXc".split("XX"))
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i".splitlines(), "a\n\nb\n".splitlines(True), "".splitlines(), "\n".splitlines())
show("abcabc".find("c"), "abcabc".rfind("c"), "abcabc".find("c", 3), "abcabc".find("z"), "abcabc".find(""), "abcabc".find("", 10), "abcabc".rfind(""), "abc".find("b", -2), "abc".find("c", 0, -1), "abcabc".index("b"), "abcabc".rindex("b"))
print("aaaa".count("aa"), "aaaa".count(""), "abc".count("b", 1), "abc".count("b", 2), "".count(""), "日本日".count("日"))
show("abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".startswith("b", 1), "abc".startswith(""), "abc".startswith("", 4), "abc".endswith("c"), "abc".endswith(("b", "bc")), "abc".endswith("b", 0, 2), "abc".startswith(()))
show("aXbXc".replace("X", "--"), "aXbXc".replace("X", "", 1), "abc".replace("", "-"), "abc".replace("", "-", 2), "".replace("", "x"), "aaa".replace("aa", "b"), "abc".replace("z", "y"), "日本".replace("日", "x"), "abc".replace("b", "€"))
print("-".join(["a", "b"]), "".join([]), ", ".join("abc"), "x".join(["solo"]), "".join(str(i) for i in range(5)), "€".join(["a", "𝄞"]))
print("xxabcxx".strip("x"), "xyabcyx".lstrip("xy"), "abc".rstrip("cb"), "abc".strip(""), "  a ".strip(None), "\u2003a\u2003".strip())
show("abc".ljust(6, "."), "abc".rjust(6, "."), "abc".center(6, "."), "abc".center(7, "."), "abc".ljust(2), "+5".zfill(5), "-5".zfill(5), "--5".zfill(6), "".zfill(3), "日".center(5, "本"))
print("prefix_name".removeprefix("prefix_"), "name.txt".removesuffix(".txt"), "abc".removeprefix("x"), "abc".removesuffix(""))
show("abc".translate({97: "X", 98: None, 99: 0x20AC}), "abc".translate(str.maketrans("ab", "xy", "c")), str.maketrans({"a": 1, 98: "z"}), str.maketrans("ab", "cd"), "abc".translate(str.maketrans({"a": "long"})))
print("a\tb\tc".expandtabs(), "a\tb\nc\td".expandtabs(4), "\t".expandtabs(0), "ab\tc".expandtabs(1))
show("abc" * 3, 0 * "a", -1 * "a", "a" "b", "abc" + "", "b" in "abc", "" in "", "bc" in "abc", "x" not in "abc", "a" < "b", "a" < "B", "ab" > "a", "é" > "z", "abc" == "abc", "\ud800" < "\U00010000")
print("abc"[0], "abc"[-1], "abc"[1:], "abc"[::-1], "abcdef"[1:5:2], "abc"[5:], "abc"[-100:100], "a€𝄞"[1], "a€𝄞"[2], "abcdef"[::-2], "abcdef"[4:1:-1])
show("abc".encode(), "é€𝄞".encode(), "é".encode("latin-1"), "é€".encode("ascii", "replace"), "é€".encode("ascii", "ignore"), "é€".encode("ascii", "xmlcharrefreplace"), "é€".encode("ascii", "backslashreplace"), "é".encode("ascii", "namereplace"), "\udc80".encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"), "a".encode("utf-16"), "a𝄞".encode("utf-16-le"), "a".encode("utf-32-be"), "aé".encode("utf-7"), "é".encode("cp1252"), "x".encode("utf-8-sig"), "ü".encode("idna"), "bücher.de".encode("punycode"))
for f in (lambda: "é".encode("ascii"), lambda: "\ud800".encode(), lambda: "€".encode("latin-1"), lambda: "a".encode("nonsense"), lambda: "é".encode("ascii", "nonsense"), lambda: "a".encode(5), lambda: "abc"[3], lambda: "abc"["a"], lambda: "abc"[1.0], lambda: "abc".index("z"), lambda: "abc".rindex("z"), lambda: "a".split(""), lambda: "a".split(5), lambda: "a".join([1]), lambda: "a".join(["x", 1]), lambda: "a".join(5), lambda: "a".find(1), lambda: "a".replace("a"), lambda: "a".replace(1, 2), lambda: "a".startswith(1), lambda: "a".startswith(("a", 1)) if False else "z".startswith(("a", 1)), lambda: "a".center("x"), lambda: "a".center(5, "xx"), lambda: "a".zfill("x"), lambda: "a".translate(), lambda: "a".translate(5), lambda: str.maketrans("a"), lambda: str.maketrans("a", "bc"), lambda: str.maketrans({"ab": 1}), lambda: str.maketrans(5), lambda: "a".partition(""), lambda: "a".partition(1), lambda: "a" in 5, lambda: 5 in "a", lambda: "a" + 5, lambda: "a" * 1.5, lambda: "a" < 5, lambda: "a".strip(5), lambda: "a".count(), lambda: "a".count(1), lambda: "a".expandtabs("x"), lambda: "a".splitlines(foo=1), lambda: "a".removeprefix(1), lambda: "a".upper(1), lambda: "a".encode(errors=5), lambda: str(b"\xff", "utf-8"), lambda: str(b"a", "ascii", "strict", 1), lambda: str("a", "utf-8"), lambda: str(5, "utf-8"), lambda: "a".translate({97: 0x110000}), lambda: "a".translate({97: 1.5}), lambda: "abc".__getitem__(slice("a")), lambda: str.join("a"), lambda: "%s".__mod__(()), lambda: "a".ljust(1 << 70), lambda: ord("ab"), lambda: ord(""), lambda: ord(5), lambda: chr(-1), lambda: chr(0x110000), lambda: chr("a"), lambda: "a".format(*5)):
    err(f)
show(str(), str(5), str(None), str(b"abc"), str(b"abc", "ascii"), str(b"\xc3\xa9", encoding="utf-8"), str(b"\xff", "utf-8", "replace"), str(bytearray(b"x"), "utf-8"), str(memoryview(b"m"), "utf-8"), str(object=1))
for s in ["abc", "it's", 'say "hi"', "both ' \"", "tab\t nl\n cr\r bs\\ nul\0 bell\a del\x7f", "é ñ", "\x80\xa0\xad", "\u2028\u200b\ufeff\uffff", "\ud800\udfff", "𝄞\U0010ffff\U000e0001", "日本"]:
    print(repr(s), ascii(s), len(repr(s)))
show(ord("a"), ord("€"), ord("𝄞"), chr(97), chr(0x20AC), chr(0x1D11E), repr(chr(0)), hash("") == hash(""), "a".__hash__() == hash("a"), "abc".__sizeof__() > 0, "%c" % 8364)
import sys

show(sys.intern("abc") is sys.intern("ab" + "c"), "abc".__contains__("b"), "abc".__getnewargs__(), [c for c in "a€𝄞"], list(reversed("abc")), sorted("hello"), max("abc"), "".join(map(chr, range(120, 130))))


class S(str):
    def __str__(self):
        return "S str"

    def extra(self):
        return "extra " + self


s = S("value")
show(s, repr(s), s.upper(), type(s.upper()), type(s[:]), s == "value", s.extra(), f"{s}", "%s" % s, s + "", type(s + ""), hash(s) == hash("value"), {s: 1}["value"], str(s), "".join([s]), str.__str__(s), type(str.__str__(s)), s.encode())
show("ﬀ".upper(), "ŉ".title(), "ΑΣ".lower(), "ΑΣΑ".lower(), "İ".lower().encode(), "ß".casefold(), "ß".upper(), "ǅ".swapcase(), "i̇".upper(), "ͅ".upper(), "ᾳ".upper(), "ᾳ".title())
show("a" == "a\0", "a\0" > "a", "\0".isprintable(), "".isascii(), "\x7f".isascii(), "\x80".isascii(), " ".isprintable(), "\u00a0".isspace(), "\x1c".isspace(), "\u200b".isspace())
