# time: 60
"""Tracebacks as printed by the interpreter itself and by the traceback module, with carets."""
import io
import os
import subprocess
import sys
import tempfile
import traceback
from _show import err, show

PROGRAMS = [
    "1/0", "x = 1\ny = x + undefined", "def f(a):\n    return a['k']['z']\nf({'k': None})", "def f():\n    raise ValueError('text')\ndef g():\n    f()\ng()",
    "class A:\n    def m(self):\n        return self.missing.other\nA().m()", "print(1 + (2 / 0) * 3)", "foo(1,\n    2,\n    3)", "x = [1, 2,\n     3][10]", "(lambda: 1/0)()", "[1/0 for x in [1]]", "list(1/y for y in [0])",
    "try:\n    1/0\nexcept ZeroDivisionError:\n    raise KeyError('second')", "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('second') from e", "try:\n    1/0\nexcept ZeroDivisionError:\n    raise KeyError('second') from None",
    "def f(n):\n    if n: f(n-1)\n    else: 1/0\nf(10)", "def f():\n    f()\nf()", "raise ExceptionGroup('eg', [ValueError(1), ExceptionGroup('in', [KeyError('k')])])", "def f():\n    raise TypeError('in f')\ntry:\n    f()\nexcept TypeError as e:\n    raise ExceptionGroup('g', [e, ValueError(2)])",
    "e = ValueError('x')\ne.add_note('note 1')\ne.add_note('two\\nlines')\nraise e", "import json\njson.loads('{')", "assert 1 == 2, 'message'", "assert False", "raise SystemExit('exit text')", "class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "class E(Exception):\n    pass\nraise E", "class E(Exception): pass\nE.__module__ = 'builtins'\nraise E('b')", "raise ValueError", "raise KeyError('k')", "raise ValueError('multi\\nline')", "raise ValueError('')", "raise OSError(2, 'No such', 'f')",
    "x = (1,\n", "x = = 1", "def f(:\n  pass", "if 1:\npass", "  x = 1", "x = 'abc", "print 'hello'", "x = 5 5", "for x in y\n  pass", "foo(a b)", "a = {1: 2, 3}", "f(**a, *b)", "exec('x = (')", "eval('1 +')", "compile('\\n\\n  bad', 'file.py', 'exec')", "import nosuchmodule", "from os import nosuchname", "from . import x", "import os.nosuch",
    "a = 1\nb = 'é' + a", "日本 = None\n日本.x", "x = {\n    'a': 1,\n    'b': [][0],\n}", "with open('/no/such/file') as f:\n    pass", "def gen():\n    yield 1\n    raise ValueError('gen')\nfor x in gen(): pass", "async def c():\n    await d()\nasync def d():\n    1/0\nc().send(None)", "class M(type):\n    def __new__(m, n, b, d):\n        raise TypeError('meta')\nclass C(metaclass=M):\n    x = 1", "@(lambda f: 1/0)\ndef f(): pass", "def d(x=1/0): pass", "x: int = 1/0", "f'{1/0}'", "x = 1\nx.foo.bar", "x = None\nx[0]", "x = 1\nx()", "a, b = 1, 2, 3", "a, b = 5", "for a, b in [(1,)]: pass", "del x", "x = []\nx[0] = 1", "x = 3\nx += 'a'", "-'a'", "not_callable = 5\nnot_callable(1)(2)", "import sys\nsys.exit(3)", "import sys\nsys.stderr.write('no newline')\n1/0", "int('x' * 10)", "''.join([1])", "sorted([1, 'a'])", "max([])", "{}['a']", "next(iter([]))", "def f(a): pass\nf()", "def f(a, b): pass\nf(1, b=2, c=3)", "globals()['x']", "__import__('a.b')", "return 5", "yield 1", "break", "continue", "x = yield", "nonlocal x", "def f():\n    nonlocal zz", "lambda x=: 1", "1 = x", "f() = 1", "x + 1 = 2", "None = 1", "(a, 1) = 2", "[a, b()] = 1", "x if y = 1", "def f(a, a): pass", "def f(a=1, b): pass", "def f(*): pass", "f(a=1, a=2)", "f(x for x in y, 1)", "from x import (a, b", "from x import *, a", "import a as b.c", "try: pass", "class C(: pass", "while True print(1)", "else: pass", "x = [1, 2", "x = {1: 2", "x = 1 +", "\"\"\"abc", "x = 0777", "x = 1_", "x = 0xg", "x = 1e", "x = $", "x = a?b", "x = 'a' b'c'", "\\", "x = \\ 1", "\tx = 1\n        y = 2" if False else "if 1:\n\tx = 1\n        y = 2", "# -*- coding: nope -*-", "match x:\n  case 1: pass\n  case a | b: pass", "async def f():\n  yield 1\n  return 2", "x = {**a for a in b}", "x = (*a)", "print(*a, **b, c)", "with a as 1: pass", "for 1 in x: pass", "del f()", "a.b: int = f() = 2", "x = await y", "def f():\n  x = 1\n  global x", "from __future__ import nope", "x = 1\nfrom __future__ import annotations", "a := 1", "(a.b := 1)", "if x = 1: pass", "f(a.b=1)", "f(1=2)", "f(True=1)", "def f(x, /, y, /): pass", "def f(*, **k): pass", "def f(**k, a): pass", "def f(*a, *b): pass", "import", "from", "from x", "from x import", "raise x from", "global", "assert", "del", "class", "def", "lambda", "with", "if", "while", "for", "async", "@", "@x", "x.", "x[", "x(", "x.1", "1.x", "1x", "0b12", "0o8", "'\\N{zz}'", "'\\x1'", "b'\\x1'", "b'é'", "f'{'", "f'{a!z}'", "f'{}'", "x = 'a\nb'", "if 1:\n  x\n y", "  \n  x\n", "x = 1;;", "pass pass", "x = not", "x = (yield) = 1", "a, b += 1", "a: int, b: int", "(a, b): int", "a + b: int", "x = [i for i in range(5) if]", "x = [for i in y]", "x = {a: b for}", "x = [*a for a in b]", "é€ = 1", "x = “quoted”", "x = 1\u00a0+ 1", "def f() -> : pass", "class A:\n", "if x:\n", "def f():\n    \"\"\"doc\"\"\"\n  x", "print(f(1, 2)", "x = foo(\n  1,\n  2\ny = 3", "x = [1, 2)", "x = (1]", ")", "]", "x = {1)", "a = b = c =", "a = (b = c)", "a == b = c", "*a", "*a = b", "a = *b", "del *a", "x = **a", "x = a if b", "x = a if b else", "lambda *: x", "lambda: (yield)", "try:\n  x\nexcept:\n  y\nexcept A:\n  z", "try:\n  x\nexcept A, B:\n  z", "try: x\nfinally", "with a, b as c, : pass", "import a.b as", "from a import b as", "from .a import", "from ...", "import .a", "x = 5if 1else 2", "0_7", "1__0", "00", "01", "1.5.5", "1..real", "...", "....", "x = 1 if 2 else 3 = 4", "x, = 1,", "f(*)", "f(**)", "f(a, *)", "f(a for a in b, c for c in d)", "f(a=b for b in c)", "{a: 1, **b, c}", "{*a, b: c}", "{**a, *b}", "{a, b: c}", "{a: *b}", "{a: **b}", "{a:}", "{:a}", "{a b}", "(a b)", "[a b]", "a b c", "a.b c.d", "True = 1", "x.True = 1", "def True(): pass", "class None: pass", "import None", "for True in x: pass", "__debug__ = 1", "__peg_parser__", "print x", "exec 'x'", "print(a b)", "a <> b", "a ! b", "a !b", "a =! b", "!a", "a++", "a--", "++a", "a && b", "a || b", "a ? b : c", "a -> b", "def f(a: int b): pass", "def f(a b): pass", "def f((a, b)): pass", "lambda (a, b): 1", "def f(a.b): pass", "def f(1): pass", "def f('a'): pass", "def f(a, 1): pass", "class C(a b): pass", "class C a: pass", "if a:\n    b\n  else:\n    c", "if a then b", "elif a: b", "while a b", "for a in b c", "for a of b: pass", "for (a in b): pass", "return a b", "raise a b", "assert a b", "del a b", "global a b", "import a b", "from a import b c", "from a imort b", "with a b: pass", "async a", "await", "async def f: pass", "def f: pass", "def f()", "def f() pass", "class C", "if a", "try", "try x", "match x", "match x:\n  case", "match x:\n  case 1", "match x: pass", "case 1: pass",
]
folder = tempfile.mkdtemp()
path = os.path.join(folder, "prog.py")
batch = r'''
import sys, traceback, linecache
def go(number, text):
    name = "<prog%d>" % number
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    print("=== %d %r" % (number, text))
    try:
        exec(compile(text + "\n", name, "exec"), {"__name__": "__main__"})
    except BaseException as e:
        tb = e.__traceback__.tb_next
        traceback.print_exception(type(e), e, tb, file=sys.stdout)
    else:
        print("no error")
'''
# Each in this process through the traceback module, and a first part by the interpreter itself.
space = {}
exec(batch, space)
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(300)
for number, text in enumerate(PROGRAMS):
    space["go"](number, text)
