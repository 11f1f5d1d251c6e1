"""compile, exec, eval, many times."""
for i in range(20):
    ns = {"i": i}
    exec("class A:\n    def f(self): return [x + i for x in range(3)]\nr = A().f()", ns)
    assert ns["r"] == [i, i + 1, i + 2] and eval("r[0] + 1", ns) == i + 1
    code = compile("y = (lambda a, b=2: a * b)(i)", "<t>", "exec")
    exec(code, ns)
    assert ns["y"] == i * 2
    for bad in ("x = (", "def f(:", "1 = 2", "'abc", "if x:\n y\n  z", "f'{'"):
        try:
            compile(bad, "<t>", "exec")
        except SyntaxError as e:
            assert e.msg
        else:
            raise AssertionError(bad)
