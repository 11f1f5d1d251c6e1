"""from __future__ imports that come too late; type comments behind async def in old versions."""
import ast
def t(s):
    try: compile(s,'f','exec'); print('ok')
    except SyntaxError as e: print(e.msg, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset)
t('from __future__ import annotations; import os; from __future__ import division')
t('import os; from __future__ import division')
t('x=1\nfrom __future__ import division')
t('"d"\n"e"\nfrom __future__ import division')
t('"d"; from __future__ import division; x=1')
t('if 1:\n from __future__ import division')
t('def f():\n from __future__ import division')
t('from __future__ import annotations\nimport x\nfrom __future__ import division')
t('from __future__ import (annotations, nope)')
t('from __future__ import braces')
t('from __future__ import *')
def p(s, v):
    try: print(v, ast.dump(ast.parse(s, type_comments=True, feature_version=(3,v)))[:300])
    except SyntaxError as e: print(v, e.msg, e.lineno, e.offset)
for s in ['async def foo():\n    # type: () -> int\n    return await bar()\n', 'async def foo():\n    return await bar()\nawait = 1\n','async def foo():\n  def g():\n    await = 1\n  async for x in y: pass\n','async def f(): return await x\nasync = 2\n', 'async def foo(): # type: () -> int\n    return await bar()\nasync = await\n','async def foo():\n\n    # c\n    x = await bar()\n\n    # d\n\nawait = 5\n']:
    for v in (4,5,6,7): p(s,v)
