import sys
def traced(n):
    for i in range(n):
        x = i
    return x
def cells(a):
    def g(): return a
    try:
        if a: pass
        else: 1
        with_ = 1
    finally:
        y = 2
    while a:
        a -= 1
        if a == 1: continue
        z = 3
    return g()
def gen():
    yield 1
    yield 2
def exc():
    try:
        1/0
    except ZeroDivisionError as e:
        q = 1
    if 0: w = 1
    for i in []: pass
ev=[]
def tr(f, e, a):
    ev.append((f.f_code.co_name, e, f.f_lineno - f.f_code.co_firstlineno))
    return tr
sys.settrace(tr)
traced(2); cells(3); list(gen()); exc()
class K:
    a = 1
    def m(self): pass
sys.settrace(None)
for x in ev: print(x)
