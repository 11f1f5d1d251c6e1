"""What compile() says about trees made by hand that no program has."""
import ast
from ast import *

x, y = Name("x", Load()), Name("y", Load())
sx, dx = Name("x", Store()), Name("x", Del())
one = Constant(1)
p = [Pass()]
noargs = arguments([], [], None, [], [], None, [])


def shown(error):
    return f"{type(error).__name__}: {error}"


def check(node, mode="exec"):
    if isinstance(node, expr):
        node = Module([Expr(node)], [])
    elif isinstance(node, stmt):
        node = Module([node], [])
    fix_missing_locations(node)
    try:
        compile(node, "<tree>", mode)
    except Exception as error:
        print(shown(error))
    else:
        print("good")


def target(t):
    return Assign([t], one)


def pattern(pat):
    return Match(x, [match_case(pat, None, p)])


def args(**kw):
    given = dict(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    given.update(kw)
    return Lambda(arguments(**given), x)


trees = """
FunctionDef("f", noargs, [], [], None) | AsyncFunctionDef("f", noargs, [], []) | FunctionDef("f", noargs, p, [sx])
FunctionDef("f", noargs, p, [], sx) | FunctionDef("f", noargs, [None], []) | ClassDef("c", [], [], [], [])
ClassDef("c", [sx], [], p, []) | ClassDef("c", [], [keyword("a", sx)], p, []) | ClassDef("c", [], [], p, [dx])
Return(sx) | Delete([]) | Delete([x]) | Delete([None]) | Delete([one]) | Delete([Call(x, [], [])])
Delete([Tuple([x], Del())]) | Delete([Tuple([dx], Del())]) | Assign([], one) | Assign([x], one) | Assign([sx], sx)
Assign([None], one) | target(one) | target(Call(x, [], [])) | target(Tuple([x], Store())) | target(Tuple([sx], Load()))
target(List([Starred(x, Store())], Store())) | target(Starred(sx, Store())) | target(Attribute(sx, "a", Store()))
target(Subscript(x, sx, Store())) | target(Subscript(x, y, Load())) | AugAssign(x, Add(), y) | AugAssign(sx, Add(), sx)
AugAssign(Tuple([sx], Store()), Add(), y) | AnnAssign(x, y, None, 1) | AnnAssign(sx, sx, None, 1)
AnnAssign(Attribute(x, "a", Store()), y, None, 1) | AnnAssign(Attribute(x, "a", Store()), y, None, 0)
AnnAssign(sx, y, dx, 1) | AnnAssign(Tuple([sx], Store()), y, None, 0)
For(sx, x, [], []) | For(x, x, p, []) | For(sx, sx, p, []) | For(sx, x, p, [None]) | AsyncFor(sx, x, [], [])
While(one, [], []) | While(sx, p, []) | If(one, [], []) | If(dx, p, []) | If(one, p, [Expr(sx)])
With([], p) | With([withitem(x)], []) | With([withitem(sx)], p) | With([withitem(x, y)], p) | AsyncWith([], p)
Match(x, []) | Match(sx, []) | Match(x, [match_case(MatchAs(), None, [])]) | Match(x, [match_case(MatchAs(), sx, p)])
Raise(None, one) | Raise(sx) | Raise(x, sx) | Try([], [], [], p) | Try(p, [], [], []) | Try(p, [], p, p)
Try(p, [ExceptHandler(None, "x", [])], [], []) | Try(p, [ExceptHandler(sx, "x", p)], [], []) | TryStar([], [], [], p)
TryStar(p, [], [], []) | TryStar(p, [], p, p) | TryStar(p, [ExceptHandler(x, "x", [])], [], [])
Assert(sx) | Assert(x, sx) | Import([]) | ImportFrom("m", [], 0) | ImportFrom("m", [alias("a")], -1) | Global([])
Nonlocal([]) | Expr(sx) | BoolOp(And(), []) | BoolOp(And(), [x]) | BoolOp(Or(), [x, sx]) | BoolOp(Or(), [x, None])
NamedExpr(x, y) | NamedExpr(sx, sx) | BinOp(x, Add(), sx) | BinOp(sx, Add(), x) | UnaryOp(Not(), sx)
Lambda(noargs, sx) | IfExp(sx, x, x) | IfExp(x, sx, x) | IfExp(x, x, sx) | Dict([], [x]) | Dict([x], []) | Dict([x], [None])
Dict([None], [x]) | Dict([sx], [x]) | Set([None]) | Set([sx]) | Set([]) | List([None], Load()) | List([sx], Load())
Tuple([sx], Load()) | List([x], Store()) | ListComp(x, []) | ListComp(sx, [comprehension(sx, x, [], 0)])
SetComp(x, [comprehension(x, x, [], 0)]) | GeneratorExp(x, [comprehension(sx, sx, [], 0)])
ListComp(x, [comprehension(sx, x, [None], 0)]) | DictComp(x, sx, [comprehension(sx, x, [], 0)]) | DictComp(x, x, [])
Await(sx) | Yield(sx) | YieldFrom(sx) | Compare(x, [In()], []) | Compare(x, [In()], [x, y]) | Compare(x, [], [])
Compare(sx, [In()], [x]) | Call(sx, [], []) | Call(x, [None], []) | Call(x, [], [keyword("a", sx)]) | Call(x, [sx], [])
FormattedValue(sx, -1, None) | JoinedStr([sx]) | Attribute(sx, "a", Load()) | Attribute(x, "a", Store())
Subscript(sx, x, Load()) | Subscript(x, sx, Load()) | Subscript(x, Slice(sx), Load()) | Subscript(x, Slice(None, sx), Load())
Starred(sx, Load()) | Starred(x, Store()) | Name("None", Load()) | Name("True", Load()) | Name("False", Store())
Constant([]) | Constant((1, [])) | Constant({1}) | Constant(frozenset({1})) | Constant(b"") | Constant(open)
args(args=[arg("x", sx)]) | args(defaults=[one]) | args(kw_defaults=[one]) | args(kwonlyargs=[arg("x")])
args(vararg=arg("x", sx)) | args(kwarg=arg("x", sx)) | args(args=[arg("x")], defaults=[sx]) | args(posonlyargs=[arg("x", sx)])
args(kwonlyargs=[arg("x")], kw_defaults=[sx]) | args(kwonlyargs=[arg("x")], kw_defaults=[None])
pattern(MatchValue(x)) | pattern(MatchValue(sx)) | pattern(MatchValue(Constant(...))) | pattern(MatchValue(Constant(True)))
pattern(MatchValue(Constant((1, 2)))) | pattern(MatchValue(Constant(None))) | pattern(MatchValue(UnaryOp(USub(), one)))
pattern(MatchValue(UnaryOp(USub(), x))) | pattern(MatchValue(UnaryOp(Not(), one))) | pattern(MatchValue(BinOp(one, Add(), Constant(2j))))
pattern(MatchValue(BinOp(one, Add(), one))) | pattern(MatchValue(BinOp(Constant(2j), Add(), one)))
pattern(MatchValue(BinOp(one, Mult(), Constant(2j)))) | pattern(MatchValue(BinOp(UnaryOp(USub(), one), Sub(), Constant(2j))))
pattern(MatchValue(Attribute(x, "a", Load()))) | pattern(MatchValue(Attribute(one, "a", Load())))
pattern(MatchValue(Attribute(x, "a", Store()))) | pattern(MatchValue(JoinedStr([]))) | pattern(MatchValue(List([], Load())))
pattern(MatchSingleton("s")) | pattern(MatchSingleton(1)) | pattern(MatchSingleton(None)) | pattern(MatchSequence([MatchSingleton("s")]))
pattern(MatchSequence([MatchStar("_")])) | pattern(MatchSequence([MatchStar("True")])) | pattern(MatchSequence([MatchStar("a"), MatchStar("b")]))
pattern(MatchStar("x")) | pattern(MatchStar()) | pattern(MatchMapping([one], [])) | pattern(MatchMapping([], [], "_"))
pattern(MatchMapping([], [], "True")) | pattern(MatchMapping([Constant(True)], [MatchAs()])) | pattern(MatchMapping([x], [MatchAs()]))
pattern(MatchMapping([Starred(x, Load())], [MatchAs()])) | pattern(MatchMapping([one], [MatchStar()]))
pattern(MatchClass(x, [], ["a"], [])) | pattern(MatchClass(one, [], [], [])) | pattern(MatchClass(Attribute(one, "a", Load()), [], [], []))
pattern(MatchClass(x, [], ["True"], [MatchAs()])) | pattern(MatchClass(x, [MatchStar()], [], [])) | pattern(MatchClass(x, [], ["a"], [MatchStar()]))
pattern(MatchClass(sx, [], [], [])) | pattern(MatchClass(x, [], [], [MatchAs()])) | pattern(MatchAs(name="_")) | pattern(MatchAs(name="False"))
pattern(MatchAs(MatchValue(one))) | pattern(MatchAs(MatchValue(one), "a")) | pattern(MatchAs(MatchStar(), "a")) | pattern(MatchOr([]))
pattern(MatchOr([MatchValue(one)])) | pattern(MatchOr([MatchValue(one), MatchSingleton("s")])) | pattern(MatchOr([MatchStar(), MatchStar()]))
Expression(sx) | Interactive([]) | Module([], [])
"""
for line in trees.strip().splitlines():
    for text in line.split(" | "):
        tree = eval(text)
        print(text, "->", end=" ")
        check(tree, "eval" if isinstance(tree, Expression) else "single" if isinstance(tree, Interactive) else "exec")


def placed(**kw):
    node = parse("a")
    for name, value in kw.items():
        setattr(node.body[0].value, name, value)
    try:
        compile(node, "<tree>", "exec")
    except Exception as error:
        print(kw, shown(error))
    else:
        print(kw, "good")


placed(lineno=5, end_lineno=2)
placed(col_offset=5, end_col_offset=2)
placed(lineno=-1, end_lineno=-1)
placed(lineno=1, end_lineno=2, col_offset=5, end_col_offset=2)
placed(col_offset=-1)
placed(col_offset=-5, end_col_offset=-2)
placed(lineno=0, end_lineno=0)
placed(lineno=None)
placed(lineno="1")
