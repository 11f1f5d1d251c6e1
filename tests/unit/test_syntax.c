/* test_syntax.c - the front end: trees, errors with their places, annotations as text, encodings.
 *
 * What is expected was recorded from CPython 3.11: trees in the notation of dump() below, errors
 * as the arguments of the SyntaxError. Every source is also parsed with memory running out at
 * every allocation, and truncated at every byte, which may fail but not crash.
 */
#include "check.h"

#include "syntax/parser.h"
#include "syntax/source.h"

typedef struct {
    const char *source, *tree;
} TreeCase;

typedef struct {
    const char *source;
    int mode, flags, feature;
    GiDiagKind kind;
    const char *message;
    int lineno, offset, end_lineno, end_offset;
    const char *text;
} ErrorCase;

typedef struct {
    const char *source, *text;
} TextCase;

static const TreeCase tree_cases[] = {
    {"",
     "Module([],[])"},
    {"pass\n",
     "Module([Pass@1,0,1,4()],[])"},
    {"x = y = 1, *z\n",
     "Module([Assign@1,0,1,13([Name@1,0,1,1(\"x\",Store),Name@1,4,1,5(\"y\",Store)],Tuple@1,8"
     ",1,13([Constant@1,8,1,9(i1;,None),Starred@1,11,1,13(Name@1,12,1,13(\"z\",Load),Load)],L"
     "oad),None)],[])"},
    {"a.b[c:d, ::2] = f(x, *y, z=1, **k)\n",
     "Module([Assign@1,0,1,34([Subscript@1,0,1,13(Attribute@1,0,1,3(Name@1,0,1,1(\"a\",Load),"
     "\"b\",Load),Tuple@1,4,1,12([Slice@1,4,1,7(Name@1,4,1,5(\"c\",Load),Name@1,6,1,7(\"d\",L"
     "oad),None),Slice@1,9,1,12(None,None,Constant@1,11,1,12(i2;,None))],Load),Store)],Call@1"
     ",16,1,34(Name@1,16,1,17(\"f\",Load),[Name@1,18,1,19(\"x\",Load),Starred@1,21,1,23(Name@"
     "1,22,1,23(\"y\",Load),Load)],[keyword@1,25,1,28(\"z\",Constant@1,27,1,28(i1;,None)),key"
     "word@1,30,1,33(None,Name@1,32,1,33(\"k\",Load))]),None)],[])"},
    {"if a:\n  b\nelif c:\n  d\nelse:\n  e\n",
     "Module([If@1,0,6,3(Name@1,3,1,4(\"a\",Load),[Expr@2,2,2,3(Name@2,2,2,3(\"b\",Load))],[I"
     "f@3,0,6,3(Name@3,5,3,6(\"c\",Load),[Expr@4,2,4,3(Name@4,2,4,3(\"d\",Load))],[Expr@6,2,6"
     ",3(Name@6,2,6,3(\"e\",Load))])])],[])"},
    {"while not x: break\nelse: continue\n",
     "Module([While@1,0,2,14(UnaryOp@1,6,1,11(Not,Name@1,10,1,11(\"x\",Load)),[Break@1,13,1,1"
     "8()],[Continue@2,6,2,14()])],[])"},
    {"for i, (j, *k) in x, y:\n    pass\n",
     "Module([For@1,0,2,8(Tuple@1,4,1,14([Name@1,4,1,5(\"i\",Store),Tuple@1,7,1,14([Name@1,8,"
     "1,9(\"j\",Store),Starred@1,11,1,13(Name@1,12,1,13(\"k\",Store),Store)],Store)],Store),T"
     "uple@1,18,1,22([Name@1,18,1,19(\"x\",Load),Name@1,21,1,22(\"y\",Load)],Load),[Pass@2,4,"
     "2,8()],[],None)],[])"},
    {"try:\n    a\nexcept (A, B) as e:\n    b\nexcept:\n    c\nelse: d\nfinally: e\n",
     "Module([Try@1,0,8,10([Expr@2,4,2,5(Name@2,4,2,5(\"a\",Load))],[ExceptHandler@3,0,4,5(Tu"
     "ple@3,7,3,13([Name@3,8,3,9(\"A\",Load),Name@3,11,3,12(\"B\",Load)],Load),\"e\",[Expr@4,"
     "4,4,5(Name@4,4,4,5(\"b\",Load))]),ExceptHandler@5,0,6,5(None,None,[Expr@6,4,6,5(Name@6,"
     "4,6,5(\"c\",Load))])],[Expr@7,6,7,7(Name@7,6,7,7(\"d\",Load))],[Expr@8,9,8,10(Name@8,9,"
     "8,10(\"e\",Load))])],[])"},
    {"try: a\nexcept* E: b\n",
     "Module([TryStar@1,0,2,12([Expr@1,5,1,6(Name@1,5,1,6(\"a\",Load))],[ExceptHandler@2,0,2,"
     "12(Name@2,8,2,9(\"E\",Load),None,[Expr@2,11,2,12(Name@2,11,2,12(\"b\",Load))])],[],[])]"
     ",[])"},
    {"with (a as b, c): pass\n",
     "Module([With@1,0,1,22([withitem(Name@1,6,1,7(\"a\",Load),Name@1,11,1,12(\"b\",Store)),w"
     "ithitem(Name@1,14,1,15(\"c\",Load),None)],[Pass@1,18,1,22()],None)],[])"},
    {"with (a, b) as c, d: pass\n",
     "Module([With@1,0,1,25([withitem(Tuple@1,5,1,11([Name@1,6,1,7(\"a\",Load),Name@1,9,1,10("
     "\"b\",Load)],Load),Name@1,15,1,16(\"c\",Store)),withitem(Name@1,18,1,19(\"d\",Load),Non"
     "e)],[Pass@1,21,1,25()],None)],[])"},
    {"def f(a, /, b: int = 1, *c: d, e, g=2, **h) -> i: return\n",
     "Module([FunctionDef@1,0,1,56(\"f\",arguments([arg@1,6,1,7(\"a\",None,None)],[arg@1,12,1"
     ",18(\"b\",Name@1,15,1,18(\"int\",Load),None)],arg@1,25,1,29(\"c\",Name@1,28,1,29(\"d\","
     "Load),None),[arg@1,31,1,32(\"e\",None,None),arg@1,34,1,35(\"g\",None,None)],[None,Const"
     "ant@1,36,1,37(i2;,None)],arg@1,41,1,42(\"h\",None,None),[Constant@1,21,1,22(i1;,None)])"
     ",[Return@1,50,1,56(None)],[],Name@1,47,1,48(\"i\",Load),None)],[])"},
    {"@d.e(1)\nclass C(B, metaclass=M): x: int = 1\n",
     "Module([ClassDef@2,0,2,35(\"C\",[Name@2,8,2,9(\"B\",Load)],[keyword@2,11,2,22(\"metacla"
     "ss\",Name@2,21,2,22(\"M\",Load))],[AnnAssign@2,25,2,35(Name@2,25,2,26(\"x\",Store),Name"
     "@2,28,2,31(\"int\",Load),Constant@2,34,2,35(i1;,None),1)],[Call@1,1,1,7(Attribute@1,1,1"
     ",4(Name@1,1,1,2(\"d\",Load),\"e\",Load),[Constant@1,5,1,6(i1;,None)],[])])],[])"},
    {"async def f():\n  async for x in y: await z\n  async with a as b: pass\n  return [x asy"
     "nc for x in y if a if b]\n",
     "Module([AsyncFunctionDef@1,0,4,39(\"f\",arguments([],[],None,[],[],None,[]),[AsyncFor@2"
     ",2,2,27(Name@2,12,2,13(\"x\",Store),Name@2,17,2,18(\"y\",Load),[Expr@2,20,2,27(Await@2,"
     "20,2,27(Name@2,26,2,27(\"z\",Load)))],[],None),AsyncWith@3,2,3,25([withitem(Name@3,13,3"
     ",14(\"a\",Load),Name@3,18,3,19(\"b\",Store))],[Pass@3,21,3,25()],None),Return@4,2,4,39("
     "ListComp@4,9,4,39(Name@4,10,4,11(\"x\",Load),[comprehension(Name@4,22,4,23(\"x\",Store)"
     ",Name@4,27,4,28(\"y\",Load),[Name@4,32,4,33(\"a\",Load),Name@4,37,4,38(\"b\",Load)],1)]"
     "))],[],None,None)],[])"},
    {"lambda a, *, b=1, **c: (yield)\n",
     "Module([Expr@1,0,1,30(Lambda@1,0,1,30(arguments([],[arg@1,7,1,8(\"a\",None,None)],None,"
     "[arg@1,13,1,14(\"b\",None,None)],[Constant@1,15,1,16(i1;,None)],arg@1,20,1,21(\"c\",Non"
     "e,None),[]),Yield@1,24,1,29(None)))],[])"},
    {"match p:\n  case {\"a\": 1, **r} | [A(b, c=d), *_] if g: pass\n  case -1+2j as n: pass\n"
     "  case x.y | None | \"s\": pass\n  case a, *b: pass\n",
     "Module([Match@1,0,5,18(Name@1,6,1,7(\"p\",Load),[match_case(MatchOr@2,7,2,38([MatchMapp"
     "ing@2,7,2,20([Constant@2,8,2,11(s\"a\",None)],[MatchValue@2,13,2,14(Constant@2,13,2,14("
     "i1;,None))],\"r\"),MatchSequence@2,23,2,38([MatchClass@2,24,2,33(Name@2,24,2,25(\"A\",L"
     "oad),[MatchAs@2,26,2,27(None,\"b\")],[\"c\"],[MatchAs@2,31,2,32(None,\"d\")]),MatchStar"
     "@2,35,2,37(None)])]),Name@2,42,2,43(\"g\",Load),[Pass@2,45,2,49()]),match_case(MatchAs@"
     "3,7,3,17(MatchValue@3,7,3,12(BinOp@3,7,3,12(UnaryOp@3,7,3,9(USub,Constant@3,8,3,9(i1;,N"
     "one)),Add,Constant@3,10,3,12(j4000000000000000,None))),\"n\"),None,[Pass@3,19,3,23()]),"
     "match_case(MatchOr@4,7,4,23([MatchValue@4,7,4,10(Attribute@4,7,4,10(Name@4,7,4,8(\"x\","
     "Load),\"y\",Load)),MatchSingleton@4,13,4,17(cNone),MatchValue@4,20,4,23(Constant@4,20,4"
     ",23(s\"s\",None))]),None,[Pass@4,25,4,29()]),match_case(MatchSequence@5,7,5,12([MatchAs"
     "@5,7,5,8(None,\"a\"),MatchStar@5,10,5,12(\"b\")]),None,[Pass@5,14,5,18()])])],[])"},
    {"match = case\nmatch(x)\nmatch[1]\nprint -1\n",
     "Module([Assign@1,0,1,12([Name@1,0,1,5(\"match\",Store)],Name@1,8,1,12(\"case\",Load),No"
     "ne),Expr@2,0,2,8(Call@2,0,2,8(Name@2,0,2,5(\"match\",Load),[Name@2,6,2,7(\"x\",Load)],["
     "])),Expr@3,0,3,8(Subscript@3,0,3,8(Name@3,0,3,5(\"match\",Load),Constant@3,6,3,7(i1;,No"
     "ne),Load)),Expr@4,0,4,8(BinOp@4,0,4,8(Name@4,0,4,5(\"print\",Load),Sub,Constant@4,7,4,8"
     "(i1;,None)))],[])"},
    {"import a.b.c as d, e\nfrom .. import f\nfrom .g.h import (i as j, k,)\nfrom l import *\n",
     "Module([Import@1,0,1,20([alias@1,7,1,17(\"a.b.c\",\"d\"),alias@1,19,1,20(\"e\",None)]),"
     "ImportFrom@2,0,2,16(None,[alias@2,15,2,16(\"f\",None)],2),ImportFrom@3,0,3,29(\"g.h\",["
     "alias@3,18,3,24(\"i\",\"j\"),alias@3,26,3,27(\"k\",None)],1),ImportFrom@4,0,4,15(\"l\","
     "[alias@4,14,4,15(\"*\",None)],0)],[])"},
    {"global a, b\ndel a, (b, c.d), [e[0]]\nassert x, y\nraise X from y\n",
     "Module([Global@1,0,1,11([\"a\",\"b\"]),Delete@2,0,2,23([Name@2,4,2,5(\"a\",Del),Tuple@2"
     ",7,2,15([Name@2,8,2,9(\"b\",Del),Attribute@2,11,2,14(Name@2,11,2,12(\"c\",Load),\"d\",D"
     "el)],Del),List@2,17,2,23([Subscript@2,18,2,22(Name@2,18,2,19(\"e\",Load),Constant@2,20,"
     "2,21(i0;,None),Del)],Del)]),Assert@3,0,3,11(Name@3,7,3,8(\"x\",Load),Name@3,10,3,11(\"y"
     "\",Load)),Raise@4,0,4,14(Name@4,6,4,7(\"X\",Load),Name@4,13,4,14(\"y\",Load))],[])"},
    {"x += 1; y @= 2; (z): int; w.v: str = yield\n",
     "Module([AugAssign@1,0,1,6(Name@1,0,1,1(\"x\",Store),Add,Constant@1,5,1,6(i1;,None)),Aug"
     "Assign@1,8,1,14(Name@1,8,1,9(\"y\",Store),MatMult,Constant@1,13,1,14(i2;,None)),AnnAssi"
     "gn@1,16,1,24(Name@1,17,1,18(\"z\",Store),Name@1,21,1,24(\"int\",Load),None,0),AnnAssign"
     "@1,26,1,42(Attribute@1,26,1,29(Name@1,26,1,27(\"w\",Load),\"v\",Store),Name@1,31,1,34(\""
     "str\",Load),Yield@1,37,1,42(None),0)],[])"},
    {"a if b else c or d and not e < f is not g not in h | i ^ j & k << l + m * n @ -o ** -p\n",
     "Module([Expr@1,0,1,86(IfExp@1,0,1,86(Name@1,5,1,6(\"b\",Load),Name@1,0,1,1(\"a\",Load),"
     "BoolOp@1,12,1,86(Or,[Name@1,12,1,13(\"c\",Load),BoolOp@1,17,1,86(And,[Name@1,17,1,18(\""
     "d\",Load),UnaryOp@1,23,1,86(Not,Compare@1,27,1,86(Name@1,27,1,28(\"e\",Load),[Lt,IsNot,"
     "NotIn],[Name@1,31,1,32(\"f\",Load),Name@1,40,1,41(\"g\",Load),BinOp@1,49,1,86(Name@1,49"
     ",1,50(\"h\",Load),BitOr,BinOp@1,53,1,86(Name@1,53,1,54(\"i\",Load),BitXor,BinOp@1,57,1,"
     "86(Name@1,57,1,58(\"j\",Load),BitAnd,BinOp@1,61,1,86(Name@1,61,1,62(\"k\",Load),LShift,"
     "BinOp@1,66,1,86(Name@1,66,1,67(\"l\",Load),Add,BinOp@1,70,1,86(BinOp@1,70,1,75(Name@1,7"
     "0,1,71(\"m\",Load),Mult,Name@1,74,1,75(\"n\",Load)),MatMult,UnaryOp@1,78,1,86(USub,BinO"
     "p@1,79,1,86(Name@1,79,1,80(\"o\",Load),Pow,UnaryOp@1,84,1,86(USub,Name@1,85,1,86(\"p\","
     "Load))))))))))]))])])))],[])"},
    {"f\"a{b!r:>{c}}d{{e}}{f = }\" \"g\" 'h'\n",
     "Module([Expr@1,0,1,34(JoinedStr@1,0,1,34([Constant@1,0,1,34(s\"a\",None),FormattedValue"
     "@1,0,1,34(Name@1,4,1,5(\"b\",Load),114,JoinedStr@1,0,1,26([Constant@1,0,1,34(s\">\",Non"
     "e),FormattedValue@1,0,1,34(Name@1,10,1,11(\"c\",Load),-1,None)])),Constant@1,0,1,34(s\""
     "d{e}f\\20=\\20\",None),FormattedValue@1,0,1,34(Name@1,20,1,21(\"f\",Load),114,None),Con"
     "stant@1,0,1,34(s\"gh\",None)]))],[])"},
    {"f\"\"\"x{\na + b}\n {c:d{e}f}\"\"\"\n",
     "Module([Expr@1,0,3,13(JoinedStr@1,0,3,13([Constant@1,0,3,13(s\"x\",None),FormattedValue"
     "@1,0,3,13(BinOp@2,0,2,5(Name@2,0,2,1(\"a\",Load),Add,Name@2,4,2,5(\"b\",Load)),-1,None)"
     ",Constant@1,0,3,13(s\"\\0a\\20\",None),FormattedValue@1,0,3,13(Name@3,2,3,3(\"c\",Load)"
     ",-1,JoinedStr@1,0,3,13([Constant@1,0,3,13(s\"d\",None),FormattedValue@1,0,3,13(Name@3,6"
     ",3,7(\"e\",Load),-1,None),Constant@1,0,3,13(s\"f\",None)]))]))],[])"},
    {"0xFF + 0b1_0 + 0o17 + 1_000.5e-3 + 2J + 1e400\n",
     "Module([Expr@1,0,1,45(BinOp@1,0,1,45(BinOp@1,0,1,37(BinOp@1,0,1,32(BinOp@1,0,1,19(BinOp"
     "@1,0,1,12(Constant@1,0,1,4(i255;,None),Add,Constant@1,7,1,12(i2;,None)),Add,Constant@1,"
     "15,1,19(i15;,None)),Add,Constant@1,22,1,32(f3ff0020c49ba5e35,None)),Add,Constant@1,35,1"
     ",37(j4000000000000000,None)),Add,Constant@1,40,1,45(f7ff0000000000000,None)))],[])"},
    {"u\"a\" \"b\", b\"\\x00\\n\" rb\"\\n\", \"\\N{BULLET}\\ud800\\101\\u00e9\"\n",
     "Module([Expr@1,0,1,56(Tuple@1,0,1,56([Constant@1,0,1,8(s\"ab\",\"u\"),Constant@1,10,1,2"
     "6(b\"\\00\\0a\\5cn\",None),Constant@1,28,1,56(s\"\\e2\\80\\a2\\ed\\a0\\80A\\c3\\a9\",No"
     "ne)],Load))],[])"},
    {"{**a, b: c}, {d, *e}, {f: g for f, g in h}, {i for i in j}, (k for k in l), []\n",
     "Module([Expr@1,0,1,78(Tuple@1,0,1,78([Dict@1,0,1,11([None,Name@1,6,1,7(\"b\",Load)],[Na"
     "me@1,3,1,4(\"a\",Load),Name@1,9,1,10(\"c\",Load)]),Set@1,13,1,20([Name@1,14,1,15(\"d\","
     "Load),Starred@1,17,1,19(Name@1,18,1,19(\"e\",Load),Load)]),DictComp@1,22,1,42(Name@1,23"
     ",1,24(\"f\",Load),Name@1,26,1,27(\"g\",Load),[comprehension(Tuple@1,32,1,36([Name@1,32,"
     "1,33(\"f\",Store),Name@1,35,1,36(\"g\",Store)],Store),Name@1,40,1,41(\"h\",Load),[],0)]"
     "),SetComp@1,44,1,58(Name@1,45,1,46(\"i\",Load),[comprehension(Name@1,51,1,52(\"i\",Stor"
     "e),Name@1,56,1,57(\"j\",Load),[],0)]),GeneratorExp@1,60,1,74(Name@1,61,1,62(\"k\",Load)"
     ",[comprehension(Name@1,67,1,68(\"k\",Store),Name@1,72,1,73(\"l\",Load),[],0)]),List@1,7"
     "6,1,78([],Load)],Load))],[])"},
    {"(a := 1, [b := 2], f(c := 3), x[d := 4])\n",
     "Module([Expr@1,0,1,40(Tuple@1,0,1,40([NamedExpr@1,1,1,7(Name@1,1,1,2(\"a\",Store),Const"
     "ant@1,6,1,7(i1;,None)),List@1,9,1,17([NamedExpr@1,10,1,16(Name@1,10,1,11(\"b\",Store),C"
     "onstant@1,15,1,16(i2;,None))],Load),Call@1,19,1,28(Name@1,19,1,20(\"f\",Load),[NamedExp"
     "r@1,21,1,27(Name@1,21,1,22(\"c\",Store),Constant@1,26,1,27(i3;,None))],[]),Subscript@1,"
     "30,1,39(Name@1,30,1,31(\"x\",Load),NamedExpr@1,32,1,38(Name@1,32,1,33(\"d\",Store),Cons"
     "tant@1,37,1,38(i4;,None)),Load)],Load))],[])"},
    {"x[*a, b], x[c,], x[()]\n",
     "Module([Expr@1,0,1,22(Tuple@1,0,1,22([Subscript@1,0,1,8(Name@1,0,1,1(\"x\",Load),Tuple@"
     "1,2,1,7([Starred@1,2,1,4(Name@1,3,1,4(\"a\",Load),Load),Name@1,6,1,7(\"b\",Load)],Load)"
     ",Load),Subscript@1,10,1,15(Name@1,10,1,11(\"x\",Load),Tuple@1,12,1,14([Name@1,12,1,13(\""
     "c\",Load)],Load),Load),Subscript@1,17,1,22(Name@1,17,1,18(\"x\",Load),Tuple@1,19,1,21(["
     "],Load),Load)],Load))],[])"},
    {"\303\251 = \"\303\274\"; x = \303\251\n",
     "Module([Assign@1,0,1,9([Name@1,0,1,2(\"\\c3\\a9\",Store)],Constant@1,5,1,9(s\"\\c3\\bc\""
     ",None),None),Assign@1,11,1,17([Name@1,11,1,12(\"x\",Store)],Name@1,15,1,17(\"\\c3\\a9\""
     ",Load),None)],[])"},
    {"if x:\n\011y\n\n# comment\n\011z\nw\n",
     "Module([If@1,0,5,2(Name@1,3,1,4(\"x\",Load),[Expr@2,1,2,2(Name@2,1,2,2(\"y\",Load)),Exp"
     "r@5,1,5,2(Name@5,1,5,2(\"z\",Load))],[]),Expr@6,0,6,1(Name@6,0,6,1(\"w\",Load))],[])"},
    {"a = (1 +\n  2) \\\n  + 3\n",
     "Module([Assign@1,0,3,5([Name@1,0,1,1(\"a\",Store)],BinOp@1,4,3,5(BinOp@1,5,2,3(Constant"
     "@1,5,1,6(i1;,None),Add,Constant@2,2,2,3(i2;,None)),Add,Constant@3,4,3,5(i3;,None)),None"
     ")],[])"},
    {"... ; None; True\n",
     "Module([Expr@1,0,1,3(Constant@1,0,1,3(cEllipsis,None)),Expr@1,6,1,10(Constant@1,6,1,10("
     "cNone,None)),Expr@1,12,1,16(Constant@1,12,1,16(cTrue,None))],[])"},
};

