"""sys attributes, builtin functions and their errors, ast, tokenize, symtable-free tools, code objects."""
import ast
import builtins
import io
import keyword
import sys
import token
import tokenize
import types
from _show import err, syntax

print(sys.version_info[:2], sys.version_info.major, sys.version_info.releaselevel, sys.hexversion >> 16 == 0x30B, sys.byteorder, sys.maxsize, sys.maxunicode, sys.platform, sys.api_version, sys.float_info.mant_dig, sys.int_info.sizeof_digit > 0, sys.hash_info.width, sys.hash_info.modulus, sys.hash_info.inf, sys.thread_info.name, sys.prefix == sys.base_prefix, sys.executable != "", sys.getrecursionlimit(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.flags.optimize, sys.flags.utf8_mode, sys.dont_write_bytecode in (True, False), sys.displayhook.__name__, sys.copyright != "", len(sys.argv), sys.implementation.version[:2], sys.warnoptions, type(sys.modules).__name__, sys.stdin is sys.__stdin__, sys.platlibdir, sys.orig_argv[-1] == sys.argv[0], sys.intern("x") == "x", sys.is_finalizing(), sys.gettrace(), sys.getprofile(), sys.getrefcount.__name__, sys.exc_info())
print(sorted(n for n in dir(builtins) if not n.startswith("_")))
for f in (lambda: sys.setrecursionlimit(0), lambda: sys.setrecursionlimit("a"), lambda: sys.intern(5), lambda: sys.exit(5), lambda: sys.exit(), lambda: sys.exit("t"), lambda: sys._getframe(100), lambda: sys.getsizeof(), lambda: sys.version_info + 5, lambda: setattr(sys.flags, "x", 1)):
    err(f)
f = sys._getframe()
print(f.f_lineno, f.f_code.co_name, f.f_back, f.f_globals is globals(), f.f_locals is not None, f.f_trace)


def frames():
    f = sys._getframe()
    x = 5
    return f.f_locals["x"], f.f_back.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sys._getframe(1).f_code.co_name


print(frames())
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name.startswith("traced"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg if event == "return" else None))
        return tracer


def traced(n):
    total = 0
    for i in range(n):
        total += i
    return total


def traced_raises():
    try:
        1 / 0
    except ZeroDivisionError:
        pass


