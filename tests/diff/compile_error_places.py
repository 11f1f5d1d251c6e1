"""Where the compiler's own errors are reported: names that cannot be bound, patterns, except*, :=
in annotations; and what barry_as_FLUFL does in the text that imports it: nothing."""
texts = r"""
__debug__: int
__debug__: int = 5
(__debug__): int
x.__debug__: int
x.__debug__: int = 3
x.__debug__ = 1
x.__debug__ += 1
del x.__debug__
del __debug__
__debug__ += 1
def f():\n    try: pass\n    except* A: return 3
def f():\n    try: pass\n    except* A: return x
def f():\n    try: pass\n    except* A: return -3
def f():\n    try: pass\n    except* A:\n        return (\n          3)
def f():\n    try: pass\n    except* A:\n        try: return\n        finally: pass
def f():\n    try: pass\n    except* A:\n        with x: return 1
def f():\n    try: pass\n    except* A:\n        try: x\n        except: return 5
for x in y:\n    try: pass\n    except* A:\n        with z: break
match x:\n    case 1 as __debug__: pass
match x:\n    case __debug__: pass
match x:\n    case [1, *__debug__]: pass
match x:\n    case [*__debug__, 1]: pass
match x:\n    case {**__debug__}: pass
match x:\n    case {1: 2, **__debug__}: pass
match x:\n    case {1: a.b, "c": 3, **__debug__}: pass
match x:\n    case (1 as a) as __debug__: pass
match x:\n    case A(1, b=2) as __debug__: pass
match x:\n    case [a, 5, a]: pass
match x:\n    case [a, 5, *a]: pass
match x:\n    case {4: a, **a}: pass
match x:\n    case [(1 as a) | [2, [b]]]: pass
from __future__ import annotations\ndef f():\n    x: [y := 1 for z in w]\n    global y
from __future__ import annotations\nclass A:\n    x: [y := 1 for z in w]
from __future__ import annotations\nx: [y := 1 for z in w]
from __future__ import annotations\ndef f(a: [y := 1 for z in w]): return y
from __future__ import barry_as_FLUFL\n1 <> 2
from __future__ import barry_as_FLUFL\n1 != 2
"""
for text in texts.strip().split("\n"):
    text = text.replace("\\n", "\n")
    try:
        compile(text, "<text>", "exec")
        print("fine:", repr(text))
    except SyntaxError as e:
        print(repr(text), e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)

flufl = 0x400000
for text in ("1 <> 2", "1 != 2"):
    try:
        print(eval(compile(text, "<text>", "eval", flags=flufl)))
    except SyntaxError as e:
        print(repr(text), e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