static const ErrorCase error_cases[] = {
    {"(a b)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Perhaps you forgot a comma\?", 1, 2, 1, 5,
     "(a b)\n"},
    {"f(a, b c d)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Perhaps you forgot a comma\?", 1, 6, 1, 9,
     "f(a, b c d)\n"},
    {"f(c d)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 5, 1, 6,
     "f(c d)\n"},
    {"x = (1,\n2 2", 0, 0, 11, GI_DIAG_SYNTAX,
     "'(' was never closed", 1, 5, 1, 0,
     "x = (1,"},
    {"(", 0, 0, 11, GI_DIAG_SYNTAX,
     "'(' was never closed", 1, 1, 1, 0,
     "(\n"},
    {"(]", 0, 0, 11, GI_DIAG_SYNTAX,
     "closing parenthesis ']' does not match opening parenthesis '('", 1, 2, 1, 2,
     "(]"},
    {"\n(\n]", 0, 0, 11, GI_DIAG_SYNTAX,
     "closing parenthesis ']' does not match opening parenthesis '(' on line 2", 3, 1, 3, 1,
     "]"},
    {")", 0, 0, 11, GI_DIAG_SYNTAX,
     "unmatched ')'", 1, 1, 1, 1,
     ")"},
    {"a $ b", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 3, 1, 4,
     "a $ b\n"},
    {"'abc", 0, 0, 11, GI_DIAG_SYNTAX,
     "unterminated string literal (detected at line 1)", 1, 1, 1, 1,
     "'abc"},
    {"x='''abc\nde", 0, 0, 11, GI_DIAG_SYNTAX,
     "unterminated triple-quoted string literal (detected at line 2)", 1, 3, 1, 3,
     "x='''abc"},
    {"x = 'abc\\\nde", 0, 0, 11, GI_DIAG_SYNTAX,
     "unterminated string literal (detected at line 2)", 1, 5, 1, 5,
     "x = 'abc\\"},
    {"a\\ b\n", 0, 0, 11, GI_DIAG_SYNTAX,
     "unexpected character after line continuation character", 1, 3, 1, 0,
     "a\\ b\n"},
    {"a\\", 0, 0, 11, GI_DIAG_SYNTAX,
     "unexpected EOF while parsing", 1, 3, 1, -1,
     "a\\\n"},
    {"if 1:\n  a\n b", 0, 0, 11, GI_DIAG_INDENTATION,
     "unindent does not match any outer indentation level", 3, 3, 3, -1,
     " b\n"},
    {"if 1:\n\011a\n        b", 0, 0, 11, GI_DIAG_TAB,
     "inconsistent use of tabs and spaces in indentation", 3, 1, 3, 0,
     "        b\n"},
    {"  a", 0, 0, 11, GI_DIAG_INDENTATION,
     "unexpected indent", 1, 2, 1, -1,
     "  a\n"},
    {"a\n  b", 0, 0, 11, GI_DIAG_INDENTATION,
     "unexpected indent", 2, 2, 2, -1,
     "  b\n"},
    {"\342\200\234a\342\200\235", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid character '\342\200\234' (U+201C)", 1, 1, 1, 1,
     "\342\200\234a\342\200\235"},
    {"a\302\240b", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid non-printable character U+00A0", 1, 2, 1, 2,
     "a\302\240b"},
    {"1a", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid decimal literal", 1, 1, 1, 1,
     "1a"},
    {"0xg", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid hexadecimal literal", 1, 2, 1, 2,
     "0xg"},
    {"0b12", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid digit '2' in binary literal", 1, 4, 1, 4,
     "0b12"},
    {"0o8", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid digit '8' in octal literal", 1, 3, 1, 3,
     "0o8"},
    {"012", 0, 0, 11, GI_DIAG_SYNTAX,
     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal"
     " integers", 1, 1, 1, 2,
     "012"},
    {"1__0", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid decimal literal", 1, 2, 1, 2,
     "1__0"},
    {"1e+", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid decimal literal", 1, 3, 1, 3,
     "1e+"},
    {"1jx", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid imaginary literal", 1, 2, 1, 2,
     "1jx"},
    {"1.2.3", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 4, 1, 6,
     "1.2.3\n"},
    {"f() = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call here. Maybe you meant '==' instead of '='\?", 1, 1, 1, 4,
     "f() = 1\n"},
    {"f() = g() = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 1, 1, 4,
     "f() = g() = 1\n"},
    {"x = f() = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 5, 1, 8,
     "x = f() = 1\n"},
    {"(a, f()) = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 5, 1, 8,
     "(a, f()) = 1\n"},
    {"None = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to None", 1, 1, 1, 5,
     "None = 1\n"},
    {"(None) = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to None here. Maybe you meant '==' instead of '='\?", 1, 2, 1, 6,
     "(None) = 1\n"},
    {"a + 1 = 2", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to expression here. Maybe you meant '==' instead of '='\?", 1, 1, 1, 6,
     "a + 1 = 2\n"},
    {"(a = 1)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='\?", 1, 2, 1, 7,
     "(a = 1)\n"},
    {"f(a.b = 1)", 0, 0, 11, GI_DIAG_SYNTAX,
     "expression cannot contain assignment, perhaps you meant \"==\"\?", 1, 3, 1, 8,
     "f(a.b = 1)\n"},
    {"f(True=1)", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to True", 1, 3, 1, 8,
     "f(True=1)\n"},
    {"if x = 3: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='\?", 1, 4, 1, 9,
     "if x = 3: pass\n"},
    {"if x.y = 3: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to attribute here. Maybe you meant '==' instead of '='\?", 1, 4, 1, 7,
     "if x.y = 3: pass\n"},
    {"x = yield = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "assignment to yield expression not possible", 1, 5, 1, 10,
     "x = yield = 1\n"},
    {"f() += 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "'function call' is an illegal expression for augmented assignment", 1, 1, 1, 4,
     "f() += 1\n"},
    {"a, b += 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "'tuple' is an illegal expression for augmented assignment", 1, 1, 1, 5,
     "a, b += 1\n"},
    {"f() : int", 0, 0, 11, GI_DIAG_SYNTAX,
     "illegal target for annotation", 1, 1, 1, 4,
     "f() : int\n"},
    {"(a, b): int", 0, 0, 11, GI_DIAG_SYNTAX,
     "only single target (not tuple) can be annotated", 1, 1, 1, 7,
     "(a, b): int\n"},
    {"[a]: int", 0, 0, 11, GI_DIAG_SYNTAX,
     "only single target (not list) can be annotated", 1, 1, 1, 4,
     "[a]: int\n"},
    {"a, b: int", 0, 0, 11, GI_DIAG_SYNTAX,
     "only single target (not tuple) can be annotated", 1, 1, 1, 2,
     "a, b: int\n"},
    {"lambda: x = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to lambda", 1, 1, 1, 10,
     "lambda: x = 1\n"},
    {"'a' = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to literal here. Maybe you meant '==' instead of '='\?", 1, 1, 1, 4,
     "'a' = 1\n"},
    {"a < b = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to comparison", 1, 1, 1, 6,
     "a < b = 1\n"},
    {"a if b else c = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to conditional expression", 1, 1, 1, 14,
     "a if b else c = 1\n"},
    {"*f() = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 2, 1, 5,
     "*f() = 1\n"},
    {"(*a) = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use starred expression here", 1, 2, 1, 4,
     "(*a) = 1\n"},
    {"(*a)", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use starred expression here", 1, 2, 1, 4,
     "(*a)\n"},
    {"(**a)", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use double starred expression here", 1, 2, 1, 4,
     "(**a)\n"},
    {"del f()", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot delete function call", 1, 5, 1, 8,
     "del f()\n"},
    {"del (a, f())", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot delete function call", 1, 9, 1, 12,
     "del (a, f())\n"},
    {"del *a", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot delete starred", 1, 5, 1, 7,
     "del *a\n"},
    {"for f() in x: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 5, 1, 8,
     "for f() in x: pass\n"},
    {"for x in y", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 11, 1, 11,
     "for x in y\n"},
    {"with f() as g(): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 13, 1, 16,
     "with f() as g(): pass\n"},
    {"with a as b", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 12, 1, 12,
     "with a as b\n"},
    {"with (a as b", 0, 0, 11, GI_DIAG_SYNTAX,
     "'(' was never closed", 1, 6, 1, 0,
     "with (a as b\n"},
    {"from a import b,", 0, 0, 11, GI_DIAG_SYNTAX,
     "trailing comma not allowed without surrounding parentheses", 1, 17, 1, 17,
     "from a import b,\n"},
    {"import a as b.c", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 14, 1, 15,
     "import a as b.c\n"},
    {"def f", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected '('", 1, 6, 1, 6,
     "def f\n"},
    {"def f()", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 8, 1, 8,
     "def f()\n"},
    {"def f(a=)", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected default value expression", 1, 8, 1, 9,
     "def f(a=)\n"},
    {"def f(a=1, b): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "non-default argument follows default argument", 1, 12, 1, 13,
     "def f(a=1, b): pass\n"},
    {"def f(*): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "named arguments must follow bare *", 1, 7, 1, 8,
     "def f(*): pass\n"},
    {"def f(*, **k): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "named arguments must follow bare *", 1, 7, 1, 8,
     "def f(*, **k): pass\n"},
    {"def f(**k, a): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "arguments cannot follow var-keyword argument", 1, 12, 1, 13,
     "def f(**k, a): pass\n"},
    {"def f(**k=1): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "var-keyword argument cannot have default value", 1, 10, 1, 11,
     "def f(**k=1): pass\n"},
    {"def f(*a=1): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "var-positional argument cannot have default value", 1, 9, 1, 10,
     "def f(*a=1): pass\n"},
    {"def f(/, a): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "at least one argument must precede /", 1, 7, 1, 8,
     "def f(/, a): pass\n"},
    {"def f(a, /, b, /): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "/ may appear only once", 1, 16, 1, 17,
     "def f(a, /, b, /): pass\n"},
    {"def f(*, a, /): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "/ must be ahead of *", 1, 13, 1, 14,
     "def f(*, a, /): pass\n"},
    {"def f(*a, *b): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "* argument may appear only once", 1, 11, 1, 12,
     "def f(*a, *b): pass\n"},
    {"def f((a, b)): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "Function parameters cannot be parenthesized", 1, 7, 1, 13,
     "def f((a, b)): pass\n"},
    {"lambda (a): 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "Lambda expression parameters cannot be parenthesized", 1, 8, 1, 11,
     "lambda (a): 1\n"},
    {"lambda *: 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "named arguments must follow bare *", 1, 9, 1, 10,
     "lambda *: 1\n"},
    {"class A", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 8, 1, 8,
     "class A\n"},
    {"class A(", 0, 0, 11, GI_DIAG_SYNTAX,
     "'(' was never closed", 1, 8, 1, 0,
     "class A(\n"},
    {"class A(x=1, y): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "positional argument follows keyword argument", 1, 15, 1, 16,
     "class A(x=1, y): pass\n"},
    {"if x", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 5, 1, 5,
     "if x\n"},
    {"if x:", 0, 0, 11, GI_DIAG_INDENTATION,
     "expected an indented block after 'if' statement on line 1", 1, 6, 1, -1,
     "if x:\n"},
    {"if x y", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 6, 1, 7,
     "if x y\n"},
    {"else:", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 1, 1, 5,
     "else:\n"},
    {"if x:\n  y\nelse", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 3, 5, 3, 5,
     "else\n"},
    {"while x", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 8, 1, 8,
     "while x\n"},
    {"try", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 4, 1, 4,
     "try\n"},
    {"try: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected 'except' or 'finally' block", 1, 10, 1, -1,
     "try: pass\n"},
    {"try: pass\nx=1", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected 'except' or 'finally' block", 2, 1, 2, 2,
     "x=1\n"},
    {"try: pass\nexcept a, b: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "multiple exception types must be parenthesized", 2, 8, 2, 12,
     "except a, b: pass\n"},
    {"try: pass\nexcept *: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected one or more exception types", 2, 9, 2, 10,
     "except *: pass\n"},
    {"try: pass\nexcept *a: pass\nexcept b: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot have both 'except' and 'except*' on the same 'try'", 3, 1, 3, 7,
     "except b: pass\n"},
    {"try: pass\nexcept: pass\nexcept *a: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot have both 'except' and 'except*' on the same 'try'", 3, 1, 3, 9,
     "except *a: pass\n"},
    {"try:\nx", 0, 0, 11, GI_DIAG_INDENTATION,
     "expected an indented block after 'try' statement on line 1", 2, 1, 2, 2,
     "x\n"},
    {"def f():\nx", 0, 0, 11, GI_DIAG_INDENTATION,
     "expected an indented block after function definition on line 1", 2, 1, 2, 2,
     "x\n"},
    {"match x:\n a", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 2, 2, 2, 3,
     " a\n"},
    {"match x\n case", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 1, 8, 1, 8,
     "match x\n"},
    {"match x:\n case 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected ':'", 2, 8, 2, 8,
     " case 1\n"},
    {"match x:\n case 1:\npass", 0, 0, 11, GI_DIAG_INDENTATION,
     "expected an indented block after 'case' statement on line 2", 3, 0, 3, -1,
     "pass\n"},
    {"match x:\n case a as _: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use '_' as a target", 2, 12, 2, 13,
     " case a as _: pass\n"},
    {"match x:\n case a as 1: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid pattern target", 2, 12, 2, 13,
     " case a as 1: pass\n"},
    {"match x:\n case f(a=1, b): pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "positional patterns follow keyword patterns", 2, 14, 2, 15,
     " case f(a=1, b): pass\n"},
    {"match x:\n case 1+1: pass", 0, 0, 11, GI_DIAG_SYNTAX,
     "imaginary number required in complex literal", 2, 9, 2, 10,
     " case 1+1: pass\n"},
    {"print x", 0, 0, 11, GI_DIAG_SYNTAX,
     "Missing parentheses in call to 'print'. Did you mean print(...)\?", 1, 1, 1, 8,
     "print x\n"},
    {"print x, y", 0, 0, 11, GI_DIAG_SYNTAX,
     "Missing parentheses in call to 'print'. Did you mean print(...)\?", 1, 1, 1, 11,
     "print x, y\n"},
    {"exec 'a' in b", 0, 0, 11, GI_DIAG_SYNTAX,
     "Missing parentheses in call to 'exec'. Did you mean exec(...)\?", 1, 1, 1, 14,
     "exec 'a' in b\n"},
    {"{a: b, c}", 0, 0, 11, GI_DIAG_SYNTAX,
     "':' expected after dictionary key", 1, 8, 1, 0,
     "{a: b, c}\n"},
    {"{a: b, c:}", 0, 0, 11, GI_DIAG_SYNTAX,
     "expression expected after dictionary key and ':'", 1, 9, 1, 10,
     "{a: b, c:}\n"},
    {"{a: *b}", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use a starred expression in a dictionary value", 1, 5, 1, 7,
     "{a: *b}\n"},
    {"{**a for b in c}", 0, 0, 11, GI_DIAG_SYNTAX,
     "dict unpacking cannot be used in dict comprehension", 1, 2, 1, 4,
     "{**a for b in c}\n"},
    {"[*a for a in b]", 0, 0, 11, GI_DIAG_SYNTAX,
     "iterable unpacking cannot be used in comprehension", 1, 2, 1, 4,
     "[*a for a in b]\n"},
    {"[a, b for c in d]", 0, 0, 11, GI_DIAG_SYNTAX,
     "did you forget parentheses around the comprehension target\?", 1, 2, 1, 6,
     "[a, b for c in d]\n"},
    {"[a, for c in d]", 0, 0, 11, GI_DIAG_SYNTAX,
     "did you forget parentheses around the comprehension target\?", 1, 2, 1, 4,
     "[a, for c in d]\n"},
    {"[a for f() in c]", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot assign to function call", 1, 8, 1, 11,
     "[a for f() in c]\n"},
    {"f(a for b in c, d)", 0, 0, 11, GI_DIAG_SYNTAX,
     "Generator expression must be parenthesized", 1, 3, 1, 15,
     "f(a for b in c, d)\n"},
    {"f(a, b for c in d)", 0, 0, 11, GI_DIAG_SYNTAX,
     "Generator expression must be parenthesized", 1, 6, 1, 18,
     "f(a, b for c in d)\n"},
    {"f(a=1, b)", 0, 0, 11, GI_DIAG_SYNTAX,
     "positional argument follows keyword argument", 1, 9, 1, 10,
     "f(a=1, b)\n"},
    {"f(**a, b)", 0, 0, 11, GI_DIAG_SYNTAX,
     "positional argument follows keyword argument unpacking", 1, 9, 1, 10,
     "f(**a, b)\n"},
    {"f(**a, *b)", 0, 0, 11, GI_DIAG_SYNTAX,
     "iterable argument unpacking follows keyword argument unpacking", 1, 3, 1, 6,
     "f(**a, *b)\n"},
    {"f(a=b for c in d)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='\?", 1, 3, 1, 5,
     "f(a=b for c in d)\n"},
    {"a if b", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected 'else' after 'if' expression", 1, 1, 1, 7,
     "a if b\n"},
    {"x = a if b", 0, 0, 11, GI_DIAG_SYNTAX,
     "expected 'else' after 'if' expression", 1, 5, 1, 11,
     "x = a if b\n"},
    {"(a.b := 1)", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use assignment expressions with attribute", 1, 2, 1, 5,
     "(a.b := 1)\n"},
    {"a := 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 3, 1, 5,
     "a := 1\n"},
    {"(a, b) := 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot use assignment expressions with tuple", 1, 1, 1, 7,
     "(a, b) := 1\n"},
    {"a not b", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 7, 1, 8,
     "a not b\n"},
    {"a.1", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 2, 1, 4,
     "a.1\n"},
    {"a++", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 4, 1, 4,
     "a++\n"},
    {"a = 1 b", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 7, 1, 8,
     "a = 1 b\n"},
    {"x = 5 5\n'abc", 0, 0, 11, GI_DIAG_SYNTAX,
     "unterminated string literal (detected at line 2)", 2, 1, 2, 1,
     "'abc"},
    {"[\n1\n2\n]", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Perhaps you forgot a comma\?", 2, 1, 3, 2,
     "1"},
    {"f\"{a b}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: invalid syntax. Perhaps you forgot a comma\?", 1, 2, 1, 5,
     "(a b)\n"},
    {"\n\nx = f\"{a b}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: invalid syntax. Perhaps you forgot a comma\?", 3, 2, 3, 5,
     "(a b)\n"},
    {"f\"{\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: expecting '}'", 1, 5, 1, 5,
     "f\"{\"\n"},
    {"f\"{}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: empty expression not allowed", 1, 6, 1, 6,
     "f\"{}\"\n"},
    {"f\"{a!x}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: invalid conversion character: expected 's', 'r', or 'a'", 1, 9, 1, 9,
     "f\"{a!x}\"\n"},
    {"f\"}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: single '}' is not allowed", 1, 5, 1, 5,
     "f\"}\"\n"},
    {"f\"{a\\n}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string expression part cannot include a backslash", 1, 9, 1, 9,
     "f\"{a\\n}\"\n"},
    {"f\"{#}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string expression part cannot include '#'", 1, 7, 1, 7,
     "f\"{#}\"\n"},
    {"f\"{a:{b:{c}}}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: expressions nested too deeply", 1, 15, 1, 15,
     "f\"{a:{b:{c}}}\"\n"},
    {"f\"{a)}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: unmatched ')'", 1, 8, 1, 8,
     "f\"{a)}\"\n"},
    {"f\"{(a}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: closing parenthesis '}' does not match opening parenthesis '('", 1, 8, 1, 8,
     "f\"{(a}\"\n"},
    {"f\"{lambda x:1}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: invalid syntax", 1, 10, 1, 11,
     "(lambda x)\n"},
    {"f\"{*a}\"", 0, 0, 11, GI_DIAG_SYNTAX,
     "f-string: cannot use starred expression here", 1, 2, 1, 4,
     "(*a)\n"},
    {"f'{1a}'", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid decimal literal", 1, 2, 1, 2,
     "(1a)"},
    {"b'\\x1'", 0, 0, 11, GI_DIAG_SYNTAX,
     "(value error) invalid \\x escape at position 0", 1, 7, 1, 7,
     "b'\\x1'\n"},
    {"b'\303\251'", 0, 0, 11, GI_DIAG_SYNTAX,
     "bytes can only contain ASCII literal characters", 1, 5, 1, 5,
     "b'\303\251'\n"},
    {"'\\x1'", 0, 0, 11, GI_DIAG_SYNTAX,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\x"
     "XX escape", 1, 6, 1, 6,
     "'\\x1'\n"},
    {"'\\N{foo}'", 0, 0, 11, GI_DIAG_SYNTAX,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-6: unknown Unico"
     "de character name", 1, 10, 1, 10,
     "'\\N{foo}'\n"},
    {"'\\U12345678'", 0, 0, 11, GI_DIAG_SYNTAX,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unico"
     "de character", 1, 13, 1, 13,
     "'\\U12345678'\n"},
    {"'a' b'c'", 0, 0, 11, GI_DIAG_SYNTAX,
     "cannot mix bytes and nonbytes literals", 1, 9, 1, 9,
     "'a' b'c'\n"},
    {"x = 1 +", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 8, 1, 8,
     "x = 1 +\n"},
    {"x = '''a\nb''' 5 5", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 2, 6, 2, 7,
     "x = '''a\nb''' 5 5\n"},
    {"(a,\n'''b\n''' c)", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Perhaps you forgot a comma\?", 2, 1, 3, 5,
     "'''b"},
    {"@x", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 0, 1, 0,
     "@x\n"},
    {"return\n  x", 0, 0, 11, GI_DIAG_INDENTATION,
     "unexpected indent", 2, 2, 2, -1,
     "  x\n"},
    {"async x", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 7, 1, 8,
     "async x\n"},
    {"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
     "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
     "(((((((((((((((((((((((((((", 0, 0, 11, GI_DIAG_SYNTAX,
     "too many nested parentheses", 1, 201, 1, 201,
     "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
     "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
     "((((((((((((((((((((((((((("},
    {"a, 2 b = 1", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='\?", 1, 6, 1, 11,
     "a, 2 b = 1\n"},
    {"a {x y}", 0, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax. Perhaps you forgot a comma\?", 1, 4, 1, 7,
     "a {x y}\n"},
    {"1 +", 2, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 0, 1, 0,
     "1 +"},
    {"", 2, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 0, 0, 0, 0,
     ""},
    {"1 2", 2, 0, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 3, 1, 4,
     "1 2"},
    {"a=1\nb=2", 1, 0, 11, GI_DIAG_SYNTAX,
     "multiple statements found while compiling a single statement", 1, 4, 1, 4,
     "a=1\n"},
    {"if 1:\n  x", 1, 2, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 2, 0, 2, 0,
     "  x"},
    {"if 1:\n  x", 1, 6, 11, GI_DIAG_SYNTAX,
     "incomplete input", 2, 3, 2, -1,
     "  x"},
    {"(", 0, 6, 11, GI_DIAG_SYNTAX,
     "incomplete input", 1, 2, 1, -1,
     "(\n"},
    {"'''a", 1, 6, 11, GI_DIAG_SYNTAX,
     "incomplete input", 1, 1, 1, -1,
     "'''a"},
    {"a b", 0, 6, 11, GI_DIAG_SYNTAX,
     "invalid syntax", 1, 3, 1, 4,
     "a b\n"},
    {"(a, *b", 3, 0, 11, GI_DIAG_SYNTAX,
     "'(' was never closed", 1, 1, 1, 0,
     "(a, *b"},
    {"x = 5 # c\nx = 6\n", 1, 0, 11, GI_DIAG_SYNTAX,
     "multiple statements found while compiling a single statement", 1, 7, 1, 10,
     "x = 5 # c\n"},
    {"x: int = 1", 0, 0, 5, GI_DIAG_SYNTAX,
     "Variable annotation syntax is only supported in Python 3.6 and greater", 1, 11, 1, 11,
     "x: int = 1\n"},
    {"f'{x}'", 0, 0, 5, GI_DIAG_SYNTAX,
     "Format strings are only supported in Python 3.6 and greater", 1, 7, 1, 7,
     "f'{x}'\n"},
    {"(x := 1)", 0, 0, 7, GI_DIAG_SYNTAX,
     "Assignment expressions are only supported in Python 3.8 and greater", 1, 8, 1, 9,
     "(x := 1)\n"},
    {"def f(a, /): pass", 0, 0, 7, GI_DIAG_SYNTAX,
     "Positional-only parameters are only supported in Python 3.8 and greater", 1, 11, 1, 12,
     "def f(a, /): pass\n"},
    {"try: pass\nexcept* x: pass", 0, 0, 10, GI_DIAG_SYNTAX,
     "Exception groups are only supported in Python 3.11 and greater", 2, 16, 2, -1,
     "except* x: pass\n"},
    {"match x:\n case 1: pass", 0, 0, 9, GI_DIAG_SYNTAX,
     "Pattern matching is only supported in Python 3.10 and greater", 2, 14, 2, -1,
     " case 1: pass\n"},
    {"1_000", 0, 0, 5, GI_DIAG_SYNTAX,
     "Underscores in numeric literals are only supported in Python 3.6 and greater", 1, 1, 1, 6,
     "1_000\n"},
    {"a @ b", 0, 0, 4, GI_DIAG_SYNTAX,
     "The '@' operator is only supported in Python 3.5 and greater", 1, 6, 1, 6,
     "a @ b\n"},
};