sys.settrace(tracer)
traced(2)
traced_raises()
sys.settrace(None)
print(events)
events.clear()
sys.setprofile(lambda fr, ev, arg: events.append((fr.f_code.co_name, ev, getattr(arg, "__name__", None) if ev.startswith("c_") else None)))
len([])
traced(1)
sys.setprofile(None)
print(events)
# builtins
print(abs(-5), abs(-1.5), abs(3 + 4j), all([]), any([0]), ascii("é"), bin(10), bool(5), callable(len), chr(65), divmod(-7, 2), format(5, "03"), hash(1) == 1, hex(-255), oct(8), id(1) == id(1), isinstance(1, (str, int)), issubclass(bool, int), len("abc"), max(1, 2), min("ab"), ord("a"), pow(2, 3, 5), repr("x"), round(1.5), sorted([2, 1]), sum([1, 2]), type(1), vars(types.SimpleNamespace(a=1)), compile("1", "f", "eval").co_filename, eval("1+1"), exec("x=1"), getattr(5, "nope", "d"), hasattr(5, "real"), input.__name__, list(map(str, [1])), next(iter([1])), print("p", end="|"), [*range(3)], [*reversed([1, 2])], slice(1), [*zip("ab", "cd")], globals() is globals(), __import__("sys") is sys, open.__module__, __name__, __debug__, ..., NotImplemented)
print("a", "b", sep="-", end="!\n", file=sys.stdout, flush=True)
print(*[1, 2], sep="")
print(end="")
print(sep="x")
err(print, "a", sep=5)
err(print, "a", end=5)
err(print, "a", file=5)
err(lambda: isinstance(1, 5))
err(lambda: issubclass(5, int))
err(lambda: issubclass(int, 5))
err(lambda: isinstance(1, (int, 5)))
err(lambda: isinstance("a", (int, 5)))
err(lambda: getattr(5, "nope"))
err(lambda: eval("x y"))
err(lambda: eval("x = 1"))
err(lambda: eval(5))
err(lambda: exec(5))
err(lambda: compile("x", "f", "nonsense"))
err(lambda: compile("a b", "f", "exec"))
err(lambda: compile("1\n2", "f", "single"))
err(lambda: compile(5, "f", "exec"))
err(lambda: eval("1", 5))
err(lambda: eval("1", {}, 5))
err(lambda: exec("x", {}))
err(lambda: exec("1", {}, {}, 5))
err(lambda: exec((lambda: 0).__code__, {}, closure=5))
err(lambda: format(1, 5))
err(lambda: input(1, 2))
err(lambda: vars(5))
err(lambda: dir(1, 2))
err(lambda: id())
err(lambda: hash([]))
err(lambda: sorted(5))
err(lambda: round("a"))
err(lambda: pow("a", 2))
err(lambda: sum(5))
err(lambda: __build_class__())
err(lambda: __build_class__(5, "X"))
err(lambda: delattr(5, "real"))
err(lambda: memoryview())
err(lambda: object.__new__(5))
err(lambda: staticmethod())
err(lambda: breakpoint.__call__(5) if False else 1 / 0)
ns = {}
exec(compile("y = 5\nprint(y)", "f", "exec"), ns)
print(eval(compile("y + 1", "f", "eval"), ns), eval("  1 + 1"), eval("[i for i in range(3)]"), eval(b"5"), eval("(lambda: 3)()"), eval("__name__", {"__name__": "n"}), exec("def f(): return 7\nprint(f())"))
exec(compile("1 + 1", "f", "single"))
exec(compile("'str'", "f", "single"))
exec(compile("None", "f", "single"))
print(builtins._)
sys.displayhook(5)
old = sys.displayhook
sys.displayhook = lambda v: print("hook", v)
exec(compile("7", "f", "single"))
sys.displayhook = old
# ast
SOURCE = '''
@dec(1)
class A(B, metaclass=M):
    """doc"""
    x: int = 1
    async def f(self, a, /, b=1, *c: int, d, e=2, **g) -> "r":
        async with x as y, z: pass
        async for i in await j: yield i
        return
def g():
    global q; nonlocal_ = 1
    for a, *b in c:
        while x < 1 <= 2:
            break
        else: continue
    try: raise X from Y
    except (A, B) as e: pass
    except: del a[1:2, ...], b.c
    else: assert t, "m"
    finally: import a.b as c, d
    from . import (e as f)
    from ..x import *
    with a as (b, c): pass
    lambda x, *y: (yield)
    x = y = [1, *z, {**k, "a": b"c"}, {1, 2}, (3,), [i for i in j if k if l], {a: b for a in c}, {a async for a in b}, (x for x in y)]
    x += -1 if not a else ~b ** 2 // 3 @ c
    f"{a!r:>{w}} {b=}" "c"
    print(a, *b, c=d, **e)[1:2:3].attr
    a and b or c is not d in e
    (n := 5)
    match x:
        case 1 | "a": pass
        case [a, *_]: pass
        case {"k": v, **r}: pass
        case C(1, x=2) as y if z: pass
        case a.b: pass
        case None: pass
    try: pass
    except* E: pass
    return 1.5j, ..., True, 10**20
'''
tree = ast.parse(SOURCE)
print(ast.dump(tree, include_attributes=False))
print(ast.dump(ast.parse("a + b"), include_attributes=True), ast.dump(ast.parse("x: int", type_comments=False)), ast.dump(ast.parse("1", mode="eval")), ast.dump(ast.parse("x = 1 # type: int", type_comments=True)), ast.dump(ast.parse("(int) -> str", mode="func_type")))
print(ast.unparse(tree))
again = ast.parse(ast.unparse(tree))
print(ast.dump(again) == ast.dump(tree), [type(n).__name__ for n in ast.walk(ast.parse("a = b(1)"))], ast.literal_eval("{'a': [1, (2.5, None), -3, 1+2j, b'x', {1}]}"), ast.get_docstring(tree.body[0]), ast.get_source_segment("x = foo(1)", ast.parse("x = foo(1)").body[0].value))
node = ast.Expression(ast.BinOp(ast.Constant(2), ast.Mult(), ast.Constant(21)))
print(eval(compile(ast.fix_missing_locations(node), "f", "eval")), ast.Constant(5, kind="u").kind, ast.Name("x", ast.Load())._fields, ast.BinOp._fields, ast.expr.__subclasses__()[0].__name__, isinstance(ast.Constant(1), ast.expr), ast.AST().__dict__, ast.Name(id="a", ctx=ast.Load(), lineno=5).lineno, ast.Constant.__doc__, ast.arg.__match_args__, ast.PyCF_ONLY_AST)
for f in (lambda: compile(ast.Expression(ast.Name("x")), "f", "eval"), lambda: compile(ast.Module([ast.Expr(5)], []), "f", "exec"), lambda: ast.Name("a", ast.Load(), 5, 6), lambda: compile(ast.Module([], []), "f", "eval"), lambda: compile(ast.Expression(body=ast.Name("x", ast.Store(), lineno=1, col_offset=0)), "f", "eval"), lambda: compile(ast.parse("x"), "f", "eval"), lambda: ast.parse("a b"), lambda: compile(ast.Module([ast.Return(None, lineno=1, col_offset=0)], []), "f", "exec"), lambda: ast.literal_eval("{[]: 1}")):
    err(f)


