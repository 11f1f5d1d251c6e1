"""Raising, chaining, finally, groups; nothing is kept alive afterwards."""
import sys
def f(n):
    try:
        if n == 0: raise ValueError("bottom")
        f(n - 1)
    except ValueError as e:
        raise KeyError(n) from e
    finally:
        f.count += 1
f.count = 0
for _ in range(20):
    try:
        f(0)
    except KeyError as e:
        assert isinstance(e.__cause__, ValueError) and e.__traceback__.tb_next
assert f.count == 20 and sys.exc_info() == (None, None, None)
try:
    raise ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3)])
except* ValueError as g:
    assert g.exceptions[0].args == (1,)
except* (TypeError, OSError) as g:
    assert len(g.exceptions) == 2
def swallow():
    for i in range(3):
        try:
            continue
        finally:
            if i == 1: return i
assert swallow() == 1
class CM:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return t is ZeroDivisionError
for _ in range(10):
    with CM():
        1 / 0
try:
    {}["x"]
except LookupError as e:
    assert e.args == ("x",)
for make in (lambda: int("x"), lambda: [][1], lambda: None.x, lambda: 1 + "a", lambda: undefined, lambda: len(5), lambda: "a".encode("ascii") + "b"):
    try:
        make()
    except Exception as e:
        assert str(e) and repr(e)
