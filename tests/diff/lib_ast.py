"""ast, tokenize, keyword, code, codeop."""
import ast
import io
import keyword
import token
import tokenize
from _show import err, show, syntax

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
show(ast.dump(ast.parse("a + b"), include_attributes=True), ast.dump(ast.parse("x: int", type_comments=False)), ast.dump(ast.parse("1", mode="eval")), ast.dump(ast.parse("x = 1 # type: int", type_comments=True)), ast.dump(ast.parse("(int) -> str", mode="func_type")))
print(ast.unparse(tree))
again = ast.parse(ast.unparse(tree))
show(ast.dump(again) == ast.dump(tree), [type(n).__name__ for n in ast.walk(ast.parse("a = b(1)"))], ast.literal_eval("{'a': [1, (2.5, None), -3, 1+2j, b'x', {1}]}"), ast.get_docstring(tree.body[0]), ast.get_source_segment("x = foo(1)", ast.parse("x = foo(1)").body[0].value))
node = ast.Expression(ast.BinOp(ast.Constant(2), ast.Mult(), ast.Constant(21)))
show(eval(compile(ast.fix_missing_locations(node), "f", "eval")), ast.Constant(5, kind="u").kind, ast.Name("x", ast.Load())._fields, ast.BinOp._fields, ast.expr.__subclasses__()[0].__name__, isinstance(ast.Constant(1), ast.expr), ast.AST().__dict__, ast.Name(id="a", ctx=ast.Load(), lineno=5).lineno, ast.Constant.__doc__, ast.arg.__match_args__, ast.PyCF_ONLY_AST)
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
