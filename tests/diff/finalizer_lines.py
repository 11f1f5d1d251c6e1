"""A finalizer that runs when a variable gets another value sees the line that does it, whatever kind
of instruction that is; a returned variable is still seen by who looks at the frame."""
import sys


class D:
    def __del__(self): print(sys._getframe(1).f_lineno)
def t():
    x = D()
    y = 1
    x = y
    x = D()
    y = 2
    x = "abc"
    x = D()
    y = 3
    for x in range(1): pass
    x = D()
    y = 3
    for x in [1]: pass
    x = D(); z=(1,2)
    y = 4
    x, y = z
    x = D()
    y = 4
    x = not y
    x = D()
    y = 4
    x = y + 1
    x = D()
    y = 4
    x = y < 1
    x = D()
    y = 4
    x = [y]
    x = D()
    y = 4
    x = D
    x = D()
    y = 4
    x = f
    x = D()
    y = 4
    x = y if y else 3
    x = D()
    y = 4
    x = z[0]
    x = D(); o=D
    y = 4
    x = o.__del__
    x = D()
    y = 4
    x = (y, y)
    x = D()
    y = 4
    x = lambda: 1
    x = D()
    y = 4
    x = -y
    x = D()
    y = 4
    import sys as x


def cell():
    def inner():
        nonlocal k
        a = 1
        del k
    k = D()
    inner()


def tracer(frame, event, arg):
    if event == 'return':
        print(frame.f_code.co_name, sorted(frame.f_locals.items()))
    return tracer


def returns(a):
    b = a + 1
    return b


def yields():
    x = 5
    yield x
    return x


def own_frame():
    frame = sys._getframe()
    return frame


f = 1
t()
cell()
sys.settrace(tracer)
returns(1)
list(yields())
sys.settrace(None)
sys.setprofile(tracer)
returns(1)
list(yields())
sys.setprofile(None)
print(sorted(own_frame().f_locals))