static const TextCase text_cases[] = {
    {"a+b*c", "a + b * c"},
    {"(a+b)*c", "(a + b) * c"},
    {"-a**b", "-a ** b"},
    {"(-a)**b", "(-a) ** b"},
    {"not (a and b)", "not (a and b)"},
    {"lambda x, /, y=1, *z, k, m=2, **n: x", "lambda x, /, y=1, *z, k, m=2, **n: x"},
    {"lambda *a: 1", "lambda*a: 1"},
    {"f(x for x in y)", "f(x for x in y)"},
    {"{1:2,**a}", "{1: 2, **a}"},
    {"a[1:2,3]", "a[1:2, 3]"},
    {"a[(b,c)]", "a[b, c]"},
    {"1 .real", "1 .real"},
    {"1e400j", "1e309j"},
    {"0xffffffffffffffffffffffffffff", "5192296858534827628530496329220095"},
    {"\"it's\"", "\"it's\""},
    {"'\\n\\x00\\u1234\\ud800'", "'\\n\\x00\341\210\264\\ud800'"},
    {"b'a\\xff\\n'", "b'a\\xff\\n'"},
    {"f'a{b!r:>{w}}{{'", "f'a{b!r:>{w}}{{'"},
    {"f'{ {1:2} }'", "f'{ {1: 2}}'"},
    {"f\"it's {a['x']}\"", "f\"it's {a['x']}\""},
    {"a if b else (c if d else e)", "a if b else c if d else e"},
    {"(a if b else c) if d else e", "(a if b else c) if d else e"},
    {"x[*a]", "x[*a,]"},
    {"[x for x in (lambda: y)]", "[x for x in (lambda: y)]"},
    {"(a,)", "(a,)"},
    {"u'a'", "u'a'"},
    {"a < b < c", "a < b < c"},
};

