# Errors that are found after parsing: message and place of each.
cases = r'''
return
---
def f():
  x=1
  global x
---
def f():
  print(x)
  global x
---
def f(x):
  global x
---
def f():
  x: int
  global x
---
def f():
  global x
  x: int = 1
---
def f(a, a): pass
---
def f(a, *, a): pass
---
lambda a, a: 1
---
def f():
  nonlocal x
---
nonlocal x
---
def f():
  nonlocal x
  global x
---
def f(x):
  nonlocal x
---
def f():
  x = 1
  def g():
    print(x)
    nonlocal x
---
class C:
  def f(self):
    from os import *
---
def f():
  import *
---
break
---
continue
---
if 1:
  break
---
def f():
  for i in x:
    def g(): break
---
for i in x:
  class A:
    continue
---
yield 1
---
x = yield
---
class A:
  yield 1
---
await x
---
def f():
  await x
---
lambda: await x
---
def f():
  async for i in x: pass
---
def f():
  async with x: pass
---
async for i in x: pass
---
[x async for x in y]
---
def f(): [x async for x in y]
---
def f(): return [await x for x in y]
---
async def f():
  yield 1
  return 2
---
async def f():
  yield from x
---
[(yield x) for x in y]
---
{(yield x) for x in y}
---
{(yield x): 1 for x in y}
---
((yield x) for x in y)
---
[(yield from x) for x in y]
---
try: pass
except: pass
except ValueError: pass
---
try: pass
except* ValueError:
  return
---
def f():
  try: pass
  except* ValueError:
    return
---
while 1:
  try: pass
  except* ValueError:
    break
---
while 1:
  try: pass
  except* ValueError:
    continue
---
*a = x
---
*a, *b = x
---
[*a, *b] = x
---
*a
---
x = *a
---
print(*a, *b)
---
a = (*b)
---
f(a=1, a=2)
---
f(__debug__=1)
---
__debug__ = 1
---
del __debug__
---
x.__debug__ = 1
---
def __debug__(): pass
---
def f(__debug__): pass
---
class __debug__: pass
---
import __debug__
---
import a as __debug__
---
for __debug__ in x: pass
---
with x as __debug__: pass
---
(__debug__ := 1)
---
try: pass
except ValueError as __debug__: pass
---
__debug__ += 1
---
from __future__ import nope
---
from __future__ import braces
---
x = 1
from __future__ import division
---
"doc"
"two"
from __future__ import division
---
def f():
  from __future__ import division
---
[(x := 1) for x in y]
---
[x for x in (y := 1)]
---
[x for y in z for x in (w := 1)]
---
class A:
  [(x := 1) for y in z]
---
[[(a := 1) for b in c] for a in d]
---
[i for i in range(5) if (j := 0) for k[j + 1] in range(5)]
---
[i for i in range(5) if (j := 0) for j in range(5)]
---
match x:
  case a: pass
  case b: pass
---
match x:
  case _: pass
  case b: pass
---
match x:
  case a | b: pass
---
match x:
  case 1 | a: pass
---
match x:
  case [a] | [b]: pass
---
match x:
  case [a, a]: pass
---
match x:
  case [*a, *b]: pass
---
match x:
  case {1: a, 1: b}: pass
---
match x:
  case {"k": a, "k": b}: pass
---
match x:
  case A(b=1, b=2): pass
---
match x:
  case [a, b] | [c]: pass
---
match x:
  case __debug__: pass
---
match x:
  case (1 as a) | (2 as b): pass
---
match x:
  case [a, 1 | a]: pass
---
def f():
  x: (yield)
---
from __future__ import annotations
def f(x: (yield)): pass
---
from __future__ import annotations
x: (a := 1)
---
from __future__ import annotations
async def f():
  x: await y = 1
---
def f(): 
  def g():
    global y
    nonlocal y
---
def f():
  y = 1
  class A:
    nonlocal y
    y: int = 1
---
class A:
  def f(self):
    nonlocal __class__
    __class__ = 1
---
if 0:
  return
---
if 0:
  yield
---
while 0:
  continue
---
def f():
  if 0: break
---
a, b += 1
---
(a, b): int = 1
---
x: int, y = 1
---
print(f"{*a}")
---
def f(*, __x): pass
---
def f():
   def g():
     nonlocal zz
   zz = 1
   del zz
---
with a as *b: pass
---
for *a in b: pass
---
for *a, in b: pass
---
del *a
---
del (a, *b)
---
x[*a] = 1
---
x[*a:1]
---
return *a
---
def f(): return *a, b
---
def f():
  return
yield
---
async def f():
  def g(): await x
---
async def f(): [y for x in z if await x]
---
async def f(): (await y for x in z)
---
def f(): (await y for x in z)
---
def f(): (y async for y in z)
---
def f(): {await y: 1 for x in z}
---
f(**a, *b)
---
f(a for a in b, c)
---
global x
x = 1
---
x = 1
global x
---
def f():
   import x
   global x
---
def f():
   class x: pass
   global x
---
def f():
   global x, x
   x = 1
   global x
---
def f():
   for x in y: pass
   nonlocal x
'''.split("---\n")
for src in cases:
    src = src.strip("\n") + "\n"
    try:
        compile(src, "<case>", "exec")
    except SyntaxError as e:
        print(repr(src), type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text, len(e.args))
    except Exception as e:
        print(repr(src), "OTHER", repr(e))
    else:
        print(repr(src), "ok")