class T(ast.NodeTransformer):
    def visit_Constant(self, n):
        return ast.copy_location(ast.Constant(n.value + 1), n)


print(eval(compile(T().visit(ast.parse("1 + 2", mode="eval")), "f", "eval")))
for t in tokenize.generate_tokens(io.StringIO("x = 1 + 'a' # c\nif x:\n  y(2.5, 0xff)\n").readline):
    print(token.tok_name[t.type], repr(t.string), t.start, t.end, end="; ")
print(keyword.kwlist, keyword.softkwlist, keyword.iskeyword("if"))
import dis
import code
import codeop
import linecache
import copyreg

print(code.InteractiveInterpreter({"a": 1}).runsource("a +"), codeop.compile_command("if 1:"), codeop.compile_command("x = 1") is not None, linecache.getline(__file__, 1))
err(codeop.compile_command, "x y")
ns = {}
exec("def annotated(a: 'x', b: 1 + 1 = 2) -> print: pass", ns)
print(ns["annotated"].__annotations__)
exec("from __future__ import annotations\ndef annotated(a: x, b: 1 + 1 = 2, *c: d.e[f]) -> print('no'): y: z = 1\nv: w[0] = 5", ns)
print(ns["annotated"].__annotations__, ns["__annotations__"])
import __future__

print(__future__.all_feature_names, __future__.annotations.compiler_flag, compile("x: y = 1", "f", "exec", __future__.annotations.compiler_flag).co_flags & __future__.annotations.compiler_flag != 0)
big = "x = " + " + ".join(["1"] * 80)
exec(big)
print(eval("+".join(["1"] * 70)), eval("[" + ",".join(["1"] * 5000) + "]").__len__(), len(eval("{" + ",".join(f"{i}: {i}" for i in range(3000)) + "}")))
for s in ("x = '\\d'", "x is 1", "x == ()", "assert (x, 1)", "1 is 1", "'a' 'b'[0](c)", "[1](2)", "(1)(2)", "f'{1}'()", "1if 2else 3", "0xfor x in y", "[1, 2] [3, 'a']"):
    import warnings

    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            compile(s, "<w>", "exec")
        except SyntaxError as e:
            print(s, e)
        print(s, [(x.category.__name__, str(x.message), x.lineno) for x in w])