sys.setrecursionlimit(1000)
for text in PROGRAMS[:80]:
    with open(path, "w", encoding="utf-8") as f:
        f.write(text + "\n")
    r = subprocess.run([sys.executable, path], capture_output=True, text=True)
    print("---", repr(text), r.returncode)
    print(r.stderr.replace(folder, "<dir>"))
for text in PROGRAMS[:8]:
    r = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    print("--- -c", repr(text), r.returncode, r.stderr)
    r = subprocess.run([sys.executable], input=text + "\n", capture_output=True, text=True)
    print("--- stdin", r.returncode, r.stderr)


def deep():
    def inner():
        raise ValueError("deep")
    inner()


try:
    deep()
except ValueError as e:
    show("".join(traceback.format_exception(e)), traceback.format_exception_only(e), traceback.format_tb(e.__traceback__)[0], len(traceback.extract_tb(e.__traceback__)), traceback.extract_tb(e.__traceback__)[-1].name, traceback.extract_tb(e.__traceback__)[-1].line)
    te = traceback.TracebackException.from_exception(e, capture_locals=False)
    print(list(te.format())[-1], te.exc_type, str(te), [f.lineno for f in te.stack])
    print("".join(traceback.format_exception(e, limit=1)), "".join(traceback.format_exception(e, limit=-1)))
    print([(p) for p in e.__traceback__.tb_frame.f_code.co_positions()][:0])