/* ---- Trees as text --------------------------------------------------------------------------- */

static char out[1 << 16];
static size_t out_len;

static void put(const char *text) {
    size_t len = strlen(text);
    CHECK(out_len + len < sizeof out);
    memcpy(out + out_len, text, len + 1);
    out_len += len;
}

static void put_quoted(const char *bytes, size_t len) {
    put("\"");
    for (size_t i = 0; i < len; i++) {
        char text[8];
        unsigned char c = (unsigned char)bytes[i];
        bool plain = c > 32 && c < 127 && c != '"' && c != '\\';
        snprintf(text, sizeof text, plain ? "%c" : "\\%02x", c);
        put(text);
    }
    put("\"");
}

static void put_name(const GiName *name) {
    if (name == NULL) {
        put("None");
    } else {
        put_quoted(name->bytes, name->len);
    }
}

static void put_constant(const GiAstConst *c) {
    static const char *const words[] = {"", "cNone", "cTrue", "cFalse", "cEllipsis"};
    char text[64];
    uint64_t bits;
    switch (c->kind) {
    case GI_CONST_INT:
        CHECK(c->text.len < 17);
        snprintf(text, sizeof text, "i%llu;", strtoull(c->text.bytes, NULL, c->base));
        put(text);
        break;
    case GI_CONST_FLOAT:
    case GI_CONST_IMAGINARY:
        memcpy(&bits, &c->number, sizeof bits);
        snprintf(text, sizeof text, "%c%016" PRIx64, c->kind == GI_CONST_FLOAT ? 'f' : 'j', bits);
        put(text);
        break;
    case GI_CONST_STR:
    case GI_CONST_BYTES:
        put(c->kind == GI_CONST_STR ? "s" : "b");
        put_quoted(c->text.bytes, c->text.len);
        break;
    default: put(words[c->kind]); break;
    }
}

