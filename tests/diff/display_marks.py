# stderr: yes
"""Marks under source lines: operators, subscripts, calls over several lines, characters of any width."""
import sys


def show(f, *a):
    try:
        f(*a)
    except BaseException as e:
        sys.excepthook(type(e), e, e.__traceback__)


def paren(): return (1) + ('a')
def double(): return 1 // 0
def spaced(): return 1   //   0
def nested(): return (1 + 2) * (3 / 0)
def multi():
    return (1 +
            2 + 'a' +
            3)
def multi2():
    return max(
        1,
        'a',
    )
def multi3():
    return [1,
            2][
        5]
def sub(): return {'a': 1}['b']
def sub2(): return {'a': {'b': {}}}['a']['b']['c']
def sub3(): return [1, 2][ 5 ]
def sub4(): x = [1]; x[3] = 5
def sub5(): x = {}; del x['ä']; 
def sub6(): x = [[]]; x[0][1:2][7]
def attr(): return (5).foo.bar
def unary(): return -'a'
def call(): return len(5)
def compare(): return 1 < 'a'
def aug(): x = 1; x += 'a'; return x
def wide(): return "ääää漢字😀" + 1
def wide2(): ä漢 = 1; return ä漢 / 0
def wide3(): return {"ä": 1}["漢"]
def whole():
    raise ValueError
def whole2():
    1 / 0
def whole3():
    undefined
def tabs():
	return	1 /	0
def comment(): return 1 / 0  # after
def trailing(): return 1 / 0   
def cont(): return 1 / \
    0
def matmul(): return 1 @ 2
def shift(): return 1 << -1
def power(): return 0 ** -1
def orr(): return 1 | 'a'
def star(): return f(*5)
def comp(): return [1 / x for x in [0]]
def gen(): return list(1 / x for x in [0])
def lam(): return (lambda: 1 / 0)()
def fstr(): return f"{1 / 0}"
def fstr2(): return f"a{'b'!r:{5}}{undefined}"
def tern(): return 1 if undefined else 2
def assertion(): assert 1 == 2, "no"
def imp(): import nothing.at.all
def imp2(): from os import nothing
def deco():
    @undefined
    def f(): pass
def cls():
    class A(5): pass
def with_():
    with 5 as x: pass
def for_():
    for a, b in [1]: pass
def unpack(): a, b = 1, 2, 3
def ret(): return (yield_ / 0 for yield_ in [1]).send(1)
def kw(): return call(x=1)
def kw2(): return dict(**5)
def match_():
    match 5:
        case str(x, y, z, w): pass
        case 5 if undefined: pass
def string(): return 'a' 'b' + 5
def semi(): a = 1; b = 2; a / 0; c = 3
def long_chain(): return [].append(1).foo().bar
def chained_sub(): return (1 + 1)[0]
def walrus(): return (a := 1 / 0)
def slices(): return 'abc'[1:'a']
def parens(): return ((1) / (0))
def negative(): return 5 % 0
def deep(): return {1: [2, (3, 4 / 0)]}
def multi_sub():
    return {}['a' +
              'b']
def mult_call():
    return foo(1,
        2) + bar(
        3)
def print_(): print(1, 2, file=5)


for name, f in list(globals().items()):
    if callable(f) and getattr(f, "__module__", None) == "__main__" and name != "show":
        show(f)
exec(compile("\n\nx = (1 +\n  'a')\n", "nofile.py", "exec")) if 0 else show(exec, compile("\n\nx = (1 +\n  'a')\n", "nofile.py", "exec"))
show(exec, compile("1/0", __file__, "exec"))
show(exec, compile("1/0", "<string>", "exec"))
show(exec, compile("\n" * 5000 + "1/0", __file__, "exec"))