out = io.StringIO()
try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc(file=out)
print(out.getvalue())
sys.stdout.flush()
traceback.print_stack(file=sys.stdout)


def hook(t, v, tb):
    print("hook", t.__name__, v, tb is not None)


sys.excepthook = hook
err(lambda: 1 / 0)
sys.excepthook = sys.__excepthook__
r = subprocess.run([sys.executable, "-c", "import sys\nsys.excepthook = lambda *a: print('mine', a[0].__name__)\n1/0"], capture_output=True, text=True)
print(r.returncode, r.stdout, r.stderr)
r = subprocess.run([sys.executable, "-c", "import sys\ndef h(*a): raise KeyError('hook')\nsys.excepthook = h\n1/0"], capture_output=True, text=True)
print(r.stderr)
r = subprocess.run([sys.executable, "-c", "import threading\ndef f(): 1/0\nt = threading.Thread(target=f, name='T')\nt.start(); t.join()"], capture_output=True, text=True)
print(r.stderr)
r = subprocess.run([sys.executable, "-c", "class A:\n  def __del__(self): 1/0\nA()\nprint('on')"], capture_output=True, text=True)
print(r.stdout, r.stderr.split(" at ")[0], r.stderr.split(">", 1)[-1])
r = subprocess.run([sys.executable, "-c", "import sys\nsys.tracebacklimit = 1\ndef f(): 1/0\ndef g(): f()\ng()"], capture_output=True, text=True)
print(r.stderr)