static void dump(int type, const void *node);

static void dump_item(int type, const void *items, uint32_t i) {
    const GiAstTypeInfo *t = &gi_ast_types[type];
    if (t->form == GI_AST_FORM_ENUM) {
        put(t->ctors[((const int *)items)[i] - 1].name);
    } else if (type == GI_AST_TYPE_identifier || type == GI_AST_TYPE_string) {
        put_name(((GiName *const *)items)[i]);
    } else {
        dump(type, ((void *const *)items)[i]);
    }
}

static void dump_field(const char *base, const GiAstFieldInfo *f) {
    const char *field = base + f->offset;
    char text[16];
    if (f->shape == GI_AST_SHAPE_SEQ) {
        const GiAstAnySeq *seq = (const void *)field;
        put("[");
        for (uint32_t i = 0; i < seq->count; i++) {
            put(i != 0 ? "," : "");
            dump_item(f->type, seq->items, i);
        }
        put("]");
        return;
    }
    switch (f->type) {
    case GI_AST_TYPE_int:
        snprintf(text, sizeof text, "%d", *(const int *)(const void *)field);
        put(text);
        break;
    case GI_AST_TYPE_constant: put_constant((const void *)field); break;
    default: dump_item(f->type, field, 0); break;
    }
}

static void dump(int type, const void *node) {
    const GiAstTypeInfo *t = &gi_ast_types[type];
    if (node == NULL) {
        put("None");
        return;
    }
    const GiAstCtorInfo *c =
        &t->ctors[t->form == GI_AST_FORM_SUM ? *(const int *)node - 1 : 0];
    put(c->name);
    if (t->has_pos) {
        const GiAstPos *pos = (const void *)((const char *)node + t->pos_offset);
        char text[64];
        snprintf(text, sizeof text, "@%d,%d,%d,%d", pos->lineno, pos->col_offset, pos->end_lineno,
                 pos->end_col_offset);
        put(text);
    }
    put("(");
    for (int i = 0; i < c->field_count; i++) {
        put(i != 0 ? "," : "");
        dump_field(node, &c->fields[i]);
    }
    put(")");
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static GiParseOptions default_options(void) {
    GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
    options.max_int_digits = 4300;
    return options;
}

static void test_trees(void) {
    for (size_t i = 0; i < GI_COUNTOF(tree_cases); i++) {
        const TreeCase *c = &tree_cases[i];
        GiArena arena;
        GiParseOptions options = default_options();
        GiParseResult result;
        gi_arena_init(&arena);
        if (gi_parse(&arena, c->source, strlen(c->source), &options, &result) != GI_OK) {
            fprintf(stderr, "%s: %s\n", c->source, result.error.message);
            exit(1);
        }
        out_len = 0;
        dump(GI_AST_TYPE_mod, result.mod);
        if (strcmp(out, c->tree) != 0) {
            fprintf(stderr, "%s\n%s\nnot\n%s\n", c->source, out, c->tree);
            exit(1);
        }
        gi_arena_free(&arena);
    }
}

static void test_errors(void) {
    for (size_t i = 0; i < GI_COUNTOF(error_cases); i++) {
        const ErrorCase *c = &error_cases[i];
        GiArena arena;
        GiParseOptions options = default_options();
        GiParseResult result;
        options.mode = (GiParseMode)c->mode;
        options.flags = (unsigned)c->flags;
        options.feature_minor = c->feature;
        gi_arena_init(&arena);
        CHECK_INT(gi_parse(&arena, c->source, strlen(c->source), &options, &result), GI_FAIL);
        const GiDiagnostic *d = &result.error;
        if (d->kind != c->kind || strcmp(d->message, c->message) != 0 || d->lineno != c->lineno ||
            d->offset != c->offset || d->end_lineno != c->end_lineno ||
            d->end_offset != c->end_offset || strcmp(d->text, c->text) != 0) {
            fprintf(stderr, "%s\nkind %d %s (%d, %d, %d, %d) %s\n", c->source, (int)d->kind,
                    d->message, d->lineno, d->offset, d->end_lineno, d->end_offset, d->text);
            exit(1);
        }
        gi_arena_free(&arena);
    }
}

static void test_texts(void) {
    for (size_t i = 0; i < GI_COUNTOF(text_cases); i++) {
        const TextCase *c = &text_cases[i];
        GiArena arena;
        GiParseOptions options = default_options();
        GiParseResult result;
        const char *text;
        size_t len;
        options.mode = GI_PARSE_EVAL;
        gi_arena_init(&arena);
        CHECK_INT(gi_parse(&arena, c->source, strlen(c->source), &options, &result), GI_OK);
        CHECK_INT(gi_unparse_expr(&arena, result.mod->Expression.body, NULL, &text, &len), GI_OK);
        CHECK_TEXT(text, len, c->text);
        gi_arena_free(&arena);
    }
}

/* Memory runs out after ever more bytes, until it suffices. */
static void test_no_memory(void) {
    for (size_t i = 0; i < GI_COUNTOF(tree_cases); i++) {
        const char *source = tree_cases[i].source;
        GiParseOptions options = default_options();
        GiParseResult result;
        GiStatus status = GI_FAIL;
        for (size_t limit = 8; status != GI_OK; limit += 4096) {
            GiArena arena;
            gi_arena_init(&arena);
            arena.limit = limit;
            status = gi_parse(&arena, source, strlen(source), &options, &result);
            CHECK(status == GI_OK || result.error.kind == GI_DIAG_MEMORY);
            gi_arena_free(&arena);
        }
    }
}

static void test_truncated(void) {
    for (size_t i = 0; i < GI_COUNTOF(tree_cases); i++) {
        const char *source = tree_cases[i].source;
        for (size_t len = strlen(source); len-- > 0;) {
            for (int mode = GI_PARSE_EXEC; mode <= GI_PARSE_EVAL; mode++) {
                GiArena arena;
                GiParseOptions options = default_options();
                GiParseResult result;
                options.mode = (GiParseMode)mode;
                gi_arena_init(&arena);
                GiStatus status = gi_parse(&arena, source, len, &options, &result);
                CHECK((status == GI_OK) == (result.error.kind == GI_DIAG_NONE));
                gi_arena_free(&arena);
            }
        }
    }
}

/* Parses `open` n times, then `middle`, then `close` n times. */
static GiDiagKind parse_nested(const char *open, const char *middle, const char *close, int n) {
    size_t open_len = strlen(open);
    size_t close_len = strlen(close);
    size_t size = (open_len + close_len) * (size_t)n + strlen(middle) + 1;
    char *source = malloc(size);
    CHECK(source != NULL);
    char *to = source;
    for (int i = 0; i < n; i++) {
        to = stpcpy(to, open);
    }
    to = stpcpy(to, middle);
    for (int i = 0; i < n; i++) {
        to = stpcpy(to, close);
    }
    GiArena arena;
    GiParseOptions options = default_options();
    GiParseResult result;
    gi_arena_init(&arena);
    (void)!gi_parse(&arena, source, (size_t)(to - source), &options, &result);
    gi_arena_free(&arena);
    free(source);
    return result.error.kind;
}

static void test_depth(void) {
    static const char *const nests[][3] = {
        {"(", "1", ")"},       {"[", "1", "]"},       {"f(", "1", ")"},      {"x[", "1", "]"},
        {"{1:", "1", "}"},     {"f(a=", "1", ")"},    {"a [b ", "c d", ""},  {"(a, ", "b c", ")"},
        {"f(x, g(", "c d", "))"}, {"{a: b, ", "c d", "}"},
    };
    static const char *const chains[] = {"-", "not ", "lambda:", "2**", "1 if 1 else ",
                                         "lambda x=", "x = ", "a ", "x, ", "a.b "};
    for (size_t i = 0; i < GI_COUNTOF(nests); i++) {
        parse_nested(nests[i][0], nests[i][1], nests[i][2], 95);
        CHECK_INT(parse_nested(nests[i][0], nests[i][1], nests[i][2], 100000), GI_DIAG_SYNTAX);
    }
    for (size_t i = 0; i < GI_COUNTOF(chains); i++) {
        parse_nested(chains[i], "1", "", 100000);
    }
    CHECK_INT(parse_nested("-", "1", "", 5000), GI_DIAG_NONE);
    CHECK_INT(parse_nested("-", "1", "", 7000), GI_DIAG_MEMORY);
}

static void test_warnings(void) {
    static const char source[] = "'\\d'; 1if 2else 3\nb'\\400' '\\z'\n";
    GiArena arena;
    GiParseOptions options = default_options();
    GiParseResult result;
    gi_arena_init(&arena);
    CHECK_INT(gi_parse(&arena, source, strlen(source), &options, &result), GI_FAIL);
    const GiParseWarning *w = result.warnings;
    CHECK(w != NULL && !w->is_syntax && w->lineno == 1);
    CHECK_TEXT(w->message, strlen(w->message), "invalid escape sequence '\\d'");
    w = w->next;
    CHECK(w != NULL && w->is_syntax && w->next->is_syntax && w->next->lineno == 1);
    CHECK_TEXT(w->message, strlen(w->message), "invalid decimal literal");
    w = w->next->next;
    CHECK(w != NULL && w->lineno == 2);
    CHECK_TEXT(w->message, strlen(w->message), "invalid octal escape sequence '\\400'");
    gi_arena_free(&arena);
}

static void test_encoding(void) {
    static const struct {
        const char *source, *encoding;
        int lineno;
        bool bad;
    } cases[] = {
        {"x = 1\n", "utf-8", 0, false},
        {"# -*- coding: latin-1 -*-\n", "iso-8859-1", 1, false},
        {"#!/bin/sh\n# vim: set fileencoding=UTF_8 :\n", "utf-8", 2, false},
        {"\n  # coding=cp1252\n", "cp1252", 2, false},
        {"x = 1\n# coding: cp1252\n", "utf-8", 0, false},
        {"\n\n# coding: cp1252\n", "utf-8", 0, false},
        {"\xef\xbb\xbf# coding: cp1252\n", "cp1252", 1, true},
        {"\xef\xbb\xbf" "x\n", "utf-8", 0, false},
        {"#\r# coding: koi8-r\r", "koi8-r", 2, false},
    };
    for (size_t i = 0; i < GI_COUNTOF(cases); i++) {
        GiSourceEncoding e;
        gi_source_encoding(cases[i].source, strlen(cases[i].source), &e);
        CHECK_TEXT(e.encoding, strlen(e.encoding), cases[i].encoding);
        CHECK_INT(e.lineno, cases[i].lineno);
        CHECK_INT(e.status == GI_SOURCE_BOM_MISMATCH, cases[i].bad);
        CHECK_INT(e.bom, cases[i].source[0] == '\xef' ? 3 : 0);
    }
}

static void test_reflection(void) {
    for (int t = GI_AST_TYPE_mod; t < GI_AST_TYPE_COUNT; t++) {
        const GiAstTypeInfo *type = &gi_ast_types[t];
        CHECK(type->name != NULL && type->ctor_count > 0);
        for (int k = 0; k < type->ctor_count; k++) {
            CHECK_INT(type->ctors[k].type, t);
            CHECK_INT(type->ctors[k].kind, type->form == GI_AST_FORM_PRODUCT ? 0 : k + 1);
        }
    }
}

int main(void) {
    test_reflection();
    test_trees();
    test_errors();
    test_texts();
    test_warnings();
    test_encoding();
    test_no_memory();
    test_truncated();
    test_depth();
    return 0;
}
