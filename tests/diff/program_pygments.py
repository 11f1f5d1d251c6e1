# Pygments highlights files of the library as HTML, and one as text for a terminal.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import hashlib
import sysconfig
from pathlib import Path

from pygments import highlight, lex
from pygments.formatters import HtmlFormatter, Terminal256Formatter
from pygments.lexers import JsonLexer, PythonLexer, guess_lexer, get_lexer_by_name
from pygments.token import Error

library = Path(sysconfig.get_paths()["stdlib"])
for name in "argparse.py", "heapq.py", "json/decoder.py", "asyncio/queues.py":
    source = (library / name).read_text(encoding="utf-8")
    page = highlight(source, PythonLexer(), HtmlFormatter(full=True, linenos="table", title=name))
    print(name, len(page), hashlib.sha256(page.encode()).hexdigest())
    print(page[-600:])
    print([token for token in lex(source, PythonLexer()) if token[0] is Error])
print(HtmlFormatter(style="monokai").get_style_defs(".code")[:1500])
print(repr(highlight("def f(x: int = 3) -> 'str':\n    return f'{x!r:>{10}}'  # note\n", PythonLexer(), Terminal256Formatter())))
print(highlight('{"a": [1, 2.5, null, "\\u20ac"]}', JsonLexer(), HtmlFormatter()))
print(guess_lexer("#!/usr/bin/perl\nprint 'x';\n").name)
for language, text in [("c", "int main(void) { return 0x1F; /* end */ }"), ("sql", "select * from t where a = 'b'"),
                       ("bash", "for i in $(ls); do echo \"$i\"; done"), ("yaml", "a: [1, 2]\nb: !tag {x: y}\n")]:
    print(language, list(get_lexer_by_name(language).get_tokens(text)))
