"""globals()['__builtins__'] may be any object, also where code has run with a dict before."""
import builtins


class Mapping:
    def __getitem__(self, key):
        if key == "missing":
            raise KeyError(key)
        return (key, "odd")


class Sub(dict):
    def __getitem__(self, key):
        return "sub"


code = compile("x = len", "f", "exec")
space = {'__builtins__': builtins.__dict__}
for i in range(200):
    exec(code, space)
assert space['x'] is len
odd = Mapping()
space['__builtins__'] = odd
for i in range(200):
    exec(code, space)
assert space['x'] == ("len", "odd")
space['__builtins__'] = Sub()
exec(code, space)
assert space['x'] == "sub"
space['__builtins__'] = builtins
exec(code, space)
assert space['x'] is len

for bad in 5, None, "text":
    space['__builtins__'] = bad
    for source in "x = len", "class A: pass", "import sys", "def f(): return len\nf()":
        try:
            exec(source, space)
        except TypeError as e:
            assert "is not subscriptable" in str(e) or "indices must be" in str(e), e
        else:
            assert source == "x = len" and False, source

space['__builtins__'] = odd
try:
    exec("missing", space)
except NameError as e:
    assert str(e) == "name 'missing' is not defined"
exec("def f(): return list\ndef g(): return eval", space)
assert space['f']() == ("list", "odd") and space['f'].__builtins__ is odd
import sys
space['frame'] = sys._getframe
exec("shown = frame().f_builtins", space)
assert space['shown'] is odd
space.update(evaluate=eval)
exec("inner = {}\nevaluate('1', inner)", space)
assert space['inner']['__builtins__'] is odd
