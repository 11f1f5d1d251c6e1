"""textwrap, pprint, shlex, html, urllib.parse, uuid, difflib."""
from _show import show
import difflib
import fnmatch
import html
import pprint
import shlex
import string
import textwrap
import urllib.parse
import uuid

# text and data tools
show(textwrap.fill("The quick brown fox jumps over the lazy dog. " * 3, 30), textwrap.dedent("  a\n    b\n  c"), textwrap.indent("a\nb", "> "), textwrap.shorten("hello big world", 10), string.ascii_letters, string.punctuation)
pprint.pprint({"key%d" % i: list(range(i * 3)) for i in range(6)}, width=40)
show(pprint.pformat([1, (2,), {"b": 1, "a": {3}}]), shlex.split("a 'b c' \"d e\" f\\ g # c", comments=True), shlex.quote("it's"), shlex.join(["a b", "c"]), fnmatch.filter(["a.py", "b.txt"], "*.py"), fnmatch.translate("a?[b-c]*"), html.escape("<a&'\">"), html.unescape("&lt;&eacute;&#65;&notit;"), urllib.parse.urlparse("http://u:p@h:80/p;x?q=1#f"), urllib.parse.quote("a b/é?"), urllib.parse.unquote("a%20%C3%A9+"), urllib.parse.urlencode({"a": "1 2", "b": ["x"]}), urllib.parse.parse_qs("a=1&a=2&b="), urllib.parse.urljoin("http://a/b/c", "../d"), uuid.uuid5(uuid.NAMESPACE_DNS, "x"), uuid.UUID(int=5), list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), difflib.get_close_matches("appel", ["apple", "ape"]), difflib.SequenceMatcher(None, "abcd", "bcde").ratio())
