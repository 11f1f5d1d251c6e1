"""Formatting of numbers and objects."""
class F:
    def __format__(self, s): return f"<{s}>"
for v in (0, -5, 123456789, 10 ** 30, 1.5, -0.0, 1e100, float("inf")):
    for spec in ("", ">20", "<20", "^20", "+", "020", ",", "e", ".3f", "g", "%"):
        t = format(v, spec)
        assert t == f"{v:{spec}}" == "{:{}}".format(v, spec)
assert f"{F():abc}" == "<abc>" and f"{5!r:>3}" == "  5" and f"{'a'=}" == "'a'='a'"
assert "{0.real} {a[0]}".format(5, a=[1]) == "5 1" and "%(x)s" % {"x": 1} == "1"
for bad in (lambda: format(1, "zz"), lambda: "{".format(), lambda: "%d" % "x", lambda: f"{1:{'!'}}"):
    try:
        bad()
    except (ValueError, TypeError):
        pass
    else:
        raise AssertionError
