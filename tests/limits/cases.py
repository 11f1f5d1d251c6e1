"""Command lines with bad or extreme input, what they must exit with and what they must say.

Each case runs `gila ARGS`; `status` is the expected exit status (a set when several are right; a
crash by a signal is never right) and `err` a regular expression that the error output must match.
Files named in `files` are made in the temporary folder where the command runs.
"""
import re
import shutil
import tempfile
from pathlib import Path


class Case:
    """One command line with its expectation."""

    def __init__(self, name, args, status=0, err=None, out=None, files=None, stdin=b"", seconds=30, asan=True,
                 shell=None, env=None, prepare=None):
        self.name, self.args, self.status, self.err, self.out = name, args, status, err, out
        self.files, self.stdin, self.seconds, self.asan = files or {}, stdin, seconds, asan
        self.shell, self.env, self.prepare = shell, env or {}, prepare


def run(case, gila, kind, execute):
    """Runs one case with the runner's execute(); returns what is wrong, or an empty string."""
    work = Path(tempfile.mkdtemp(prefix="gila-limits-"))
    try:
        for name, data in case.files.items():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        if case.prepare:
            case.prepare(work)
        command = ["/bin/sh", "-c", case.shell] if case.shell else [gila, *case.args]
        outcome = execute(command, work, kind, case.stdin, case.seconds * (5 if kind == "asan" else 1),
                          extra_env={"GILA": gila, **case.env})
    finally:
        shutil.rmtree(work, ignore_errors=True)
    err = outcome.err.decode("utf-8", "replace")
    out = outcome.out.decode("utf-8", "replace")
    allowed = case.status if isinstance(case.status, (set, tuple)) else (case.status,)
    problems = []
    if outcome.status not in allowed:
        problems.append(f"exit status {outcome.status}, expected {case.status}")
    if case.err is not None and not re.search(case.err, err, re.S):
        problems.append(f"error output does not match {case.err!r}")
    if case.out is not None and not re.search(case.out, out, re.S):
        problems.append(f"output does not match {case.out!r}: {out[-300:]!r}")
    if problems:
        problems.append(err[-2000:])
    return "\n".join(problems)


DEEP = 100_000
ANY_ERROR = {0, 1}


def program(text):
    return {"prog.py": text}


def recursive(name, text, **options):
    """A program that goes too deep and must end with an error that it can catch."""
    return Case(name, ["prog.py"], files=program(text), out="^(caught|fine)", **options)


