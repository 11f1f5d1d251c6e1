"""Large expressions, features of __future__, warnings of the compiler."""


import __future__

print(__future__.all_feature_names, __future__.annotations.compiler_flag, compile("x: y = 1", "f", "exec", __future__.annotations.compiler_flag).co_flags & __future__.annotations.compiler_flag != 0)
big = "x = " + " + ".join(["1"] * 80)
exec(big)
print(eval("+".join(["1"] * 70)), eval("[" + ",".join(["1"] * 5000) + "]").__len__(), len(eval("{" + ",".join(f"{i}: {i}" for i in range(3000)) + "}")))
for s in ("x = '\\d'", "x is 1", "x == ()", "assert (x, 1)", "1 is 1", "'a' 'b'[0](c)", "[1](2)", "(1)(2)", "f'{1}'()", "1if 2else 3", "0xfor x in y", "[1, 2] [3, 'a']"):
    import warnings

    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            compile(s, "<w>", "exec")
        except SyntaxError as e:
            print(s, e)
        print(s, [(x.category.__name__, str(x.message), x.lineno) for x in w])