CASES = [
    # The command line
    Case("missing_file", ["nowhere.py"], 2, r"can't open file '.*nowhere\.py': \[Errno 2\] No such file or directory"),
    Case("folder_without_main", ["."], 1, r"can't find '__main__' module in '.*'"),
    Case("zip_without_main", ["bad.zip"], 1, r"can't find '__main__' module in|SyntaxError",
         shell='/usr/bin/python3 -c "import zipfile; zipfile.ZipFile(\'bad.zip\', \'w\').writestr(\'a\', \'b\')"; exec "$GILA" bad.zip'),
    Case("unknown_option", ["-Z"], 2, r"[Uu]nknown option: -Z.*usage:"),
    Case("unknown_long_option", ["--nonsense"], 2, r"[Uu]nknown option --?nonsense|unknown option --nonsense"),
    Case("option_without_value", ["-c"], 2, r"Argument expected for the -c option.*usage:"),
    Case("m_without_value", ["-m"], 2, r"Argument expected for the -m option"),
    Case("x_unknown", ["-X", "nonsense", "-c", "print('fine')"], {0, 1, 2}),
    Case("x_gil_policy_bad", ["-X", "gil-policy=fair", "-c", "pass"], 2, r"^gila: -X gil-policy=fair: the policies are budget and cpython\n$"),
    Case("x_gil_policy_empty", ["-X", "gil-policy", "-c", "pass"], 2, r"^gila: -X gil-policy: a value is needed.*\n$"),
    Case("x_gil_policy", ["-X", "gil-policy=cpython", "-c", "import _gil; print(_gil.policy())"], 0, out="^cpython$"),
    Case("x_switch_interval_zero", ["-X", "switch-interval=0", "-c", "pass"], 2, r"^gila: -X switch-interval=0: a positive number of seconds is needed\n$"),
    Case("x_switch_interval_bad", ["-X", "switch-interval=5ms", "-c", "pass"], 2, r"^gila: -X switch-interval=5ms: a positive"),
    Case("x_switch_interval_nan", ["-X", "switch-interval=nan", "-c", "pass"], 2, r"a positive number"),
    Case("x_switch_interval", ["-X", "switch-interval=0.25", "-c", "import sys; print(sys.getswitchinterval())"], 0, out=r"^0\.25$"),
    Case("x_switch_interval_huge", ["-X", "switch-interval=1e300", "-c", "print('fine')"], 0, out="^fine$"),
    Case("x_switch_interval_tiny", ["-X", "switch-interval=1e-300", "-c", "print('fine')"], 0, out="^fine$"),
    Case("x_gil_trace_empty", ["-X", "gil-trace=", "-c", "pass"], 2, r"^gila: -X gil-trace=: the name of a file is needed\n$"),
    Case("x_gil_trace_unwritable", ["-X", "gil-trace=none/t", "-c", "print(1)"], 2, r"^gila: -X gil-trace=none/t: No such file or directory\n$", out="^$"),
    Case("x_gil_stats", ["-X", "gil-stats", "-c", "print(1)"], 0, r"^gil: policy budget, switch interval 5 ms; .*\nthread \(seconds\) .*\nMainThread ", out="^1$"),
    Case("x_gil_stats_exit", ["-X", "gil-stats", "-c", "import os; os._exit(3)"], 3, r"\nMainThread "),
    Case("x_gil_stats_raises", ["-X", "gil-stats", "-c", "1/0"], 1, r"ZeroDivisionError.*\nMainThread "),
    Case("env_gil_policy_bad", ["-c", "pass"], 2, r"^gila: PYTHON_GIL_POLICY=x: the policies", env={"PYTHON_GIL_POLICY": "x"}),
    Case("env_gil_ignored", ["-E", "-c", "import _gil; print(_gil.policy())"], 0, out="^budget$", env={"PYTHON_GIL_POLICY": "cpython"}),
    Case("env_switch_interval", ["-c", "import sys; print(sys.getswitchinterval())"], 0, out=r"^0\.5$", env={"PYTHON_SWITCH_INTERVAL": "0.5"}),
    Case("x_int_max_str_digits_bad", ["-X", "int_max_str_digits=abc", "-c", "pass"], 1, r"int_max_str_digits"),
    Case("x_int_max_str_digits_low", ["-X", "int_max_str_digits=5", "-c", "pass"], 1, r"int_max_str_digits"),
    Case("x_tracemalloc_bad", ["-X", "importtime=x", "-c", "pass"], {0, 1}),
    Case("x_utf8_bad", ["-X", "utf8=3", "-c", "pass"], 1, r"invalid -X utf8 option value"),
    Case("hashseed_bad", ["-c", "pass"], 1, r"PYTHONHASHSEED must be", env={"PYTHONHASHSEED": "abc"}),
    Case("hashseed_large", ["-c", "pass"], 1, r"PYTHONHASHSEED must be", env={"PYTHONHASHSEED": "99999999999"}),
    Case("module_missing", ["-m", "no_such_module"], 1, r"No module named no_such_module"),
    Case("module_is_package", ["-m", "json"], 1, r"No module named json\.__main__; 'json' is a package and cannot be directly executed"),
    Case("version", ["--version"], 0, out=r"3\.11\.\d+"),
    Case("help", ["--help"], 0, out=r"usage: "),
    Case("unreadable_file", ["."], {1, 2}, r"can't (open|find)"),
    Case("binary_file", ["noise.bin"], 1, r"SyntaxError", files={"noise.bin": bytes(range(256)) * 4}),
    Case("empty_file", ["prog.py"], 0, files=program("")),
    Case("only_comment_without_newline", ["prog.py"], 0, files=program("# x")),
    Case("stdlib_missing", ["-c", "pass"], {0, 1}, r"libpython3\.11-stdlib|apt",
         env={"PYTHONHOME": "/nonexistent"}),
    # Text that is not UTF-8, null bytes, encodings
    Case("invalid_utf8", ["prog.py"], 1, r"SyntaxError: .*(Non-UTF-8 code|utf-8' codec can't decode|unknown encoding)",
         files={"prog.py": b"x = '\xff'\n"}),
    Case("invalid_utf8_comment", ["prog.py"], 1, r"SyntaxError", files={"prog.py": b"# \xff\xfe\nprint(1)\n"}),
    Case("invalid_utf8_stdin", ["-"], 1, r"SyntaxError", stdin=b"x = '\xff'\n"),
    Case("null_byte", ["prog.py"], 1, r"(ValueError|SyntaxError): ",
         files={"prog.py": b"x = 1\0\nprint(x)\n"}),
    Case("null_byte_eval", ["-c", "eval('1\\0')"], 1, r"source code string cannot contain null bytes"),
    Case("unknown_encoding", ["prog.py"], 1, r"SyntaxError: (encoding problem: nonsense|unknown encoding: nonsense)",
         files=program("# -*- coding: nonsense -*-\n")),
    Case("latin1_source", ["prog.py"], 0, out="^233$", files={"prog.py": b"# coding: latin-1\nprint(ord('\xe9'))\n"}),
    Case("bom", ["prog.py"], 0, out="^fine$", files={"prog.py": b"\xef\xbb\xbfprint('fine')\n"}),
    Case("bom_and_other_coding", ["prog.py"], 1, r"SyntaxError: encoding problem: .* with BOM",
         files={"prog.py": b"\xef\xbb\xbf# coding: latin-1\n"}),
    Case("carriage_returns", ["prog.py"], 0, out="^fine", files={"prog.py": b"if 1:\r\n    x = 1\r    print('fine')\r\n"}),
    Case("form_feed", ["prog.py"], 0, out="^fine", files={"prog.py": b"\x0cprint('fine')\n"}),
    Case("surrogate_argument", [b"-c", b"import sys; print(ascii(sys.argv[1]))", b"\xff"], 0, out=r"'\\udcff'"),
    # Syntax errors
    Case("tabs_and_spaces", ["prog.py"], 1, r"TabError: inconsistent use of tabs and spaces",
         files=program("if 1:\n        x = 1\n\ty = 2\n")),
    Case("unclosed", ["prog.py"], 1, r"line 1\n    x = \(1,\n        \^\nSyntaxError: '\(' was never closed",
         files=program("x = (1,\n")),
    Case("unterminated_string", ["prog.py"], 1, r"SyntaxError: unterminated string literal \(detected at line 1\)",
         files=program("x = 'abc\n")),
    Case("unterminated_triple", ["prog.py"], 1, r"unterminated triple-quoted string literal \(detected at line 2\)",
         files=program("x = '''abc\n\n")),
    Case("bad_indent", ["prog.py"], 1, r"IndentationError: unindent does not match any outer indentation level",
         files=program("if 1:\n        x\n    y\n")),
    # Nesting
    Case("deep_brackets", ["prog.py"], ANY_ERROR, r"(SyntaxError|MemoryError|RecursionError|^$)",
         files=program("x = " + "(" * DEEP + ")" * DEEP + "\n")),
    Case("deep_lists", ["prog.py"], ANY_ERROR, files=program("x = " + "[" * DEEP + "]" * DEEP + "\n")),
    Case("deep_open_only", ["prog.py"], 1, r"Error", files=program("x = " + "[" * DEEP + "\n")),
    Case("deep_dicts", ["prog.py"], ANY_ERROR, files=program("x = " + "{1:" * DEEP + "1" + "}" * DEEP + "\n")),
    Case("deep_calls", ["prog.py"], ANY_ERROR, files=program("f = lambda *a: 1\nx = " + "f(" * DEEP + ")" * DEEP + "\n")),
    Case("deep_subscripts", ["prog.py"], ANY_ERROR, files=program("a = {0: 0}\nx = " + "a[" * DEEP + "0" + "]" * DEEP + "\n")),
    Case("deep_unary", ["prog.py"], ANY_ERROR, files=program("x = " + "-" * DEEP + "1\n")),
    Case("deep_not", ["prog.py"], ANY_ERROR, files=program("x = " + "not " * DEEP + "1\n")),
    Case("deep_binary", ["prog.py"], ANY_ERROR, files=program("x = " + "1+" * DEEP + "1\n")),
    Case("deep_power", ["prog.py"], ANY_ERROR, files=program("x = " + "1**" * DEEP + "1\n")),
    Case("deep_compare", ["prog.py"], ANY_ERROR, files=program("x = " + "1<" * DEEP + "1\n")),
    Case("deep_bool", ["prog.py"], 0, out="^fine", files=program("x = " + "1 and " * 20_000 + "1\nprint('fine')\n")),
    Case("deep_attributes", ["prog.py"], ANY_ERROR, files=program("x = 1\nx" + ".real" * DEEP + "\n")),
    Case("deep_ternary", ["prog.py"], ANY_ERROR, files=program("x = " + "1 if 1 else " * 20_000 + "1\n")),
    Case("deep_lambda", ["prog.py"], ANY_ERROR, files=program("x = " + "lambda: " * 20_000 + "1\n")),
    Case("deep_if", ["prog.py"], 1, r"IndentationError: too many levels of indentation",
         files=program("".join(" " * i + "if 1:\n" for i in range(200)) + " " * 200 + "pass\n")),
    Case("deep_elif", ["prog.py"], ANY_ERROR, files=program("x = 5\nif x == 0: pass\n" + "elif x == 1: pass\n" * 20_000)),
    Case("deep_blocks", ["prog.py"], 1, r"SyntaxError: too many statically nested blocks",
         files=program("".join(" " * i + "while 1:\n" for i in range(30)) + " " * 30 + "break\n")),
    Case("deep_fstring", ["-c", "eval('f\"' + '{' * 5000 + '1' + '}' * 5000 + '\"')"], {0, 1}),
    Case("deep_pattern", ["prog.py"], ANY_ERROR,
         files=program("match 1:\n    case " + "(" * 20_000 + "1" + ")" * 20_000 + ": pass\n")),
    Case("long_line", ["prog.py"], 0, out="^fine", files=program("x = '" + "a" * 3_000_000 + "'\nprint('fine')\n")),
    Case("many_lines", ["prog.py"], 0, out="^fine", files=program("x = 1\n" * 100_000 + "print('fine')\n")),
    Case("many_constants", ["prog.py"], 0, out="^fine",
         files=program("x = [" + ",".join(map(str, range(100_000))) + "]\nassert x[99999] == 99999\nprint('fine')\n")),
    Case("many_names", ["prog.py"], 0, out="^fine",
         files=program("".join(f"v{i} = {i}\n" for i in range(50_000)) + "assert v49999 == 49999\nprint('fine')\n")),
    Case("many_locals", ["prog.py"], 0, out="^fine",
         files=program("def f():\n" + "".join(f"    v{i} = {i}\n" for i in range(5_000)) + "    return v4999\nassert f() == 4999\nprint('fine')\n")),
    Case("many_arguments", ["prog.py"], 0, out="^fine",
         files=program("def f(" + ",".join(f"a{i}" for i in range(2_000)) + "): return a1999\n"
                       "assert f(" + ",".join(map(str, range(2_000))) + ") == 1999\nprint('fine')\n")),
    Case("far_jump", ["prog.py"], 0, out="^fine",
         files=program("x = 0\nfor i in range(2):\n" + "    x += 1\n" * 40_000 + "assert x == 80_000\nprint('fine')\n")),
    # Recursion
    recursive("recursion_function", "def f(): return f() + 1\ntry: f()\nexcept RecursionError as e: print('caught', e)\n"),
    Case("recursion_uncaught", ["-c", "def f(): f()\nf()"], 1,
         r"\[Previous line repeated \d+ more times\]\nRecursionError: maximum recursion depth exceeded"),
    recursive("recursion_in_except", "def f(n):\n    try: f(n)\n    except RecursionError:\n        if n: f(n - 1)\n        else: raise\ntry: f(1)\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_getattr", "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\ntry: A().a\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_method", "class A:\n    def __add__(self, o): return self + o\ntry: A() + 1\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_repr", "class A:\n    def __repr__(self): return repr(self)\ntry: repr(A())\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_init", "class A:\n    def __init__(self): A()\ntry: A()\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_call", "class A: pass\nA.__call__ = A()\ntry: A()()\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_generator", "def g():\n    yield from g()\ntry: next(g())\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_property", "class A:\n    @property\n    def x(self): return self.x\ntry: A().x\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_sort_key", "def k(x): return sorted([3, 1], key=k)\ntry: k(1)\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_map", "def f(x): return list(map(f, [x]))\ntry: f(1)\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_hash", "class A:\n    def __hash__(self): return hash(self)\ntry: {A(): 1}\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_eq", "class A:\n    def __eq__(self, o): return self == o\ntry: [A()] == [A()]\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_import", "import sys\nsys.path.insert(0, '.')\nopen('selfish.py', 'w').write('def f(): f()\\nf()\\n')\ntry: import selfish\nexcept RecursionError: print('caught')\n"),
    recursive("recursion_high_limit", "import sys\nsys.setrecursionlimit(50_000)\ndef f(n): return n and 1 + f(n - 1)\ntry: print('fine', f(40_000))\nexcept (RecursionError, MemoryError): print('caught')\n"),
    recursive("recursion_deep_c", "import sys\nsys.setrecursionlimit(200_000)\nclass A:\n    def __getitem__(self, i): return len(str(self[i]))\ntry: A()[0]\nexcept (RecursionError, MemoryError): print('caught')\n"),
    recursive("recursion_thread", "import threading\ndef f(): f()\ndef run():\n    try: f()\n    except RecursionError: print('caught')\nt = threading.Thread(target=run); t.start(); t.join()\n"),
    # Deep data
    recursive("deep_list_repr", "x = []\nfor _ in range(100_000): x = [x]\ntry: repr(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_list_eq", "x = []; y = []\nfor _ in range(100_000): x = [x]; y = [y]\ntry: x == y; print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_tuple_hash", "x = ()\nfor _ in range(100_000): x = (x,)\ntry: hash(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_dict_repr", "x = {}\nfor _ in range(100_000): x = {1: x}\ntry: repr(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_compare_less", "x = []; y = []\nfor _ in range(100_000): x = [x]; y = [y]\ntry: x < y; print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_copy", "import copy\nx = []\nfor _ in range(100_000): x = [x]\ntry: copy.deepcopy(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_json_dump", "import json\nx = []\nfor _ in range(100_000): x = [x]\ntry: json.dumps(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_json_load", "import json\ntry: json.loads('[' * 100_000 + ']' * 100_000); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_pickle_dump", "import pickle\nx = []\nfor _ in range(100_000): x = [x]\ntry: pickle.dumps(x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_pickle_load", "import pickle\ntry: pickle.loads(b']' * 100_000 + b'a' * 99_999 + b'.'); print('fine')\nexcept (RecursionError, pickle.UnpicklingError): print('caught')\n"),
    recursive("deep_marshal", "import marshal\nx = []\nfor _ in range(100_000): x = [x]\ntry: marshal.dumps(x); print('fine')\nexcept (ValueError, RecursionError): print('caught')\n"),
    recursive("deep_literal_eval", "import ast\ntry: ast.literal_eval('[' * 100_000 + ']' * 100_000); print('fine')\nexcept (RecursionError, MemoryError, SyntaxError): print('caught')\n"),
    recursive("deep_regex", "import re\ntry: re.compile('(' * 20_000 + ')' * 20_000); print('fine')\nexcept (RecursionError, re.error, OverflowError): print('caught')\n"),
    recursive("deep_isinstance", "x = int\nfor _ in range(100_000): x = (x,)\ntry: isinstance('a', x); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("deep_exception_chain", "e = None\nfor _ in range(100_000):\n    n = ValueError(); n.__context__ = e; e = n\ndel n, e\nprint('fine')\n"),
    recursive("deep_partial", "from functools import partial\nf = int\nfor _ in range(100_000): f = partial(f); f.x = 1\ntry: repr(f); print('fine')\nexcept RecursionError: print('caught')\n"),
    recursive("destroy_list_chain", "x = None\nfor _ in range(1_000_000): x = [x]\ndel x\nprint('fine')\n"),
    recursive("destroy_tuple_chain", "x = None\nfor _ in range(1_000_000): x = (x,)\ndel x\nprint('fine')\n"),
    recursive("destroy_dict_chain", "x = None\nfor _ in range(300_000): x = {1: x}\ndel x\nprint('fine')\n"),
    recursive("destroy_instance_chain", "class N: pass\nx = None\nfor _ in range(1_000_000):\n    n = N(); n.next = x; x = n\ndel x, n\nprint('fine')\n"),
    recursive("destroy_generator_chain", "def g(o): yield o\nx = None\nfor _ in range(100_000):\n    x = g(x); \ndel x\nprint('fine')\n"),
    recursive("delegation_chain", "import sys\nsys.setrecursionlimit(10**6)\ndef w(g): yield from g\ndef base():\n"
              "    while True:\n        try: yield 1\n        except KeyError: yield 2\n"
              "for act in 'throw', 'close', 'drop':\n    g = base()\n    for _ in range(100_000): g = w(g)\n    next(g)\n"
              "    try:\n        if act == 'throw': g.throw(KeyError)\n        if act == 'close': g.close()\n"
              "    except RecursionError: pass\n    del g\nprint('fine')\n"),
    recursive("destroy_closure_chain", "x = None\ndef make(o): return lambda: o\nfor _ in range(300_000): x = make(x)\ndel x\nprint('fine')\n"),
    recursive("destroy_method_chain", "class A:\n    def m(self): pass\nx = None\nfor _ in range(300_000):\n    a = A(); a.o = x; x = a.m\ndel x, a\nprint('fine')\n"),
    recursive("destroy_cycle", "import gc\nclass N: pass\nfirst = x = N()\nfor _ in range(1_000_000):\n    n = N(); n.next = x; x = n\nfirst.next = x\ndel first, x, n\ngc.collect()\nprint('fine')\n", seconds=60),
    recursive("destroy_with_finalizers", "class N:\n    def __del__(self): pass\nx = None\nfor _ in range(200_000):\n    n = N(); n.next = x; x = n\ndel x, n\nprint('fine')\n"),
    # Numbers and memory
    Case("int_to_str_limit", ["-c", "str(10 ** 5000)"], 1,
         r"ValueError: Exceeds the limit \(4300 digits\) for integer string conversion; use sys\.set_int_max_str_digits\(\) to increase the limit"),
    Case("str_to_int_limit", ["-c", "int('1' * 5000)"], 1,
         r"ValueError: Exceeds the limit \(4300 digits\) for integer string conversion: value has 5000 digits"),
    Case("int_literal_limit", ["prog.py"], 1, r"SyntaxError: Exceeds the limit \(4300 digits\)", files=program("x = " + "1" * 5000 + "\n")),
    Case("int_limit_lifted", ["-X", "int_max_str_digits=0", "-c", "print(len(str(10 ** 5000)))"], 0, out="5001"),
    recursive("huge_list", "try: [0] * (1 << 60)\nexcept MemoryError: print('caught')\n"),
    recursive("huge_str", "try: 'a' * (1 << 60)\nexcept MemoryError: print('caught')\n"),
    recursive("huge_bytes", "try: bytes(1 << 60)\nexcept MemoryError: print('caught')\n"),
    recursive("huge_overflow", "try: [0] * (1 << 64)\nexcept OverflowError as e: print('caught', e)\n"),
    recursive("huge_shift", "try: 1 << (1 << 62)\nexcept (MemoryError, OverflowError): print('caught')\n"),
    recursive("huge_format", "try: '%1000000000000000000000d' % 1\nexcept (ValueError, OverflowError): print('caught')\n"),
    recursive("huge_format_width", "try: format(1, '99999999999999999999')\nexcept ValueError as e: print('caught', e)\n"),
    recursive("huge_range", "r = range(10 ** 30)\ntry: len(r)\nexcept OverflowError: print('caught', r[10 ** 29] == 10 ** 29)\n"),
    recursive("memory_exhausted", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
              "x = []\ntry:\n    while True: x.append(bytearray(10_000_000))\nexcept MemoryError:\n    del x\n    print('caught')\n", asan=False),
    recursive("memory_exhausted_small", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\n"
              "x = []\ntry:\n    while True: x.append([None] * 10)\nexcept MemoryError:\n    x = None\n    print('caught')\n", asan=False, seconds=60),
    # Objects nested in each other that recurse without a call
    *[recursive(f"nested_{name}", f"""import itertools, types, operator
def build(f, x):
    for _ in range(150000): x = f(x)
    return x
x = build({make}, {start})
try:
    {use}
    print('fine')
except RecursionError:
    print('caught')
""", seconds=60) for name, make, start, use in (
        ("map", "lambda x: map(int, x)", "iter([1])", "next(x)"),
        ("filter", "lambda x: filter(None, x)", "iter([1])", "next(x)"),
        ("zip", "zip", "iter([1])", "next(x)"),
        ("enumerate", "enumerate", "iter([1])", "next(x)"),
        ("chain", "itertools.chain", "iter([1])", "next(x)"),
        ("islice", "lambda x: itertools.islice(x, 3)", "iter([1])", "next(x)"),
        ("accumulate", "itertools.accumulate", "iter([1])", "next(x)"),
        ("proxy_item", "types.MappingProxyType", "{1: 2}", "x[1]"),
        ("proxy_len", "types.MappingProxyType", "{1: 2}", "len(x)"),
        ("proxy_in", "types.MappingProxyType", "{1: 2}", "1 in x"),
        ("proxy_iter", "types.MappingProxyType", "{1: 2}", "iter(x)"),
        ("proxy_or", "types.MappingProxyType", "{1: 2}", "x | {}"),
        ("proxy_eq", "types.MappingProxyType", "{1: 2}", "x == {}"),
        ("proxy_get", "types.MappingProxyType", "{1: 2}", "x.get(1)"),
        ("alias_hash", "lambda x: list[x]", "int", "hash(x)"),
        ("alias_attribute", "lambda x: types.GenericAlias(x, int)", "list", "x.append"),
        ("alias_iter", "lambda x: types.GenericAlias(x, int)", "list", "list(x)"),
        ("method_hash", "lambda x: types.MethodType(x, 1)", "print", "hash(x)"),
        ("method_name", "lambda x: types.MethodType(x, 1)", "print", "x.__qualname__"),
        ("classmethod", "classmethod", "len", "x.__get__(1)"),
        ("staticmethod", "staticmethod", "len", "x([])"),
        ("abstract", "property", "len", "x.__isabstractmethod__"))],
    # Output that cannot be written
    Case("full_disk", [], 120, r"No space left on device", shell='"$GILA" -c "print(1)" >/dev/full'),
    Case("full_disk_big", [], {1, 120}, r"No space left on device", shell='"$GILA" -c "print(\'x\' * 1000000)" >/dev/full'),
    Case("full_disk_stderr", [], {0, 1, 120}, shell='"$GILA" -c "import sys; sys.stderr.write(\'x\')" 2>/dev/full'),
    Case("closed_pipe", [], 0, r"BrokenPipeError|^$", seconds=30,
         shell='{ "$GILA" -c "for i in range(100000): print(i)"; echo "status $?" >&2; } | head -1'),
    Case("closed_pipe_status", [], 0, r"status (120|1)", seconds=30,
         shell='{ "$GILA" -c "import time; time.sleep(1); print(1)"; echo "status $?" >&2; } | true'),
    Case("closed_stdout", [], 0, shell='"$GILA" -c "import sys; assert sys.stdout is None; print(1)" >&-'),
    Case("closed_stdin", [], 0, shell='"$GILA" -c "import sys; assert sys.stdin is None" <&-'),
    Case("closed_all", [], 0, shell='"$GILA" -c "pass" <&- >&- 2>&-'),
    # Exit
    Case("exit_status", ["-c", "import sys; sys.exit(7)"], 7),
    Case("exit_text", ["-c", "import sys; sys.exit('gone')"], 1, r"^gone\n$"),
    Case("exit_big", ["-c", "import sys; sys.exit(256 + 3)"], 3),
    Case("exit_raise", ["-c", "raise SystemExit(4)"], 4),
    Case("exit_thread", ["-c", "import threading, sys\nt = threading.Thread(target=sys.exit, args=(3,)); t.start(); t.join()"], 0),
    Case("exit_os", ["-c", "import os; os._exit(9)"], 9),
    Case("exit_uncaught", ["-c", "1/0"], 1, r'Traceback \(most recent call last\):\n  File "<string>", line 1, in <module>\nZeroDivisionError: division by zero\n$'),
    Case("interrupted", [], 0, r"KeyboardInterrupt.*status (130|254)",
         shell='"$GILA" -c "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)"; echo "status $?" >&2'),
    Case("terminated", ["-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"], {"SIGTERM"}),
    # Programs on standard input
    Case("stdin_program", [], 0, out="^3$", stdin=b"print(1 + 2)\n"),
    Case("stdin_dash", ["-", "a"], 0, out=r"\['-', 'a'\]", stdin=b"import sys; print(sys.argv)\n"),
    Case("stdin_error", [], 1, r'File "<stdin>", line 2, in <module>', stdin=b"x = 1\n1/0\n"),
    Case("input_eof", ["-c", "input()"], 1, r"EOFError: EOF when reading a line"),
]
